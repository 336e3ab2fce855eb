"""Members become a folder: all of them or none, each hashed while it is written."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from recrate.model.errors import Conflict
from recrate.model.progress import Progress, silent
from recrate.outside.disk import BLOCK_BYTES, disk_errors, scratch_folder
from recrate.outside.members import Finish, Member, Written, opened


@contextlib.contextmanager
def folder_writing(destination: Path) -> Iterator[Path]:
    """Give a folder that takes the name `destination` only if the block ends well.

    Raises Conflict when something is there already; an empty folder gives way.
    """
    with scratch_folder(".recrate-", destination.absolute().parent) as scratch:
        inner = scratch / "folder"
        inner.mkdir()
        yield inner
        if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
            raise Conflict("is a file, not a folder", where=str(destination))
        if destination.is_dir() and any(destination.iterdir()):
            raise Conflict(
                "is a folder with something in it",
                where=str(destination),
                hint="choose an empty folder or a new name",
            )
        with disk_errors(destination):
            if destination.is_dir():
                destination.rmdir()
            inner.rename(destination)


def write_folder(
    members: Iterable[Member],
    destination: Path,
    *,
    finish: Finish = lambda _: (),
    progress: Progress = silent,
) -> tuple[Written, ...]:
    """Write members as files of a folder; the same face as `zip_writing.write_zip`."""
    ordered = sorted(members, key=lambda member: member.path.encode())
    with folder_writing(destination) as folder:
        written = []
        for done, member in enumerate(ordered):
            written.append(_write(member, folder))
            progress("pack", done + 1, len(ordered), member.path)
        for member in finish(tuple(written)):
            _write(member, folder)
    return tuple(written)


def _write(member: Member, folder: Path) -> Written:
    target = folder / member.path
    digest, size = hashlib.sha256(), 0
    with opened(member) as source, disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                size += stream.write(block)
    return Written(path=member.path, sha256=digest.hexdigest(), size_bytes=size)
