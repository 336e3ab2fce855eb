"""Compressed content unpacked in memory, with an end to it: a few bytes can claim gigabytes."""

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator

MOST_BYTES = 256 * 1024**2
"""Unpacked, of one file with all that is in it."""
MOST_MEMBERS = 2_000


BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)
"""What zipfile raises on archives that are broken, encrypted or packed in an unknown way."""


class TooLargeError(Exception):
    """It holds more than is unpacked here."""

    def __init__(self) -> None:
        super().__init__(f"it unpacks to more than {MOST_BYTES // 1024**2} MiB")


def unpacked(content: bytes, suffix: str) -> bytes:
    """Unpack `.gz`, `.bz2` or `.xz`, also of several parts behind one another.

    Raises TooLargeError, and ValueError for what is broken or cut off.
    """
    whole = bytearray()
    rest = content
    while rest:
        if suffix == ".gz":
            part, rest = _inflated(rest, MOST_BYTES - len(whole))
        else:
            reader = bz2.BZ2Decompressor() if suffix == ".bz2" else lzma.LZMADecompressor()
            try:
                part = reader.decompress(rest, MOST_BYTES - len(whole) + 1)
            except (OSError, lzma.LZMAError) as error:
                raise ValueError("broken") from error
            if not reader.eof:
                _stop(len(whole) + len(part))
            rest = reader.unused_data
        whole += part
        if len(whole) > MOST_BYTES:
            raise TooLargeError
    return bytes(whole)


def _inflated(content: bytes, most: int) -> tuple[bytes, bytes]:
    reader = zlib.decompressobj(wbits=31)
    try:
        part = reader.decompress(content, most + 1)
    except zlib.error as error:
        raise ValueError("broken") from error
    if not reader.eof:
        _stop(MOST_BYTES - most + len(part))
    return part, reader.unused_data


def _stop(size: int) -> None:
    if size > MOST_BYTES:
        raise TooLargeError
    raise ValueError("cut off")


def members_of(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the files of a zip archive, in the order of their names.

    Raises TooLargeError before anything is unpacked past the limit, and what zipfile raises.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
            raise TooLargeError
        left = MOST_BYTES
        for one in sorted(members, key=lambda one: one.filename):
            with archive.open(one) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                raise TooLargeError
            yield one.filename, part
