"""Progress as events: often enough to look alive, seldom enough to cost nothing."""

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from recrate_server.jobs.events import EventWriter
from recrate_server.jobs.model import Progress

_LEAST_SECONDS = 0.1
_MOST_SECONDS = 2.0
_SHARE = 0.01
"""Between two events lies a hundredth of the time so far: a long job has no endless story."""

_PULSE_SECONDS = 5.0
_SETTLED_SECONDS = 2.0
"""Nobody is told how long a stage will take before it has run so long."""


@dataclass(kw_only=True)
class Pace:
    """How fast one stage goes, and so how long it will still take."""

    began: float
    first: int
    moment: float = 0.0
    done: int = 0
    rate: float = 0.0
    """Steps a second, of late."""

    @classmethod
    def start(cls, moment: float, done: int) -> "Pace":
        """Begin a stage of which `done` steps are finished already."""
        return cls(began=moment, first=done, moment=moment, done=done)

    def step(self, moment: float, done: int, total: int) -> float | None:
        """Take in where the stage is; return the seconds left, or None while that is not known."""
        passed = moment - self.moment
        if passed > 0 and done > self.done:
            lately = (done - self.done) / passed
            memory = max(5.0, (moment - self.began) / 3)
            weight = 1 - math.exp(-passed / memory)
            overall = (done - self.first) / (moment - self.began)
            self.rate = lately * weight + (self.rate or overall) * (1 - weight)
            self.moment, self.done = moment, done
        if not self.rate or total <= 0 or moment - self.began < _SETTLED_SECONDS:
            return None
        # While a step takes its time, the clock runs on; it never runs below nothing.
        left = (total - self.done) / self.rate - (moment - self.moment)
        return round(max(0.0, left), 1)


@dataclass(kw_only=True)
class Telling:
    """The core's `progress`, written down as events; as a context it also keeps the pulse.

    A disk that refuses an event is no reason to stop: the work itself will meet it, or not.
    """

    writer: EventWriter
    pulse: Path
    clock: Callable[[], float] = time.monotonic
    began: float = 0.0
    told: float = -math.inf
    stage: str | None = None
    pace: Pace | None = None
    waiting: Progress | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    over: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def __call__(self, stage: str, done: int, total: int, message: str) -> None:
        """Say that `done` of `total` steps of `stage` are finished."""
        with self.lock:
            moment = self.clock()
            if stage != self.stage or self.pace is None or done < self.pace.done:
                self.flush()
                self.pace = Pace.start(moment, done)
            left = self.pace.step(moment, done, total)
            self.waiting = Progress(
                stage=stage, done=done, total=total, message=message, seconds_left=left
            )
            if stage != self.stage or moment - self.told >= self._pause(moment):
                self.flush()
            self.stage = stage

    def note(self, message: str) -> None:
        """Tell the person a sentence."""
        with self.lock, contextlib.suppress(OSError):
            self.flush()
            self.writer.note(message)

    def flush(self) -> None:
        """Write the latest step if it was held back."""
        with self.lock:
            if self.waiting is None:
                return
            with contextlib.suppress(OSError):
                self.writer.progress(self.waiting)
            self.waiting = None
            self.told = self.clock()

    def _pause(self, moment: float) -> float:
        return min(_MOST_SECONDS, max(_LEAST_SECONDS, (moment - self.began) * _SHARE))

    def _keep_pulse(self) -> None:
        beaten = -math.inf
        while not self.over.wait(0.2):
            moment = self.clock()
            if moment - beaten >= _PULSE_SECONDS:
                beaten = moment
                with contextlib.suppress(OSError):
                    self.pulse.touch()
            with self.lock:
                if moment - self.told >= self._pause(moment):
                    self.flush()

    def __enter__(self) -> Self:
        self.began = self.clock()
        self.thread = threading.Thread(target=self._keep_pulse, name="pulse", daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.thread is not None:
            self.thread.join()
        self.flush()
