"""The care of running jobs: which are ours, what is new of them, which one is next."""

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from recrate.model.errors import Conflict, OutsideFailed, RecrateError
from recrate.model.wire import from_json, to_json
from recrate_server.jobs.events import now
from recrate_server.jobs.folder import JobFolders
from recrate_server.jobs.minding import Minded, Variables
from recrate_server.jobs.model import Event, Job, Kind, Status
from recrate_server.jobs.problems import problem_of
from recrate_server.jobs.processes import ProcessMark, alive, is_here, let_go, mark_of
from recrate_server.jobs.rebuilding import found_again
from recrate_server.jobs.settings import DeskSettings
from recrate_server.jobs.store import Claim, Store
from recrate_server.jobs.summaries import summary_of
from recrate_server.jobs.threads import Threads

Listener = Callable[[Job], None]

_TICK_SECONDS = 0.15
_KEEP_SECONDS = 1.0
"""How often the progress of running jobs goes into the database."""
_ROUND_SECONDS = 5.0
"""How often one server looks for jobs whose server is gone, and for what another one queued."""

_open_here: set[str] = set()
"""Owners of this process: two of them share its number."""


class Care:
    """Minds the running jobs of one server. Everything public here is for the desk."""

    def __init__(
        self,
        settings: DeskSettings,
        store: Store,
        threads: Threads,
        log: logging.Logger,
        variables: Variables,
    ) -> None:
        self.settings, self.store, self.threads, self.log = settings, store, threads, log
        self._variables = variables
        self.folders = JobFolders(root=settings.folder / "jobs")
        self.minded: dict[str, Minded] = {}
        self.unsaved: dict[str, Job] = {}
        self.listeners: list[Listener] = []
        self._owner = _owner()
        self._settling: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._wanted = asyncio.Event()
        self._closing = False
        self._complaint = ""
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Take up what an earlier server left, then mind jobs until `close`."""
        _open_here.add(self._owner)
        await self.threads.look(self.folders.finish_discarding)
        await self._find_again()
        await self._round()
        self._tasks = [
            asyncio.create_task(self._repeat(self._tick, lambda: asyncio.sleep(_TICK_SECONDS))),
            asyncio.create_task(self._repeat(self._round, self._until_wanted)),
        ]

    async def close(self) -> None:
        """Stop minding. What runs goes on for the next server, or is ended if so configured."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.settings.end_workers:
            await asyncio.gather(*(self._end(one) for one in list(self.minded.values())))
        await asyncio.gather(*self._settling.values(), return_exceptions=True)
        with contextlib.suppress(OutsideFailed):  # whoever comes next sees that we are gone
            await self.threads.ask(self.store.release, self._owner)
        _open_here.discard(self._owner)
        for minded in self.minded.values():
            if minded.child is not None:
                let_go(minded.child)
        self.minded.clear()

    async def _end(self, minded: Minded) -> None:
        await self.threads.wait(minded.end, self.settings.patience_seconds, by_person=False)
        if minded.job.id not in self._settling:
            await self._settle(minded)

    def want_round(self) -> None:
        """Look soon whether another job can start."""
        self._wanted.set()

    def news_of(self, job_id: str) -> asyncio.Event:
        """Return what is set when there is something new of a job that is minded here."""
        return self._news.setdefault(job_id, asyncio.Event())

    def changed(self, job: Job) -> None:
        """Tell everybody that a job's status is another now."""
        self._ring(job.id)
        for listener in self.listeners:
            try:
                listener(job)
            except Exception:
                self.log.exception("a listener failed at job %s", job.id)

    def _ring(self, job_id: str) -> None:
        bell = self._news.pop(job_id, None)
        if bell is not None:
            bell.set()

    async def _repeat(
        self, work: Callable[[], Awaitable[None]], pause: Callable[[], Awaitable[None]]
    ) -> None:
        """Do it again and again; one that fails is told to the log, and does not end the rest."""
        while not self._closing:
            try:
                await work()
            except OutsideFailed as error:
                self._complain(error)
            except Exception:
                self.log.exception("minding jobs")
            await pause()

    def _complain(self, error: OutsideFailed) -> None:
        """Tell the log what is wrong outside, once and not at every look."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            self.log.warning("minding jobs: %s", error)

    async def _until_wanted(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ROUND_SECONDS):
                await self._wanted.wait()
        self._wanted.clear()

    async def _tick(self) -> None:
        """Take in what is new of all jobs that are minded here, with one walk into a thread."""
        minded = [one for job_id, one in self.minded.items() if job_id not in self._settling]
        if not minded:
            return
        for one, (events, over) in zip(
            minded, await self.threads.look(_look_at, minded), strict=True
        ):
            if over:
                task = asyncio.create_task(self._settle(one))
                self._settling[one.job.id] = task
            elif events:
                self._ring(one.job.id)
        await self._keep(minded)

    async def _keep(self, minded: list[Minded]) -> None:
        """Put into the database what a server after us would want to know."""
        moment = time.monotonic()
        for one in minded:
            if one.mark is not None and one.mark != one.kept:
                await self.threads.ask(self.store.keep_process, one.job.id, one.mark)
                one.kept = one.mark
        due = [one for one in minded if one.fresh and moment - one.saved >= _KEEP_SECONDS]
        if due:
            steps = {one.job.id: one.progress for one in due if one.progress is not None}
            await self.threads.ask(self.store.keep_progress, steps)
            for one in due:
                one.fresh, one.saved = False, moment

    async def _settle(self, minded: Minded) -> None:
        """See a job to its end and write that down; nothing of it is minded any more."""
        try:
            if minded.never_began():
                await self.threads.wait(minded.start)
                return
            await self._finish(await self.threads.wait(minded.settle))
        except RecrateError as error:
            await self._finish(_failed(minded.job, error))
        finally:
            self._settling.pop(minded.job.id, None)

    async def _finish(self, job: Job) -> None:
        """Write down how a job ended; a database that refuses is asked again later."""
        self.unsaved[job.id] = job
        self.minded.pop(job.id, None)
        with contextlib.suppress(OutsideFailed):
            await self._save(job)
        self.changed(job)
        if job.kind is Kind.JUDGE and job.parent is not None:
            await self._look_at_run(job.parent)
        self.want_round()

    async def save(self, job_id: str) -> None:
        """Write down how a job ended, if the database refused that before; raises OutsideFailed."""
        if job_id in self.unsaved:
            await self._save(self.unsaved[job_id])

    async def _save(self, job: Job) -> None:
        await self.threads.ask(self.store.put, job, only_from=(Status.RUNNING, job.status))
        self.unsaved.pop(job.id, None)

    async def _look_at_run(self, job_id: str) -> None:
        """Bring the summary of a run up to date with its result, which a judging wrote anew."""
        with contextlib.suppress(RecrateError, ValueError, KeyError):
            run = await self.threads.ask(self.store.read, job_id)
            result = await self.threads.look(self.folders.of(job_id).read_result)
            changed = replace(run, summary=summary_of(result))
            if changed != run:
                await self.threads.ask(self.store.put, changed, only_from=(Status.DONE,))
                self.changed(changed)

    async def _round(self) -> None:
        """Take over what nobody minds, save what is not saved, start what can be started."""
        for job in list(self.unsaved.values()):
            await self._save(job)
        for claim in await self.threads.ask(self.store.running):
            if claim.job.id not in self.minded and claim.job.id not in self.unsaved:
                await self._take_over(claim)
        await self._fill(light=True, at_once=self.settings.light_at_once)
        await self._fill(light=False, at_once=self.settings.at_once)

    async def _fill(self, *, light: bool, at_once: int) -> None:
        """Start what waits, up to the number that may run side by side."""

        def claim() -> Job | None:
            return self.store.claim_next(self._owner, light=light, at_once=at_once, moment=now())

        while (job := await self.threads.ask(claim)) is not None:
            await self._start(job)

    async def _take_over(self, claim: Claim) -> None:
        minded = Minded.of(claim.job, self.folders.of(claim.job), self._variables)
        free = await self.threads.look(_is_free, claim, minded)
        if free and await self.threads.ask(
            self.store.adopt, claim.job.id, instead_of=claim.owner, owner=self._owner
        ):
            self.minded[claim.job.id] = minded

    async def _start(self, job: Job) -> None:
        minded = Minded.of(job, self.folders.of(job), self._variables)
        try:
            await self.threads.wait(minded.start)
        except (RecrateError, OSError) as error:
            await self._finish(_failed(job, error))
            return
        self.minded[job.id] = minded
        self.changed(job)

    async def _find_again(self) -> None:
        """Enter the jobs of which only the folder is left."""
        known = await self.threads.ask(self.store.ids)
        at_once = self.store.set_aside is not None or not known
        lost = await self.threads.wait(
            lambda: list(found_again(self.folders, known, at_once=at_once))
        )
        for job in lost:
            with contextlib.suppress(Conflict):
                await self.threads.ask(self.store.add, job)
        if lost:
            self.log.warning("%d jobs were found again by their folders", len(lost))


def _look_at(minded: list[Minded]) -> list[tuple[tuple[Event, ...], bool]]:
    return [one.look() for one in minded]


def _failed(job: Job, error: Exception) -> Job:
    return replace(job, status=Status.FAILED, ended=now(), error=problem_of(error), resumable=True)


def _owner() -> str:
    """Return a name for this server that tells others whether it still lives."""
    mark = mark_of(os.getpid())
    assert mark is not None, "this process is there"
    return f"{secrets.token_hex(8)} {to_json(mark, indent=None).strip()}"


def _is_free(claim: Claim, minded: Minded) -> bool:
    """Whether no server minds a running job any more."""
    if claim.owner is None:
        return True
    mark = from_json(claim.owner.partition(" ")[2], ProcessMark)
    if not is_here(mark):
        return not minded.pulse_is_fresh()
    if mark.pid == os.getpid():
        return claim.owner not in _open_here
    return not alive(mark)
