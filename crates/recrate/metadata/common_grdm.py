"""What was registered in GakuNin RDM, read from a project that was exported as an RO-Crate.

Answers stand as JSON text in entities of type RDMProjectMetadata and RDMFileMetadata.
Source: https://github.com/RCOSDP/RDM-osf.io, addons/metadata/jsonld.py
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from recrate.metadata.common_reading import LONGEST_PLAN
from recrate.metadata.fields import Fields, tables_of, text_of
from recrate.metadata.reading import UnreadableFileError, read_text
from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.common_terms import (
    ADDITIONAL,
    AWARD_QUESTIONS,
    CREATOR_QUESTIONS,
    CREATORS,
    ITEM_QUESTIONS,
    MANAGER_QUESTIONS,
    STUDY_QUESTIONS,
)
from recrate.model.common_values import ACCESS_OF_STUDIES, AS_PROJECT, FUNDERS, LICENCES
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import RecrateError
from recrate.model.study import Access, Funding, Language, Organisation, Person, Translation
from recrate.outside.archive import Archive

Plain = Mapping[str, Any]

_TEXT_LIMIT = 2_000_000
"""Characters of one entity's answers; the form with every answer is a hundredth of it."""
_DOCUMENT_LIMIT_BYTES = 32_000_000
"""An export holds the project's whole history beside its answers."""
_EXPORT = ".rdm-project"
_MOST_EXPORTS = 3
_FILES = "grdm-files"
_RIGHTS = {name: right for right, name in ACCESS_OF_STUDIES.items()}


def common_of_grdm(document: Plain, source: str = "") -> Fields | None:
    """Return what an exported project says of itself; None where nothing was registered in it.

    source: the file's name, for the person who wonders
    Paths of files are those in the export. Answers to other forms are passed over.
    """
    project, sets = _answers_of(document)
    if not project and not sets:
        return None
    funding = _told(project, STUDY_QUESTIONS)
    common = CommonMetadata(
        **funding,
        items=tuple(_item(answers, files) for answers, files in sets) or (DataItem(),),
        additional=tuple(
            Award(**_told(row, AWARD_QUESTIONS)) for row in _rows(project.get(ADDITIONAL))
        ),
    )
    return _fields(common, source)


def _answers_of(document: Plain) -> tuple[Plain, list[tuple[Plain, tuple[str, ...]]]]:
    """Return the project's answers, and for each data set its answers and files."""
    project: dict[str, Any] = {}
    active: list[tuple[Plain, tuple[str, ...]]] = []
    others: list[tuple[Plain, tuple[str, ...]]] = []
    for one in tables_of(document.get("@graph")):
        kind = one.get("@type")
        kinds = kind if isinstance(kind, list) else [kind]
        if "RDMProjectMetadata" in kinds:
            found = _parsed(one.get("text"))
            project.update((key, value) for key, value in found.items() if key not in project)
        elif "RDMFileMetadata" in kinds:
            found = _parsed(one.get("text"))
            if any(question in found for question in ITEM_QUESTIONS.values()):
                place = active if text_of(one.get("version")) == "active" else others
                place.append((found, _files_of(one)))
    listed = list(_listed(project.get(_FILES)))
    if not set(project) & {*STUDY_QUESTIONS.values(), ADDITIONAL, _FILES}:
        project = {}
    return project, (active or others or listed)[:LONGEST_PLAN]


def _parsed(text: object) -> dict[str, Any]:
    """Return a table from its JSON text; nothing for what is none, or is endless."""
    if not isinstance(text, str) or len(text) > _TEXT_LIMIT:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _files_of(entity: Plain) -> tuple[str, ...]:
    names = (text_of(one.get("@id")) for one in tables_of(entity.get("about")))
    paths = (unquote(name.removeprefix("./")).rstrip("/") for name in names)
    return tuple(path for path in paths if path and not path.startswith(("#", "/", "..")))


def _listed(answer: object) -> Iterator[tuple[Plain, tuple[str, ...]]]:
    """Yield the data sets that a registration lists itself."""
    for row in _rows(answer):
        metadata = row.get("metadata")
        if isinstance(metadata, dict):
            path = text_of(row.get("path")).strip("/")
            yield metadata, ((path,) if path else ())


def _value(answer: object) -> object:
    return answer.get("value") if isinstance(answer, dict) and "value" in answer else answer


def _text(answer: object) -> str:
    """Return one answer as text: plain, an address in a table, or a name in its parts."""
    value = _value(answer)
    if isinstance(value, dict):
        if "absolute_url" in value:
            return text_of(value["absolute_url"])
        return " ".join(filter(None, (text_of(value.get(k)) for k in ("last", "middle", "first"))))
    return text_of(value)


def _english(answer: object) -> str:
    value = _value(answer)
    if isinstance(value, dict) and "last" in value:
        return " ".join(filter(None, (text_of(value.get(k)) for k in ("first", "middle", "last"))))
    return _text(answer)


def _told(answers: Plain, questions: Mapping[str, str]) -> dict[str, Any]:
    return {key: _text(answers.get(question)) for key, question in questions.items()}


def _rows(answer: object) -> list[dict[str, Any]]:
    """Return the rows of an answer: a list, or a list as JSON text, as older forms have it."""
    value = _value(answer)
    if isinstance(value, str) and len(value) <= _TEXT_LIMIT:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = []
    return list(tables_of(value))[:LONGEST_PLAN] if isinstance(value, list) else []


