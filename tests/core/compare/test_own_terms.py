"""Tolerances and skips of policies, notebooks and cells: who wins, and what is told of it."""

from dataclasses import replace
from typing import Any

import pytest

from core.compare.test_compare_judge import cell, notebook, observed, result
from recrate.compare.authors import judge_in_the_open
from recrate.model.policies import LOOSE, STRICT, USUAL
from recrate.model.policy import PlaceTolerance, Policy, Tolerance
from recrate.model.verdict import Judgement, OutputVerdict, Verdict
from recrate.report.text import summarise

WIDE = Tolerance(relative=0.5, absolute=0.0)


def judged(recorded: Any, rerun: Any, policy: Policy = USUAL) -> Verdict:
    return judge_in_the_open({"a.ipynb": recorded}, [observed()], [{"a.ipynb": rerun}], policy)


def one_number(said: float, here: Any = None, **metadata: Any) -> Any:
    made = notebook(cell("f()", result(plain=str(said)), **metadata))
    return made | {"metadata": {"recrate": here}} if here is not None else made


def only(verdict: Verdict) -> OutputVerdict:
    (found,) = verdict.notebooks[0].cells[0].outputs
    return found


@pytest.mark.parametrize(
    ("here", "metadata", "whose"),
    [
        ({"tolerance": 0.5}, {}, "tolerance of the notebook: 1e-12 + 0.5 × |recorded|"),
        ({}, {"tags": ["recrate-tolerance-0.5"]}, "tolerance of the cell: 1e-12 + 0.5 ×"),
        ({"tolerance": 9}, {"recrate": {"tolerance": 0.5}}, "tolerance of the cell: 1e-12 + 0.5 ×"),
        ({"tolerance": 0}, {"tags": ["recrate-tolerance-5e-1"]}, "tolerance of the cell: "),
        (
            {"tolerance": {"absolute": 1}},
            {"recrate": {"tolerance": {"relative": 0.1}}},
            "tolerance of the cell: 1 + 0.1 ×",
        ),
    ],
)
def test_the_cell_wins_over_the_notebook_and_it_over_the_policy(here, metadata, whose):
    verdict = judged(one_number(1.0, here, **metadata), one_number(1.3))
    assert only(verdict).verdict.value == "equivalent"
    assert only(verdict).rules[-1].startswith(whose)
    assert verdict.usual is Judgement.DIFFERENT


def test_a_cells_stricter_tolerance_wins_over_a_wider_one_of_its_notebook():
    recorded = one_number(1.0, {"tolerance": 0.5}, recrate={"tolerance": 0.1})
    verdict = judged(recorded, one_number(1.3))
    assert verdict.verdict is Judgement.DIFFERENT
    assert verdict.usual is None


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf"), "0.5", True, None, [1], 10**400])
def test_a_tolerance_that_is_none_is_not_heeded_and_that_is_told(bad):
    verdict = judged(one_number(1.0, {"tolerance": bad}), one_number(1.3))
    assert verdict.verdict is Judgement.DIFFERENT
    assert [one.code for one in verdict.findings] == ["setting-ignored"]


def test_what_a_tolerance_of_the_authors_decided_stands_next_to_the_verdict():
    verdict = judged(one_number(1.0, {"tolerance": 0.5}), one_number(1.3))
    assert verdict.sentence.endswith(
        "Tolerances that the author gave in notebooks decided 1 output; "
        "without it the verdict is: different."
    )
    assert [one.code for one in verdict.findings] == ["authors-terms"]
    second = summarise(verdict).splitlines()[1]
    assert "decided 1 outputs. Without it the verdict is: Different." in second
    assert "これを適用しない場合の判定：相違あり" in summarise(verdict, language="ja")


def test_a_tolerance_that_changed_nothing_is_not_told():
    verdict = judged(one_number(1.0, {"tolerance": 0.5}), one_number(1.00000001))
    assert (
        only(verdict).rules
        == judged(one_number(1.0), one_number(1.00000001)).notebooks[0].cells[0].outputs[0].rules
    )
    assert verdict.usual is None


