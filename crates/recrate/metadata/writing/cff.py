"""CITATION.cff 1.2.0.

Source: https://github.com/citation-file-format/citation-file-format, schema-guide.md and
schema.json of 1.2.0
"""

import re
from typing import Any

import yaml

from recrate.metadata.licence import keys_of
from recrate.metadata.writing.parts import (
    descriptions,
    doi,
    keywords,
    name_by_hash,
    orcid_of,
    titles,
)
from recrate.metadata.writing.text import address, date_of, doi_of, line
from recrate.model.record import Record
from recrate.model.study import Person

MESSAGE = "If you use this work, please cite it as below."
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+", re.ASCII)
_MAIL = re.compile(r"\S+@\S+\.\S{2,}")
_DAY = len("2026-11-21")
_ALTERNATIVES = re.compile(r"\b(AND|WITH)\b")


def write(record: Record) -> bytes:
    """Return the record as CITATION.cff. References are left out: CFF wants their authors."""
    return yaml.safe_dump(document(record), allow_unicode=True, sort_keys=False, width=100).encode()


def document(record: Record) -> dict[str, Any]:
    """Return the same as a document; what is empty is not there."""
    day = date_of(record.issued) or ""
    told = descriptions(record)
    found = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": titles(record)[0].text,
        "abstract": told[0].text if told else None,
        "authors": _each_once([_author(one) for one in record.description.creators])
        or [{"name": "anonymous"}],
        "version": line(record.version),
        "date-released": day if len(day) == _DAY else None,
        "doi": _doi(doi(record)),
        "url": address(record.url),
        "identifiers": _identifiers(record),
        "license": _licence(record),
        "keywords": [one.text for one in keywords(record)],
    }
    return _told(found)


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _each_once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for number, one in enumerate(found) if one and one not in found[:number]]


def _doi(bare: str | None) -> str | None:
    return bare if bare and _DOI.fullmatch(bare) else None


def _author(person: Person) -> dict[str, Any]:
    """Return a person; one whose name is not cut in two is told by an alias, which CFF has whole.

    Who has a name and nothing else may be an organisation, and is an entity.
    """
    given, family = line(person.given_name), line(person.family_name)
    name, mail = line(person.name), line(person.email)
    where = line(person.affiliation.name) if person.affiliation else ""
    orcid = orcid_of(person)
    if not given and not family and not where:
        return _told({"name": name, "orcid": orcid, "email": mail if _MAIL.fullmatch(mail) else ""})
    return _told(
        {
            "family-names": family,
            "given-names": given,
            "alias": name if name != f"{given} {family}".strip() else None,
            "affiliation": where,
            "orcid": orcid,
            "email": mail if _MAIL.fullmatch(mail) else None,
        }
    )


def _identifiers(record: Record) -> list[dict[str, str]]:
    every = _doi(doi_of(record.concept_doi))
    hashed = name_by_hash(record)
    found = []
    if every:
        found.append({"type": "doi", "value": every, "description": "all versions together"})
    if hashed:
        found.append({"type": "other", "value": hashed, "description": "identity of the crate"})
    return found


def _licence(record: Record) -> str | list[str] | None:
    """Return SPDX identifiers; several mean a choice in CFF, so what joins them otherwise is left.

    Source: schema-guide.md, `license`
    """
    stated = line(record.description.licence)
    keys = keys_of(stated)
    if not keys or _ALTERNATIVES.search(stated):
        return None
    return keys[0] if len(keys) == 1 else list(keys)
