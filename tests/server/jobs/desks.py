"""What the tests of jobs do with desks: open, wait, kill."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil

from recrate_server.jobs.desk import Desk
from recrate_server.jobs.events import EventReader
from recrate_server.jobs.folder import JobFolders
from recrate_server.jobs.model import Status
from recrate_server.jobs.orders import order_document
from recrate_server.jobs.processes import alive

SERVING = Path(__file__).with_name("serving.py")


@contextlib.asynccontextmanager
async def opened(settings, **over):
    """A desk, closed at the end with all that runs on it."""
    desk = await Desk.open(replace(settings, **{"end_workers": True, **over}))
    try:
        yield desk
    finally:
        await desk.close()


async def done(desk, job, seconds=120):
    """Wait for a job's end and return it."""
    async with asyncio.timeout(seconds):
        async for _ in desk.follow(job.id):
            pass
    return await desk.read(job.id)


async def reaches(desk, job_id, wanted, seconds=60):
    """Wait until one of a job's events is as `wanted` says, and return it."""
    async with asyncio.timeout(seconds):
        async for event in desk.follow(job_id):
            if wanted(event):
                return event
    raise AssertionError("the job ended before")


class Servers:
    """Server processes, each with a desk and its orders."""

    def __init__(self, tmp_path, settings):
        self.tmp_path = tmp_path
        self.settings = settings
        self.folders = JobFolders(root=settings.folder / "jobs")
        self.started = []

    def start(self, *orders, **over):
        """Start one that accepts `orders`: (order, source, destination); return it and the ids."""
        plain = {
            "folder": str(self.settings.folder),
            "workers": self.settings.workers,
            **over,
        }
        place = self.tmp_path / f"server-{len(self.started)}"
        place.mkdir()
        (place / "settings.json").write_text(json.dumps(plain))
        for number, (order, source, destination) in enumerate(orders):
            asked = {"order": order_document(order), "source": str(source)}
            asked["destination"] = str(destination) if destination else None
            (place / f"order-{number}.json").write_text(json.dumps(asked))
        names = sorted(str(path) for path in place.glob("order-*.json"))
        child = subprocess.Popen(
            [sys.executable, str(SERVING), str(place / "settings.json"), *names],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(child)
        assert child.stdout is not None
        return child, [child.stdout.readline().strip() for _ in orders]

    def kill(self, child):
        """Kill a server as nobody expects it."""
        child.send_signal(signal.SIGKILL)
        child.wait(10)

    def wait_for(self, job_id, wanted, seconds=60):
        """Wait until one of a job's events is as `wanted` says, reading the file alone."""
        reader = EventReader(path=self.folders.of(job_id).events)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for event in reader.read():
                if wanted(event):
                    return event
            time.sleep(0.01)
        raise AssertionError(f"nothing of the kind; last was {reader.last_status}")

    def worker(self, job_id):
        """The process of a job's worker."""
        mark = self.folders.of(job_id).process()
        assert mark is not None
        return psutil.Process(mark.pid)

    def end(self):
        """Leave nothing behind."""
        for child in self.started:
            child.kill()
            child.wait(10)
            child.stdout.close()
        for job_id in self.folders.ids():
            mark = self.folders.of(job_id).process()
            if mark is not None and alive(mark):
                os.kill(mark.pid, signal.SIGKILL)


def runs(event):
    """Whether the worker says that it runs."""
    return event.status is Status.RUNNING


def stage(name, least=0):
    """Return what knows an event that tells of `least` steps of a stage."""
    return lambda event: (
        event.progress is not None and event.progress.stage == name and event.progress.done >= least
    )


def left_of(processes, seconds=5):
    """Return those that still run; one that is dead and waits for its parent does not."""
    until = time.monotonic() + seconds
    left = list(processes)
    while left and time.monotonic() < until:
        left = [one for one in left if _runs(one)]
        time.sleep(0.05)
    return left


def _runs(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
