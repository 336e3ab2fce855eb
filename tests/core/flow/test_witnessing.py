"""What a reviewer ran by hand becomes a verdict: of what was run as published, and says so."""

import json
from typing import Any

import pytest

from opened_sessions import published
from recrate.flow.replay import Replayed
from recrate.model.errors import BadInput, NotFound
from recrate.model.verdict import Judgement, OutputJudgement
from recrate.model.witness import Reviewer
from report_accounts import data


def notes_of(done: Replayed, path: str = "a.ipynb") -> list[str]:
    seen = done.observations[0].notebooks
    return next(list(one.notes) for one in seen if one.path == path)


def test_what_came_out_the_same_is_identical_and_the_notebook_not_run_is_left_out(opened, review):
    opened.save("a.ipynb")
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert (done.verdict.coverage.outputs, done.verdict.coverage.compared) == (3, 3)
    assert [one.path for one in done.verdict.notebooks] == ["a.ipynb"]
    assert notes_of(done) == []
    assert "not run by the reviewer, left out: b.ipynb" in done.observations[0].notes


def test_a_changed_cell_is_named_and_not_judged(opened, review):
    def change(document: Any) -> None:
        document["cells"][0] |= {"source": "x = 1.25 * 2\nx", "outputs": [data(text_plain="2.5")]}

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert done.verdict.coverage.skipped == 1
    output = done.verdict.notebooks[0].cells[0].outputs[0]
    assert output.verdict is OutputJudgement.SKIPPED
    assert output.reason == "not judged: the reviewer changed this cell"
    assert notes_of(done) == ["changed by the reviewer, not judged: cells 0"]


def test_blanks_at_the_ends_of_lines_change_nothing(opened, review):
    opened.save("a.ipynb", lambda found: found["cells"][0].update(source="x = 1.25  \nx\n"))
    assert review().verdict.coverage.compared == 3


def test_another_output_is_different(opened, review):
    def change(document: Any) -> None:
        document["cells"][0]["outputs"] = [data(text_plain="1.75")]

    opened.save("a.ipynb", change)
    done = review(opinion="doubts")
    assert done.verdict.verdict is Judgement.DIFFERENT
    assert done.verdict.coverage.different == 1


def test_cells_run_out_of_order_are_named(opened, review):
    opened.save("a.ipynb", lambda found: found["cells"][0].update(execution_count=40))
    assert notes_of(review()) == ["run out of order: cell 0 as number 40, cell 1 as 12"]


def test_cells_not_run_cleared_or_deleted_are_named_and_do_not_lower_the_verdict(opened, review):
    def change(document: Any) -> None:
        document["cells"][1] |= {"execution_count": None, "outputs": []}
        del document["cells"][2]

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert done.verdict.coverage.skipped == 2
    assert notes_of(done) == [
        "deleted by the reviewer, not judged: cells 2",
        "not run by the reviewer, not judged: cells 1",
    ]


def test_a_notebook_that_nobody_ran_is_no_evidence(review, tmp_path):
    with pytest.raises(BadInput, match="no notebook was run") as refused:
        review()
    assert "save them" in refused.value.hint
    assert not (tmp_path / "run").exists()


def test_what_the_server_saw_counts_where_the_saved_notebook_is_as_published(opened, review):
    opened.see("a.ipynb", 0, "x = 1.25\nx", 1)
    done = review()
    assert done.verdict.coverage.compared == 1
    assert notes_of(done) == ["not run by the reviewer, not judged: cells 1, 2"]


def test_a_cell_that_was_run_but_not_saved_is_not_judged_by_what_the_author_recorded(
    opened, review
):
    opened.see("a.ipynb", 0, "x = 1.25\nx", 7)
    opened.see("a.ipynb", 1, "show(x)", 2)
    done = review()
    assert done.verdict.coverage.compared == 2
    assert "run, but not saved afterwards, not judged: cells 0" in notes_of(done)


def test_outputs_of_another_source_are_not_taken_for_the_published_ones(opened, review):
    opened.save("a.ipynb")
    opened.see("a.ipynb", 0, "x = 1.25 # a trick\nx", 11)
    assert notes_of(review()) == ["last run with another source, not judged: cells 0"]


def test_times_that_jupyter_noted_tell_that_a_cell_was_run(opened, review):
    def change(document: Any) -> None:
        for cell, recorded in zip(document["cells"], published()["cells"], strict=True):
            cell["execution_count"] = recorded["execution_count"]
        ran = {"iopub.execute_input": "2026-03-01T09:30:00+00:00"}
        document["cells"][0]["metadata"]["execution"] = ran
        old = {"iopub.execute_input": "2026-02-01T09:30:00+00:00"}
        document["cells"][1]["metadata"]["execution"] = old

    opened.save("a.ipynb", change)
    assert notes_of(review()) == ["not run by the reviewer, not judged: cells 1, 2"]


def test_an_unrecorded_error_fails_the_notebook_and_what_was_run_behind_it_is_judged(
    opened, review
):
    def change(document: Any) -> None:
        error = {
            "output_type": "error",
            "ename": "KeyError",
            "evalue": "'x'",
            "traceback": ["\x1b[31mat x"],
        }
        document["cells"][0]["outputs"] = [error]

    opened.save("a.ipynb", change)
    done = review()
    (judged,) = done.verdict.notebooks
    assert done.verdict.verdict is Judgement.FAILED
    assert (judged.error.name, judged.error.cell) == ("KeyError", 0)
    assert done.verdict.coverage.identical == 2
    assert done.observations[0].notebooks[0].error.traceback == "at x"


def test_an_error_in_a_cell_that_the_reviewer_added_is_no_failure_of_the_study(opened, review):
    def change(document: Any) -> None:
        error = {"output_type": "error", "ename": "NameError", "evalue": "z", "traceback": []}
        mine = dict(document["cells"][2], id="mine", source="z", outputs=[error])
        document["cells"].insert(1, mine)

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert notes_of(done)[0] == "added and run by the reviewer: 1 cells"


def test_notebooks_that_cannot_be_judged_are_left_out_with_a_note(opened, review, tmp_path):
    opened.save("a.ipynb")
    (opened.study / "b.ipynb").unlink()
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps(published()))
    (opened.study / "b.ipynb").symlink_to(secret)
    (opened.study / "extra.ipynb").write_text("{}")
    done = review()
    assert "no longer in the session, left out: b.ipynb" in done.observations[0].notes
    assert [one.path for one in done.verdict.notebooks] == ["a.ipynb"]


def test_an_unreadable_notebook_is_left_out_with_a_note(opened, review):
    opened.save("a.ipynb")
    (opened.study / "b.ipynb").write_text("[1, 2")
    assert "cannot be read as a notebook, left out: b.ipynb" in review().observations[0].notes


def test_a_notebook_that_was_not_published_or_an_orcid_that_is_none_is_refused(opened, review):
    opened.save("a.ipynb")
    with pytest.raises(NotFound):
        review(notebooks=("extra.ipynb",))
    with pytest.raises(BadInput, match="ORCID"):
        review(reviewer=Reviewer(orcid="0000-0002-1825-0098"))


def test_half_surrogate_pairs_in_an_output_spoil_nothing(opened, review):
    def change(document: Any) -> None:
        document["cells"][0]["outputs"] = [data(text_plain="\ud83d and \x00")]

    opened.save("a.ipynb", change)
    assert review().verdict.verdict is Judgement.DIFFERENT
