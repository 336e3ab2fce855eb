"""Identifiers of people and organisations: ORCID and ROR, with their check digits."""

import re
from collections.abc import Iterator
from dataclasses import replace

from recrate.model.finding import Finding, Severity, find
from recrate.model.study import Person

_ORCID_PREFIX = re.compile(r"(https?://)?(www\.)?orcid\.org/|orcid:\s*", re.IGNORECASE)


def checked_people(
    people: tuple[Person, ...], path: str
) -> tuple[tuple[Person, ...], list[Finding]]:
    """Return those that have a name, with identifiers as URLs, and what was wrong with them.

    path: the file that names them
    """
    kept: list[Person] = []
    findings: list[Finding] = []
    for one in people:
        person, complaints = checked(one, path)
        findings.extend(complaints)
        if person.name:
            kept.append(person)
    return tuple(kept), findings


def checked(person: Person, path: str) -> tuple[Person, tuple[Finding, ...]]:
    """Return the person with identifiers as URLs; a wrong one is left out and is a finding."""
    findings = list(_findings(person, path))
    place = person.affiliation
    if place is not None and place.identifier:
        place = replace(place, identifier=ror_url(place.identifier))
    identifier = orcid_url(person.identifier) if person.identifier else None
    return replace(person, identifier=identifier, affiliation=place), tuple(findings)


def orcid_url(written: str) -> str | None:
    """Return `https://orcid.org/…` when format and check digit are right, else None."""
    bare = _ORCID_PREFIX.sub("", written.strip())
    bare = bare.rstrip("/").upper()
    if not re.fullmatch(r"\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX]", bare, re.ASCII):
        return None
    import idutils  # noqa: PLC0415 - half a second that a study without identifiers need not wait

    if not idutils.is_orcid(bare):
        return None
    return f"https://orcid.org/{idutils.normalize_orcid(bare)}"


def ror_url(written: str) -> str | None:
    """Return `https://ror.org/…` when format and checksum are right, else None.

    The last two digits are 98 - (n * 100 mod 97) of the base-32 number before them (ISO 7064).
    """
    bare = written.strip().lower().rstrip("/").rpartition("/")[2]
    import idutils  # noqa: PLC0415 - as above

    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}\d{2}", bare) or not idutils.is_ror(bare):
        return None
    number = 0
    for letter in bare[:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return f"https://ror.org/{bare}" if 98 - number * 100 % 97 == int(bare[7:]) else None


def _findings(person: Person, path: str) -> Iterator[Finding]:
    if person.identifier and orcid_url(person.identifier) is None:
        yield find(
            Severity.WARNING,
            "invalid-orcid",
            f"`{person.identifier[:80]}` of {person.name} is no ORCID: form or check digit wrong",
            hint="copy it from the person's page at orcid.org",
            path=path,
        )
    place = person.affiliation
    if place is not None and place.identifier and ror_url(place.identifier) is None:
        yield find(
            Severity.WARNING,
            "invalid-ror",
            f"`{place.identifier[:80]}` of {place.name} is no ROR identifier",
            hint="look the organisation up at ror.org",
            path=path,
        )
