"""Claims as a list in a notebook's metadata: cells and outputs by id, index or tag."""

from typing import Any

import pytest

from core.compare.test_compare_judge import cell, notebook, observed, result
from recrate.compare.judge import judge
from recrate.model.policies import USUAL
from recrate.model.verdict import Claim, Verdict
from recrate.report.claims import claim_place, claim_title
from recrate.report.text import summarise


def judged(recorded: Any, *numbers: Any) -> Verdict:
    rerun = notebook(*(cell("f()", *(result(plain=one) for one in each)) for each in numbers))
    return judge({"a.ipynb": recorded}, [observed()], [{"a.ipynb": rerun}], USUAL)


def study(*claims: Any) -> Any:
    first = cell("f()", result(plain="1"), result(plain="2")) | {"id": "fig-2"}
    second = cell("f()", result(plain="3"), tags=["table"]) | {"id": "b"}
    return notebook(first, second) | {"metadata": {"recrate": {"claims": list(claims)}}}


def told(one: Claim) -> tuple[Any, ...]:
    return (one.cell, one.output, one.verdict.value)


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ({"cell": "fig-2"}, (0, None, "different")),
        ({"cell": "fig-2", "output": 0}, (0, 0, "identical")),
        ({"cell": "fig-2", "output": 1}, (0, 1, "different")),
        ({"cell": 0, "output": 0}, (0, 0, "identical")),
        ({"cell": "1"}, (1, None, "identical")),
        ({"cell": "table", "output": 0}, (1, 0, "identical")),
    ],
)
def test_a_claim_is_a_cell_or_one_output_of_it(claim, wanted):
    verdict = judged(study(claim), ["1", "9"], ["3"])
    assert [told(one) for one in verdict.claims] == [wanted]
    assert not [one for one in verdict.findings if one.code == "claim-not-found"]


@pytest.mark.parametrize(
    "claim", [{"cell": "gone"}, {"cell": 7}, {"cell": "fig-2", "output": 5}, {"cell": -1}]
)
def test_a_claim_of_what_is_not_there_is_told_and_claims_nothing(claim):
    verdict = judged(study(claim), ["1", "2"], ["3"])
    assert verdict.claims == ()
    assert [one.code for one in verdict.findings] == ["claim-not-found"]


@pytest.mark.parametrize(
    "claim",
    [7, None, {}, {"cell": True}, {"cell": ""}, {"cell": [1]}, {"cell": 0, "output": -1},
     {"cell": 0, "output": True}, {"cell": 0, "output": "0"}, {"cell": 0, "title": 3}],
)  # fmt: skip
def test_a_line_that_is_no_claim_is_told_and_the_others_stand(claim):
    verdict = judged(study(claim, {"cell": 1}), ["1", "2"], ["3"])
    assert [told(one) for one in verdict.claims] == [(1, None, "identical")]
    assert [one.code for one in verdict.findings] == ["setting-ignored"]


def test_a_tag_that_two_cells_have_names_neither():
    two = notebook(cell("f()", result(plain="1"), tags=["t"]), cell("g()", tags=["t"]))
    two["metadata"] = {"recrate": {"claims": [{"cell": "t"}]}}
    verdict = judged(two, ["1"], [])
    assert verdict.claims == ()
    assert verdict.findings[0].code == "claim-not-found"


def test_the_verdict_leads_with_listed_claims_in_both_languages():
    claim = {"cell": "fig-2", "output": 1, "title": "Figure 2", "title_ja": "図 2"}
    verdict = judged(study(claim, {"cell": 1, "title": "Table 1"}), ["1", "9"], ["3"])
    assert verdict.sentence.startswith("Different: claimed results that hold: 1 of 2; ")
    lines = summarise(verdict).splitlines()
    assert lines[2].startswith("    Figure 2 (a.ipynb, cell 0, output 1): Different: ")
    assert "図 2" in summarise(verdict, language="ja")
    assert claim_title(verdict.claims[1], "ja") == "Table 1"
    assert claim_place(verdict.claims[0], "ja") == "a.ipynb、セル 0、出力 1"


def test_a_notebook_claims_all_of_its_cells_but_those_that_say_no():
    recorded = notebook(
        cell("f()", result(plain="1")),
        cell("g()"),
        cell("h()", result(plain="2"), recrate={"claim": False}),
        cell("i()", result(plain="3"), recrate={"claim": "Own"}),
    ) | {"metadata": {"recrate": {"claim": "All"}}}
    verdict = judged(recorded, ["1"], [], ["2"], ["3"])
    assert [(one.cell, one.title) for one in verdict.claims] == [(0, "All"), (3, "Own")]