def _item(answers: Plain, files: tuple[str, ...]) -> DataItem:
    told, manager = _told(answers, ITEM_QUESTIONS), _told(answers, MANAGER_QUESTIONS)
    manager["name_en"] = _english(answers.get(MANAGER_QUESTIONS["name_en"]))
    return DataItem(
        **{**told, "field": told["field"] or AS_PROJECT},
        manager=DataManager(**{**manager, "kind": manager["kind"] or "individual"}),
        creators=tuple(_creator(row) for row in _rows(answers.get(CREATORS))),
        files=files,
    )


def _creator(row: Plain) -> DataCreator:
    """Return a creator, whether the names are those of the newer form or of the one before."""
    both = {question: row.get(question, row.get(question.replace("-", "_")))
            for question in CREATOR_QUESTIONS.values()}  # fmt: skip
    told = _told(both, CREATOR_QUESTIONS)
    return DataCreator(**{**told, "name_en": _english(both["name-en"])})


def _fields(common: CommonMetadata, source: str) -> Fields:
    """Return the items together with what they say of the study as a whole."""
    item = common.items[0]
    alone = len(common.items) == 1
    ja, en = (item.title_ja, item.title_en) if alone else (common.project_ja, common.project_en)
    texts = {
        Language.JAPANESE: (ja, item.description_ja if alone else ""),
        Language.ENGLISH: (en, item.description_en if alone else ""),
    }
    language = next((one for one, (title, _) in texts.items() if title), None)
    title, description = texts.pop(language) if language else ("", "")
    makers = (one for item in common.items for one in item.creators)
    right = _RIGHTS.get(item.access)
    return Fields(
        source=source,
        title=title,
        description=description,
        language=language,
        translations=tuple(
            Translation(language=one, title=other, description=text)
            for one, (other, text) in texts.items()
            if language and (other or text)
        ),
        creators=tuple(dict.fromkeys(_person(one) for one in makers if one.name_en or one.name_ja)),
        licence=LICENCES[item.licence].spdx if alone and item.licence in LICENCES else "",
        access=Access(right=right, available=item.available or None) if alone and right else None,
        funding=tuple(_funding(common)),
        common=common,
    )


def _person(creator: DataCreator) -> Person:
    where = creator.affiliation_en or creator.affiliation_ja
    other = creator.name_ja if creator.name_en and creator.name_ja != creator.name_en else ""
    return Person(
        name=creator.name_en or creator.name_ja,
        alternate_name=other or None,
        erad_number=creator.number or None,
        affiliation=Organisation(name=where) if where else None,
    )


def _funding(common: CommonMetadata) -> Iterator[Funding]:
    """Yield who paid, as the description says it."""
    awards: tuple[CommonMetadata | Award, ...] = (common, *common.additional)
    for one in awards:
        known = FUNDERS.get(one.funder)
        paid = Organisation(name=known.en, identifier=known.ror or None) if known else None
        if paid is None and one.funder:
            paid = Organisation(name=one.funder)
        if paid is not None or one.award_number:
            yield Funding(
                funder=paid,
                award_number=one.award_number or None,
                award_title=one.project_en or one.project_ja or None,
            )


def exported_projects(root: Path) -> Iterator[Fields]:
    """Yield what projects exported from GakuNin RDM say that lie at a study's root.

    The study itself may be one, unpacked; others are folders and zip files named `*.rdm-project*`.
    What cannot be read is passed over: it is somebody's export, and not the study's metadata.
    """
    own = _read_folder(root)
    if own is not None and (found := common_of_grdm(own, METADATA_NAME)) is not None:
        yield found
    for place in _named_exports(root):
        document = _read_folder(place) if place.is_dir() else _read_zip(place)
        found = common_of_grdm(document, place.name) if document is not None else None
        if found is not None and found.common is not None:
            yield replace(found, common=_in_study(found.common, place))


def _named_exports(root: Path) -> list[Path]:
    try:
        named = sorted(one for one in root.iterdir() if _EXPORT in one.name)[:_MOST_EXPORTS]
        return [one for one in named if not one.is_symlink()]
    except OSError:
        return []


def _in_study(common: CommonMetadata, place: Path) -> CommonMetadata:
    """Return the items with paths of the study: those of a zip file are none."""
    folder = place.is_dir()
    items = (
        replace(one, files=tuple(f"{place.name}/{file}" for file in one.files) if folder else ())
        for one in common.items
    )
    return replace(common, items=tuple(items))


def _read_folder(folder: Path) -> dict[str, Any] | None:
    file = folder / METADATA_NAME
    try:
        return _document(read_text(file)) if file.is_file() and not file.is_symlink() else None
    except (UnreadableFileError, OSError):
        return None


def _read_zip(file: Path) -> dict[str, Any] | None:
    try:
        with Archive(file) as archive:
            if METADATA_NAME not in archive.entries:
                return None
            content = archive.read(METADATA_NAME, limit_bytes=_DOCUMENT_LIMIT_BYTES)
    except (RecrateError, OSError):
        return None
    return _document(content.decode("utf-8-sig", "replace"))


def _document(text: str) -> dict[str, Any] | None:
    """Return an export's metadata; text without GakuNin RDM's own types is not even parsed."""
    if "RDMFileMetadata" not in text and "RDMProjectMetadata" not in text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
