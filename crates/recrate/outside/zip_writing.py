"""Members become a zip file or a folder: read once, hashed and compressed on the way."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from isal import isal_zlib

from recrate.model.progress import Progress, silent
from recrate.outside.disk import BLOCK_BYTES, writing
from recrate.outside.members import Finish, Member, Written, changed, content_of, opened, size_of
from recrate.outside.zip_format import (
    DEFLATED,
    LARGE_BYTES,
    STORED,
    Record,
    central_header,
    end_of_directory,
    local_header,
)

SMALL_BYTES = BLOCK_BYTES
"""A file below this is read whole, in one task together with its neighbours."""
_BATCH_FILES = 128
_WINDOW = 6
"""Tasks under way at once: bounds the memory to a few blocks whatever the files' sizes."""
_SAMPLE_BYTES = 1 << 16
_WORTHWHILE = 0.95
"""Deflate is used where a sample shrinks below this share of its size."""
_SUSPICIOUS = 150
"""What shrinks more than this many times looks like a bomb to whoever opens it: it is stored."""
_LEVEL = 1
_END_OF_DEFLATE = b"\x03\x00"
"""An empty last block, RFC 1951 section 3.2.6."""


def write_zip(
    members: Iterable[Member],
    destination: Path,
    *,
    finish: Finish = lambda _: (),
    progress: Progress = silent,
) -> tuple[Written, ...]:
    """Write a zip file, whole or not at all; the same members give the same bytes.

    Returns what was written, sorted by the bytes of the path, without the members of `finish`:
    these lie last in the file, beside the directory, and are listed first in it, so that a reader
    who wants only them reads only the file's tail. Each file is read once, hashed and compressed
    in threads, a few MiB at a time. Raises OutsideFailed when the disk lets us down or a file
    changes under our hands; then nothing is left at `destination`.
    """
    ordered = sorted(members, key=lambda member: member.path.encode())
    with writing(destination) as stream, _ZipWriter(stream) as writer:
        written = writer.add(ordered, progress)
        first = len(writer.records)
        writer.add(finish(written), silent)
        writer.close(writer.records[first:] + writer.records[:first])
    return written


@dataclass(slots=True)
class _Large:
    """A member that is written in pieces, and the digests of what was read of it so far."""

    member: Member
    record: Record
    sha: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take(self, block: bytes) -> None:
        self.sha.update(block)
        self.record.crc = isal_zlib.crc32(block, self.record.crc)
        self.record.size += len(block)


@dataclass(slots=True, kw_only=True)
class _Piece:
    """A block of a large member on its way; `data` None closes the member."""

    large: _Large
    size: int
    hashed: "Future[None] | None"
    data: "Future[bytes] | bytes | None"


_Batch = list[tuple[Record, Written, bytes]]
_Task = Future[_Batch] | _Piece


