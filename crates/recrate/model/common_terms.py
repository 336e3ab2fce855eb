"""The common metadata items in an RO-Crate: entities of NII-DG, and each answer by its question.

A plan (`#CAO-DMP`) has its data sets (`#dmp:1`) as parts. What they answer stands as PropertyValues
under the names that GakuNin RDM gives to the questions; beside it, what NII-DG knows is said in
NII-DG's terms, for whoever reads those. Which is which, and why, stands in docs/metadata.md.

Source: https://github.com/NII-DG/nii-dg, nii_dg/schema/cao.yml, release 0.1.0
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from recrate.model.common import CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.common_values import AS_PROJECT, FIELDS, FUNDERS, LICENCES
from recrate.model.study import Organisation
from recrate.model.terms import Link, Said, organisation

_NII_DG = "https://raw.githubusercontent.com/NII-DG/nii-dg/0.1.0/nii_dg/schema/cao.yml#"
COMMON_TERMS = {
    "DMPMetadata": f"{_NII_DG}DMPMetadata",
    "DMP": f"{_NII_DG}DMP",
    "dataNumber": f"{_NII_DG}DMP:dataNumber",
    "keyword": f"{_NII_DG}DMP:keyword",
    "repository": f"{_NII_DG}DMP:repository",
    "hostingInstitution": f"{_NII_DG}DMP:hostingInstitution",
    "dataManager": f"{_NII_DG}DMP:dataManager",
    "eradResearcherNumber": f"{_NII_DG}Person:eradResearcherNumber",
    "dmpDataNumber": f"{_NII_DG}File:dmpDataNumber",
}
"""Terms that the RO-Crate 1.1 context lacks; NII-DG defines them in each entity's own context."""

PLAN = "#CAO-DMP"
PLAN_NAME = "CAO-DMP"
DATA = "#dmp:"

STUDY_QUESTIONS = {
    "funder": "funder",
    "funding_stream": "funding-stream-code",
    "programme_ja": "program-name-ja",
    "programme_en": "program-name-en",
    "award_number": "japan-grant-number",
    "project_ja": "project-name-ja",
    "project_en": "project-name-en",
    "field": "project-research-field",
}
ITEM_QUESTIONS = {
    "file_type": "grdm-file:file-type",
    "number": "grdm-file:data-number",
    "title_ja": "grdm-file:title-ja",
    "title_en": "grdm-file:title-en",
    "issued": "grdm-file:date-issued-updated",
    "description_ja": "grdm-file:data-description-ja",
    "description_en": "grdm-file:data-description-en",
    "field": "grdm-file:data-research-field",
    "data_type": "grdm-file:data-type",
    "size": "grdm-file:file-size",
    "policy": "grdm-file:data-policy-free",
    "licence": "grdm-file:data-policy-license",
    "citation_ja": "grdm-file:data-policy-cite-ja",
    "citation_en": "grdm-file:data-policy-cite-en",
    "access": "grdm-file:access-rights",
    "available": "grdm-file:available-date",
    "repository_ja": "grdm-file:repo-information-ja",
    "repository_en": "grdm-file:repo-information-en",
    "repository_link": "grdm-file:repo-url-doi-link",
    "publication_link": "grdm-file:publication-link",
    "dataset_link": "grdm-file:dataset-link",
    "hosting_ja": "grdm-file:hosting-inst-ja",
    "hosting_en": "grdm-file:hosting-inst-en",
    "hosting_ror": "grdm-file:hosting-inst-id",
    "remarks_ja": "grdm-file:remarks-ja",
    "remarks_en": "grdm-file:remarks-en",
    "metadata_access": "grdm-file:metadata-access-rights",
}
MANAGER_QUESTIONS = {
    "kind": "grdm-file:data-man-type",
    "number": "grdm-file:data-man-number",
    "name_ja": "grdm-file:data-man-name-ja",
    "name_en": "grdm-file:data-man-name-en",
    "organisation_ja": "grdm-file:data-man-org-ja",
    "organisation_en": "grdm-file:data-man-org-en",
    "address_ja": "grdm-file:data-man-address-ja",
    "address_en": "grdm-file:data-man-address-en",
    "telephone": "grdm-file:data-man-tel",
    "email": "grdm-file:data-man-email",
}
CREATOR_QUESTIONS = {
    "number": "number",
    "name_ja": "name-ja",
    "name_en": "name-en",
    "affiliation_ja": "affiliation-name-ja",
    "affiliation_en": "affiliation-name-en",
}
"""Of one row of `CREATORS`. The form of 2024 writes `name_ja` for `name-ja`."""
CREATORS = "grdm-file:creators"
ADDITIONAL = "additional-funding"
"""Rows of it answer the study's questions, all but the field."""
FILES = "recrate-files"
"""Under this name stand the paths that are a data set; GakuNin RDM hangs answers on the files."""
AWARD_QUESTIONS = {key: qid for key, qid in STUDY_QUESTIONS.items() if key != "field"}

