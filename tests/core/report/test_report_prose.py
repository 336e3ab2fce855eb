"""Markdown cells in the report: written out, harmless, their LaTeX untouched."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.report.allowance import Allowance
from recrate.report.page import render_page
from recrate.report.prose import render_prose
from report_accounts import account_of, count, data, judged, notebook, png

ACTIVE = re.compile(
    r"<(?:script|iframe|a|svg|form|style|link|meta|base)\b|<[^>]*\son\w+\s*=", re.IGNORECASE
)


def written(source: str) -> str:
    return str(render_prose(source, Allowance()))


def test_headings_lists_tables_and_emphasis_are_written_out():
    html = written(
        "# Tides\n\n*now* and **then**\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    assert '<div class="heading">Tides</div>' in html
    assert "<em>now</em> and <strong>then</strong>" in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    "formula",
    [
        r"$x_1 * y_2 * z_3$",
        r"$$\sum_{i}^{n} a_i * b_i$$",
        "$$\n\\begin{aligned} a_* &= b_* \\\\ c &= d \\end{aligned}\n$$",
        r"$\{a\}_b \_ c_d$",
        r"$a < b$ and $b > c$",
    ],
)
def test_latex_stays_as_it_was_written(formula):
    html = written(f"before _x_ {formula} after").replace("&lt;", "<").replace("&gt;", ">")
    assert formula in html.replace("&amp;", "&")
    assert "<em>x</em>" in html


def test_prices_and_code_are_no_formulas():
    assert "<em>was</em>" in written("it costs $ 5, it *was* $ 6")
    assert "<code>$HOME</code>" in written("`$HOME` and *b*")


@pytest.mark.parametrize(
    "source",
    [
        "[click](javascript:HIT)",
        "<script>HIT</script>",
        "<img src=x onerror=HIT>",
        "![x](http://attacker.invalid/x.png)",
        "<svg onload=HIT></svg>",
        "[a]: javascript:HIT\n\n[a]",
        "<javascript:HIT>",
        "$<script>HIT</script>$",
        "$<img src=x onerror=HIT>$",
    ],
)
def test_hostile_markdown_leaves_nothing_active(source):
    html = written(f"text {source}\n\n{source}")
    assert not ACTIVE.search(html)
    assert "attacker.invalid" not in html


@given(st.text(alphabet="$*_[]()<>`|-#\\ \nax!", max_size=200))
def test_whatever_is_written_is_harmless(source):
    html = render_prose(source, Allowance())
    assert html is None or not ACTIVE.search(html)


def test_a_picture_that_the_cell_has_attached_is_shown():
    content = png()["image/png"]
    cell = {"a b.png": {"image/png": content}}
    html = str(render_prose("![the map](attachment:a%20b.png)", Allowance(), cell))
    assert html == f'<p><img src="data:image/png;base64,{content}" alt="the map"></p>\n'


@pytest.mark.parametrize(
    "bundle",
    [
        {"image/svg+xml": "PHN2Zz4="},
        {'image/png;"onerror=HIT x="': "AAAA"},
        {"image/png": '"><script>HIT</script>'},
        {"image/png": "AAAA"},
        {"image/png": None},
        ["image/png"],
        "x",
    ],
)
def test_an_attachment_that_is_no_picture_is_only_named(bundle):
    html = str(render_prose("![the map](attachment:a.png)", Allowance(), {"a.png": bundle}))
    assert "the map" in html
    assert "<img" not in html
    assert not ACTIVE.search(html)


def test_a_page_of_cells_made_to_be_slow_is_not_slow():
    allowance = Allowance()
    began = time.monotonic()
    answers = [render_prose("![[" * 6_000, allowance) for _ in range(500)]
    assert time.monotonic() - began < 30
    assert answers[-1] is None


def test_a_cell_that_is_too_long_is_shown_as_text():
    assert render_prose("*a* " * 6_000, Allowance()) is None
    page = render_page(page_with("*a* " * 6_000))
    assert "*a* *a*" in page
    assert "Cut here; 24,000 characters in all" in page


def page_with(source: str):
    cells = notebook([data(text_plain="1")])
    cells["cells"].append({"cell_type": "markdown", "metadata": {}, "source": source})
    rows = [(0, 0, "identical", "text/plain")]
    verdict = judged("a.ipynb", rows)
    return account_of(
        (verdict,),
        {"a.ipynb": cells},
        {"a.ipynb": cells},
        coverage=count(["identical"]),
        judgement=verdict.verdict,
    )


def test_the_page_holds_the_written_out_cell():
    assert '<div class="shown written-out"><p><em>soft</em> water</p>' in render_page(
        page_with("*soft* water")
    )
