"""What the study tells already is filled in; the table for funders is safe to open."""

import csv
import io
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.metadata.common_examples import WHOLE, commons
from recrate.metadata.common import licence_code, size_class, suggest_common
from recrate.metadata.common_checking import check_common
from recrate.metadata.writing.common_csv import HEADINGS, write_csv
from recrate.metadata.writing.formats import write
from recrate.model.common import Award, CommonMetadata, DataItem
from recrate.model.common_terms import ITEM_QUESTIONS, MANAGER_QUESTIONS, STUDY_QUESTIONS
from recrate.model.common_values import FUNDERS, LICENCES
from recrate.model.finding import Severity
from recrate.model.record import Record, RecordKind
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Inventory,
    Language,
    Organisation,
    Person,
    Related,
    Relation,
    StudyFile,
    Translation,
)

ROR = "https://ror.org/04ksd4g47"
SAID = Description(
    title="Simulated tides",
    description="How the sea rises",
    language=Language.ENGLISH,
    translations=(Translation(language=Language.JAPANESE, title="潮汐", description="海"),),
    creators=(
        Person(name="Hanako Yamada", alternate_name="山田 花子", affiliation=Organisation(
            name="National Institute of Informatics", alternate_name="国立情報学研究所",
            identifier=ROR)),
    ),
    licence="CC-BY-4.0",
    published="2026-04-01",
    funding=(
        Funding(funder=Organisation(name="Japan Science and Technology Agency"),
                award_number="JPMJCR1234", award_title="潮汐の再現"),
        Funding(funder=Organisation(name="JSPS"), award_number="JP20H00001"),
    ),
    access=Access(right=AccessRight.EMBARGOED, available="2027-04-01"),
    related=(Related(url="https://doi.org/10.1234/p", relation=Relation.IS_SUPPLEMENT_TO),),
)  # fmt: skip


def inventory(*sizes):
    files = tuple(StudyFile(path=f"{n}", size_bytes=size, media_type="x")
                  for n, size in enumerate(sizes))  # fmt: skip
    return Inventory(name="tides", files=files, notebooks=())


def test_what_the_description_tells_is_filled_in():
    common = suggest_common(SAID, inventory(6 * 10**8, 5 * 10**8))
    assert common == CommonMetadata(
        funder="JST",
        funding_stream="MJCR",
        award_number="JPMJCR1234",
        project_ja="潮汐の再現",
        additional=(Award(funder="JSPS", award_number="JP20H00001"),),
        items=(
            DataItem(
                number="1", title_ja="潮汐", title_en="Simulated tides", issued="2026-04-01",
                description_ja="海", description_en="How the sea rises", field="project",
                data_type="simulation data", size="1-10GB", licence="CCBY",
                access="embargoed access", available="2027-04-01",
                publication_link="https://doi.org/10.1234/p", hosting_ja="国立情報学研究所",
                hosting_en="National Institute of Informatics", hosting_ror=ROR,
            ),
        ),
    )  # fmt: skip
    assert [one for one in check_common(common, SAID) if one.severity is Severity.ERROR] == []


def test_an_empty_description_suggests_nothing_that_nobody_said():
    common = suggest_common(Description(title="", description=""), None)
    assert common == CommonMetadata(items=(DataItem(number="1", data_type="dataset"),))


def test_a_title_without_a_language_goes_where_its_script_says():
    item = suggest_common(Description(title="潮汐の計算", description=""), None).items[0]
    assert (item.title_ja, item.title_en) == ("潮汐の計算", "")


@pytest.mark.parametrize(
    "names",
    [
        ("JST", None), ("国立研究開発法人科学技術振興機構", None), ("科学技術振興機構", None),
        ("japan science and technology agency", None), ("x", "https://ror.org/00097mb19"),
        ("x", "https://doi.org/10.13039/501100002241"), ("x", "10.13039/501100002241"),
        ("Japan Science and Technology Agency (JST)", None),
    ],
)  # fmt: skip
def test_a_funder_is_known_by_name_code_and_identifier(names):
    funder = Organisation(name=names[0], identifier=names[1])
    said = replace(SAID, funding=(Funding(funder=funder),))
    assert suggest_common(said, None).funder == "JST"


def test_an_unknown_funder_keeps_its_name():
    said = replace(SAID, funding=(Funding(funder=Organisation(name="A fund")),))
    assert suggest_common(said, None).funder == "A fund"