_ALWAYS = frozenset({"field", "kind"})
"""What is something by default is written also when it is empty, so that it stays empty."""
_SIZE = re.compile(r"([<>]?)(?:[\d.]+-)?(\d+(?:\.\d+)?)([KMGTP]?)B", re.ASCII | re.IGNORECASE)
_POWERS = "KMGTP"


def say_common(said: Said, common: CommonMetadata, *, taken: Collection[str] = ()) -> None:
    """Add the plan and its data sets to what is said of a study.

    taken: `@id`s of data sets that are another plan's
    Comes after the authors: who made a data set is who made the study where nobody else is named.
    """
    names = data_names(common, taken=taken)
    parts = [_item(said, one, names[at], common) for at, one in enumerate(common.items)]
    others = [
        said.entity(
            place := f"{PLAN}/funding-{number}",
            "Grant",
            name=one.award_number or one.project_ja or one.project_en,
            additionalProperty=_answers(said, place, one, AWARD_QUESTIONS),
        )
        for number, one in enumerate(common.additional, 1)
    ]
    funder = FUNDERS.get(common.funder)
    said.entity(
        PLAN,
        "DMPMetadata",
        name=PLAN_NAME,
        about={"@id": "./"},
        funder=_named(said, funder.en, funder.ror) if funder else _named(said, common.funder),
        funding=others,
        keyword=FIELDS[common.field][1] if common.field in FIELDS else common.field,
        additionalProperty=_answers(said, PLAN, common, STUDY_QUESTIONS),
    )
    said.entities[PLAN]["hasPart"] = parts