class _ZipWriter:
    """The file being written, and the threads that work for it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.offset = 0
        self.records: list[Record] = []
        self.written: list[Written] = []
        self.workers = ThreadPoolExecutor(2, thread_name_prefix="deflate")
        self.hasher = ThreadPoolExecutor(1, thread_name_prefix="hash")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.workers.shutdown(cancel_futures=True)
        self.hasher.shutdown(cancel_futures=True)

    def add(self, members: Iterable[Member], progress: Progress) -> tuple[Written, ...]:
        """Write members in the order given; progress counts bytes."""
        sized = [(member, size_of(member)) for member in members]
        total, before, done = sum(size for _, size in sized), len(self.written), 0
        for task in _windowed(self._tasks(sized)):
            path, size = self._write(task)
            done += size
            progress("pack", done, total, path)
        return tuple(self.written[before:])

    def close(self, records: list[Record]) -> None:
        """Write the directory, in the order of `records`."""
        directory = b"".join(map(central_header, records))
        self.stream.write(directory)
        self.stream.write(end_of_directory(len(records), len(directory), self.offset))

    def _tasks(self, sized: list[tuple[Member, int]]) -> Iterator["_Task"]:
        for group in _grouped(sized):
            member, size = group[0]
            if size >= SMALL_BYTES:
                yield from self._pieces(member, size)
            else:
                yield self.workers.submit(_pack_small, group)

    def _pieces(self, member: Member, size: int) -> Iterator[_Piece]:
        read = 0
        with opened(member) as source:
            method = _method_for(source, size)
            record = Record(name=member.path.encode(), method=method, large=size >= LARGE_BYTES)
            large = _Large(member, record)
            while block := source.read(BLOCK_BYTES):
                read += len(block)
                yield _Piece(
                    large=large,
                    size=len(block),
                    hashed=self.hasher.submit(large.take, block),
                    data=block if method == STORED else self.workers.submit(_deflate_block, block),
                )
        if read != size:
            raise changed(member)
        yield _Piece(large=large, size=0, hashed=None, data=None)

    def _write(self, task: "_Task") -> tuple[str, int]:
        """Write what a task made and return the path and how many bytes of the source it was."""
        if isinstance(task, _Piece):
            return self._write_piece(task)
        finished = task.result()
        for record, written, data in finished:
            self._begin(record)
            self._put(data)
            self.written.append(written)
        return finished[-1][1].path, sum(written.size_bytes for _, written, _ in finished)

    def _write_piece(self, piece: _Piece) -> tuple[str, int]:
        large, record = piece.large, piece.large.record
        if piece.hashed is None or piece.data is None:
            self._finish(large)
            return large.member.path, 0
        if record.compressed == 0:
            self._begin(record)
        piece.hashed.result()
        data = piece.data if isinstance(piece.data, bytes) else piece.data.result()
        self._put(data)
        record.compressed += len(data)
        return large.member.path, piece.size

    def _begin(self, record: Record) -> None:
        record.offset = self.offset
        self.records.append(record)
        self._put(local_header(record))

    def _finish(self, large: _Large) -> None:
        """Close a large member: its sizes and checksum go into the header that waits for them."""
        record = large.record
        if record.method == DEFLATED:
            self._put(_END_OF_DEFLATE)
            record.compressed += len(_END_OF_DEFLATE)
        self.stream.seek(record.offset)
        self.stream.write(local_header(record))
        self.stream.seek(self.offset)
        self.written.append(
            Written(path=large.member.path, sha256=large.sha.hexdigest(), size_bytes=record.size)
        )

    def _put(self, data: bytes) -> None:
        self.stream.write(data)
        self.offset += len(data)


def _windowed(tasks: Iterator[_Task]) -> Iterator[_Task]:
    """Yield the tasks in order, each one only when the next few are under way."""
    under_way: deque[_Task] = deque()
    for task in tasks:
        under_way.append(task)
        if len(under_way) >= _WINDOW:
            yield under_way.popleft()
    yield from under_way


def _grouped(sized: list[tuple[Member, int]]) -> Iterator[list[tuple[Member, int]]]:
    """Yield large members alone and neighbouring small ones together, in order."""
    group: list[tuple[Member, int]] = []
    weight = 0
    for member, size in sized:
        if group and (
            size >= SMALL_BYTES or weight + size > SMALL_BYTES or len(group) == _BATCH_FILES
        ):
            yield group
            group, weight = [], 0
        group.append((member, size))
        weight += size
        if size >= SMALL_BYTES:
            yield group
            group, weight = [], 0
    if group:
        yield group


def _pack_small(group: list[tuple[Member, int]]) -> _Batch:
    packed = []
    for member, size in group:
        content = content_of(member)
        if len(content) != size:
            raise changed(member)
        squeezed = content if size == 0 else isal_zlib.compress(content, _LEVEL, -15)
        method, data = _better(content, squeezed)
        record = Record(
            name=member.path.encode(),
            method=method,
            crc=isal_zlib.crc32(content),
            compressed=len(data),
            size=size,
        )
        digest = hashlib.sha256(content).hexdigest()
        packed.append((record, Written(path=member.path, sha256=digest, size_bytes=size), data))
    return packed


def _better(content: bytes, squeezed: bytes) -> tuple[int, bytes]:
    """Return the method and the bytes to write: deflated where that is worthwhile and harmless."""
    shrunk = len(squeezed) <= _WORTHWHILE * len(content)
    harmless = len(content) < BLOCK_BYTES or len(squeezed) * _SUSPICIOUS > len(content)
    return (DEFLATED, squeezed) if shrunk and harmless and content else (STORED, content)


def _method_for(source: BinaryIO, size: int) -> int:
    """Choose by what the first and the middle block do; a media type may lie, bytes do not."""
    shares = []
    for place in (0, size // 2):
        source.seek(place)
        sample = source.read(_SAMPLE_BYTES)
        shares.append(len(_deflate_block(sample)) / max(1, len(sample)))
    source.seek(0)
    return DEFLATED if 1 / _SUSPICIOUS < min(shares) <= _WORTHWHILE else STORED


def _deflate_block(block: bytes) -> bytes:
    """Deflate a block so that it ends on a byte and others may follow (RFC 1951 section 3.2.4)."""
    deflater = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    squeezed: bytes = deflater.compress(block) + deflater.flush(isal_zlib.Z_SYNC_FLUSH)
    return squeezed
