"""What the operator decides about jobs, and the configuration that workers are handed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config import Config, Configurable

from recrate.traits import (
    Compare,
    Environments,
    Locate,
    Lookups,
    Publish,
    Recrate,
    Replay,
    Runners,
    Scan,
    Signing,
    Web,
)

UNTOLD = {"Publish": ("tokens",)}
"""What is never written into an errand: a worker gets tokens in its environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """The desk's part of the configuration.

    folder:        holds `jobs.sqlite` and `jobs/`
    at_once:       packs, verifications, replays and campaigns that run side by side
    light_at_once: the same of scans, checks and judgings, for which somebody waits
    per_user:      jobs of one person that wait or run
    workers:       traitlets configuration by class name, for the workers
    unsandboxed:   crates may run without walls here
    end_workers:   closing the desk ends what runs, instead of leaving it to the next one
    patience_seconds: how long a job that is cancelled has to save what it saw
    """

    folder: Path
    at_once: int = 2
    light_at_once: int = 2
    per_user: int = 20
    workers: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsandboxed: bool = False
    end_workers: bool = False
    patience_seconds: float = 5.0


def worker_configuration(config: Config) -> dict[str, dict[str, Any]]:
    """Return the core's part of a traitlets configuration as plain values, for `workers`.

    Raises TraitError for a value that is not one of its trait.
    """
    rooms: tuple[type[Configurable], ...] = (
        Recrate, Scan, Environments, Replay, Compare, Web, Publish, Locate, Lookups, Signing,
        Runners,
    )  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for room in rooms:
        if room.__name__ in config:
            configured = room(config=config)
            found[room.__name__] = {
                name: getattr(configured, name)
                for name in config[room.__name__]
                if configured.has_trait(name) and name not in UNTOLD.get(room.__name__, ())
            }
    return found
