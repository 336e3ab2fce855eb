"""The study's own `ro-crate-metadata.json`: what the person typed, and where data come from."""

import re
from typing import Any
from urllib.parse import unquote

from recrate.metadata.citation import schema_licence
from recrate.metadata.common_reading import common_of
from recrate.metadata.fields import Fields, date_of, tables_of, text_of, texts_of
from recrate.metadata.own_people import (
    Entities,
    Entity,
    first_text,
    followed,
    funding_of,
    people_of,
)
from recrate.model.study import (
    Access,
    AccessRight,
    DataReference,
    Language,
    Related,
    Relation,
    RestrictedFile,
    Translation,
)
from recrate.model.terms import LICENCE, RELATED, RIGHTS, TRANSLATION

LISTS = {
    "creators": ("author", "creator"),
    "keywords": ("keywords",),
    "related": ("citation", "isBasedOn"),
    "funding": ("funding", "funder"),
    "common": ("dmpDataNumber",),
}
"""Properties that hold a field which may be said to be empty, by an empty list."""

_NO_LICENCE = "#no-licence"
_NAMED_BY_HASH = "ni:///sha-256;"


def from_crate(document: dict[str, Any], source: str) -> Fields:
    """Return what the root data set of an RO-Crate's flattened JSON-LD says."""
    entities = entities_of(document)
    root = entities.get(root_id(entities), {})
    return Fields(
        source=source,
        title=first_text(root.get("name")),
        description=first_text(root.get("description")),
        creators=people_of(root.get("author") or root.get("creator"), entities),
        licence=_licence(root, entities),
        keywords=texts_of(root.get("keywords")),
        published=date_of(root.get("datePublished")),
        version=text_of(root.get("version")),
        related=related_of(root, entities),
        references=references_of(entities),
        language=language_of(root),
        translations=_translations(root, entities),
        funding=funding_of(root, entities),
        access=access_of(root, entities),
        restricted=restricted_of(entities),
        common=common_of(entities),
        emptied=frozenset(
            field for field, names in LISTS.items() if any(root.get(name) == [] for name in names)
        ),
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


def language_of(entity: Entity) -> Language | None:
    """Return the language that an entity is in, where it is one of ours."""
    said = first_text(entity.get("inLanguage")).lower().split("-")[0]
    return Language(said) if said in {one.value for one in Language} else None


def _licence(root: Entity, entities: Entities) -> str:
    licence = root.get("license")
    licences = followed(licence, entities)
    if len(licences) > 1:
        for one in followed(root.get("usageInfo"), entities):
            if text_of(one.get("@id")).startswith(LICENCE) and first_text(one.get("name")):
                return first_text(one.get("name"))
    if licences and not text_of(licences[0].get("@id")).startswith("http"):
        if text_of(licences[0].get("@id")) == _NO_LICENCE:
            return ""
        licence = licences[0].get("name") or licence
    return schema_licence(licence)


def texts_as_written(value: object) -> list[str]:
    """Return the texts of a value or list, uncut."""
    return [text_of(one) for one in (value if isinstance(value, list) else [value])]


def related_of(root: Entity, entities: Entities) -> tuple[Related, ...]:
    """Return related works: papers first, then the data that the study starts from."""
    supplemented = {text_of(one.get("@id")) for one in tables_of(root.get("subjectOf"))}
    found = []
    for name in ("citation", "isBasedOn"):
        value = root.get(name)
        for one in value if isinstance(value, list) else [value]:
            table = followed(one, entities)[0] if isinstance(one, dict) else {"@id": text_of(one)}
            url = address_of(table)
            if not url:
                continue
            relation = Relation.CITES if name == "citation" else Relation.IS_DERIVED_FROM
            if name == "citation" and table.get("@id") in supplemented:
                relation = Relation.IS_SUPPLEMENT_TO
            title = first_text(table.get("name"))
            title = title if title not in {url, table.get("@id")} else ""
            found.append(Related(url=url, relation=relation, title=title or None))
    return tuple(dict.fromkeys(found))


def address_of(entity: Entity) -> str:
    """Return the address of a related work; of a local entity what stands as its identifier."""
    for said in (entity.get("@id"), entity.get("url"), entity.get("@value")):
        if text_of(said).startswith(("http://", "https://")):
            return text_of(said)
    local = text_of(entity.get("@id")).startswith(RELATED)
    return first_text(entity.get("identifier")) if local else ""


def _translations(root: Entity, entities: Entities) -> tuple[Translation, ...]:
    found = {}
    for one in followed(root.get("subjectOf"), entities):
        language = language_of(one)
        if language is None or not text_of(one.get("@id")).startswith(TRANSLATION):
            continue
        found[language] = Translation(
            language=language,
            title=first_text(one.get("name")),
            description=first_text(one.get("description")),
        )
    return tuple(found.values())


def right_of(entity: Entity) -> AccessRight | None:
    """Return the access right that an entity names by its COAR address."""
    for one in tables_of(entity.get("accessRights")):
        right = RIGHTS.get(text_of(one.get("@id")).partition("://")[2])
        if right is not None:
            return right
    return None


def contact_of(entity: Entity, entities: Entities) -> str | None:
    """Return whom to ask, as it was typed."""
    for one in followed(entity.get("accessContact"), entities):
        address = text_of(one.get("@id")).removeprefix("mailto:")
        return first_text(one.get("name")) or first_text(one.get("email")) or address or None
    return first_text(entity.get("accessContact")) or None


def access_of(root: Entity, entities: Entities) -> Access | None:
    """Return who may have the study, where its root says so in COAR's terms."""
    right = right_of(root)
    if right is None:
        return None
    return Access(
        right=right,
        available=first_text(root.get("available")) or None,
        conditions=first_text(root.get("conditionsOfAccess")) or None,
        contact=contact_of(root, entities),
    )


def references_of(entities: dict[str, dict[str, Any]]) -> tuple[DataReference, ...]:
    """Return the files named by address, checksum and size.

    They stand as `references.refer` writes them, or as a crate does: by the address, else by their
    hash, with their place as `localPath`.
    """
    found = []
    for name, entity in entities.items():
        url, places = text_of(entity.get("contentUrl")), [_path_of(name)]
        if "://" in name:
            url, places = name, [one for one in texts_as_written(entity.get("localPath")) if one]
        digest = text_of(entity.get("sha256")).lower()
        size = text_of(entity.get("contentSize"))
        if url.startswith(_NAMED_BY_HASH):
            url = ""
        elif not url.startswith(("http://", "https://")):
            continue
        if not re.fullmatch("[0-9a-f]{64}", digest) or not re.fullmatch(r"[0-9]{1,18}", size):
            continue
        found += [
            DataReference(
                path=place,
                url=url,
                sha256=digest,
                size_bytes=int(size),
                media_type=text_of(entity.get("encodingFormat")) or "application/octet-stream",
                conditions=first_text(entity.get("conditionsOfAccess")) or None,
                access=right_of(entity),
                landing_page=first_text(entity.get("url")) or None,
                contact=contact_of(entity, entities),
            )
            for place in places
        ]
    return tuple(sorted(found, key=lambda one: one.path))


def restricted_of(entities: dict[str, dict[str, Any]]) -> tuple[RestrictedFile, ...]:
    """Return the files and folders that are not published."""
    found = {}
    root = root_id(entities)
    for name, entity in entities.items():
        right = right_of(entity)
        if right is None or right is AccessRight.OPEN or name == root:
            continue
        web = "://" in name
        if name.startswith("#") or (web and not name.startswith(_NAMED_BY_HASH)):
            continue
        places = texts_as_written(entity.get("localPath")) if web else [_path_of(name)]
        for place in filter(None, places):
            found[place] = RestrictedFile(
                path=place,
                access=right,
                conditions=first_text(entity.get("conditionsOfAccess")) or None,
                landing_page=first_text(entity.get("url")) or None,
                contact=contact_of(entity, entities),
            )
    return tuple(found.values())


def _path_of(name: str) -> str:
    return unquote(name.removeprefix("./")).removesuffix("/")
