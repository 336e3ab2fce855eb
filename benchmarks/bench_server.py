"""How long `/api/status` of a Jupyter Server takes while ten jobs run and a 2 GB study packs.

    python benchmarks/bench_server.py               # 2 GB, ten verifications
    python benchmarks/bench_server.py --scale 0.05  # a twentieth of the data, to try things

The peer is a second Jupyter Server on the same machine at the same time, with the same extension
and no job at all: what both lose, they lose to a machine that is busy; what only ours loses, its
event loop lost. Both are asked by turns, first while nothing runs, then under load, when each of
the jobs is followed over a websocket and the list of jobs is asked for every second, as the panel
does. At the end every job must be done and every story complete.
"""

import argparse
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import websocket

from bench_pack import make_study

JOBS = 10
LARGE_FILES, LARGE_BYTES = 40, 50_000_000
IDLE_SECONDS = 10.0
PAUSE_SECONDS = 0.02
MOST_TIMES = 3.0
"""What the event loop may lose: our 99th percentile beside that of the server without a job."""

CELL = "import time\nfor step in range(20):\n    sum(range(200_000))\n    time.sleep(0.02)"


@dataclass(kw_only=True)
class Asked:
    """A server, and how long it took to answer, in seconds."""

    url: str
    token: str
    session: requests.Session = field(default_factory=requests.Session)
    delays: list[float] = field(default_factory=list)

    def ask(self, method: str, path: str, **named: Any) -> Any:
        answer = self.session.request(
            method,
            self.url + path,
            headers={"Authorization": f"token {self.token}"},
            timeout=120,
            **named,
        )
        answer.raise_for_status()
        return answer.json()

    def measure(self) -> None:
        began = time.perf_counter()
        self.ask("GET", "api/status")
        self.delays.append(time.perf_counter() - began)

    def taken(self) -> list[float]:
        found, self.delays = self.delays, []
        return found


@contextmanager
def server(folder: Path, root: Path, cache: Path) -> Iterator[Asked]:
    """Run a Jupyter Server of its own on `root`."""
    folder.mkdir()
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "config.py"
    config.write_text(
        f"c.Recrate.cache = {str(cache)!r}\n"
        "c.ServerApp.jpserver_extensions = {'recrate_server': True}\n"
        f"c.RecrateServer.jobs_at_once = {JOBS + 1}\n"
        f"c.IdentityProvider.token = {token!r}\n"
        f"c.ServerApp.root_dir = {str(root)!r}\n"
    )
    places = {
        f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    command = [sys.executable, "-m", "jupyter_server", f"--config={config}", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", "--no-browser", "--ServerApp.port_retries=0"]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **places})
    found = Asked(url=f"http://127.0.0.1:{port}/", token=token)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                found.ask("GET", "recrate/api/about")
                break
            except requests.RequestException:
                if time.monotonic() > until or child.poll() is not None:
                    print((folder / "log").read_text(), file=sys.stderr)
                    raise
                time.sleep(0.2)
        yield found
    finally:
        child.terminate()
        child.wait(30)


def small_study(root: Path, number: int) -> None:
    folder = root / f"small-{number}"
    folder.mkdir(parents=True)
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "metadata": {},
            "execution_count": None,
            "source": CELL,
            "outputs": [],
        }
        for index in range(60)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": cells,
    }
    (folder / "analysis.ipynb").write_text(json.dumps(document))


def follow(asked: Asked, job: str, stories: dict[str, list[dict[str, Any]]]) -> None:
    """Listen to a job's websocket to its end, as a panel does."""
    address = asked.url.replace("http", "ws", 1) + f"recrate/api/jobs/{job}/stream"
    channel = websocket.create_connection(
        address, header={"Authorization": f"token {asked.token}"}, timeout=600
    )
    try:
        while text := channel.recv():
            stories[job].append(json.loads(text))
    finally:
        channel.close()


def order_all(asked: Asked) -> list[str]:
    large = {"kind": "pack", "path": "large", "locked": False}
    small = [
        {"kind": "verify", "path": f"small-{number}", "environment": "current"}
        for number in range(JOBS)
    ]
    return [asked.ask("POST", "recrate/api/jobs", json=one)["id"] for one in (large, *small)]


def under_load(ours: Asked, peer: Asked) -> dict[str, list[dict[str, Any]]]:
    """Run all jobs, measuring until the last is done; return the stories that were heard."""
    jobs = order_all(ours)
    stories: dict[str, list[dict[str, Any]]] = {job: [] for job in jobs}
    listeners = [threading.Thread(target=follow, args=(ours, job, stories)) for job in jobs]
    for one in listeners:
        one.start()
    listed = time.monotonic()
    while any(one.is_alive() for one in listeners):
        ours.measure()
        peer.measure()
        if time.monotonic() - listed > 1:
            listed = time.monotonic()
            ours.ask("GET", "recrate/api/jobs")
        time.sleep(PAUSE_SECONDS)
    return stories


def told(name: str, delays: list[float]) -> float:
    """Print one line of the table and return the 99th percentile in seconds."""
    ordered = sorted(delays)
    high = ordered[int(len(ordered) * 0.99)]
    print(
        f"  {name:28} median {statistics.median(ordered) * 1000:7.1f} ms"
        f"  99 % {high * 1000:7.1f} ms  worst {ordered[-1] * 1000:7.1f} ms  ({len(ordered)})"
    )
    return high


def check(ours: Asked, stories: dict[str, list[dict[str, Any]]]) -> None:
    """All jobs are done, and each was heard from its first event to its last, none left out."""
    for job, story in stories.items():
        found = ours.ask("GET", f"recrate/api/jobs/{job}")
        assert found["status"] == "done", found
        assert [event["number"] for event in story] == list(range(len(story))), job
        assert story[-1]["status"] == "done", story[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount of data")
    parser.add_argument("--folder", type=Path, help="where to work; needs some 5 GB at full scale")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as work, ExitStack() as open_ones:
        base = Path(work)
        root, empty = base / "root", base / "empty"
        empty.mkdir()
        make_study(root / "large", LARGE_FILES, int(LARGE_BYTES * given.scale), "random")
        for number in range(JOBS):
            small_study(root, number)
        ours = open_ones.enter_context(server(base / "ours", root, base / "cache"))
        peer = open_ones.enter_context(server(base / "peer", empty, base / "cache"))
        until = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < until:
            ours.measure()
            peer.measure()
            time.sleep(PAUSE_SECONDS)
        print("delay of GET /api/status")
        idle = told("idle", ours.taken())
        told("idle, the other server", peer.taken())
        began = time.monotonic()
        check(ours, under_load(ours, peer))
        print(f"  {JOBS} verifications and a pack of {2 * given.scale:g} GB, ", end="")
        print(f"{time.monotonic() - began:.0f} s:")
        busy = told("under load", ours.taken())
        other = told("under load, without a job", peer.taken())
    print(f"  99 % under load: {busy / idle:.1f}x idle, {busy / other:.1f}x the other server's")
    held = busy / other <= MOST_TIMES
    print(f"\n{'held' if held else 'NOT held'}: wanted at most {MOST_TIMES:g}x the other server's")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
