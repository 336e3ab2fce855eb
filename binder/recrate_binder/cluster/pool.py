"""A cluster at work for one campaign: attempts are handed to pilot jobs, and never tried again."""

import contextlib
import math
import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.runner import Attempt, Ended, PoolState
from recrate.outside.disk import disk_errors, remove_tree
from recrate_binder.cluster.commands import one_line
from recrate_binder.cluster.keeper import Keeper, require_there
from recrate_binder.cluster.options import Pilot
from recrate_binder.cluster.pushing import Pushing
from recrate_binder.cluster.scheduler import Scheduler, job_name
from recrate_binder.cluster.ways import SharedFiles, Way

if TYPE_CHECKING:
    from recrate_binder.cluster.engine import Executor

_SCRATCH = "scratch"
_GONE_SECONDS = 60.0
"""How long close() waits for a scheduler to have ended what it was told to end."""


@dataclass
class ParslPool:
    """Pilot jobs and what they run. Made by `open_pool`."""

    way: Way
    keeper: Keeper
    scheduler: Scheduler
    pilot: Pilot
    name: str
    at_once: int
    _leave: contextlib.ExitStack
    _futures: dict[str, "Future[Any]"] = field(default_factory=dict)
    _over: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    _called_off: set[str] = field(default_factory=set)
    _closed: bool = False

    @property
    def slots(self) -> int:
        """Return how many attempts are wanted: those that run at once, and a few behind them."""
        room = self.keeper.jobs * self.pilot.a_job
        if room > self.at_once:
            return self.at_once  # a job has more room than is wanted: nothing may wait in it
        return self.at_once + max(1, self.at_once // 4)

    def submit(self, attempt: Attempt) -> None:
        """Hand an attempt to the next free place of a pilot job."""
        require_there(self.keeper)
        try:
            future = self.way.begin(attempt)
        except Exception as error:
            raise OutsideFailed(
                one_line(f"{type(error).__name__}: {error}"),
                where="the cluster",
                hint="`recrate runners check` tries the place and says what is wrong",
            ) from error
        self._futures[attempt.id] = future
        future.add_done_callback(self._ender(attempt.id))

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return what ended; waits for the first of it."""
        found: list[Ended] = []
        end = time.monotonic() + wait_seconds
        while True:
            with contextlib.suppress(queue.Empty):
                while True:
                    found += self._take(self._over.get_nowait())
            left = end - time.monotonic()
            if found or left <= 0:
                break
            require_there(self.keeper)
            with contextlib.suppress(queue.Empty):
                found += self._take(self._over.get(timeout=min(left, 1.0)))
        if not found:
            require_there(self.keeper)
        return tuple(found)

    def cancel(self, attempt: str) -> None:
        """Call an attempt off; one that no node has begun, or that none can hear of, is over."""
        if attempt not in self._futures or attempt in self._called_off:
            return
        self._called_off.add(attempt)
        if self.way.call_off(attempt):
            self._over.put(attempt)

    def state(self) -> PoolState:
        """Return how it stands."""
        return PoolState(
            workers=self.keeper.workers,
            machines=tuple(sorted(self.way.machines(self._futures))),
            queued=self.keeper.queued,
            note=self.keeper.note,
        )

    def close(self) -> None:
        """End all jobs, and what was started here for them."""
        if self._closed:
            return
        self._closed = True
        self.way.close()
        self.keeper.stop()
        self.keeper.end_jobs()
        with contextlib.suppress(RecrateError):  # a scheduler that is away: nodes end by themselves
            end_all(self.scheduler, self.name, seconds=_GONE_SECONDS)
        self._leave.close()

    def _ender(self, attempt: str) -> "Callable[[Future[Any]], None]":
        return lambda _: self._over.put(attempt)

    def _take(self, attempt: str) -> tuple[Ended, ...]:
        """Return how an attempt ended; nothing for one that was told before."""
        future = self._futures.pop(attempt, None)
        if future is None:
            return ()
        if not future.done():
            return (Ended(attempt=attempt, why="cancelled"),)
        error = future.exception()
        off = attempt in self._called_off
        self._called_off.discard(attempt)
        if error is not None:
            note = one_line(f"{type(error).__name__}: {error}")
            return (Ended(attempt=attempt, why="cancelled" if off else "lost", note=note),)
        code, why, node, note = future.result()
        said = one_line(f"{node}: {note}" if note else "")
        return (Ended(attempt=attempt, code=code, why=why, note=said),)


def open_pool(
    scheduler: Scheduler, pilot: Pilot, *, campaign: str, folder: Path, workers: int
) -> ParslPool:
    """Take away what an earlier campaign of this id left, and begin to work.

    Raises OutsideFailed when the scheduler or a part of Parsl does not answer.
    """
    from recrate_binder.cluster.engine import LABEL, make_executor, parsl_logs  # noqa: PLC0415 -- Parsl

    name = job_name(campaign)
    end_all(scheduler, name, seconds=_GONE_SECONDS)
    own = _own_folder(folder / "runner")
    at_once = min(workers or pilot.jobs * pilot.a_job, pilot.jobs * pilot.a_job)
    with contextlib.ExitStack() as leave:
        leave.callback(remove_tree, own / LABEL / "certificates")  # keys of nodes that are gone
        leave.callback(remove_tree, own / _SCRATCH)
        leave.enter_context(parsl_logs(own / "parsl.log"))
        executor = make_executor(pilot, scheduler.provider(name, own / "jobs"), own)
        leave.callback(executor.shutdown)
        try:
            executor.start()  # type: ignore[no-untyped-call] # Parsl types it not
        except Exception as error:
            raise OutsideFailed(
                one_line(f"Parsl does not start: {error}"),
                where=str(own),
                hint="interchange.out of that folder says more",
            ) from error
        keeper = Keeper(executor, pilot, jobs=math.ceil(at_once / pilot.a_job))
        keeper.start()
        kept = leave.pop_all()
    return ParslPool(_way(executor, pilot, own), keeper, scheduler, pilot, name, at_once, kept)


def _way(executor: "Executor", pilot: Pilot, own: Path) -> Way:
    """Return how attempts reach the nodes of a site."""
    if not pilot.shared:
        return Pushing(hand=executor.submit, python=pilot.python, scratch=own / _SCRATCH)
    return SharedFiles(hand=executor.submit, python=pilot.python, marks=own / "marks")


def end_all(scheduler: Scheduler, name: str, *, seconds: float) -> None:
    """End all jobs whose names begin so, and wait until the scheduler has none of them.

    Raises OutsideFailed when it does not answer, or still has some after `seconds`.
    """
    end = time.monotonic() + seconds
    told: set[str] = set()
    while jobs := scheduler.jobs(name):
        new = tuple(job for job in jobs if job not in told)
        if new:
            scheduler.cancel(new)
            told |= set(new)
        if time.monotonic() > end:
            raise OutsideFailed(
                f"jobs of this campaign do not end: {', '.join(jobs[:5])}",
                where="the cluster",
                hint="end them by hand, then try again",
            )
        time.sleep(0.5)


def _own_folder(runner: Path) -> Path:
    """Make a folder for this time, with those in it that we use; earlier ones stay as logs."""
    with disk_errors(runner):
        runner.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken = [int(one.name) for one in runner.iterdir() if one.name.isdigit()]
        for number in taken:  # what a killed one had on its way
            remove_tree(runner / str(number) / _SCRATCH)
        own = runner / str(max(taken, default=0) + 1)
        for made in (own, own / "marks", own / "jobs"):
            made.mkdir(mode=0o700)
    return own
