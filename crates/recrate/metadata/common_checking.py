"""What is wrong with the common metadata items, each at its field.

The rules are those of GakuNin RDM's form, and of the Cabinet Office's manual that it follows:
https://www8.cao.go.jp/cstp/metadatainstructions.pdf
Every sentence has its Japanese in `common_japanese`.
"""

import re
from collections.abc import Collection, Iterator

from recrate.metadata.common_identifiers import doi_of, erad_check_fits, is_erad_number
from recrate.metadata.dates import is_date
from recrate.metadata.people import ror_url
from recrate.metadata.withheld import normal_path
from recrate.metadata.works import work_url
from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.common_values import (
    ACCESS_RIGHTS,
    AS_PROJECT,
    DATA_TYPES,
    EMBARGOED,
    FIELDS,
    FILE_TYPES,
    FUNDERS,
    LICENCES,
    MANAGERS,
    METADATA_ACCESS,
    POLICIES,
)
from recrate.model.finding import Severity
from recrate.model.form import FieldComplaint
from recrate.model.study import Description

_SIZE = re.compile(r"[><]?([0-9]+(\.[0-9]+)?-)?([0-9]+)(\.[0-9]+)?([A-Za-z]*B)")
_LINK = re.compile(
    r"[-a-zA-Z0-9@:%._\\+~#=]{1,256}\.[a-zA-Z0-9()]{1,6}\b([-a-zA-Z0-9()@:%_\\+.~#?&//=]*)$"
)
"""As the form has it."""
_AWARD = re.compile(r"JP[0-9A-Z]{5,}")
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.]+")
_TELEPHONE = re.compile(r"\+?[0-9][0-9()\- .]{4,30}(?:\s?(?:ext\.?|内線)\s?[0-9]{1,6})?")
_DATE_HINT = "write it as 2027-04-01"


def check_common(
    common: CommonMetadata | None, description: Description
) -> tuple[FieldComplaint, ...]:
    """Return what is wrong or missing, in the order of the items; none where they are off.

    An error is an answer that the funder's form refuses; a warning is one that it still waits for.
    """
    if common is None:
        return ()
    return tuple(
        one
        for part in (
            _study(common),
            *(_award(one, f"common.additional.{at}") for at, one in enumerate(common.additional)),
            *(_item(one, f"common.items.{at}") for at, one in enumerate(common.items)),
            _numbers(common),
            _researchers(description),
        )
        for one in part
    )


def _error(field: str, code: str, message: str, hint: str = "") -> FieldComplaint:
    return FieldComplaint(
        field=field, code=code, severity=Severity.ERROR, message=message, hint=hint
    )


def _missing(field: str, message: str, hint: str = "") -> FieldComplaint:
    return FieldComplaint(
        field=field, code="not-answered", severity=Severity.WARNING, message=message, hint=hint
    )


def _study(common: CommonMetadata) -> Iterator[FieldComplaint]:
    if not common.funder.strip():
        yield _missing("common.funder", "nothing says which funder paid")
    if not common.award_number.strip():
        yield _missing(
            "common.award_number", "the Japan Grant Number is missing",
            "JP and the number in capital letters and digits, e.g. JP20H00001",
        )  # fmt: skip
    yield from _award(common, "common")
    if not (common.project_ja.strip() or common.project_en.strip()):
        yield _missing("common.project_ja", "the project has no name", "one language is enough")
    if not common.field:
        yield _missing("common.field", "the project's research field is missing")
    yield from _choice(common.field, FIELDS, "common.field")
    if not common.items:
        yield _missing("common.items", "there is no data set yet")


def _award(award: CommonMetadata | Award, at: str) -> Iterator[FieldComplaint]:
    """Yield what is wrong with a grant, the study's own or a further one."""
    if award.funder and award.funder not in FUNDERS and not re.fullmatch(
        "[a-zA-Z0-9]+", award.funder
    ):  # fmt: skip
        yield _error(
            f"{at}.funder", "invalid-funder-code", "is no code of a funder",
            "choose it from the list, or write its English abbreviation",
        )  # fmt: skip
    if not re.fullmatch("[a-zA-Z0-9]{0,5}", award.funding_stream):
        yield _error(
            f"{at}.funding_stream", "invalid-funding-stream", "is no code of a funding programme",
            "up to five letters and digits, e.g. MJCR",
        )  # fmt: skip
    number = award.award_number.strip()
    if number.upper().startswith("JP") and not _AWARD.fullmatch(number):
        yield _error(
            f"{at}.award_number", "invalid-award", "is not written as Japan Grant Numbers are",
            "JP and the number in capital letters and digits, e.g. JP20H00001",
        )  # fmt: skip


