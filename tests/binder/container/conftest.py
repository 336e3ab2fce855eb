"""What the tests of the target `container` share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from containers import Podman
from launching import real_studies, tides
from recrate.launch.target import Workshop
from recrate.outside.web import WebSettings
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.kept import Kept, keeping, owner_now
from recrate_binder.container.running import Inside, RunOrder, start_container
from small_container import make_small_image

__all__ = ["real_studies", "tides"]

TOKEN = "t" * 43


@pytest.fixture(scope="session")
def engine(podman: Podman) -> Engine:
    """Podman, as the target finds it."""
    return find_engine("podman", {**os.environ, **podman.variables})


@pytest.fixture(scope="session")
def small_image(podman: Podman, python_base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image with a small server, made once for all workers."""
    with FileLock(podman.root / "small.lock"):
        return make_small_image(podman, python_base, tmp_path_factory.mktemp("small"))


@pytest.fixture
def order(small_image: str, tmp_path: Path) -> RunOrder:
    """A run of the small image."""
    folder = tmp_path / os.urandom(4).hex()
    folder.mkdir(mode=0o700)
    return RunOrder(
        id=folder.name,
        owner=owner_now(),
        image=small_image,
        folder=folder,
        copied=("/home/jovyan",),
        command=(),
        variables={"JUPYTER_TOKEN": TOKEN},
        memory_bytes=256 << 20,
        processors=1.0,
        network=False,
    )


Runs = Callable[..., Inside]


@pytest.fixture
def runs(engine: Engine, order: RunOrder) -> Iterator[Runs]:
    """Start the order, with changes; it is gone after the test."""
    with ExitStack() as until_then:

        def start(**changes: object) -> Inside:
            changed = replace(order, **changes)  # type: ignore[arg-type]  # a test's own words
            kept = Kept(owner=changed.owner, engine=engine, container=changed.container)
            until_then.enter_context(keeping(changed.folder, kept))
            inside = start_container(changed, engine, token=TOKEN)
            until_then.callback(inside.end)
            return inside

        yield start


@pytest.fixture
def workshop(podman: Podman, python_base: str, cache_folder: Path, tmp_path: Path) -> Workshop:
    """What the target is made with: a cache that all tests share, sessions of this test alone."""
    return Workshop(
        cache=cache_folder,
        data=tmp_path / "data",
        web=WebSettings(agent="recrate tests"),
        agent="recrate tests",
        today="2026-11-01",
        variables={**os.environ, **podman.variables},
    )
