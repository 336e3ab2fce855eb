"""The pool: containers of one campaign, started, bounded in time, watched and taken away."""

import platform
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from recrate.flow.tasks import TaskOrder
from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.runner import Attempt, Ended, PoolState, Why
from recrate.outside.disk import remove_tree
from recrate.outside.process import kill_tree, start_logged
from recrate.runners.runner import CANCELLED_CODE, LOG, TAKEN_CODE
from recrate_binder.container.reasons import last_lines
from recrate_binder.container.runner_boxes import (
    Terms,
    box_of,
    check_attempt,
    minor_of,
    order_of,
)
from recrate_binder.container.runner_places import Place, variables_for
from recrate_binder.container.runner_walls import GRACE_SECONDS, KILLED_CODE, MEMORY_CODE

_LOOK_SECONDS = 0.1
_AGAIN_SECONDS = 5.0
"""How often a container that does not go is told to."""
_PATIENCE_SECONDS = 60.0
"""After which its client is killed, whatever the engine says."""
_ENGINE_CODES = (125, 126, 127)
"""Of podman and docker when they could not start what was asked for."""


@dataclass(kw_only=True)
class _Running:
    """`ends`, `killed_at`, `removed_at`: on the monotonic clock; told: the worker knows its end."""

    process: "Popen[bytes]"
    log: Path
    name: str
    ends: float | None
    why: Why = ""
    told: bool = False
    killed_at: float | None = None
    removed_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    attempt: Attempt
    order: TaskOrder | None
    minor: str


class ContainerPool:
    """Attempts of one campaign, each in a container of its own."""

    def __init__(self, place: Place, terms: Terms, workers: int, variables: dict[str, str]) -> None:
        """Make an empty pool.

        variables: the process environment for the engine's client
        """
        self._place = place
        self._terms = terms
        self._workers = workers
        self._variables = {**variables, **variables_for(terms.campaign, terms.owner)}
        self._waiting: deque[_Waiting] = deque()
        self._running: dict[str, _Running] = {}
        self._over: list[Ended] = []
        self._images: dict[str, Future[str]] = {}
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recrate-image")
        self._closed = False

    @property
    def slots(self) -> int:
        """As many as there are workers: nothing is queued elsewhere."""
        return self._workers

    def submit(self, attempt: Attempt) -> None:
        """Take an attempt; its container starts as soon as its image is there."""
        if self._closed:
            raise OutsideFailed("this pool was closed", hint="open the campaign again")
        check_attempt(attempt)
        order = order_of(attempt)
        minor = minor_of(order)
        if minor not in self._images or self._failed(minor):
            self._images[minor] = self._maker.submit(self._place.have_image, minor)
        self._waiting.append(_Waiting(attempt=attempt, order=order, minor=minor))
        self._start_those_that_can()

    def _failed(self, minor: str) -> bool:
        made = self._images[minor]
        return made.done() and made.exception() is not None

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return the attempts whose containers ended; those over their time are ended here."""
        until = time.monotonic() + wait_seconds
        while not (found := self._look()) and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        return found

    def _look(self) -> tuple[Ended, ...]:
        now = time.monotonic()
        for attempt, running in list(self._running.items()):
            code = running.process.poll()
            if code is None:
                self._press(running, now)
                continue
            del self._running[attempt]
            if code < 0 or running.why:
                self._place.end(running.name, running.process)
            self._place.forget(running.name)
            self._over.append(_ended(attempt, running, code))
        self._start_those_that_can()
        found, self._over = tuple(self._over), []
        return found

    def _press(self, running: _Running, now: float) -> None:
        """Go on with the end of what is over its time, or was called off."""
        if running.ends is not None and now > running.ends and not running.why:
            self._begin_end(running, "time")
        if not running.why or running.killed_at is None:
            return
        if not running.told:
            running.told = self._place.tell_to_end(running.name, running.process)
        if now > running.killed_at and now > running.removed_at + _AGAIN_SECONDS:
            self._place.end(running.name, running.process)
            running.removed_at = now
        if now > running.killed_at + _PATIENCE_SECONDS:
            kill_tree(running.process.pid)

    def _begin_end(self, running: _Running, why: Why) -> None:
        running.why = why
        running.killed_at = time.monotonic() + GRACE_SECONDS

    def _start_those_that_can(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for one in waiting:
            image = self._images[one.minor]
            if len(self._running) >= self._workers or not image.done():
                self._waiting.append(one)
                continue
            try:
                self._start(one, image.result())
            except RecrateError as error:
                self._over.append(
                    Ended(attempt=one.attempt.id, why="lost", note=f"{error}; {error.hint}"[:500])
                )

    def _start(self, one: _Waiting, image: str) -> None:
        attempt = one.attempt
        box = box_of(attempt, one.order, self._terms, image)
        log = Path(attempt.folder) / LOG
        process = start_logged(
            self._place.command(box), log=log, folder=self._terms.kept, variables=self._variables
        )
        ends = time.monotonic() + attempt.seconds if attempt.seconds else None
        self._running[attempt.id] = _Running(process=process, log=log, name=box.name, ends=ends)

    def cancel(self, attempt: str) -> None:
        """Tell its worker to keep what was done and end; one that waits is not begun."""
        kept = deque(one for one in self._waiting if one.attempt.id != attempt)
        if len(kept) < len(self._waiting):
            self._waiting = kept
            self._over.append(Ended(attempt=attempt, why="cancelled"))
        running = self._running.get(attempt)
        if running is not None and not running.why:
            self._begin_end(running, "cancelled")
            self._press(running, time.monotonic())

    def state(self) -> PoolState:
        """Return how it stands; says so while an image is made."""
        making = [minor for minor, image in self._images.items() if not image.done()]
        return PoolState(
            workers=self._workers,
            machines=(platform.node(),),
            queued=len(self._waiting),
            note=f"an image for Python {', '.join(making)} is made" if making else "",
        )

    def close(self) -> None:
        """End all containers, and take away what was written for them.

        An image that is being made is made to its end: the next campaign finds it.
        """
        self._closed = True
        self._waiting.clear()
        for attempt in list(self._running):
            self.cancel(attempt)
        while self._running:
            self._look()
            time.sleep(_LOOK_SECONDS)
        self._maker.shutdown(wait=True, cancel_futures=True)
        remove_tree(self._terms.kept)


def _ended(attempt: str, running: _Running, code: int) -> Ended:
    """Say why a container ended, as far as can be known from outside."""
    if running.why:
        return Ended(attempt=attempt, code=code, why=running.why)
    if code == MEMORY_CODE:
        note = "the kernel killed the worker: the container's memory was used up"
        return Ended(attempt=attempt, code=KILLED_CODE, why="memory", note=note)
    if code == KILLED_CODE or code < 0:
        note = "the container was killed from outside"
        return Ended(attempt=attempt, code=code, why="lost", note=note)
    if code in _ENGINE_CODES:
        said = last_lines(running.log)
        return Ended(attempt=attempt, code=code, why="lost", note=(said or [""])[-1][:300])
    known: dict[int, Why] = {TAKEN_CODE: "refused", CANCELLED_CODE: "cancelled"}
    return Ended(attempt=attempt, code=code, why=known.get(code, ""))
