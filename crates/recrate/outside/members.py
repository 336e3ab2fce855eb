"""What is written into an archive: a path, and where its bytes come from."""

import contextlib
import io
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recrate.model.errors import OutsideFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file to be written: its path with `/`, and where its bytes come from."""

    path: str
    source: Path | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written: its path, SHA-256 in hex, and size in bytes."""

    path: str
    sha256: str
    size_bytes: int


Finish = Callable[[tuple[Written, ...]], Iterable[Member]]
"""Makes the members that tell of the others, once these are written and their hashes known."""


def size_of(member: Member) -> int:
    """Return how many bytes a member has; raises OutsideFailed when it is no readable file."""
    if isinstance(member.source, bytes):
        return len(member.source)
    try:
        seen = member.source.stat()
    except OSError as error:
        raise _unreadable(member, error) from error
    if not stat.S_ISREG(seen.st_mode):
        raise OutsideFailed("is no longer a regular file", where=str(member.source))
    return seen.st_size


def content_of(member: Member) -> bytes:
    """Return a small member's bytes; raises OutsideFailed as `size_of` does."""
    if isinstance(member.source, bytes):
        return member.source
    try:
        with open(member.source, "rb", buffering=0) as source:  # noqa: PTH123 - half the time
            return source.read()
    except OSError as error:
        raise _unreadable(member, error) from error


@contextlib.contextmanager
def opened(member: Member) -> Iterator[BinaryIO]:
    """Open a member for reading, without a buffer; raises OutsideFailed as `size_of` does."""
    if isinstance(member.source, bytes):
        yield io.BytesIO(member.source)
        return
    try:
        source = member.source.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(member, error) from error
    with source:
        yield source


def _unreadable(member: Member, error: OSError) -> OutsideFailed:
    return OutsideFailed(
        f"cannot be read: {error.strerror or error}",
        where=str(member.source),
        hint="mend its permissions, or leave it out with a line in .recrateignore",
    )


def changed(member: Member) -> OutsideFailed:
    """Return what to raise when a member is not of the size it had when we began."""
    return OutsideFailed(
        "changed while it was being packed",
        where=str(member.source) if isinstance(member.source, Path) else member.path,
        hint="wait until nothing writes to it, then pack again",
    )
