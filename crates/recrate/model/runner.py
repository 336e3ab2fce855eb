"""Runners: what a place that runs can do, what it is handed, and how it says that it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recrate.model.deposit import Option

Why = Literal["", "lost", "memory", "time", "cancelled", "refused"]
"""Why an attempt ended without a result, as far as the runner knows; empty where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerCapabilities:
    """What a runner can do, as data.

    elsewhere: it runs on other machines than this one
    shared:    its machines see the same files as this one, under the same paths
    queued:    a scheduler decides when it begins
    memory, time: it keeps these limits itself and kills what passes them
    survives:  attempts go on when the campaign's own process is killed
    walls:     what keeps a crate's code from the machine: `sandbox` or `container`
    needs_account: nothing without one
    """

    elsewhere: bool = False
    shared: bool = True
    queued: bool = False
    memory: bool = False
    time: bool = False
    survives: bool = False
    walls: Literal["sandbox", "container"] = "sandbox"
    needs_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutRunner:
    """A kind of runner, as people see it before they choose it."""

    kind: str
    title_en: str
    title_ja: str
    capabilities: RunnerCapabilities
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A runner that somebody described: which kind, with which answers to its options.

    name: what people choose it by with `--on`
    """

    name: str
    kind: str
    title: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of one task, as a runner is handed it: a folder with an `order.json` in it.

    id:      letters, digits, `-`; used once
    folder:  absolute path; `python -m recrate.worker FOLDER` does what is to be done and leaves
             `result.json` in it, whole or not at all
    memory_bytes, seconds: what it may take; None where nobody limits it
    """

    id: str
    folder: str
    memory_bytes: int | None = None
    seconds: float | None = None
    processors: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An attempt that is over. Its `result.json` is what counts; this is for where there is none.

    code: of the process, None where nobody knows
    note: what the runner or its scheduler said
    """

    attempt: str
    code: int | None = None
    why: Why = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """How a pool stands. `machines`: names of those at work; `queued`: jobs that wait for one."""

    workers: int
    machines: tuple[str, ...] = ()
    queued: int = 0
    note: str = ""
