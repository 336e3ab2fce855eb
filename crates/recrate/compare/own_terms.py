"""On which terms a cell is compared: the policy's, its places', the notebook's, the cell's own.

The cell wins over the notebook, the notebook over the policy.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from recrate.compare.hostile import identifier, own_settings, source_of, tags_of
from recrate.compare.outcome import Terms
from recrate.model.asked import Asked, asked_of_cell, asked_of_notebook
from recrate.model.policy import PlaceTolerance, Policy, Tolerance
from recrate.model.study import EXPENSIVE, Notebook

BY_AUTHOR = ("tolerance of the cell: ", "tolerance of the notebook: ")
"""How rules begin that tell of tolerances which the author asked for."""
_BY_POLICY = "tolerance of the policy for "
_AUTHOR_SKIPS = "the author marked this cell as not to be compared"
_NOTEBOOK_SKIPS = "the author marked this notebook as not to be compared"
_AUTHOR_KEEPS = "not verified: the author declared this cell as too expensive to run again"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTerms:
    """The terms of one cell.

    plain: without what is special to this place; rule: tells that, empty where nothing is
    aside: why the author asked that it be left out of the comparison, empty where it is in it
    """

    terms: Terms
    plain: Terms
    rule: str = ""
    aside: str = ""


def own_terms(path: str, notebook: Notebook, index: int, cell: object, policy: Policy) -> OwnTerms:
    """Return the terms on which the outputs of one cell are compared."""
    whole, own = asked_of_notebook(notebook), asked_of_cell(cell)
    plain = Terms(
        tolerance=policy.tolerance,
        image_fraction=policy.image_fraction,
        source=source_of(cell),
    )
    aside = _set_aside(cell, policy, whole, own)
    place = _place(path, index, cell, policy)
    tolerance = place.tolerance if place is not None else policy.tolerance
    whose = f"{_BY_POLICY}{_named(place)}: " if place is not None else ""
    if policy.own_tolerances:
        for asked, told in ((whole, BY_AUTHOR[1]), (own, BY_AUTHOR[0])):
            if asked.relative is not None or asked.absolute is not None:
                tolerance, whose = _laid_over(tolerance, asked), told
    if tolerance == plain.tolerance:
        return OwnTerms(terms=plain, plain=plain, aside=aside)
    rule = f"{whose}{tolerance.absolute:g} + {tolerance.relative:g} × |recorded|"
    return OwnTerms(terms=replace(plain, tolerance=tolerance), plain=plain, rule=rule, aside=aside)


def _named(place: PlaceTolerance) -> str:
    return f"{place.path}, cell {place.cell}" if place.cell else place.path


def _laid_over(tolerance: Tolerance, asked: Asked) -> Tolerance:
    return Tolerance(
        relative=tolerance.relative if asked.relative is None else asked.relative,
        absolute=tolerance.absolute if asked.absolute is None else asked.absolute,
    )


def _place(path: str, index: int, cell: object, policy: Policy) -> PlaceTolerance | None:
    """Return the policy's place that holds for a cell: one for cells first, of those the last."""
    meant = [one for one in policy.places if fnmatchcase(path, one.path)]
    cells = {str(index), identifier(cell), *tags_of(cell)} - {""}
    exact = [one for one in meant if one.cell in cells]
    found = exact or [one for one in meant if not one.cell]
    return found[-1] if found else None


def _set_aside(cell: object, policy: Policy, whole: Asked, own: Asked) -> str:
    """Say why the author asked that a cell be left out of the comparison; empty for others."""
    if EXPENSIVE in tags_of(cell) or own_settings(cell).get("expensive") is True:
        return _AUTHOR_KEEPS
    if not policy.own_skips:
        return ""
    if own.skip is not None:
        return _AUTHOR_SKIPS if own.skip else ""
    return _NOTEBOOK_SKIPS if whole.skip else ""
