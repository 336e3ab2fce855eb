"""Contents kept by their SHA-256 on the far side: each is sent once, whoever needs it again."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recrate.model.errors import BadInput, NotFound, OutsideFailed
from recrate.outside.disk import BLOCK_BYTES, disk_errors, writing

_HASH = re.compile(r"[0-9a-f]{64}")
_DRAFT_SECONDS = 24 * 3600.0
"""A draft older than this belongs to nobody: a put that was killed left it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A folder of contents, each named by its SHA-256 in hex.

    limit_bytes: above it the oldest unused ones go, as room for new ones is needed
    """

    folder: Path
    limit_bytes: int

    def missing(self, hashes: list[str]) -> list[str]:
        """Return those that are not here; those that are count as used just now."""
        return [one for one in hashes if not self._touch(one)]

    def take(self, address: str, size_bytes: int, stream: BinaryIO) -> None:
        """Read a content from `stream` and keep it, whole or not at all.

        Raises BadInput where its bytes are not those of the address, DiskFull without room,
        OutsideFailed where the stream ends too early.
        """
        place = self._place(address)
        self.make_room(size_bytes)
        digest = hashlib.sha256()
        with writing(place) as kept:
            for block in blocks_of(stream, size_bytes):
                digest.update(block)
                with disk_errors(place):
                    kept.write(block)
            if digest.hexdigest() != address:
                raise BadInput(
                    f"the bytes that came are not those of {address[:12]}…",
                    hint="the file changed while it was sent; try again",
                )
        place.chmod(0o600)

    def lend(self, address: str, place: Path) -> None:
        """Put a content at `place`: the same bytes on the disk where that can be, else a copy.

        Raises NotFound where it is not here, OutsideFailed when the disk lets us down.
        """
        source = self._place(address)
        gone = NotFound(f"no content {address[:12]}… here", hint="send it, then try again")
        if not self._touch(address):
            raise gone
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, place)
            except FileExistsError:
                return
            except FileNotFoundError as error:  # somebody made room just now
                raise gone from error
            except OSError:
                with writing(place) as copy, source.open("rb") as kept:
                    while block := kept.read(BLOCK_BYTES):
                        copy.write(block)

    def make_room(self, size_bytes: int) -> None:
        """Remove the oldest contents that nobody holds until `size_bytes` more fit the limit."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        seen = list(self._contents())
        total = sum(info.st_size for _, info in seen)
        for path, info in sorted(seen, key=lambda one: one[1].st_mtime_ns):
            abandoned = path.name.startswith(".") and time.time() - info.st_mtime > _DRAFT_SECONDS
            idle = not path.name.startswith(".") and info.st_nlink == 1
            if abandoned or (idle and total + size_bytes > self.limit_bytes):
                path.unlink(missing_ok=True)
                total -= info.st_size

    def _contents(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("??/*"):
            try:
                yield path, path.lstat()
            except FileNotFoundError:  # somebody else made room
                continue

    def _touch(self, address: str) -> bool:
        try:
            os.utime(self._place(address))
        except FileNotFoundError:
            return False
        return True

    def _place(self, address: str) -> Path:
        if not _HASH.fullmatch(address):
            raise BadInput(
                f"not a SHA-256: {address[:80]!r}", hint="is recrate of one version on both sides?"
            )
        return self.folder / address[:2] / address


def blocks_of(stream: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    """Yield exactly `size_bytes` of a stream; raises OutsideFailed where it ends before."""
    left = size_bytes
    while left:
        block = stream.read(min(BLOCK_BYTES, left))
        if not block:
            raise OutsideFailed(
                f"the connection ended {left:,} bytes too early",
                hint="try again: what came whole is kept there",
            )
        left -= len(block)
        yield block
