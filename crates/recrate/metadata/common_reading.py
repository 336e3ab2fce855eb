"""The common metadata items read from an RO-Crate, ours or one of NII-DG."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import unquote

from recrate.metadata.fields import tables_of, text_of
from recrate.metadata.own_people import Entities, Entity, first_text
from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.common_terms import (
    AWARD_QUESTIONS,
    CREATOR_QUESTIONS,
    DATA,
    FILES,
    ITEM_QUESTIONS,
    MANAGER_QUESTIONS,
    PLAN,
    PLAN_NAME,
    STUDY_QUESTIONS,
)
from recrate.model.common_values import ACCESS_RIGHTS, AS_PROJECT, FIELDS, FUNDERS, LICENCES

LONGEST_PLAN = 1_000
"""Data sets, creators and grants beyond are not read: nobody fills in so many by hand."""
_MOST_FILES = 10_000

JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_FIELD_CODES = {english: code for code, (_, english) in FIELDS.items()}
_LICENCE_CODES = {one.spdx: code for code, one in LICENCES.items() if one.spdx}
_SIZES = {"1GB": "<1GB", "10GB": "1-10GB", "100GB": "10-100GB", "over100GB": ">100GB"}


def common_of(entities: Entities) -> CommonMetadata | None:
    """Return the items that an RO-Crate holds; None where it holds no plan.

    What stands under GakuNin RDM's names is exactly what was typed; of a crate without them, such
    as one that NII-DG wrote, it is what its own terms say.
    """
    plan = plan_of(entities)
    if plan is None:
        return None
    answers = _answers(plan, entities)
    told: dict[str, Any] = _told(answers, STUDY_QUESTIONS)
    common = CommonMetadata(
        **told,
        items=tuple(_item(one, entities) for one in data_sets(plan, entities)),
        additional=tuple(
            Award(**_told(_answers(one, entities), AWARD_QUESTIONS))
            for one in _led_to(plan.get("funding"), entities)
            if text_of(one.get("@id")).startswith(f"{PLAN}/")
        ),
    )
    return common if answers else _foreign_plan(common, plan, entities)


def plan_of(entities: Entities) -> Entity | None:
    """Return the data management plan in the Cabinet Office's form, where there is one."""
    plan = entities.get(PLAN)
    if plan is not None and "DMPMetadata" in _types(plan):
        return plan
    return next(
        (
            one
            for one in entities.values()
            if "DMPMetadata" in _types(one) and first_text(one.get("name")) == PLAN_NAME
        ),
        None,
    )


def data_sets(plan: Entity, entities: Entities) -> list[Entity]:
    """Return the data sets of a plan, in its order."""
    names = dict.fromkeys(text_of(one.get("@id")) for one in tables_of(plan.get("hasPart")))
    sets = (entities.get(name, {"@id": name}) for name in names if name.startswith(DATA))
    return list(islice(sets, LONGEST_PLAN))


def _led_to(value: object, entities: Entities) -> Iterator[Entity]:
    """Yield the entities that a property leads to, or the tables that it holds."""
    for one in islice(tables_of(value), LONGEST_PLAN):
        yield entities.get(text_of(one.get("@id")), one)


def _types(entity: Mapping[str, Any]) -> list[str]:
    kind = entity.get("@type")
    return [text_of(one) for one in (kind if isinstance(kind, list) else [kind])]


def _answers(owner: Entity, entities: Entities) -> dict[str, str]:
    """Return question → answer as it was typed, of the PropertyValues that an entity has."""
    found: dict[str, str] = {}
    for one in _led_to(owner.get("additionalProperty"), entities):
        question = text_of(one.get("propertyID"))
        if question and question != FILES:
            found.setdefault(question, _typed(one.get("value")))
    return found


def _typed(value: object) -> str:
    return value if isinstance(value, str) else text_of(value)


def _told(answers: Mapping[str, str], questions: Mapping[str, str]) -> dict[str, Any]:
    return {key: answers.get(question, "") for key, question in questions.items()}


def _item(entity: Entity, entities: Entities) -> DataItem:
    answers = _answers(entity, entities)
    if not answers:
        return _foreign_item(entity, entities)
    creators = (
        one
        for one in _led_to(entity.get("creator"), entities)
        if text_of(one.get("@id")).startswith(f"{text_of(entity.get('@id'))}/")
    )
    return DataItem(
        **_told(answers, ITEM_QUESTIONS),
        manager=DataManager(**_told(answers, MANAGER_QUESTIONS)),
        creators=tuple(
            DataCreator(**_told(_answers(one, entities), CREATOR_QUESTIONS)) for one in creators
        ),
        files=_files(entity, entities),
    )


