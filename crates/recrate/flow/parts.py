"""Plug-ins: found once by their entry points, and handed to the rooms."""

import functools
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from recrate.launch.target import TargetMaker
from recrate.model.errors import BadInput, OutsideFailed
from recrate.publish.depositor import Maker
from recrate.runners.runner import RunnerMaker

DEPOSITORS = "recrate.depositors"
TARGETS = "recrate.targets"
RUNNERS = "recrate.runners"


@functools.cache
def _found(group: str) -> Mapping[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=group)}


def depositor_kinds() -> tuple[str, ...]:
    """Return the kinds of depositors that are installed, sorted."""
    return tuple(sorted(_found(DEPOSITORS)))


def depositor_of(kind: str) -> Maker:
    """Return the depositor of a kind.

    Raises BadInput where none is installed, OutsideFailed where a plug-in cannot be loaded.
    """
    maker: Maker = _loaded(DEPOSITORS, "depositor", kind)
    return maker


def target_kinds() -> tuple[str, ...]:
    """Return the kinds of places to launch that are installed, sorted."""
    return tuple(sorted(_found(TARGETS)))


def target_of(kind: str) -> TargetMaker:
    """Return the target of a kind.

    Raises BadInput where none is installed, OutsideFailed where a plug-in cannot be loaded.
    """
    maker: TargetMaker = _loaded(TARGETS, "place to launch", kind)
    return maker


def runner_kinds() -> tuple[str, ...]:
    """Return the kinds of runners that are installed, sorted."""
    return tuple(sorted(_found(RUNNERS)))


def runner_of(kind: str) -> RunnerMaker:
    """Return the runner of a kind.

    Raises BadInput where none is installed, OutsideFailed where a plug-in cannot be loaded.
    """
    maker: RunnerMaker = _loaded(RUNNERS, "runner", kind)
    return maker


def _loaded(group: str, what: str, kind: str) -> Any:
    found = _found(group).get(kind)
    if found is None:
        known = ", ".join(sorted(_found(group)))
        raise BadInput(f"no {what} of kind {kind!r}", hint=f"there are: {known}")
    try:
        return found.load()
    except Exception as error:
        raise OutsideFailed(
            f"the {what} {kind} cannot be loaded: {type(error).__name__}: {str(error)[:200]}",
            where=found.value,
            hint="mend or remove the package that brings it",
        ) from error
