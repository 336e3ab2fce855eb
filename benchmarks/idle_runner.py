"""A runner whose attempts end at once: what is left of a campaign is its own process."""

import time
from collections.abc import Mapping
from pathlib import Path

from recrate.flow.tasks import REPLAY, write_result
from recrate.model.campaign import TaskResult
from recrate.model.runner import AboutRunner, Attempt, Ended, PoolState, RunnerCapabilities
from recrate.runners.runner import Depot

FIRST = "first-attempt"
"""In `runner/` of a campaign's folder: made when the first attempt is handed out."""


class Nothing:
    """A runner whose attempts end at once, each with a verdict."""

    about = AboutRunner(
        kind="nothing",
        title_en="Nothing",
        title_ja="Nothing",
        capabilities=RunnerCapabilities(),
    )

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take what every runner is made with."""

    def check(self) -> tuple[()]:
        """Find nothing wrong."""
        return ()

    def open(self, campaign: str, folder: Path, *, workers: int) -> "NothingPool":  # noqa: ARG002 - as the protocol has it
        """Return a pool of many places."""
        place = folder / "runner"
        place.mkdir(exist_ok=True)
        return NothingPool(place / FIRST)


class NothingPool:
    """What was submitted is over when it is next asked."""

    slots = 64

    def __init__(self, first: Path) -> None:
        """Have nothing."""
        self._first: Path | None = first
        self._over: list[Ended] = []

    def submit(self, attempt: Attempt) -> None:
        """Leave what a worker leaves."""
        if self._first is not None:
            self._first.touch()
            self._first = None
        folder = Path(attempt.folder)
        (folder / REPLAY).mkdir()
        write_result(
            folder,
            TaskResult(outcome="judged", verdict="identical", outputs=1, compared=1, python="3.11",
                       restored=True, packages=29, seconds=1.0, core_seconds=1.0, host="nowhere",
                       system="linux-x86_64", ended="2026-01-01T00:00:00+00:00"),
        )  # fmt: skip
        self._over.append(Ended(attempt=attempt.id, code=0))

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return what was submitted; wait where there is none, as every pool does."""
        if not self._over:
            time.sleep(wait_seconds)
        over, self._over = tuple(self._over), []
        return over

    def cancel(self, attempt: str) -> None:
        """Do nothing: it is over."""

    def state(self) -> PoolState:
        """Say how many places there are."""
        return PoolState(workers=self.slots)

    def close(self) -> None:
        """Do nothing."""
