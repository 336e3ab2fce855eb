"""Where replays of one crate disagree, and what differed between them that could be why."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "crate", "data", "environment", "package", "interpreter", "limit", "sandbox", "network",
    "parameters", "runner", "hand", "limits held", "system", "machine", "processor", "cores",
    "memory", "blas", "c library", "gpu", "locale", "timezone", "judge", "policy",
]  # fmt: skip
"""What differs. `environment`: in one run it could not be had, or not as locked; `data`: a data
reference is not what it was; `limit`: a run ran out of time or memory; `limits held`: by whom."""

Near = Literal["named", "imported", "elsewhere"]
"""How near a difference is to what failed or differs: its name stands in the error; a notebook
whose verdict differs imports it; neither is known."""

CARD_KINDS: tuple[Kind, ...] = (
    "system", "machine", "processor", "cores", "memory", "blas", "c library", "gpu", "locale",
    "timezone",
)  # fmt: skip
"""What only the card of a machine tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """One of the replays, by the name that the caller gave it."""

    name: str
    verdict: str
    ended: str
    runner: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentVerdict:
    """A study, notebook or output that the runs judge differently.

    path:     of the notebook, empty for the study as a whole
    cell, output: counted from 0; None for a notebook or the study
    verdicts: (run, verdict), in the order of the runs; empty where a run has none
    """

    path: str
    cell: int | None
    output: int | None
    verdicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A difference between the runs, that could be why.

    name:   of the package or data reference; empty for what there is one of
    values: (run, value), in the order of the runs; empty where a run has none
    fits:   wherever two runs have different verdicts this differs too
    paths:  notebooks whose verdict differs and that import or name it
    """

    kind: Kind
    name: str
    values: tuple[tuple[str, str], ...]
    near: Near
    fits: bool
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What came of comparing the runs.

    agree:        no study, notebook or output is judged differently
    explanations: the likeliest first
    not_recorded: kinds of which no run, or not every run, says anything
    """

    crate: str
    crate_name: str
    runs: tuple[ComparedRun, ...]
    agree: bool
    verdicts: tuple[DifferentVerdict, ...]
    explanations: tuple[Explanation, ...]
    not_recorded: tuple[Kind, ...] = ()
