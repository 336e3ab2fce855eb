"""What a study claims: the verdict leads with it, and says of each result whether it holds."""

from typing import Any

from core.compare.test_compare_judge import cell, notebook, observed, stream
from recrate.compare.judge import judge
from recrate.model.policy import Policy
from recrate.model.verdict import Judgement, Verdict
from recrate.report.text import summarise

CLAIMED = {"recrate": {"claim": "Table  1:\nthe mean"}}
TAGGED = {"tags": ["recrate-claim"]}


def judged(recorded: Any, *reruns: Any, status: Any = "completed") -> Verdict:
    seen = [observed(status) for _ in reruns]
    return judge({"a.ipynb": recorded}, seen, [{"a.ipynb": one} for one in reruns], Policy())


def test_the_claims_are_told_first_with_what_became_of_each():
    recorded = notebook(
        cell("1", stream("1\n"), **CLAIMED),
        cell("2", stream("2\n")),
        cell("3", stream("3\n"), **TAGGED),
        cell("4", **TAGGED),
    )
    rerun = notebook(
        cell("1", stream("1\n")),
        cell("2", stream("two\n")),
        cell("3", stream("three\n")),
        cell("4"),
    )
    verdict = judged(recorded, rerun)
    assert [(one.cell, one.title, one.verdict, one.holds) for one in verdict.claims] == [
        (0, "Table 1: the mean", Judgement.IDENTICAL, True),
        (2, "", Judgement.DIFFERENT, False),
        (3, "", Judgement.RAN, False),
    ]
    assert verdict.claims[1].reason
    assert verdict.sentence.startswith("Different: claimed results that hold: 1 of 3; 3 of 3 ")
    told = summarise(verdict).splitlines()
    assert told[1] == "  Claimed results that hold: 1 of 3."
    assert told[2].startswith("    a.ipynb, cell 2: Different: ")
    assert told[4] == "    Table 1: the mean (a.ipynb, cell 0): Identical"
    assert "3 件中 1 件" in summarise(verdict, language="ja")


def test_a_claim_that_is_not_the_same_twice_holds_for_nobody():
    recorded = notebook(cell("1", stream("0.1\n"), **TAGGED))
    reruns = [notebook(cell("1", stream(text))) for text in ("0.2\n", "0.3\n")]
    (claim,) = judged(recorded, *reruns).claims
    assert (claim.verdict, claim.holds) == (Judgement.RAN, False)
    assert "reruns differ" in claim.reason


def test_a_claim_that_was_never_reached_does_not_hold():
    recorded = notebook(cell("1/0"), cell("2", stream("2\n"), **TAGGED))
    (claim,) = judged(recorded, notebook(cell("1/0"), cell("2")), status="failed").claims
    assert (claim.verdict, claim.holds) == (Judgement.FAILED, False)


def test_a_study_without_claims_is_told_as_ever():
    recorded = notebook(cell("1", stream("1\n"), recrate={"claim": False}))
    verdict = judged(recorded, recorded)
    assert verdict.claims == ()
    assert "claim" not in verdict.sentence + summarise(verdict)
