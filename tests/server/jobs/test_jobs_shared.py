"""Several people, several servers, one database: shares, turns, claims."""

import asyncio

import pytest

from recrate.model.errors import Busy
from recrate_server.jobs.model import Status
from recrate_server.jobs.orders import ScanOrder
from recrate_server.jobs.store import Query
from server.jobs.desks import done, opened, reaches, runs

SCAN = ScanOrder(path="study")


async def test_who_has_enough_jobs_is_told_when_to_come_back(settings, study):
    async with opened(settings, light_at_once=0, per_user=2) as desk:
        first = await desk.accept(SCAN, user="me", title="x", source=study)
        await desk.accept(SCAN, user="me", title="x", source=study)
        with pytest.raises(Busy) as refused:
            await desk.accept(SCAN, user="me", title="x", source=study)
        assert refused.value.hint
        assert 1 <= refused.value.retry_after_seconds <= 600
        assert len(list((settings.folder / "jobs").glob("*"))) == 2, "no folder of a refused job"
        await desk.accept(SCAN, user="you", title="x", source=study)
        await desk.cancel(first.id)
        third = await desk.accept(SCAN, user="me", title="x", source=study)
        with pytest.raises(Busy):
            await desk.resume(first.id)
        assert (await desk.read(first.id)).status is Status.CANCELLED
        assert third.status is Status.QUEUED


async def test_people_take_turns_however_many_one_of_them_ordered(settings, study):
    started = []
    async with opened(settings, light_at_once=0) as desk:
        jobs = [await desk.accept(SCAN, user="many", title=str(n), source=study) for n in range(3)]
        jobs.append(await desk.accept(SCAN, user="one", title="one", source=study))
    async with opened(settings, light_at_once=1) as desk:
        for job in jobs:
            await done(desk, job)
        found = [await desk.read(job.id) for job in jobs]
        started = sorted(found, key=lambda job: job.started)
        assert [job.title for job in started] == ["0", "one", "1", "2"]


async def test_two_servers_on_one_database_start_every_job_once(settings, study):
    async with (
        opened(settings, light_at_once=3) as one,
        opened(settings, light_at_once=3) as other,
    ):
        jobs = [
            await (one, other)[number % 2].accept(SCAN, user="me", title="x", source=study)
            for number in range(6)
        ]
        stories = await asyncio.gather(
            *(told(other if number % 2 == 0 else one, job) for number, job in enumerate(jobs))
        )
        for story in stories:
            assert story == [Status.QUEUED, Status.RUNNING, Status.DONE]
        for job in jobs:
            assert (await one.read(job.id)) == (await other.read(job.id))


async def told(desk, job):
    return [event.status async for event in desk.follow(job.id) if event.status]


async def test_a_job_of_one_server_is_cancelled_through_the_other(settings, study):
    async with opened(settings) as one, opened(settings) as other:
        job = await one.accept(SCAN, user="me", title="x", source=study)
        await reaches(other, job.id, runs)
        ended = await other.cancel(job.id)
        assert ended.status in {Status.CANCELLED, Status.DONE}
        assert (await one.read(job.id)).status is ended.status


async def test_the_jobs_of_a_server_that_closed_are_minded_by_the_one_that_stays(settings, study):
    async with opened(settings) as stays:
        async with opened(settings, end_workers=False) as leaves:
            job = await leaves.accept(SCAN, user="me", title="x", source=study)
            await reaches(leaves, job.id, runs)
        assert (await done(stays, job)).status is Status.DONE


async def test_several_followers_are_told_the_same_and_a_late_one_too(settings, study):
    async with opened(settings) as desk:
        job = await desk.accept(SCAN, user="me", title="x", source=study)
        stories = await asyncio.gather(*(collected(desk, job.id) for _ in range(5)))
        late = await collected(desk, job.id)
        assert all(
            [one.number for one in story] == [one.number for one in late] for story in stories
        )
        assert late[-1].job == await desk.read(job.id)
        rest = [event async for event in desk.follow(job.id, after=late[-2].number)]
        assert [event.number for event in rest] == [late[-1].number]
        assert [event async for event in desk.follow(job.id, after=late[-1].number)] == []
        assert (await desk.page(Query(words="x"))).total == 1


async def collected(desk, job_id):
    return [event async for event in desk.follow(job_id)]
