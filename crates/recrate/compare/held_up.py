"""Cells that the missing network kept from their work: why they are not judged, and what is left.

What such a cell shows in the rerun proves nothing, be it as recorded: it worked on something else,
or on nothing. The others ran as their author had them, and are judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recrate.model.observation import NotebookObservation
from recrate.model.verdict import NotebookVerdict, held_of_cells

_NAMED = 3
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """What one notebook's runs lacked.

    wants:   cell that was held up → the cell that wants the network
    reasons: cell that was held up → why it is not verified
    raised:  those of them that raised an error
    ended:   the cell with another error, at which a run ended behind them; None for none
    """

    wants: Mapping[int, int] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    raised: frozenset[int] = frozenset()
    ended: int | None = None


def without(runs: Sequence[NotebookObservation]) -> Without:
    """Return what the runs of one notebook lacked, all repeats together."""
    wants: dict[int, int] = {}
    reasons: dict[int, str] = {}
    raised: set[int] = set()
    ends: list[int] = []
    for run in runs:
        for one in run.held_up:
            wants.setdefault(one.cell, one.wants)
            reasons.setdefault(one.cell, _reason(run, one.cell, one.wants))
            if one.error is not None:
                raised.add(one.cell)
        if run.held_up and run.error is not None and run.error.cell is not None:
            ends += [run.error.cell] if run.error.cell not in wants else []
    return Without(
        wants=wants,
        reasons=reasons,
        raised=frozenset(raised),
        ended=min(ends, default=None),
    )


def told(lacked: Without) -> tuple[str, ...]:
    """Tell of a notebook which of its cells want the network, and what else went wrong."""
    if not lacked.wants:
        return ()
    wanting = _listed(sorted(set(lacked.wants.values())))
    lines = [f"cells that want the network: {wanting}"]
    others = sorted(set(lacked.wants) - set(lacked.wants.values()))
    if others:
        lines.append(f"cells that depend on them, not verified either: {_listed(others)}")
    if lacked.ended is not None:
        lines.append(f"behind them, cell {lacked.ended} failed too, and ended the run")
    return tuple(lines)


def told_of_study(notebooks: Sequence[NotebookVerdict]) -> str:
    """Tell of a study how many of its cells hold; empty where none lacks the network."""
    held, shown, lacking = held_of_cells(notebooks)
    if not lacking:
        return ""
    verb = "wants" if lacking == 1 else "want"
    return (
        f"{held} of {shown} cells hold; {lacking} {verb} the network, or what it would have"
        " brought, and could not be verified."
    )


def _listed(cells: Sequence[int]) -> str:
    return ", ".join([*map(str, cells[:_LISTED]), *(["…"] if len(cells) > _LISTED else [])])


def _reason(run: NotebookObservation, cell: int, wants: int) -> str:
    addresses = [one.address for one in run.asked if one.cell == wants][:_NAMED]
    asked = f" (asked for {', '.join(addresses)})" if addresses else ""
    if cell == wants:
        return f"not verified: cell {wants} wants the network{asked}, which replays do not have"
    return f"not verified: it depends on cell {wants}, which wants the network{asked}"
