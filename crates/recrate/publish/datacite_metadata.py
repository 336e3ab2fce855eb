"""What DataCite is told of a parcel: its attributes, its DOI, and the relations of both."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity, find
from recrate.model.record import RecordLink
from recrate.publish.datacite_api import Attributes
from recrate.publish.site_text import bare_doi, line

FORMAT = "datacite-json"
MARK_TYPE = "recrate deposit"
UNKNOWN = "(:unav)"
"""Source: https://datacite-metadata-schema.readthedocs.io, appendix 3."""

_NOT_METADATA = ("doi", "prefix", "suffix", "url", "event", "state", "id")
_PREFIX = re.compile(r"10\.\d{4,5}")
"""As lupo validates it: app/models/doi.rb, `validates_format_of :doi`."""

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u, so that nobody takes one sign for another."""


def prefix_of(told: str) -> str:
    """Return a prefix; raises BadInput for what is none."""
    prefix = told.strip().rstrip("/").removeprefix("https://doi.org/")
    if not _PREFIX.fullmatch(prefix):
        raise BadInput(
            "not a DOI prefix", where="prefix", hint="write it as DataCite gave it, like 10.12345"
        )
    return prefix


def doi_of(prefix: str, mark: str) -> str:
    """Return the DOI of a deposit: always the same one, `10.12345/k3f9-0xwq-41`.

    40 bits of the mark's SHA-256 in eight signs, and two check digits that tell any one sign
    that was mistyped and any two that were swapped. Source: ISO 7064, MOD 97-10
    """
    number = int.from_bytes(hashlib.sha256(f"{prefix} {mark}".encode()).digest()[:5])
    signs = "".join(_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{prefix}/{signs[:4]}-{signs[4:]}-{98 - number * 100 % 97:02d}"


def attributes_of(document: bytes | None, *, publisher: str) -> Attributes:
    """Return the attributes that were written for DataCite, without what the depositor sets.

    publisher: named where the record names none
    Raises BadInput for what is no JSON object.
    """
    try:
        found = json.loads(document or b"")
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if isinstance(found, dict) and isinstance(found.get("data"), dict):
        found = found["data"].get("attributes")
    if not isinstance(found, dict):
        raise _unreadable()
    told = {name: value for name, value in found.items() if name not in _NOT_METADATA}
    if publisher and _name(told.get("publisher")) in ("", UNKNOWN):
        told["publisher"] = {"name": publisher}
    return told


def with_mark(attributes: Attributes, mark: str) -> Attributes:
    """Return the attributes with the deposit's mark, by which a draft is known again."""
    others = attributes.get("alternateIdentifiers")
    own = {"alternateIdentifier": mark, "alternateIdentifierType": MARK_TYPE}
    return {
        **attributes,
        "alternateIdentifiers": [*(others if isinstance(others, list) else []), own],
    }


def has_mark(attributes: Mapping[str, Any], mark: str) -> bool:
    """Say whether a DOI's attributes, as DataCite gives them, hold a deposit's mark."""
    found = [
        (one.get("identifierType"), one.get("identifier"))
        for one in _objects(attributes.get("identifiers"))
    ]
    found += [
        (one.get("alternateIdentifierType"), one.get("alternateIdentifier"))
        for one in _objects(attributes.get("alternateIdentifiers"))
    ]
    return (MARK_TYPE, mark) in found


def with_link(attributes: Mapping[str, Any], link: RecordLink) -> list[Any] | None:
    """Return the related identifiers with one more; None where the relation is there already."""
    known = attributes.get("relatedIdentifiers")
    kept = known if isinstance(known, list) else []
    own = related(link)
    for one in _objects(kept):
        same_relation = one.get("relationType") == own["relationType"]
        if same_relation and _same(str(one.get("relatedIdentifier", "")), link.target):
            return None
    return [*kept, own]


def related(link: RecordLink) -> Attributes:
    """Return a relation as DataCite 4.7 writes it."""
    doi = bare_doi(link.target)
    told = {
        "relatedIdentifier": doi or link.target,
        "relatedIdentifierType": "DOI" if doi else "URL",
        "relationType": link.relation.value,
        "resourceTypeGeneral": line(link.resource_type),
        "relationTypeInformation": line(link.information),
    }
    return {name: value for name, value in told.items() if value}


def findings_of(attributes: Attributes) -> Iterator[Finding]:
    """Yield what a findable DOI lacks. Source: DataCite 4.7, mandatory properties."""
    types = attributes.get("types")
    general = types.get("resourceTypeGeneral") if isinstance(types, dict) else None
    required = {
        "creators": [_name(one) for one in _objects(attributes.get("creators"))],
        "titles": [str(one.get("title") or "") for one in _objects(attributes.get("titles"))],
        "publisher": [_name(attributes.get("publisher"))],
        "publicationYear": [str(attributes.get("publicationYear") or "")],
        "types.resourceTypeGeneral": [str(general or "")],
    }
    for name, values in required.items():
        if not any(values) or (name == "publicationYear" and not re.fullmatch(r"\d{4}", values[0])):
            yield find(
                Severity.ERROR,
                "datacite-missing",
                f"DataCite wants {name}, which the record does not say",
                hint="describe the study in the Pack panel, then publish again",
                subject=name,
            )
        elif UNKNOWN in values:
            yield find(
                Severity.WARNING,
                "datacite-unknown",
                f"{name} is not known, so citations of the DOI will lack it",
                hint=_HINTS.get(name, "describe the study in the Pack panel"),
                subject=name,
            )


_HINTS = {
    "publisher": "set the option `publisher` of this place to the institution's name",
    "creators": "name the authors in the Pack panel",
}


def _name(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _same(first: str, second: str) -> bool:
    return (bare_doi(first) or first.rstrip("/")) == (bare_doi(second) or second.rstrip("/"))


def _unreadable() -> BadInput:
    return BadInput(
        "the metadata for DataCite cannot be read",
        where=FORMAT,
        hint="publish again; if it stays so, tell the developers",
    )
