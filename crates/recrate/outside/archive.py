"""Archives, hostile until checked: a zip file and a folder with one face; and how one is written.

What is unsafe raises Refused; what is damaged or not an archive raises BadCrate.
"""

import contextlib
import hashlib
import os
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from recrate.model.errors import BadCrate, NotFound, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.archive_rules import (
    ArchiveLimits,
    Entry,
    check_end,
    check_entries,
    check_name,
    check_zip,
    colliding,
    complaint_of,
    not_portable,
)
from recrate.outside.disk import BLOCK_BYTES, disk_errors
from recrate.outside.folder_writing import folder_writing, write_folder
from recrate.outside.members import Member, Written
from recrate.outside.zip_writing import write_zip

__all__ = [
    "Archive",
    "ArchiveLimits",
    "Entry",
    "Member",
    "Written",
    "check_name",
    "colliding",
    "complaint_of",
    "not_portable",
    "write_folder",
    "write_zip",
]

_NOT_PAYLOAD = {".git", ".hg", ".svn"}
"""Folders of version control: in a folder crate they are the owner's, not the crate's."""


class _Source(Protocol):
    def entries(self) -> Sequence[Entry]: ...
    def open(self, path: str) -> contextlib.AbstractContextManager[BinaryIO]: ...
    def close(self) -> None: ...


class Archive:
    """A zip file or folder that was checked by every rule when it was opened.

    Raises NotFound when nothing is there, BadCrate for what is no zip or is damaged, Refused for
    names that lead out, links, devices, duplicates, bombs and overlapping entries.
    """

    def __init__(self, location: Path, *, limits: ArchiveLimits | None = None) -> None:
        limits = limits or ArchiveLimits()
        self.location = location
        with disk_errors(location):
            if location.is_dir():
                self._source: _Source = _Folder(location, limits)
            elif location.is_file():
                self._source = _Zip(location, limits)
            else:
                raise NotFound("no such file or folder", where=str(location))
        try:
            with disk_errors(location):
                found = self._source.entries()
            check_entries(found, limits, where=str(location))
        except BaseException:
            self.close()
            raise
        self.entries = {entry.path: entry for entry in found}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()

    def blocks(self, path: str) -> Iterator[bytes]:
        """Yield a file's bytes, never more than the archive says it has.

        Raises BadCrate when there are fewer, or when they are not those that were packed.
        """
        entry = self._entry(path)
        done = 0
        with self._told(path), self._source.open(path) as stream:
            while block := stream.read(min(BLOCK_BYTES, entry.size_bytes - done + 1)):
                done += len(block)
                if done > entry.size_bytes:
                    break
                yield block
        if done != entry.size_bytes:
            raise BadCrate(f"{path} is not of the size that the archive says", where=self._where)

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """Return a file's bytes; raises Refused when there are more than `limit_bytes`."""
        size = self._entry(path).size_bytes
        if size > limit_bytes:
            raise Refused(
                f"{path} has {size:,} bytes, the limit is {limit_bytes:,}", where=self._where
            )
        return b"".join(self.blocks(path))

    def sha256(self, path: str) -> str:
        """Return a file's SHA-256 in hex."""
        digest = hashlib.sha256()
        for block in self.blocks(path):
            digest.update(block)
        return digest.hexdigest()

    def extract(
        self,
        places: Mapping[str, str],
        folder: Path,
        *,
        expected: Mapping[str, str],
        progress: Progress = silent,
    ) -> None:
        """Write files into a new folder, all or none; an empty `folder` gives way.

        places:   path in the archive → path in the folder
        expected: path in the archive → SHA-256 in hex; a file that has another raises BadCrate
        """
        with folder_writing(folder) as inner:
            for done, (path, place) in enumerate(places.items()):
                progress("unpack", done, len(places), place)
                found = self._extract_one(path, inner / place)
                if expected.get(path, found) != found:
                    raise BadCrate(
                        f"wrong checksum: {place} has {found}, the crate says {expected[path]}",
                        where=self._where,
                        hint="the file was changed or damaged after packing; get another copy",
                    )

    def _extract_one(self, path: str, target: Path) -> str:
        if sys.platform == "win32" and not_portable(path):
            raise Refused(f"a name that Windows cannot hold: {path}", where=self._where)
        digest = hashlib.sha256()
        with disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                stream = target.open("xb")
            except FileExistsError as error:
                raise Refused(f"two files meet at {path}", where=self._where) from error
        with stream:
            for block in self.blocks(path):
                digest.update(block)
                with disk_errors(target):
                    stream.write(block)
            with disk_errors(target):
                stream.flush()
        return digest.hexdigest()

    @property
    def _where(self) -> str:
        return str(self.location)

    def _entry(self, path: str) -> Entry:
        if path not in self.entries:
            raise BadCrate(f"{path} is not in the archive", where=self._where)
        return self.entries[path]

    @contextlib.contextmanager
    def _told(self, path: str) -> Iterator[None]:
        with _damage_told(self._where, path):
            yield


