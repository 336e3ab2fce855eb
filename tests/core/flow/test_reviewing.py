"""Reviewing a run: paging, one output, accepting and waiving, and what a crash leaves behind."""

import json
import multiprocessing
import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recrate.crate.read import read_crate
from recrate.flow.judging import judge_folder
from recrate.flow.reviewing import list_outputs, show_output, unwaive, waive
from recrate.flow.work import ReplayFolder, ReplayHead
from recrate.model.crate import Crate
from recrate.model.errors import BadInput, NotFound
from recrate.model.observation import NotebookObservation, Observation, RunError
from recrate.model.policy import Policy, Tolerance, Waiver, WaiverKind
from recrate.model.verdict import Judgement, OutputJudgement
from recrate.model.wire import from_json, to_json
from report_accounts import data, notebook, of_data, png

NOW = "2026-01-02T09:00:00+09:00"
JUDGED = ("policy.json", "verdict.json", "report.html", "ro-crate-metadata.json")


def replayed(
    root: Path,
    recorded: dict[str, Any],
    rerun: dict[str, Any],
    *,
    failed: dict[str, RunError] | None = None,
) -> Path:
    """Return a replay's folder as it lies when all was observed, judged once."""
    folder = ReplayFolder(root=root)
    folder.write_head(
        ReplayHead(
            recrate="recrate 0.1.0",
            crate="0" * 64,
            crate_name="Tides",
            location="tides.crate.zip",
            notebooks=tuple(recorded),
            repeats=1,
        )
    )
    folder.write_recorded(recorded)
    folder.write_crate(
        Crate(
            location="tides.crate.zip",
            identity="0" * 64,
            name="Tides",
            files=(),
            notebooks=tuple(recorded),
            references=(),
            lock=None,
            metadata={"@graph": []},
        )
    )
    seen = []
    for path, executed in rerun.items():
        place = folder.observation(0) / "notebooks" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(executed))
        error = (failed or {}).get(path)
        seen.append(
            NotebookObservation(
                path=path,
                status="failed" if error else "completed",
                seconds=1.0,
                rerun=f"notebooks/{path}",
                error=error,
            )
        )
    folder.write_observation(
        Observation(
            crate="0" * 64,
            crate_name="Tides",
            repeat=0,
            agent="recrate 0.1.0",
            started="2026-01-01T00:00:00+00:00",
            ended="2026-01-01T00:01:00+00:00",
            runner="local",
            sandbox="none",
            environment=None,
            notebooks=tuple(seen),
        )
    )
    judge_folder(root, policy=Policy(), agent="recrate 0.1.0", language=None)
    return root


@pytest.fixture
def run(tmp_path):
    """Two notebooks: text that differs, a picture that differs, one that holds, one added."""
    first = notebook(
        [data(text_plain="1.25")],
        [of_data(png("navy"))],
        [data(text_plain="same")],
        sources=["x = 1\n" + "#" * 3_000],
    )
    again = notebook(
        [data(text_plain="1.75")],
        [of_data(png("crimson"))],
        [data(text_plain="same"), data(text_plain="new")],
    )
    second, other = notebook([data(text_plain="5")]), notebook([data(text_plain="6")])
    return replayed(
        tmp_path / "run",
        {"a.ipynb": first, "b.ipynb": second},
        {"a.ipynb": again, "b.ipynb": other},
    )


def waiver(**changes: Any) -> Waiver:
    return replace(Waiver(path="a.ipynb", cell=0, output=0, reason="another seed"), **changes)


def entities(run: Path) -> dict[str, Any]:
    document = json.loads((run / "ro-crate-metadata.json").read_text())
    return {entity["@id"]: entity for entity in document["@graph"]}


def test_outputs_come_in_order_with_counts_of_the_run_and_of_the_filter(run):
    page = list_outputs(run)
    places = [(row.notebook, row.cell, row.output, row.verdict.value) for row in page.outputs]
    assert places == [
        ("a.ipynb", 0, 0, "different"),
        ("a.ipynb", 1, 0, "different"),
        ("a.ipynb", 2, 0, "identical"),
        ("a.ipynb", 2, 1, "added"),
        ("b.ipynb", 0, 0, "different"),
    ]
    assert page.counts == {"identical": 1, "different": 3, "added": 1}
    filtered = list_outputs(run, notebook="a.ipynb", verdicts=("different", "added"))
    assert filtered.counts == page.counts
    assert (filtered.all, filtered.total) == (5, 3)
    assert filtered.filtered == {"different": 2, "added": 1}
    assert list_outputs(run, offset=4, limit=3).outputs == page.outputs[4:]
    assert list_outputs(run, offset=99).outputs == ()


def test_a_row_says_what_a_list_needs(run):
    first, picture, *_ = list_outputs(run).outputs
    assert first.source == ("x = 1\n" + "#" * 3_000)[:2_000]
    assert "1.25 became 1.75" in first.reason
    assert "1.25 → 1.75" in first.reason_ja
    assert (first.picture, first.difference) == (False, False)
    assert (picture.mime, picture.picture, picture.difference) == ("image/png", True, True)
    assert (picture.rerun_cell, picture.rerun_output) == (1, 0)


def test_a_page_is_a_value_that_saves_as_json(run):
    waive(run, waiver(), person=None, now=NOW)
    page = list_outputs(run)
    assert from_json(to_json(page), type(page)) == page


