"""Cells that are too expensive to run again: left alone, told of, and not counted as verified."""

from typing import Any

import pytest
from nbformat.v4 import new_output

from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy
from recrate.model.verdict import Judgement

RECORDED = new_output("stream", name="stdout", text="42, after a week\n")


@pytest.mark.parametrize(
    "metadata",
    [{"tags": ["recrate-expensive"]}, {"recrate": {"expensive": True}}],
)
def test_the_cell_is_not_run_and_keeps_its_output(study: Any, metadata: dict[str, Any]) -> None:
    costly = {
        "source": "open('ran', 'w').close(); print('no')",
        "metadata": metadata,
        "outputs": [RECORDED],
    }
    seen = study.run("print(1)", costly, "import os; print(os.path.exists('ran'))")
    assert seen.status == "completed"
    assert study.text(1) == RECORDED["text"]
    assert study.text(2) == "False\n"
    assert any(note.startswith("cell 1 was not run") for note in seen.notes)
    recorded, rerun = dict(study.rerun()), dict(study.rerun())
    verdict = compare_notebooks("a.ipynb", recorded, [rerun], Policy())
    assert verdict.verdict is Judgement.IDENTICAL
    assert verdict.coverage.skipped == 1
    assert verdict.coverage.compared == 2
    assert verdict.cells[1].outputs[0].reason.startswith("not verified")


@pytest.mark.parametrize(
    "metadata",
    [{"tags": ["expensive"]}, {"recrate": {"expensive": "yes"}}, {"recrate": ["expensive"]}],
)
def test_other_marks_mean_nothing(study: Any, metadata: dict[str, Any]) -> None:
    study.run({"source": "print('ran')", "metadata": metadata, "outputs": [RECORDED]})
    assert study.text() == "ran\n"
