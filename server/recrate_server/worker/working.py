"""One errand from its beginning to its last event."""

import contextlib
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from recrate_server.jobs.events import EventWriter
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.minding import NO_LAST_WORD
from recrate_server.jobs.model import Problem, Status
from recrate_server.jobs.orders import Errand
from recrate_server.jobs.problems import problem_of
from recrate_server.jobs.processes import adopt_orphans, end_children, mark_of
from recrate_server.worker.telling import Telling

DONE = 0
NOT_MINE = 75
"""Another worker has the folder."""


def work(root: Path) -> int:
    """Do the errand in `root` and return the code to leave with."""
    folder = JobFolder(root=root)
    lock = FileLock(folder.held)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return NOT_MINE
    adopt_orphans()
    _take_signals()
    try:
        return _in_folder(folder)
    except OSError as error:
        _say(f"recrate: {error}\n")
        return NO_LAST_WORD


def _in_folder(folder: JobFolder) -> int:
    with EventWriter.open(folder.events) as writer:
        writer.keep_reserve()
        mark = mark_of(os.getpid())
        assert mark is not None, "this process is there"
        folder.write_process(mark)
        writer.status(Status.RUNNING)
        status, error = _do(folder, writer)
        end_children()
        writer.status(status, error=error)
    return DONE


def _do(folder: JobFolder, writer: EventWriter) -> tuple[Status, Problem | None]:
    """Do the errand; whatever it comes to is a status, and a problem where something is wrong."""
    errand: Errand | None = None
    if folder.cancel.exists():
        return Status.CANCELLED, None
    try:
        errand = folder.errand()
        with Telling(writer=writer, pulse=folder.pulse) as telling:
            # The core takes a second to load, and a person sees by then that the job runs.
            from recrate_server.worker.errands import run  # noqa: PLC0415

            result = run(errand, folder, progress=telling)
        _ignore_signals()
        folder.write_result(result)
    except KeyboardInterrupt:
        _ignore_signals()
        return (Status.CANCELLED if folder.cancel.exists() else Status.INTERRUPTED), None
    except Exception as error:  # noqa: BLE001 - the one door where a worker's errors become words
        _ignore_signals()
        if folder.cancel.exists():
            return Status.CANCELLED, None
        _say(traceback.format_exc())
        return Status.FAILED, problem_of(error, places=_places(folder, errand))
    return Status.DONE, None


def _places(folder: JobFolder, errand: Errand | None) -> dict[str, str]:
    """Return what real folders are called in front of people."""
    known = {str(folder.root): "the job's folder"}
    if errand is not None:
        job = errand.job
        known[errand.source] = job.subject or job.title
        if errand.destination is not None:
            shown = job.order.get("destination")
            known[errand.destination] = str(shown or Path(errand.destination).name)
    return known


def _say(text: str) -> None:
    """Leave a word in the file that is our stderr, unless the disk is full."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _take_signals() -> None:
    """Let a polite signal end us as Ctrl-C does: all ended, and what was seen kept."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise KeyboardInterrupt

    for number in _polite():
        signal.signal(number, interrupt)


def _ignore_signals() -> None:
    """Do not be interrupted while putting things in order: once is enough."""
    for number in _polite():
        with contextlib.suppress(ValueError):
            signal.signal(number, signal.SIG_IGN)


def _polite() -> tuple[signal.Signals, ...]:
    hang_up = getattr(signal, "SIGHUP", None)
    return (signal.SIGTERM, signal.SIGINT, *((hang_up,) if hang_up is not None else ()))
