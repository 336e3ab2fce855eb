"""The records of a zip file as bytes, always the same for the same members.

Source: PKWARE APPNOTE.TXT 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
(sections 4.3.7 local header, 4.3.12 central header, 4.3.14 to 4.3.16 the end, 4.5.3 ZIP64).
"""

import struct
from dataclasses import dataclass

STORED = 0
DEFLATED = 8

FIELD_LIMIT = 0xFFFFFFFF
"""What a 32-bit field cannot hold is written as this, and the truth in a ZIP64 record (4.5.3)."""
COUNT_LIMIT = 0xFFFF
LARGE_BYTES = FIELD_LIMIT - (1 << 24)
"""From this size on a local header has room for ZIP64 sizes: deflate may add a little."""

_UTF8 = 0x800
_FIRST_OF_JANUARY_1980 = 0x21
_UNIX = 3 << 8
_REGULAR_FILE = 0o100644 << 16
_PLAIN, _ZIP64 = 20, 45
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")


@dataclass(slots=True, kw_only=True)
class Record:
    """What the headers of one member say; filled in while it is written. Sizes in bytes.

    large: its local header has room for sizes over 4 GiB
    """

    name: bytes
    method: int
    crc: int = 0
    compressed: int = 0
    size: int = 0
    offset: int = 0
    large: bool = False


def local_header(record: Record) -> bytes:
    """Return the header in front of a member's data; its length does not depend on the sizes."""
    compressed, size, extra = record.compressed, record.size, b""
    if record.large:
        extra = struct.pack("<2H2Q", 1, 16, size, compressed)
        compressed = size = FIELD_LIMIT
    fixed = _LOCAL.pack(
        b"PK\x03\x04",
        _ZIP64 if record.large else _PLAIN,
        _UTF8,
        record.method,
        0,
        _FIRST_OF_JANUARY_1980,
        record.crc,
        compressed,
        size,
        len(record.name),
        len(extra),
    )
    return fixed + record.name + extra


def central_header(record: Record) -> bytes:
    """Return a member's entry in the central directory."""
    true_fields = (record.size, record.compressed, record.offset)
    too_large = [value for value in true_fields if value >= FIELD_LIMIT]
    extra = b""
    if too_large:
        extra = struct.pack(f"<2H{len(too_large)}Q", 1, 8 * len(too_large), *too_large)
    needed = _ZIP64 if too_large or record.large else _PLAIN
    size, compressed, offset = (min(value, FIELD_LIMIT) for value in true_fields)
    fixed = _CENTRAL.pack(
        b"PK\x01\x02",
        _UNIX | needed,
        needed,
        _UTF8,
        record.method,
        0,
        _FIRST_OF_JANUARY_1980,
        record.crc,
        compressed,
        size,
        len(record.name),
        len(extra),
        0,
        0,
        0,
        _REGULAR_FILE,
        offset,
    )
    return fixed + record.name + extra


def end_of_directory(count: int, size: int, offset: int) -> bytes:
    """Return the end of the file, for a directory of `count` entries, `size` bytes at `offset`."""
    end64 = b""
    if count >= COUNT_LIMIT or size >= FIELD_LIMIT or offset >= FIELD_LIMIT:
        end64 = _END64.pack(
            b"PK\x06\x06",
            _END64.size - 12,
            _UNIX | _ZIP64,
            _ZIP64,
            0,
            0,
            count,
            count,
            size,
            offset,
        ) + _LOCATOR64.pack(b"PK\x06\x07", 0, offset + size, 1)
    short = min(count, COUNT_LIMIT)
    return end64 + _END.pack(
        b"PK\x05\x06", 0, 0, short, short, min(size, FIELD_LIMIT), min(offset, FIELD_LIMIT), 0
    )
