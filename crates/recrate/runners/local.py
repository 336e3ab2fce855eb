"""This machine: so many workers at once, each a process of its own with all that it starts."""

import os
import platform
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from recrate.model.deposit import Option
from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity, find
from recrate.model.runner import AboutRunner, Attempt, Ended, PoolState, RunnerCapabilities, Why
from recrate.outside import sandbox
from recrate.runners.local_workers import Over, Worker, Workers
from recrate.runners.runner import CANCELLED_CODE, TAKEN_CODE, Depot

_GRACE_SECONDS = 20.0
"""What a worker has for keeping what was done, once it is told to end."""
_LOOK_SECONDS = 0.05

ABOUT = AboutRunner(
    kind="local",
    title_en="This machine",
    title_ja="このマシン",
    capabilities=RunnerCapabilities(time=True, survives=True),
    options=(
        Option(
            name="workers",
            label_en="Replays at once",
            label_ja="同時に行う再実行の数",
            help_en="Empty: one for each processor that this process may use.",
            help_ja="空欄の場合は、使用できるプロセッサと同じ数です。",
        ),
    ),
)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no such call
        return os.cpu_count() or 1


class Local:
    """This machine as a runner."""

    about = ABOUT

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput for a number of workers that is none."""
        told = answers.get("workers", "")
        if told and not (told.isdecimal() and 0 < int(told) <= 1024):
            raise BadInput(
                f"workers: {told!r} is no number of replays", hint="a whole number from 1 to 1024"
            )
        self._workers = int(told) if told else 0
        self._depot = depot

    def check(self) -> Iterator[Finding]:
        """Say whether notebooks can be run within walls here."""
        walls = sandbox.availability()
        if not walls.ok:
            yield find(Severity.ERROR, "runner-no-sandbox", walls.reason, hint=walls.hint)
            return
        memory = psutil.virtual_memory()
        yield find(
            Severity.NOTE,
            "runner-works",
            f"{self._workers or usable_processors()} replays at once, "
            f"{memory.available / 1024**3:.1f} GiB of memory are free",
        )

    def open(self, campaign: str, folder: Path, *, workers: int) -> "LocalPool":  # noqa: ARG002 - the folder tells whose it is
        """Return the pool; nothing is started yet."""
        many = workers or self._workers or usable_processors()
        return LocalPool(many, Workers(self._depot, folder))


@dataclass(kw_only=True)
class _Running:
    worker: Worker
    ends: float | None
    why: Why = ""
    killed_at: float | None = None


class LocalPool:
    """Workers of one campaign on this machine."""

    def __init__(self, many: int, workers: Workers) -> None:
        """Make an empty pool for so many at once."""
        self._many = many
        self._workers = workers
        self._running: dict[str, _Running] = {}

    @property
    def slots(self) -> int:
        """As many as there are workers: nothing waits here."""
        return self._many

    def submit(self, attempt: Attempt) -> None:
        """Start a worker for the attempt; raises OutsideFailed when it cannot be started."""
        worker = self._workers.start(Path(attempt.folder))
        ends = time.monotonic() + attempt.seconds if attempt.seconds else None
        self._running[attempt.id] = _Running(worker=worker, ends=ends)

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return the attempts whose workers ended; those over their time are ended here."""
        until = time.monotonic() + wait_seconds
        while not (found := self._look()) and (left := until - time.monotonic()) > 0:
            self._workers.wait(min(_LOOK_SECONDS, left))
        return found

    def _look(self) -> tuple[Ended, ...]:
        now = time.monotonic()
        found = []
        for name, running in list(self._running.items()):
            if running.ends is not None and now > running.ends and not running.why:
                running.why = "time"
                self._tell_to_end(running, now)
            if running.killed_at is not None and now > running.killed_at:
                running.worker.kill()
            over = running.worker.look()
            if over is not None:
                del self._running[name]
                found.append(Ended(attempt=name, code=over.code, why=_why(running, over)))
        return tuple(found)

    def _tell_to_end(self, running: _Running, now: float) -> None:
        running.killed_at = now + _GRACE_SECONDS
        running.worker.signal(signal.SIGTERM)

    def cancel(self, attempt: str) -> None:
        """Tell its worker to keep what was done and end."""
        running = self._running.get(attempt)
        if running is not None and not running.why:
            running.why = "cancelled"
            self._tell_to_end(running, time.monotonic())

    def state(self) -> PoolState:
        """Return how many workers there are."""
        return PoolState(workers=self._many, machines=(platform.node(),))

    def close(self) -> None:
        """End all workers, and wait until they have kept what was done."""
        for name in list(self._running):
            self.cancel(name)
        until = time.monotonic() + _GRACE_SECONDS
        left = [one.worker for one in self._running.values()]
        while left := [one for one in left if one.look() is None]:
            if time.monotonic() > until:
                for worker in left:
                    worker.kill()
            self._workers.wait(_LOOK_SECONDS)
        self._running.clear()
        self._workers.close()


def _why(running: _Running, over: Over) -> Why:
    if running.why:
        return running.why
    if over.code == TAKEN_CODE:
        return "refused"
    somebody_else = over.code is None or over.code < 0 or over.code == CANCELLED_CODE
    return "lost" if somebody_else else ""
