"""The corpus and its page: what is kept of a run, and what the page says of it."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from corpus import make_study, place_of
from fidelity import compare_again, differences, forget_python, keep, kept, prepare, told
from fidelity_page import page

STUDY = {"package": "tides", "version": "1.0", "folder": "docs", "match": ["a"]}


def row(**more: Any) -> dict[str, Any]:
    """Return a row of a notebook that holds."""
    counts = {"outputs": 4, "compared": 4, "identical": 3, "equivalent": 1, "different": 0}
    return {
        "study": place_of(STUDY), "package": "tides", "version": "1.0", "environment": "recrate",
        "day": "2026-01-02", "as_of": "2025-01-02", "limit": 60, "notebook": "a.ipynb",
        "restored": True, "ran": True, "verdict": "equivalent", "coverage": counts, "error": None,
        "differences": [], "python": "3.11", "seconds": 1.0, "said": "", "again": None, **more,
    }  # fmt: skip


def differing(cause: str, cell: int = 3) -> dict[str, Any]:
    return {"cell": cell, "output": 0, "verdict": "different", "cause": cause, "reason": "a | b"}


def made(*rows: dict[str, Any], truth: tuple[dict[str, Any], ...] = ()) -> str:
    return page(rows, studies=[place_of(STUDY)], truth=truth)


def source_of(folder: Path, *outputs: str) -> Path:
    """Write a source distribution with one notebook for each output."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for name, text in zip("ab", outputs, strict=False):
        output = nbformat.v4.new_output("stream", name="stdout", text=text)
        cell = nbformat.v4.new_code_cell("print(x)", outputs=[output])
        notebook = nbformat.v4.new_notebook(cells=[cell])
        notebook.metadata["language_info"] = {"name": "python", "version": "3.8.1"}
        nbformat.write(notebook, docs / f"{name}.ipynb")
    return folder


def test_a_study_has_the_chosen_notebooks_and_declares_its_package(tmp_path):
    source = source_of(tmp_path / "source", "1\n", "2\n")
    assert make_study(source, STUDY, tmp_path / "study") == ["a.ipynb"]
    assert (tmp_path / "study" / "requirements.txt").read_text() == "tides==1.0\n"
    assert not (tmp_path / "study" / "b.ipynb").exists()


@pytest.mark.parametrize(
    ("environment", "declares", "version"),
    [("recrate", True, "3.8.1"), ("newest", False, None), ("dated", True, None)],
)
def test_each_environment_sees_no_more_than_it_is_meant_to(
    tmp_path, environment, declares, version
):
    prepare(STUDY, environment, source_of(tmp_path / "source", "1\n"), tmp_path / "study")
    notebook = json.loads((tmp_path / "study" / "a.ipynb").read_text())
    assert (tmp_path / "study" / "requirements.txt").exists() == declares
    assert notebook["metadata"]["language_info"].get("version") == version


def test_an_unreadable_notebook_is_left_as_it_is(tmp_path):
    (tmp_path / "a.ipynb").write_text("{")
    forget_python(tmp_path / "a.ipynb")
    assert (tmp_path / "a.ipynb").read_text() == "{"


def test_two_reruns_are_compared_output_by_output(tmp_path):
    for which, text in (("first", "mean 1.5\n"), ("second", "mean 2.5\n")):
        source = source_of(tmp_path / f"source-{which}", text)
        place = tmp_path / which / "observations" / "0" / "notebooks"
        make_study(source, STUDY, place)
    found = compare_again(tmp_path, "a.ipynb")
    assert found is not None
    assert found["outputs"] == 1
    assert [(one["cell"], one["verdict"]) for one in found["differences"]] == [(0, "different")]
    assert compare_again(tmp_path, "b.ipynb") is None


def test_a_run_goes_on_behind_a_line_that_was_cut_off(tmp_path):
    keep([row(), row(notebook="b.ipynb")], tmp_path)
    keep([row(verdict="identical")], tmp_path)
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write('{"study": "ti')
    assert [(one["notebook"], one["verdict"]) for one in kept(tmp_path)] == [
        ("a.ipynb", "identical"),
        ("b.ipynb", "equivalent"),
    ]


