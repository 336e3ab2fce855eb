"""What is wrong with the common metadata items is said at the item, in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given

from core.metadata.common_examples import WHOLE, commons
from recrate.metadata.checking import check_description
from recrate.metadata.common_checking import check_common
from recrate.metadata.common_identifiers import doi_of, erad_check_fits, issn_of
from recrate.metadata.common_japanese import JAPANESE, in_japanese
from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.finding import Severity
from recrate.model.form import FieldComplaint
from recrate.model.study import Description, Person

HERE = Path(__file__).parents[3]
SAID = Description(title="t", description="d", licence="MIT", creators=(Person(name="A"),))
GOOD = replace(WHOLE.items[0], files=())


def told(**changes):
    """Complaints about the first data set, when it is like the good one but for `changes`."""
    common = replace(WHOLE, items=(replace(GOOD, **changes),))
    return {(one.field.removeprefix("common.items.0."), one.code)
            for one in check_common(common, SAID)}  # fmt: skip


def of_study(**changes):
    common = replace(WHOLE, items=(GOOD,), **changes)
    return {(one.field.removeprefix("common."), one.code) for one in check_common(common, SAID)}


def test_every_item_in_order_has_no_complaint():
    assert told() == set()
    assert of_study() == set()


def test_switched_off_nothing_is_asked():
    assert check_common(None, SAID) == ()
    assert check_description(SAID) == ()


def test_what_is_empty_is_only_waited_for():
    found = check_common(CommonMetadata(), SAID)
    assert {one.severity for one in found} == {Severity.WARNING}
    assert {one.field.removeprefix("common.items.0.") for one in found} == {
        "common.funder", "common.award_number", "common.project_ja", "common.field",
        "title_ja", "description_ja", "data_type", "policy", "licence", "citation_ja", "access",
        "hosting_ja", "manager.name_ja", "manager.email", "metadata_access",
    }  # fmt: skip
    assert [one.field for one in check_common(replace(WHOLE, items=()), SAID)] == ["common.items"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"funder": "科学技術"}, ("funder", "invalid-funder-code")),
        ({"funding_stream": "MJCRXX"}, ("funding_stream", "invalid-funding-stream")),
        ({"funding_stream": "MJ R"}, ("funding_stream", "invalid-funding-stream")),
        ({"award_number": "JP-MJCR1234"}, ("award_number", "invalid-award")),
        ({"project_ja": "", "project_en": " "}, ("project_ja", "not-answered")),
        ({"field": "190"}, ("field", "not-a-choice")),
        ({"additional": (Award(funder="J S T"),)}, ("additional.0.funder", "invalid-funder-code")),
        ({"additional": (Award(), Award(award_number="jp1"))},
         ("additional.1.award_number", "invalid-award")),
    ],
)  # fmt: skip
def test_each_mistake_of_the_study_is_said_at_its_item(changes, expected):
    assert of_study(**changes) == {expected}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title_ja": "", "title_en": ""}, ("title_ja", "not-answered")),
        ({"issued": "2026-02-30"}, ("issued", "invalid-date")),
        ({"issued": "2026"}, ("issued", "invalid-date")),
        ({"description_ja": " ", "description_en": ""}, ("description_ja", "not-answered")),
        ({"field": "physics"}, ("field", "not-a-choice")),
        ({"field": ""}, ("field", "not-answered")),
        ({"data_type": "software"}, ("data_type", "not-a-choice")),
        ({"size": "large"}, ("size", "invalid-size")),
        ({"size": "1GB-10GB"}, ("size", "invalid-size")),
        ({"policy": "cheap"}, ("policy", "not-a-choice")),
        ({"licence": "CC-BY-4.0"}, ("licence", "not-a-choice")),
        ({"citation_ja": "", "citation_en": ""}, ("citation_ja", "not-answered")),
        ({"access": "open"}, ("access", "not-a-choice")),
        ({"available": ""}, ("available", "no-embargo-date")),
        ({"available": "soon"}, ("available", "invalid-date")),
        ({"access": "open access", "policy": "consideration"}, ("policy", "open-not-free")),
        ({"repository_link": "javascript:alert(1)"}, ("repository_link", "invalid-address")),
        ({"repository_link": "https://me:pw@e.org/"}, ("repository_link", "invalid-address")),
        ({"publication_link": "https://example.org"}, ("publication_link", "invalid-doi")),
        ({"dataset_link": "10.12"}, ("dataset_link", "invalid-doi")),
        ({"creators": (DataCreator(number="1234567"), )}, ("creators.0.number", "invalid-erad")),
        ({"creators": (DataCreator(name_ja="", name_en=""),)}, ("creators.0.name_ja", "no-name")),
        ({"creators": (DataCreator(name_ja="A", number="12345678"),)},
         ("creators.0.number", "erad-check-digit")),
        ({"hosting_ja": "", "hosting_en": ""}, ("hosting_ja", "not-answered")),
        ({"hosting_ror": "https://ror.org/04ksd4g48"}, ("hosting_ror", "invalid-ror")),
        ({"metadata_access": "metadata only access"}, ("metadata_access", "not-a-choice")),
        ({"file_type": "software"}, ("file_type", "not-a-choice")),
        ({"files": ("../x",)}, ("files.0", "no-file")),
    ],
)  # fmt: skip
def test_each_mistake_of_a_data_set_is_said_at_its_item(changes, expected):
    assert expected in told(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "robot"}, ("manager.kind", "not-a-choice")),
        ({"kind": ""}, ("manager.kind", "not-answered")),
        ({"number": "9005042"}, ("manager.number", "invalid-erad")),
        ({"number": "90050427"}, ("manager.number", "erad-check-digit")),
        ({"name_ja": "", "name_en": ""}, ("manager.name_ja", "not-answered")),
        ({"email": "a@b"}, ("manager.email", "invalid-mail")),
        ({"telephone": "call me"}, ("manager.telephone", "invalid-telephone")),
        ({"email": "", "telephone": ""}, ("manager.email", "not-answered")),
        ({"email": "", "address_ja": "", "address_en": ""}, ("manager.email", "not-answered")),
    ],
)
def test_each_mistake_about_the_manager_is_said_at_its_item(changes, expected):
    assert told(manager=replace(GOOD.manager, **changes)) == {expected}


def test_who_manages_is_reached_by_mail_or_by_post_and_telephone():
    office = DataManager(kind="organization", organisation_ja="管理室", address_ja="東京",
                         telephone="03-0000-0000")  # fmt: skip
    assert told(manager=office) == set()
    assert told(manager=DataManager(kind="organization", email="d@example.ac.jp")) == set()


def test_a_number_of_two_data_sets_is_an_error():
    twice = replace(WHOLE, items=(GOOD, GOOD))
    assert [one.field for one in check_common(twice, SAID)] == ["common.items.1.number"]


def test_the_form_of_a_description_shows_them_and_looks_at_the_creators_numbers():
    said = replace(SAID, creators=(Person(name="A", erad_number="12345678"),))
    assert check_description(said) == ()
    common = CommonMetadata(items=(DataItem(),))
    fields = {one.field for one in check_description(replace(said, common=common))}
    assert {"common.funder", "common.items.0.title_ja", "creators.0.erad_number"} <= fields


@given(common=commons)
def test_whatever_is_typed_is_checked_without_harm(common):
    for one in check_common(common, SAID):
        assert one.field.startswith("common.")
        assert in_japanese(one) != one.message


def test_every_sentence_is_in_japanese_and_says_what_jupyterlab_says():
    with (HERE / "server/recrate_server/locale/ja_JP/LC_MESSAGES/recrate.po").open("rb") as file:
        catalogue = read_po(file, locale="ja_JP")
    for english, japanese in JAPANESE.items():
        assert catalogue.get(english).string == japanese
    for name in ("checking.py", "common_checking.py"):
        source = (HERE / "crates/recrate/metadata" / name).read_text(encoding="utf-8")
        plain = re.sub(r'(?s)""".*?"""', "", source)
        texts = re.findall(r'"((?:[a-zA-Z][\w-]*) [^"]*)"', plain)
        assert len(texts) > 40
        assert [one for one in texts if one not in JAPANESE and one != "open access"] == []


def test_a_complaint_can_be_said_in_japanese():
    complaint = FieldComplaint(
        field="x", code="y", severity=Severity.ERROR, message="is no DOI", hint="new words"
    )
    assert in_japanese(complaint) == "DOI ではありません。new words"


@pytest.mark.parametrize(
    "number",
    ["80132356", "00251413", "00452699", "80368612", "50457420", "30170921", "90050426"],
)
def test_numbers_of_researchers_that_are_public_fit_their_check_digit(number):
    """They stand in the public database of grants, https://kaken.nii.ac.jp."""
    assert erad_check_fits(number)
    assert not erad_check_fits(str((int(number[0]) + 1) % 10) + number[1:])


def test_dois_and_issns_are_known_however_they_are_written():
    assert doi_of("https://doi.org/10.5072/a(b)c") == "10.5072/a(b)c"
    assert doi_of(" doi:10.5072/x ") == "10.5072/x"
    assert doi_of("10.5072/") is None
    assert issn_of("ISSN 2049-3630") == "2049-3630"
    assert issn_of("20493630") == "2049-3630"
    assert issn_of("2049-3631") is None
    assert issn_of("２049-3630") is None
