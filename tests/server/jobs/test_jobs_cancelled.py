"""A cancelled job leaves no process behind and keeps what it saw; it can go on later."""

import asyncio
import contextlib
import time

import psutil
import pytest

from making import notebook_of, stream
from recrate.model.errors import Conflict
from recrate_server.jobs.model import Status
from recrate_server.jobs.orders import ReplayOrder, ScanOrder, VerifyOrder
from recrate_server.jobs.processes import JOB_VARIABLE
from server.jobs.desks import done, left_of, opened, reaches, runs, stage

DETACHED = """
import subprocess, sys
subprocess.Popen(
    ['/bin/sh', '-c', 'setsid sleep 98765 & exit 0'], start_new_session=True
).wait()
import time
print(open('/proc/self/stat').read() and 'started', flush=True)
time.sleep(120)
"""


@pytest.fixture
def endless(tmp_path):
    """A study whose second notebook leaves a sleeper behind and then never comes to its end."""
    root = tmp_path / "endless"
    root.mkdir()
    (root / "a.ipynb").write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    (root / "b.ipynb").write_text(notebook_of(DETACHED))
    return root


def sleepers():
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.cmdline()[-1:] == ["98765"]:
                found.append(one)
    return found


@pytest.mark.parametrize("unsandboxed", [False, True])
async def test_a_cancelled_job_leaves_no_process_behind(settings, endless, unsandboxed):
    """Neither within walls nor without: kernels and sleepers have sessions of their own."""
    async with opened(settings, unsandboxed=unsandboxed) as desk:
        order = VerifyOrder(path="endless", environment="current")
        job = await desk.accept(order, user="me", title="x", source=endless)
        await reaches(desk, job.id, stage("replay", 100))
        mine = []
        for _ in range(200):
            worker = psutil.Process(desk.folder(job.id).process().pid)
            mine = sleepers()
            if mine:
                break
            await asyncio.sleep(0.1)
        assert mine, "the notebook started its sleeper"
        family = [worker, *worker.children(recursive=True), *mine]
        begun = time.monotonic()
        job = await desk.cancel(job.id)
        assert job.status is Status.CANCELLED
        assert time.monotonic() - begun < 15
        assert left_of(family) == []
        assert left_of(sleepers()) == []
        kept = desk.folder(job.id).replay / "observations/0/notebooks/a.ipynb"
        assert kept.is_file(), "what was seen is kept"
        assert job.resumable
        assert (await desk.cancel(job.id)) == job, "cancelling again changes nothing"


async def test_a_worker_that_does_not_listen_is_killed_after_its_patience(settings, endless):
    async with opened(settings, patience_seconds=0.5) as desk:
        order = VerifyOrder(path="endless", environment="current")
        job = await desk.accept(order, user="me", title="x", source=endless)
        await reaches(desk, job.id, runs)
        worker = psutil.Process(desk.folder(job.id).process().pid)
        worker.suspend()
        job = await desk.cancel(job.id)
        assert job.status is Status.CANCELLED
        assert left_of([worker]) == []
        told = [event.status for event in (await desk.events(job.id))[1] if event.status]
        assert told == [Status.QUEUED, Status.RUNNING, Status.CANCELLED]


async def test_what_waits_is_cancelled_without_ever_starting(settings, study):
    async with opened(settings, light_at_once=0) as desk:
        order = ScanOrder(path="study")
        job = await desk.accept(order, user="me", title="x", source=study)
        cancelled = await desk.cancel(job.id)
        assert cancelled.status is Status.CANCELLED
        told = [event.status async for event in desk.follow(job.id)]
        assert told == [Status.QUEUED, Status.CANCELLED]
        assert desk.folder(job.id).process() is None
        again = await desk.resume(job.id)
        assert again.status is Status.QUEUED
        with pytest.raises(Conflict):
            await desk.resume(job.id)
    async with opened(settings) as desk:
        assert (await done(desk, job)).status is Status.DONE, "and started by the next server"
        with pytest.raises(Conflict):
            await desk.resume(job.id)


async def test_a_desk_that_ends_its_workers_leaves_none(settings, endless):
    async with opened(settings) as desk:
        order = VerifyOrder(path="endless", environment="current")
        job = await desk.accept(order, user="me", title="x", source=endless)
        await reaches(desk, job.id, stage("replay", 100))
        worker = psutil.Process(desk.folder(job.id).process().pid)
        family = [worker, *worker.children(recursive=True)]
    assert left_of(family) == []
    async with opened(settings) as desk:
        job = await desk.read(job.id)
        assert job.status is Status.INTERRUPTED, "nobody cancelled it"


async def test_nothing_of_the_server_that_is_secret_reaches_a_worker(
    settings, study, monkeypatch, tmp_path
):
    for name in ("JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"):
        monkeypatch.setenv(name, "very secret")
    async with opened(settings) as desk:
        order = ReplayOrder(path="x", environment="current")
        job = await desk.accept(order, user="me", title="x", source=tmp_path / "none.crate.zip")
        await reaches(desk, job.id, runs)
        with contextlib.suppress(psutil.NoSuchProcess):
            held = psutil.Process(desk.folder(job.id).process().pid).environ()
            if held:
                assert held[JOB_VARIABLE] == job.id
                assert "very secret" not in held.values()
        job = await done(desk, job)
        assert job.error.reason == "not-found"
