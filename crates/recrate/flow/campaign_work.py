"""A campaign under way: tasks are looked at, handed to a runner and settled until all are over."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.campaign.ceilings import Ceilings
from recrate.campaign.journal import Journal
from recrate.campaign.known import KnownVerdicts
from recrate.flow.campaign_attempts import Attempts
from recrate.flow.campaign_beginning import CampaignOrder
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.preparing import (
    Looked,
    NotPrepared,
    Prepared,
    make_environment,
    prepare,
)
from recrate.flow.settings import Settings
from recrate.model.campaign import (
    ENDS,
    CampaignHead,
    CampaignStatus,
    TaskRow,
    TaskState,
)
from recrate.model.errors import Busy, OutsideFailed
from recrate.model.progress import Progress
from recrate.model.runner import Ended, PoolState
from recrate.model.wire import to_json
from recrate.runners.runner import Pool

_LOOKING = 2
"""Threads that bring crates here."""
_AHEAD = 8
_WAIT_SECONDS = 0.5
_SHOW_SECONDS = 5.0
_RATE_SECONDS = 600.0

Show = Callable[[CampaignStatus, Journal], None]
"""Is called every few seconds with how the campaign stands, and once more at its end."""


@dataclass(kw_only=True)
class CampaignWork:
    """A campaign under way.

    looking: crates that are being brought here, by task; later: when to look again, by task
    making: environments that this command makes, by their names
    running: attempts that the pool has; ends: when tasks came to an end, for the throughput
    before: seconds that earlier commands worked in this campaign
    reached: the ceiling that keeps a task waiting, empty where none does
    """

    head: CampaignHead
    folder: CampaignFolder
    journal: Journal
    pool: Pool
    order: CampaignOrder
    settings: Settings
    show: Show
    progress: Progress
    known: KnownVerdicts
    attempts: Attempts
    ceilings: Ceilings
    looking: dict[int, "Future[Looked]"] = field(default_factory=dict)
    later: dict[int, float] = field(default_factory=dict)
    beyond: int = -1
    making: dict[str, "Future[None]"] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    ends: list[float] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    before: float = 0.0
    shown: float = 0.0
    reached: str = ""

    def run(self) -> None:
        """Work until every task has come to an end."""
        self.before = float(self.journal.noted("seconds") or 0)
        self._settle(self.attempts.take_up())
        with ThreadPoolExecutor(_LOOKING, thread_name_prefix="recrate-look") as threads:
            try:
                while not self.journal.is_done():
                    self._look(threads)
                    self._submit(threads)
                    self._settle((*self.pool.ended(self._patience()), *self.attempts.look()))
                    self._tell_sometimes()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def _patience(self) -> float:
        """Wait longer where nothing but verdicts can come."""
        busy = self.looking or self.making or self.attempts.leaders or self.attempts.adopted
        return _WAIT_SECONDS / 5 if busy else _WAIT_SECONDS

    def _look(self, threads: ThreadPoolExecutor) -> None:
        """Have crates brought here, a few ahead of what can run; take those that are."""
        if done := [one for one, future in self.looking.items() if future.done()]:
            with self.journal.together():
                for number in done:
                    self._looked(number, self.looking.pop(number).result())
        now = time.monotonic()
        for number in [one for one, when in self.later.items() if when <= now]:
            del self.later[number]
            self._start_looking(threads, self.journal.row(number))
        while len(self.looking) < _AHEAD and (
            rows := self.journal.listed(_AHEAD - len(self.looking), self.beyond)
        ):
            for row in rows:
                self.beyond = row.number
                self._start_looking(threads, row)

    def _start_looking(self, threads: ThreadPoolExecutor, row: TaskRow) -> None:
        self.looking[row.number] = threads.submit(
            prepare,
            row.entry,
            self.order.options,
            settings=self.settings,
            agreed=self.order.agreed,
        )

    def _looked(self, number: int, looked: Looked) -> None:
        row = self.journal.row(number)
        if isinstance(looked, NotPrepared):
            self._not_here(row, looked)
            return
        origin = looked.origin or self.order.origin
        self.journal.keep_origin(number, to_json(origin) if origin else None)
        task = replace(
            row,
            state="waiting",
            crate=looked.crate,
            identity=looked.identity,
            name=looked.name,
            key=looked.key,
            environment=looked.environment,
            size_bytes=looked.size_bytes,
            expected_seconds=self.known.seconds_of(looked.identity),
            limits=self.order.options.limits,
            message="",
            hint="",
        )
        self.journal.put(self._known(task, looked))

    def _known(self, task: TaskRow, looked: Prepared) -> TaskRow:
        """Return the task with a verdict that is there already, or as another's twin."""
        if not looked.key:
            return task
        twin = self.journal.twin(looked.key, task.number)
        if twin is not None:
            if twin.state in ENDS:
                return replace(
                    task,
                    state="known",
                    same_as=twin.number,
                    result=twin.result,
                    folder=twin.folder,
                )
            return replace(task, same_as=twin.number)
        known = None if self.order.options.again else self.known.find(looked.key)
        if known is None:
            return task
        self.folder.take_run(task.number, known.folder)
        return replace(task, state="known", result=known.result, folder=f"runs/{task.number}")

    def _not_here(self, row: TaskRow, looked: NotPrepared) -> None:
        error = looked.error
        unlucky = self.journal.unlucky(row.number)
        bad_luck = isinstance(error, OutsideFailed | Busy)
        if bad_luck and unlucky + 1 < self.order.options.tries:
            self.later[row.number] = time.monotonic() + 5.0 * 4**unlucky
            self.journal.put(replace(row, message=str(error), hint=error.hint), unlucky=1)
            return
        state: TaskState = "given up" if bad_luck else "broken"
        self.journal.put(replace(row, state=state, message=str(error), hint=error.hint))

    def _submit(self, threads: ThreadPoolExecutor) -> None:
        """Hand over what there is room for: one task alone where an environment is to be made."""
        for name in [one for one, future in self.making.items() if future.done()]:
            self.making.pop(name).result()
            self.attempts.ready.add(name)
        self.reached = ""
        while len(self.running) + len(self.attempts.adopted) < self.pool.slots:
            left_out = (*self.attempts.leaders, *self.making)
            found = self.journal.next(1, now=time.time(), without=left_out)
            if not found:
                return
            environment = found[0].environment
            if self.order.environments_here and environment not in self.attempts.ready:
                self.making[environment] = threads.submit(
                    make_environment, Path(found[0].crate), settings=self.settings
                )
                continue
            self.reached = self.ceilings.take(str(found[0].number))
            if self.reached:
                return
            attempt = self.attempts.begin(found[0])
            self.running.add(attempt.id)
            self.pool.submit(attempt)

    def _settle(self, ended: tuple[Ended, ...]) -> None:
        """Write down what became of all that ended in a turn, in one transaction."""
        if ended:
            with self.journal.together(), self.known.together():
                for over in ended:
                    self._settle_one(over)
            self.running.difference_update(over.attempt for over in ended)

    def _settle_one(self, over: Ended) -> None:
        self.ceilings.give(over.attempt.partition("-")[0])
        task = self.attempts.settle(over)
        if task is not None and task.state in ENDS:
            self.ends.append(time.monotonic())
            verdict = task.result.verdict if task.result else task.state
            self.progress("campaign", len(self.ends), 0, f"{verdict}: {task.name}")

    def leave(self) -> None:
        """Write down how far the attempts had come, after the pool was closed."""
        with self.journal.together(), self.known.together():
            for name in tuple(self.running):
                self.attempts.settle(Ended(attempt=name, why="cancelled"))
        self.tell(running=False)

    def _tell_sometimes(self) -> None:
        if time.monotonic() - self.shown >= _SHOW_SECONDS:
            began = time.monotonic()
            self.tell(running=True)
            took = time.monotonic() - began
            self.shown = time.monotonic() + 10 * took  # never more than a tenth of the time

    def tell(self, *, running: bool) -> CampaignStatus:
        """Show how the campaign stands, and return it."""
        status = self._status(running=running)
        self.journal.note("seconds", f"{status.elapsed_seconds:.3f}")
        self.show(status, self.journal)
        return status

    def _status(self, *, running: bool) -> CampaignStatus:
        counts = self.journal.counts()
        now = time.monotonic()
        self.ends = [one for one in self.ends if now - one <= _RATE_SECONDS] or self.ends[-1:]
        span = min(now - self.began, _RATE_SECONDS)
        per_hour = len(self.ends) / span * 3600 if span > 0 else 0.0
        left = counts.total - sum(counts.states.get(one, 0) for one in ENDS)
        state = self.pool.state() if running else PoolState(workers=0)
        waits = f"other campaigns have all places of {self.reached}" if self.reached else ""
        return CampaignStatus(
            head=self.head,
            counts=counts,
            at=self.attempts.now(),
            running=running,
            elapsed_seconds=self.before + now - self.began,
            per_hour=per_hour,
            left_seconds=left / per_hour * 3600 if per_hour and left else None,
            workers=state.workers,
            machines=state.machines,
            queued=state.queued,
            notes=tuple(filter(None, (state.note, waits))),
        )
