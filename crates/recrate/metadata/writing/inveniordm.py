"""InvenioRDM and Zenodo: `metadata`, `access` and `files` of `POST /api/records`.

Sources: https://inveniordm.docs.cern.ch/reference/metadata and its vocabularies in
https://github.com/inveniosoftware/invenio-rdm-records. The DOI is no part of the metadata: the
draft reserves its own, or the depositor states one that others registered.
"""

import html
import json
from typing import Any

from recrate.metadata.writing.funding import Grant, grants
from recrate.metadata.writing.parts import (
    Said,
    access_of,
    available_of,
    descriptions,
    family_first,
    fields,
    is_person,
    items_of,
    keywords,
    links,
    name_by_hash,
    orcid_of,
    remarks,
    ror_of,
    size_in_words,
    titles,
    total_bytes,
)
from recrate.metadata.writing.rights import licences_of, terms_of
from recrate.metadata.writing.text import date_of, doi_of, language_of, line
from recrate.metadata.writing.vocabulary import DATACITE_ROLES, INVENIO_TYPES, ISO_639_3
from recrate.model.record import Contributor, LinkRelation, Record, RecordKind
from recrate.model.study import AccessRight, Language, Organisation, Person

Document = dict[str, Any]

_TYPES = {
    RecordKind.STUDY: INVENIO_TYPES["ComputationalNotebook"],
    RecordKind.REPLAY: INVENIO_TYPES["Report"],
}
_ROLES = {one.lower() for one in DATACITE_ROLES}


def write(record: Record) -> bytes:
    """Return the body of `POST /api/records`; what the person has yet to say is not there."""
    return (json.dumps(document(record), ensure_ascii=False, indent=2) + "\n").encode()


def document(record: Record) -> Document:
    """Return the same as a document: a draft that may still lack what publishing wants."""
    return {
        "access": _access(record),
        "files": {"enabled": True},
        "metadata": _told(
            {
                "resource_type": {"id": _TYPES[record.kind]},
                "title": titles(record)[0].text,
                "additional_titles": [_title(one) for one in titles(record)[1:]],
                "description": _as_html(descriptions(record)[0].text)
                if descriptions(record)
                else None,
                "additional_descriptions": _more(record),
                "creators": [_creator(one) for one in record.description.creators],
                "contributors": [_contributor(one) for one in record.contributors],
                "publication_date": date_of(record.issued),
                "dates": _dates(record),
                "languages": _languages(record),
                "subjects": _subjects(record),
                "publisher": line(record.publisher),
                "version": line(record.version),
                "rights": _rights(record),
                "identifiers": _identifiers(record),
                "related_identifiers": [*_related(record)],
                "funding": [told for one in grants(record) if (told := _grant(one))],
                "sizes": [size_in_words(total_bytes(record))] if record.files else [],
            }
        ),
    }


def _told(found: Document) -> Document:
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


def _access(record: Record) -> Document:
    """Return who sees what: the record is public, its files where the study is open."""
    access = access_of(record)
    right = access.right if access else AccessRight.OPEN
    told: Document = {
        "record": "public",
        "files": "public" if right is AccessRight.OPEN else "restricted",
    }
    until = available_of(record)
    if until is not None and len(until) == len("2026-11-21"):
        told["embargo"] = {"active": True, "until": until}
    return told


def _lang(one: Said) -> Document | None:
    return {"id": ISO_639_3[one.language]} if one.language else None


def _title(one: Said) -> Document:
    return _told({"title": one.text, "type": {"id": "translated-title"}, "lang": _lang(one)})


def _as_html(text: str) -> str:
    """Return text as paragraphs: the field holds HTML, and whatever was typed is none."""
    parts = (part.strip() for part in text.split("\n\n"))
    return "".join(
        f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>"
        for part in parts
        if part
    )