def _choice(value: str, choices: Collection[str], at: str) -> Iterator[FieldComplaint]:
    if value and value not in choices:
        yield _error(
            at, "not-a-choice", "is none of the answers on the official list",
            "choose one from the list",
        )  # fmt: skip


def _item(item: DataItem, at: str) -> Iterator[FieldComplaint]:
    yield from _choice(item.file_type, FILE_TYPES, f"{at}.file_type")
    yield from _texts(item, at)
    yield from _kinds(item, at)
    yield from _use(item, at)
    yield from _places(item, at)
    for number, one in enumerate(item.creators):
        yield from _creator(one, f"{at}.creators.{number}")
    yield from _manager(item.manager, f"{at}.manager")
    yield from _choice(item.metadata_access, METADATA_ACCESS, f"{at}.metadata_access")
    if not item.metadata_access:
        yield _missing(f"{at}.metadata_access", "nothing says who may see these metadata")
    for number, path in enumerate(item.files):
        if normal_path(path) is None:
            yield _error(
                f"{at}.files.{number}", "no-file", "is no file or folder of the study",
                "write its path from the study's root on, with /",
            )  # fmt: skip


def _texts(item: DataItem, at: str) -> Iterator[FieldComplaint]:
    if not (item.title_ja.strip() or item.title_en.strip()):
        yield _missing(f"{at}.title_ja", "the data have no title", "one language is enough")
    if item.issued and not is_date(item.issued):
        yield _error(f"{at}.issued", "invalid-date", "is no date", _DATE_HINT)
    if not (item.description_ja.strip() or item.description_en.strip()):
        yield _missing(
            f"{at}.description_ja", "nothing says what the data are", "one language is enough"
        )


def _kinds(item: DataItem, at: str) -> Iterator[FieldComplaint]:
    if not item.field:
        yield _missing(f"{at}.field", "the research field of the data is missing")
    yield from _choice(item.field, {AS_PROJECT, *FIELDS}, f"{at}.field")
    if not item.data_type:
        yield _missing(f"{at}.data_type", "nothing says of which type the data are")
    yield from _choice(item.data_type, DATA_TYPES, f"{at}.data_type")
    if item.size and not _SIZE.fullmatch(item.size):
        yield _error(
            f"{at}.size", "invalid-size", "is no rough size of data",
            "a number or two and a unit, e.g. 1-10GB or <1GB",
        )  # fmt: skip


def _use(item: DataItem, at: str) -> Iterator[FieldComplaint]:
    """Yield what is wrong with items 11 and 12: what others may do, and who may have it."""
    if not item.policy:
        yield _missing(f"{at}.policy", "nothing says whether the data are free of charge")
    yield from _choice(item.policy, POLICIES, f"{at}.policy")
    if not item.licence:
        yield _missing(f"{at}.licence", "nothing says under which licence the data may be used")
    yield from _choice(item.licence, LICENCES, f"{at}.licence")
    if not (item.citation_ja.strip() or item.citation_en.strip()):
        yield _missing(
            f"{at}.citation_ja", "nothing says how to cite the data", "one language is enough"
        )
    if not item.access:
        yield _missing(f"{at}.access", "nothing says who may have the data")
    yield from _choice(item.access, ACCESS_RIGHTS, f"{at}.access")
    if item.access == "open access" and item.policy == "consideration":
        yield _error(
            f"{at}.policy", "open-not-free", "data that are open access are free of charge",
            "share them on request where they are to be paid for",
        )  # fmt: skip
    if item.available and not is_date(item.available):
        yield _error(f"{at}.available", "invalid-date", "is no date", _DATE_HINT)
    if item.access == EMBARGOED and not item.available:
        yield _error(
            f"{at}.available", "no-embargo-date", "nothing says from when on it is open",
            "write the date as 2027-04-01",
        )  # fmt: skip


