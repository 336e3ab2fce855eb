"""What the tests of the target `container` share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from containers import Podman
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.kept import Kept, keeping, owner_now
from recrate_binder.container.running import Inside, RunOrder, start_container
from small_container import make_small_image

TOKEN = "t" * 43


@pytest.fixture(scope="session")
def engine(podman: Podman) -> Engine:
    """Podman, as the target finds it."""
    return find_engine("podman", {**os.environ, **podman.variables})


@pytest.fixture(scope="session")
def small_image(podman: Podman, python_base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image with a small server, made once for all workers."""
    with FileLock(f"{podman.root}.small.lock"):
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
