"""A campaign: many crates replayed as one resumable batch."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["judged", "broken", "refused", "unlucky"]
"""What an attempt came to: a verdict; a crate that is none; something we will not do; or a place,
network or disk that let us down."""

TaskState = Literal["listed", "waiting", "running", "judged", "known", "broken", "given up"]
"""`listed`: not looked at yet; `waiting`: to be run; `known`: a verdict was there already;
`given up`: no verdict, because of what lies outside the study. The last four are ends."""

ENDS: tuple[TaskState, ...] = ("judged", "known", "broken", "given up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the list.

    where: path, https address or DOI
    year:  of publication, None where nobody says it
    group: what the dashboard sums up by: a journal, a collection; empty for none
    """

    where: str
    title: str = ""
    year: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLimits:
    """What one task may take: memory of a kernel, seconds of a whole replay; None: no limit."""

    memory_bytes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOptions:
    """What was asked for, for all tasks alike; part of what a result is known by.

    notebooks: of each crate; empty means all
    repeats, parameters, current, allow_network, unsandboxed: as of a replay
    limits:   to begin with; ceiling: how far they may grow for what ran out of them
    tries:    attempts of a task whose place, network or disk let it down
    again:    also what is known is run
    """

    notebooks: tuple[str, ...] = ()
    repeats: int = 1
    parameters: tuple[tuple[str, str], ...] = ()
    current: bool = False
    allow_network: bool = False
    unsandboxed: bool = False
    limits: TaskLimits = field(default_factory=TaskLimits)
    ceiling: TaskLimits = field(default_factory=TaskLimits)
    notebook_seconds: float | None = None
    cell_seconds: float | None = None
    tries: int = 3
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignHead:
    """`campaign.json` of its folder. `list`: as it was given; `runners`: names of sites."""

    id: str
    list: str
    runners: tuple[str, ...]
    options: CampaignOptions
    agent: str
    started: str
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """What an attempt leaves: `result.json` of its folder.

    verdict, cause: as the verdict says them; empty where there is none
    reason:   the first sentence of why it is not better
    outputs, compared, …: the coverage
    cut:      another time it may do otherwise: a notebook came to no end of its own, for memory or
              time, or it was killed; or a package that it missed could not be had
    seconds:  from begin to end; environment_seconds: of these, until the environment was there
    core_seconds: processor time of the worker and all that it started
    system:   node type: `linux-x86_64`; python: of the environment
    message, hint: for the outcomes without a verdict
    policy:   name of the one that judged
    instead:  the environment of the verdict in words, where it is not the crate's lock
    """

    outcome: Outcome
    verdict: str = ""
    cause: str = ""
    reason: str = ""
    notebooks: int = 0
    outputs: int = 0
    compared: int = 0
    cut: bool = False
    restored: bool = False
    python: str = ""
    packages: int = 0
    seconds: float = 0.0
    environment_seconds: float = 0.0
    core_seconds: float = 0.0
    peak_memory_bytes: int = 0
    host: str = ""
    system: str = ""
    started: str = ""
    ended: str = ""
    message: str = ""
    hint: str = ""
    policy: str = ""
    instead: str = ""
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as the journal knows it, and as tables show it.

    number:   its place in the list, from 0
    crate:    where its file or folder lies; identity and name as its metadata say them
    environment: what its environment is known by: tasks of one share it
    expected_seconds: how long it took before, None where nobody knows
    attempts: how many were begun
    folder:   of its replay, relative to the campaign's; empty while there is none
    same_as:  number of the task whose verdict it shares; None for one of its own
    """

    number: int
    entry: Entry
    state: TaskState
    crate: str = ""
    identity: str = ""
    name: str = ""
    key: str = ""
    environment: str = ""
    size_bytes: int = 0
    expected_seconds: float | None = None
    limits: TaskLimits = field(default_factory=TaskLimits)
    attempts: int = 0
    runner: str = ""
    folder: str = ""
    same_as: int | None = None
    result: TaskResult | None = None
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """An attempt as the journal knows it. `outcome`: empty while it is under way."""

    task: int
    number: int
    runner: str
    submitted: str
    started: str = ""
    ended: str = ""
    outcome: str = ""
    host: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """A task whose result was judged again. `note`: why it could not be; empty where it was."""

    task: int
    before: str
    after: str
    note: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCounts:
    """Where a campaign stands: tasks by state, verdict, cause, environment, year and group."""

    total: int
    states: dict[str, int]
    verdicts: dict[str, int]
    causes: dict[str, int]
    by_python: dict[str, dict[str, int]]
    by_year: dict[str, dict[str, int]]
    by_group: dict[str, dict[str, int]]
    attempts: int
    core_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStatus:
    """What a dashboard shows at one moment.

    per_hour: tasks that came to an end, over the last minutes
    left_seconds: reckoned, None at first
    machines: at work, by runner
    """

    head: CampaignHead
    counts: CampaignCounts
    at: str
    running: bool
    elapsed_seconds: float
    per_hour: float
    left_seconds: float | None
    workers: int
    machines: tuple[str, ...] = ()
    queued: int = 0
    notes: tuple[str, ...] = ()
