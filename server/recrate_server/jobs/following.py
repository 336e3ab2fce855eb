"""A job's story as somebody follows it: nothing twice, and the last word only when it holds."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from recrate_server.jobs.events import EventReader, now
from recrate_server.jobs.model import Event, Job

_PATIENCE_SECONDS = 2.0
"""How long the last event may lag behind the job's status before it is told without the file."""


@dataclass
class Story:
    """What one follower was told. `over`: there is nothing more to come."""

    reader: EventReader
    after: int
    over: bool = False
    waiting: list[Event] = field(default_factory=list)
    number: int = -1
    since: float | None = None

    def read(self) -> None:
        """Take in what is new in the file; off the event loop."""
        self.waiting += self.reader.read()

    def told(self, job: Job) -> Iterator[Event]:
        """Yield what can be told now, with `job` as it was read after `read`."""
        last = self.reader.last_status
        self.over = job.status.final and last is job.status
        held: list[Event] = []
        if not self.over and self.waiting:
            status = self.waiting[-1].status
            if status is not None and status.final:
                held = [self.waiting.pop()]
        for event in self.waiting:
            self.number = max(self.number, event.number)
            if event.number > self.after:
                final = self.over and event is self.waiting[-1]
                yield replace(event, job=job) if final else event
        self.waiting = held
        if job.status.final and not self.over:
            yield from self._without_file(job)

    def _without_file(self, job: Job) -> Iterator[Event]:
        """Tell the end of a job whose file could not take its last event."""
        self.since = self.since or time.monotonic()
        if time.monotonic() - self.since > _PATIENCE_SECONDS:
            self.over = True
            yield Event(
                number=self.number + 1,
                at=job.ended or now(),
                type="status",
                status=job.status,
                error=job.error,
                job=job,
            )