def _places(item: DataItem, at: str) -> Iterator[FieldComplaint]:
    """Yield what is wrong with items 13 and 15: where the data are, and who keeps them."""
    link = item.repository_link
    if link and (work_url(link) is None or not _LINK.search(link)):
        yield _error(
            f"{at}.repository_link", "invalid-address",
            "is neither a DOI nor an address that everybody can open",
            "write a DOI, e.g. 10.5281/zenodo.1, or an http(s) address",
        )  # fmt: skip
    for name in ("publication_link", "dataset_link"):
        if getattr(item, name) and doi_of(getattr(item, name)) is None:
            yield _error(f"{at}.{name}", "invalid-doi", "is no DOI", "a DOI, e.g. 10.5281/zenodo.1")
    if not (item.hosting_ja.strip() or item.hosting_en.strip()):
        yield _missing(
            f"{at}.hosting_ja", "nothing says which institution keeps the data",
            "one language is enough",
        )  # fmt: skip
    if item.hosting_ror and ror_url(item.hosting_ror) is None:
        yield _error(
            f"{at}.hosting_ror", "invalid-ror", "is no ROR identifier: form or check digits wrong",
            "look the organisation up at ror.org",
        )  # fmt: skip


def _creator(creator: DataCreator, at: str) -> Iterator[FieldComplaint]:
    if not (creator.name_ja.strip() or creator.name_en.strip()):
        yield _error(f"{at}.name_ja", "no-name", "has no name", "one language is enough")
    yield from _erad(creator.number, f"{at}.number")


def _erad(number: str, at: str) -> Iterator[FieldComplaint]:
    if number and not is_erad_number(number):
        yield _error(at, "invalid-erad", "is no researcher number of e-Rad", "it has eight digits")
    elif number and not erad_check_fits(number):
        yield _doubted(at)


def _doubted(at: str) -> FieldComplaint:
    return FieldComplaint(
        field=at,
        code="erad-check-digit",
        severity=Severity.WARNING,
        message="the check digit of this e-Rad number does not fit",
        hint="look whether a digit is wrong or two have changed places",
    )


def _manager(manager: DataManager, at: str) -> Iterator[FieldComplaint]:
    if not manager.kind:
        yield _missing(f"{at}.kind", "nothing says whether a person or an office manages the data")
    yield from _choice(manager.kind, MANAGERS, f"{at}.kind")
    named = manager.name_ja.strip() or manager.name_en.strip()
    if manager.kind != "organization":
        yield from _erad(manager.number, f"{at}.number")
        if not named:
            yield _missing(
                f"{at}.name_ja", "nothing says who manages the data", "one language is enough"
            )
    if manager.email and not _MAIL.fullmatch(manager.email):
        yield _error(f"{at}.email", "invalid-mail", "is no mail address")
    if manager.telephone and not _TELEPHONE.fullmatch(manager.telephone):
        yield _error(
            f"{at}.telephone", "invalid-telephone", "is no telephone number",
            "digits and hyphens, e.g. 03-0000-0000",
        )  # fmt: skip
    office = manager.organisation_ja.strip() or manager.organisation_en.strip()
    address = manager.address_ja.strip() or manager.address_en.strip()
    if not manager.email and not (office and address and manager.telephone):
        yield _missing(
            f"{at}.email", "nothing says how to reach who manages the data",
            "a mail address, or organisation, postal address and telephone number together",
        )  # fmt: skip


def _numbers(common: CommonMetadata) -> Iterator[FieldComplaint]:
    seen: set[str] = set()
    for at, one in enumerate(common.items):
        number = one.number.strip()
        if number and number in seen:
            yield _error(f"common.items.{at}.number", "duplicate", "stands above already")
        seen.add(number)


def _researchers(description: Description) -> Iterator[FieldComplaint]:
    """Yield what only matters where the numbers go to a funder."""
    for at, one in enumerate(description.creators):
        number = one.erad_number or ""
        if is_erad_number(number) and not erad_check_fits(number):
            yield _doubted(f"creators.{at}.erad_number")
