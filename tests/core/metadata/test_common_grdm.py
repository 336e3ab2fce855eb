"""What was registered in GakuNin RDM fills in the form, and goes back there in its own words."""

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from core.metadata.common_examples import WHOLE, commons
from recrate.metadata.common_answers import Form, item_answers, project_answers
from recrate.metadata.common_grdm import common_of_grdm
from recrate.metadata.describe import describe, describe_as_typed
from recrate.metadata.keeping import keep_description
from recrate.metadata.looking import look
from recrate.metadata.writing.formats import write
from recrate.metadata.writing.grdm_answers import write_answers
from recrate.model.common import CommonMetadata
from recrate.model.record import Record, RecordFile, RecordKind
from recrate.model.study import Access, AccessRight, Description, Language, Organisation, Person

OFFICIAL = Path(__file__).resolve().parents[4] / "shared/data/grdm/e-rad-metadata-1.json"
SAID = Description(
    title="Tides",
    description="How the sea rises",
    creators=(
        Person(name="Hanako Yamada", alternate_name="山田 花子", erad_number="90050426",
               affiliation=Organisation(name="NII", identifier="https://ror.org/04ksd4g47")),
    ),
    licence="CC-BY-4.0",
    access=Access(right=AccessRight.OPEN),
)  # fmt: skip
PROJECT = {
    "funder": {"value": "JST"},
    "japan-grant-number": {"value": "JPMJCR1234"},
    "project-name-ja": {"value": "潮汐"},
    "project-research-field": {"value": "389"},
    "additional-funding": {"value": [{"funder": "JSPS", "japan-grant-number": "JP20H00001"}]},
}
DATA = {
    "grdm-file:data-number": {"value": "00001"},
    "grdm-file:title-ja": {"value": "潮位"},
    "grdm-file:title-en": {"value": "Levels"},
    "grdm-file:data-description-en": {"value": "By the hour"},
    "grdm-file:data-policy-license": {"value": "CCBY"},
    "grdm-file:access-rights": {"value": "embargoed access"},
    "grdm-file:available-date": {"value": "2027-04-01"},
    "grdm-file:repo-url-doi-link": {"value": {"absolute_url": "https://example.org/a"}},
    "grdm-file:creators": {"value": [
        {"number": "90050426", "name-ja": {"last": "山田", "middle": "", "first": "花子"},
         "name-en": {"last": "Yamada", "middle": "M.", "first": "Hanako"}},
        {"number": "", "name_ja": "研究太郎", "name_en": ""},
    ]},
    "grdm-file:data-man-name-en": {"value": {"last": "Joho", "middle": "", "first": "Hanako"}},
    "grdm-file:data-man-email": {"value": "d@example.ac.jp"},
}  # fmt: skip


def export(project=PROJECT, *sets):
    entities = [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset"},
        {"@id": "#0", "@type": "RDMProjectMetadata", "text": json.dumps(project)},
    ]
    for number, (answers, version, about) in enumerate(sets, 1):
        entities.append(
            {"@id": f"#{number}", "@type": "RDMFileMetadata", "encodingFormat": "application/json",
             "version": version, "text": json.dumps(answers), "about": {"@id": about}}
        )  # fmt: skip
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": entities}


def one(version="active"):
    return export(PROJECT, (DATA, version, "./root/osfstorage/a%20b.csv"))


def test_an_export_tells_the_items_and_what_they_say_of_the_study():
    told = common_of_grdm(one())
    common, (item,) = told.common, told.common.items
    assert (common.funder, common.award_number, common.field) == ("JST", "JPMJCR1234", "389")
    assert [award.funder for award in common.additional] == ["JSPS"]
    assert (item.number, item.title_ja, item.licence) == ("00001", "潮位", "CCBY")
    assert item.repository_link == "https://example.org/a"
    assert [(m.name_ja, m.name_en) for m in item.creators] == [
        ("山田 花子", "Hanako M. Yamada"), ("研究太郎", ""),
    ]  # fmt: skip
    assert (item.manager.name_en, item.manager.kind) == ("Hanako Joho", "individual")
    assert item.files == ("root/osfstorage/a b.csv",)
    assert (told.title, told.language, told.licence) == ("潮位", Language.JAPANESE, "CC-BY-4.0")
    assert told.translations[0].title == "Levels"
    assert told.access == Access(right=AccessRight.EMBARGOED, available="2027-04-01")
    assert told.creators[0].erad_number == "90050426"
    assert [grant.award_number for grant in told.funding] == ["JPMJCR1234", "JP20H00001"]


