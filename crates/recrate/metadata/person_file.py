"""The metadata file that a person gives: CFF, codemeta, a deposit form, a crate, or plain."""

from pathlib import Path
from typing import Any

from recrate.metadata.citation import (
    from_cff,
    from_codemeta,
    from_zenodo,
    schema_licence,
)
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
from recrate.metadata.own_crate import from_crate
from recrate.metadata.reading import UnreadableFileError, read_json, read_yaml, table
from recrate.model.study import Person

_PLAIN = frozenset(
    {"title", "name", "description", "abstract", "creators", "authors", "author", "creator",
     "licence", "license", "keywords", "published", "version", "related", "datePublished"}
)  # fmt: skip


def from_person(file: Path) -> Fields:
    """Return what the given file says; raises UnreadableFileError when it says nothing we know."""
    is_json = file.suffix.lower() in {".json", ".jsonld"}
    document = table(read_json(file) if is_json else read_yaml(file))
    name = file.name
    if "@graph" in document:
        return from_crate(document, name)
    if "cff-version" in document or file.suffix.lower() == ".cff":
        return from_cff(document, name)
    if "codemeta" in text_of(document.get("@context")).lower():
        return from_codemeta(document, name)
    metadata = document.get("metadata")
    if isinstance(metadata, dict):
        document = metadata
    if "upload_type" in document or file.name == ".zenodo.json":
        return from_zenodo(document, name)
    if not _PLAIN & set(document):
        raise UnreadableFileError("names none of title, description, creators, licence, keywords")
    return _plain(document, name)


def _plain(document: dict[str, Any], source: str) -> Fields:
    people = next(
        (
            document[key]
            for key in ("creators", "authors", "author", "creator")
            if document.get(key)
        ),
        None,
    )
    return Fields(
        source=source,
        title=text_of(document.get("title") or document.get("name")),
        description=text_of(document.get("description") or document.get("abstract")),
        creators=_people(people),
        licence=schema_licence(document.get("licence") or document.get("license")),
        keywords=texts_of(document.get("keywords")),
        published=date_of(document.get("published") or document.get("datePublished")),
        version=text_of(document.get("version")),
        related=works(text for text in texts_of(document.get("related")) if "://" in text),
    )


def _people(value: object) -> tuple[Person, ...]:
    """Return people in our own words, in schema.org's, CFF's, or as plain names."""
    if isinstance(value, str):
        value = [value]
    every = value if isinstance(value, list) else [value]
    found = [person(name=one) for one in every if isinstance(one, str)]
    for one in tables_of(value):
        where = one.get("affiliation")
        place = where if isinstance(where, dict) else {"name": where}
        found.append(
            person(
                name=one.get("name"),
                given=one.get("given_name") or one.get("given-names") or one.get("givenName"),
                family=one.get("family_name") or one.get("family-names") or one.get("familyName"),
                identifier=one.get("orcid") or one.get("identifier") or one.get("@id"),
                email=one.get("email"),
                affiliation=place.get("name"),
                ror=place.get("identifier") or place.get("ror") or place.get("@id"),
            )
        )
    return persons(iter(found))
