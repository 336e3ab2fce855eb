"""Entities put into a document that others have written in too: only what is ours is replaced."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recrate.metadata.fields import tables_of, text_of
from recrate.metadata.own_crate import address_of, entities_of
from recrate.metadata.own_people import (
    Entity,
    first_text,
    followed,
    funding_of,
    organisation_of,
    person_of,
)
from recrate.model.study import Description
from recrate.model.terms import AGAIN, ERAD, LICENCE, TRANSLATION, is_orcid

LINKING = {
    "author": "Person",
    "creator": "Person",
    "affiliation": "Organization",
    "funder": "Organization",
    "funding": "Grant",
    "citation": "Related",
    "isBasedOn": "Related",
    "subjectOf": "Translation",
    "accessRights": "Right",
    "accessContact": "Contact",
    "license": "Licence",
    "usageInfo": "Licence",
    "identifier": "Number",
}
"""What the properties that we write lead to."""
_OF_FILES = ("accessRights", "accessContact")
_REPLACED = {
    "Person": (
        "name", "alternateName", "givenName", "familyName", "email", "affiliation", "identifier",
    ),
    "Organization": ("name", "alternateName"),
    "ScholarlyArticle": ("name",),
    "CreativeWork": ("name", "description", "inLanguage"),
    "Grant": ("name", "identifier", "funder"),
}  # fmt: skip
_WRITTEN = frozenset(
    {"@id", "@type", "name", "alternateName", "givenName", "familyName", "email", "affiliation",
     "identifier", "url", "funder", "propertyID", "value", "description", "inLanguage", "isBasedOn",
     "contactType"}
)  # fmt: skip
"""An entity with a property beyond these was written by somebody else, and stays."""


@dataclass(slots=True)
class Merging:
    """The document that is being changed.

    linked: `@id`s that fields of ours led to before, with what they are
    """

    document: dict[str, Any]
    root: Entity
    linked: dict[str, str]

    @classmethod
    def of(cls, document: dict[str, Any], root: Entity) -> "Merging":
        """Look at a document before it is changed."""
        entities = entities_of(document)
        linked = dict(_linked(root, entities))
        for name in tuple(linked):
            if name in entities and linked[name] in {"Person", "Grant"}:
                linked |= dict(_linked(entities[name], entities))
        for entity in entities.values():
            if "accessRights" in entity:
                rights = ((name, one) for name in _OF_FILES for one in tables_of(entity.get(name)))
                linked |= {text_of(one.get("@id")): LINKING[name] for name, one in rights}
        return cls(document, root, linked)

    @property
    def entities(self) -> dict[str, Entity]:
        """The entities as they are now, by `@id`."""
        return entities_of(self.document)

    def known(self, description: Description) -> dict[tuple[str, str], str]:
        """Return the `@id`s of people, organisations, grants and works that stay what they were.

        They are known by their names; a person whose name was changed, by the place in the row.
        """
        entities = self.entities
        found: dict[tuple[str, str], str] = {}
        for name, kind in self.linked.items():
            entity = entities.get(name, {})
            said = first_text(entity.get("name"))
            if kind == "Grant":
                paid = organisation_of(entity.get("funder"), entities)
                said = first_text(entity.get("identifier")) or said or (paid.name if paid else "")
            if kind == "Related":
                said = address_of(entity)
            while said and (kind, said) in found:
                said += AGAIN
            if said:
                found[kind, said] = name
        authors = [
            name
            for name, kind in self.linked.items()
            if kind == "Person" and person_of(entities.get(name, {}), entities)
        ]
        for person, author in zip(description.creators, authors, strict=False):
            said = first_text(entities.get(author, {}).get("name"))
            if all(one.name != said for one in description.creators):
                found.setdefault(("Person", person.name), author)
        return found

    def put(self, wanted: Mapping[str, Entity], known: Mapping[tuple[str, str], str]) -> None:
        """Put entities in; one that had another `@id` takes what others said of it along."""
        for identifier, entity in wanted.items():
            kind, name = entity["@type"], str(entity.get("name", ""))
            before = known.get((kind, name), identifier)
            if before != identifier and before not in wanted:
                self._rename(before, identifier)
            present = self.entities.get(identifier)
            if present is None:
                self.document["@graph"].append(dict(entity))
            else:
                _merge(present, entity)

    def _rename(self, before: str, identifier: str) -> None:
        """Give an entity another `@id`, wherever it is referred to."""
        entities = self.entities
        entity, present = entities.get(before), entities.get(identifier)
        if entity is None or (is_orcid(before) and is_orcid(identifier)):
            return
        if present is not None:
            for key, value in entity.items():
                present.setdefault(key, value)
            self._drop(entity)
        for one in _tables(self.document):
            if one.get("@id") == before:
                one["@id"] = identifier

    def sweep(self, wanted: Mapping[str, Entity]) -> None:
        """Take away what our fields led to before and nothing leads to any more."""
        for _ in range(2):
            used = {
                text_of(one.get("@id"))
                for entity in tables_of(self.document["@graph"])
                for value in entity.values()
                for one in _tables(value)
            }
            for name, entity in self.entities.items():
                gone = name in self.linked and name not in wanted and name not in used
                if gone and not set(entity) - _WRITTEN:
                    self._drop(entity)

    def _drop(self, entity: Entity) -> None:
        graph = self.document["@graph"]
        self.document["@graph"] = [one for one in graph if one is not entity]

    def drop(self, identifier: str) -> None:
        """Take an entity away, and the root's link to it."""
        entity = self.entities.get(identifier)
        if entity is not None:
            self._drop(entity)
        parts = self.root.get("hasPart")
        if isinstance(parts, list):
            self.root["hasPart"] = [one for one in parts if one != {"@id": identifier}]

    def unread(self, name: str) -> list[Any]:
        """Return the values of a root property that no field of the form shows."""
        entities = self.entities
        value = self.root.get(name)
        every = [] if value is None else value if isinstance(value, list) else [value]
        shown = _list(self.root.get("citation")) if name == "subjectOf" else []
        return [one for one in every if not _is_read(name, one, entities) and one not in shown]


