"""Building a crate's image: once for its content, one at a time, with nothing left of a failure.

repo2docker does it in a process of its own, with the content provider and the build pack of this
package. The name of the image says what it is made of, so who finds it builds nothing.
"""

import contextlib
import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from recrate.model.errors import OutsideFailed
from recrate.model.progress import Progress
from recrate.outside.disk import disk_errors, remove_tree
from recrate.outside.process import start_logged
from recrate_binder.container.engine import Engine
from recrate_binder.container.images import USER, USER_ID
from recrate_binder.container.kept import (
    BUILD_VARIABLE,
    LOCK,
    Kept,
    images,
    keeping,
    owner_now,
    reap_folders,
    working_containers,
)
from recrate_binder.container.reasons import reason_in

REPOSITORY = "localhost/recrate-crate"
LOG_LIMIT_BYTES = 32 << 20
CONFIGURATION = Path(__file__).parents[1] / "repo2docker_config.py"
_STEP = re.compile(r"^(?:\[\d+/\d+\] )?STEP (\d+)/(\d+): (.*)|^#\d+ \[[^\]]*?(\d+)/(\d+)\] (.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrder:
    """What an image is made of.

    crate:    its file or folder; identity: of its payload
    base:     image to begin with
    recipe:   versions of whatever writes the Dockerfile: another one makes another image
    folder:   where builds keep their logs and scratch
    """

    crate: Path
    identity: str
    base: str
    recipe: tuple[str, ...]
    folder: Path
    timeout_seconds: float = 3600.0

    @property
    def key(self) -> str:
        """What names the image: 24 digits of a hash of all that it is made of."""
        told = "\n".join((self.identity, self.base, *self.recipe))
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    @property
    def image(self) -> str:
        """The name of the image."""
        return f"{REPOSITORY}:{self.key}"

    @property
    def log(self) -> Path:
        """What was said when it was built."""
        return self.folder / f"{self.key}.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An image that is there. `seconds`: waiting and building; `found`: it was there already."""

    image: str
    found: bool
    seconds: float


def build_image(
    order: BuildOrder, engine: Engine, *, prepare: Callable[[Path], None], progress: Progress
) -> Built:
    """Return the crate's image; build it unless it is there.

    prepare: called before a build with the folder of the build pack's configuration
    Where another launch builds, wait for it. Raises OutsideFailed, with the log's place and the
    line that says why, when the build fails; then no half image and no container is left.
    """
    began = time.monotonic()
    found = engine.has_image(order.image)
    if not found:
        with disk_errors(order.folder):
            order.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        with _turn(order.folder / LOCK, progress):
            reap_folders(order.folder, engine.variables)
            found = engine.has_image(order.image)
            if not found:
                _build(order, engine, prepare, progress)
    return Built(image=order.image, found=found, seconds=time.monotonic() - began)


@contextmanager
def _turn(place: Path, progress: Progress) -> Iterator[None]:
    """Wait until no other launch builds: they would do the same work, or clean each other away."""
    lock = FileLock(str(place))
    while True:
        try:
            lock.acquire(timeout=1)
            break
        except Timeout:
            progress("image", 0, 0, "waiting: another launch builds an image")
    try:
        yield
    finally:
        lock.release()


def _build(
    order: BuildOrder, engine: Engine, prepare: Callable[[Path], None], progress: Progress
) -> None:
    scratch = order.folder / order.key
    with disk_errors(scratch):
        scratch.mkdir(mode=0o700, exist_ok=True)
        _make_scratch(scratch / "tmp", order.folder / "downloads")
        order.log.unlink(missing_ok=True)
    kept = Kept(
        owner=owner_now(),
        engine=engine,
        base=order.base,
        working=tuple(working_containers(engine)),
        images=images(engine),
    )
    with keeping(scratch, kept):
        prepare(scratch / "config")
        code = _repo2docker(order, engine, scratch, progress)
        if code != 0 or not engine.has_image(order.image):
            why = reason_in(order.log, code)
            raise OutsideFailed(
                f"the image cannot be built: {why.message}",
                where=str(order.log),
                hint=why.hint or "its log says more; `recrate launch --on here` needs no image",
            )
        remove_tree(scratch)  # nothing to take away then: the layers are for the next build


def _make_scratch(scratch: Path, downloads: Path) -> None:
    """Make a folder for temporary files, in which podman finds what earlier builds fetched."""
    scratch.mkdir(mode=0o700, exist_ok=True)
    downloads.mkdir(mode=0o700, exist_ok=True)
    for name in ("buildah-cache", f"buildah-cache-{os.getuid()}"):
        if not (scratch / name).is_symlink():
            (scratch / name).symlink_to(downloads)


def _command(order: BuildOrder, engine: Engine) -> list[str | Path]:
    return [
        sys.executable, "-m", "repo2docker", "--config", CONFIGURATION, "--engine", "recrate",
        "--no-run", "--image-name", order.image, "--user-id", USER_ID, "--user-name", USER,
        f"--CommandLineEngine.program={engine.program}",
        order.crate,
    ]  # fmt: skip


def _repo2docker(order: BuildOrder, engine: Engine, scratch: Path, progress: Progress) -> int:
    """Run repo2docker to its end and return the exit code; -1 when its time or log is too long."""
    paths = [str(scratch / "config"), engine.variables.get("JUPYTER_CONFIG_PATH", "")]
    own = {
        BUILD_VARIABLE: str(scratch),
        "TMPDIR": str(scratch / "tmp"),
        "PYTHONUNBUFFERED": "1",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(one for one in paths if one),
    }
    process = start_logged(
        _command(order, engine),
        log=order.log,
        folder=scratch,
        variables={**engine.variables, **own},
    )
    end = time.monotonic() + order.timeout_seconds
    progress("image", 0, 0, order.image)
    with order.log.open("r", encoding="utf-8", errors="replace") as said:
        while process.poll() is None:
            _tell(said, progress)
            if time.monotonic() > end or said.tell() > LOG_LIMIT_BYTES:
                return -1
            time.sleep(0.2)
    return process.wait()


def _tell(said: IO[str], progress: Progress) -> None:
    for line in said:
        step = _STEP.match(line)
        if step is not None:
            done, total, what = (one for one in step.groups() if one is not None)
            with contextlib.suppress(ValueError):
                progress("image", int(done), int(total), what.strip()[:120])
