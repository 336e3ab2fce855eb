"""From notebooks and observations to a verdict."""

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from recrate.compare.causes import failure_of
from recrate.compare.images import compare_images
from recrate.compare.judge import compare_notebooks, judge
from recrate.compare.pictures import LONGEST_SIDE, difference_picture
from recrate.model.observation import NotebookObservation, Observation, RunError
from recrate.model.policy import Policy, Waiver
from recrate.model.verdict import Cause, Judgement, NotebookVerdict

Document = dict[str, Any]


def stream(text: str, name: str = "stdout") -> Document:
    return {"output_type": "stream", "name": name, "text": text}


def result(**data: Any) -> Document:
    mimes = {"plain": "text/plain", "html": "text/html", "png": "image/png"}
    return {"output_type": "execute_result", "data": {mimes[key]: data[key] for key in data}}


def cell(source: str, *outputs: Document, **metadata: Any) -> Document:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": list(outputs)}


def notebook(*cells: Document) -> Document:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def compared(
    recorded: Document, *reruns: Document, policy: Policy | None = None
) -> NotebookVerdict:
    return compare_notebooks("a.ipynb", recorded, reruns, policy or Policy())


def observed(status: Any = "completed", error: RunError | None = None, **more: Any) -> Observation:
    seen = NotebookObservation(path="a.ipynb", status=status, seconds=2.0, error=error)
    fields = {
        "crate": "c",
        "crate_name": "c",
        "repeat": 0,
        "agent": "t",
        "started": "",
        "ended": "",
    }
    rest = {"runner": "here", "sandbox": "none", "environment": None, "notebooks": (seen,)}
    return Observation(**{**fields, **rest, **more})


def verdicts(verdict: NotebookVerdict) -> list[str]:
    return [output.verdict.value for one in verdict.cells for output in one.outputs]


def test_neighbouring_streams_are_judged_together_under_the_first_index() -> None:
    recorded = notebook(cell("f()", stream("a\n"), stream("b\n"), result(plain="3")))
    verdict = compared(recorded, notebook(cell("f()", stream("a\nb\n"), result(plain="3"))))
    assert [output.index for output in verdict.cells[0].outputs] == [0, 2]
    assert verdict.verdict is Judgement.IDENTICAL


def test_a_cells_own_tolerance_is_told_where_it_may_have_mattered() -> None:
    loose = cell("f()", result(plain="1.0"), recrate={"tolerance": 0.5})
    recorded = notebook(loose, cell("f()", result(plain="1.00000001")))
    rerun = notebook(cell("f()", result(plain="1.3")), cell("f()", result(plain="1.00000002")))
    own, usual = (one.outputs[0] for one in compared(recorded, rerun).cells)
    assert (own.verdict.value, usual.verdict.value) == ("equivalent", "equivalent")
    assert own.rules[-1] == "tolerance of the cell: 1e-12 + 0.5 × |recorded|"
    assert not any("of the cell" in rule for rule in usual.rules)


def test_cells_are_found_again_behind_an_injected_one() -> None:
    recorded = notebook(cell("a=1"), cell("a", result(plain="1")))
    injected = cell("a=2", tags=["injected-parameters"])
    verdict = compared(recorded, notebook(cell("a=1"), injected, cell("a", result(plain="1"))))
    assert verdict.verdict is Judgement.IDENTICAL
    assert [one.rerun_index for one in verdict.cells] == [0, 2]


def test_an_output_that_is_gone_is_missing_and_one_that_is_new_is_added() -> None:
    recorded = notebook(cell("f()", result(plain="3")), cell("g()"))
    verdict = compared(recorded, notebook(cell("f()"), cell("g()", result(plain="4"))))
    assert verdicts(verdict) == ["missing", "added"]
    assert verdict.verdict is Judgement.DIFFERENT


def test_what_differs_between_reruns_too_is_unstable_with_its_spread() -> None:
    one, two, three = (
        notebook(cell("r()", result(plain=text))) for text in ("0.33", "0.31", "0.35")
    )
    verdict = compared(one, two, three)
    assert verdicts(verdict) == ["unstable"]
    assert "values 0.31 … 0.35; recorded 0.33 lies within" in verdict.cells[0].outputs[0].reason


def test_reruns_that_agree_with_each_other_alone_are_different() -> None:
    again = notebook(cell("r()", result(plain="0.31")))
    assert verdicts(compared(notebook(cell("r()", result(plain="0.33"))), again, again)) == [
        "different"
    ]


def test_a_waiver_and_a_tag_set_outputs_apart() -> None:
    recorded = notebook(
        cell("f()", result(plain="1")), cell("g()", result(plain="1"), tags=["recrate-skip"])
    )
    rerun = notebook(cell("f()", result(plain="2")), cell("g()", result(plain="2")))
    waiver = Waiver(path="a.ipynb", cell=0, output=0, reason="known")
    verdict = compared(recorded, rerun, policy=Policy(waivers=(waiver,)))
    assert verdicts(verdict) == ["waived", "skipped"]
    assert verdict.verdict is Judgement.RAN


def test_stderr_never_lowers_a_verdict() -> None:
    recorded = notebook(
        cell("f()", stream("x.py:3: FutureWarning: old\n  f()\n", "stderr"), result(plain="1"))
    )
    verdict = compared(recorded, notebook(cell("f()", result(plain="1"))))
    assert verdict.verdict is Judgement.EQUIVALENT


