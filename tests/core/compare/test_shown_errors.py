"""An error that a cell only shows: the run went on behind it, and what was run is compared."""

from core.compare.test_causes_of_outputs import explained, notebook, picture, printed, shown
from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy
from recrate.model.verdict import Cause, Judgement, OutputJudgement
from recrate.report.reasons_causes import evidence_in_japanese

FAILED = {
    "output_type": "error",
    "ename": "RuntimeError",
    "evalue": "Failed to process string with tex because latex could not be found",
    "traceback": [],
}
RECORDED = notebook(
    ("plt.plot(x)", 1, picture("navy", "Matplotlib version 3.5.0")),
    ("print(1)", 2, printed("1\n")),
    ("print(2)", 3, printed("2\n")),
)


def rerun(*outputs, counts=(1, 2, 3)):
    cells = [
        {**cell, "outputs": [output] if output else [], "execution_count": count}
        for cell, output, count in zip(RECORDED["cells"], outputs, counts, strict=True)
    ]
    return {**RECORDED, "cells": cells}


def test_cells_behind_it_that_were_run_are_compared():
    done = rerun(FAILED, printed("1\n"), printed("3\n"))
    verdict = compare_notebooks("a.ipynb", RECORDED, [done], Policy())
    assert verdict.verdict is Judgement.FAILED
    assert verdict.error is not None
    assert verdict.error.cause is Cause.SYSTEM_PROGRAM_MISSING
    judged = [
        output.verdict for cell in verdict.cells for output in cell.outputs if output.index == 0
    ]
    assert judged[-2:] == [OutputJudgement.IDENTICAL, OutputJudgement.DIFFERENT]


def test_cells_behind_it_that_were_not_run_are_not_reached():
    done = rerun(FAILED, None, None, counts=(1, None, None))
    verdict = compare_notebooks("a.ipynb", RECORDED, [done], Policy())
    reasons = [output.reason for cell in verdict.cells[1:] for output in cell.outputs]
    assert reasons == ["not reached: the notebook stopped at cell 0"] * 2


def test_how_a_picture_is_drawn_is_no_cause_of_numbers():
    recorded = notebook(
        ("import pack\nx = pack.fit()\nx.plot()", 1, picture("navy", "Matplotlib version 3.5.0")),
        ("print(x.value)", 2, printed("35.88\n")),
        ("x", 3, shown("<pack.Fit 35.88>")),
    )
    outputs = {0: picture("red", "Matplotlib version 3.8.4"), 1: printed("41.02\n")}
    first, second = explained(recorded, outputs)
    assert first.cause is Cause.API_CHANGED
    assert "drawn by 3.5.0" in first.evidence
    assert "drawn by" not in second.evidence
    assert second.cause is Cause.NOT_KNOWN


def test_a_picture_that_an_error_took_the_place_of_has_the_errors_cause():
    drawn = picture("red", "Matplotlib version3.2.1, https://matplotlib.org/")
    recorded = notebook(("import pack\npack.draw()", 1, drawn), ("pack.draw(2)", 2, drawn))
    first, second = explained(recorded, {0: FAILED, 1: FAILED})
    for one in (first, second):
        assert one.cause is Cause.SYSTEM_PROGRAM_MISSING
    assert "セルは代わりにエラーを示す" in evidence_in_japanese(second.evidence)
