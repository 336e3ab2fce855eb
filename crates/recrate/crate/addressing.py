"""Write into a crate where it is published: the same payload, so the same identity."""

import html
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recrate.crate.document import Document, listed, read_document
from recrate.crate.metadata_text import to_bytes
from recrate.crate.read import read_opened
from recrate.crate.unpack import unpack
from recrate.model.crate import METADATA_NAME, PREVIEW_NAME, Crate, identity_of
from recrate.model.errors import BadCrate
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Archive, Member, write_zip
from recrate.outside.disk import disk_errors, scratch_folder, writing

DOI_SCHEME = "https://registry.identifiers.org/registry/doi"
UNFINISHED = ".recrate-"
_BEGIN, _END = "<!--recrate:address-->", "<!--/recrate:address-->"
_BETWEEN = re.compile(re.escape(_BEGIN) + ".*?" + re.escape(_END), re.DOTALL)
_PREVIEW_LIMIT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a crate is published. `doi`: bare; `url`: its landing page."""

    doi: str | None = None
    url: str | None = None
    version: str | None = None


def write_addressed(
    location: Path,
    destination: Path,
    address: Address,
    *,
    identity: str | None = None,
    progress: Progress = silent,
) -> Crate:
    """Write the crate at `location` as a zip file that says its own address, and return that.

    identity: which crate is meant; None: whichever lies there
    The payload is copied, every checksum verified. Raises BadCrate for a damaged crate and for
    another than the one that is meant; then nothing is left at `destination`.
    """
    with Archive(location) as archive:
        crate = read_opened(archive)
        if identity is not None and crate.identity != identity:
            raise _changed(location)
        document = read_document(archive)
        preview = _preview(archive, document.prefix)
    with scratch_folder(parent=destination.parent, prefix=UNFINISHED) as scratch:
        unpack(_finished(crate), scratch / "payload", progress=progress)
        members = [
            Member(path=file.path, source=scratch / "payload" / file.path)
            for file in _finished(crate).files
        ]
        about = [Member(path=METADATA_NAME, source=to_bytes(_addressed(document, address)))]
        if preview is not None:
            about.append(Member(path=PREVIEW_NAME, source=_shown(preview, address)))
        write_zip(members, destination, finish=lambda _: about, progress=progress)
    with Archive(destination) as archive:
        written = read_opened(archive)
    meant = identity_of((file.path, file.sha256) for file in _finished(crate).files)
    if written.identity != meant:
        with disk_errors(destination):
            destination.unlink()
        raise _changed(location)
    return written


def _changed(location: Path) -> BadCrate:
    return BadCrate(
        "was changed while it was being published",
        where=str(location),
        hint="what was begun is for the crate as it was: put that back and go on with `--resume`, "
        "or publish this one",
    )


def address_folder(folder: Path, address: Address) -> None:
    """Write the address into the metadata and the preview of a crate that is a folder."""
    with Archive(folder) as archive:
        document = read_document(archive)
        preview = _preview(archive, document.prefix)
    with writing(folder / document.prefix / METADATA_NAME) as stream:
        stream.write(to_bytes(_addressed(document, address)))
    if preview is not None:
        with writing(folder / document.prefix / PREVIEW_NAME) as stream:
            stream.write(_shown(preview, address))


def replace_file(location: Path, other: Path) -> None:
    """Put a copy of `other` in the place of a crate's file, whole or not at all."""
    with writing(location) as stream, disk_errors(other), other.open("rb") as source:
        while block := source.read(1 << 20):
            stream.write(block)


def address_of(crate: Crate) -> Address:
    """Return what a crate says of its own address; DOIs bare."""
    graph = crate.metadata.get("@graph")
    entities = graph if isinstance(graph, list) else []
    root = next((one for one in entities if isinstance(one, dict) and one.get("@id") == "./"), {})
    links = [
        str(one.get("@id") if isinstance(one, dict) else one)
        for one in listed(root.get("identifier"))
    ]
    doi = next((found for one in links if (found := doi_in(one))), None)
    url = root.get("url")
    return Address(doi=doi, url=url if isinstance(url, str) else None)


def doi_in(text: str) -> str | None:
    """Return the bare DOI of an address or identifier, None where it is none."""
    match = re.fullmatch(
        r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/[^\s<>\"]+)",
        text.strip(),
        re.IGNORECASE,
    )
    return match[1] if match else None


def _finished(crate: Crate) -> Crate:
    """Leave out what is only being written, and what a deposit has no use for."""
    files = tuple(one for one in crate.files if not one.path.startswith(UNFINISHED))
    return replace(crate, files=files)


def _addressed(document: Document, address: Address) -> dict[str, Any]:
    """Return the metadata with the address in them; those of other places stay."""
    root = dict(document.root)
    graph = [
        root if one is document.root else one
        for one in document.whole["@graph"]
        if one.get("@id") != (f"https://doi.org/{address.doi}" if address.doi else None)
    ]
    if address.doi:
        link = {"@id": f"https://doi.org/{address.doi}"}
        others = [one for one in listed(root.get("identifier")) if one != link]
        root["identifier"] = [link, *others] if others else link
        graph.append(
            {
                **link,
                "@type": "PropertyValue",
                "name": "DOI",
                "propertyID": DOI_SCHEME,
                "value": f"doi:{address.doi}",
                "url": link["@id"],
            }
        )
    if address.url:
        root["url"] = address.url
    if address.version:
        root["version"] = address.version
    return {**document.whole, "@graph": graph}


def _preview(archive: Archive, prefix: str) -> str | None:
    path = prefix + PREVIEW_NAME
    if path not in archive.entries:
        return None
    return archive.read(path, limit_bytes=_PREVIEW_LIMIT_BYTES).decode("utf-8", "replace")


def _shown(preview: str, address: Address) -> bytes:
    """Return the preview with the address where ours has a place for it; others stay as they are.

    Source of the form in which a DOI is shown: https://www.crossref.org/display-guidelines/
    """
    target = f"https://doi.org/{address.doi}" if address.doi else address.url or ""
    link = html.escape(target, quote=True)
    line = f'<p class="address"><a href="{link}">{link}</a></p>' if _is_web(target) else ""
    return _BETWEEN.sub(lambda _: f"{_BEGIN}{line}{_END}", preview, count=1).encode()


def _is_web(target: str) -> bool:
    return target.startswith(("https://", "http://"))
