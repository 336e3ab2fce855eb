"""The common metadata items as answers to GakuNin RDM's form.

Source: https://github.com/RCOSDP/RDM-osf.io, website/project/metadata/e-rad-metadata-1.json
"""

import json
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from recrate.metadata.common import creators_of
from recrate.model.common import CommonMetadata, DataCreator, DataItem
from recrate.model.common_terms import (
    ADDITIONAL,
    AWARD_QUESTIONS,
    CREATOR_QUESTIONS,
    CREATORS,
    ITEM_QUESTIONS,
    MANAGER_QUESTIONS,
    STUDY_QUESTIONS,
)
from recrate.model.study import Description

Answers = dict[str, dict[str, Any]]
"""Question → `{"value": answer}`."""

FORM_NAME = "公的資金による研究データのメタデータ登録"
REGISTERED = "grdm-files"
"""The question whose answer lists the data sets of a registration, as JSON text."""


class Form(StrEnum):
    """An edition of the form. GakuNin RDM brings answers to the older one over by itself."""

    OF_2024 = "2024"
    OF_2025 = "2025"
    """Names of people in their parts, papers beside data, further grants."""


_NEWER = frozenset({"file_type", "publication_link", "dataset_link"})
_OLDER = frozenset({"metadata_access"})
_OF_INDIVIDUALS = frozenset({"number", "name_ja", "name_en"})


def project_answers(
    common: CommonMetadata,
    description: Description,
    *,
    paths: Sequence[Collection[str]] = (),
    form: Form = Form.OF_2024,
) -> Answers:
    """Return what is answered once for a project, with the list of its data sets.

    paths: for each data set, the files that it is, as GakuNin RDM names them
           (`osfstorage/tides.csv`); without them no data set is listed
    """
    answers = _answers(common, STUDY_QUESTIONS)
    if form is Form.OF_2025 and common.additional:
        rows = [
            {question: getattr(one, key) for key, question in AWARD_QUESTIONS.items()}
            for one in common.additional
        ]
        answers[ADDITIONAL] = {"value": rows}
    listed = [
        {"path": path, "metadata": item_answers(item, description, form=form)}
        for item, files in zip(common.items, paths, strict=False)
        for path in files
    ]
    if listed:
        answers[REGISTERED] = {"value": json.dumps(listed, ensure_ascii=False)}
    return answers


def item_answers(item: DataItem, description: Description, *, form: Form = Form.OF_2024) -> Answers:
    """Return what is answered for one data set; what is empty is not answered."""
    left_out = _NEWER if form is Form.OF_2024 else _OLDER
    asked = {key: name for key, name in ITEM_QUESTIONS.items() if key not in left_out}
    answers = _answers(item, asked)
    creators = [_creator(one, form) for one in creators_of(item, description)]
    if creators:
        answers[CREATORS] = {"value": creators}
    manager = item.manager
    of_office = _OF_INDIVIDUALS if manager.kind == "organization" else frozenset()
    answers |= _answers(
        manager, {key: name for key, name in MANAGER_QUESTIONS.items() if key not in of_office}
    )
    if form is Form.OF_2025:
        for key in ("name_ja", "name_en"):
            question = MANAGER_QUESTIONS[key]
            if question in answers:
                answers[question] = {"value": _parts(getattr(manager, key), key)}
    return answers


def _answers(record: Any, questions: dict[str, str]) -> Answers:
    told = {question: getattr(record, key).strip() for key, question in questions.items()}
    return {question: {"value": text} for question, text in told.items() if text}


def _creator(creator: DataCreator, form: Form) -> dict[str, Any]:
    if form is Form.OF_2024:
        return {
            name: value
            for name, value in (
                ("number", creator.number),
                ("name_ja", creator.name_ja),
                ("name_en", creator.name_en),
            )
            if value
        }
    told: dict[str, Any] = {name: getattr(creator, key) for key, name in CREATOR_QUESTIONS.items()}
    for key in ("name_ja", "name_en"):
        told[CREATOR_QUESTIONS[key]] = _parts(getattr(creator, key), key)
    return told


def _parts(name: str, key: str) -> dict[str, str]:
    """Return a name in its parts: the family's comes first in Japanese and last in English.

    A name that is not divided stands whole as the family's, as GakuNin RDM itself does it.
    """
    words = name.split() or [""]
    if len(words) == 1:
        return {"last": words[0], "middle": "", "first": ""}
    last, given = (words[0], words[1:]) if key.endswith("_ja") else (words[-1], words[:-1])
    between = given[:-1] if key.endswith("_ja") else given[1:]
    called = given[-1] if key.endswith("_ja") else given[0]
    return {"last": last, "middle": " ".join(between), "first": called}
