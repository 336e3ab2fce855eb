"""What runs with one thing changed say of an output: it comes back, moves, or stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy
from recrate.model.probe import Probe, Varied
from recrate.model.study import Notebook
from recrate.model.verdict import (
    Cause,
    CellVerdict,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
)

_HELD = (OutputJudgement.IDENTICAL, OutputJudgement.EQUIVALENT)
_MOVED = (OutputJudgement.DIFFERENT, OutputJudgement.MISSING)
CAUSES = {
    Varied.SURROUNDINGS: Cause.HARDWARE_OR_THREADS,
    Varied.THREADS: Cause.HARDWARE_OR_THREADS,
    Varied.TIME_ZONE: Cause.HARDWARE_OR_THREADS,
    Varied.LOCALE: Cause.HARDWARE_OR_THREADS,
    Varied.PACKAGES: Cause.API_CHANGED,
    Varied.PACKAGE: Cause.API_CHANGED,
}
_NARROWEST_FIRST = (
    Varied.PACKAGE,
    Varied.THREADS,
    Varied.TIME_ZONE,
    Varied.LOCALE,
    Varied.PACKAGES,
    Varied.SURROUNDINGS,
)

Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRun:
    """How a notebook ran in a probe.

    stopped: index of the cell at which it failed; None where it ran to its end
    """

    executed: Notebook
    stopped: int | None = None


Probes = Sequence[tuple[Probe, Mapping[str, ProbeRun]]]
"""Runs with one thing changed on purpose, with the notebooks that were run in each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one probe showed of one notebook, by (cell, output) of the record.

    held:  outputs that are as recorded
    moved: outputs that are other than in the replay; what was not reached is in neither
    whole: the notebook ran to its end
    """

    probe: Probe
    held: frozenset[Place]
    moved: frozenset[Place]
    reached: frozenset[Place]
    whole: bool


def see(
    verdict: NotebookVerdict,
    recorded: Notebook,
    rerun: Notebook,
    probes: Probes,
    policy: Policy,
) -> tuple[Seen, ...]:
    """Compare each probe's run of a notebook with the record and with the replay's own rerun."""
    found = []
    for probe, notebooks in probes:
        run = notebooks.get(verdict.path)
        if run is None:
            continue
        again = [run.executed]
        against_record = _by_place(compare_notebooks(verdict.path, recorded, again, policy))
        against_rerun = _by_place(compare_notebooks(verdict.path, rerun, again, policy))
        held, moved, reached = set(), set(), set()
        for cell in verdict.cells:
            if run.stopped is not None and cell.index >= run.stopped:
                break
            for output in cell.outputs:
                place = (cell.index, output.index)
                now = against_record.get(place)
                if now is None:
                    continue
                reached.add(place)
                if now.verdict in _HELD:
                    held.add(place)
                if _moved(against_rerun, cell, output, now):
                    moved.add(place)
        found.append(
            Seen(
                probe,
                frozenset(held),
                frozenset(moved),
                frozenset(reached),
                whole=run.stopped is None,
            )
        )
    return tuple(found)


def _by_place(verdict: NotebookVerdict) -> dict[Place, OutputVerdict]:
    return {
        (cell.index, output.index): output
        for cell in verdict.cells
        for output in cell.outputs
        if output.verdict is not OutputJudgement.ADDED
    }


def _moved(
    against_rerun: Mapping[Place, OutputVerdict],
    cell: CellVerdict,
    output: OutputVerdict,
    now: OutputVerdict,
) -> bool:
    """Say whether an output is another one than in the replay.

    One that the replay did not show at all moved when it is there now.
    """
    if output.rerun_index is None or cell.rerun_index is None:
        return now.rerun_index is not None
    other = against_rerun.get((cell.rerun_index, output.rerun_index))
    return other is not None and other.verdict in _MOVED


def ran_with(seen: Sequence[Seen]) -> Probe | None:
    """Return what made a notebook run to its end that had failed; None where nothing did."""
    whole = [one.probe for one in seen if one.whole]
    return min(whole, key=lambda one: _NARROWEST_FIRST.index(one.varied), default=None)


def brought_back(place: Place, seen: Sequence[Seen]) -> tuple[Cause, str] | None:
    """Return what makes an output as recorded: its cause beyond doubt. None where nothing does."""
    for one in _narrowest_first(place, seen):
        if place in one.held:
            return CAUSES[one.probe.varied], f"as recorded with {one.probe.told}"
    return None


def moved_by(place: Place, seen: Sequence[Seen]) -> tuple[Cause, str] | None:
    """Return what makes an output another one again, None where the probes prove nothing.

    An output that is the same with the packages of one day, and of another, does not come from the
    code as it stands.
    """
    tried = _narrowest_first(place, seen)
    for one in tried:
        if place in one.moved:
            return CAUSES[one.probe.varied], f"another one again with {one.probe.told}"
    days = [one.probe for one in tried if one.probe.varied is Varied.PACKAGES]
    if len(days) > 1:
        told = " and with ".join(one.told for one in days)
        return Cause.STALE_OUTPUT, f"the same as now with {told}: the record has another origin"
    return None


def _narrowest_first(place: Place, seen: Sequence[Seen]) -> list[Seen]:
    tried = [one for one in seen if place in one.reached]
    return sorted(tried, key=lambda one: _NARROWEST_FIRST.index(one.probe.varied))
