"""Accepting and waiving differences, and withdrawing that."""

import json
from dataclasses import replace

import pytest

from recrate.crate.read import read_crate
from recrate.flow.judging import judge_folder
from recrate.flow.reviewing import list_outputs
from recrate.flow.waiving import unwaive, waive
from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput, NotFound
from recrate.model.policy import Policy, Tolerance, WaiverKind
from recrate.model.verdict import Judgement, OutputJudgement
from replayed_folders import entities, waiver

NOW = "2026-01-02T09:00:00+09:00"


@pytest.mark.parametrize("kind", list(WaiverKind))
def test_a_waiver_is_told_in_verdict_report_and_run_crate(run, kind):
    verdict = waive(run, waiver(kind=kind), person="青井", now=NOW)
    assert verdict.coverage.waived == 1
    assert verdict.coverage.compared == verdict.coverage.outputs - 1
    row = list_outputs(run, verdicts=("waived",)).outputs[0]
    assert row.waiver == waiver(kind=kind, person="青井", date=NOW)
    word = {"accept": "accepted", "waive": "waived"}[kind.value]
    assert row.reason.startswith(f"{word} by 青井 on 2026-01-02: another seed (was different: ")
    report = (run / "report.html").read_text()
    assert "青井" in report
    assert "another seed" in report
    told = entities(run)
    assert told["#waiver-0"]["description"] == "another seed"
    assert told["#waiver-0"]["endTime"] == "2026-01-02T00:00:00+00:00"
    assert told[told["#waiver-0"]["agent"]["@id"]]["name"] == "青井"
    assert {"@id": "#waiver-0"} in told["#verdict"]["result"]
    assert "policy.json" in told
    assert read_crate(run).findings == ()


def test_a_study_whose_differences_were_all_taken_on_is_as_good_as_the_rest(run):
    for row in list_outputs(run, verdicts=("different",)).outputs:
        place = waiver(path=row.notebook, cell=row.cell, output=row.output)
        verdict = waive(run, place, person=None, now=NOW)
    assert verdict.verdict is Judgement.IDENTICAL
    assert verdict.sentence == (
        "Identical: 1 of 4 outputs compared, 1 identical; 3 waived, 1 added."
    )
    assert verdict.notebooks[1].verdict is Judgement.RAN


def test_withdrawing_brings_the_difference_back(run):
    before = json.loads((run / "verdict.json").read_text())
    waive(run, waiver(), person=None, now=NOW)
    unwaive(run, "a.ipynb", 0, 0)
    assert json.loads((run / "verdict.json").read_text()) == before
    assert "#waiver-0" not in entities(run)
    with pytest.raises(NotFound):
        unwaive(run, "a.ipynb", 0, 0)


def test_a_second_waiver_of_one_output_takes_the_place_of_the_first(run):
    waive(run, waiver(), person="A", now=NOW)
    verdict = waive(run, waiver(reason="on second thoughts"), person="B", now=NOW)
    assert [one.reason for one in verdict.policy.waivers] == ["on second thoughts"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " \n"}, "needs a reason"),
        ({"reason": "x" * 2_001}, "needs a reason"),
        ({"cell": 2}, "holds"),
        ({"cell": 2, "output": 1}, "only the rerun"),
        ({"cell": 9}, "no output"),
    ],
)
def test_a_waiver_that_would_claim_nothing_is_refused_and_writes_nothing(run, changes, said):
    before = {path: path.read_bytes() for path in run.iterdir() if path.is_file()}
    with pytest.raises(BadInput, match=said):
        waive(run, waiver(**changes), person=None, now=NOW)
    assert {path: path.read_bytes() for path in run.iterdir() if path.is_file()} == before


def test_an_output_that_holds_can_be_left_unjudged(run):
    verdict = waive(run, waiver(cell=2, kind=WaiverKind.WAIVE), person=None, now=NOW)
    assert verdict.notebooks[0].cells[2].outputs[0].verdict is OutputJudgement.WAIVED


def test_the_folder_keeps_its_waivers_when_it_is_judged_again(run):
    waive(run, waiver(), person=None, now=NOW)
    again = judge_folder(run, policy=Policy(name="other"), agent="recrate 0.1.0", language=None)
    assert again.coverage.waived == 1
    chosen = Policy(name="mine", tolerance=Tolerance(relative=1))
    strict = judge_folder(run, policy=Policy(), agent="recrate 0.1.0", language=None, chosen=chosen)
    assert strict.policy == chosen
    assert strict.coverage.waived == 0
    assert ReplayFolder(root=run).read_policy() == replace(Policy(), waivers=(waiver(date=NOW),))


def test_a_waiver_that_meets_no_difference_is_named(run):
    idle = Policy(waivers=(waiver(cell=2), waiver(path="gone.ipynb")))
    verdict = judge_folder(run, policy=Policy(), agent="t 1", language=None, chosen=idle)
    assert [(one.code, one.path) for one in verdict.findings] == [
        ("waiver-idle", "a.ipynb"),
        ("waiver-idle", "gone.ipynb"),
    ]
    assert verdict.coverage.waived == 0


def test_the_command_line_accepts_withdraws_and_says_what_it_needs(recrate, run):
    place = "a.ipynb:0:0"
    done = recrate(
        "judge", run, "--waive", place, "--reason", "another seed", "--person", "Aoi", "--json"
    )
    assert done.code == 1, done.error
    assert done.document["coverage"]["waived"] == 1
    kept = ReplayFolder(root=run).read_policy().waivers
    assert [(one.person, one.kind, one.reason) for one in kept] == [
        ("Aoi", WaiverKind.ACCEPT, "another seed")
    ]
    again = recrate("judge", run, "--unwaive", place, "--json")
    assert again.document["coverage"]["waived"] == 0
    for wrong in (["--waive", place], ["--waive", "a.ipynb", "--reason", "x"]):
        answer = recrate("judge", run, *wrong)
        assert answer.code == 2
        assert "hint:" in answer.error
