"""A campaign's page and its data as texts: the same, safe, bounded."""

import base64
import hashlib
import json
import re
import time
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.model.campaign import Entry
from recrate.report.campaign_page import (
    COLUMNS,
    campaign_data,
    mark_of,
    render_campaign_page,
    report_of,
)
from ui.campaigns import HOSTILE, campaign, hostile, judged, status_of, unjudged

SCRIPT = "'use strict';\nconst text = '</script><!-- <script>';"
LIBRARY = "/* a library */"


def page(**changes) -> str:
    given = {"language": "en", "script": SCRIPT, "chart_library": LIBRARY} | changes
    return render_campaign_page(**given)


def parsed(text: str):
    """Return what `data.js` says, read as the page reads it: begin, rows, count."""
    head = re.match(r'"use strict";\nrecrateCampaign\.begin\((.*)\);\n', text)
    assert head is not None
    pieces = re.findall(
        r"^recrateCampaign\.rows\((\[\n.*?\n\])\);$", text, re.DOTALL | re.MULTILINE
    )
    end = re.search(r"^recrateCampaign\.end\((\d+)\);\n\Z", text, re.MULTILINE)
    assert end is not None
    rows = [row for piece in pieces for row in json.loads(piece)]
    return json.loads(head[1]), [dict(zip(COLUMNS, row, strict=True)) for row in rows], int(end[1])


def data(rows, **status) -> str:
    return "".join(campaign_data(status_of(rows, **status), rows))


def test_the_page_admits_its_own_texts_by_hash_and_nothing_else():
    html = page()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    stated = set(re.findall(r"sha256-[A-Za-z0-9+/=]+", policy[1]))
    texts = re.findall(r"(?s)<(?:style|script)(?: nonce=\"\w+\")?>(.*?)</(?:style|script)>", html)
    assert len(texts) == 3
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    assert {f"sha256-{base64.b64encode(one).decode()}" for one in digests} == stated
    assert unescape(policy[1]).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy[1]


def test_no_script_of_ours_can_end_its_own_element():
    html = page()
    assert html.count("<script") == 4
    assert html.count("</script>") == 4
    assert r"'\x3c/script>\x3c!-- \x3cscript>'" in html


def test_the_page_names_no_address_but_data():
    html = page()
    assert re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"', html) == []


def test_a_page_without_the_library_has_no_empty_script():
    html = page(chart_library="")
    assert "<script></script>" not in html
    assert html.count("<script") == 3


def test_the_language_is_the_given_one_or_left_to_the_browser():
    assert '<html lang="ja">' in page(language="ja")
    assert '<html lang="en" data-choose>' in page(language=None)


def test_data_comes_back_as_it_was_told():
    rows = campaign(60, finished=40)
    head, told, count = parsed(data(rows, running=True, notes=("a note",)))
    assert (head["total"], head["done"], count) == (60, 40, 60)
    assert head["notes"] == ["a note"]
    assert (head["running"], head["left"], head["machineCount"]) == (True, 5400.0, 4)
    for row, one in zip(rows, told, strict=True):
        assert one["number"] == row.number
        assert one["state"] == row.state
        assert one["verdict"] == ("" if mark_of(row) == row.state else mark_of(row))
    assert told[0]["ended"] == 60
    assert told[59]["ended"] is None


def test_what_was_known_before_counts_from_the_begin():
    row = judged(5, "identical", state="known")
    early = replace(row.result, ended="2020-01-01T00:00:00+00:00")
    _, told, _ = parsed(data([replace(row, result=early), row]))
    assert [one["ended"] for one in told] == [0, 0]


def test_no_text_of_a_stranger_leaves_its_string():
    text = data(hostile())
    assert text.isascii()
    assert not re.search(r"[<>&\x00-\x09\x0b-\x1f\x7f]", text)
    _, told, count = parsed(text)
    assert count == len(told) == 2 * len(HOSTILE)
    assert told[0]["title"] == HOSTILE[0]
    assert "⟦U+202E⟧" in told[6]["title"]


@given(st.text())
def test_any_text_is_one_harmless_line(text):
    row = judged(0, "failed", cause=text)
    row = replace(row, entry=Entry(where=text, title=text, group=text), message=text, hint=text)
    script = data([row])
    assert script.isascii()
    assert script.count("\n") == 6
    _, told, _ = parsed(script)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]", told[0]["title"])


def test_long_texts_are_cut():
    row = replace(judged(0, "failed"), message="m" * 100_000, hint="h " * 50_000)
    assert len(data([row])) < 5_000


@pytest.mark.parametrize(
    "folder",
    [
        "../away",
        "/etc",
        "runs/../../x",
        "javascript:x",
        "runs/1/..",
        "a\nb",
        "https://e.invalid",
        "runs//1",
        "",
    ],
)
def test_only_folders_of_the_campaign_are_linked(folder):
    assert report_of(judged(1, "identical", folder=folder)) == ""


def test_a_report_is_where_the_run_is():
    assert report_of(judged(1, "identical")) == "runs/1/report.html"
    assert report_of(unjudged(1, "running")) == ""
    assert report_of(replace(unjudged(1, "given up"), folder="runs/1")) == ""


def test_ten_thousand_rows_are_quick_and_come_in_pieces():
    rows = campaign(10_000)
    status = status_of(rows)
    began = time.monotonic()
    pieces = list(campaign_data(status, iter(rows)))
    assert time.monotonic() - began < 15
    assert len(pieces) == 42
    assert max(map(len, pieces)) < 200_000
    assert sum(map(len, pieces)) < 4_000_000


def test_numbers_that_are_none_stay_out_of_the_data():
    row = judged(0, "identical")
    odd = replace(row.result, seconds=float("nan"), core_seconds=float("inf"))
    _, told, _ = parsed(data([replace(row, result=odd)]))
    assert (told[0]["seconds"], told[0]["core"]) == (0, 0)
