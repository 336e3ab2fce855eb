"""Campaigns of small scripts on the runner `container`, and the image that they run in."""

import json
import os
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from filelock import FileLock

from containers import Podman
from recrate.flow.tasks import TaskOrder
from recrate.model.campaign import CampaignOptions, TaskLimits
from recrate.model.runner import Attempt, Ended
from recrate.model.wire import to_json
from recrate.runners.runner import Depot, Pool
from recrate_binder.container.engine import find_engine
from recrate_binder.container.runner import ContainerRunner
from recrate_binder.container.runner_image import ImageOrder, find_wares, have_image, own_minor

_SCRIPT = """#!/opt/recrate/lab/bin/python
import pathlib, sys
folder = pathlib.Path(sys.argv[3])
assert sys.argv[1:3] == ["-m", "recrate.worker"]
exec((folder / "do.py").read_text(), {"folder": folder})
"""


def depot_of(podman: Podman, cache: Path, data: Path, **more: str) -> Depot:
    """What a runner is made with; `more` variables are set."""
    return Depot(
        cache=cache,
        data=data,
        agent="recrate tests",
        python=sys.executable,
        variables={**os.environ, **podman.variables, **more},
    )


@pytest.fixture(scope="session")
def runner_image(podman: Podman, python_base: str, cache_folder: Path) -> str:
    """The image of this recrate, built once for all workers of the tests."""
    known = podman.root / "runner-image"
    with FileLock(f"{known}.lock"):
        if not known.is_file():
            engine = find_engine("podman", {**os.environ, **podman.variables})
            folder = cache_folder / "containers"
            order = ImageOrder(
                base=python_base,
                minor=own_minor(),
                wares=find_wares(folder),
                bundle=None,
                pull="never",
            )
            known.write_text(have_image(order, engine, folder=folder))
    return known.read_text()


@dataclass
class Campaign:
    """A folder of attempts for a pool of scripts; `pool` is opened by the test or here."""

    folder: Path
    depot: Depot
    answers: Mapping[str, str]
    id: str = field(default_factory=lambda: f"t{os.urandom(4).hex()}")

    def runner(self, **answers: str) -> ContainerRunner:
        """The runner, with these answers over those of all."""
        return ContainerRunner({**self.answers, **answers}, self.depot)

    def open(self, *, workers: int = 2, **answers: str) -> Pool:
        """A pool of the runner."""
        return self.runner(**answers).open(self.id, self.folder, workers=workers)

    def attempt(self, name: str, code: str, **limits: object) -> Attempt:
        """An attempt whose worker does this; it has a crate to read and a replay's folder."""
        folder = self.folder / "attempts" / name
        folder.mkdir(parents=True)
        crate = self.folder / "crates, and more" / "a.crate.zip"
        crate.parent.mkdir(exist_ok=True)
        crate.write_text("a crate")
        order = TaskOrder(
            task=0,
            attempt=0,
            crate=str(crate),
            destination=str(self.folder / "runs" / name),
            options=CampaignOptions(),
            limits=TaskLimits(),
            cache=str(self.depot.cache),
        )
        (folder / "order.json").write_text(to_json(order))
        (folder / "do.py").write_text(textwrap.dedent(code))
        given = Attempt(id=name, folder=str(folder), memory_bytes=256 << 20, seconds=60)
        return replace(given, **limits)  # type: ignore[arg-type]  # a test's own words

    def run(self, code: str, *, name: str = "a0", pool: Pool | None = None) -> Ended:
        """Do one attempt to its end; the pool is closed afterwards unless it was given."""
        used = pool or self.open()
        try:
            used.submit(self.attempt(name, code))
            (ended,) = wait_for(used, 1)
        finally:
            if pool is None:
                used.close()
        return ended

    def file(self, name: str, *, attempt: str = "a0") -> Path:
        """A file of an attempt's folder."""
        return self.folder / "attempts" / attempt / name

    def told(self, *, attempt: str = "a0") -> dict[str, object]:
        """What the script wrote into `told.json`."""
        found: dict[str, object] = json.loads(self.file("told.json", attempt=attempt).read_text())
        return found


def scripted(folder: Path, image: str) -> dict[str, str]:
    """Answers for a runner whose Python is the small script."""
    script = folder / "script"
    script.write_text(_SCRIPT)
    script.chmod(0o755)
    return {"engine": "podman", "image": image, "python": str(script), "mounts": str(script)}


def wait_for(pool: Pool, number: int, *, seconds: float = 90) -> list[Ended]:
    """What a pool says of so many attempts."""
    found: list[Ended] = []
    end = time.monotonic() + seconds
    while len(found) < number:
        assert time.monotonic() < end, (found, pool.state())
        found += pool.ended(1.0)
    return found


def until(true: Callable[[], bool], *, seconds: float = 60, pool: Pool | None = None) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        if pool is not None:
            assert not pool.ended(0.1)
        time.sleep(0.05)
