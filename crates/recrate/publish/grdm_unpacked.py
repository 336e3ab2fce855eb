"""The files of a crate as a folder of the project, so that they can be looked at and launched."""

import unicodedata
from pathlib import Path

from recrate.model.errors import BadCrate
from recrate.model.progress import Progress
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors, scratch_folder
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_entries import Entry
from recrate.publish.grdm_keeping import Content, Keeping, check_part

IN_MEMORY_BYTES = 4 << 20


def unpack_into(
    keeping: Keeping, names: tuple[str, ...], parcel: Parcel, scratch: Path, progress: Progress
) -> tuple[str, ...]:
    """Upload each file of the crate below the folder of these names; return notes.

    scratch: where a file lies while it is on its way
    Raises Refused for a path that leads out, BadCrate for a file that is not as the crate says.
    What lies there and is not of this crate stays, and is counted in a note.
    """
    expected = {file.path: file.sha256 for file in parcel.crate.files}
    with Archive(parcel.file) as archive, scratch_folder(parent=scratch) as room:
        for path in archive.entries:
            for part in path.split("/"):
                check_part(part)
        for done, path in enumerate(sorted(archive.entries, key=str.encode)):
            progress("unpack", done, len(archive.entries), path)
            content = _content(archive, path, room)
            if expected.get(path, content.sha256) != content.sha256:
                raise BadCrate(
                    f"{path} is not the file that the crate names",
                    where=str(parcel.file),
                    hint="pack the study again",
                )
            *above, name = path.split("/")
            keeping.put(keeping.folder(*names, *above), name, content, replacing=True)
        return _strays(keeping, names, set(archive.entries))


def _content(archive: Archive, path: str, room: Path) -> Content:
    if archive.entries[path].size_bytes <= IN_MEMORY_BYTES:
        return Content.of_bytes(archive.read(path, limit_bytes=IN_MEMORY_BYTES))
    file = room / "file"
    with disk_errors(file), file.open("wb") as stream:
        for block in archive.blocks(path):
            stream.write(block)
    return Content.of_file(file)


def _strays(keeping: Keeping, names: tuple[str, ...], paths: set[str]) -> tuple[str, ...]:
    """Say how many files lie in the crate's folders that are not the crate's."""
    plain = {unicodedata.normalize("NFC", path) for path in paths}
    folders = {"", *(above for path in paths for above in _above(path))}
    count = 0
    for above in folders:
        folder = keeping.folder(*names, *(above.split("/") if above else ()))
        count += sum(_is_stray(entry, above, plain) for entry in keeping.list(folder))
    where = "/".join(names)
    return (f"{count} files in {where} are not of this crate, and were left there",) * bool(count)


def _is_stray(entry: Entry, above: str, paths: set[str]) -> bool:
    path = unicodedata.normalize("NFC", f"{above}/{entry.name}".lstrip("/"))
    return not entry.is_folder and path not in paths


def _above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
