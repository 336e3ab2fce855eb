"""stderr is no result, but what a test runner says there is one."""

import pytest

from recrate.compare.numbers import agree
from recrate.compare.outcome import Terms
from recrate.compare.stderr import compare_stderr
from recrate.model.policy import Tolerance

PASSED = "test_a (__main__.Low) ... ok\n\n-----\nRan 14 tests in 0.074s\n\nOK\n"
FAILED = (
    "test_a (__main__.Low) ... ERROR\n\n=====\nERROR: test_a (__main__.Low)\n-----\n"
    "Traceback (most recent call last):\nTypeError: x\n\n"
    "Ran 14 tests in 0.1s\n\nFAILED (errors=1)\n"
)


@pytest.mark.parametrize(
    ("recorded", "rerun", "verdict"),
    [
        (PASSED, FAILED, "different"),
        (FAILED, FAILED.replace("errors=1", "errors=2"), "skipped"),
        (FAILED, PASSED, "skipped"),
        (PASSED, PASSED.replace("0.074s", "0.101s"), "equivalent"),
        ("", "INFO: reading a.csv\n", "skipped"),
    ],
)
def test_tests_that_only_fail_in_the_rerun_are_a_difference(recorded, rerun, verdict):
    outcome = compare_stderr(recorded, rerun, Terms(), "lenient")
    assert outcome.verdict.value == verdict
    if verdict == "different":
        assert "ERROR: test_a" in outcome.reason


def test_neighbours_in_the_last_place_agree_across_a_power_of_ten_too():
    tolerance = Tolerance()
    assert agree("1.00000", "0.99999", tolerance)
    assert agree("-9.99999", "-10.00000", tolerance)
    assert not agree("1.00000", "0.99998", tolerance)
    assert not agree("1.000", "0.999", tolerance)
