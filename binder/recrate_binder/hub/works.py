"""Heavy work in worker processes: one for many who wait, bounded, in a fair order.

For one event loop. A work is known by its name: whoever asks for what is under way already waits
with the others. When the last of them goes, its worker is ended with every process it started.
"""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recrate.model.wire import from_plain, to_json
from recrate.outside.process import kill_tree
from recrate_binder.hub.model import Problem, WorkOrder
from recrate_binder.hub.problems import Failed, make_problem
from recrate_binder.hub.worker import ORDER

_LINE_BYTES = 1 << 22
_TRIES = 2
"""A worker that somebody killed is started once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How a work stands. `ahead`: works that come before it, 0 once it runs."""

    running: bool = False
    ahead: int = 0
    done: int = 0
    total: int = 0
    message: str = ""


Listener = Callable[[News], None]


@dataclass(eq=False, kw_only=True)
class _Work:
    order: WorkOrder
    user: str
    created: float
    outcome: "asyncio.Future[Any]"
    news: News = field(default_factory=News)
    listeners: list[Listener] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    def tell(self, news: News) -> None:
        self.news = news
        for listener in list(self.listeners):
            listener(news)


class Hall:
    """Works of one kind share places: `builds` prepare, `looks` look and fetch."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.waiting: list[_Work] = []
        self.running: list[_Work] = []

    def in_order(self) -> list[_Work]:
        """Return who waits, as they will be served.

        Everybody's first work comes before anybody's second, counting those that run.
        """
        turns: dict[str, int] = {}
        for work in self.running:
            turns[work.user] = turns.get(work.user, 0) + 1
        numbered = []
        for work in sorted(self.waiting, key=lambda one: one.created):
            turn = turns[work.user] = turns.get(work.user, 0) + 1
            numbered.append((turn, work.created, work))
        return [work for _, _, work in sorted(numbered, key=lambda one: one[:2])]


class Works:
    """Gives works to worker processes.

    before: awaited before a worker is started in the hall `builds`; may wait until none runs there
    """

    def __init__(
        self,
        folder: Path,
        *,
        builds: int,
        looks: int,
        timeout_seconds: float,
        variables: Mapping[str, str],
        log: logging.Logger,
    ) -> None:
        self._folder = folder
        self._halls = {"prepare": Hall(builds), "fetch": Hall(looks), "look": Hall(looks)}
        self._timeout = timeout_seconds
        self._variables = dict(variables)
        self._log = log
        self._open = True
        self._pause = 0
        self._idle = asyncio.Event()
        self._idle.set()
        shutil.rmtree(folder, ignore_errors=True)  # of a service that was killed

    async def do(self, order: WorkOrder, *, user: str, listener: Listener | None = None) -> Any:
        """Have a work done and return its result as plain JSON; raises Failed.

        Cancelling the caller ends the work unless somebody else waits for it.
        """
        hall = self._halls[order.kind]
        work = next(
            (one for one in (*hall.running, *hall.waiting) if one.order.name == order.name), None
        )
        if work is None:
            outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            work = _Work(order=order, user=user, created=time.monotonic(), outcome=outcome)
            hall.waiting.append(work)
        told = listener or _nobody
        work.listeners.append(told)
        told(work.news)
        self._serve()
        try:
            return await asyncio.shield(work.outcome)
        finally:
            work.listeners.remove(told)
            if not work.listeners and not work.outcome.done():
                await asyncio.shield(self._end(hall, work))

    def is_still(self) -> bool:
        """Say whether no worker runs."""
        return self._idle.is_set()

    @contextlib.asynccontextmanager
    async def stillness(self) -> AsyncIterator[None]:
        """Begin no work, and wait until none runs: what is kept may be taken away meanwhile."""
        self._pause += 1
        try:
            await self._idle.wait()
            await asyncio.sleep(0.05)  # who waited for the last one notes what it has now
            yield
        finally:
            self._pause -= 1
            self._serve()

    async def close(self) -> None:
        """End all workers; what they did is taken up again by the next service."""
        self._open = False
        for hall in self._halls.values():
            for work in [*hall.running, *hall.waiting]:
                await self._end(hall, work)

    def _serve(self) -> None:
        for hall in self._halls.values():
            while (
                self._open and not self._pause and hall.waiting and len(hall.running) < hall.places
            ):
                work = hall.in_order()[0]
                hall.waiting.remove(work)
                hall.running.append(work)
                work.tell(News(running=True))
                work.task = asyncio.create_task(self._carry(hall, work))
            for ahead, work in enumerate(hall.in_order(), start=len(hall.running)):
                if work.news.ahead != ahead:
                    work.tell(News(ahead=ahead))
        if any(hall.running for hall in self._halls.values()):
            self._idle.clear()
        else:
            self._idle.set()

    async def _end(self, hall: Hall, work: _Work) -> None:
        """Take a work away, with its worker; who waits for it hears that it was cancelled."""
        if work in hall.waiting:
            hall.waiting.remove(work)
        if work.task is not None:
            work.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work.task
        if not work.outcome.done():
            work.outcome.cancel()
        self._serve()

    async def _carry(self, hall: Hall, work: _Work) -> None:
        try:
            result = await self._tried(work)
            if not work.outcome.done():
                work.outcome.set_result(result)
        except Exception as error:  # noqa: BLE001 - whoever waits hears of it
            if not work.outcome.done():
                work.outcome.set_exception(error)
                work.outcome.exception()  # heard: nobody may wait any more
        finally:
            hall.running.remove(work)
            self._serve()

    async def _tried(self, work: _Work) -> Any:
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._once(work)
            except _Killed as killed:
                self._log.warning("the worker for %s was ended: %s", work.order.name, killed)
                if attempt == _TRIES:
                    problem = make_problem(
                        "outside-failed",
                        "the work was ended before it was done, twice",
                        "it may need more memory than this service has; try again later",
                    )
                    raise Failed(problem) from killed
        raise AssertionError("the last try returns or raises")

    async def _once(self, work: _Work) -> Any:
        folder = self._folder / uuid.uuid4().hex
        try:
            await asyncio.to_thread(_lay_out, folder, work.order)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "recrate_binder.hub.worker", str(folder),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                env=self._variables,
                start_new_session=True,
                limit=_LINE_BYTES,
            )  # fmt: skip
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._heard(process, work)
            except TimeoutError as error:
                problem = make_problem("outside-failed", "it took longer than this service allows")
                raise Failed(problem) from error
            finally:
                await asyncio.to_thread(kill_tree, process.pid)
                await process.wait()
        finally:
            await asyncio.to_thread(_clear, folder)

    async def _heard(self, process: asyncio.subprocess.Process, work: _Work) -> Any:
        """Listen to a worker until it ends; raises Failed, or _Killed where it said nothing."""
        assert process.stdout is not None, "it was asked for"
        async for line in process.stdout:
            told = json.loads(line)
            if "progress" in told:
                work.tell(News(running=True, **told["progress"]))
            elif "problem" in told:
                raise Failed(from_plain(told["problem"], Problem))
            else:
                return told["result"]
        code = await process.wait()
        raise _Killed(signal.Signals(-code).name if code < 0 else f"code {code}")


class _Killed(Exception):  # noqa: N818 - what happened, not an error of ours
    """A worker that ended without a word."""


def _nobody(_news: News) -> None:
    """Listen to nothing."""


def _lay_out(folder: Path, order: WorkOrder) -> None:
    folder.mkdir(parents=True, mode=0o700)
    (folder / ORDER).write_text(to_json(order), encoding="utf-8")


def _clear(folder: Path) -> None:
    for parent, names, _ in os.walk(folder):
        for name in names:
            inner = Path(parent) / name
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
