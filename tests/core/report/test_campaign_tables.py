"""A campaign's exports, read as the programs read them that they are for."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from recrate.model.campaign import Entry, TaskRow
from recrate.model.wire import from_json
from recrate.report.campaign_tables import (
    CSV_COLUMNS,
    campaign_text,
    csv_lines,
    json_lines,
    junit_pieces,
    linkback_lines,
    published_at,
)
from ui.campaigns import HOSTILE, campaign, hostile, judged, status_of, unjudged


def table(lines: Iterator[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(lines), newline=""), strict=True))


def suites(rows):
    text = "".join(junit_pieces(status_of(rows), iter(rows)))
    return etree.fromstring(text.encode("utf-8"))


def test_the_csv_has_a_line_for_each_task_with_all_columns():
    rows = campaign(50, finished=45)
    lines = list(csv_lines(rows))
    assert all(line.endswith("\r\n") for line in lines)
    found = table(iter(lines))
    assert [int(one["number"]) for one in found] == list(range(50))
    assert set(found[0]) == set(CSV_COLUMNS)
    assert found[3]["report"] == "runs/3/report.html"
    assert (found[40]["verdict"], found[40]["message"]) == ("", "the crate is empty")
    assert found[49]["state"] == "waiting"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "\t=1", "\r\n=1"])
def test_no_cell_is_a_formula(text):
    row = replace(judged(0, "failed"), entry=Entry(where=text, title=text), message=text)
    (one,) = table(csv_lines([row]))
    for column in ("where", "title", "message"):
        assert one[column].startswith("'")


@given(st.text())
def test_any_text_stays_in_its_cell(text):
    row = replace(judged(0, "failed"), entry=Entry(where=text, title="t", group=text), hint=text)
    found = table(csv_lines([row, row]))
    assert [one["number"] for one in found] == ["0", "0"]
    assert not re.match(r"\s*[=+\-@]", found[0]["where"])
    "".join(csv_lines([row])).encode("utf-8")


def test_a_line_of_json_is_the_row_itself():
    rows = [*campaign(45), unjudged(45, "listed")]
    lines = list(json_lines(rows))
    assert [from_json(line, TaskRow) for line in lines] == rows


@given(st.text(st.characters()))
def test_any_row_is_one_line_of_json_in_utf_8(text):
    row = replace(judged(0, "failed"), entry=Entry(where=text, title=text), message=text)
    (line,) = json_lines([row])
    assert line.encode("utf-8").decode("utf-8").splitlines() == [line[:-1]]
    assert json.loads(line)["message"] == text


def test_verdicts_become_what_ci_systems_count():
    rows = [
        judged(0, "identical"), judged(1, "ran"), judged(2, "different", cause="data changed"),
        judged(3, "failed", cause="API changed"), judged(4, "not restored", cause="memory"),
        unjudged(5, "broken", message="no metadata"), unjudged(6, "given up", message="lost"),
        unjudged(7, "waiting"), judged(8, "equivalent", state="known"),
    ]  # fmt: skip
    root = suites(rows)
    counted = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "9", "failures": "2", "errors": "3", "skipped": "1"}
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases) == 9
    failure = next(root.iter("failure"))
    assert (failure.get("type"), failure.get("message")) == (
        "different", "different: data changed",
    )  # fmt: skip
    assert [one.get("type") for one in root.iter("error")] == [
        "not restored",
        "broken",
        "given up",
    ]


def test_each_group_is_a_suite_whose_sums_add_up():
    rows = campaign(90, finished=80)
    root = suites(rows)
    groups = {row.entry.group for row in rows}
    assert len(root) == len(groups)
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("errors") == str(len(suite.findall("testcase/error")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    total = sum(float(case.get("time")) for case in root.iter("testcase"))
    assert float(root.get("time")) == pytest.approx(total)


def test_hostile_names_stay_attributes_and_text():
    root = suites(hostile())
    assert {child.tag for child in root.iter()} == {
        "testsuites", "testsuite", "testcase", "failure", "error", "system-out",
    }  # fmt: skip
    assert len(list(root.iter("testcase"))) == 2 * len(HOSTILE)


@given(st.text())
def test_any_text_is_xml(text):
    row = judged(0, "failed", cause=text)
    row = replace(row, entry=Entry(where=text, title=text, group=text))
    assert (
        len(list(suites([row, unjudged(1, "broken", message=text, hint=text)]).iter("testcase")))
        == 2
    )


def test_verdicts_that_could_be_published_come_with_their_command():
    rows = [
        judged(0, "identical"),
        judged(1, "failed", entry=Entry(where="https://example.org/c.zip")),
        judged(2, "identical", entry=Entry(where="studies/local.crate.zip")),
        unjudged(3, "broken"),
        judged(4, "identical", folder=""),
        judged(5, "identical", folder="runs/5; rm -rf ~"),
    ]
    found = table(linkback_lines(rows))
    assert [one["number"] for one in found] == ["0", "1"]
    assert found[0]["doi"] == "10.5281/zenodo.100000"
    assert found[0]["crate"] == "https://doi.org/10.5281/zenodo.100000"
    assert (found[1]["crate"], found[1]["doi"]) == ("https://example.org/c.zip", "")
    assert found[0]["command"] == "recrate publish runs/0 --to PLACE"


def test_the_place_of_publication_is_named_where_it_is_known():
    (one,) = table(linkback_lines([judged(0, "identical")], place="jairo"))
    assert one["command"] == "recrate publish runs/0 --to jairo"
    (one,) = table(linkback_lines([judged(0, "identical")], place="a; rm -rf ~"))
    assert one["command"] == "recrate publish runs/0 --to PLACE"


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("10.1234/abc", ("https://doi.org/10.1234/abc", "10.1234/abc")),
        ("doi:10.1234/abc", ("https://doi.org/10.1234/abc", "10.1234/abc")),
        ("http://dx.doi.org/10.1234/abc", ("https://doi.org/10.1234/abc", "10.1234/abc")),
        ("https://example.org/x", ("https://example.org/x", "")),
        ("javascript:alert(1)", None),
        ("folder/10.1234/abc", None),
        ("https://example.org/ x", None),
    ],
)
def test_only_dois_and_web_addresses_are_published_places(where, address):
    assert published_at(where) == address


def test_the_summary_says_how_far_and_how_long():
    rows = campaign(200, finished=140)
    text = campaign_text(status_of(rows, running=True))
    assert text.startswith("140 of 200 tasks done: 34 identical, 16 equivalent")
    assert text.endswith("61 an hour, 1 h 30 min left; 3.9 core-hours so far, 8 workers at work.")
    japanese = campaign_text(status_of(rows, running=True), language="ja")
    assert japanese.startswith("200 件中 140 件の課題が完了（完全一致 34 件、同等 16 件")


def test_the_summary_of_a_campaign_that_ended_says_what_it_took():
    rows = [judged(0, "identical"), unjudged(1, "given up")]
    text = campaign_text(status_of(rows))
    assert text == (
        "2 of 2 tasks done: 1 identical, 1 given up. "
        "It took 3 h 0 min and 0.010 core-hours in 4 attempts."
    )


def test_the_summary_of_nothing_is_a_sentence():
    assert campaign_text(status_of([])).startswith("0 of 0 tasks done. It took")
