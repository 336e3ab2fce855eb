"""One running job in our care: what is new of it, whether it lives, and how it ended.

Everything here looks at files and processes, so it is called off the event loop.
"""

import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from recrate.model.errors import RecrateError
from recrate_server.jobs.events import EventReader, EventWriter, now
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.leftovers import remove_leftovers
from recrate_server.jobs.model import Event, Job, Problem, Progress, Status
from recrate_server.jobs.problems import without_places
from recrate_server.jobs.processes import ProcessMark, alive, end_tree, is_here, start_worker
from recrate_server.jobs.summaries import summary_of

NO_LAST_WORD = 74
"""The code with which a worker leaves that could not write its last event."""

_LOOK_SECONDS = 1.0
_BEGIN_SECONDS = 20.0
"""How long a worker that somebody else started may take to say which process it is."""
_PULSE_SECONDS = 60.0
_LEAVE_SECONDS = 10.0
"""How long a worker may take to leave after its last event."""


Variables = Callable[[Job], Mapping[str, str]]
"""What a job's worker finds in its environment beside the server's own: tokens."""


@dataclass(kw_only=True)
class Minded:
    """A job that runs and is ours.

    child:    its worker, where we started it
    mark:     its worker's process, once known
    fresh:    its progress is not in the database yet; kept: the mark that is
    looked, saved, since: on the monotonic clock
    """

    job: Job
    folder: JobFolder
    reader: EventReader
    variables: Variables
    child: "subprocess.Popen[bytes] | None" = None
    mark: ProcessMark | None = None
    progress: Progress | None = None
    fresh: bool = False
    kept: ProcessMark | None = None
    looked: float = 0.0
    saved: float = 0.0
    since: float = field(default_factory=time.monotonic)

    @classmethod
    def of(
        cls,
        job: Job,
        folder: JobFolder,
        variables: Variables = lambda _job: {},
    ) -> "Minded":
        """Begin to mind a job. `variables`: gives what its worker finds in its environment."""
        reader = EventReader(path=folder.events)
        return cls(job=job, folder=folder, reader=reader, variables=variables)

    def start(self) -> None:
        """Start its worker; raises RecrateError when it cannot be."""
        self.folder.ready()
        remove_leftovers(self.folder.errand())
        with EventWriter.open(self.folder.events) as writer:
            if writer.last_status is not Status.QUEUED:
                writer.status(Status.QUEUED)
        self.child = start_worker(
            self.folder.root,
            self.folder.said,
            job=self.job.id,
            added=self.variables(self.job),
        )

    def look(self) -> tuple[tuple[Event, ...], bool]:
        """Return the new events, and whether the worker has ended or said its last word."""
        over = self._gone()
        events = self.reader.read()
        for event in events:
            if event.progress is not None:
                self.progress, self.fresh = event.progress, True
        said = self.reader.last_status
        return events, over or (said is not None and said.final)

    def _gone(self) -> bool:
        if self.mark is None:
            with contextlib.suppress(RecrateError):
                self.mark = self.folder.process()
        if self.child is not None:
            return self.child.poll() is not None
        moment = time.monotonic()
        if moment - self.looked < _LOOK_SECONDS:
            return False
        self.looked = moment
        if self.mark is None:
            return moment - self.since > _BEGIN_SECONDS
        return not alive(self.mark) if is_here(self.mark) else not self.pulse_is_fresh()

    def pulse_is_fresh(self) -> bool:
        """Whether the worker, on a machine that we cannot look at, gave a sign of late."""
        try:
            return time.time() - self.folder.pulse.stat().st_mtime < _PULSE_SECONDS
        except OSError:
            return False

    def never_began(self) -> bool:
        """Whether no worker ever took the folder: the job can simply be started again."""
        return self.child is None and self.mark is None

    def end(self, patience_seconds: float, *, by_person: bool = True) -> None:
        """End the worker and all it started; it is asked first.

        by_person: it is cancelled; otherwise only interrupted
        """
        if by_person:
            with contextlib.suppress(OSError):
                self.folder.cancel.touch()
        until = time.monotonic() + patience_seconds
        while self.mark is None and time.monotonic() < until:
            with contextlib.suppress(RecrateError):
                self.mark = self.folder.process()
            if self.child is not None and self.child.poll() is not None:
                return
            time.sleep(0.05)
        if self.mark is not None and is_here(self.mark):
            end_tree(self.mark, job=self.job.id, patience_seconds=patience_seconds)
        elif self.child is not None:
            self.child.kill()

    def settle(self) -> Job:
        """Return the job as it ended, with nothing of it left running or half-written."""
        code = self._wait()
        self.reader.read()
        events = EventReader(path=self.folder.events).read()
        last = next((one for one in reversed(events) if one.status is not None), None)
        if last is not None and last.status is not None and last.status.final:
            status, error = last.status, last.error
        else:
            status, error = self._without_last_word(code)
            with contextlib.suppress(OSError), EventWriter.open(self.folder.events) as writer:
                writer.status(status, error=error)
        if status is not Status.DONE:
            with contextlib.suppress(RecrateError):
                remove_leftovers(self.folder.errand())
        return self._ended(status, error)

    def _wait(self) -> int | None:
        """Wait until the worker has left and nothing it started is there; return its code."""
        if self.child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(_LEAVE_SECONDS)
        if self.mark is not None and is_here(self.mark):
            until = time.monotonic() + _LEAVE_SECONDS
            while alive(self.mark) and time.monotonic() < until:
                time.sleep(0.05)
            end_tree(self.mark, job=self.job.id, patience_seconds=0)
        return self.child.wait() if self.child is not None else None

    def _without_last_word(self, code: int | None) -> tuple[Status, Problem | None]:
        """Say how a job ended whose worker could not."""
        if self.folder.result.is_file():
            return Status.DONE, None
        if self.folder.cancel.exists():
            return Status.CANCELLED, None
        said = without_places(self.folder.last_said(), {str(self.folder.root): "the job's folder"})
        if code == NO_LAST_WORD:
            return Status.FAILED, Problem(
                message="the disk is full, or can no longer be written",
                reason="outside-failed",
                hint="free some space, then resume the job",
                details=said,
            )
        if code is not None and code > 0:
            return Status.FAILED, Problem(
                message=f"the job's process left with code {code}",
                reason="internal",
                hint="this is a fault of recrate: copy the details into a report",
                details=said,
            )
        return Status.INTERRUPTED, Problem(
            message="the job's process was ended from outside"
            + (f" (signal {-code})" if code else ""),
            reason="outside-failed",
            hint="the machine may have been switched off, or out of memory: resume goes on",
            details=said,
        )

    def _ended(self, status: Status, error: Problem | None) -> Job:
        summary = self.job.summary
        if status is Status.DONE:
            try:
                summary = summary_of(self.folder.read_result())
            except (RecrateError, ValueError, KeyError, TypeError) as fault:
                status = Status.FAILED
                error = Problem(
                    message="the result cannot be read", reason="internal", details=repr(fault)
                )
        return replace(
            self.job,
            status=status,
            ended=now(),
            progress=self.progress,
            error=error,
            summary=summary,
            resumable=status.resumable,
        )
