"""A replay's own copy of the study, and what notebooks changed in it."""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from recrate.model.observation import WrittenFile
from recrate.outside.disk import BLOCK_BYTES, disk_errors

MAXIMUM_FILES = 10_000
"""How many written files of one notebook are looked at; the rest is counted."""

_IGNORED_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints", ".git"})

Mark = tuple[int, int, int, int]
"""Size, inode, time of change of content and of record: the last one cannot be set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one notebook did to the files, relative to the study's root."""

    written: tuple[WrittenFile, ...] = ()
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
        copy.marks = dict(_marks(root))
        return copy

    def changes(self) -> Changes:
        """Return what changed since the last call, and take that as the new state."""
        now = dict(_marks(self.root))
        touched = [path for path, mark in sorted(now.items()) if self.marks.get(path) != mark]
        deleted = tuple(sorted(path for path in self.marks if path not in now))
        notes = []
        if len(touched) > MAXIMUM_FILES:
            notes.append(f"{len(touched):,} files were written; {MAXIMUM_FILES:,} are listed")
            touched = touched[:MAXIMUM_FILES]
        written = []
        for path in touched:
            digest = _digest(self.root / path)
            if digest is None or digest == self._known(path):
                continue
            self.hashes[path] = digest
            written.append(WrittenFile(path=_readable(path), sha256=digest, size_bytes=now[path][0]))
        self.marks = now
        return Changes(written=tuple(written), deleted=deleted, notes=tuple(notes))

    def _known(self, path: str) -> str | None:
        if path not in self.marks:
            return None
        if path not in self.hashes:
            digest = _digest(self.original / path)
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
                into.symlink_to(os.readlink(entry.path))
        elif entry.is_dir(follow_symlinks=False):
            _copy_folder(Path(entry.path), into, top)
        elif entry.is_file(follow_symlinks=False):
            shutil.copy2(entry.path, into)
            into.chmod(into.stat().st_mode | 0o600)


def _marks(root: Path) -> Iterator[tuple[str, Mark]]:
    """Walk the regular files below `root`; links, pipes and devices are not followed or opened."""
    waiting = [""]
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


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a regular file, None for anything else; never follows, never waits."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        digest = hashlib.sha256()
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _readable(path: str) -> str:
    """Return a path that can stand in JSON: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")
