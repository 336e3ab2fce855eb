"""Records: whatever lies in a place, as the one record that every form is written from."""

from pathlib import Path

from recrate.crate.addressing import address_of
from recrate.crate.plan import make_plan
from recrate.crate.read import read_opened
from recrate.flow.settings import Settings
from recrate.metadata.own_crate import entities_of
from recrate.metadata.reading import UnreadableFileError, read_json, table
from recrate.metadata.record import (
    Stated,
    is_run,
    record_of_crate,
    record_of_run,
    record_of_study,
)
from recrate.model.crate import METADATA_NAME, Crate, identity_of
from recrate.model.errors import BadInput, NotFound
from recrate.model.progress import Progress, silent
from recrate.model.record import Record, RecordFile
from recrate.model.wire import from_json
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors, sha256_of

_REPLAYED = "crate.json"
_REPLAYED_LIMIT_BYTES = 128 << 20


def record_of(
    location: Path,
    *,
    settings: Settings,
    doi: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    progress: Progress = silent,
) -> Record:
    """Return the record of a crate, of a replay's folder, or of a study that is not packed.

    Of a study the files are hashed as they would be packed, without the environment that packing
    adds. Raises NotFound where nothing lies, BadInput for a folder that is neither, BadCrate for a
    crate that cannot be read.
    """
    if not location.exists():
        raise NotFound(
            "no such file or folder",
            where=str(location),
            hint="name a crate, a replay's folder, or a study",
        )
    stated = Stated(
        today=settings.clock().date().isoformat(),
        agent=settings.agent,
        doi=doi,
        url=url,
        publisher=publisher,
    )
    if location.is_dir() and not _is_crate(location):
        return _of_study(location, stated, settings, progress)
    return _of_crate(location, stated)


def _of_crate(location: Path, stated: Stated) -> Record:
    with Archive(location) as archive:
        crate = read_opened(archive)
        of_run = is_run(crate.metadata)
        replayed = replayed_in(archive) if of_run else None
    own = address_of(crate)
    today, agent, doi = stated.today, stated.agent, stated.doi or own.doi
    url, publisher = stated.url or own.url, stated.publisher
    if not of_run:
        return record_of_crate(
            crate, today=today, agent=agent, doi=doi, url=url, publisher=publisher
        )
    return record_of_run(
        crate,
        today=today,
        agent=agent,
        doi=doi,
        url=url,
        publisher=publisher,
        replayed=replayed,
    )


def _is_crate(folder: Path) -> bool:
    """Say whether a folder is a crate: a study's own metadata file names none of its notebooks."""
    metadata = folder / METADATA_NAME
    if not metadata.is_file():
        return any(folder.glob(f"*/{METADATA_NAME}")) and not any(folder.glob("*.ipynb"))
    try:
        entities = entities_of(table(read_json(metadata)))
    except UnreadableFileError:
        return False  # scanning tells what is wrong with it
    return "#recrate-identity" in entities or any(
        name.endswith(".ipynb") and "://" not in name for name in entities
    )


def replayed_in(archive: Archive) -> Crate | None:
    """Return the crate that was replayed; None where the run crate does not hold it readably."""
    if _REPLAYED not in archive.entries:
        return None
    try:
        content = archive.read(_REPLAYED, limit_bytes=_REPLAYED_LIMIT_BYTES)
        return from_json(content, Crate, where=_REPLAYED)
    except BadInput:
        return None


def _of_study(root: Path, stated: Stated, settings: Settings, progress: Progress) -> Record:
    from recrate.flow.scanning import scan_study  # noqa: PLC0415 - takes a tenth of a second

    inventory, description = scan_study(root, options=settings.scan, progress=progress)
    plan = make_plan(inventory, description, None, created=stated.today, agent=stated.agent)
    known = {one.path: one for one in inventory.files}
    files = []
    for done, path in enumerate(plan.copied):
        progress("hash", done, len(plan.copied), path)
        with disk_errors(root / path):
            digest = sha256_of(root / path)
        files.append(
            RecordFile(
                path=path,
                size_bytes=known[path].size_bytes,
                sha256=digest,
                media_type=known[path].media_type,
            )
        )
    kept = {one.path for one in files}
    notebooks = [one for one in inventory.notebooks if one.path in kept]
    return record_of_study(
        description,
        stated=stated,
        identity=identity_of((one.path, one.sha256) for one in files),
        files=tuple(files),
        notebooks=tuple(one.path for one in notebooks),
        languages=tuple(dict.fromkeys(one.language for one in notebooks if one.language)),
    )
