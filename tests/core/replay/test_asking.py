"""Addresses as a kernel's notes have them: told once, without secrets, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.model.observation import Asked
from recrate.replay.asking import host_of, plain_addresses, settled
from recrate.replay.onward import line_in_cell


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        (["https://me:word@a.example.org/x.csv?key=1#top"], ("https://a.example.org/x.csv",)),
        (["a.example.org:443", "https://a.example.org/x"], ("https://a.example.org/x",)),
        (["a.example.org:443", "10.1.2.3:443"], ("a.example.org:443",)),
        (["10.1.2.3:443"], ("10.1.2.3:443",)),
        (["127.0.0.1:80", "localhost:80", "http://[::1]/x", "file:///etc/passwd"], ()),
        (["<script>", "a b", "", "http://", "http://[bad/", "a\x00b.example"], ()),
        (["b.example:80", "b.example:80"], ("b.example:80",)),
    ],
)
def test_an_address_is_told_once_and_plainly(noted: list[str], told: tuple[str, ...]) -> None:
    assert plain_addresses(noted) == told


@given(st.lists(st.text(max_size=80) | st.from_regex(r"https?://.{0,60}"), max_size=60))
def test_whatever_is_noted_leaves_few_short_lines_without_queries(noted: list[str]) -> None:
    told = plain_addresses(noted)
    assert len(told) <= 20
    assert all(len(one) <= 300 and "\n" not in one and "?" not in one for one in told)
    assert all(host_of(one) for one in told)
    assert plain_addresses(told) == told


def test_what_was_asked_is_told_cell_by_cell() -> None:
    asked = [
        Asked(cell=4, address="a.example:443"),
        Asked(cell=2, address="a.example:443"),
        Asked(cell=4, address="https://a.example/x"),
    ]
    assert settled(asked) == (
        Asked(cell=2, address="a.example:443"),
        Asked(cell=4, address="https://a.example/x"),
    )


@pytest.mark.parametrize(
    ("traceback", "line"),
    [
        (["---", "E  Traceback", "Cell \x1b[0;32mIn[2], line 3\x1b[0m\n 1 a"], 3),
        (["File x.py:9", "<ipython-input-7-0a1b> in <module>\n----> 12 a"], 12),
        (["File x.py:9"], None),
        (["x" * 100_000], None),
        ("Cell In[2], line 3", None),
        ([None, 3, {}], None),
        (None, None),
    ],
)
def test_the_line_that_raised_is_read_from_the_traceback(traceback: object, line: object) -> None:
    assert line_in_cell(traceback) == line
