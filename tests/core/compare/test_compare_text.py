"""What printed text says again, and what it does not."""

import time

import pytest

from recrate.compare.outcome import Terms
from recrate.compare.text import compare_text


@pytest.mark.parametrize(
    ("recorded", "rerun"),
    [
        ("<a.Fit object at 0x7f1234567890>", "<a.Fit object at 0x7f0034567abc>"),
        ("Wall time: 3 s\n5", "5"),
        ("loss 0.5 took 1.2 s", "loss 0.5 took 900 ms"),
        ("[1. 2.]", "[1.  2.]"),
        ("np.float64(0.5)", "0.5"),
        ("{'a', 'b'}", "{'b', 'a'}"),
        ("(<Quantity(0.5, 'meter ** 2')>,)", '(Quantity(0.5, "meter ** 2"),)'),
        ("chi2 = 1.234567", "chi2 = 1.234568"),
        ("nan 3.0", "NaN 3.0"),
        (" 10%|█    | 1/10 [00:00<00:01, 9.1it/s]\rdone", "done"),
        ("/home/a/s/x.csv", "C:\\Users\\b\\s\\x.csv"),
    ],
)
def test_what_never_repeats_is_no_difference(recorded: str, rerun: str) -> None:
    assert compare_text(recorded, rerun, Terms()).verdict == "equivalent"


@pytest.mark.parametrize(
    ("recorded", "rerun"),
    [
        ("chi2 = 0.1235", "chi2 = 0.1236"),
        ("n = 120", "n = 121"),
        ("2020-01-01  3.5\n2020-01-02  4.5", "2020-01-01  3.5\n2020-01-03  4.5"),
        ("time: 3.2", "time: 3.3"),
        ("half-life 3.2 s", "half-life 3.3 s"),
        ("0xff", "0xfe"),
        ("a\nb\nc", "a\nc"),
        ("converged", "diverged"),
        ("x = 1.5", "x = -1.5"),
        ("{'a': 1}", "{'a': 2}"),
        ("/home/a/x.csv", "/home/a/y.csv"),
        ("nan", "1.0"),
        ("1e5", "1e6"),
    ],
)
def test_a_result_that_changed_is_different(recorded: str, rerun: str) -> None:
    assert compare_text(recorded, rerun, Terms()).verdict == "different"


def test_timings_are_forgiven_where_the_code_reads_a_clock() -> None:
    measured = Terms(source="t = time.time(); f(); print('time:', time.time() - t)")
    assert compare_text("time: 3.2", "time: 3.3", measured).verdict == "equivalent"


def test_the_reason_counts_numbers_and_names_the_line() -> None:
    outcome = compare_text("a 1.0\nb 2.0 3.0", "a 1.0\nb 2.2 3.0", Terms())
    assert outcome.reason == "1 of 2 numbers differ, largest by 10 % at line 2: 2.0 became 2.2"


def test_the_rule_that_mattered_is_named() -> None:
    outcome = compare_text("f at 0x7f1234567890", "f at 0x7f1234567891", Terms())
    assert outcome.rules == ("memory addresses",)
    assert outcome.reason == "same after ignoring memory addresses"


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 200_000,
        "'" * 200_001,
        "/home/" * 50_000,
        "1" * 1_000_000,
        "0x" * 200_000,
        "\x1b[" * 200_000,
        "took " * 100_000,
        "Text(" * 100_000,
        "<a " * 100_000,
        "12:" * 200_000,
        "1.5 s " * 100_000,
        "100%|" * 100_000,
    ],
)
def test_hostile_text_costs_linear_time(hostile: str) -> None:
    began = time.perf_counter()
    compare_text(hostile + "a", hostile + "b", Terms(source="time.time() now() !ls"))
    assert time.perf_counter() - began < 20


def test_ten_megabytes_of_numbers_are_compared_in_seconds() -> None:
    lines = [f"{number} {number * 0.37:.6f} kelvin" for number in range(400_000)]
    recorded = "\n".join(lines)
    lines[200_000] = "200000 1.5 kelvin"
    lines[10] += " "
    lines[-1] += " "
    began = time.perf_counter()
    outcome = compare_text(recorded, "\n".join(lines), Terms())
    assert outcome.verdict == "different"
    assert "at line 200001" in outcome.reason
    assert time.perf_counter() - began < 20
