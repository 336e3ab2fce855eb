"""What every place that runs is: one small interface, and what it is made with.

A runner knows nothing of crates: it is handed folders. Whoever calls it stays the master of what is
run, how often and with which limits; a runner never tries again by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from recrate.model.finding import Finding
from recrate.model.runner import AboutRunner, Attempt, Ended, PoolState

MODULE = "recrate.worker"
"""What is run on a node: `python -m recrate.worker FOLDER`."""
LOG = "worker.log"
"""In an attempt's folder: what the worker prints is appended to it."""
CANCELLED_CODE = 130
TAKEN_CODE = 75
"""Of a worker that finds its attempt begun, or called off: it does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """What a runner is made with, beside a site's own answers.

    cache:  folder of environments and downloads, safe to delete; data: folder that is kept
    python: the interpreter that runs recrate on this machine
    variables: the process environment without our secrets
    """

    cache: Path
    data: Path
    agent: str
    python: str
    variables: Mapping[str, str] = field(default_factory=dict)


class Pool(Protocol):
    """A runner at work for one campaign. Its methods are called from one thread."""

    @property
    def slots(self) -> int:
        """How many attempts it wants to have at once: those that run, and a few for the queue."""
        ...

    def submit(self, attempt: Attempt) -> None:
        """Take an attempt; returns at once. Raises OutsideFailed when the place is gone."""
        ...

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return what ended since the last call; waits so long for the first of them.

        Raises OutsideFailed when the place is gone for good; what it had is then lost.
        """
        ...

    def cancel(self, attempt: str) -> None:
        """End an attempt; it comes out of `ended` as cancelled. Nothing happens to one not here."""
        ...

    def state(self) -> PoolState:
        """Return how it stands, without waiting."""
        ...

    def close(self) -> None:
        """End all attempts and all that was started for them; may be called more than once."""
        ...


@runtime_checkable
class Runner(Protocol):
    """A place that runs, with its answers."""

    about: AboutRunner

    def check(self) -> Iterator[Finding]:
        """Try the place and say in words what is wrong, one finding at a time; it may take long.

        Ends with an `info` finding that says what works, where it works.
        """
        ...

    def open(self, campaign: str, folder: Path, *, workers: int) -> Pool:
        """Begin to work for a campaign.

        campaign: its id, letters and digits; what a killed one of the same id left is taken away
        folder:   of the campaign; the pool keeps what it needs in `folder/runner/`
        workers:  attempts at once, at most; 0 takes what the site says
        Raises OutsideFailed when it cannot be reached, BadInput for answers that make no sense.
        """
        ...


class RunnerMaker(Protocol):
    """What the entry points of the group `recrate.runners` give."""

    about: AboutRunner

    def __call__(self, answers: Mapping[str, str], depot: Depot) -> Runner:
        """Make the runner; raises BadInput where an answer makes no sense."""
        ...
