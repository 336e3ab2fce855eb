"""Check a crate: whether it is safe, whole and unchanged, and says what it must."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from recrate.crate.document import Document, Entity, number, read_document, references, text
from recrate.crate.names import BLIND
from recrate.crate.people import NO_LICENCE
from recrate.crate.profile import Contexts, check_profile
from recrate.crate.read import described_files, read_opened
from recrate.crate.signature_check import check_signature
from recrate.crate.signing_keys import SigningSettings
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Archive, ArchiveLimits, colliding, not_portable


def check_crate(
    location: Path,
    *,
    profile: bool = True,
    payload: bool = True,
    contexts: Contexts | None = None,
    signing: SigningSettings | None = None,
    progress: Progress = silent,
    limits: ArchiveLimits | None = None,
) -> tuple[Finding, ...]:
    """Return all that is wrong with the crate at `location`, a zip file or a folder.

    profile:  also ask roc-validator about the RO-Crate profile, which takes seconds
    payload:  read every payload file and compare its checksum; needless just after writing
    contexts: where the JSON-LD contexts that it needs are kept; without them one note says that
              the profile was not checked
    signing:  whose signatures are believed; whether one holds is said of any
    Raises NotFound, BadCrate and Refused for what cannot be opened at all: no archive, no or broken
    metadata, no or two roots, unsafe.
    """
    with Archive(location, limits=limits) as archive:
        document = read_document(archive)
        crate = read_opened(archive)
        digest = functools.cache(archive.sha256)
        found = [
            *crate.findings,
            *_check_root(document.root),
            *_check_people(document),
            *_check_names(crate),
            *(
                _check_payload(document, crate, _Measured(archive, digest), progress)
                if payload
                else ()
            ),
            *_check_identity(document, crate),
            *check_signature(archive, document, digest, settings=signing),
        ]
    if not crate.files:
        found.append(_error("empty-crate", "the crate holds no file"))
    if not crate.notebooks:
        found.append(_error("no-notebook", "the crate holds no notebook"))
    if profile:
        progress("profile", 0, 1, METADATA_NAME)
        found += check_profile(document.whole, contexts=contexts)
    return tuple(dict.fromkeys(found))


def _error(code: str, message: str, *, hint: str = "", path: str = METADATA_NAME) -> Finding:
    return find(Severity.ERROR, code, message, hint=hint, path=path)


def _warning(code: str, message: str, *, hint: str = "", path: str = METADATA_NAME) -> Finding:
    return find(Severity.WARNING, code, message, hint=hint, path=path)


def _check_root(root: Entity) -> Iterator[Finding]:
    """Find what RO-Crate 1.1 requires of the root, for this is checked without the validator too.

    Source: https://www.researchobject.org/ro-crate/1.1/root-data-entity.html
    """
    for name in ("name", "description", "datePublished"):
        if text(root, name) is None:
            yield _error(f"no-{name.lower()}", f"the root dataset has no {name}")
    licences = references(root, "license")
    if not licences:
        yield _error("no-licence", "the root dataset has no licence", hint="choose one")
    elif NO_LICENCE in licences:
        yield _warning(
            "no-licence",
            "the study states no licence: nobody may reuse it",
            hint="add a LICENSE file or name a licence, then pack again",
        )


def _check_people(document: Document) -> Iterator[Finding]:
    people = (*references(document.root, "author"), *references(document.root, "creator"))
    if not people and document.root.get(BLIND) is not True:
        yield _warning("no-author", "the root dataset names no author", hint="say who made it")
    for person in people:
        entity = document.entities.get(person)
        if entity is None or text(entity, "name") is None:
            yield _warning("author-not-described", f"the author {person} has no entity with a name")


def _check_names(crate: Crate) -> Iterator[Finding]:
    paths = [file.path for file in crate.files]
    for path in colliding(paths):
        yield _warning(
            "names-collide",
            "another file has the same name but for capital letters",
            hint="macOS and Windows cannot unpack both: rename one",
            path=path,
        )
    for path in paths:
        if not_portable(path):
            yield find(
                Severity.NOTE,
                "name-not-portable",
                "Windows cannot hold a file of this name",
                hint="rename it if people on Windows should be able to unpack the crate",
                path=path,
            )


class _Measured(NamedTuple):
    """An archive, and what gives the SHA-256 of a path in it, which is taken once."""

    archive: Archive
    digest: Callable[[str], str]


def _check_payload(
    document: Document, crate: Crate, measured: _Measured, progress: Progress
) -> Iterator[Finding]:
    """Compare each file that is there with what the metadata say of it."""
    sizes = {path: number(entity, "contentSize") for path, entity in described_files(document)}
    done, total = 0, sum(file.size_bytes for file in crate.files)
    for file in crate.files:
        inside = document.prefix + file.path
        if inside not in measured.archive.entries:
            continue
        found = measured.digest(inside)
        if found != file.sha256:
            yield _error(
                "wrong-checksum",
                f"its SHA-256 is {found}, the metadata say {file.sha256}",
                hint="it was changed or damaged after packing; get another copy",
                path=file.path,
            )
        stated = sizes.get(file.path)
        if stated is not None and stated != file.size_bytes:
            yield _error(
                "wrong-size",
                f"it has {file.size_bytes:,} bytes, the metadata say {stated:,}",
                path=file.path,
            )
        done += file.size_bytes
        progress("check", done, total, file.path)


def _check_identity(document: Document, crate: Crate) -> Iterator[Finding]:
    """Compare the identity that recrate wrote, where it did, with that of the payload."""
    for target in references(document.root, "identifier"):
        entity = document.entities.get(target, {})
        stated = text(entity, "value")
        if text(entity, "propertyID") == "recrate-identity" and stated != crate.identity:
            yield _error(
                "wrong-identity",
                f"the payload's identity is {crate.identity}, the metadata say {stated}",
                hint="files were added, removed or changed after packing",
            )
