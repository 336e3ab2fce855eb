"""Builds that go wrong: killed, impossible, without room. Nothing half made is left."""

import contextlib
import hashlib
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil
import pytest

from containers import Podman, bring_base, store_apart
from launching import Launchable
from recrate.crate.read import read_crate
from recrate.launch.target import Workshop
from recrate.model.errors import OutsideFailed
from recrate.model.progress import silent
from recrate.model.wire import to_json
from recrate_binder.container.builds import BuildOrder, build_image
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.images import write_configuration
from recrate_binder.container.kept import (
    BUILD_VARIABLE,
    LAYER_LABEL,
    Kept,
    broken_image,
    images,
    reap_folders,
    working_containers,
)

Build = Callable[[Path, str], None]
_LOCK = "recrate-environment/lock.json"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def podman() -> Iterator[Podman]:
    """A store of its own: what is in it is of these builds, and of no other test's."""
    with store_apart("builds") as made:
        bring_base(made)
        yield made


@pytest.fixture
def python_base(podman: Podman) -> str:
    """The base image, in that store."""
    return bring_base(podman)


@pytest.fixture
def engine(podman: Podman) -> Engine:
    """Podman with that store."""
    return find_engine("podman", {**os.environ, **podman.variables})


@pytest.fixture
def folder(workshop: Workshop) -> Path:
    """Where the builds of a test keep what they write; the cache is everybody's."""
    return workshop.data / "builds"


@pytest.fixture
def build(engine: Engine, workshop: Workshop, python_base: str, folder: Path) -> Build:
    """Build an image of a crate's file; `recipe` tells it from others of the same crate."""

    def run(crate: Path, recipe: str) -> None:
        order = _order(crate, python_base, folder, recipe)
        _build(order, engine, workshop)

    return run


def _order(crate: Path, base: str, folder: Path, recipe: str) -> BuildOrder:
    identity = read_crate(crate).identity
    return BuildOrder(crate=crate, identity=identity, base=base, recipe=(recipe,), folder=folder)


def _build(order: BuildOrder, engine: Engine, workshop: Workshop) -> None:
    build_image(
        order,
        engine,
        prepare=lambda place: write_configuration(place, order.base, workshop),
        progress=silent,
    )


@contextlib.contextmanager
def nothing_new_in(podman: Podman, engine: Engine) -> Iterator[None]:
    """Assert that the block leaves no container, no image and no mounted folder behind."""
    before = set(podman.containers()), set(podman.images()), set(working_containers(engine))
    yield
    after = set(podman.containers()), set(podman.images()), set(working_containers(engine))
    assert [later - earlier for later, earlier in zip(after, before, strict=True)] == [set()] * 3


def _of_builds(folder: Path) -> list[psutil.Process]:
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.environ().get(BUILD_VARIABLE, "").startswith(str(folder)):
                found.append(one)
    return found


def _until(done: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OutsideFailed):  # podman is busy with what it should list
            if done():
                return
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def with_other_version(crate: Path, copy: Path, name: str, version: str) -> None:
    """Write a copy of a crate whose lock asks for another version of a package."""
    with zipfile.ZipFile(crate) as source, zipfile.ZipFile(copy, "w") as made:
        content = {one: source.read(one) for one in source.namelist()}
        lock = json.loads(content[_LOCK])
        (old,) = [one["version"] for one in lock["packages"] if one["name"] == name]
        for one in lock["packages"]:
            one["version"] = version if one["name"] == name else one["version"]
        stem = name.replace("-", "_")
        lock["pylock"] = (
            lock["pylock"]
            .replace(
                f'name = "{name}"\nversion = "{old}"', f'name = "{name}"\nversion = "{version}"'
            )
            .replace(f"{stem}-{old}", f"{stem}-{version}")
        )
        content[_LOCK] = json.dumps(lock).encode()
        metadata = json.loads(content["ro-crate-metadata.json"])
        for entity in metadata["@graph"]:
            if entity["@id"] == _LOCK:
                entity["sha256"] = hashlib.sha256(content[_LOCK]).hexdigest()
                entity["contentSize"] = str(len(content[_LOCK]))
        content["ro-crate-metadata.json"] = json.dumps(metadata).encode()
        for path, data in content.items():
            made.writestr(path, data)


