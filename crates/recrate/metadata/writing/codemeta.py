"""codemeta.json, version 3.

Source: https://codemeta.github.io/terms/
"""

import json
from typing import Any

from recrate.metadata.licence import keys_of
from recrate.metadata.writing.funding import Grant, grants
from recrate.metadata.writing.parts import (
    available_of,
    descriptions,
    doi,
    home,
    keywords,
    links,
    titles,
)
from recrate.metadata.writing.people import contributor_entity, person_entity, told
from recrate.metadata.writing.rights import SPDX
from recrate.metadata.writing.text import address, date_of, doi_address, line
from recrate.model.record import LinkRelation, Record

CONTEXT = "https://w3id.org/codemeta/3.0"


def write(record: Record) -> bytes:
    """Return the record as codemeta.json."""
    return (json.dumps(document(record), ensure_ascii=False, indent=2) + "\n").encode()


def document(record: Record) -> dict[str, Any]:
    """Return the same as a document; what is empty is not there."""
    bare, said = doi(record), descriptions(record)
    paid = [_grant(one) for one in grants(record)]
    return told(
        {
            "@context": CONTEXT,
            "@type": "SoftwareSourceCode",
            "@id": home(record),
            "name": titles(record)[0].text,
            "description": said[0].text if said else None,
            "author": [person_entity(one, mail=True) for one in record.description.creators],
            "contributor": [contributor_entity(one) for one in record.contributors],
            "license": _licence(record),
            "keywords": [one.text for one in keywords(record)],
            "version": line(record.version),
            "datePublished": date_of(record.issued),
            "embargoEndDate": available_of(record),
            "identifier": doi_address(bare) if bare else None,
            "url": address(record.url),
            "publisher": _publisher(record),
            "programmingLanguage": [line(one) for one in record.languages],
            "funder": [one["funder"] for one in paid if "funder" in one],
            "funding": ", ".join(one.number for one in grants(record) if one.number),
            "referencePublication": [
                {"@id": target.address, "name": line(link.title) or target.address}
                for link, target in links(record)
                if link.relation is LinkRelation.IS_SUPPLEMENT_TO
            ],
        }
    )


def _licence(record: Record) -> str | list[str] | None:
    stated = line(record.description.licence)
    keys = keys_of(stated)
    if len(keys) == 1 and keys[0] == stated:
        return SPDX + keys[0]
    return [SPDX + one for one in keys] if keys else stated


def _publisher(record: Record) -> dict[str, str] | None:
    name = line(record.publisher)
    return {"@type": "Organization", "name": name} if name else None


def _grant(grant: Grant) -> dict[str, Any]:
    if not grant.names:
        return {}
    name = grant.names[-1].text
    funder = {"@type": "Organization", "@id": grant.ror or grant.crossref, "name": name}
    return {"funder": told(funder)}