def test_a_table_that_differs_names_row_and_column() -> None:
    markup = "<table><tr><th></th><th>height</th></tr><tr><th>Ada</th><td>{}</td></tr></table>"
    left, right = (
        notebook(cell("t", result(html=markup.format(value)))) for value in ("1.50", "1.60")
    )
    reason = compared(left, right).cells[0].outputs[0].reason
    assert "row “Ada”, column “height”: 1.50 became 1.60" in reason


def test_outputs_behind_a_failing_cell_are_missing() -> None:
    recorded = notebook(cell("1", result(plain="1")), cell("f()"), cell("2", result(plain="2")))
    error = RunError(name="ModuleNotFoundError", message="No module named 'nilearn'", cell=1)
    verdict = judge(
        {"a.ipynb": recorded}, [observed("failed", error)], [{"a.ipynb": recorded}], Policy()
    )
    assert verdict.verdict is Judgement.FAILED
    assert (verdict.coverage.identical, verdict.coverage.missing) == (1, 1)
    assert "not reached" in verdict.notebooks[0].cells[2].outputs[0].reason
    failure = verdict.notebooks[0].error
    assert failure is not None
    assert failure.cause is Cause.MISSING_PACKAGE


def test_with_parameters_nothing_is_judged() -> None:
    recorded = notebook(cell("1", result(plain="1")))
    seen = observed(parameters=(("n", "3"),))
    verdict = judge({"a.ipynb": recorded}, [seen], [{"a.ipynb": recorded}], Policy())
    assert verdict.verdict is Judgement.RAN
    assert verdict.coverage.skipped == 1


def test_a_notebook_without_outputs_does_not_lower_a_study() -> None:
    notebooks = {"a.ipynb": notebook(cell("1", result(plain="1"))), "b.ipynb": notebook(cell("2"))}
    seen = [NotebookObservation(path=path, status="completed", seconds=1) for path in notebooks]
    verdict = judge(notebooks, [observed(notebooks=tuple(seen))], [notebooks], Policy())
    assert verdict.verdict is Judgement.IDENTICAL
    assert verdict.notebooks[1].verdict is Judgement.RAN
    assert verdict.sentence == "Identical: 1 of 1 outputs compared, 1 identical."


def test_an_error_nobody_recorded_fails_the_rerun() -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    verdict = compared(notebook(cell("f()")), notebook(cell("f()", error)))
    assert verdict.verdict is Judgement.FAILED


@pytest.mark.parametrize(
    ("name", "message", "cause"),
    [
        ("ModuleNotFoundError", "No module named 'my_helpers'", Cause.LOCAL_MODULE_MISSING),
        ("AttributeError", "module 'numpy' has no attribute 'float'", Cause.API_CHANGED),
        ("TypeError", "f() got an unexpected keyword argument 'x'", Cause.API_CHANGED),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'", Cause.MISSING_FILE),
        (
            "URLError",
            "<urlopen error [Errno -3] Temporary failure in name resolution>",
            Cause.NETWORK_REFUSED,
        ),
        ("ExecutableNotFound", "failed to execute 'dot'", Cause.SYSTEM_PROGRAM_MISSING),
        ("OSError", "[Errno 30] Read-only file system: '/x'", Cause.SANDBOX),
        ("MemoryError", "", Cause.MEMORY),
        ("ZeroDivisionError", "division by zero", Cause.AUTHORS_CODE),
        ("NoKernel", "no kernel named ir", Cause.KERNEL_MISSING),
        ("KeyError", "'ffmpeg'", Cause.SYSTEM_PROGRAM_MISSING),
        ("UsageError", "Cell magic `%%stata` not found.", Cause.MISSING_PACKAGE),
        ("Strange", "never seen", Cause.NOT_KNOWN),
    ],
)
def test_a_failure_names_its_cause(name: str, message: str, cause: Cause) -> None:
    run = observed("failed", RunError(name=name, message=message, cell=0)).notebooks[0]
    failure = failure_of(run, notebook(cell("f()")))
    assert failure.cause is cause
    assert failure.hint


def drawing(width: int = 300, *, y: int = 90, colour: str = "black") -> bytes:
    image = Image.new("RGB", (width, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((30, 20, 280, 180), outline="black")
    pen.line((40, y, 270, y + 30), fill=colour, width=2)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_wider_margin_is_no_difference_but_a_moved_curve_or_colour_is() -> None:
    assert compare_images(drawing(), drawing(302), 0.001).verdict == "equivalent"
    assert compare_images(drawing(), drawing(y=94), 0.001).verdict == "different"
    assert compare_images(drawing(), drawing(colour="red"), 0.001).verdict == "different"


def test_a_broken_picture_is_a_verdict_not_an_exception() -> None:
    assert compare_images(drawing(), b"no picture", 0.001).verdict == "different"
    assert compare_images(b"no picture", drawing(), 0.001).verdict == "skipped"


def test_the_difference_picture_is_a_bounded_png_for_any_two_pictures() -> None:
    for other in (drawing(y=120), drawing(900), b"broken"):
        with Image.open(io.BytesIO(difference_picture(drawing(), other))) as image:
            assert image.format == "PNG"
            assert max(image.size) <= LONGEST_SIDE
