"""A replay's own copy of the study, and what notebooks changed in it."""

import contextlib
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from recrate.model.observation import WrittenFile
from recrate.outside.disk import BLOCK_BYTES, disk_errors

if sys.platform == "linux":
    import fcntl

_FICLONE = 0x40049409
"""Share the blocks of another file. Source: ioctl_ficlone(2)."""

MAXIMUM_FILES = 10_000
"""How many written files of one notebook are looked at; the rest is counted."""

_IGNORED_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints", ".git"})

Mark = tuple[int, int, int, int]
"""Size, inode, time of change of content and of record: the last one cannot be set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one notebook did to the files, relative to the study's root.

    rewritten: written again with the content they had
    """

    written: tuple[WrittenFile, ...] = ()
    rewritten: tuple[WrittenFile, ...] = ()
    deleted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(kw_only=True)
class StudyCopy:
    """The copy that all notebooks of one run share, so that they feed each other."""

    original: Path
    root: Path
    marks: dict[str, Mark] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, original: Path, root: Path) -> "StudyCopy":
        """Copy the study to `root`; links that lead out of it are left behind."""
        with disk_errors(root):
            _copy_folder(original, root, original.resolve())
        copy = cls(original=original, root=root)
        copy.look_again()
        return copy

    def look_again(self) -> None:
        """Take the files as they are now for the state that nobody changed."""
        for path, mark in _marks(self.root):
            if self.marks.get(path, mark) != mark:
                self.hashes.pop(path, None)
            self.marks[path] = mark

    def changes(self) -> Changes:
        """Return what changed since the last call, and take that as the new state."""
        now = dict(_marks(self.root))
        touched = [path for path, mark in sorted(now.items()) if self.marks.get(path) != mark]
        deleted = tuple(sorted(path for path in self.marks if path not in now))
        notes = []
        if len(touched) > MAXIMUM_FILES:
            notes.append(f"{len(touched):,} files were written; {MAXIMUM_FILES:,} are listed")
            touched = touched[:MAXIMUM_FILES]
        written: list[WrittenFile] = []
        rewritten: list[WrittenFile] = []
        for path in touched:
            digest = _digest(self.root, path)
            if digest is None:
                continue
            known = self._known(path)
            self.hashes[path] = digest
            (rewritten if digest == known else written).append(
                WrittenFile(path=readable_name(path), sha256=digest, size_bytes=now[path][0])
            )
        self.marks = now
        return Changes(
            written=tuple(written),
            rewritten=tuple(rewritten),
            deleted=deleted,
            notes=tuple(notes),
        )

    def _known(self, path: str) -> str | None:
        if path not in self.marks:
            return None
        if path not in self.hashes:
            digest = _digest(self.original, path)
            if digest is not None:
                self.hashes[path] = digest
        return self.hashes.get(path)


def _copy_folder(source: Path, target: Path, top: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in os.scandir(source):
        into = target / entry.name
        if entry.is_symlink():
            goal = Path(entry.path).resolve()
            if goal.is_relative_to(top):
                into.symlink_to(Path(entry.path).readlink())
        elif entry.is_dir(follow_symlinks=False):
            _copy_folder(Path(entry.path), into, top)
        elif entry.is_file(follow_symlinks=False):
            copy_file(Path(entry.path), into)
            into.chmod(into.stat().st_mode | 0o600)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file with its time; on file systems that can, both share their blocks."""
    if sys.platform == "linux":
        with source.open("rb") as old, target.open("wb") as new:
            try:
                fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
            except OSError:
                shutil.copyfileobj(old, new, BLOCK_BYTES)
        shutil.copystat(source, target)
    else:
        shutil.copy2(source, target)


def _marks(root: Path) -> Iterator[tuple[str, Mark]]:
    """Walk the regular files below `root`; links, pipes and devices are not followed or opened."""
    waiting = [] if root.is_symlink() else [""]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(root / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _IGNORED_FOLDERS:
                        waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    seen = entry.stat(follow_symlinks=False)
                    yield path, (seen.st_size, seen.st_ino, seen.st_mtime_ns, seen.st_ctime_ns)


def open_beneath(root: Path, path: str) -> BufferedReader | None:
    """Open the regular file `path` below `root` to read, or return None.

    No link on the way is followed and no pipe waited for: what lies there was put there by
    strangers' code, and a kernel started ahead may still be moving things.
    """
    if sys.platform == "win32":
        target = root / path
        return None if target.is_symlink() or not target.is_file() else target.open("rb")
    *folders, name = path.split("/")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    opened: list[int] = []
    try:
        opened.append(os.open(root, flags | os.O_DIRECTORY))
        for folder in folders:
            opened.append(os.open(folder, flags | os.O_DIRECTORY, dir_fd=opened[-1]))
        handle = os.open(name, flags, dir_fd=opened[-1])
    except OSError:
        return None
    finally:
        for each in opened:
            os.close(each)
    stream = os.fdopen(handle, "rb")
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return stream
    stream.close()
    return None


def _digest(root: Path, path: str) -> str | None:
    stream = open_beneath(root, path)
    if stream is None:
        return None
    with stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def readable_name(path: str) -> str:
    """Return a path that can stand in JSON: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")
