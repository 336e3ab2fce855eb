"""The processes of workers: started so that they outlive us, known again, ended with their tree."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from recrate.model.errors import OutsideFailed

JOB_VARIABLE = "RECRATE_JOB"
"""Marks all that a worker starts, so that it is found also when its parent is gone."""

_START_TOLERANCE_SECONDS = 1.5
"""Start times are reckoned from the moment the machine booted, which clocks set right later."""

_PRIVATE = (
    "JPY_", "JUPYTER_TOKEN", "JUPYTER_PASSWORD", "JUPYTERHUB_", "RECRATE_TOKEN_",
)  # fmt: skip
"""Variables of the server that are no business of what a worker starts: tokens."""

_ROUNDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """What tells one process from every other: its number, when it started, and where.

    started: seconds since 1970
    machine: the machine and, in a container, the container
    """

    pid: int
    started: float
    machine: str


@cache
def this_machine() -> str:
    """Return a name for the space in which process numbers mean something."""
    parts = [os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")]
    with contextlib.suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
    with contextlib.suppress(OSError):
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return " ".join(parts)


def mark_of(pid: int) -> ProcessMark | None:
    """Return the mark of a process here, or None when there is none of that number."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.Error:
        return None
    return ProcessMark(pid=pid, started=started, machine=this_machine())


def is_here(mark: ProcessMark) -> bool:
    """Whether the process is one of this machine, so that it can be looked at."""
    return mark.machine == this_machine()


def alive(mark: ProcessMark) -> bool:
    """Whether that very process still runs here; another one with its number does not count."""
    if not is_here(mark):
        return False
    try:
        process = psutil.Process(mark.pid)
        same = abs(process.create_time() - mark.started) <= _START_TOLERANCE_SECONDS
        return same and process.status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.Error:
        return False


def start_worker(
    folder: Path, said: Path, *, job: str, added: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start a worker on the job's folder, in a session of its own and without a pipe to us.

    added: variables of its environment that ours has not
    Raises OutsideFailed when it cannot be started.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
    variables |= {
        **added,
        JOB_VARIABLE: job,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONFAULTHANDLER": "1",
    }
    command = [sys.executable, "-P", "-m", "recrate_server.worker", str(folder)]
    try:
        with said.open("ab") as stream:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd=folder,
                env=variables,
                start_new_session=sys.platform != "win32",
            )
    except OSError as error:
        raise OutsideFailed(
            f"cannot start a worker: {error.strerror or error}",
            where=str(folder),
            hint="is the machine out of memory or of processes?",
        ) from error


def let_go(child: "subprocess.Popen[bytes]") -> None:
    """Leave a child to itself: it is to outlive us, and nobody will wait for it."""
    if child.poll() is None:
        child.returncode = 0


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind, where the system knows that.

    Source: prctl(2), PR_SET_CHILD_SUBREAPER.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only here, and only in workers

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def end_tree(mark: ProcessMark, *, job: str, patience_seconds: float = 5.0) -> bool:
    """End a worker and everything it started; return whether nothing is left.

    It is asked first and has `patience_seconds` to save what it saw; then all are killed, also
    those in sessions of their own and those whose parent is gone.
    """
    family = {one.pid: one for one in _descendants(mark)}
    if alive(mark):
        with contextlib.suppress(psutil.Error):
            psutil.Process(mark.pid).send_signal(signal.SIGTERM)
        _wait(lambda: not alive(mark), patience_seconds)
    for _ in range(_ROUNDS):
        family |= {one.pid: one for one in (*_descendants(mark), *_marked(job))}
        left = [one for one in family.values() if _runs(one)]
        if not left and not alive(mark):
            return True
        if alive(mark):
            with contextlib.suppress(psutil.Error):
                psutil.Process(mark.pid).kill()
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.kill()
        time.sleep(0.05)
    return False


def end_children() -> None:
    """End all that this process started and that still runs, orphans it adopted included."""
    for _ in range(_ROUNDS):
        left = [one for one in psutil.Process().children(recursive=True) if _runs(one)]
        if not left:
            return
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(left, timeout=0.2)


def _descendants(mark: ProcessMark) -> list[psutil.Process]:
    if not alive(mark):
        return []
    try:
        return psutil.Process(mark.pid).children(recursive=True)
    except psutil.Error:
        return []


def _marked(job: str) -> Iterator[psutil.Process]:
    """Yield what carries the job's mark in its environment, wherever it hangs in the tree."""
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if one.pid != os.getpid() and one.environ().get(JOB_VARIABLE) == job:
                yield one


def _runs(process: psutil.Process) -> bool:
    """Whether it is there and no zombie; psutil looks at the start time as well."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wait(over: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not over() and time.monotonic() < until:
        time.sleep(0.05)
