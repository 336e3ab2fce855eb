"""Works in worker processes: one for many, in a fair order, ended whole."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from recrate_binder.hub.model import WorkOrder
from recrate_binder.hub.problems import Failed
from recrate_binder.hub.works import Hall, Works, _Work


@pytest.fixture
def variables(tmp_path, web):
    """The environment of workers."""

    told = {**web.settings, "Relaunch": {"shared": str(tmp_path / "shared")}}
    return {**os.environ, "RECRATE_HUB_SETTINGS": json.dumps(told)}


def make_works(tmp_path: Path, variables: dict[str, str], **given: int) -> Works:
    return Works(
        tmp_path / "work",
        builds=given.get("builds", 1),
        looks=given.get("looks", 1),
        timeout_seconds=60,
        variables=variables,
        log=logging.getLogger("test"),
    )


def workers(tmp_path: Path) -> list[psutil.Process]:
    """Return the worker processes of this test."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(str(tmp_path) in word for word in one.cmdline()):
                found.append(one)
    return found


async def until(done, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - other processes tell no event
            await asyncio.sleep(0.05)


def test_everybodys_first_work_comes_before_anybodys_second():
    async def order() -> list[str]:
        hall = Hall(1)
        future = asyncio.get_running_loop().create_future()
        for number, user in enumerate(["a", "a", "a", "b", "c", "b"]):
            order = WorkOrder(kind="look", where=f"{user}{number}")
            hall.waiting.append(_Work(order=order, user=user, created=number, outcome=future))
        hall.running.append(hall.waiting.pop(0))
        return [work.order.where for work in hall.in_order()]

    assert asyncio.run(order()) == ["b3", "c4", "a1", "b5", "a2"]


def test_many_who_ask_for_the_same_wait_for_one_worker(tmp_path, variables, web, small):
    doi = web.publish(small.crate.read_bytes())

    async def ask() -> tuple[list[dict], int]:
        works, most = make_works(tmp_path, variables, looks=4), 0
        order = WorkOrder(kind="fetch", where=doi, prepared=doi)
        tasks = [asyncio.create_task(works.do(order, user=f"user{n}")) for n in range(5)]
        while not all(task.done() for task in tasks):
            most = max(most, len(workers(tmp_path)))
            await asyncio.sleep(0.05)
        found = [await task for task in tasks]
        await works.close()
        return found, most

    found, most = asyncio.run(ask())
    assert most == 1
    assert all(one == found[0] for one in found)
    assert (tmp_path / "shared" / found[0]["place"]).is_file()
    assert not list((tmp_path / "work").iterdir())


def test_when_the_last_who_waits_goes_the_worker_is_ended_and_leaves_nothing(
    tmp_path, variables, slow_web
):
    async def ask() -> None:
        works = make_works(tmp_path, variables)
        order = WorkOrder(kind="fetch", where=slow_web)
        first = asyncio.create_task(works.do(order, user="a"))
        second = asyncio.create_task(works.do(order, user="b"))
        await until(lambda: workers(tmp_path))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert len(workers(tmp_path)) == 1, "somebody still waits"
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert not workers(tmp_path)
        assert not list((tmp_path / "work").iterdir())
        await works.close()

    asyncio.run(ask())


def test_who_waits_for_a_place_is_told_how_many_are_ahead_and_may_go(tmp_path, variables, slow_web):
    async def ask() -> None:
        works = make_works(tmp_path, variables)
        told = []
        running = asyncio.create_task(works.do(WorkOrder(kind="fetch", where=slow_web), user="a"))
        await until(lambda: workers(tmp_path))
        order = WorkOrder(kind="fetch", where=f"{slow_web}?2")
        waiting = asyncio.create_task(works.do(order, user="b", listener=told.append))
        await until(lambda: told)
        assert told[-1].ahead == 1
        assert not told[-1].running
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert len(workers(tmp_path)) == 1
        await works.close()
        await asyncio.gather(running, return_exceptions=True)
        assert not workers(tmp_path)

    asyncio.run(ask())


def test_a_worker_that_is_killed_is_started_once_more_and_then_its_person_is_told(
    tmp_path, variables, slow_web
):
    async def ask() -> Failed:
        works, killed = make_works(tmp_path, variables), set()
        task = asyncio.create_task(works.do(WorkOrder(kind="fetch", where=slow_web), user="a"))
        while not task.done():
            for one in workers(tmp_path):
                if one.pid not in killed:
                    killed.add(one.pid)
                    one.send_signal(signal.SIGKILL)
            await asyncio.sleep(0.05)
        assert len(killed) == 2
        with pytest.raises(Failed) as failed:
            await task
        await works.close()
        return failed.value

    assert "twice" in asyncio.run(ask()).problem.detail


def test_a_worker_ends_with_the_service_that_was_killed(tmp_path, variables, slow_web):
    program = f"""
import asyncio, logging, os, pathlib
from recrate_binder.hub.model import WorkOrder
from recrate_binder.hub.works import Works
async def main():
    works = Works(pathlib.Path({str(tmp_path / "work")!r}), builds=1, looks=1, timeout_seconds=60,
                  variables=dict(os.environ), log=logging.getLogger("x"))
    await works.do(WorkOrder(kind="fetch", where={slow_web!r}), user="a")
asyncio.run(main())
"""

    async def kill() -> None:
        service = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=variables)
        await until(lambda: workers(tmp_path))
        seen = [one for one in workers(tmp_path) if "hub.worker" in " ".join(one.cmdline())]
        service.kill()
        await service.wait()
        await until(lambda: not any(one.is_running() for one in seen), 10)

    asyncio.run(kill())
