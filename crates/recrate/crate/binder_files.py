"""`binder/`: what stock repo2docker and Binder build from, where a study does not say so itself."""

import re

from recrate.crate.binder_data import post_build
from recrate.crate.names import BINDER_MARK
from recrate.model.environment import Lock, plain_requirements
from recrate.model.study import DataReference

_FOLDERS = ("binder/", ".binder/")
_ROOT_FILES = frozenset(
    {
        "Dockerfile", "environment.yml", "environment.yaml", "Pipfile", "Pipfile.lock",
        "requirements.txt", "setup.py", "pyproject.toml", "Project.toml", "JuliaProject.toml",
        "REQUIRE", "install.R", "DESCRIPTION", "apt.txt", "postBuild", "start", "runtime.txt",
        "default.nix",
    }
)  # fmt: skip
"""Files in a study's root that repo2docker builds from.

Source: https://repo2docker.readthedocs.io/en/latest/configuration/
"""
_SAID_BY_LOCK = {
    "python": frozenset({"requirements.txt", "apt.txt"}),
    "R": frozenset({"install.R", "apt.txt"}),
}
"""Files that choose no Python or R. Where there are only these, repo2docker takes a Python of its
own choice, for which a lock may have no packages, or no R at all; the lock holds what they say.

Source: https://repo2docker.readthedocs.io/en/latest/howto/languages.html
"""
_FIRST_SNAPSHOT = "2018-12-07"
"""Of R's packages: repo2docker refuses earlier dates."""
_R_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.]{1,100}")
_MARK_TEXT = (
    "The files beside this one were written by recrate from recrate-environment/lock.json so that\n"
    "repo2docker and Binder can build this study. To configure Binder yourself, change them and\n"
    "remove this file: then they are yours and are never touched again.\n"
)


def binder_files(
    lock: Lock, paths: set[str], references: tuple[DataReference, ...], *, created: str
) -> dict[str, bytes]:
    """Return path → content of the files in `binder/`; no Dockerfile, it would win over the rest.

    paths:   of the study's own files; nothing is generated where these configure Binder
    created: ISO date; packages of R are those of that day
    """
    if _is_configured(paths, lock):
        return {}
    apt = "".join(f"{name}\n" for name in lock.system_packages)
    texts = {
        "binder/apt.txt": apt,
        BINDER_MARK: _MARK_TEXT,
        "binder/postBuild": post_build(references),
    }
    if lock.language == "python" and lock.python:
        minor = ".".join(lock.python.split(".")[:2])
        texts["binder/requirements.txt"] = plain_requirements(lock.requirements)
        texts["binder/runtime.txt"] = f"python-{minor}\n"
    elif lock.language == "R":
        texts["binder/runtime.txt"] = f"r-{max(created[:10], _FIRST_SNAPSHOT)}\n"
        texts["binder/install.R"] = _install_r(lock)
    else:
        return {}
    return {path: text.encode() for path, text in texts.items() if text}


def _is_configured(paths: set[str], lock: Lock) -> bool:
    """Say whether the study configures Binder itself, or asks for what the lock could not take."""
    own = paths & _ROOT_FILES
    said = _SAID_BY_LOCK.get(lock.language, frozenset())
    beyond = {one.declared_in for one in lock.unrestored} & own
    return any(path.startswith(_FOLDERS) for path in paths) or bool(own - said) or bool(beyond)


def _install_r(lock: Lock) -> str:
    """Return a script that installs the study's packages of R; names that are none are left out."""
    asked = {one.name for one in lock.packages} | {one.name for one in lock.unrestored}
    names = sorted(name for name in asked if _R_NAME.fullmatch(name))
    listed = ", ".join(f'"{name}"' for name in names)
    return f"install.packages(c({listed}))\n" if names else ""