def test_a_replay_without_an_answer_is_an_error_with_its_last_line():
    found = told({"document": {}, "said": "first\nno space left"}, "a.ipynb")
    assert (found["verdict"], found["said"], found["ran"]) == ("error", "no space left", False)


def test_only_outputs_that_do_not_hold_are_kept():
    output = {"index": 0, "mime": "text/plain", "reason": "r", "cause": None, "evidence": ""}
    outputs = [{**output, "verdict": one} for one in ("identical", "different", "skipped")]
    found = list(differences({"cells": [{"index": 4, "outputs": outputs}]}))
    assert [(one["cell"], one["cause"]) for one in found] == [(4, "")]


def test_shares_count_what_holds_and_what_was_found_right():
    bad = row(
        notebook="b.ipynb", verdict="different", differences=[differing("not known")],
        coverage={"outputs": 4, "compared": 4, "identical": 2, "equivalent": 1},
    )  # fmt: skip
    truth = (
        {"package": "tides", "notebook": "b", "verdict": "different", "cause": "API changed",
         "why": "a new | colour"},
        {"package": "tides", "notebook": "", "verdict": "holds", "why": "the same"},
    )  # fmt: skip
    text = made(row(), bad, truth=truth)
    (line,) = [one for one in text.splitlines() if one.startswith("| recrate | 2 ")]
    assert "| 1 of 2 (50 %) | 8 | 7 of 8 (88 %) | 2 | 2 of 2 (100 %) | 0 of 1 (0 %) |" in line
    assert "b.ipynb** (recrate): not known, should be API changed" in text
    assert "None among what was looked at." in text


def test_a_wrong_verdict_is_named_with_its_environments_and_why():
    bad = {"verdict": "different", "differences": [differing("API changed")]}
    truth = ({"package": "tides", "notebook": "a", "verdict": "holds", "why": "only letters"},)
    text = made(row(**bad), row(environment="newest", **bad), truth=truth)
    assert (
        "- **tides, a.ipynb** (recrate, newest): different, should be holds. only letters" in text
    )


def test_what_differs_between_two_reruns_is_named_and_chance_told_apart():
    again = {"outputs": 8, "differences": [differing("", 3), differing("", 5)]}
    truth = (
        {"package": "tides", "notebook": "a", "verdict": "holds", "why": "w",
         "chance": {"3": "no seed"}},
    )  # fmt: skip
    text = made(row(again=again), truth=truth)
    assert "of 8 outputs 2 are flagged as different (25.00 %" in text
    assert "the other 1 (12.50 %)" in text
    assert "cell 3: a / b (no seed)" in text
    assert "cell 5: a / b (not looked at, or wrong)" in text


def test_what_was_not_run_is_said():
    text = made(row())
    assert f"- {place_of(STUDY)}: newest, declared, dated" in text
    rest = [row(environment=one) for one in ("newest", "declared", "dated")]
    assert "Not run" not in made(row(), *rest)


def test_restoring_is_told_where_both_replays_ran():
    studies = [place_of(STUDY), "b"]
    times = [(place_of(STUDY), 40, 21.25, 0.2), ("b", 3, 9.0, None)]
    text = page([row()], studies=studies, truth=[], restored=times)
    assert f"| {place_of(STUDY)} | 40 | 21.2 s | 0.20 s |" in text
    assert "| b | 3 |" not in text


def test_a_failure_is_told_with_its_cause_and_breaks_no_table():
    error = {"cause": "missing file", "name": "OSError", "message": "a|b\n<script>`", "cell": 1}
    text = made(row(error=error, verdict="failed", ran=False))
    (line,) = [one for one in text.splitlines() if one.startswith("| tides 1.0: a |")]
    assert line.count("|") == 7
    assert "missing file: OSError: a/b ‹script>'" in line
    assert "| missing file | 1 |" in text