def test_active_answers_count_before_others_and_other_forms_are_passed_over():
    other = {"grdm-file:title-ja": {"value": "古い"}}
    both = export(PROJECT, (other, "", "./a"), (DATA, "active", "./a"))
    assert [item.title_ja for item in common_of_grdm(both).common.items] == ["潮位"]
    foreign = export({"mibyo": {"value": "x"}}, ({"d-msr:title": {"value": "x"}}, "active", "./a"))
    assert common_of_grdm(foreign) is None
    assert common_of_grdm({"@graph": []}) is None


def test_a_registration_that_lists_its_data_sets_itself_is_read():
    listed = json.dumps([{"path": "osfstorage/a.csv", "metadata": DATA}])
    told = common_of_grdm(export({**PROJECT, "grdm-files": {"value": listed}}))
    assert [(x.title_en, x.files) for x in told.common.items] == [("Levels", ("osfstorage/a.csv",))]


@pytest.mark.parametrize(
    "text",
    ["", "[" * 100_000, "3", '{"funder": 3}', '{"funder": {"value": [[]]}}', "x" * 3_000_000,
     '{"grdm-file:creators": {"value": "{"}, "grdm-file:title-ja": {"value": {"last": [1]}}}'],
)  # fmt: skip
def test_odd_answers_do_no_harm(text):
    graph = [{"@id": f"#{kind}", "@type": kind, "text": text, "about": [3, {"@id": "../x"}]}
             for kind in ("RDMProjectMetadata", "RDMFileMetadata")]  # fmt: skip
    told = common_of_grdm({"@graph": graph})
    if told is not None:
        assert isinstance(told.common, CommonMetadata)
        assert all(item.files == () for item in told.common.items)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    return folder


def test_a_study_that_is_an_export_is_filled_in_from_it(root):
    (root / "ro-crate-metadata.json").write_text(json.dumps(one()))
    told = describe(root, look(root))
    assert told.common.award_number == "JPMJCR1234"
    assert (told.title, told.licence) == ("潮位", "CC-BY-4.0")
    assert told.sources["common"] == "ro-crate-metadata.json"


@pytest.mark.parametrize("zipped", [True, False])
def test_an_export_that_lies_in_a_study_fills_in_what_nothing_else_says(root, zipped):
    (root / "CITATION.cff").write_text("title: Mine\n")
    text = json.dumps(one())
    if zipped:
        with zipfile.ZipFile(root / "sea.rdm-project.zip", "w") as archive:
            archive.writestr("ro-crate-metadata.json", text)
    else:
        (root / "sea.rdm-project").mkdir()
        (root / "sea.rdm-project" / "ro-crate-metadata.json").write_text(text)
    told = describe_as_typed(root, look(root))
    assert (told.title, told.common.funder) == ("Mine", "JST")
    path = "sea.rdm-project/root/osfstorage/a b.csv"
    assert told.common.items[0].files == (() if zipped else (path,))
    keep_description(root, replace(told, common=None), emptied=("common",))
    assert describe_as_typed(root, look(root)).common is None


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"RDMFileMetadata", b'{"@graph": "RDMFileMetadata"}']
)
def test_what_is_no_export_is_passed_over(root, content):
    (root / "x.rdm-project.zip").write_bytes(content)
    (root / "y.rdm-project").mkdir()
    (root / "y.rdm-project" / "ro-crate-metadata.json").write_bytes(content)
    (root / "z.rdm-project").symlink_to(root.parent)
    told = describe_as_typed(root, look(root))
    assert (told.common, told.findings[:-1]) == (None, ())


def record(**changes):
    files = (
        RecordFile(path="data/levels.csv", size_bytes=3, sha256="0" * 64, media_type="text/csv"),
        RecordFile(path="one.ipynb", size_bytes=9, sha256="1" * 64, media_type="text/plain"),
    )
    return Record(description=replace(SAID, **changes), kind=RecordKind.STUDY, identity="f" * 64,
                  issued="2026-04-01", agent="recrate 0.1.0", files=files)  # fmt: skip


