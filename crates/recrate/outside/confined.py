"""A program that runs within limits, and is ended with everything it started."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from recrate.outside.limits import Bounds
from recrate.outside.process import Finished, count_before_kill, kill_tree, start

_KEPT_BYTES = 1_000_000
"""How much of what a program says on its own stdout and stderr is remembered: the end of it."""

_WATCH_SECONDS = 0.1

_AROUND = ("bwrap", "sh", "dash", "prlimit")
"""What stands around the program, in the order of its tree."""


@dataclass(kw_only=True)
class Confined:
    """A running program and its tree. As a context it is ended, whatever happens.

    walled: it has a process namespace of its own, so that ending its first process ends all
    broken: what the watcher ended it for, in words; empty when it did not
    """

    child: "subprocess.Popen[bytes]"
    bounds: Bounds
    walled: bool
    broken: str = ""
    out: bytearray = field(default_factory=bytearray)
    error: bytearray = field(default_factory=bytearray)
    peak: int = 0
    readers: list[threading.Thread] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        bounds: Bounds,
        *,
        walled: bool,
        folder: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> "Confined":
        """Start `command`; raises OutsideFailed when it cannot be started."""
        child = start(command, folder=Path(folder) if folder else None, variables=variables)
        confined = cls(child=child, bounds=bounds, walled=walled)
        if child.stdin:
            child.stdin.close()
        assert child.stdout is not None
        assert child.stderr is not None
        for pipe, kept in ((child.stdout, confined.out), (child.stderr, confined.error)):
            reader = threading.Thread(target=_keep_end, args=(pipe, kept), daemon=True)
            reader.start()
            confined.readers.append(reader)
        if bounds.watched:
            threading.Thread(target=confined._watch, daemon=True).start()
        return confined

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.child.poll()

    def said(self) -> str:
        """Return the end of what it printed on stderr, then on stdout."""
        return (bytes(self.error) + bytes(self.out)).decode("utf-8", "replace")

    def peak_bytes(self) -> int:
        """Return the most memory its tree held at once; 0 when that is not known."""
        return max(self.peak, self.bounds.peak_bytes())

    def ran_out_of_memory(self) -> bool:
        """Say whether something in it was ended for want of memory."""
        return self.broken == "memory" or self.bounds.ran_out_of_memory()

    def finish(self, timeout_seconds: float) -> Finished:
        """Wait for its end, at most so long, and return what it printed (the end of it)."""
        timed_out = False
        try:
            self.child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
        self.end()
        return Finished(
            code=self.child.returncode,
            out=bytes(self.out).decode("utf-8", "replace"),
            error=bytes(self.error).decode("utf-8", "replace"),
            timed_out=timed_out,
        )

    def end(self) -> None:
        """Kill it and all it started, and wait until they are gone."""
        self.over.set()
        if self.child.poll() is None:
            if self.walled:
                self._kill_first_inside()
            kill_tree(self.child.pid)
        self.child.wait()
        self.bounds.close()
        for reader in self.readers:
            reader.join(1)
        for pipe in (self.child.stdout, self.child.stderr):
            if pipe:
                pipe.close()

    def interrupt(self) -> None:
        """Send SIGINT to the program itself, past the shell and the walls around it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            inner = psutil.Process(self.child.pid)
            while inner.name() in _AROUND and (children := inner.children()):
                inner = children[0]
            inner.send_signal(signal.SIGINT)

    def _kill_first_inside(self) -> None:
        """End the namespace by its first process: that one is gone only when all others are."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for inside in psutil.Process(self.child.pid).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    count_before_kill(inside)
                    inside.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(5)

    def _watch(self) -> None:
        """Stand in for control groups: look at the tree often, end it when it takes too much."""
        limits = self.bounds.limits
        while not self.over.wait(_WATCH_SECONDS) and self.child.poll() is None:
            members, held = _measure(self.child.pid)
            self.peak = max(self.peak, held)
            if limits.memory_bytes is not None and held > limits.memory_bytes:
                self.broken = "memory"
            elif limits.processes is not None and members > limits.processes:
                self.broken = "processes"
            if self.broken:
                if self.walled:
                    self._kill_first_inside()
                kill_tree(self.child.pid)
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


def _measure(pid: int) -> tuple[int, int]:
    """Return the number of processes in a tree, and the bytes they hold together."""
    members, held = 0, 0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for member in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                memory = member.memory_info()
                held += memory.rss - getattr(memory, "shared", 0)
            members += 1
    return members, held


def _keep_end(pipe: IO[bytes], kept: bytearray) -> None:
    with contextlib.suppress(OSError, ValueError):
        while block := os.read(pipe.fileno(), 65536):
            kept += block
            if len(kept) > 2 * _KEPT_BYTES:
                del kept[:-_KEPT_BYTES]
