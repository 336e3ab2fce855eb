"""Unpack a crate: safely, every checksum verified, all of it or nothing."""

from pathlib import Path

from recrate.crate import names
from recrate.crate.document import find_metadata
from recrate.model.crate import Crate
from recrate.model.errors import BadCrate
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Archive, ArchiveLimits


def unpack(
    crate: Crate,
    folder: Path,
    *,
    progress: Progress = silent,
    limits: ArchiveLimits | None = None,
) -> None:
    """Write the files of `crate`, with its metadata and preview, into a new or empty `folder`.

    Data references are not fetched. Raises BadCrate naming the file when one is missing or its
    checksum is not the one that `crate` carries; then nothing is left behind.
    """
    with Archive(Path(crate.location), limits=limits) as archive:
        prefix, _ = find_metadata(archive)
        expected = {prefix + file.path: file.sha256 for file in crate.files}
        missing = sorted(expected.keys() - archive.entries.keys())
        if missing:
            raise BadCrate(
                f"the metadata names {missing[0]}, and it is not in the crate",
                where=crate.location,
                hint="get the crate again, or ask its authors for the file",
            )
        about = [prefix + name for name in names.NOT_PAYLOAD if prefix + name in archive.entries]
        places = {path: path.removeprefix(prefix) for path in (*expected, *about)}
        archive.extract(places, folder, expected=expected, progress=progress)
