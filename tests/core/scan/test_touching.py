"""What a cell takes from the cells above it, and what it leaves to those below."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.scan.touching import touched_by


@pytest.mark.parametrize(
    ("source", "uses", "binds"),
    [
        ("a = b", {"b"}, {"a"}),
        ("a = a + 1", {"a"}, {"a"}),
        ("a += 1", {"a"}, {"a"}),
        ("a = 1\nc = a", set(), {"a", "c"}),
        ("for i in rows:\n    total = i", {"rows"}, {"i", "total"}),
        ("x = [i * k for i in rows]", {"k", "rows"}, {"x"}),
        ("f = lambda a: a + b", {"b"}, {"f"}),
        ("%time t = g(5)", {"g"}, {"t"}),
        ("!wget https://example.org/x", set(), set()),
        ("with open(p) as f:\n    text = f.read()", {"open", "p"}, {"f", "text"}),
    ],
)
def test_names_are_read_or_bound(source, uses, binds):
    touched = touched_by(source)
    assert (set(touched.uses), set(touched.binds)) == (uses, binds)


def test_a_function_reads_its_names_when_it_is_called():
    touched = touched_by("def f(a):\n    b = a\n    return b + data")
    assert (touched.uses, touched.defines) == (frozenset(), frozenset({"f"}))
    assert touched.later == {"f": frozenset({"data"})}


def test_what_is_changed_in_place_and_what_is_set_for_all_that_follows():
    touched = touched_by("rows.append(1)\ntable['x'] = 2\nnp.random.seed(1)\nplt.plot(x)")
    assert touched.changes == {"rows", "table", "np", "plt"}
    assert {"np", "table"} <= touched.settings
    assert "plt" not in touched.settings


def test_only_what_stands_from_a_line_on_counts():
    touched = touched_by("import json\na = 1\nb = (\n  2)\nc = 3", since_line=4)
    assert (set(touched.binds), touched.defines) == ({"b", "c"}, frozenset())


@given(st.text(max_size=200))
def test_no_text_is_too_strange(source):
    assert isinstance(touched_by(source).unknown, bool)


@pytest.mark.parametrize("source", ["%%bash\nwget x", "a = = b", "(" * 5000, "%%R\nx <- 1"])
def test_of_what_is_no_python_nothing_is_known(source):
    assert touched_by(source).unknown
