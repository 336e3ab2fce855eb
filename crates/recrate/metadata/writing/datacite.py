"""DataCite's properties, as the attributes of its REST API; the XML is made of the same.

Source: https://github.com/datacite/schema, kernels 4.5 and 4.7; https://support.datacite.org,
reference of the API, `POST /dois`
"""

import json
from typing import Any

from recrate.metadata.writing.funding import Grant, grants
from recrate.metadata.writing.parts import (
    access_of,
    available_of,
    descriptions,
    doi,
    erad_of,
    fields,
    is_person,
    items_of,
    keywords,
    links,
    name_by_hash,
    names_of,
    orcid_of,
    remarks,
    ror_of,
    size_in_words,
    titles,
    total_bytes,
)
from recrate.metadata.writing.rights import SPDX, licences_of, terms_of
from recrate.metadata.writing.text import address, date_of, line
from recrate.metadata.writing.vocabulary import (
    DATACITE_ROLES,
    DATACITE_TYPES,
    ERAD_FIELD,
    ORCID_ADDRESS,
    ROR_ADDRESS,
)
from recrate.model.record import Contributor, Record, RecordKind
from recrate.model.study import Organisation, Person
from recrate.model.terms import COAR, ERAD_SCHEME

Attributes = dict[str, Any]

SCHEMA = "http://datacite.org/schema/kernel-4"
UNKNOWN = "(:unav)"
"""What DataCite wants written where a mandatory value is not to be had.
Source: https://datacite-metadata-schema.readthedocs.io, appendix 3"""
UNKNOWN_YEAR = "0000"
_TYPES = {
    RecordKind.STUDY: ("ComputationalNotebook", "Research study with notebooks, RO-Crate"),
    RecordKind.REPLAY: ("Report", "Re-execution report, RO-Crate"),
}
_MOST_FORMATS = 50
_COAR_ACCESS = "http://vocabularies.coar-repositories.org/documentation/access_rights/"


def write_json(record: Record) -> bytes:
    """Return the attributes of `POST /dois`, without `event` and `prefix`: the depositor's."""
    return (json.dumps(attributes(record, "4.7"), ensure_ascii=False, indent=2) + "\n").encode()


def attributes(record: Record, version: str) -> Attributes:
    """Return DataCite's properties of a record; what is empty is not there.

    version: `4.5` or `4.7`, for the words that only the later one knows
    """
    general, words = _TYPES[record.kind]
    year = (date_of(available_of(record) or record.issued) or UNKNOWN_YEAR)[:4]
    found: Attributes = {
        "doi": doi(record),
        "url": address(record.url),
        "types": {"resourceTypeGeneral": general, "resourceType": words},
        "creators": [_person(one) for one in record.description.creators] or [{"name": UNKNOWN}],
        "titles": _titles(record),
        "publisher": {"name": line(record.publisher) or UNKNOWN},
        "publicationYear": year,
        "subjects": _subjects(record),
        "contributors": [_contributor(one) for one in record.contributors],
        "dates": _dates(record),
        "language": record.description.language.value if record.description.language else None,
        "alternateIdentifiers": _alternates(record),
        "relatedIdentifiers": [*_related(record, version)],
        "sizes": _sizes(record),
        "formats": sorted({line(one.media_type) for one in record.files} - {""})[:_MOST_FORMATS],
        "version": line(record.version),
        "rightsList": _rights(record),
        "descriptions": _descriptions(record),
        "fundingReferences": _each_once([_grant(one) for one in grants(record)]),
        "schemaVersion": SCHEMA,
    }
    return _told(found)


def _told(found: Attributes) -> Attributes:
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _each_once(found: list[Attributes]) -> list[Attributes]:
    return [one for number, one in enumerate(found) if one not in found[:number]]


def _person(person: Person) -> Attributes:
    names = names_of(person)
    orcid, erad = orcid_of(person), erad_of(person)
    identifiers = []
    if orcid is not None:
        identifiers.append(_identifier(orcid, "ORCID", ORCID_ADDRESS))
    if erad is not None:
        identifiers.append(_identifier(erad, ERAD_SCHEME, None))
    return _told(
        {
            "name": names[0].text if names else UNKNOWN,
            "nameType": "Personal" if is_person(person) else None,
            "givenName": line(person.given_name),
            "familyName": line(person.family_name),
            "lang": names[0].language.value if len(names) > 1 else None,
            "nameIdentifiers": identifiers,
            "affiliation": _affiliation(person.affiliation),
        }
    )


def _identifier(value: str, scheme: str, where: str | None) -> Attributes:
    return _told({"nameIdentifier": value, "nameIdentifierScheme": scheme, "schemeUri": where})


def _affiliation(where: Organisation | None) -> list[Attributes]:
    if where is None or not line(where.name):
        return []
    ror = ror_of(where)
    told = {"name": line(where.name)}
    if ror is not None:
        told |= {
            "affiliationIdentifier": ror,
            "affiliationIdentifierScheme": "ROR",
            "schemeUri": ROR_ADDRESS,
        }
    return [told]


