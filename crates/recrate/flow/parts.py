"""Plug-ins: found once by their entry points, and handed to the rooms."""

import functools
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from recrate.model.errors import BadInput, OutsideFailed
from recrate.publish.depositor import Maker

DEPOSITORS = "recrate.depositors"


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
    found = _found(DEPOSITORS).get(kind)
    if found is None:
        known = ", ".join(depositor_kinds())
        raise BadInput(f"no depositor of kind {kind!r}", hint=f"there are: {known}")
    try:
        maker: Maker = found.load()
    except Exception as error:
        raise OutsideFailed(
            f"the depositor {kind} cannot be loaded: {type(error).__name__}: {str(error)[:200]}",
            where=found.value,
            hint="mend or remove the package that brings it",
        ) from error
    return maker
