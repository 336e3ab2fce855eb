"""Crates opened in containers: built once, repeated in their own environment, gone afterwards."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from containers import PYTHON, Podman
from launching import REAL, Launchable, Opened, pack_real
from recrate.crate.read import read_crate
from recrate.launch.target import Cargo, Running, Workshop
from recrate.model.launch import LaunchOrder
from recrate_binder.container.builds import REPOSITORY
from recrate_binder.container.target import Container
from small_container import processes_with

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def _cargo(study: Launchable) -> Cargo:
    return Cargo(crate=read_crate(study.crate), path=study.crate, address=None, doi=None)


STUDIES = range(1 + len(REAL))
"""The example and the real studies."""


@pytest.fixture
def study(
    request: pytest.FixtureRequest, cache_folder: Path, recrate: Any, tmp_path: Path
) -> Launchable:
    """One of `STUDIES`; the real ones say the Python that the base image of the tests has."""
    if request.param == 0:
        example: Launchable = request.getfixturevalue("tides")
        return example
    return pack_real(request.param - 1, tmp_path, cache_folder, recrate, python=PYTHON)


@pytest.mark.parametrize("study", STUDIES, indirect=True)
def test_a_study_is_repeated_in_a_container_and_launched_again_without_a_build(
    study: Launchable, workshop: Workshop, podman: Podman
) -> None:
    target = Container({}, workshop)
    steps: list[str] = []

    def note(stage: str, done: int, total: int, message: str) -> None:
        steps.extend([message] if stage == "image" and done else [])

    for again in (False, True):
        steps.clear()
        running = target.launch(_cargo(study), LaunchOrder(memory_bytes=3 << 30), note)
        try:
            if not again:
                study.assert_repeated_in(Opened(running.launched.url))
            assert "started" in Opened(running.launched.url).status()
            assert bool(steps) is not again, steps
        finally:
            running.end()
        assert f"recrate-{running.launched.session}" not in podman.containers()
        assert not list((workshop.data / "containers").iterdir())


def test_two_who_launch_the_same_crate_at_once_get_one_build(
    tides: Launchable, workshop: Workshop
) -> None:
    told: list[str] = []
    running: list[Running] = []

    def note(stage: str, done: int, total: int, message: str) -> None:
        told.append(message)

    # another recipe: an image that nobody made yet, of layers that are there
    target = Container({}, replace(workshop, agent="recrate at once"))

    def launch() -> None:
        running.append(target.launch(_cargo(tides), LaunchOrder(memory_bytes=1 << 30), note))

    both = [Thread(target=launch) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    try:
        assert len([one for one in told if one.startswith(f"{REPOSITORY}:")]) == 1
        assert told.count("waiting: another launch builds an image") >= 1
        assert len({one.launched.url for one in running}) == 2
        for one in running:
            assert "started" in Opened(one.launched.url).status()
    finally:
        for one in running:
            one.end()


Launch = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def command(recrate: Any, configuration: Path, podman: Podman, tmp_path: Path) -> Launch:
    """`recrate launch … --on container`, as a person starts it."""

    def start(study: Launchable) -> "subprocess.Popen[bytes]":
        told = recrate.command(
            "launch", "--config", configuration, study.crate, "--on", "container"
        )
        own = {"JUPYTER_DATA_DIR": str(tmp_path / "jupyter"), **podman.variables}
        return subprocess.Popen(
            [*told, "--on", "container", "--no-browser", "--json"],
            stdout=subprocess.PIPE,
            env={**os.environ, **own},
        )

    return start


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


def _first_document(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout is not None
    text = b""
    while line := process.stdout.readline():
        text += line
        if line == b"}\n":
            break
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_launch_that_is_killed_leaves_no_container_no_process_and_no_folder(
    command: Launch, tides: Launchable, podman: Podman, tmp_path: Path, how: signal.Signals
) -> None:
    with command(tides) as process:
        launched = _first_document(process)
        name = f"recrate-{launched['session']}"
        assert name in podman.containers("label=recrate.session")
        assert "started" in Opened(launched["url"]).status()
        process.send_signal(how)
        process.wait(timeout=120)
    _until(lambda: name not in podman.containers())
    _until(lambda: not processes_with(name))
    _until(lambda: not processes_with(str(tmp_path)))
    assert not list((tmp_path / "jupyter").glob("recrate/containers/*"))
