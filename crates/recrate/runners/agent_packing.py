"""What an attempt left, as one zip file that can be fetched from any byte on."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recrate.model.errors import BadInput
from recrate.model.wire import from_json, to_json
from recrate.outside.archive import Member, complaint_of, write_zip
from recrate.outside.disk import sha256_of, write_text
from recrate.runners.agent_spool import ORDER, Folder

_RECORD, _PACKED = "packed.json", "packed.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    size_bytes: int
    sha256: str
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A packed attempt. `left_out`: links, devices and names that no archive of ours may hold."""

    path: Path
    size_bytes: int
    sha256: str
    left_out: int


def pack_attempt(folder: Folder) -> Packed:
    """Pack `attempt/` and `replay/` once; asked again it is the same file.

    Raises OutsideFailed when the disk lets us down or a file changes meanwhile.
    """
    packed, record = folder.place / _PACKED, folder.place / _RECORD
    try:
        told = from_json(record.read_bytes(), _Record)
    except (FileNotFoundError, BadInput):
        found = [*_files(folder.attempt, "attempt"), *_files(folder.replay, "replay")]
        members = [one for one in found if one is not None]
        write_zip(members, packed)
        told = _Record(
            size_bytes=packed.stat().st_size,
            sha256=sha256_of(packed),
            left_out=len(found) - len(members),
        )
        write_text(record, to_json(told))
    return Packed(
        path=packed, size_bytes=told.size_bytes, sha256=told.sha256, left_out=told.left_out
    )


def _files(folder: Path, prefix: str) -> Iterator[Member | None]:
    """Yield the files of a folder, and None for what must stay behind."""
    if not folder.is_dir() or folder.is_symlink():
        return
    with os.scandir(folder) as inside:
        items = sorted(inside, key=lambda item: item.name)
    for item in items:
        path = f"{prefix}/{item.name}"
        if path == f"attempt/{ORDER}":
            continue
        mode = item.stat(follow_symlinks=False).st_mode
        if complaint_of(path) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            yield None
        elif stat.S_ISDIR(mode):
            yield from _files(Path(item.path), path)
        else:
            yield Member(path=path, source=Path(item.path))
