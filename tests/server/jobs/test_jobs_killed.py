"""Servers and workers killed in the middle: nothing half-written is shown, nothing is lost."""

import asyncio
import json
import os
import signal

import psutil
import pytest

from making import notebook_of, stream
from recrate_server.jobs.model import Status
from recrate_server.jobs.orders import PackOrder, ReplayOrder
from recrate_server.jobs.processes import this_machine
from recrate_server.jobs.store import Store
from server.jobs.desks import done, left_of, opened, reaches, runs, stage

PACK = PackOrder(path="study", destination="study.crate.zip", locked=False)


@pytest.fixture
def large_study(study):
    """A study that takes a moment to pack: 300 MB that cannot be compressed."""
    block = os.urandom(10_000_000)
    for number in range(30):
        (study / f"data-{number}.bin").write_bytes(number.to_bytes(4) + block)
    return study


async def packed(settings, study, **over):
    crate = study.parent / "slow.crate.zip"
    async with opened(settings, **over) as desk:
        order = PackOrder(path="study", destination="slow.crate.zip", locked=False)
        job = await desk.accept(order, user="me", title="x", source=study, destination=crate)
        assert (await done(desk, job)).status is Status.DONE
    return crate


@pytest.fixture
def slow_study(tmp_path):
    """Three notebooks; the second takes its time, and each needs what the one before wrote."""
    root = tmp_path / "slow"
    root.mkdir()
    first = "import time\nopen('made.txt', 'w').write('7')\nprint(time.time_ns())"
    second = "import time\ntime.sleep(4)\nprint(open('made.txt').read())"
    (root / "a.ipynb").write_text(notebook_of(first))
    (root / "b.ipynb").write_text(notebook_of(second, outputs={0: [stream("7\n")]}))
    (root / "c.ipynb").write_text(notebook_of("print(3)", outputs={0: [stream("3\n")]}))
    return root


def beside(study):
    return sorted(path.name for path in study.parent.iterdir() if path.name != "data")


async def test_a_pack_goes_on_when_its_server_is_killed_and_the_next_one_sees_its_end(
    settings, servers, large_study
):
    crate = large_study.parent / "study.crate.zip"
    server, (job_id,) = servers.start((PACK, large_study, crate))
    servers.wait_for(job_id, stage("pack", 1))
    worker = servers.worker(job_id)
    servers.kill(server)
    assert worker.is_running()
    async with opened(settings) as desk:
        found = await desk.read(job_id)
        assert found.status in {Status.RUNNING, Status.DONE}
        if found.status is Status.RUNNING:
            assert not crate.exists()
        job = await done(desk, found)
        assert job.status is Status.DONE, job.error
        assert crate.stat().st_size == (await desk.result(job_id))["size_bytes"]
        assert job.summary.identity == (await desk.result(job_id))["identity"]
        numbers = [event.number for event in (await desk.events(job_id))[1]]
        assert numbers == list(range(len(numbers)))


async def test_a_pack_killed_with_its_server_shows_nothing_and_is_resumed(
    settings, servers, large_study
):
    crate = large_study.parent / "study.crate.zip"
    crate.write_bytes(b"the crate of last year")
    server, (job_id,) = servers.start((PACK, large_study, crate))
    servers.wait_for(job_id, stage("pack", 1))
    worker = servers.worker(job_id)
    servers.kill(server)
    worker.kill()
    assert crate.read_bytes() == b"the crate of last year"
    async with opened(settings) as desk:
        job = await done(desk, await desk.read(job_id))
        assert job.status is Status.INTERRUPTED
        assert job.resumable
        assert job.error.hint
        assert crate.read_bytes() == b"the crate of last year"
        assert [name for name in beside(large_study) if name.startswith(".recrate-")] == []
        assert (await desk.resume(job_id)).status is Status.QUEUED
        job = await done(desk, job)
        assert job.status is Status.DONE, job.error
        assert crate.stat().st_size > 300_000_000
        told = [event.status for event in (await desk.events(job_id))[1] if event.status]
        assert told == [
            Status.QUEUED,
            Status.RUNNING,
            Status.INTERRUPTED,
            Status.QUEUED,
            Status.RUNNING,
            Status.DONE,
        ]