def test_no_funder_is_taken_for_another():
    names = [name for one in FUNDERS.values() for name in (one.ja, one.en, one.erad)]
    names += [one.ror for one in FUNDERS.values() if one.ror]
    assert len(names) == len(set(names))
    for code, one in FUNDERS.items():
        for name in (code, one.ja, one.en):
            said = replace(SAID, funding=(Funding(funder=Organisation(name=name)),))
            assert suggest_common(said, None).funder == code


@pytest.mark.parametrize(
    ("licence", "code"),
    [("CC-BY-4.0", "CCBY"), ("CC0-1.0", "CC0"), ("MIT", "MIT"), ("Apache-2.0", "Apache2"),
     ("GPL-3.0-or-later", "GPL3"), ("BSD-3-Clause", "BSD3"), ("MIT OR Apache-2.0", "OTHER"),
     ("CC-BY-3.0", "OTHER"), ("mine", "OTHER"), (None, ""), ("", "")],
)  # fmt: skip
def test_a_licence_has_the_code_of_the_official_list(licence, code):
    assert licence_code(licence) == code
    assert code in LICENCES or code == ""


def test_sizes_are_in_the_classes_of_data_management_plans():
    sizes = (0, 10**9 - 1, 10**9, 10**10, 10**11)
    assert [size_class(size) for size in sizes] == ["<1GB", "<1GB", "1-10GB", "10-100GB", ">100GB"]


def table(common, **changes):
    said = replace(SAID, common=common, **changes)
    content = write_csv(Record(description=said, kind=RecordKind.STUDY, identity="f" * 64,
                               issued="2026-04-01", agent="recrate 0.1.0"))  # fmt: skip
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_has_the_official_headings_and_a_row_for_each_data_set():
    headings, first, second = table(WHOLE)
    assert tuple(headings) == HEADINGS
    row = dict(zip(headings, first, strict=True))
    assert row["資金配分機関情報"] == "国立研究開発法人科学技術振興機構"
    assert row["データの分野"] == "環境"
    assert row["データ種別"] == "シミュレーションデータ"
    assert row["アクセス権"] == "公開期間猶予"
    assert row["データの説明"] == "三つの港の潮位を計算した。\n一時間ごとの値。"
    assert row["データ作成者"] == "研究 太郎;無所属 次郎"
    assert row["データ管理者の所属機関の連絡先電話番号"] == "'+81-3-0000-0000"
    assert second[HEADINGS.index("データ作成者")] == "山田 花子"
    assert second[HEADINGS.index("データNo.")] == "00002"


def test_manuscripts_have_no_row_and_every_item_has_a_place():
    paper = replace(WHOLE.items[0], file_type="manuscript")
    assert len(table(replace(WHOLE, items=(paper,)))) == 1
    marked = {key: f"mark-{key}" for key in ITEM_QUESTIONS if key.endswith("_ja")}
    row = table(replace(WHOLE, items=(replace(WHOLE.items[0], **marked),)))[1]
    assert set(marked.values()) <= set(row)
    assert {field.name for field in fields(DataItem)} == {
        *ITEM_QUESTIONS, "manager", "creators", "files",
    }  # fmt: skip
    assert len(STUDY_QUESTIONS) + len(MANAGER_QUESTIONS) == 18


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u3000=1", "=cmd|' /C calc'!A0",
     "\0=1", "\n=1", "\u200b=1", "\ufeff=1"],
)  # fmt: skip
def test_no_cell_is_run_as_a_formula(typed):
    item = replace(WHOLE.items[0], title_ja=typed, remarks_ja=typed)
    row = table(replace(WHOLE, items=(item,)))[1]
    for name in ("データの名称", "備考"):
        assert row[HEADINGS.index(name)].startswith("'")


@given(common=commons, title=some.text())
def test_any_text_makes_a_table_of_one_row_for_each_data_set(common, title):
    rows = table(common, title=title)
    sets = [one for one in common.items if one.file_type != "manuscript"]
    assert [len(row) for row in rows] == [len(HEADINGS)] * (len(sets) + 1)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_forms_are_offered_by_name(tmp_path: Path):
    said = Record(description=replace(SAID, common=WHOLE), kind=RecordKind.STUDY,
                  identity="f" * 64, issued="2026-04-01", agent="recrate 0.1.0")  # fmt: skip
    (tmp_path / "x.csv").write_bytes(write(said, "common-csv"))
    assert "潮位の計算結果" in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