def _contributor(one: Contributor) -> Attributes:
    role = {"contributorType": one.role if one.role in DATACITE_ROLES else "Other"}
    if one.person is not None:
        return {**_person(one.person), **role}
    organisation = one.organisation
    ror = ror_of(organisation)
    return _told(
        {
            "name": (line(organisation.name) if organisation else "") or UNKNOWN,
            "nameType": "Organizational",
            "nameIdentifiers": [_identifier(ror, "ROR", ROR_ADDRESS)] if ror else [],
            **role,
        }
    )


def _titles(record: Record) -> list[Attributes]:
    return [
        _told(
            {
                "title": one.text,
                "titleType": "TranslatedTitle" if number else None,
                "lang": one.language.value if one.language else None,
            }
        )
        for number, one in enumerate(titles(record))
    ]


def _subjects(record: Record) -> list[Attributes]:
    found: list[Attributes] = [
        {"subject": subject, "subjectScheme": ERAD_FIELD, "lang": language}
        for _, japanese, english in fields(record)
        for subject, language in ((japanese, "ja"), (english, "en"))
    ]
    for one in keywords(record):
        language = one.language.value if one.language else None
        found.append(_told({"subject": one.text, "lang": language}))
    return _each_once(found)


def _dates(record: Record) -> list[Attributes]:
    known = ((date_of(record.issued), "Issued"), (available_of(record), "Available"))
    return [{"date": day, "dateType": kind} for day, kind in known if day is not None]


def _alternates(record: Record) -> list[Attributes]:
    hashed = name_by_hash(record)
    found = [(hashed, "recrate identity")] if hashed else []
    found += [(number, "Data No.") for one in items_of(record) if (number := line(one.number))]
    return _each_once(
        [
            {"alternateIdentifier": value, "alternateIdentifierType": kind}
            for value, kind in found
        ]
    )  # fmt: skip


def _related(record: Record, version: str) -> list[Attributes]:
    """Return the related things; what a relation means can be said from 4.7 on only."""
    return [
        _told(
            {
                "relatedIdentifier": target.identifier,
                "relatedIdentifierType": target.datacite,
                "relationType": link.relation.value,
                "resourceTypeGeneral": link.resource_type
                if link.resource_type in DATACITE_TYPES
                else None,
                "relationTypeInformation": line(link.information) if version != "4.5" else None,
            }
        )
        for link, target in links(record)
    ]


def _sizes(record: Record) -> list[str]:
    stated = [line(one.size) for one in items_of(record)]
    if record.files:
        number = len(record.files)
        stated.append(f"{number} file{'' if number == 1 else 's'}")
        stated.append(size_in_words(total_bytes(record)))
    return list(dict.fromkeys(filter(None, stated)))


def _rights(record: Record) -> list[Attributes]:
    found = []
    access = access_of(record)
    if access is not None:
        where, word = COAR[access.right]
        found.append({"rights": word, "rightsUri": where, "schemeUri": _COAR_ACCESS})
    for licence in licences_of(record):
        spdx = licence.key != ""
        found.append(
            _told(
                {
                    "rights": licence.name,
                    "rightsUri": licence.address,
                    "rightsIdentifier": licence.key.lower(),
                    "rightsIdentifierScheme": "SPDX" if spdx else None,
                    "schemeUri": SPDX if spdx else None,
                    "lang": "en" if spdx else None,
                }
            )
        )
    for terms in terms_of(record):
        language = terms.language.value if terms.language else None
        found.append(_told({"rights": terms.text, "lang": language}))
    return _each_once(found)


def _descriptions(record: Record) -> list[Attributes]:
    told = [(one, "Abstract") for one in descriptions(record)]
    told += [(one, "Other") for one in remarks(record)]
    if record.notebooks:
        told_of = ", ".join(line(one) for one in record.languages)
        notebooks = f"Notebooks in run order: {', '.join(line(one) for one in record.notebooks)}"
        text = line(f"{notebooks}. Languages: {told_of}." if told_of else f"{notebooks}.")
        technical = {"description": text, "descriptionType": "TechnicalInfo", "lang": "en"}
    else:
        technical = {}
    found = [
        _told(
            {
                "description": one.text,
                "descriptionType": kind,
                "lang": one.language.value if one.language else None,
            }
        )
        for one, kind in told
    ]
    return _each_once([*found, technical] if technical else found)


def _grant(grant: Grant) -> Attributes:
    """Return a grant; there is room for one name and one title, the English ones."""
    english = [one for one in grant.names if one.language is None or one.language.value == "en"]
    titles_in_english = [
        one for one in grant.titles if one.language is None or one.language.value == "en"
    ]
    names = (*english, *grant.names)
    titled = (*titles_in_english, *grant.titles)
    identifier, kind = grant.ror, "ROR"
    if identifier is None and grant.crossref is not None:
        identifier, kind = grant.crossref, "Crossref Funder ID"
    return _told(
        {
            "funderName": names[0].text if names else UNKNOWN,
            "funderIdentifier": identifier,
            "funderIdentifierType": kind if identifier else None,
            "awardNumber": grant.number,
            "awardTitle": titled[0].text if titled else None,
        }
    )
