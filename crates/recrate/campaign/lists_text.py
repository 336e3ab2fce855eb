"""The text of a list: which encoding it is in, and its lines, bounded."""

import codecs
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from recrate.model.errors import BadInput
from recrate.outside.disk import BLOCK_BYTES, disk_error

PIECE_CHARACTERS = 1 << 16
LINE_CHARACTERS = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say what it means that something cannot be read; BadInput where nobody lets us."""
    try:
        yield
    except PermissionError as error:
        raise BadInput(
            "no permission to read it",
            where=str(error.filename or path),
            hint="let it be read, or leave it out",
        ) from error
    except OSError as error:
        raise disk_error(error, path) from error


@contextmanager
def reading(path: Path) -> Iterator[Iterator[str]]:
    """Open a list and give its text in pieces: a line each, long lines in several.

    UTF-8 with and without its mark, UTF-16 with its mark, and Shift_JIS (cp932) are recognised.
    Raises BadInput for what is no text, or may not be read.
    """
    with readable(path):
        with path.open("rb") as stream:
            encoding = _encoding_of(stream, path)
        with path.open(encoding=encoding) as text:
            yield _pieces(text, path)


def _pieces(stream: TextIO, path: Path) -> Iterator[str]:
    try:
        while piece := stream.readline(PIECE_CHARACTERS):
            yield piece
    except UnicodeError as error:
        raise _no_text(path) from error


def whole_lines(pieces: Iterable[str], name: str) -> Iterator[str]:
    """Yield lines without their ends, put together from pieces.

    Raises BadInput for one of more than `LINE_CHARACTERS` characters.
    """
    number, held, length = 1, list[str](), 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length > LINE_CHARACTERS:
            raise BadInput(
                f"a line of more than {LINE_CHARACTERS:,} characters",
                where=f"{name}, line {number}",
                hint="is this a list? It has one crate a line",
            )
        if piece.endswith("\n"):
            yield "".join(held).rstrip("\r\n")
            number, held, length = number + 1, [], 0
    if held:
        yield "".join(held)


def without_mark(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces without the byte order mark that may stand before the first."""
    rest = iter(pieces)
    for first in rest:
        yield first.removeprefix("\ufeff")
        break
    yield from rest


def _encoding_of(stream: BinaryIO, path: Path) -> str:
    begin = stream.read(4)
    if begin in _OFFICE:
        raise BadInput(
            "a workbook or an archive, not a list",
            where=str(path),
            hint="save the sheet as CSV, and name that file",
        )
    for mark, encoding in _MARKS:
        if begin.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp932"):
        stream.seek(0)
        if _decodes(stream, encoding):
            return encoding
    raise _no_text(path)


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(BLOCK_BYTES):
            if b"\0" in block:
                return False
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _no_text(path: Path) -> BadInput:
    return BadInput(
        "no text that we can read",
        where=str(path),
        hint="save the list as UTF-8, or name a crate (FILE.crate.zip)",
    )
