"""Other programs: started without a shell, bounded in time, ended with all their children."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from recrate.model.errors import OutsideFailed

_NO_START = "is it installed, and may it be run? Then try again"
_SUBREAPER = 36
_START_SECONDS = 0.5
"""How far two readings of one start may lie apart: it is computed from the machine's boot time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A program that ended. `code` is -signal when a signal ended it; output is decoded UTF-8."""

    code: int
    out: str
    error: str
    timed_out: bool = False


def run(
    command: Sequence[str | Path],
    *,
    timeout_seconds: float,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    text_in: str | None = None,
) -> Finished:
    """Run `command` to its end and return what it printed.

    variables: the whole environment of the program; None passes ours on
    Past `timeout_seconds`, and when we are interrupted, it and all its children are killed.
    Raises OutsideFailed when it cannot be started.
    """
    child = start(command, folder=folder, variables=variables)
    try:
        out, error = child.communicate(
            text_in.encode() if text_in is not None else None, timeout=timeout_seconds
        )
        timed_out = False
    except subprocess.TimeoutExpired:
        kill_tree(child.pid)
        out, error = child.communicate()
        timed_out = True
    except BaseException:
        kill_tree(child.pid)
        child.wait()
        raise
    return Finished(
        code=child.returncode,
        out=out.decode("utf-8", "replace"),
        error=error.decode("utf-8", "replace"),
        timed_out=timed_out,
    )


def start(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own, with pipes; raises OutsideFailed if it cannot be."""
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(variables) if variables is not None else None,
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        raise OutsideFailed(
            f"cannot start {Path(str(command[0])).name}: {error.strerror or error}",
            where=str(command[0]),
            hint=_NO_START,
        ) from error


def kill_tree(pid: int) -> None:
    """Kill a process, its children, and whoever still shares its process group."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def started_at(pid: int) -> float | None:
    """Return when a process started, in seconds since 1970; None when there is no such process.

    Together with its number this tells a process from another one that got the number later.
    """
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def same_process(pid: int, started: float | None) -> bool:
    """Say whether the process of that number that started then still runs."""
    try:
        process = psutil.Process(pid)
        same = started is not None and abs(process.create_time() - started) <= _START_SECONDS
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    folder: Path,
    variables: Mapping[str, str],
) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own, with what it prints appended to `log`.

    Raises OutsideFailed when it cannot be started.
    """
    try:
        with log.open("ab") as kept:
            return subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=kept,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(variables),
                start_new_session=sys.platform != "win32",
            )
    except OSError as error:
        raise OutsideFailed(
            f"cannot start {Path(str(command[0])).name}: {error.strerror or error}",
            where=str(command[0]),
            hint=_NO_START,
        ) from error


Child = subprocess.Popen[bytes]
"""A program that was started and may still run."""


def adopt_orphans() -> None:
    """Become the parent of what our children leave behind, so that its time is counted as ours.

    Only Linux knows this; elsewhere nothing happens. Source: prctl(2), PR_SET_CHILD_SUBREAPER.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


_killed: list[float] = []
"""Processor seconds of processes that the system did not add to anybody's."""


def count_before_kill(process: psutil.Process) -> None:
    """Take note of what all below a namespace's first process took, before that one is killed.

    The system then ends the others and forgets their times. Source: pid_namespaces(7).
    """
    for below in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            times = below.cpu_times()
            _killed.append(float(sum(times[:4])))  # its own and those of its ended children


def core_seconds() -> float:
    """Return processor seconds of this process and of all that it started and that has ended."""
    if sys.platform != "win32":
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(_killed)


def wait_for(process: Child, seconds: float) -> bool:
    """Wait so long for the end of a process; False when it still runs then."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return True
    return False


def wait_until(
    ready: Callable[[], bool],
    process: "subprocess.Popen[bytes]",
    *,
    timeout_seconds: float,
) -> bool:
    """Wait until `ready`; False when the process ended before that, or the time is up."""
    end = time.monotonic() + timeout_seconds
    while time.monotonic() < end:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.05)
    return False
