"""What is wrong with a description, field by field, so that a form can say it at the field."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from recrate.metadata.common_checking import check_common
from recrate.metadata.dates import is_date
from recrate.metadata.licence import spdx
from recrate.metadata.people import orcid_url, ror_url
from recrate.metadata.withheld import normal_path
from recrate.metadata.works import funder_url, work_url
from recrate.model.finding import Severity
from recrate.model.form import FieldComplaint
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Organisation,
    Person,
    RestrictedFile,
)
from recrate.outside.disk import disk_errors

_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.]+")
_AWARD = re.compile(r"JP[0-9A-Z]{5,}")
"""Japan Grant Numbers: JP, then letters and digits without spaces or hyphens.

Source: https://www.nistep.go.jp/taikei
"""


def check_description(
    description: Description, *, root: Path | None = None
) -> tuple[FieldComplaint, ...]:
    """Return what is wrong or missing, in the order of the form; nothing is changed.

    root: the study's folder, when it should be looked whether restricted files are there
    The common metadata items are checked where they are switched on.
    An error is what would be published wrongly or dropped; a warning is what others will miss.
    """
    return tuple(
        one
        for part in (
            _texts(description),
            _creators(description.creators),
            _rights(description),
            _related(description),
            _funding(description.funding),
            _access(description.access),
            _restricted(description.restricted, root),
            check_common(description.common, description),
        )
        for one in part
    )


def _error(field: str, code: str, message: str, hint: str = "") -> FieldComplaint:
    return FieldComplaint(
        field=field, code=code, severity=Severity.ERROR, message=message, hint=hint
    )


def _warning(field: str, code: str, message: str, hint: str = "") -> FieldComplaint:
    return FieldComplaint(
        field=field, code=code, severity=Severity.WARNING, message=message, hint=hint
    )


def _texts(description: Description) -> Iterator[FieldComplaint]:
    if not description.title.strip():
        yield _warning("title", "no-title", "the study has no title")
    if not description.description.strip():
        yield _warning(
            "description", "no-description", "nothing says what the study is about",
            "two or three sentences that somebody from another field understands",
        )  # fmt: skip
    seen = {description.language}
    for number, one in enumerate(description.translations):
        if one.language in seen:
            yield _error(
                f"translations.{number}.language", "same-language",
                "there is a title in this language already", "choose the other language",
            )  # fmt: skip
        seen.add(one.language)
    if description.published and not is_date(description.published, whole=False):
        yield _error("published", "invalid-date", "is no date", "write it as 2027-04-01")


def _creators(creators: tuple[Person, ...]) -> Iterator[FieldComplaint]:
    if not creators:
        yield _warning("creators", "no-author", "nothing says who made the study")
    for number, one in enumerate(creators):
        at = f"creators.{number}"
        if not one.name.strip():
            yield _error(f"{at}.name", "no-name", "has no name", "without one, nobody is named")
        if one.identifier and orcid_url(one.identifier) is None:
            yield _error(
                f"{at}.identifier", "invalid-orcid", "is no ORCID: form or check digit wrong",
                "copy it from the person's page at orcid.org",
            )  # fmt: skip
        if one.email and not _MAIL.fullmatch(one.email):
            yield _error(f"{at}.email", "invalid-mail", "is no mail address")
        if one.erad_number and not re.fullmatch(r"\d{8}", one.erad_number, re.ASCII):
            yield _error(
                f"{at}.erad_number", "invalid-erad", "is no researcher number of e-Rad",
                "it has eight digits",
            )  # fmt: skip
        if one.affiliation is not None:
            yield from _organisation(one.affiliation, f"{at}.affiliation")
    identifiers = [orcid_url(one.identifier) if one.identifier else None for one in creators]
    for number in _repeated(identifiers):
        yield _error(f"creators.{number}.identifier", "duplicate", "is the ORCID of somebody above")


def _organisation(one: Organisation, at: str) -> Iterator[FieldComplaint]:
    if not one.name.strip():
        yield _error(f"{at}.name", "no-name", "has no name")
    if one.identifier and ror_url(one.identifier) is None:
        yield _error(
            f"{at}.identifier", "invalid-ror", "is no ROR identifier: form or check digits wrong",
            "look the organisation up at ror.org",
        )  # fmt: skip


def _rights(description: Description) -> Iterator[FieldComplaint]:
    if not description.licence:
        yield _warning(
            "licence", "no-licence", "nothing says under which licence the study may be used",
            "CC-BY-4.0 for texts and data, MIT or Apache-2.0 for code, are usual",
        )  # fmt: skip
    elif spdx(description.licence) is None:
        yield _error(
            "licence", "invalid-licence", "is not on the SPDX licence list",
            "write an SPDX identifier, e.g. CC-BY-4.0 or MIT",
        )  # fmt: skip


def _related(description: Description) -> Iterator[FieldComplaint]:
    for number, one in enumerate(description.related):
        if work_url(one.url) is None:
            yield _error(
                f"related.{number}.url", "invalid-related",
                "is neither a DOI nor an address that everybody can open",
                "write a DOI, e.g. 10.5281/zenodo.1, or an http(s) address",
            )  # fmt: skip
    addresses = [work_url(one.url) for one in description.related]
    for number in _repeated(addresses):
        yield _error(f"related.{number}.url", "duplicate", "stands above already")


def _funding(funding: tuple[Funding, ...]) -> Iterator[FieldComplaint]:
    for number, one in enumerate(funding):
        at, funder = f"funding.{number}", one.funder
        if funder is None or not funder.name.strip():
            yield _warning(f"{at}.funder.name", "no-funder", "nothing says who paid")
        if funder is not None and funder.identifier and funder_url(funder.identifier) is None:
            yield _error(
                f"{at}.funder.identifier", "invalid-funder",
                "is neither a ROR nor a Crossref identifier of a funder",
                "look the funder up at ror.org",
            )  # fmt: skip
        award = one.award_number or ""
        if award.upper().startswith("JP") and not _AWARD.fullmatch(award):
            yield _warning(
                f"{at}.award_number", "invalid-award", "is not written as Japan Grant Numbers are",
                "JP and the number in capital letters and digits, e.g. JP20H00001",
            )  # fmt: skip


def _access(access: Access | None) -> Iterator[FieldComplaint]:
    if access is None:
        return
    if access.available and not is_date(access.available):
        yield _error("access.available", "invalid-date", "is no date", "write it as 2027-04-01")
    if access.right is AccessRight.EMBARGOED and not access.available:
        yield _error(
            "access.available", "no-embargo-date", "nothing says from when on it is open",
            "write the date as 2027-04-01",
        )  # fmt: skip
    if access.right is AccessRight.SHARED:
        yield from _sharing(access.conditions, access.contact, "access")


def _sharing(conditions: str | None, contact: str | None, at: str) -> Iterator[FieldComplaint]:
    if not (conditions or "").strip():
        yield _warning(
            f"{at}.conditions", "no-conditions", "nothing says who may have it, and for what"
        )
    if not (contact or "").strip():
        yield _warning(
            f"{at}.contact", "no-contact", "nothing says whom to ask for it",
            "an address of the group or the library outlives that of a person",
        )  # fmt: skip


def _restricted(
    restricted: tuple[RestrictedFile, ...], root: Path | None
) -> Iterator[FieldComplaint]:
    for number, one in enumerate(restricted):
        at, path = f"restricted.{number}", normal_path(one.path)
        if path is None:
            yield _error(
                f"{at}.path", "restricted-path", "is no file or folder of the study",
                "write its path from the study's root on, with /",
            )  # fmt: skip
        elif path.lower().endswith(".ipynb"):
            yield _error(
                f"{at}.path", "restricted-notebook", "a notebook that is kept back has no crate",
                "keep back the data that it reads, or leave it out with a line in .recrateignore",
            )  # fmt: skip
        elif root is not None and not _is_there(root, path):
            yield _error(
                f"{at}.path", "restricted-missing", "is not in the study",
                "correct its name: under another one it would be published",
            )  # fmt: skip
        if one.access not in {AccessRight.SHARED, AccessRight.CLOSED}:
            yield _error(
                f"{at}.access", "invalid-access", "what is kept back is shared or closed",
                "take it off this list to publish it",
            )  # fmt: skip
        if one.landing_page and work_url(one.landing_page) is None:
            yield _error(
                f"{at}.landing_page", "invalid-address", "is no address that everybody can open"
            )
        if one.access is AccessRight.SHARED:
            yield from _sharing(one.conditions, one.contact, at)
    for number in _repeated([normal_path(one.path) for one in restricted]):
        yield _error(f"restricted.{number}.path", "duplicate", "stands above already")


def _is_there(root: Path, path: str) -> bool:
    with disk_errors(root):
        file = root / path
        return file.exists() and file.resolve().is_relative_to(root.resolve())


def _repeated(values: Iterable[str | None]) -> Iterator[int]:
    """Yield the places of values that stood before."""
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value is not None and value in seen:
            yield number
        seen |= {value} if value is not None else set()