def test_a_lock_that_cannot_be_built_is_named_and_leaves_nothing(
    tides: Launchable, build: Build, podman: Podman, engine: Engine, tmp_path: Path, folder: Path
) -> None:
    with_other_version(tides.crate, tmp_path / "no.crate.zip", "asttokens", "3.0.777")
    with (
        nothing_new_in(podman, engine),
        pytest.raises(OutsideFailed, match=r"asttokens==3\.0\.777") as said,
    ):
        build(tmp_path / "no.crate.zip", "impossible")
    assert "asttokens==3.0.777" in Path(said.value.where).read_text()
    assert [one.name for one in folder.iterdir() if one.is_dir()] == ["downloads"]


@pytest.mark.parametrize("who", ["podman", "repo2docker"])
def test_a_build_of_which_a_part_is_killed_leaves_nothing_and_can_be_begun_again(
    tides: Launchable, build: Build, podman: Podman, engine: Engine, folder: Path, who: str
) -> None:
    failed: list[OutsideFailed] = []

    def run() -> None:
        try:
            build(tides.crate, f"killed {who}")
        except OutsideFailed as error:
            failed.append(error)

    with nothing_new_in(podman, engine):
        building = Thread(target=run)
        building.start()
        _until(lambda: bool(working_containers(engine)))
        wanted = {"podman": "build", "repo2docker": "repo2docker"}[who]
        victims = [one for one in _of_builds(folder) if wanted in one.cmdline()]
        victim = min(victims, key=psutil.Process.create_time)
        victim.kill()
        building.join(timeout=240)
    assert not building.is_alive()
    assert failed
    assert not _of_builds(folder)
    assert [one.name for one in folder.iterdir() if one.is_dir()] == ["downloads"]


def test_when_the_launch_is_killed_in_its_build_nothing_goes_on_and_nothing_is_left(
    tides: Launchable, recrate: object, configuration: Path, podman: Podman, engine: Engine,
    tmp_path: Path,
) -> None:  # fmt: skip
    own = configuration.parent / "killed"
    own.mkdir()
    told = own / "config.py"
    told.write_text(f"c.Recrate.cache = {str(own)!r}\n")
    command = recrate.command(  # type: ignore[attr-defined]
        "launch", "--config", told, tides.crate, "--on", "container", "--no-browser",
        "--set", "ca", "no",  # an image of the base that trusts a bundle would rightly stay
    )  # fmt: skip
    variables = {**os.environ, **podman.variables, "JUPYTER_DATA_DIR": str(tmp_path)}
    with nothing_new_in(podman, engine):
        with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as launch:
            _until(lambda: bool(working_containers(engine)))
            launch.kill()
        _until(lambda: not _of_builds(own) and not working_containers(engine))
        _until(lambda: not list(own.glob("containers/*/kept.json")))


def test_an_image_that_was_half_written_goes_and_podman_lists_the_others_again(
    podman: Podman, python_base: str, engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "build"
    folder.mkdir()
    kept = Kept(owner="1:0.0", engine=engine, base=python_base, images=images(engine))
    (folder / "kept.json").write_text(to_json(replace(kept, engine=replace(engine, variables={}))))
    (folder / "Dockerfile").write_text(f"FROM {python_base}\nLABEL {LAYER_LABEL}=1\n")
    podman("build", "--iidfile", tmp_path / "id", folder)
    name = (tmp_path / "id").read_text().strip().removeprefix("sha256:")
    for manifest in Path(f"{podman.root}/graph").glob(f"*-images/{name}/manifest"):
        manifest.unlink()  # what a kill in the middle of a commit leaves
    assert broken_image(engine) == name
    assert reap_folders(tmp_path, engine.variables) == ("build build",)
    assert broken_image(engine) == ""
    assert images(engine) == kept.images


def test_a_full_disk_is_said_to_be_full(
    tides: Launchable, workshop: Workshop, podman: Podman, python_base: str, tmp_path: Path
) -> None:
    if os.getuid():
        pytest.skip("only root can mount a small disk")
    small = Podman(Path(f"{podman.root}s"))
    small.root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=420m", "small", small.root], check=True)
    try:
        small.configure()
        archive = tmp_path / "base.tar"
        podman("save", "--output", archive, python_base)
        small("load", "--input", archive)
        engine = find_engine("podman", {**os.environ, **small.variables})
        order = _order(tides.crate, python_base, workshop.data / "small", "small")
        with pytest.raises(OutsideFailed, match="the disk is full"):
            _build(order, engine, replace(workshop, variables=engine.variables))
        assert not small.containers()
    finally:
        small.remove()
        subprocess.run(["umount", "-l", small.root], check=False)
        small.root.rmdir()
