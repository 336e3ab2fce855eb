"""CITATION.cff, codemeta.json and .zenodo.json: what each says of a study.

Sources: https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md,
https://codemeta.github.io/terms/, https://developers.zenodo.org/#representation
"""

from collections.abc import Iterator
from typing import Any

from recrate.metadata.fields import (
    Fields,
    date_of,
    person,
    persons,
    tables_of,
    text_of,
    texts_of,
    works,
)
from recrate.model.study import Person


def from_cff(document: dict[str, Any], source: str) -> Fields:
    """Return what a CITATION.cff says; a `preferred-citation` is another work, not this one."""
    return Fields(
        source=source,
        title=text_of(document.get("title")),
        description=text_of(document.get("abstract")),
        creators=persons(_cff_people(document.get("authors"))),
        licence=_cff_licence(document.get("license")),
        keywords=texts_of(document.get("keywords")),
        published=date_of(document.get("date-released")),
        version=text_of(document.get("version")),
        related=works(_cff_related(document)),
    )


def _cff_people(authors: object) -> Iterator[Person | None]:
    for one in tables_of(authors):
        family = " ".join(
            part
            for part in (text_of(one.get("name-particle")), text_of(one.get("family-names")))
            if part
        )
        yield person(
            name=one.get("name") or one.get("alias"),
            given=one.get("given-names"),
            family=family,
            identifier=one.get("orcid"),
            email=one.get("email"),
            affiliation=one.get("affiliation"),
        )


def _cff_licence(value: object) -> str:
    """Several licences in a CFF are alternatives: the schema says OR."""
    if isinstance(value, list):
        return " OR ".join(text_of(one) for one in value if text_of(one))
    return text_of(value)


def _cff_related(document: dict[str, Any]) -> Iterator[str]:
    preferred = document.get("preferred-citation")
    doi = text_of(preferred.get("doi")) if isinstance(preferred, dict) else ""
    if doi:
        yield doi if "://" in doi else f"https://doi.org/{doi}"
    for key in ("repository-code", "url"):
        if text_of(document.get(key)):
            yield text_of(document.get(key))


def from_codemeta(document: dict[str, Any], source: str) -> Fields:
    """Return what a codemeta.json says, version 2 or 3."""
    return Fields(
        source=source,
        title=text_of(document.get("name")),
        description=text_of(document.get("description")),
        creators=persons(schema_people(document.get("author") or document.get("creator"))),
        licence=schema_licence(document.get("license")),
        keywords=texts_of(document.get("keywords")),
        published=date_of(document.get("datePublished")),
        version=text_of(document.get("version")),
        related=works(
            text
            for key in ("referencePublication", "codeRepository")
            for text in schema_references(document.get(key))
        ),
    )


def schema_people(authors: object) -> Iterator[Person | None]:
    """Yield persons and organisations written in schema.org terms."""
    for one in tables_of(authors):
        where = next(tables_of(one.get("affiliation")), {})
        identifier = text_of(one.get("@id") or one.get("id"))
        yield person(
            name=one.get("name"),
            given=one.get("givenName"),
            family=one.get("familyName"),
            identifier=identifier if "orcid.org" in identifier else one.get("identifier"),
            email=one.get("email"),
            affiliation=where.get("name") or one.get("affiliation"),
            ror=where.get("@id") if "ror.org" in text_of(where.get("@id")) else "",
        )
    for name in [authors] if isinstance(authors, str) else []:
        yield person(name=name)


def schema_licence(value: object) -> str:
    """Return a schema.org licence, a URL or a CreativeWork, as it is written."""
    if isinstance(value, list):
        return schema_licence(value[0]) if len(value) == 1 else ""
    if isinstance(value, dict):
        return text_of(value.get("@id") or value.get("url") or value.get("name"))
    return text_of(value)


def schema_references(value: object) -> Iterator[str]:
    """Yield the URLs of related works."""
    for one in value if isinstance(value, list) else [value]:
        text = text_of(one.get("@id") or one.get("url")) if isinstance(one, dict) else text_of(one)
        if text.startswith(("http://", "https://")):
            yield text


def from_zenodo(document: dict[str, Any], source: str) -> Fields:
    """Return what a .zenodo.json says."""
    creators = (
        person(
            name=one.get("name"),
            identifier=one.get("orcid"),
            affiliation=one.get("affiliation"),
        )
        for one in tables_of(document.get("creators"))
    )
    licence = document.get("license")
    return Fields(
        source=source,
        title=text_of(document.get("title")),
        description=text_of(document.get("description")),
        creators=persons(creators),
        licence=text_of(licence.get("id") if isinstance(licence, dict) else licence),
        keywords=texts_of(document.get("keywords")),
        published=date_of(document.get("publication_date")),
        version=text_of(document.get("version")),
        related=works(
            text if "://" in text else f"https://doi.org/{text}"
            for one in tables_of(document.get("related_identifiers"))
            if (text := text_of(one.get("identifier")))
        ),
    )
