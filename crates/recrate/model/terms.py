"""A description in the terms of RO-Crate 1.1: the study's own file and the crate say it alike.

Which field goes to which term, and why, stands in docs/metadata.md.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Organisation,
    Person,
    Related,
    Relation,
    Translation,
)

Entity = dict[str, Any]
Link = dict[str, str]

TERMS = {
    "accessRights": "http://purl.org/dc/terms/accessRights",
    "available": "http://purl.org/dc/terms/available",
    "accessContact": "http://www.w3.org/ns/dcat#contactPoint",
}
"""Terms that the RO-Crate 1.1 context lacks. JPCOAR says access rights with the same first one;
schema.org has `contactPoint` for people and organisations only, DCAT for what they publish."""

FILE_TERMS = {
    "sha256": "http://schema.org/sha256",
    "localPath": "https://w3id.org/ro/terms#localPath",
}
"""The same for files, with the meaning that RO-Crate 1.2 gives them."""

COAR = {
    AccessRight.OPEN: ("http://purl.org/coar/access_right/c_abf2", "open access"),
    AccessRight.SHARED: ("http://purl.org/coar/access_right/c_16ec", "restricted access"),
    AccessRight.CLOSED: ("http://purl.org/coar/access_right/c_14cb", "metadata only access"),
    AccessRight.EMBARGOED: ("http://purl.org/coar/access_right/c_f1cf", "embargoed access"),
}
"""Source: http://vocabularies.coar-repositories.org/documentation/access_rights/"""
RIGHTS = {address.partition("://")[2]: right for right, (address, _) in COAR.items()}
"""The way back: the address without its scheme, for others write https."""
ERAD_SCHEME = "e-Rad_Researcher"
"""How JPCOAR names numbers of researchers in e-Rad."""
TRANSLATION = "#description-"
ERAD = "#e-rad-"
RELATED = "#related-"
LICENCE = "#licence-"

_ORCID = re.compile(r"https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
_ORGANISATION = re.compile(
    r"https://ror\.org/0[0-9a-z]{8}|https://doi\.org/10\.13039/[0-9]+", re.ASCII
)
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")

Known = Mapping[tuple[str, str], str]
"""(type, name) → `@id` that something has already in the document that is written again."""

AGAIN = "\0"
"""Stands once more at the end of a name for each other thing of the same name."""


def is_orcid(identifier: str) -> bool:
    """Say whether an `@id` has the form of an ORCID."""
    return _ORCID.fullmatch(identifier) is not None


def is_organisation(identifier: str) -> bool:
    """Say whether an `@id` has the form of a ROR or of a Crossref funder identifier."""
    return _ORGANISATION.fullmatch(identifier) is not None


@dataclass(slots=True, kw_only=True)
class Said:
    """Properties of the root data set, and the entities that they refer to, by `@id`.

    taken: names that are not to be given to anything new
    """

    known: Known = field(default_factory=dict)
    taken: Collection[str] = ()
    root: dict[str, Any] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)

    def entity(self, identifier: str, kind: str, /, **properties: Any) -> Link:
        """Add an entity, without what is None or empty; the first of an `@id` stays."""
        told = {key: value for key, value in properties.items() if value not in (None, "", [])}
        self.entities.setdefault(identifier, {"@id": identifier, "@type": kind, **told})
        return {"@id": identifier}

    def place(self, kind: str, name: str, wanted: str) -> str:
        """Return a local `@id`: the one that it has already, else `wanted` or one like it."""
        key = name
        while known := self.known.get((kind, key), ""):
            free = known not in self.entities and not is_orcid(known)
            if free and not is_organisation(known):
                return known
            key += AGAIN
        place, number = wanted, 1
        while place in self.entities or place in self.taken:
            number += 1
            place = f"{wanted}-{number}"
        return place

    def tell(self, **properties: Any) -> None:
        """Set properties of the root, without what is None or empty."""
        for name, value in properties.items():
            if value not in (None, "", [], ()):
                self.root[name] = value


def say(
    description: Description, *, known: Known | None = None, taken: Collection[str] = ()
) -> Said:
    """Return what the root data set says of a study, all but its licence and its files.

    known, taken: of the document that is written again, as `Said` has them
    """
    said = Said(known=known or {}, taken=taken)
    said.tell(
        name=description.title,
        description=description.description,
        inLanguage=description.language.value if description.language else None,
        author=[_person(said, one, number) for number, one in enumerate(description.creators, 1)],
        keywords=list(description.keywords),
        datePublished=description.published,
        version=description.version,
        subjectOf=[_translation(said, one) for one in description.translations],
    )
    _related(said, description.related)
    _funding(said, description.funding)
    if description.access is not None:
        said.tell(**access_properties(said, description.access))
    return said


def _person(said: Said, person: Person, number: int) -> Link:
    typed = person.identifier or ""
    if is_orcid(typed) and typed not in said.entities:
        place, typed = typed, ""
    else:
        place = said.place("Person", person.name, f"#person-{number}")
    numbers = [typed] if typed else []
    others = [_erad(said, person.erad_number)] if person.erad_number else []
    where = person.affiliation
    return said.entity(
        place,
        "Person",
        name=person.name,
        alternateName=person.alternate_name,
        givenName=person.given_name,
        familyName=person.family_name,
        identifier=[*numbers, *others],
        email=person.email,
        affiliation=organisation(said, where) if where else None,
    )