def _linked(entity: Entity, entities: Mapping[str, Entity]) -> Iterator[tuple[str, str]]:
    for name, kind in LINKING.items():
        for one in tables_of(entity.get(name)):
            identifier = text_of(one.get("@id"))
            if name == "identifier" and not identifier.startswith(ERAD):
                continue
            if name == "usageInfo" and not identifier.startswith(LICENCE):
                continue
            if name == "subjectOf" and not _is_read(name, one, dict(entities)):
                continue
            if identifier:
                yield identifier, kind


def _is_read(name: str, value: Any, entities: dict[str, Entity]) -> bool:
    """Say whether a field of the form shows this value of a root property."""
    if name in {"citation", "isBasedOn"}:
        table = value if isinstance(value, dict) else {"@id": value}
        return bool(address_of(followed(table, entities)[0]))
    if not isinstance(value, dict):
        return name in {"author", "creator", "funder", "keywords"} and bool(text_of(value))
    entity = followed(value, entities)[0]
    return {
        "author": person_of(entity, entities) is not None,
        "creator": person_of(entity, entities) is not None,
        "funder": organisation_of(value, entities) is not None,
        "funding": bool(funding_of({"funding": value}, entities)),
        "subjectOf": text_of(value.get("@id")).startswith(TRANSLATION),
        "keywords": bool(text_of(value.get("name"))),
    }[name]


def _merge(present: Entity, wanted: Entity) -> None:
    """Bring an entity to what is wanted, and leave all that others said of it."""
    identifier, kind = wanted["@id"], wanted["@type"]
    replaced: tuple[str, ...] = _REPLACED.get(kind, ())
    if kind == "CreativeWork" and identifier.startswith("http"):
        replaced = ("name",)
    if identifier.startswith(("https://spdx.org/", LICENCE)):
        return
    kept = {key: _others(present.get(key), key) for key in ("identifier", "affiliation")}
    for key in replaced:
        if key not in wanted:
            present.pop(key, None)
    for key, value in wanted.items():
        present[key] = value if key in replaced else present.get(key, value)
    if kind == "Person":
        ours = [*_list(wanted.get("identifier")), *kept["identifier"]]
        where = [*_list(wanted.get("affiliation")), *kept["affiliation"]]
        present |= {"identifier": ours} if ours else {}
        present |= {"affiliation": where} if len(where) > 1 else {}


def _others(value: Any, key: str) -> list[Any]:
    """Return identifiers of other schemes, and affiliations after the first."""
    if key == "affiliation":
        return _list(value)[1:]
    return [
        one
        for one in tables_of(value)
        if "@id" in one and not text_of(one.get("@id")).startswith(ERAD)
    ]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every table in a JSON value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