def test_an_authors_policy_is_told_with_what_the_usual_one_says():
    lax = Policy(name="ours", tolerance=WIDE, stderr="skip", by_author=True)
    verdict = judged(one_number(1.0), one_number(1.3), lax)
    assert verdict.verdict is Judgement.EQUIVALENT
    assert verdict.sentence.endswith(
        "The author's policy: relative 0.5 instead of 1e-06, standard error is not compared; "
        "without it the verdict is: different."
    )
    assert verdict.findings[0].severity.value == "warning"
    told = summarise(verdict).splitlines()
    assert told[1].startswith("  The author’s policy: relative 0.5 instead of 1e-06, ")
    assert "  Policy: ours, the author’s" in told
    assert judged(one_number(1.0), one_number(1.3)).verdict is Judgement.DIFFERENT


def test_a_policy_of_the_reader_is_not_told_as_the_authors():
    verdict = judged(one_number(1.0), one_number(1.3), replace(LOOSE, tolerance=WIDE, name="x"))
    assert verdict.verdict is Judgement.EQUIVALENT
    assert verdict.usual is None


def test_the_strict_policy_heeds_neither_tolerances_nor_skips():
    recorded = one_number(1.0, {"tolerance": 0.5, "skip": True})
    assert judged(recorded, one_number(1.3)).verdict is Judgement.RAN
    assert judged(recorded, one_number(1.3), STRICT).verdict is Judgement.DIFFERENT
    assert judged(one_number(1.0), one_number(1.0), STRICT).verdict is Judgement.IDENTICAL


def test_expensive_cells_were_not_run_whatever_the_policy_says():
    recorded = one_number(1.0, tags=["recrate-expensive"])
    assert only(judged(recorded, one_number(1.3), STRICT)).verdict.value == "skipped"


def test_a_cell_may_be_compared_in_a_notebook_that_is_not():
    recorded = notebook(
        cell("f()", result(plain="1")), cell("g()", result(plain="2"), recrate={"skip": False})
    ) | {"metadata": {"recrate": {"skip": True}}}
    rerun = notebook(cell("f()", result(plain="7")), cell("g()", result(plain="8")))
    found = [one.outputs[0] for one in judged(recorded, rerun).notebooks[0].cells]
    assert [one.verdict.value for one in found] == ["skipped", "different"]
    assert found[0].reason == "the author marked this notebook as not to be compared"


@pytest.mark.parametrize(
    ("places", "rule"),
    [
        ([PlaceTolerance(path="*.ipynb", tolerance=WIDE)], "tolerance of the policy for *.ipynb: "),
        (
            [
                PlaceTolerance(path="a*", cell="t", tolerance=WIDE),
                PlaceTolerance(path="a*", tolerance=Tolerance()),
            ],
            "tolerance of the policy for a*, cell t: ",
        ),
        ([PlaceTolerance(path="a.ipynb", cell="0", tolerance=WIDE)], "tolerance of the policy for"),
        (
            [
                PlaceTolerance(path="a.ipynb", tolerance=Tolerance()),
                PlaceTolerance(path="a.ipynb", tolerance=WIDE),
            ],
            "tolerance of the policy for a.ipynb: ",
        ),
    ],
)
def test_a_policy_has_tolerances_for_notebooks_and_cells(places, rule):
    policy = Policy(name="x", places=tuple(places))
    verdict = judged(one_number(1.0, tags=["t"]), one_number(1.3), policy)
    assert only(verdict).rules[-1].startswith(rule)
    elsewhere = Policy(name="x", places=(PlaceTolerance(path="b*", tolerance=WIDE),))
    assert judged(one_number(1.0), one_number(1.3), elsewhere).verdict is Judgement.DIFFERENT
