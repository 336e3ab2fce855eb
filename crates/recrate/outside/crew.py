"""Work of our own in a few processes side by side; they end when we do, also when we are killed."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_PIECES = 200
"""A process is replaced after so many pieces, so that what they leave in memory goes with it."""


class Lost(Exception):  # noqa: N818 - a name of what happened
    """The process that did a piece of work was killed before its end."""


class Crew:
    """Processes that take pieces of work. To be used from one thread, as a context."""

    def __init__(self, count: int) -> None:
        """Start nothing yet; `count` processes at most."""
        self._count = count
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            max_tasks_per_child=_PIECES,
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let pieces under way come to their end, and begin no others."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(
        self, work: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> "Future[Answer]":
        """Have a piece of work done: a function of a module, with values that can be pickled."""
        try:
            return self._pool.submit(work, *given, **named)
        except BrokenProcessPool:
            self._renew()
            return self._pool.submit(work, *given, **named)

    def alone(
        self, work: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Have a piece done while nothing else is, and return its answer.

        Raises Lost where its process is killed again: then it was this piece.
        """
        try:
            return self.submit(work, *given, **named).result()
        except BrokenProcessPool as error:
            self._renew()
            raise Lost from error

    def _renew(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._made()


def is_lost(piece: "Future[Answer]") -> bool:
    """Say whether a piece that is over was lost with a process: perhaps not by its own fault."""
    return isinstance(piece.exception(), BrokenProcessPool)


def _begin() -> None:
    """Leave interrupts to whoever asked for the work, and end with them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True, name="recrate-parent").start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
