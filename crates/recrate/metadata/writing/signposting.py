"""Signposting: where a machine finds a record's metadata, files, licence and authors (RFC 9264).

Sources: https://signposting.org/FAIR/, https://www.rfc-editor.org/rfc/rfc9264
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recrate.metadata.writing.parts import doi, orcid_of
from recrate.metadata.writing.rights import licences_of
from recrate.metadata.writing.schema_org import Download, downloads_of
from recrate.metadata.writing.text import address, doi_address, line
from recrate.model.record import Record, RecordKind

CRATE_PROFILE = "https://w3id.org/ro/crate"
_TYPES = {
    RecordKind.STUDY: "https://schema.org/Dataset",
    RecordKind.REPLAY: "https://schema.org/Review",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """A document that describes the record. `profile`: an address, None where there is none."""

    url: str
    media_type: str
    profile: str | None = None


def linkset(
    record: Record,
    *,
    describing: Iterable[Describing],
    downloads: tuple[Download, ...] | None = None,
) -> dict[str, Any]:
    """Return the links of the landing page, and those that lead back from what it names.

    downloads: as `schema_org.document` takes them
    """
    page = address(record.url)
    items = downloads_of(record) if downloads is None else downloads
    documents = tuple(describing)
    bare = doi(record)
    anchor = page or (doi_address(bare) if bare else "")
    authors = [orcid_of(one) for one in record.description.creators]
    context: dict[str, Any] = {
        "anchor": anchor,
        "cite-as": [{"href": doi_address(bare)}] if bare else [],
        "type": [{"href": "https://schema.org/AboutPage"}, {"href": _TYPES[record.kind]}],
        "author": [{"href": one} for one in authors if one],
        "license": [{"href": one.address} for one in licences_of(record) if one.address],
        "describedby": [_link(one.url, one.media_type, one.profile) for one in documents],
        "item": [_link(one.url, one.media_type, None) for one in items],
    }
    told = [{key: value for key, value in context.items() if value or key == "anchor"}]
    back = [{"href": anchor, "type": "text/html"}]
    told += [{"anchor": one.url, "describes": back} for one in documents]
    told += [{"anchor": one.url, "collection": back} for one in items]
    return {"linkset": told}


def to_bytes(found: dict[str, Any]) -> bytes:
    """Return a link set as `application/linkset+json`."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _link(url: str, media_type: str, profile: str | None) -> dict[str, str]:
    link = {"href": url}
    if line(media_type):
        link["type"] = line(media_type)
    if profile is not None:
        link["profile"] = profile
    return link
