"""What is under way has a folder that says whose it is, so that a kill leaves nothing for good.

A build and a session each write `kept.json` before they start anything. Taking away is the same
function in all three cases: at the end, by a keeper that outlives a killed launch, and by the next
launch that finds a folder whose owner is dead.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from recrate.model.errors import OutsideFailed
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.outside.process import start
from recrate_binder.container.engine import Engine

MARKER = "kept.json"
LOCK = "build.lock"
"""Beside the folders of builds: held by whoever builds, or takes a build away."""
SESSION_LABEL = "recrate.session"
OWNER_LABEL = "recrate.owner"
LAYER_LABEL = "org.recrate.layer"
"""Label of images of crates, and of all layers that they are built of."""
_ENDING_SECONDS = 60.0
_AGAIN_SECONDS = 0.1
_WRITING_SECONDS = 1.0
"""Podman writes the record of an image, and its manifest a moment later."""
_SECONDS = 600.0
"""For taking layers away: tens of thousands of files."""
_BROKEN = re.compile(r'image with ID "([0-9a-f]{64})"')
_COMMITTING = re.compile(r"(^|/)[0-9a-f]{64}-tmp$")
BUILD_VARIABLE = "RECRATE_BUILD"
"""In the environment of every process of a build: its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One build or session under way.

    owner:     process id and start time of the launch, `4711:1795302094.31`
    container: name of a session's container; empty for a build
    base:      for a build, the image that it begins with
    working:   for a build, the working containers that were there before it
    images:    for a build, the images and layers that were there before it
    """

    owner: str
    engine: Engine
    container: str = ""
    base: str = ""
    working: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    schema: int = 2


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
        try:
            take_away(folder, variables)
        finally:
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
    """End a build's processes, those in its containers too, and remove what it left half made.

    A process may begin while the others are looked for, and a container whose process is not quite
    gone cannot be removed: so it is said again until nothing is left. Raises OutsideFailed when
    something stays all the same; `kept.json` stays with it, for the next launch.
    """
    end = time.monotonic() + _ENDING_SECONDS
    while left := _end_once(folder, kept):
        if time.monotonic() > end:
            raise OutsideFailed(
                f"a build that was broken off left {left}, which cannot be taken away",
                where=str(folder),
                hint="`podman ps --all --external` shows its container; the next launch tries "
                "again",
            )
        time.sleep(_AGAIN_SECONDS)


def _end_once(folder: Path, kept: Kept) -> str:
    """Say what was still there, or may have been, when it was told to end; empty for nothing."""
    left = "processes" if _end_processes(folder) else ""
    if kept.engine.name != "podman":
        return left
    if kept.engine.runtime:
        for bundle in (folder / "tmp").glob("buildah[0-9]*"):
            kept.engine.end_process_of(f"buildah-{bundle.name}")
    try:
        return _remove_broken(kept) or _remove_containers(kept) or _remove_layers(kept) or left
    except OutsideFailed:  # podman cannot list what another is just removing
        return "what podman cannot list"


def _remove_broken(kept: Kept) -> str:
    broken = broken_image(kept.engine)
    if not broken or broken in kept.images:
        return ""
    time.sleep(_WRITING_SECONDS)
    if broken_image(kept.engine) == broken:  # nobody is just writing it
        kept.engine.run("image", "rm", broken, timeout_seconds=_SECONDS)
    return "an image without a manifest"


def _remove_containers(kept: Kept) -> str:
    found = working_containers(kept.engine).items()
    new = {name: image for name, image in found if name not in kept.working}
    if not new:
        return ""
    ours = {*layers(kept.engine), _image_id(kept.engine, kept.base)}
    wanted = [name for name, image in new.items() if image in ours]
    for name in wanted:
        kept.engine.remove(name)
    return "a container" if wanted else ""


def _remove_layers(kept: Kept) -> str:
    """Remove what has no name, or the one that podman gives a layer while it commits it."""
    told = ("images", "-a", "--no-trunc", "--filter", f"label={LAYER_LABEL}", "--format")
    listed = kept.engine.ask(*told, "{{.ID}} {{.Repository}}")
    named = [line.removeprefix("sha256:").split(" ", 1) for line in listed.splitlines()]
    committing = {one[0] for one in named if _COMMITTING.search(one[-1])}
    ours = {*layers(kept.engine, "--filter", "dangling=true"), *committing} - set(kept.images)
    if not ours:
        return ""
    # those below another go with it, and are then said to be unknown
    kept.engine.run("image", "rm", *sorted(ours), timeout_seconds=_SECONDS)
    return "layers of an image"


def _end_processes(folder: Path) -> bool:
    """Kill the processes of a build, and say whether there were any."""
    found = False
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(BUILD_VARIABLE) == str(folder):
                process.send_signal(signal.SIGKILL)
                found = True
    return found


def working_containers(engine: Engine) -> dict[str, str]:
    """Return the containers in which podman builds, whoever's they are: id → id of the image.

    One that was just made is a mere `storage` to podman, and tells by its name what it is for.
    Raises OutsideFailed when podman cannot say.
    """
    if engine.name != "podman":
        return {}
    told = ("ps", "-a", "--external", "--no-trunc", "--filter", "status=unknown")
    listed = engine.ask(*told, "--format", "{{.ID}} {{.ImageID}} {{.Command}} {{.Names}}")
    found = (line.split() for line in listed.splitlines())
    return {
        one[0]: one[1]
        for one in found
        if one[2] == "buildah" or (one[2] == "storage" and "-working-container" in one[-1])
    }


def broken_image(engine: Engine) -> str:
    """Return the id of an image that podman began to write and did not end; empty for none.

    While there is one, podman lists no images at all, nobody's. It may also be one that somebody
    is just writing, so who removes it must know that it is his own.
    """
    if engine.name != "podman":
        return ""
    listed = engine.run("images", "-a", "-q")
    found = _BROKEN.search(listed.error) if listed.code else None
    return found[1] if found else ""


def images(engine: Engine, *more: str) -> tuple[str, ...]:
    """Return the ids of podman's images, those without a name too; `more` arguments choose.

    Raises OutsideFailed when podman cannot say.
    """
    if engine.name != "podman":
        return ()
    if broken_image(engine):
        time.sleep(_WRITING_SECONDS)
    told = engine.ask("images", "-a", "-q", "--no-trunc", *more)
    return tuple(one.removeprefix("sha256:") for one in told.split())


def layers(engine: Engine, *more: str) -> tuple[str, ...]:
    """Return the ids of our images, and of the layers below them; `more` arguments choose."""
    return images(engine, "--filter", f"label={LAYER_LABEL}", *more)


def _image_id(engine: Engine, name: str) -> str:
    return engine.ask("image", "inspect", "--format", "{{.Id}}", name).strip()


def reap_folders(parent: Path, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Take away what dead owners left in the folders below `parent`, and name it.

    What cannot be taken away keeps its folder, and nobody's launch fails for it.
    """
    reaped = []
    for marker in parent.glob(f"*/{MARKER}"):
        with contextlib.suppress(FileNotFoundError, OutsideFailed):  # what stays, stays named
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
