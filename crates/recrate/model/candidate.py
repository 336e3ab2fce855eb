"""Candidates: the environments in which one replay tried a crate's notebooks."""

from dataclasses import dataclass
from enum import StrEnum


class CandidateKind(StrEnum):
    """Where a candidate comes from, cheapest first."""

    LOCK = "lock"
    """The crate's own lock."""
    MADE = "made"
    """A lock made for the replay, as the crate came without one; it stands for the crate's."""
    DECLARED = "declared"
    """What the study declares, as of its date, on the recorded Python."""
    INFERRED = "inferred"
    """What its code imports, whatever it declares, as of that date, on the recorded Python."""
    PYTHON = "python"
    """What it declares and imports, as of that date, on a neighbouring Python."""


class CandidateOutcome(StrEnum):
    """What came of a candidate."""

    RAN = "ran"
    NOT_RESTORED = "not restored"
    NOT_RESOLVED = "not resolved"
    SAME = "same"
    """Its lock is one that was tried before."""
    NOT_TRIED = "not tried"
    """No index answered, or the time was up: another day it may be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One environment, and what came of it.

    name:      of its folder in the replay's `candidates`; the first is `lock`
    told:      what it is, in words
    python:    version it was locked for, empty where that is not known
    as_of:     ISO date up to which packages were considered, None for any date
    source:    where its packages come from, as in `environment.Lock`; empty where there is no lock
    reason:    why it was not restored, resolved or tried, or the first failure in it; one line
    notes:     what its lock gave up to be resolved, in words
    completed: notebooks that ran to their end, of `notebooks`
    held:      outputs that came out again, of `outputs` that were recorded
    seconds:   to resolve, restore and run it
    chosen:    the verdict is of it
    """

    name: str
    kind: CandidateKind
    told: str
    outcome: CandidateOutcome
    python: str = ""
    as_of: str | None = None
    source: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    completed: int = 0
    notebooks: int = 0
    held: int = 0
    outputs: int = 0
    seconds: float = 0.0
    chosen: bool = False
