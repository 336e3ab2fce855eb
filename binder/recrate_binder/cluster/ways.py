"""How an attempt reaches a node and its files come back: over files that both see."""

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from recrate.model.runner import Attempt
from recrate.outside.disk import disk_errors
from recrate.runners.runner import MODULE
from recrate_binder.cluster.onnode import Told, begun_mark, off_mark, run_attempt

Hand = Callable[..., "Future[Any]"]
"""Parsl's `submit`: a function, what it needs, and its arguments."""


class Way(Protocol):
    """How attempts reach nodes."""

    def begin(self, attempt: Attempt) -> "Future[Told]":
        """Hand an attempt to the next free place; once it is done all its files lie here."""
        ...

    def call_off(self, attempt: str) -> bool:
        """Call an attempt off; true where it is over at once, as far as anybody here can tell."""
        ...

    def machines(self, attempts: Iterable[str]) -> set[str]:
        """Return the names of the nodes where these run, as far as they are known."""
        ...

    def close(self) -> None:
        """Carry nothing more."""
        ...


@dataclass(kw_only=True)
class SharedFiles:
    """Nodes see the same files: an attempt is its folder, and news are marks in `marks`."""

    hand: Hand
    python: str
    marks: Path

    def begin(self, attempt: Attempt) -> "Future[Told]":
        """Hand over where it lies."""
        command = (self.python, "-m", MODULE, attempt.folder)
        marks = str(self.marks)
        return self.hand(
            run_attempt, {}, command, attempt.folder, marks, attempt.id, attempt.seconds
        )

    def call_off(self, attempt: str) -> bool:
        """Leave a mark that its node sees; one that no node has begun is over."""
        with disk_errors(self.marks):
            off_mark(self.marks, attempt).touch()
        return not begun_mark(self.marks, attempt).exists()

    def machines(self, attempts: Iterable[str]) -> set[str]:
        """Return what the marks say."""
        found = set()
        for attempt in attempts:
            with contextlib.suppress(OSError):
                found.add(begun_mark(self.marks, attempt).read_text(encoding="utf-8"))
        return found - {""}

    def close(self) -> None:
        """Nothing is on its way: files stay where they are."""
