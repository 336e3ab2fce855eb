"""JSON-LD in schema.org's terms, for a landing page and for search engines of data sets.

Sources: https://schema.org; https://developers.google.com/search/docs/appearance/structured-data/
dataset
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from recrate.metadata.writing.funding import Grant, grants
from recrate.metadata.writing.parts import (
    access_of,
    available_of,
    descriptions,
    doi,
    home,
    keywords,
    links,
    name_by_hash,
    size_in_words,
    titles,
    total_bytes,
)
from recrate.metadata.writing.people import (
    Entity,
    contributor_entity,
    person_entity,
    told,
)
from recrate.metadata.writing.rights import licences_of, terms_of
from recrate.metadata.writing.text import address, date_of, doi_address, doi_of, line
from recrate.model.record import LinkRelation, Record, RecordKind
from recrate.model.study import AccessRight

_MOST_FILES = 500
_PROPERTIES = {
    LinkRelation.CITES: "citation",
    LinkRelation.REFERENCES: "citation",
    LinkRelation.IS_SUPPLEMENT_TO: "citation",
    LinkRelation.IS_DERIVED_FROM: "isBasedOn",
    LinkRelation.REQUIRES: "isBasedOn",
    LinkRelation.IS_PART_OF: "isPartOf",
    LinkRelation.HAS_PART: "hasPart",
    LinkRelation.IS_NEW_VERSION_OF: "isBasedOn",
    LinkRelation.IS_REVIEWED_BY: "subjectOf",
}
"""Relation → property; what has none is not told here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Something that can be fetched, where the publisher knows its address."""

    url: str
    name: str
    media_type: str
    size_bytes: int | None = None
    sha256: str | None = None


def write(record: Record) -> bytes:
    """Return the record as JSON-LD that can stand in an HTML page as it is."""
    return embedded(document(record)).encode()


def embedded(found: Entity) -> str:
    """Return JSON in which no HTML parser finds a tag or the end of a script."""
    text = json.dumps(found, ensure_ascii=False, indent=2)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text + "\n"


def document(record: Record, *, downloads: tuple[Download, ...] | None = None) -> Entity:
    """Return the record: a data set and source code in one, or a review where it is a replay.

    downloads: what can be fetched; where not given, each file of the crate, when the landing page
               is a folder (its address ends with `/`) in which the crate's files lie
    """
    common = _common(record)
    if record.kind is RecordKind.REPLAY:
        return {"@context": "https://schema.org/", **_review(record, common)}
    given = downloads_of(record) if downloads is None else downloads
    access = access_of(record)
    return told(
        {
            "@context": "https://schema.org/",
            "@type": ["Dataset", "SoftwareSourceCode"],
            **common,
            "isAccessibleForFree": access.right is AccessRight.OPEN if access else None,
            "conditionsOfAccess": "; ".join(one.text for one in terms_of(record)),
            "programmingLanguage": [line(one) for one in record.languages],
            "size": size_in_words(total_bytes(record)) if record.files else None,
            "distribution": [_download(one) for one in given],
        }
    )


def downloads_of(record: Record) -> tuple[Download, ...]:
    """Return the crate's files below a landing page that is a folder; at most 500."""
    base = address(record.url)
    if base is None or not base.endswith("/"):
        return ()
    return tuple(
        Download(
            url=base + quote(one.path, safe="/", errors="replace"),
            name=line(one.path),
            media_type=line(one.media_type),
            size_bytes=one.size_bytes,
            sha256=one.sha256,
        )
        for one in record.files[:_MOST_FILES]
    )


def _download(one: Download) -> Entity:
    return told(
        {
            "@type": "DataDownload",
            "contentUrl": one.url,
            "name": one.name,
            "encodingFormat": one.media_type,
            "contentSize": str(one.size_bytes) if one.size_bytes is not None else None,
            "sha256": one.sha256,
        }
    )


def _common(record: Record) -> Entity:
    bare, said = doi(record), descriptions(record)
    every = doi_of(record.concept_doi)
    hashed = name_by_hash(record)
    identifiers: list[Any] = [doi_address(bare)] if bare else []
    if hashed:
        identifiers.append(hashed)
    publisher = line(record.publisher)
    return told(
        {
            "@id": home(record),
            "name": titles(record)[0].text,
            "alternateName": [one.text for one in titles(record)[1:]],
            "description": said[0].text if said else None,
            "inLanguage": record.description.language.value
            if record.description.language
            else None,
            "url": address(record.url),
            "identifier": identifiers,
            "author": [person_entity(one, mail=False) for one in record.description.creators],
            "contributor": [contributor_entity(one) for one in record.contributors],
            "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
            "datePublished": date_of(record.issued),
            "version": line(record.version),
            "keywords": [one.text for one in keywords(record)],
            "license": [one.address or one.name for one in licences_of(record)],
            "conditionsOfAccess": None,
            "availabilityStarts": available_of(record),
            "exampleOfWork": {"@id": doi_address(every)} if every else None,
            "funding": [_grant(one) for one in grants(record)],
            **_related(record),
        }
    )


def _related(record: Record) -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = {}
    for link, target in links(record):
        name = _PROPERTIES.get(link.relation)
        if name is not None:
            kind = "Dataset" if link.resource_type == "Dataset" else "CreativeWork"
            entity = {"@type": kind, "@id": target.address, "name": line(link.title)}
            found.setdefault(name, []).append(told(entity))
    return found


def _review(record: Record, common: Entity) -> Entity:
    """Return a review by re-execution: what was judged, and what came out in words."""
    judged = [
        told({"@type": "Dataset", "@id": target.address, "name": line(link.title)})
        for link, target in links(record)
        if link.relation is LinkRelation.REVIEWS
    ]
    return told(
        {
            "@type": "Review",
            **common,
            "reviewAspect": "re-execution",
            "itemReviewed": judged,
            "reviewBody": common.get("description"),
            "abstract": line(record.verdict),
        }
    )


def _grant(grant: Grant) -> Entity:
    who = {"@type": "Organization", "@id": grant.ror or grant.crossref}
    names = [one.text for one in grant.names]
    funder = told({**who, "name": names[-1], "alternateName": names[:-1]}) if names else None
    return told(
        {
            "@type": "Grant",
            "identifier": grant.number,
            "name": [one.text for one in grant.titles],
            "funder": funder,
        }
    )
