"""What one run promises when the study behaves."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from recrate.model.errors import Refused
from recrate.model.observation import Observation
from recrate.model.wire import from_json
from recrate.outside import sandbox


def test_two_notebooks_feed_each_other_and_the_original_is_untouched(study: Any) -> None:
    first = study.add("steps/a b.ipynb", "open('x.csv', 'w').write('1,2')")
    second = study.add("b.ipynb", "print(open('steps/x.csv').read())")
    seen = study.observe(first, second)
    assert [each.status for each in seen.notebooks] == ["completed", "completed"]
    assert study.text(path="b.ipynb") == "1,2\n"
    assert [file.path for file in seen.notebooks[0].written] == ["steps/x.csv"]
    assert seen.notebooks[1].written == ()
    assert not (study.root / "steps" / "x.csv").exists()


@pytest.mark.parametrize(
    "path",
    [
        "a b.ipynb",
        "研究/解析 ノート.ipynb",
        "🧪/😀.ipynb",
        "-rf.ipynb",
        "--network/-x.ipynb",
        "deep/er/and/deeper/n.ipynb",
        "x" * 249 + ".ipynb",
        "quote'\"$HOME;`id`.ipynb",
    ],
)
def test_every_name_of_a_notebook_runs_in_its_own_folder(study: Any, path: str) -> None:
    study.add(path, "import os; open('here', 'w').close(); print(os.path.basename(os.getcwd()))")
    (seen,) = study.observe(path).notebooks
    assert seen.status == "completed", seen.error
    folder = Path(path).parent
    assert study.text(path=path) == f"{folder.name or 'study'}\n"
    assert [file.path for file in seen.written] == [str(folder / "here")]


def test_root_and_src_are_importable_and_do_not_shadow_python(study: Any) -> None:
    (study.root / "src").mkdir()
    (study.root / "src" / "inner.py").write_text("value = 1")
    (study.root / "helper.py").write_text("value = 2")
    (study.root / "random.py").write_text("raise SystemExit('shadowed')")
    path = study.add("nb/a.ipynb", "import inner, helper, random; print(inner.value, helper.value)")
    (seen,) = study.observe(path).notebooks
    assert seen.status == "completed", seen.error
    assert study.text(path=path) == "1 2\n"


def test_the_first_error_stops_the_notebook_and_is_told_by_recorded_index(study: Any) -> None:
    seen = study.run({"source": "text", "markdown": True}, "x = 1", "1 / 0", "print('after')")
    assert seen.status == "failed"
    assert (seen.error.name, seen.error.message, seen.error.cell) == (
        "ZeroDivisionError",
        "division by zero",
        2,
    )
    assert "\x1b" not in seen.error.traceback
    assert "1 / 0" in seen.error.traceback
    assert study.rerun().cells[3].outputs == []


def test_an_error_that_a_cell_only_prints_is_named(study: Any) -> None:
    seen = study.run("%%stata\nuse data", "print('after')")
    assert (seen.status, seen.error.name, seen.error.cell) == ("failed", "UsageError", 0)
    assert "stata" in seen.error.message


def test_errors_that_were_meant_stop_nothing(study: Any) -> None:
    recorded = new_output("error", ename="KeyError", evalue="'x'", traceback=[])
    seen = study.run(
        {"source": "{}['x']", "outputs": [recorded]},
        {"source": "1 / 0", "metadata": {"tags": ["raises-exception"]}},
        "print('after')",
    )
    assert seen.status == "completed"
    assert study.text(2) == "after\n"
    assert study.rerun().cells[0].outputs[0].ename == "KeyError"


def test_leaving_on_purpose_is_no_failure(study: Any) -> None:
    for index, leaving in enumerate(("import sys; sys.exit()", "exit()")):
        path = study.add(f"{index}.ipynb", "print(1)", leaving, "print(2)")
        (seen,) = study.observe(path).notebooks
        assert seen.status == "completed", seen.error
        assert "cell 1" in seen.notes[0]
        assert study.rerun(path).cells[2].outputs == []


def test_parameters_are_injected_and_indices_stay_the_recorded_ones(study: Any) -> None:
    seen = study.run(
        {"source": "n = 1", "metadata": {"tags": ["parameters"]}},
        "print(repr(n), repr(s), repr(f), repr(l))",
        "1 / 0",
        parameters=(("n", "5"), ("s", "abc"), ("f", ".5"), ("l", "[1, null]")),
    )
    cells = study.rerun().cells
    assert cells[1].metadata.tags == ["injected-parameters"]
    assert cells[2].outputs[0].text == "5 'abc' 0.5 [1, None]\n"
    assert seen.error.cell == 2


def test_a_parameter_cell_on_record_is_replaced_and_shifts_nothing(study: Any) -> None:
    seen = study.run(
        {"source": "n = 1", "metadata": {"tags": ["injected-parameters"]}},
        "print(n)",
        "1 / 0",
        parameters=(("n", "7"),),
    )
    assert study.text(1) == "7\n"
    assert seen.error.cell == 2


def test_an_old_notebook_of_format_3_is_raised_and_run(study: Any) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": "print(6 * 7)",
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                        "prompt_number": 1,
                    }
                ],
                "metadata": {},
            }
        ],
    }
    (study.root / "old.ipynb").write_text(json.dumps(old))
    (seen,) = study.observe("old.ipynb").notebooks
    assert seen.status == "completed"
    assert study.text(path="old.ipynb") == "42\n"


def test_a_file_that_is_no_notebook_fails_alone(study: Any) -> None:
    (study.root / "bad.ipynb").write_text("{")
    good = study.add("good.ipynb", "print(1)")
    bad, fine = study.observe("bad.ipynb", good).notebooks
    assert (bad.status, bad.error.name) == ("failed", "UnreadableNotebook")
    assert fine.status == "completed"


def test_attachments_and_markdown_survive(study: Any) -> None:
    notebook = new_notebook(cells=[new_code_cell("1")])
    markdown = nbformat.v4.new_markdown_cell("![x](attachment:x.png)")
    markdown["attachments"] = {"x.png": {"image/png": "aGk="}}
    notebook.cells.insert(0, markdown)
    nbformat.write(notebook, study.root / "a.ipynb")
    study.observe("a.ipynb")
    assert study.rerun().cells[0].attachments == {"x.png": {"image/png": "aGk="}}


def test_written_changed_and_deleted_files_are_told(study: Any) -> None:
    (study.root / "gone.txt").write_text("gone")
    (study.root / "same.txt").write_text("same")
    (study.root / "changed.txt").write_text("old")
    seen = study.run(
        "import os\nos.remove('gone.txt')\nopen('same.txt', 'w').write('same')\n"
        "open('changed.txt', 'w').write('new')\nos.utime('changed.txt', (1, 1))\n"
        "os.makedirs('d/e'); open('d/e/f', 'w').write('1')\nopen('../beside', 'w').write('x')"
    )
    assert [file.path for file in seen.written] == ["changed.txt", "d/e/f"]
    assert seen.deleted == ("gone.txt",)
    assert sorted(file.name for file in study.root.iterdir()) == [
        "a.ipynb",
        "changed.txt",
        "gone.txt",
        "same.txt",
    ]
    assert (study.root / "changed.txt").read_text() == "old"
    assert (study.destination / "files" / "changed.txt").read_text() == "new"


def test_progress_names_notebook_and_cell(study: Any) -> None:
    said: list[tuple[str, int, int, str]] = []
    study.run("1", "2", progress=lambda *told: said.append(told))
    assert any("a.ipynb, cell 2 of 2" in told[3] for told in said)
    assert all(told[0] == "replay" and 0 <= told[1] <= told[2] for told in said)


def test_a_resumed_run_goes_on_where_it_was_with_the_files_it_had(study: Any) -> None:
    (study.root / "old.txt").write_text("x")
    first = study.add(
        "1.ipynb", "import os, random; os.remove('old.txt'); open('r', 'w').write('once')"
    )
    second = study.add("2.ipynb", "import os; print(open('r').read(), os.path.exists('old.txt'))")
    begun = study.observe(first)
    saved = from_json((study.destination / "observation.json").read_bytes(), Observation)
    assert saved.notebooks == begun.notebooks
    study.add("1.ipynb", "raise SystemError('was run again')")
    whole = study.observe(first, second, earlier=saved)
    assert [each.status for each in whole.notebooks] == ["completed", "completed"]
    assert whole.started == begun.started
    assert study.text(path="2.ipynb") == "once False\n"


def test_a_resumed_run_whose_files_are_lost_begins_again_and_says_so(study: Any) -> None:
    first = study.add("1.ipynb", "open('r', 'w').write('x')")
    begun = study.observe(first)
    (study.destination / "files" / "r").write_text("tampered")
    whole = study.observe(first, study.add("2.ipynb", "print(open('r').read())"), earlier=begun)
    assert "run again" in " ".join(whole.notes)
    assert study.text(path="2.ipynb") == "x\n"


def test_without_walls_nothing_runs_when_walls_are_wanted(
    study: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = study.add("a.ipynb", "print(1)")
    monkeypatch.setenv("PATH", "/nonexistent")
    sandbox.availability.cache_clear()
    try:
        with pytest.raises(Refused, match="bubblewrap"):
            study.observe(path)
    finally:
        sandbox.availability.cache_clear()
    assert not study.destination.exists()


def test_a_trusted_study_runs_plainly_and_says_so(study: Any) -> None:
    path = study.add("a.ipynb", "import os; print(os.environ.get('SECRET_TOKEN'), os.getcwd())")
    os.environ["SECRET_TOKEN"] = "s3cret"
    try:
        seen = study.observe(path, sandboxed=False, variables={"PATH": os.environ["PATH"]})
    finally:
        del os.environ["SECRET_TOKEN"]
    assert seen.sandbox == "none"
    assert seen.notebooks[0].status == "completed", seen.notebooks[0].error
    assert study.text().startswith("None ")


def test_a_kernel_that_does_not_start_is_named_with_what_it_said(study: Any) -> None:
    study.environment = replace(
        study.environment,
        kernel_command=("/bin/sh", "-c", "echo no module named ipykernel >&2; exit 3"),
    )
    seen = study.run("print(1)")
    assert (seen.status, seen.error.name) == ("failed", "NoKernel")
    assert "code 3" in seen.error.message
    assert "no module named ipykernel" in seen.error.traceback
    assert seen.error.cell is None


def test_a_kernel_that_says_nothing_is_given_up(study: Any) -> None:
    study.environment = replace(study.environment, kernel_command=("/bin/sleep", "1000"))
    seen = study.run("print(1)", start_timeout_seconds=1.5)
    assert seen.error.name == "NoKernel"
    assert seen.seconds < 8


def test_a_deep_folder_for_temporary_files_is_no_hindrance(
    study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert study.run("print(1)").status == "completed"
    assert list(deep.iterdir()) == []


def test_a_cell_that_prints_in_pieces_before_it_fails_keeps_what_it_printed(study: Any) -> None:
    seen = study.run(
        "import sys\nfor n in range(3):\n    print(n, flush=True)\n"
        "    print('e', n, file=sys.stderr, flush=True)\n1 / 0",
    )
    assert (seen.status, seen.error.name, seen.error.cell) == ("failed", "ZeroDivisionError", 0)
    printed = study.run("for n in range(3): print(n, flush=True)\n1 / 0")
    assert printed.error.name == "ZeroDivisionError"
    assert study.text() == "0\n1\n2\n"
