"""The study's own `ro-crate-metadata.json`: what the person typed, and where data come from."""

from typing import Any

from recrate.metadata.citation import schema_licence, schema_people, schema_references
from recrate.metadata.fields import Fields, date_of, persons, tables_of, text_of, texts_of
from recrate.model.study import DataReference


def from_crate(document: dict[str, Any], source: str) -> Fields:
    """Return what the root data set of an RO-Crate's flattened JSON-LD says."""
    entities = entities_of(document)
    root = entities.get(root_id(entities), {})
    people = _followed(root.get("author") or root.get("creator"), entities)
    for one in people:
        if "affiliation" in one:
            one["affiliation"] = _followed(one["affiliation"], entities) or one["affiliation"]
    licences = _followed(root.get("license"), entities)
    licence = root.get("license")
    if licences and not text_of(licences[0].get("@id")).startswith(("http", "#")):
        licence = licences[0].get("name") or licence
    return Fields(
        source=source,
        title=text_of(root.get("name")),
        description=text_of(root.get("description")),
        creators=persons(schema_people(people)),
        licence=schema_licence(licence),
        keywords=texts_of(root.get("keywords")),
        published=date_of(root.get("datePublished")),
        version=text_of(root.get("version")),
        related=tuple(schema_references(root.get("citation"))),
        references=references_of(entities),
    )


def entities_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the entities of a flattened JSON-LD document by their `@id`."""
    found: dict[str, dict[str, Any]] = {}
    for one in tables_of(document.get("@graph")):
        name = one.get("@id")
        if isinstance(name, str):
            found.setdefault(name, one)
    return found


def root_id(entities: dict[str, dict[str, Any]]) -> str:
    """Return the `@id` of the root data set: what the metadata descriptor is about."""
    for name in ("ro-crate-metadata.json", "./ro-crate-metadata.json", "ro-crate-metadata.jsonld"):
        about = entities.get(name, {}).get("about")
        if isinstance(about, dict) and isinstance(about.get("@id"), str):
            return str(about["@id"])
    return "./"


def references_of(entities: dict[str, dict[str, Any]]) -> tuple[DataReference, ...]:
    """Return the files named by URL, checksum and size, as `references.refer` writes them."""
    found = []
    for name, entity in entities.items():
        url = text_of(entity.get("contentUrl"))
        digest = text_of(entity.get("sha256")).lower()
        size = text_of(entity.get("contentSize"))
        if not url.startswith(("http://", "https://")) or "://" in name:
            continue
        if len(digest) != 64 or not (size.isascii() and size.isdigit()):
            continue
        found.append(
            DataReference(
                path=_path_of(name),
                url=url,
                sha256=digest,
                size_bytes=int(size),
                media_type=text_of(entity.get("encodingFormat")) or "application/octet-stream",
                conditions=text_of(entity.get("conditionsOfAccess")) or None,
            )
        )
    return tuple(sorted(found, key=lambda one: one.path))


def _path_of(name: str) -> str:
    from urllib.parse import unquote  # noqa: PLC0415 - text only, no network

    return unquote(name.removeprefix("./"))


def _followed(value: object, entities: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return copies of the entities that `value` refers to, or the tables that it holds."""
    return [{**one, **entities.get(text_of(one.get("@id")), {})} for one in tables_of(value)]
