"""Environments that one replay tried: which failures another may cure, and which is the best."""

from collections.abc import Sequence
from dataclasses import replace

from recrate.model.candidate import Candidate, CandidateKind, CandidateOutcome
from recrate.model.observation import KERNEL_MISSING
from recrate.model.verdict import Cause, Failure, Judgement, Verdict

_CURED = frozenset({Cause.MISSING_PACKAGE, Cause.API_CHANGED, Cause.NO_BUILD, Cause.KERNEL_MISSING})
_UNTRIED = (CandidateOutcome.SAME, CandidateOutcome.NOT_TRIED)


def curable(verdict: Verdict) -> bool:
    """Say whether any notebook failed for a cause that another environment may cure.

    What is the study's own (a missing file, the network, time, memory, its code) never is.
    """
    return any(_may_be_cured(one.error) for one in verdict.notebooks if one.error is not None)


def _may_be_cured(failure: Failure) -> bool:
    if failure.name == KERNEL_MISSING:
        return False
    died_at_start = failure.cause is Cause.KILLED and failure.cell is None
    return failure.cause in _CURED or died_at_start


def with_counts(candidate: Candidate, verdict: Verdict) -> Candidate:
    """Return it with how many notebooks ran to their end, and how many outputs hold."""
    stopped = (Judgement.FAILED, Judgement.NOT_RESTORED)
    return replace(
        candidate,
        completed=sum(one.verdict not in stopped for one in verdict.notebooks),
        notebooks=len(verdict.notebooks),
        held=verdict.coverage.identical + verdict.coverage.equivalent,
        outputs=verdict.coverage.outputs,
    )


def choose(candidates: Sequence[Candidate]) -> Candidate:
    """Return the best: most notebooks to their end, then most outputs that hold, then the earlier.

    candidates: the crate's lock first; it stands where no other does better
    """
    ran = [one for one in candidates[1:] if one.outcome is CandidateOutcome.RAN]
    return max((candidates[0], *ran), key=lambda one: (one.completed, one.held))


def tell_candidates(candidates: Sequence[Candidate]) -> str:
    """Tell in English which environment the verdict is of, and why; empty for the lock alone."""
    if len(candidates) < 2:
        return ""
    first = candidates[0]
    chosen = next((one for one in candidates if one.chosen), first)
    if chosen is first:
        return _told_of_first(first, candidates[1:])
    return (
        f"The verdict is not of {first.told}: {_why_not(first)};"
        f" {chosen.told} ran {chosen.completed} of {chosen.notebooks} notebooks to their end,"
        f" and {chosen.held} of {chosen.outputs} outputs hold."
    )


def _told_of_first(first: Candidate, others: Sequence[Candidate]) -> str:
    tried = [one for one in others if one.outcome not in _UNTRIED]
    untried = next((one for one in others if one.outcome is CandidateOutcome.NOT_TRIED), None)
    if tried:
        word = "environment" if len(tried) == 1 else "environments"
        return f"{len(tried)} other {word} did no better than {first.told}."
    if untried is not None:
        return f"No other environment than {first.told} could be tried: {untried.reason[:160]}."
    return ""


def _why_not(first: Candidate) -> str:
    if first.outcome is CandidateOutcome.NOT_RESTORED:
        return f"it could not be restored on this machine ({first.reason[:160]})"
    return f"with it {first.completed} of {first.notebooks} notebooks ran to their end"


def name_candidate(kind: CandidateKind, python: str, as_of: str | None) -> str:
    """Say in English what a candidate is: `its packages as of 2019-04-02 on Python 3.8`."""
    if kind is CandidateKind.LOCK:
        return "the crate’s lock"
    what = {
        CandidateKind.MADE: "a lock made of its files",
        CandidateKind.DECLARED: "its declared packages",
        CandidateKind.INFERRED: "the packages its code imports",
        CandidateKind.PYTHON: "its packages",
    }[kind]
    day = f"as of {as_of}" if as_of else "of any date"
    return f"{what} {day}" + (f" on Python {python}" if python else "")