def _more(record: Record) -> list[Document]:
    told = [(one, "abstract") for one in descriptions(record)[1:]]
    told += [(one, "notes") for one in remarks(record)]
    told += [(one, "other") for one in terms_of(record)]
    return [
        _told({"description": _as_html(one.text), "type": {"id": kind}, "lang": _lang(one)})
        for one, kind in told
    ]


def _creator(person: Person) -> Document:
    name = line(person.name)
    if not is_person(person):
        return {"person_or_org": {"type": "organizational", "name": name}}
    family, given = line(person.family_name), line(person.given_name)
    if not family:
        family, given = (given, "") if given else family_first(name)
    orcid = orcid_of(person)
    scheme = [{"scheme": "orcid", "identifier": orcid.rpartition("/")[2]}] if orcid else []
    return _told(
        {
            "person_or_org": _told(
                {
                    "type": "personal",
                    "family_name": family,
                    "given_name": given,
                    "identifiers": scheme,
                }
            ),
            "affiliations": _affiliations(person.affiliation),
        }
    )


def _affiliations(where: Organisation | None) -> list[Document]:
    """Return an affiliation: an `id` of the vocabulary counts, and the name where there is none."""
    if where is None or not line(where.name):
        return []
    return [_told({"id": _bare(ror_of(where)), "name": line(where.name)})]


def _bare(address: str | None) -> str | None:
    return address.rpartition("/")[2] if address else None


def _contributor(one: Contributor) -> Document:
    role = one.role.lower() if one.role.lower() in _ROLES else "other"
    if one.person is not None:
        return {**_creator(one.person), "role": {"id": role}}
    organisation = one.organisation or Organisation(name="")
    ror = _bare(ror_of(organisation))
    told = {
        "type": "organizational",
        "name": line(organisation.name),
        "identifiers": [{"scheme": "ror", "identifier": ror}] if ror else [],
    }
    return {"person_or_org": _told(told), "role": {"id": role}}


def _dates(record: Record) -> list[Document]:
    until = available_of(record)
    return [{"date": until, "type": {"id": "available"}}] if until else []


def _languages(record: Record) -> list[Document]:
    stated = record.description.language
    found = language_of(record.description.title, stated)
    return [{"id": ISO_639_3[found]}] if found else []


def _subjects(record: Record) -> list[Document]:
    named = [word for _, *words in fields(record) for word in words]
    return [{"subject": one} for one in dict.fromkeys([*named, *(
        one.text for one in keywords(record))])]  # fmt: skip


def _rights(record: Record) -> list[Document]:
    """Return licences; the vocabulary knows them by their SPDX identifier in small letters."""
    return [
        {"id": one.key.lower()} if one.key else {"title": {"en": one.name}}
        for one in licences_of(record)
    ]


def _identifiers(record: Record) -> list[Document]:
    known = [name_by_hash(record), *(line(one.number) for one in items_of(record))]
    return [{"scheme": "other", "identifier": one} for one in dict.fromkeys(filter(None, known))]


def _related(record: Record) -> list[Document]:
    """Return related things, without the DOI of all versions: InvenioRDM keeps versions itself."""
    every = doi_of(record.concept_doi)
    return [
        _told(
            {
                "identifier": target.identifier,
                "scheme": target.invenio,
                "relation_type": {"id": link.relation.value.lower()},
                "resource_type": {"id": INVENIO_TYPES[link.resource_type]}
                if link.resource_type in INVENIO_TYPES
                else None,
            }
        )
        for link, target in links(record)
        if link.relation is not LinkRelation.IS_VERSION_OF or target.identifier != every
    ]


def _grant(grant: Grant) -> Document:
    """Return a grant; one without a funder cannot be told."""
    if not grant.names:
        return {}
    in_english = [one for one in grant.names if one.language is not Language.JAPANESE]
    name = (*in_english, *grant.names)[0].text
    titled = {(one.language or Language.ENGLISH).value: one.text for one in reversed(grant.titles)}
    award = _told({"number": grant.number, "title": titled})
    return _told({"funder": _told({"id": _bare(grant.ror), "name": name}), "award": award})