async def test_a_replay_killed_with_its_server_goes_on_at_the_first_notebook_not_done(
    settings, servers, slow_study
):
    crate = await packed(settings, slow_study)
    order = ReplayOrder(path="slow.crate.zip", environment="current")
    server, (job_id,) = servers.start((order, crate, None))
    servers.wait_for(job_id, stage("replay", 100))
    await asyncio.sleep(1)
    worker = servers.worker(job_id)
    family = worker.children(recursive=True)
    assert family, "a kernel is at work"
    servers.kill(server)
    worker.kill()
    kept = servers.folders.of(job_id).replay / "observations/0/notebooks/a.ipynb"
    before = kept.read_bytes()
    async with opened(settings) as desk:
        job = await done(desk, await desk.read(job_id))
        assert job.status is Status.INTERRUPTED
        assert job.summary is None
        assert not left_of(family), "its kernels are gone, too"
        await desk.resume(job_id)
        job = await done(desk, job)
        assert job.status is Status.DONE, job.error
        assert kept.read_bytes() == before, "what was done is not done again"
        result = await desk.result(job_id)
        assert [one["path"] for one in result["notebooks"]] == ["a.ipynb", "b.ipynb", "c.ipynb"]
        assert job.summary.verdict == "identical"


async def test_a_replay_goes_on_when_its_server_is_killed(settings, servers, slow_study):
    crate = await packed(settings, slow_study)
    order = ReplayOrder(path="slow.crate.zip", environment="current")
    server, (job_id,) = servers.start((order, crate, None))
    servers.wait_for(job_id, stage("replay", 100))
    servers.kill(server)
    async with opened(settings) as desk:
        job = await desk.read(job_id)
        assert job.status is Status.RUNNING
        assert job.progress is None or job.progress.stage in {"environment", "replay", "unpack"}
        job = await done(desk, job)
        assert job.status is Status.DONE, job.error
        assert job.summary.verdict == "identical"


async def test_a_worker_that_is_killed_is_interrupted_at_once(settings, slow_study):
    crate = await packed(settings, slow_study)
    async with opened(settings) as desk:
        order = ReplayOrder(path="slow.crate.zip", environment="current")
        job = await desk.accept(order, user="me", title="x", source=crate)
        await reaches(desk, job.id, stage("replay", 100))
        mark = desk.folder(job.id).process()
        os.kill(mark.pid, signal.SIGKILL)
        job = await done(desk, job, 10)
        assert job.status is Status.INTERRUPTED
        assert "signal 9" in job.error.message


async def test_another_process_with_the_workers_number_is_not_taken_for_it(
    settings, servers, slow_study
):
    crate = await packed(settings, slow_study)
    order = ReplayOrder(path="slow.crate.zip", environment="current")
    server, (job_id,) = servers.start((order, crate, None))
    servers.wait_for(job_id, runs)
    worker = servers.worker(job_id)
    servers.kill(server)
    worker.kill()
    # Its number now belongs to somebody else: this very test.
    folder = servers.folders.of(job_id)
    mark = json.loads((folder.root / "process.json").read_text())
    mark["pid"] = os.getpid()
    (folder.root / "process.json").write_text(json.dumps(mark))
    async with opened(settings) as desk:
        job = await done(desk, await desk.read(job_id), 15)
        assert job.status is Status.INTERRUPTED
    assert psutil.Process().is_running()


async def test_a_server_killed_between_claim_and_start_loses_no_job(settings, study):
    """The job is claimed and says that it runs, but no worker ever took its folder."""
    async with opened(settings, at_once=0) as desk:
        crate = study.parent / "study.crate.zip"
        job = await desk.accept(PACK, user="me", title="x", source=study, destination=crate)
    store = Store(settings.folder / "jobs.sqlite")
    gone = json.dumps({"pid": 2**22 + 1, "started": 1.0, "machine": this_machine()})
    assert store.claim_next(f"token {gone}", light=False, at_once=1, moment="2026-01-01") == (
        store.read(job.id)
    )
    store.close()
    async with opened(settings) as desk:
        job = await done(desk, await desk.read(job.id), 60)
        assert job.status is Status.DONE, job.error
