"""People, organisations and grants as the study's own metadata file and a crate write them."""

from collections.abc import Iterator, Mapping
from typing import Any

from recrate.metadata.fields import tables_of, text_of
from recrate.metadata.reading import SIZE_LIMIT_BYTES
from recrate.model.study import Funding, Organisation, Person
from recrate.model.terms import ERAD_SCHEME, is_organisation

Entity = dict[str, Any]
Entities = Mapping[str, Entity]


def followed(value: object, entities: Entities) -> list[Entity]:
    """Return copies of the entities that `value` refers to, or the tables that it holds."""
    return [{**one, **entities.get(text_of(one.get("@id")), {})} for one in tables_of(value)]


def first_text(value: object) -> str:
    """Return the first plain text of a value or a list; of JSON-LD's literals, their `@value`.

    It is not cut: what a person typed must come back whole.
    """
    for one in value if isinstance(value, list) else [value]:
        plain = one.get("@value") if isinstance(one, dict) else one
        text = text_of(plain, longest=SIZE_LIMIT_BYTES)
        if text:
            return text
    return ""


def people_of(value: object, entities: Entities) -> tuple[Person, ...]:
    """Return the people that `author` or `creator` names, each once, as they are written."""
    every = value if isinstance(value, list) else [value]
    names = [Person(name=name) for one in every if isinstance(one, str) and (name := text_of(one))]
    found = [person_of(one, entities) for one in followed(value, entities)]
    return tuple(dict.fromkeys(one for one in (*names, *found) if one is not None))


def person_of(entity: Entity, entities: Entities) -> Person | None:
    """Return one person; None where nothing at all is said of them."""
    given, family = first_text(entity.get("givenName")), first_text(entity.get("familyName"))
    name = first_text(entity.get("name")) or f"{given} {family}".strip()
    identifier = text_of(entity.get("@id"))
    if "orcid.org" not in identifier:
        identifier = first_text(entity.get("identifier"))
    person = Person(
        name=name,
        given_name=given or None,
        family_name=family or None,
        identifier=identifier or None,
        email=first_text(entity.get("email")).removeprefix("mailto:") or None,
        affiliation=organisation_of(entity.get("affiliation"), entities),
        alternate_name=first_text(entity.get("alternateName")) or None,
        erad_number=_erad_number(entity.get("identifier"), entities),
    )
    return person if person != Person(name="") else None


def _erad_number(value: object, entities: Entities) -> str | None:
    for one in followed(value, entities):
        if text_of(one.get("propertyID")) == ERAD_SCHEME and text_of(one.get("value")):
            return text_of(one.get("value"))
    return None


def organisation_of(value: object, entities: Entities) -> Organisation | None:
    """Return the first organisation that a property names, as an entity or as plain text."""
    for one in followed(value, entities):
        address = text_of(one.get("@id"))
        known = address if is_organisation(address) or "ror.org/" in address else ""
        identifier = known or first_text(one.get("identifier"))
        name = first_text(one.get("name"))
        if name or identifier:
            return Organisation(
                name=name,
                identifier=identifier or None,
                alternate_name=first_text(one.get("alternateName")) or None,
            )
    name = first_text(value)
    return Organisation(name=name) if name else None


def funding_of(root: Entity, entities: Entities) -> tuple[Funding, ...]:
    """Return the grants that `funding` names, and the funders of no grant."""
    grants = [_grant(one, entities) for one in followed(root.get("funding"), entities)]
    paid = [one.funder for one in grants]
    others = (organisation_of(one, entities) for one in _each(root.get("funder")))
    alone = [Funding(funder=one) for one in others if one is not None and one not in paid]
    return tuple(dict.fromkeys(one for one in (*grants, *alone) if one != Funding()))


def _each(value: object) -> Iterator[object]:
    yield from value if isinstance(value, list) else [value]


def _grant(entity: Entity, entities: Entities) -> Funding:
    number, title = first_text(entity.get("identifier")), first_text(entity.get("name"))
    return Funding(
        funder=organisation_of(entity.get("funder"), entities),
        award_number=number or None,
        award_title=title if title and title != number else None,
    )
