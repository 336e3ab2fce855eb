"""Decide what a crate will hold, before a byte is written."""

from recrate.crate.binder_files import binder_files
from recrate.crate.names import (
    BINDER_FILES,
    BINDER_MARK,
    CARD,
    DOCKERFILE,
    LOCK,
    NOT_PAYLOAD,
    OURS,
    PYLOCK,
    RENV,
    REQUIREMENTS,
)
from recrate.model.crate import ENVIRONMENT_FOLDER, Plan, Verified
from recrate.model.environment import Lock
from recrate.model.errors import BadInput
from recrate.model.study import Description, Inventory
from recrate.model.wire import to_json


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
    superseded = _superseded(paths) if lock is not None else _in_the_way(paths)
    if lock is not None:
        own = paths - referred - superseded
        generated |= binder_files(lock, own, description.references, created=created)
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
        RENV: lock.renv,
    }
    return {path: text.encode() for path, text in texts.items() if text}


def _superseded(paths: set[str]) -> set[str]:
    """Return what an earlier packing generated: its lock, or its mark in `binder/`, tells."""
    environment = set(OURS) if LOCK in paths else set()
    binder = set(BINDER_FILES) if BINDER_MARK in paths else set()
    return paths & (environment | binder)


def _in_the_way(paths: set[str]) -> set[str]:
    """Return what an earlier packing generated and repo2docker would refuse beside `.binder/`."""
    both = BINDER_MARK in paths and any(path.startswith(".binder/") for path in paths)
    return paths & set(BINDER_FILES) if both else set()


def _refuse_clash(clashing: list[str]) -> None:
    if clashing:
        raise BadInput(
            f"the study has a file of its own where the crate's environment goes: {clashing[0]}",
            where=clashing[0],
            hint=f"rename the folder {ENVIRONMENT_FOLDER}, or pack with --no-lock",
        )