def test_the_cell_that_stopped_a_notebook_tells_why(tmp_path):
    recorded = notebook([data(text_plain="1")], [data(text_plain="2")])
    error = RunError(name="KeyError", message="'x'", cell=0)
    run = replayed(
        tmp_path / "run",
        {"a.ipynb": recorded},
        {"a.ipynb": notebook([], [])},
        failed={"a.ipynb": error},
    )
    page = list_outputs(run)
    assert [row.failure is not None for row in page.outputs] == [True, False]
    assert page.failures[0][0] == "a.ipynb"
    assert page.failures[0][1].name == "KeyError"
    unreached = show_output(run, "a.ipynb", 1, 0)
    assert "The run ended before this cell." in unreached


def test_what_is_not_there_is_not_found(run, tmp_path):
    with pytest.raises(NotFound):
        list_outputs(run, notebook="c.ipynb")
    with pytest.raises(NotFound):
        list_outputs(tmp_path / "nothing")
    with pytest.raises(NotFound):
        show_output(run, "a.ipynb", 0, 7)


def test_one_output_is_shown_with_its_difference_picture(run):
    page = show_output(run, "a.ipynb", 1, 0, theme="dark", language="ja")
    assert page.count('src="data:image/png;base64,') == 3
    assert "<script" not in page


def test_a_waived_output_that_is_missing_is_not_shown_beside_another(tmp_path):
    recorded = notebook([of_data(png("navy")), data(text_plain="the result 5")])
    rerun = notebook([data(text_plain="the result 5")])
    run = replayed(tmp_path / "run", {"a.ipynb": recorded}, {"a.ipynb": rerun})
    waive(run, waiver(), person=None, now=NOW)
    page = show_output(run, "a.ipynb", 0, 0)
    assert "The rerun gave nothing here." in page
    assert "the result 5" not in page


def test_a_stranger_s_folder_cannot_show_a_file_outside_of_it(run, tmp_path):
    (tmp_path / "secret.ipynb").write_text(json.dumps(notebook([data(text_plain="secret")])))
    (run / "recorded/a.ipynb").unlink()
    (run / "recorded/a.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert list_outputs(run).outputs[0].source == ""
    with pytest.raises(NotFound):
        show_output(run, "a.ipynb", 0, 0)


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


def state_of(run: Path) -> tuple[bytes | None, ...]:
    ReplayFolder(root=run).settle()
    return tuple((run / name).read_bytes() if (run / name).exists() else None for name in JUDGED)


def test_a_change_cut_off_after_it_was_decided_is_brought_to_its_end(run):
    old = state_of(run)
    waive(run, waiver(), person=None, now=NOW)
    new = state_of(run)
    decided = run / ".recrate-decided"
    for cut in range(len(JUDGED)):
        decided.mkdir()
        for place, name in enumerate(JUDGED):
            (run / name).unlink(missing_ok=True)
            if place < cut:  # moved already
                (run / name).write_bytes(new[place])
                continue
            (decided / name).write_bytes(new[place])
            if old[place] is not None:
                (run / name).write_bytes(old[place])
        assert list_outputs(run).counts["waived"] == 1
        assert state_of(run) == new
        assert not decided.exists()


def test_a_waiver_killed_at_any_moment_leaves_the_old_or_the_new_state(run):
    forked = multiprocessing.get_context("fork")
    old, seen = state_of(run), set()
    for step in range(60):
        child = forked.Process(
            target=waive, args=(run, waiver()), kwargs={"person": None, "now": NOW}
        )
        child.start()
        time.sleep(0.004 * step)
        child.kill()
        child.join()
        state = state_of(run)
        waived = list_outputs(run).counts.get("waived", 0)
        assert (state == old) == (waived == 0)
        seen.add(waived)
        if waived:
            assert entities(run)["#waiver-0"]["description"] == "another seed"
            unwaive(run, "a.ipynb", 0, 0)
            old = state_of(run)
    waive(run, waiver(), person=None, now=NOW)
    assert not list(run.glob(".recrate-*"))
    assert seen == {0, 1}


def test_two_people_at_once_lose_no_waiver(run):
    places = [waiver(), waiver(cell=1), waiver(path="b.ipynb")]
    threads = [
        threading.Thread(target=waive, args=(run, one), kwargs={"person": "A", "now": NOW})
        for one in places
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    policy = ReplayFolder(root=run).read_policy()
    assert {(one.path, one.cell) for one in policy.waivers} == {
        ("a.ipynb", 0),
        ("a.ipynb", 1),
        ("b.ipynb", 0),
    }


def test_ten_thousand_outputs_page_in_well_under_a_second(tmp_path):
    recorded = {
        f"{number:03}.ipynb": notebook(*([data(text_plain="1")] for _ in range(100)))
        for number in range(100)
    }
    rerun = {path: notebook(*([data(text_plain="2")] for _ in range(100))) for path in recorded}
    run = replayed(tmp_path / "run", recorded, rerun)
    began = time.monotonic()
    page = list_outputs(run, verdicts=("different",), offset=9_900, limit=100)
    assert (page.total, len(page.outputs)) == (10_000, 100)
    assert time.monotonic() - began < 2 * (1 + os.getloadavg()[0] / (os.cpu_count() or 1))
    began = time.monotonic()
    list_outputs(run, verdicts=("different",), offset=50, limit=100)
    assert time.monotonic() - began < 0.5


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
