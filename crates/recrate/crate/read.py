"""Read a crate: ours or somebody else's, from its metadata."""

import re
from collections.abc import Iterator
from pathlib import Path

from recrate.crate import names
from recrate.crate.document import Document, Entity, listed, number, read_document, text, types
from recrate.crate.references_read import access_of, contact_of, url_of
from recrate.crate.undeclared import crates_within, undeclared
from recrate.model.crate import Crate, CrateFile, identity_of
from recrate.model.environment import Lock
from recrate.model.errors import BadCrate, BadInput
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import DataReference
from recrate.model.wire import from_json
from recrate.outside.archive import Archive, ArchiveLimits, check_name, complaint_of
from recrate.outside.disk import media_type_of

LOCK_LIMIT_BYTES = 64 << 20
_SHA256 = re.compile(r"^[0-9a-fA-F]{64}$")


def read_crate(location: Path, *, limits: ArchiveLimits | None = None) -> Crate:
    """Return the crate at `location`, a zip file or a folder, with what is odd about it.

    Only its list of contents, its metadata and its lock are read. A file without a checksum in the
    metadata is hashed now, so that the identity covers all that `unpack` will write; crates made
    by recrate have none such. Raises NotFound, BadCrate for what is no crate or has no notebook,
    Refused for what is unsafe.
    """
    with Archive(location, limits=limits) as archive:
        crate = read_opened(archive)
    if not crate.notebooks:
        raise BadCrate(
            "holds no notebook",
            where=str(location),
            hint="recrate replays notebooks (.ipynb); this crate has none",
        )
    return crate


def read_opened(archive: Archive) -> Crate:
    """Read a crate from an open archive; it may lack notebooks, and files that it names."""
    document = read_document(archive)
    payload = _payload(archive, document)
    files, found = _files(archive, document, payload)
    references, doubts = _references(document)
    lock, complaints = _lock(archive, document)
    return Crate(
        location=str(archive.location),
        identity=identity_of((file.path, file.sha256) for file in files),
        name=names.shown(text(document.root, "name") or archive.location.name),
        files=files,
        notebooks=_notebooks(document, files),
        references=references,
        lock=lock,
        metadata=document.whole,
        findings=(*found, *doubts, *complaints),
    )


def described_files(document: Document) -> Iterator[tuple[str, Entity]]:
    """Yield (path, entity) of each file that the metadata names as lying in the crate."""
    for identifier, entity in document.entities.items():
        if "File" not in types(entity) and "MediaObject" not in types(entity):
            continue
        path = names.path_of(identifier)
        if path is not None and path not in names.NOT_PAYLOAD:
            yield path, entity


def checksum(entity: Entity) -> str | None:
    """Return the SHA-256 that an entity states, in small letters."""
    said = text(entity, "sha256")
    return said.lower() if said and _SHA256.match(said) else None


def _payload(archive: Archive, document: Document) -> dict[str, int]:
    """Return path → size of what lies in the crate's folder of the archive."""
    return {
        path.removeprefix(document.prefix): entry.size_bytes
        for path, entry in archive.entries.items()
        if path.startswith(document.prefix)
        and path.removeprefix(document.prefix) not in names.NOT_PAYLOAD
    }


def _files(
    archive: Archive, document: Document, payload: dict[str, int]
) -> tuple[tuple[CrateFile, ...], list[Finding]]:
    described = _matched(document, payload)
    files, found = [], []
    unnamed: list[str] = []
    for path in sorted(payload.keys() | described.keys(), key=str.encode):
        entity = described.get(path, {})
        digest = checksum(entity)
        if path not in payload:
            found.append(_missing(path))
            if digest is None or complaint_of(path):
                continue
        elif path not in described:
            unnamed.append(path)
        elif digest is None:
            found.append(_unchecked(path))
        size = number(entity, "contentSize")
        files.append(
            CrateFile(
                path=path,
                sha256=digest or archive.sha256(document.prefix + path),
                size_bytes=payload.get(path, size or 0),
                media_type=_media_type(entity, path),
            )
        )
    return tuple(files), [*found, *undeclared(unnamed, crates_within(archive, document))]


def _matched(document: Document, payload: dict[str, int]) -> dict[str, Entity]:
    """Return path → entity; where a name was left unencoded, the file that is there decides."""
    matched = {}
    for path, entity in described_files(document):
        raw = entity["@id"].removeprefix("./")
        matched[raw if path not in payload and raw in payload else path] = entity
    return matched


def _missing(path: str) -> Finding:
    return find(
        Severity.ERROR,
        "file-missing",
        "the metadata names this file, and it is not in the crate",
        hint="get the crate again, or ask its authors for the file",
        path=path,
    )


def _unchecked(path: str) -> Finding:
    return find(
        Severity.WARNING,
        "no-checksum",
        "the metadata state no SHA-256 for this file",
        hint="its checksum was taken now; a change made earlier cannot be noticed",
        path=path,
    )


def _media_type(entity: Entity, path: str) -> str:
    for value in listed(entity.get("encodingFormat")):
        if isinstance(value, str) and "/" in value and "://" not in value:
            return value
    return media_type_of(path)


def _notebooks(document: Document, files: tuple[CrateFile, ...]) -> tuple[str, ...]:
    """Return the notebooks, in the run order that the metadata give, else by name."""
    positions = {path: number(entity, "position") for path, entity in described_files(document)}
    paths = [
        file.path
        for file in files
        if file.path.lower().endswith(".ipynb") and ".ipynb_checkpoints" not in file.path.split("/")
    ]
    last = len(paths) + 1
    return tuple(sorted(paths, key=lambda path: (positions.get(path) or last, path)))


def _references(document: Document) -> tuple[tuple[DataReference, ...], list[Finding]]:
    """Return what is named and not packed; only what can be verified and has a place counts."""
    references: list[DataReference] = []
    found: list[Finding] = []
    for identifier, entity in document.entities.items():
        if "File" not in types(entity) or not names.is_web(identifier):
            continue
        places = [place for place in listed(entity.get("localPath")) if isinstance(place, str)]
        digest, size = checksum(entity), number(entity, "contentSize")
        if not places or digest is None or size is None:
            found.append(_unfetchable(identifier))
            continue
        for place in places:
            check_name(place, where=f"localPath of {names.shown(identifier)}")
            references.append(
                DataReference(
                    path=place,
                    url=url_of(identifier),
                    sha256=digest,
                    size_bytes=size,
                    media_type=_media_type(entity, place),
                    conditions=text(entity, "conditionsOfAccess"),
                    access=access_of(entity),
                    landing_page=text(entity, "url"),
                    contact=contact_of(document, entity),
                )
            )
    return tuple(sorted(references, key=lambda one: one.path.encode())), found


def _unfetchable(url: str) -> Finding:
    return find(
        Severity.WARNING,
        "reference-incomplete",
        f"{names.shown(url)} is named without checksum, size or place: it is not fetched",
        hint="state sha256, contentSize and localPath for it",
    )


def _lock(archive: Archive, document: Document) -> tuple[Lock | None, list[Finding]]:
    path = document.prefix + names.LOCK
    if path not in archive.entries:
        return None, []
    content = archive.read(path, limit_bytes=LOCK_LIMIT_BYTES)
    try:
        return from_json(content, Lock, where=names.LOCK), []
    except BadInput as error:
        return None, [
            find(
                Severity.ERROR,
                "lock-unreadable",
                f"the crate's lock is not one that this version reads: {error.message}",
                hint="the environment will be worked out again from what the study declares",
                path=names.LOCK,
            )
        ]
