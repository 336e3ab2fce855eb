"""What stock repo2docker makes of a crate: which of its files it builds from, and what it can run.

Source: repo2docker 2026.4, its build packs and `binder_path`; supported interpreters by the
releases that brought them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recrate.crate.names import BINDER_MARK
from recrate.model.crate import Crate

FOLDERS = ("binder", ".binder")
POST_BUILD = "postBuild"
BUILT_FROM = (
    "Dockerfile", "Project.toml", "JuliaProject.toml", "REQUIRE", "default.nix", "environment.yml",
    "environment.yaml", "Pipfile.lock", "Pipfile", "requirements.txt", "setup.py",
    "pyproject.toml", "install.R", "DESCRIPTION", "runtime.txt",
)  # fmt: skip
"""Files that choose a build pack, the strongest first as far as that is fixed."""
_WITH_R = frozenset({"install.R", "DESCRIPTION"})
_WITH_JULIA = frozenset({"Project.toml", "JuliaProject.toml", "REQUIRE"})
_ANYTHING = frozenset({"Dockerfile", "default.nix", "environment.yml", "environment.yaml"})
"""May bring kernels for any language."""
OLDEST_PYTHON = (3, 5)
NEWEST_PYTHON = (
    ((2025, 12), (3, 14)),
    ((2024, 7), (3, 12)),
    ((2023, 6), (3, 11)),
    ((0, 0), (3, 10)),
)
"""From which release of repo2docker on, which is the newest Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What repo2docker builds from.

    folder: `binder`, `.binder`, or empty for the root
    files:  those of BUILT_FROM that are there, strongest first
    ours:   written by recrate from the lock
    both:   `binder` and `.binder` are there, which repo2docker refuses
    """

    folder: str
    files: tuple[str, ...]
    ours: bool
    both: bool
    post_build: bool


def configuration_of(paths: Iterable[str]) -> Configuration:
    """Return what repo2docker builds a crate from; `paths` are those of its files."""
    present = set(paths)
    folders = [one for one in FOLDERS if any(path.startswith(f"{one}/") for path in present)]
    folder = folders[0] if folders else ""
    prefix = f"{folder}/" if folder else ""
    return Configuration(
        folder=folder,
        files=tuple(one for one in BUILT_FROM if prefix + one in present),
        ours=BINDER_MARK in present,
        both=len(folders) > 1,
        post_build=prefix + POST_BUILD in present,
    )


def languages_built(found: Configuration) -> frozenset[str] | None:
    """Return the languages whose kernels the image will have, None where it may have any."""
    files = set(found.files)
    if files & _ANYTHING:
        return None
    languages = {"python"}
    if files & _WITH_R:
        languages.add("r")
    if files & _WITH_JULIA:
        languages.add("julia")
    return frozenset(languages)


def languages_of(crate: Crate) -> tuple[str, ...]:
    """Return the languages of a crate's notebooks in small letters, as its metadata say them."""
    entities = [one for one in _listed(crate.metadata.get("@graph")) if isinstance(one, dict)]
    names = {str(one.get("@id")): str(one.get("name", "")).lower() for one in entities}
    found: dict[str, None] = {}
    for one in entities:
        if "ComputationalWorkflow" in _listed(one.get("@type")):
            for said in _listed(one.get("programmingLanguage")):
                name = names.get(str(said.get("@id")), "") if isinstance(said, dict) else str(said)
                found[name.lower()] = None
    return tuple(one for one in found if one and one != "unknown")


def newest_python(release: tuple[int, int] | None) -> tuple[int, int]:
    """Return the newest Python of a release of repo2docker; of the current one where unknown."""
    asked = release or NEWEST_PYTHON[0][0]
    return next(python for since, python in NEWEST_PYTHON if asked >= since)


def release_in(builder: str) -> tuple[int, int] | None:
    """Return the release that a builder image's name tells, None where it tells none."""
    found = re.search(r"repo2docker[^:]*:v?(\d{4})\.(\d{1,2})\b", builder)
    return (int(found[1]), int(found[2])) if found else None


def minor_of(python: str) -> tuple[int, int] | None:
    """Return (3, 11) of `3.11.7`, None for what is no version."""
    found = re.match(r"(\d+)\.(\d+)", python)
    return (int(found[1]), int(found[2])) if found else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
