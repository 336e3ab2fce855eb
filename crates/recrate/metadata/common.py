"""The common metadata items, filled in as far as the study tells them already."""

import re
from typing import Any

from recrate.metadata.common_reading import JAPANESE, funder_code
from recrate.metadata.licence import keys_of, spdx
from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem
from recrate.model.common_values import ACCESS_OF_STUDIES, AS_PROJECT, FUNDERS, LICENCES
from recrate.model.study import (
    AccessRight,
    Description,
    Funding,
    Inventory,
    Language,
    Organisation,
    Person,
    Relation,
)

_STREAM = re.compile(r"JP([A-Z]{4})[0-9A-Z]+")
"""A Japan Grant Number in which letters name the programme: JPMJCR1234 is of MJCR.

Source: https://www.nistep.go.jp/taikei
"""
_SIMULATION = re.compile(r"simulat|シミュレーション|数値計算", re.IGNORECASE)
_GIGABYTE = 1000**3
_SIZES = ((1, "<1GB"), (10, "1-10GB"), (100, "10-100GB"))
_OF_SPDX = {one.spdx: code for code, one in LICENCES.items() if one.spdx}


def suggest_common(description: Description, inventory: Inventory | None) -> CommonMetadata:
    """Return the items with all that the description and the study's size tell; the rest is empty.

    inventory: None where the study was not looked through; then no size is said
    Who made the data is who made the study, so nobody is named for the data set itself.
    """
    size = sum(file.size_bytes for file in inventory.files) if inventory is not None else None
    return common_of_description(description, size_bytes=size)


def common_of_description(description: Description, *, size_bytes: int | None) -> CommonMetadata:
    """Return the items as a description tells them; one data set, that is the whole study."""
    first, *others = [_award(one) for one in description.funding] or [Award()]
    titles = _languages(description)
    return CommonMetadata(
        funder=first.funder,
        funding_stream=first.funding_stream,
        award_number=first.award_number,
        project_ja=first.project_ja,
        project_en=first.project_en,
        additional=tuple(others),
        items=(
            DataItem(
                number="1",
                title_ja=titles[Language.JAPANESE][0],
                title_en=titles[Language.ENGLISH][0],
                description_ja=titles[Language.JAPANESE][1],
                description_en=titles[Language.ENGLISH][1],
                issued=_day(description.published),
                field=AS_PROJECT,
                data_type=_data_type(description),
                size=size_class(size_bytes) if size_bytes is not None else "",
                licence=licence_code(description.licence),
                **_access(description),
                **_hosting(description.creators),
                publication_link=_paper(description),
            ),
        ),
    )


def size_class(size_bytes: int) -> str:
    """Return a rough size in the classes of data management plans: `<1GB` to `>100GB`."""
    return next((name for most, name in _SIZES if size_bytes < most * _GIGABYTE), ">100GB")


def licence_code(licence: str | None) -> str:
    """Return the code of item 11 for an SPDX licence: `CCBY`; `OTHER` for what is not listed."""
    known = spdx(licence) if licence else None
    if known is None:
        return "OTHER" if licence else ""
    keys = keys_of(known)
    plain = keys[0] if keys == (known,) else known
    for name in (plain, plain.replace("-or-later", "-only")):
        if name in _OF_SPDX:
            return _OF_SPDX[name]
    return "OTHER"


def creators_of(item: DataItem, description: Description) -> tuple[DataCreator, ...]:
    """Return who made a data set: those that it names, else who made the study."""
    return item.creators or tuple(_creator(one) for one in description.creators)


def _creator(person: Person) -> DataCreator:
    where = person.affiliation or Organisation(name="")
    names = _by_language(person.name, person.alternate_name)
    places = _by_language(where.name, where.alternate_name)
    return DataCreator(
        number=person.erad_number or "",
        name_ja=names[Language.JAPANESE],
        name_en=names[Language.ENGLISH],
        affiliation_ja=places[Language.JAPANESE],
        affiliation_en=places[Language.ENGLISH],
    )


def _by_language(*texts: str | None) -> dict[Language, str]:
    """Return the first text in Japanese writing and the first in another."""
    found = {Language.JAPANESE: "", Language.ENGLISH: ""}
    for text in texts:
        if text:
            language = Language.JAPANESE if JAPANESE.search(text) else Language.ENGLISH
            found[language] = found[language] or text
    return found


def _languages(description: Description) -> dict[Language, tuple[str, str]]:
    """Return title and description in both languages, empty where there is none."""
    told = {one.language: (one.title, one.description) for one in description.translations}
    language = description.language
    if language is None:
        text = description.title + description.description
        language = Language.JAPANESE if JAPANESE.search(text) else Language.ENGLISH
    told[language] = (description.title, description.description)
    return {one: told.get(one, ("", "")) for one in Language}


def _award(funding: Funding) -> Award:
    funder = funding.funder or Organisation(name="")
    names = (funder.name, funder.alternate_name or "", funder.identifier or "")
    number, title = funding.award_number or "", funding.award_title or ""
    stream = _STREAM.fullmatch(number)
    projects = _by_language(title)
    return Award(
        funder=funder_code(names) or funder.name,
        funding_stream=stream[1] if stream else "",
        award_number=number,
        project_ja=projects[Language.JAPANESE],
        project_en=projects[Language.ENGLISH],
    )


def _day(date: str | None) -> str:
    """Return a date that names its day; a year alone is none."""
    return date if date and re.fullmatch(r"\d{4}-\d\d-\d\d", date, re.ASCII) else ""


def _data_type(description: Description) -> str:
    """Return the type for a study that computes: only what says so is a simulation."""
    texts = (description.title, description.description, *description.keywords)
    return "simulation data" if any(_SIMULATION.search(text) for text in texts) else "dataset"


def _access(description: Description) -> dict[str, Any]:
    access = description.access
    if access is None:
        return {}
    told = {"access": ACCESS_OF_STUDIES[access.right], "available": access.available or ""}
    if access.right is AccessRight.OPEN:
        told["policy"] = "free"
    return told


def _hosting(creators: tuple[Person, ...]) -> dict[str, Any]:
    """Return the institution of who is named first: it keeps the data unless somebody says else."""
    places = (one.affiliation for one in creators)
    place = next((one for one in places if one is not None), None)
    if place is None:
        return {}
    names = _by_language(place.name, place.alternate_name)
    return {
        "hosting_ja": names[Language.JAPANESE],
        "hosting_en": names[Language.ENGLISH],
        "hosting_ror": place.identifier or "",
    }


def _paper(description: Description) -> str:
    papers = (one.url for one in description.related if one.relation is Relation.IS_SUPPLEMENT_TO)
    return next(papers, "")


def funder_names(code: str) -> tuple[str, str]:
    """Return a funder's name in Japanese and English; what is no code is its own name."""
    known = FUNDERS.get(code)
    return (known.ja, known.en) if known else (code, code)