@pytest.fixture(scope="module")
def questions():
    if not OFFICIAL.is_file():
        pytest.skip(f"GakuNin RDM's form is not at {OFFICIAL}")
    pages = json.loads(OFFICIAL.read_text(encoding="utf-8"))["pages"]
    return {question["qid"]: question for page in pages for question in page["questions"]}


def wrong_with(answers, questions):
    """What the real form would complain of: questions, options, patterns, what is required."""
    values = {name: answer["value"] for name, answer in answers.items()}
    for name, value in values.items():
        question = questions.get(name)
        if question is None:
            yield f"{name}: no such question"
            continue
        options = [one["text"] for one in question.get("options", ())]
        if options and value not in options and "pattern" not in question:
            yield f"{name}: {value} is no option"
        if "pattern" in question and not re.search(question["pattern"], value):
            yield f"{name}: {value} is not of the pattern"
        properties = {one["id"]: one for one in question.get("properties", ())}
        for row in value if properties else ():
            for key, text in row.items():
                if key not in properties or not re.search(properties[key].get("pattern", ""), text):
                    yield f"{name}.{key}: {text}"
    for name, question in questions.items():
        if question.get("required") and not values.get(name):
            yield f"{name}: required"
        other = question.get("required_if")
        if isinstance(other, str) and not values.get(name) and not values.get(other):
            yield f"{name}: required where {other} is not answered"


def test_every_answer_is_one_that_the_real_form_takes(questions):
    answers = json.loads(write_answers(record(common=WHOLE)))
    assert list(wrong_with(answers, questions)) == []
    empty = json.loads(write_answers(record(common=CommonMetadata())))
    assert "japan-grant-number: required" in set(wrong_with(empty, questions))
    asked = {name for name in questions if name != "grdm-files"}
    assert asked <= set(answers)
    assert json.loads(write(record(common=WHOLE), "grdm")) == answers


def test_the_registration_lists_each_data_set_with_its_files(questions):
    answers = json.loads(write_answers(record(common=WHOLE)))
    listed = json.loads(answers["grdm-files"]["value"])
    assert [(row["path"], row["metadata"]["grdm-file:data-number"]["value"]) for row in listed] == [
        ("data/levels.csv", "1"), ("data/levels.csv", "00002"), ("one.ipynb", "00002"),
    ]  # fmt: skip
    for row in listed:
        assert not [x for x in wrong_with(row["metadata"], questions) if "required" not in x]


def test_an_office_has_no_researchers_number(questions):
    item = WHOLE.items[0]
    office = replace(item, manager=replace(item.manager, kind="organization"))
    answers = item_answers(office, SAID)
    assert not {"grdm-file:data-man-number", "grdm-file:data-man-name-ja"} & set(answers)
    assert answers["grdm-file:data-man-org-ja"] == {"value": "データ管理室"}


def test_where_nobody_is_named_who_made_the_study_made_the_data():
    answers = item_answers(WHOLE.items[1], SAID)
    assert answers["grdm-file:creators"]["value"] == [
        {"number": "90050426", "name_ja": "山田 花子", "name_en": "Hanako Yamada"}
    ]


def test_the_newer_form_is_answered_in_its_words_and_read_back():
    item, common = WHOLE.items[0], WHOLE
    answers = item_answers(item, SAID, form=Form.OF_2025)
    assert answers["grdm-file:data-man-name-en"]["value"] == {
        "last": "Joho", "middle": "", "first": "Hanako",
    }  # fmt: skip
    assert "grdm-file:metadata-access-rights" not in answers
    project = project_answers(common, SAID, form=Form.OF_2025)
    told = common_of_grdm(export(project, (answers, "active", "./data/levels.csv")))
    wanted = replace(item, files=("data/levels.csv",), metadata_access="")
    assert told.common == replace(common, items=(wanted,))


def test_switched_off_the_answers_are_what_the_description_tells():
    answers = json.loads(write_answers(record()))
    assert answers["grdm-file:title-en"] == {"value": "Tides"}
    assert answers["grdm-file:data-policy-license"] == {"value": "CCBY"}
    assert answers["grdm-file:file-size"] == {"value": "<1GB"}
    assert "grdm-file:data-man-email" not in answers


@given(common=commons)
def test_whatever_was_typed_is_written_as_answers(common):
    answers = json.loads(write_answers(record(common=common)))
    assert all(set(answer) == {"value"} and answer["value"] for answer in answers.values())
