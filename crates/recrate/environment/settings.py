"""What the edge tells this room: where to keep things, what is allowed, which indexes to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSettings:
    """The choices of the person, read at the edge.

    cache:     folder for restored environments and downloads; safe to delete
    index:     arguments handed to uv as they are (`--default-index URL`, `--find-links FOLDER`);
               empty: what uv itself is configured to use
    variables: the process environment, for the programs we start and to find interpreters
    today:     ISO date, used when neither the person nor the study says a date
    python_downloads: uv may fetch an interpreter that the machine lacks
    add_missing: a replay adds packages that a notebook missed, where the kept tables know them
    candidates: environments that a replay tries, the crate's lock among them; 1: that alone
    candidates_seconds: for all of them but the lock
    build: source distributions are built; otherwise what has no wheel is left out and named
    unsandboxed: source distributions may be built without walls
    """

    cache: Path
    today: str
    variables: Mapping[str, str] = field(default_factory=dict)
    index: tuple[str, ...] = ()
    python_downloads: bool = True
    add_missing: bool = True
    candidates: int = 4
    candidates_seconds: float = 1800.0
    build: bool = True
    unsandboxed: bool = False
    timeout_seconds: float = 1800.0
    base_image: str = "python:{python}-slim"
    """Image of the Dockerfile; `{python}` is the minor version, `3.11`."""
