"""Decide what a crate will hold, before a byte is written."""

from recrate.crate.binder_data import post_build
from recrate.crate.names import (
    BINDER_FILES,
    BINDER_MARK,
    CARD,
    DOCKERFILE,
    LOCK,
    NOT_PAYLOAD,
    OURS,
    PYLOCK,
    REQUIREMENTS,
)
from recrate.model.crate import ENVIRONMENT_FOLDER, Plan, Verified
from recrate.model.environment import Lock, plain_requirements
from recrate.model.errors import BadInput
from recrate.model.study import DataReference, Description, Inventory
from recrate.model.wire import to_json

_BINDER_FOLDERS = ("binder/", ".binder/")
_BINDER_ROOT_FILES = frozenset(
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
_MARK_TEXT = (
    "The files beside this one were written by recrate from recrate-environment/lock.json so that\n"
    "repo2docker and Binder can build this study. To configure Binder yourself, change them and\n"
    "remove this file: then they are yours and are never touched again.\n"
)


def make_plan(
    inventory: Inventory,
    description: Description,
    lock: Lock | None,
    *,
    created: str,
    agent: str,
    verified: Verified | None = None,
) -> Plan:
    """Return what a crate of this study will hold.

    created: ISO date that the crate carries; agent: name and version of what packs it
    verified: the replay of this same payload, where there was one
    The study's files are copied as they are. What an earlier packing generated gives way to the
    new lock; a study's own file in one of our places raises BadInput, for it is never overwritten.
    """
    paths = {file.path for file in inventory.files}
    referred = {reference.path for reference in description.references}
    generated = _environment_files(lock) if lock is not None else {}
    superseded = _superseded(paths) if lock is not None else set()
    if lock is not None and not _has_binder(paths - referred - superseded):
        generated |= _binder_files(lock, description.references)
    _refuse_clash(sorted((paths & set(generated)) - superseded))
    copied = paths - referred - superseded - set(NOT_PAYLOAD)
    return Plan(
        inventory=inventory,
        description=description,
        lock=lock,
        copied=tuple(sorted(copied, key=str.encode)),
        generated=tuple(sorted(generated.items())),
        references=description.references,
        created=created,
        agent=agent,
        verified=verified,
    )


def _environment_files(lock: Lock) -> dict[str, bytes]:
    texts = {
        PYLOCK: lock.pylock,
        REQUIREMENTS: lock.requirements,
        DOCKERFILE: lock.dockerfile,
        CARD: to_json(lock.card),
        LOCK: to_json(lock),
    }
    return {path: text.encode() for path, text in texts.items() if text}


def _binder_files(lock: Lock, references: tuple[DataReference, ...]) -> dict[str, bytes]:
    """Return what stock repo2docker builds from; no Dockerfile, it would win over the rest."""
    if lock.language != "python" or not lock.python:
        return {}
    minor = ".".join(lock.python.split(".")[:2])
    apt = "".join(f"{name}\n" for name in lock.system_packages)
    plain = plain_requirements(lock.requirements)
    texts = (plain, f"python-{minor}\n", apt, _MARK_TEXT, post_build(references))
    return {path: text.encode() for path, text in zip(BINDER_FILES, texts, strict=True) if text}


def _has_binder(paths: set[str]) -> bool:
    """Say whether the study configures Binder itself."""
    return any(path.startswith(_BINDER_FOLDERS) or path in _BINDER_ROOT_FILES for path in paths)


def _superseded(paths: set[str]) -> set[str]:
    """Return what an earlier packing generated: its lock, or its mark in `binder/`, tells."""
    environment = set(OURS) if LOCK in paths else set()
    binder = set(BINDER_FILES) if BINDER_MARK in paths else set()
    return paths & (environment | binder)


def _refuse_clash(clashing: list[str]) -> None:
    if clashing:
        raise BadInput(
            f"the study has a file of its own where the crate's environment goes: {clashing[0]}",
            where=clashing[0],
            hint=f"rename the folder {ENVIRONMENT_FOLDER}, or pack with --no-lock",
        )