def _erad(said: Said, number: str) -> Link:
    return said.entity(
        ERAD + quote(number, safe=""),
        "PropertyValue",
        name="e-Rad researcher number",
        propertyID=ERAD_SCHEME,
        value=number,
    )


def organisation(said: Said, one: Organisation) -> Link:
    """Add an organisation; a name of its own where its identifier is none or is taken."""
    typed = one.identifier or ""
    own = {"name": one.name, "alternateName": one.alternate_name}
    if is_organisation(typed) and _fits(said.entities.get(typed), {**own, "url": typed}):
        return said.entity(typed, "Organization", **own, url=typed)
    own["identifier"] = typed
    for known in said.entities.values():
        if known["@type"] == "Organization" and known["@id"] != typed and _fits(known, own):
            return {"@id": known["@id"]}
    wanted = f"#organisation-{quote(one.name, safe='')}"
    return said.entity(said.place("Organization", one.name, wanted), "Organization", **own)


def _fits(entity: Entity | None, properties: dict[str, Any]) -> bool:
    """Say whether an entity is not there yet, or says the very same."""
    said = {key: value for key, value in (entity or {}).items() if not key.startswith("@")}
    return entity is None or said == {key: value for key, value in properties.items() if value}


def _translation(said: Said, one: Translation) -> Link:
    return said.entity(
        TRANSLATION + one.language.value,
        "CreativeWork",
        name=one.title,
        description=one.description,
        inLanguage=one.language.value,
    )


def _related(said: Said, related: tuple[Related, ...]) -> None:
    links: dict[Relation, list[Link]] = {relation: [] for relation in Relation}
    for number, one in enumerate(related, 1):
        data = one.relation is Relation.IS_DERIVED_FROM
        web = _WEB.fullmatch(one.url) is not None
        link = said.entity(
            one.url if web else said.place("Related", one.url, f"{RELATED}{number}"),
            "CreativeWork" if data else "ScholarlyArticle",
            name=one.title or one.url,
            identifier=None if web else one.url,
        )
        if link not in links[one.relation]:
            links[one.relation].append(link)
    papers = [
        {"@id": link}
        for link in said.entities
        if {"@id": link} in [*links[Relation.CITES], *links[Relation.IS_SUPPLEMENT_TO]]
    ]
    said.tell(
        citation=papers,
        subjectOf=[*said.root.get("subjectOf", []), *links[Relation.IS_SUPPLEMENT_TO]],
        isBasedOn=links[Relation.IS_DERIVED_FROM],
    )


def _funding(said: Said, funding: tuple[Funding, ...]) -> None:
    grants, funders = [], []
    for number, one in enumerate(funding, 1):
        funder = organisation(said, one.funder) if one.funder is not None else None
        key = one.award_number or one.award_title or (one.funder.name if one.funder else "")
        grants.append(
            said.entity(
                said.place("Grant", key, f"#grant-{number}"),
                "Grant",
                name=one.award_title or one.award_number,
                identifier=one.award_number,
                funder=funder,
            )
        )
        if funder is not None and funder not in funders:
            funders.append(funder)
    said.tell(funding=grants, funder=funders)


def access_properties(said: Said, access: Access) -> dict[str, Any]:
    """Add the access right and the contact, and return the properties that tell of them."""
    address, name = COAR[access.right]
    return {
        "accessRights": said.entity(address, "DefinedTerm", name=name),
        "available": access.available,
        "conditionsOfAccess": access.conditions,
        "accessContact": _contact(said, access.contact) if access.contact else None,
    }


def _contact(said: Said, contact: str) -> Link:
    mail = _MAIL.fullmatch(contact) is not None
    return said.entity(
        f"mailto:{contact}" if mail else f"#contact-{quote(contact, safe='')}",
        "ContactPoint",
        name=contact,
        contactType="access to the data",
        email=contact if mail else None,
        url=contact if _WEB.fullmatch(contact) else None,
    )


def add_licence(said: Said, licence: str, keys: tuple[str, ...]) -> None:
    """Add a licence to the root.

    keys: the SPDX identifiers that the expression names; empty for what is no SPDX expression
    Of an expression of several, the root names each as its licence, and the whole as usageInfo.
    """
    links = [_licence(said, key) for key in keys]
    whole = None
    if keys != (licence,):
        whole = said.entity(
            LICENCE + quote(licence, safe=""),
            "CreativeWork",
            name=licence,
            description="An SPDX licence expression" if keys else None,
        )
    said.tell(license=links or [whole], usageInfo=whole if links else None)


def _licence(said: Said, key: str) -> Link:
    url = f"https://spdx.org/licenses/{quote(key, safe='')}"
    return said.entity(url, "CreativeWork", name=key, identifier=key, url=f"{url}.html")
