"""What an archive must obey before a byte of it is used: whoever made it may be hostile."""

import re
import stat
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from recrate.model.errors import BadCrate, Refused

COMPONENT_BYTES = 255
PATH_BYTES = 4096
DIRECTORY_BYTES_PER_ENTRY = 1024
"""A directory entry is 46 bytes and its name; more than this on average is not honest."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that make a name read other than it is."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]|[ .]$')


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """How much a stranger's archive may ask of this machine.

    entries:     files and folders
    total_bytes: of all files, unpacked
    ratio:       unpacked to packed, once an archive unpacks to more than `ratio_from_bytes`
    """

    entries: int = 1_000_000
    total_bytes: int = 1 << 40
    ratio: int = 200
    ratio_from_bytes: int = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of an archive: its path with `/`, and its size in bytes as the archive says."""

    path: str
    size_bytes: int


def check_name(name: str, *, where: str) -> None:
    """Raise Refused when `name` is not a plain relative path; folders may end with `/`."""
    complaint = complaint_of(name)
    if complaint:
        raise Refused(
            f"{complaint}: {_shown(name)}",
            where=where,
            hint="the archive is unsafe or damaged; ask whoever made it for another copy",
        )


def complaint_of(name: str) -> str | None:
    """Return what is wrong with a name in an archive, in words, or None."""
    parts = name.removesuffix("/").split("/")
    try:
        encoded = name.encode()
    except UnicodeEncodeError:
        return "a name that is not Unicode text"
    rules = (
        (name in {"", "/"}, "an empty name"),
        (_FORBIDDEN.search(name), "a control character in a name"),
        ("\\" in name, "a backslash in a name"),
        (name.startswith("/") or _DRIVE.match(name), "an absolute path"),
        (".." in parts, "a path that leads out of the archive"),
        ("" in parts or "." in parts, "a path that is not in its plain form"),
        (len(encoded) > PATH_BYTES, "a path that is too long"),
        (any(len(part.encode()) > COMPONENT_BYTES for part in parts), "a name that is too long"),
    )
    return next((words for broken, words in rules if broken), None)


def not_portable(path: str) -> bool:
    """Say whether Windows could not hold a file of this name."""
    return any(_DEVICE.match(part) or _NOT_ON_WINDOWS.search(part) for part in path.split("/"))


def check_entries(entries: Sequence[Entry], limits: ArchiveLimits, *, where: str) -> None:
    """Raise Refused when names meet in one place, or there is too much of anything."""
    seen: set[str] = set()
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.path)
        if name in seen:
            raise Refused(
                f"two files of one name: {_shown(entry.path)}",
                where=where,
                hint="only one of them could be unpacked: ask where it is from, or pack it again",
            )
        seen.add(name)
    for name in seen:
        place = name.rpartition("/")[0]
        while place:
            if place in seen:
                raise Refused(
                    f"both a file and a folder: {_shown(place)}",
                    where=where,
                    hint="it cannot be unpacked: ask where it is from, or pack it again",
                )
            place = place.rpartition("/")[0]
    total = sum(entry.size_bytes for entry in entries)
    if total > limits.total_bytes:
        raise Refused(
            f"unpacks to {total:,} bytes, the limit is {limits.total_bytes:,}",
            where=where,
            hint="no crate of that size is opened: name large data as references",
        )


def colliding(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that another one equals but for capital letters, as macOS and Windows do."""
    folded: dict[str, list[str]] = {}
    for path in paths:
        folded.setdefault(unicodedata.normalize("NFC", path).casefold(), []).append(path)
    return tuple(path for group in folded.values() if len(group) > 1 for path in group)


def check_zip(opened: zipfile.ZipFile, limits: ArchiveLimits, *, where: str, packed: int) -> None:
    """Raise Refused or BadCrate for what only a zip file can get wrong; `packed`: its bytes."""
    infos = opened.infolist()
    if len(infos) > limits.entries:
        raise Refused(f"{len(infos):,} entries, the limit is {limits.entries:,}", where=where)
    total = sum(info.file_size for info in infos)
    if total > limits.ratio_from_bytes and total > limits.ratio * packed:
        raise Refused(
            f"a decompression bomb: {packed:,} bytes unpack to {total:,}",
            where=where,
            hint="no real study shrinks that much; do not open it by hand either",
        )
    for info in infos:
        check_name(info.orig_filename, where=where)
        _check_info(info, where)
    _refuse_overlap(infos, opened.start_dir, where)


def _check_info(info: zipfile.ZipInfo, where: str) -> None:
    name = _shown(info.orig_filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        what = "a link" if kind == stat.S_IFLNK else "a device, pipe or socket"
        raise Refused(f"{what} in the archive: {name}", where=where)
    if info.flag_bits & 0x41:
        raise BadCrate(f"encrypted: {name}", where=where, hint="crates are not encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadCrate(
            f"compressed by method {info.compress_type}, which is not read: {name}",
            where=where,
            hint="pack it again with the usual deflate method",
        )
    if info.is_dir() and info.file_size:
        raise Refused(f"a folder with content of its own: {name}", where=where)


def _refuse_overlap(infos: list[zipfile.ZipInfo], end: int, where: str) -> None:
    """Raise Refused when two entries share bytes: how small files become petabytes.

    Source: D. Fifield, A better zip bomb, USENIX WOOT 2019.
    """
    ordered = sorted(infos, key=lambda info: info.header_offset)
    starts = [info.header_offset for info in ordered]
    for info, limit in zip(ordered, [*starts[1:], end], strict=False):
        name_bytes = len(info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"))
        if info.header_offset + 30 + name_bytes + info.compress_size > limit:
            raise Refused(f"entries that overlap: {_shown(info.orig_filename)}", where=where)


def check_end(stream: BinaryIO, limits: ArchiveLimits, *, where: str) -> None:
    """Raise BadCrate when a file does not end as a zip does, Refused when its list is too long.

    Done before the list is read: a list of millions of names is itself a way to fill the memory.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 22 - 0xFFFF - 20))
    tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise BadCrate(
            "not a zip file, or one that was cut off",
            where=where,
            hint="download it again, or name the folder that holds ro-crate-metadata.json",
        )
    count = int.from_bytes(tail[place + 10 : place + 12], "little")
    listed = int.from_bytes(tail[place + 12 : place + 16], "little")
    if listed == 0xFFFFFFFF or count == 0xFFFF:
        listed = size  # ZIP64: zipfile checks that the true one lies within the file
    if min(listed, size) > limits.entries * DIRECTORY_BYTES_PER_ENTRY:
        raise Refused(f"a list of contents of {listed:,} bytes", where=where)


def _shown(name: str) -> str:
    return repr(name if len(name) <= 80 else f"{name[:77]}…")
