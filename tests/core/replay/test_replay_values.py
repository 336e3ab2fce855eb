"""The pure parts of a replay: overwritten text, budgets, parameters, names."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.replay.budget import Budget, first_of_stream, shorten_error
from recrate.replay.parameters import read_value
from recrate.replay.streams import overwrite


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\rX", "Xbc"),
        ("10%\r100%\n", "100%\n"),
        ("line\r\nnext", "line\nnext"),
        ("ab\bc", "ac"),
        ("a\n\bb", "a\nb"),
        ("bar\r", "bar\r"),
        ("", ""),
    ],
)
def test_text_is_what_a_terminal_shows(text: str, shown: str) -> None:
    assert overwrite(text) == shown


@given(st.text())
def test_overwriting_twice_changes_nothing_more(text: str) -> None:
    once = overwrite(text)
    assert overwrite(once) == once


@given(st.text(st.characters(exclude_characters="\r\b")))
def test_text_without_overwriting_is_left_alone(text: str) -> None:
    assert overwrite(text) == text


def test_a_long_line_takes_no_longer_than_its_length() -> None:
    begun = time.monotonic()
    overwrite("x" * 3_000_000)
    overwrite("x" * 1_000_000 + "\r" + "y" * 1_000_000)
    assert time.monotonic() - begun < 5


@given(st.text(), st.integers(0, 60), st.booleans())
def test_the_beginning_of_a_stream_is_a_beginning(text: str, length: int, escaped: bool) -> None:
    content = json.dumps({"name": "stderr", "text": text}, ensure_ascii=escaped)
    found = first_of_stream(content.encode("utf-8", "surrogatepass"), length)
    assert found is not None
    assert found["name"] == "stderr"
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert text.startswith(found["text"].rstrip("\ud83d")) or found["text"] in text


@given(st.lists(st.integers(0, 5000)))
def test_a_budget_is_never_overdrawn(sizes: list[int]) -> None:
    budget = Budget(limit_bytes=8000)
    refused = [size for size in sizes if not budget.take(size)]
    assert budget.held <= 8000
    assert budget.cut == bool(refused)


def test_an_error_is_shortened_and_keeps_both_ends() -> None:
    found = shorten_error({"ename": "E", "evalue": "a" + "x" * 10**6 + "z", "traceback": ["t"] * 3})
    assert len(found["evalue"]) < 25_000
    assert found["evalue"][0] == "a"
    assert found["evalue"][-1] == "z"
    assert found["traceback"] == ["t"] * 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("007", 7),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("True", True),
        ("None", None),
        ("null", None),
        ("[1, 2]", [1, 2]),
        ("abc", "abc"),
        ("1_000", "1_000"),
        ('"5"', "5"),
        ("", ""),
    ],
)
def test_parameters_are_what_was_meant(text: str, value: object) -> None:
    found = read_value(text)
    assert found == value
    assert type(found) is type(value)
