"""Environments kept by content: found again in a moment, looked over, built once by one of many."""

import contextlib
import hashlib
import json
import os
import platform
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from recrate.environment.measure import Measured
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.progress import Progress
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.outside.tools import Interpreter

SCHEMA = "2"
"""Another way of building environments makes other ones: part of their key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """What stands in `complete.json`, written last: an environment without it is half built.

    contents: digest over path, size and time of every file
    """

    schema: str
    contents: str
    measured: Measured
    notes: tuple[str, ...] = ()


def home_of(cache: Path, pylock: str, base: Interpreter, *, build: bool = True) -> Path:
    """Return the folder of the environment for a lock and an interpreter on this platform.

    build: whether source distributions are built; without, a lock may give another environment
    """
    parts = [
        pylock,
        base.version,
        base.prefix,
        sysconfig.get_platform(),
        *platform.libc_ver(),
        SCHEMA,
        *(() if build else ("wheels only",)),
    ]
    key = hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()
    # By its real name: an environment cannot be moved, and one that is reached by another path
    # would look as if somebody had touched it.
    return (cache / "environments").resolve() / key[:32]


def set_aside(home: Path) -> None:
    """Take what stands at `home` out of the way of a new build.

    It is renamed, not removed: walls that were built around it keep it, and a kernel within them
    goes on. What was set aside before that is removed.
    """
    aside = home.with_name(f"{home.name}.aside")
    remove_tree(aside)
    with contextlib.suppress(FileNotFoundError):
        home.rename(aside)


@contextlib.contextmanager
def held(home: Path, progress: Progress, *, seconds: float) -> Iterator[None]:
    """Hold the right to build at `home`; whoever comes second waits, at most `seconds`."""
    with disk_errors(home):
        home.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{home}.lock")
    try:
        try:
            lock.acquire(timeout=1)
        except Timeout:
            progress("environment", 0, 0, "waiting: somebody else is building this environment")
            lock.acquire(timeout=seconds)
    except Timeout:
        raise OutsideFailed(
            "somebody else has been building this environment for too long",
            where=str(home),
            hint="look for another recrate that hangs; the folder is safe to delete",
        ) from None
    except OSError as error:
        raise OutsideFailed(f"cannot be locked: {error.strerror}", where=str(home)) from error
    try:
        yield
    finally:
        lock.release()


def read_complete(home: Path) -> Complete | None:
    """Return what is known of a finished environment; None when it is none, or was touched."""
    try:
        known = from_json((home / "complete.json").read_bytes(), Complete, where=str(home))
    except (OSError, BadInput):
        return None
    fresh = known.schema == SCHEMA and known.contents == contents_of(home / "venv")
    return known if fresh else None


def write_complete(home: Path, measured: Measured, notes: tuple[str, ...]) -> None:
    """Say that the environment at `home` is finished, and what it looks like."""
    known = Complete(
        schema=SCHEMA, contents=contents_of(home / "venv"), measured=measured, notes=notes
    )
    write_text(home / "complete.json", to_json(known, indent=None))


def contents_of(folder: Path) -> str:
    """Return a digest over the path, kind, size and time of everything in `folder`.

    Cheap (40,000 files in a third of a second), and enough to see that somebody wrote into it.
    """
    digest = hashlib.sha256()
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        with os.scandir(place) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            told = entry.stat(follow_symlinks=False)
            if entry.is_symlink():
                line = f"{entry.path}\0link\0{Path(entry.path).readlink()}"
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
                line = f"{entry.path}\0folder"
            else:
                line = f"{entry.path}\0{told.st_size}\0{told.st_mtime_ns}\0{told.st_mode}"
            digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
