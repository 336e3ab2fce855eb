"""What is under way has a folder that says whose it is, so that a kill leaves nothing for good.

A build and a session each write `kept.json` before they start anything. Taking away is the same
function in all three cases: at the end, by a keeper that outlives a killed launch, and by the next
launch that finds a folder whose owner is dead.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.outside.process import run, start
from recrate_binder.container.engine import Engine

MARKER = "kept.json"
LOCK = "build.lock"
"""Beside the folders of builds: held by whoever builds, or takes a build away."""
SESSION_LABEL = "recrate.session"
OWNER_LABEL = "recrate.owner"
LAYER_LABEL = "org.recrate.layer"
"""Label of images of crates, and of all layers that they are built of."""
_KILLING_SECONDS = 30.0
_SECONDS = 600.0
"""For taking layers away: tens of thousands of files."""
BUILD_VARIABLE = "RECRATE_BUILD"
"""In the environment of every process of a build: its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One build or session under way.

    owner:     process id and start time of the launch, `4711:1795302094.31`
    container: name of a session's container; empty for a build
    base:      for a build, the image that it begins with
    working:   for a build, the working containers that were there before it
    layers:    for a build, the layers without a name that were there before it
    """

    owner: str
    engine: Engine
    container: str = ""
    base: str = ""
    working: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    schema: int = 1


def owner_now() -> str:
    """Return what this process is known by: its id may be given again, not with its start time."""
    return f"{os.getpid()}:{psutil.Process().create_time():.2f}"


def owner_lives(owner: str) -> bool:
    """Say whether the process that `owner_now` named still runs."""
    pid, _, began = owner.partition(":")
    with contextlib.suppress(psutil.Error, ValueError):
        process = psutil.Process(int(pid))
        return (
            abs(process.create_time() - float(began)) < 0.05
            and process.status() != psutil.STATUS_ZOMBIE
        )
    return False


@contextmanager
def keeping(folder: Path, kept: Kept) -> Iterator[None]:
    """Take away what `kept` names when the block ends, or soon after this process was killed."""
    variables = kept.engine.variables
    write_text(folder / MARKER, to_json(replace(kept, engine=replace(kept.engine, variables={}))))
    keeper = start(
        [sys.executable, "-m", "recrate_binder.container.keeper", folder], variables=variables
    )
    try:
        yield
    finally:
        take_away(folder, variables)
        _dismiss(keeper)


def _dismiss(keeper: "subprocess.Popen[bytes]") -> None:
    try:
        keeper.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.communicate()


def take_away(folder: Path, variables: Mapping[str, str]) -> None:
    """End what a folder's `kept.json` names and remove it; may be called more than once."""
    marker = folder / MARKER
    with contextlib.suppress(FileNotFoundError):
        kept = _read(marker, variables)
        if kept.container:
            kept.engine.remove(kept.container)
        else:
            _end_build(folder, kept)
        with disk_errors(folder):
            marker.unlink(missing_ok=True)
        remove_tree(folder)


def _read(marker: Path, variables: Mapping[str, str]) -> Kept:
    kept = from_json(marker.read_bytes(), Kept, where=str(marker))
    return replace(kept, engine=replace(kept.engine, variables=variables))


def _end_build(folder: Path, kept: Kept) -> None:
    """End a build's processes, those in its containers too, and remove what it left half made."""
    _end_processes(folder)
    if kept.engine.name != "podman":
        return
    if kept.engine.runtime:
        for bundle in (folder / "tmp").glob("buildah[0-9]*"):
            run(
                [kept.engine.runtime, "delete", "--force", f"buildah-{bundle.name}"],
                timeout_seconds=60,
                variables=kept.engine.variables,
            )
    ours = set(layers(kept.engine)) | {_image_id(kept.engine, kept.base)}
    for name, image in working_containers(kept.engine).items():
        if name not in kept.working and image in ours:
            kept.engine.remove(name)
    ours = set(layers(kept.engine, "--filter", "dangling=true")) - set(kept.layers)
    if ours:  # those below another go with it, and are then said to be unknown
        kept.engine.run("image", "rm", *sorted(ours), timeout_seconds=_SECONDS)


def _end_processes(folder: Path) -> None:
    """Kill until none is left: one may begin while the others are looked for."""
    end = time.monotonic() + _KILLING_SECONDS
    while time.monotonic() < end:
        found = False
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(BUILD_VARIABLE) == str(folder):
                    process.send_signal(signal.SIGKILL)
                    found = True
        if not found:
            return
        time.sleep(0.05)


def working_containers(engine: Engine) -> dict[str, str]:
    """Return the containers in which podman builds, whoever's they are: id → id of the image."""
    if engine.name != "podman":
        return {}
    told = ("ps", "-a", "--external", "--no-trunc", "--filter", "status=unknown")
    listed = engine.run(*told, "--format", "{{.ID}} {{.ImageID}} {{.Command}}")
    found = (line.split() for line in listed.out.splitlines())
    return {one[0]: one[1] for one in found if one[2:] == ["buildah"]}


def layers(engine: Engine, *more: str) -> tuple[str, ...]:
    """Return the ids of our images, and of the layers below them; `more` arguments choose."""
    if engine.name != "podman":
        return ()
    told = ("images", "-a", "-q", "--no-trunc", "--filter", f"label={LAYER_LABEL}", *more)
    return tuple(one.removeprefix("sha256:") for one in engine.run(*told).out.split())


def _image_id(engine: Engine, name: str) -> str:
    return engine.run("image", "inspect", "--format", "{{.Id}}", name).out.strip()


def reap_folders(parent: Path, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Take away what dead owners left in the folders below `parent`, and name it."""
    reaped = []
    for marker in parent.glob(f"*/{MARKER}"):
        with contextlib.suppress(FileNotFoundError):
            kept = _read(marker, variables)
            if not owner_lives(kept.owner):
                take_away(marker.parent, variables)
                reaped.append(kept.container or f"build {marker.parent.name}")
    return tuple(reaped)


def reap_containers(engine: Engine) -> tuple[str, ...]:
    """Take away containers of sessions whose owners are dead, and name them."""
    reaped = []
    for one in engine.containers(SESSION_LABEL):
        if not owner_lives(str(one["labels"].get(OWNER_LABEL, ""))):
            engine.remove(one["name"])
            reaped.append(one["name"])
    return tuple(reaped)