class _Zip:
    """A zip file; its list of contents is all that opening it reads."""

    def __init__(self, location: Path, limits: ArchiveLimits) -> None:
        where = str(location)
        with location.open("rb") as stream:
            check_end(stream, limits, where=where)
        with _damage_told(where, "its list of contents"):
            self._opened = zipfile.ZipFile(location)
        try:
            check_zip(self._opened, limits, where=where, packed=location.stat().st_size)
        except BaseException:
            self._opened.close()
            raise

    def entries(self) -> Sequence[Entry]:
        return [
            Entry(path=info.orig_filename, size_bytes=info.file_size)
            for info in self._opened.infolist()
            if not info.is_dir()
        ]

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with self._opened.open(path) as stream:
            yield stream  # type: ignore[misc]

    def close(self) -> None:
        self._opened.close()


class _Folder:
    """A folder; links that lead out of it, devices and sockets are refused."""

    def __init__(self, location: Path, limits: ArchiveLimits) -> None:
        self._root = location
        self._limits = limits
        self._resolved = location.resolve()

    def entries(self) -> Sequence[Entry]:
        found = []
        for entry in self._walk(self._root, ""):
            found.append(entry)
            if len(found) > self._limits.entries:
                raise Refused(f"more than {self._limits.entries:,} files", where=str(self._root))
        return sorted(found, key=lambda entry: entry.path.encode())

    def _walk(self, folder: Path, prefix: str) -> Iterator[Entry]:
        with os.scandir(folder) as inside:
            for item in inside:
                path = prefix + item.name
                if item.name in _NOT_PAYLOAD:
                    continue
                check_name(path, where=str(self._root))
                if item.is_symlink():
                    self._check_link(Path(item.path), path)
                if item.is_dir():
                    yield from self._walk(Path(item.path), f"{path}/")
                elif stat.S_ISREG(item.stat().st_mode):
                    yield Entry(path=path, size_bytes=item.stat().st_size)
                else:
                    raise Refused(
                        f"a device, pipe or socket in the crate: {path}", where=str(self._root)
                    )

    def _check_link(self, link: Path, path: str) -> None:
        target = link.resolve()
        if not target.is_relative_to(self._resolved) or not target.exists():
            raise Refused(f"a link that leads out of the crate: {path}", where=str(self._root))
        if target.is_dir():
            raise Refused(f"a link to a folder: {path}", where=str(self._root))

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with (self._root / path).open("rb") as stream:
            yield stream

    def close(self) -> None:
        """Nothing is kept open."""


@contextlib.contextmanager
def _damage_told(where: str, what: str) -> Iterator[None]:
    """Turn all that a damaged zip file makes Python raise into BadCrate."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OverflowError,
        OSError,
    ) as error:
        if isinstance(error, OSError) and error.errno is not None:
            with disk_errors(Path(where)):
                raise
        raise BadCrate(
            f"damaged: {what} cannot be read ({error})",
            where=where,
            hint="download it again, or ask whoever made it for another copy",
        ) from error
