"""People and organisations in the terms of schema.org, which CodeMeta uses too."""

from typing import Any

from recrate.metadata.writing.parts import erad_of, is_person, orcid_of, ror_of
from recrate.metadata.writing.text import line
from recrate.model.record import Contributor
from recrate.model.study import Organisation, Person
from recrate.model.terms import ERAD_SCHEME

Entity = dict[str, Any]


def told(found: Entity) -> Entity:
    """Return properties without those that are empty."""
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


def person_entity(person: Person, *, mail: bool) -> Entity:
    """Return a creator; who has a name and nothing else is taken for an organisation.

    mail: whether the address is told
    """
    erad = erad_of(person)
    number = {"@type": "PropertyValue", "propertyID": ERAD_SCHEME, "value": erad} if erad else None
    return told(
        {
            "@type": "Person" if is_person(person) else "Organization",
            "@id": orcid_of(person),
            "name": line(person.name),
            "alternateName": line(person.alternate_name),
            "givenName": line(person.given_name),
            "familyName": line(person.family_name),
            "email": line(person.email) if mail else None,
            "identifier": number,
            "affiliation": organisation_entity(person.affiliation) if person.affiliation else None,
        }
    )


def organisation_entity(one: Organisation) -> Entity:
    """Return an organisation, its `@id` the ROR or the funder's identifier at Crossref."""
    funder = one.identifier or ""
    known = ror_of(one) or (funder if funder.startswith("https://doi.org/10.13039/") else None)
    return told(
        {
            "@type": "Organization",
            "@id": line(known),
            "name": line(one.name),
            "alternateName": line(one.alternate_name),
        }
    )


def contributor_entity(one: Contributor) -> Entity:
    """Return who had a part, with the role as its own node, as schema.org tells roles."""
    who: Entity = {}
    if one.person is not None:
        who = person_entity(one.person, mail=False)
    elif one.organisation is not None:
        who = organisation_entity(one.organisation)
    return {"@type": "Role", "roleName": line(one.role), "contributor": who}
