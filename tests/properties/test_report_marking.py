"""Whatever two texts say: marking their differences neither loses a character nor lets one act."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from recrate.report.allowance import Allowance
from recrate.report.characters import coloured, escaped, settled, visible
from recrate.report.markup import clean
from recrate.report.text_difference import mark_difference

# Three lines: four equal ones would be folded.
LINES = st.lists(st.text(alphabet="ab1.<&\"'\u202e\x00 ", max_size=12), max_size=3).map("\n".join)
TAG = re.compile(r"</?(?:del|ins)>")


@given(LINES, LINES)
def test_each_side_still_says_its_own_text(recorded, rerun):
    sides = mark_difference(recorded, rerun, Allowance())
    for side, text in zip(sides, (recorded, rerun), strict=True):
        plain = TAG.sub("", side)
        assert "<" not in plain
        assert unescape(plain).replace("⏎", "") == visible(text)


@given(LINES)
def test_a_text_beside_itself_has_no_mark(text):
    assert not any(TAG.search(side) for side in mark_difference(text, text, Allowance()))


@given(st.text())
def test_escaped_text_holds_no_markup_and_no_invisible_character(text):
    shown = escaped(text)
    assert not set(shown) & set("<>\"'\x00\x1b\u202e\u2066\u200b")
    shown.encode("utf-8")


@given(st.text(alphabet="ab\x1b[0123456789;m<\r\n", max_size=60))
def test_colours_never_change_the_text(text):
    shown = coloured(text)
    assert set(re.findall(r"<[^>]*>", re.sub(r'<span class="[a-z0-9 -]+">', "", shown))) <= {
        "</span>"
    }
    plain = re.sub(r"\x1b\[[0-9;:]{0,40}m", "", settled(text))
    assert unescape(re.sub(r"</?span[^>]*>", "", shown)) == visible(plain)


@given(st.text(alphabet="<>/abimgsrcnote=\"' x:;&#\x00", max_size=80))
def test_cleaned_html_has_only_what_the_list_allows(html):
    cleaned = clean(f"<p>{html}", Allowance(), loud=True)
    assert not re.search(
        r"<(?:script|style|iframe|a|svg|form|input|link|meta|base)\b", cleaned.html
    )
    assert not re.search(r"<[^>]*\s(?:on\w+|style|href|srcset|id|name)=", cleaned.html)