def data_names(common: CommonMetadata, *, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Return the `@id` of each data set: by its number where that is one, else by its place."""
    names: list[str] = []
    for place, one in enumerate(common.items, 1):
        wanted = int(one.number) if re.fullmatch(r"\d{1,9}", one.number, re.ASCII) else place
        while f"{DATA}{wanted}" in names or f"{DATA}{wanted}" in taken:
            wanted += 1
        names.append(f"{DATA}{wanted}")
    return tuple(names)


def file_links(common: CommonMetadata, names: tuple[str, ...]) -> Callable[[str], list[Link]]:
    """Return what says to which data sets a file of the study belongs, by its path.

    names: of the data sets, as `data_names` gives them
    A data set that names no files has all; one that names a folder has what lies in it.
    """
    plain = [
        frozenset(file.strip().removeprefix("./").rstrip("/") for file in one.files)
        for one in common.items
    ]

    def links(path: str) -> list[Link]:
        parts = path.split("/")
        places = {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}
        return [
            {"@id": name}
            for one, files, name in zip(common.items, plain, names, strict=True)
            if not one.files or places & files
        ]

    return links


def _item(said: Said, item: DataItem, name: str, common: CommonMetadata) -> Link:
    manager = item.manager
    field = common.field if item.field == AS_PROJECT else item.field
    answers = _answers(said, name, item, ITEM_QUESTIONS)
    answers += _answers(said, name, manager, MANAGER_QUESTIONS)
    if item.files:
        files = {"name": FILES, "propertyID": FILES, "value": list(item.files)}
        answers.append(said.entity(f"{name}/files", "PropertyValue", **files))
    creators = [
        _creator(said, one, f"{name}/creator-{n}") for n, one in enumerate(item.creators, 1)
    ]
    return said.entity(
        name,
        "DMP",
        dataNumber=int(name.removeprefix(DATA)),
        name=item.title_ja or item.title_en,
        description=item.description_ja or item.description_en,
        creator=creators or said.root.get("author", []),
        keyword=FIELDS[field][1] if field in FIELDS else field,
        accessRights=item.access,
        availabilityStarts=item.available,
        isAccessibleForFree={"free": True, "consideration": False}.get(item.policy),
        license=_licence(said, item.licence),
        usageInfo=item.citation_ja or item.citation_en,
        repository=_repository(said, item),
        contentSize=size_class(item.size),
        hostingInstitution=_hosting(said, item),
        dataManager=_manager(said, manager, f"{name}/manager"),
        additionalProperty=answers,
    )


def _answers(said: Said, owner: str, record: Any, questions: Mapping[str, str]) -> list[Link]:
    """Add each answer that was given, as a PropertyValue named after its question."""
    links = []
    for key, question in questions.items():
        value = getattr(record, key)
        if value or key in _ALWAYS:
            place = f"{owner}/{question.removeprefix('grdm-file:')}"
            links.append(
                said.entity(place, "PropertyValue", name=question, propertyID=question, value=value)
            )
    return links


def _creator(said: Said, creator: DataCreator, place: str) -> Link:
    where = creator.affiliation_en or creator.affiliation_ja
    return said.entity(
        place,
        "Person",
        name=creator.name_en or creator.name_ja,
        eradResearcherNumber=creator.number,
        affiliation=_named(said, where),
        additionalProperty=_answers(said, place, creator, CREATOR_QUESTIONS),
    )


def _manager(said: Said, manager: DataManager, place: str) -> Link | None:
    name = manager.name_en or manager.name_ja
    of_office = manager.organisation_en or manager.organisation_ja
    if not (name or of_office or manager.email):
        return None
    if manager.kind == "organization":
        return said.entity(
            place, "Organization", name=of_office or name, email=manager.email,
            telephone=manager.telephone, address=manager.address_en or manager.address_ja,
        )  # fmt: skip
    return said.entity(
        place,
        "Person",
        name=name,
        email=manager.email,
        telephone=manager.telephone,
        eradResearcherNumber=manager.number,
        affiliation=_named(said, of_office),
    )


def _licence(said: Said, code: str) -> Link | None:
    licence = LICENCES.get(code)
    if licence is None or not licence.spdx:
        return None
    url = f"https://spdx.org/licenses/{licence.spdx}"
    return said.entity(
        url, "CreativeWork", name=licence.spdx, identifier=licence.spdx, url=f"{url}.html"
    )


def _repository(said: Said, item: DataItem) -> Link | None:
    link, name = item.repository_link, item.repository_ja or item.repository_en
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", link):
        return None
    return said.entity(link, "CreativeWork", name=name or link)


def _hosting(said: Said, item: DataItem) -> Link | None:
    other = item.hosting_ja if item.hosting_en else ""
    return _named(said, item.hosting_en or item.hosting_ja, item.hosting_ror, other)


def _named(said: Said, name: str, ror: str = "", other: str = "") -> Link | None:
    """Add an organisation where it has a name; space around it is none of it."""
    if not name.strip():
        return None
    told = Organisation(
        name=name.strip(), identifier=ror.strip() or None, alternate_name=other.strip() or None
    )
    return organisation(said, told)


def size_class(size: str) -> str | None:
    """Return NII-DG's word for a rough size such as `1-10GB`; None for what is no size."""
    found = _SIZE.fullmatch(size.strip())
    if found is None:
        return None
    power = _POWERS.index(found[3].upper()) + 1 if found[3] else 0
    gigabytes = float(found[2]) * 1000.0 ** (power - 3)
    over = found[1] == ">"
    for most in (1, 10, 100):
        if gigabytes < most or (gigabytes == most and not over):
            return f"{most}GB"
    return "over100GB"