def _files(entity: Entity, entities: Entities) -> tuple[str, ...]:
    """Return the paths of a data set as they were typed."""
    for one in _led_to(entity.get("additionalProperty"), entities):
        if text_of(one.get("propertyID")) == FILES:
            value = one.get("value")
            paths = value[:_MOST_FILES] if isinstance(value, list) else [value]
            return tuple(_typed(path) for path in paths)
    return ()


def _foreign_files(entities: Entities) -> dict[str, tuple[str, ...]]:
    """Return data set → files that name it; nothing for one that every such file names."""
    found: dict[str, list[str]] = {}
    files = [name for name, one in entities.items() if "dmpDataNumber" in one][:_MOST_FILES]
    for name in files:
        for link in islice(tables_of(entities[name].get("dmpDataNumber")), LONGEST_PLAN):
            found.setdefault(text_of(link.get("@id")), []).append(unquote(name.removeprefix("./")))
    return {name: tuple(mine) for name, mine in found.items() if len(mine) < len(files)}


def _foreign_plan(common: CommonMetadata, plan: Entity, entities: Entities) -> CommonMetadata:
    """Return the plan by NII-DG's own terms."""
    funder = next(_led_to(plan.get("funder"), entities), {})
    named = (text_of(funder.get("@id")), first_text(funder.get("name")))
    keyword = first_text(plan.get("keyword"))
    files = _foreign_files(entities)
    names = [text_of(one.get("@id")) for one in data_sets(plan, entities)]
    return replace(
        common,
        items=tuple(
            replace(one, files=one.files or files.get(name, ()))
            for one, name in zip(common.items, names, strict=True)
        ),
        funder=funder_code(named) or named[1],
        field=_FIELD_CODES.get(keyword, keyword),
    )


def funder_code(names: Iterable[str]) -> str:
    """Return the code of a funder that is known by code, name, ROR or Crossref id; else nothing."""
    told = {one.strip().rstrip("/").casefold() for one in names if one.strip()}
    for code, one in FUNDERS.items():
        crossref = f"10.13039/{one.crossref}" if one.crossref else ""
        known = {code, one.ja, one.en, one.ror, crossref, f"https://doi.org/{crossref}"}
        known |= {one.ja.removeprefix("国立研究開発法人").removeprefix("独立行政法人")}
        known |= {f"{name} ({code})" for name in (one.en, one.ja)}
        if told & {name.casefold() for name in known if name and name != "https://doi.org/"}:
            return code
    return ""


def _foreign_item(entity: Entity, entities: Entities) -> DataItem:
    """Return a data set by NII-DG's own terms; texts go where their script says."""
    keyword, access = first_text(entity.get("keyword")), first_text(entity.get("accessRights"))
    free = entity.get("isAccessibleForFree")
    repository = next(_led_to(entity.get("repository"), entities), {})
    hosting = next(_led_to(entity.get("hostingInstitution"), entities), {})
    manager = next(_led_to(entity.get("dataManager"), entities), {})
    where = next(_led_to(manager.get("affiliation"), entities), {})
    link, ror = text_of(repository.get("@id")), text_of(hosting.get("@id"))
    return DataItem(
        number=text_of(entity.get("dataNumber")),
        **_by_script("title", entity.get("name")),
        **_by_script("description", entity.get("description")),
        **_by_script("citation", entity.get("usageInfo")),
        **_by_script("repository", repository.get("name")),
        **_by_script("hosting", hosting.get("name")),
        field=_FIELD_CODES.get(keyword, keyword) or AS_PROJECT,
        access=access if access in ACCESS_RIGHTS else "",
        available=first_text(entity.get("availabilityStarts")),
        policy=("free" if free else "consideration") if isinstance(free, bool) else "",
        licence=_licence(entity, entities),
        size=_SIZES.get(first_text(entity.get("contentSize")), ""),
        repository_link=link if link.startswith(("http://", "https://")) else "",
        hosting_ror=ror if "ror.org/" in ror else "",
        manager=DataManager(
            **_by_script("name", manager.get("name")),
            **_by_script("organisation", where.get("name")),
            number=first_text(manager.get("eradResearcherNumber")),
            telephone=first_text(manager.get("telephone")),
            email=first_text(manager.get("email")),
        ),
    )


def _licence(entity: Entity, entities: Entities) -> str:
    for one in _led_to(entity.get("license"), entities):
        from recrate.metadata.licence import spdx  # noqa: PLC0415 - half a second, rarely needed

        said = (text_of(one.get("@id")), first_text(one.get("name")))
        known = next((found for text in said if text and (found := spdx(text))), None)
        return _LICENCE_CODES.get(known, "OTHER") if known else "OTHER"
    return ""


def _by_script(name: str, value: object) -> dict[str, Any]:
    """Return a text under `name_ja` or `name_en`, by the script that it is written in."""
    text = first_text(value)
    language = "ja" if JAPANESE.search(text) else "en"
    return {f"{name}_{language}": text} if text else {}
