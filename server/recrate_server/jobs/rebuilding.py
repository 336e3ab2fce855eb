"""Jobs of which only the folder is left: after a broken database, or a server that was killed."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from recrate.model.errors import RecrateError
from recrate_server.jobs.events import EventReader
from recrate_server.jobs.folder import JobFolder, JobFolders
from recrate_server.jobs.model import Job, Status
from recrate_server.jobs.processes import alive
from recrate_server.jobs.summaries import summary_of

_SETTLED_SECONDS = 60.0
"""A younger folder may be one that another server is about to enter."""


def found_again(
    folders: JobFolders, known: frozenset[str], *, at_once: bool = False
) -> Iterator[Job]:
    """Yield the jobs that have a folder and are not `known`, oldest first.

    at_once: the database is new, so that every folder is one of its past
    """
    lost = [folders.of(job_id) for job_id in folders.ids() if job_id not in known]
    jobs = []
    for folder in lost:
        with contextlib.suppress(RecrateError, OSError, ValueError):
            if at_once or time.time() - folder.root.stat().st_mtime > _SETTLED_SECONDS:
                jobs.append(_job_in(folder))
    yield from sorted(jobs, key=lambda job: job.created)


def _job_in(folder: JobFolder) -> Job:
    """Return the job as its folder tells it."""
    events = EventReader(path=folder.events).read()
    told = [event for event in events if event.status is not None]
    begun = next((event.at for event in told if event.status is Status.RUNNING), None)
    last = told[-1] if told else None
    status = (last.status if last else None) or Status.INTERRUPTED
    process = folder.process()
    if not status.final:
        running = process is not None and alive(process)
        status = Status.RUNNING if running else Status.INTERRUPTED
    steps = [event.progress for event in events if event.progress is not None]
    summary = None
    if status is Status.DONE:
        with contextlib.suppress(RecrateError, ValueError, KeyError, TypeError):
            summary = summary_of(folder.read_result())
    return replace(
        folder.errand().job,
        status=status,
        started=begun,
        ended=last.at if last and status.final else None,
        progress=steps[-1] if steps else None,
        error=last.error if last else None,
        summary=summary,
        resumable=status.resumable,
    )
