"""Values go out as JSON and come back the same; what is not ours is refused by name."""

import pytest

from recrate.model.crate import identity_of
from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity, find, worst
from recrate.model.policy import Policy, Tolerance, Waiver
from recrate.model.wire import from_json, to_json


def test_a_value_comes_back_as_it_went_out():
    policy = Policy(
        name="厳密",
        tolerance=Tolerance(relative=0.0),
        waivers=(Waiver(path="a.ipynb", cell=1, output=0, reason="known"),),
    )
    assert from_json(to_json(policy), Policy) == policy


def test_an_unknown_key_is_refused_by_its_name():
    with pytest.raises(BadInput, match="tolerence"):
        from_json('{"name": "x", "tolerence": {}}', Policy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"tolerance": 3}',
        "[" * 100_000,
        '{"name": 3}',
        '{"tolerance": {"relative": "1"}}',
        '{"tolerance": {"relative": true}}',
    ],
)
def test_text_that_is_no_such_value_is_bad_input(text):
    with pytest.raises(BadInput):
        from_json(text, Policy)


def test_the_place_of_a_finding_reads_as_words():
    found = find(Severity.ERROR, "absolute-path", "no", path="a.ipynb", cell=3, line=2)
    assert found.where == "a.ipynb, cell 3, line 2"
    assert from_json(to_json(found), Finding) == found


def test_the_heaviest_finding_counts():
    note, error = find(Severity.NOTE, "a", "x"), find(Severity.ERROR, "b", "y")
    assert worst((note, error)) is Severity.ERROR
    assert worst((note,)) is Severity.NOTE
    assert worst(()) is None


def test_the_identity_is_of_the_payload_and_nothing_else():
    payload = [("b.csv", "1" * 64), ("a.ipynb", "2" * 64)]
    own = [("ro-crate-metadata.json", "3" * 64), ("ro-crate-preview.html", "4" * 64)]
    assert identity_of(payload) == identity_of([*reversed(payload), *own])
    assert identity_of(payload) != identity_of([("b.csv", "1" * 64), ("a.ipynb", "5" * 64)])
    assert identity_of(payload) != identity_of([("c.csv", "1" * 64), ("a.ipynb", "2" * 64)])
