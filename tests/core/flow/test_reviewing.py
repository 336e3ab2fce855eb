"""Reviewing a run: paging through its outputs, and one output."""

import json

import pytest

from recrate.flow.reviewing import list_outputs, show_output
from recrate.flow.waiving import waive
from recrate.model.errors import NotFound
from recrate.model.observation import RunError
from recrate.model.wire import from_json, to_json
from replayed_folders import replayed, waiver
from report_accounts import data, notebook, of_data, png

NOW = "2026-01-02T09:00:00+09:00"


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


def test_the_last_page_of_ten_thousand_outputs_is_as_whole_as_the_first(tmp_path):
    recorded = {
        f"{number:03}.ipynb": notebook(*([data(text_plain="1")] for _ in range(100)))
        for number in range(100)
    }
    rerun = {path: notebook(*([data(text_plain="2")] for _ in range(100))) for path in recorded}
    run = replayed(tmp_path / "run", recorded, rerun)
    page = list_outputs(run, verdicts=("different",), offset=9_900, limit=100)
    assert (page.total, len(page.outputs)) == (10_000, 100)
    assert page.outputs[-1].notebook == "099.ipynb"
