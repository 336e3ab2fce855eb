"""`replay --explain`: one thing changed at a time, until an output's cause shows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import CommandLine
from making import notebook_of

pytestmark = pytest.mark.slow


def value(text: str) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": {"text/plain": text},
    }


CELLS = (
    "import os\nimport humanize\ngetattr(humanize, '__version__')",
    "humanize.naturalsize(1)",
    "humanize.naturalsize(int(os.environ.get('OMP_NUM_THREADS', 7)))",
    "humanize.naturalsize(int.from_bytes(open('/dev/urandom', 'rb').read(2), 'big') + 2)",
    "humanize.naturalsize(2)",
)
RECORDED = ("'4.6.0'", "'9 Bytes'", "'3 Bytes'", "'1 Byte'", "'2 Bytes'")


@pytest.fixture
def crate(tmp_path: Path, recrate: CommandLine) -> Path:
    """A study whose outputs differ for four reasons, and one that holds; packed as of 2024."""
    folder = tmp_path / "study"
    folder.mkdir()
    outputs = {index: [value(text)] for index, text in enumerate(RECORDED)}
    (folder / "a.ipynb").write_text(notebook_of(*CELLS, outputs=outputs), "utf-8")
    (folder / "requirements.txt").write_text("humanize\n", "utf-8")
    crate = tmp_path / "study.crate.zip"
    assert recrate("pack", folder, "-o", crate, "--as-of", "2024-06-01").code in {0, 1}
    return crate


def causes(run: Path) -> list[tuple[str | None, str]]:
    verdict = json.loads((run / "verdict.json").read_text())
    return [
        (output["cause"], output["evidence"])
        for notebook in verdict["notebooks"]
        for cell in notebook["cells"]
        for output in cell["outputs"]
    ]


def test_each_difference_gets_the_cause_that_a_changed_run_shows(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run, "--explain")
    assert done.code == 1, done.error
    told = causes(run)
    assert told == [
        ("API changed", "as recorded with humanize 4.6.0 instead of 4.9.0"),
        (
            "stale output",
            "the same as now with the packages of 2021-06-02 and with the packages of 2023-06-02:"
            " the record has another origin",
        ),
        ("hardware or threads", "as recorded with three threads"),
        ("nondeterminism", "two reruns differ from each other"),
        (None, ""),
    ]
    assert "as recorded with humanize 4.6.0" in done.error
    assert "humanize 4.6.0" in (run / "report.html").read_text("utf-8")
    assert recrate("check", run).code == 0

    assert recrate("judge", run).code == 1
    assert causes(run) == told


def test_nothing_is_run_again_where_all_holds(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    study = tmp_path / "study"
    outputs = {1: [value("'1 Byte'")]}
    (study / "a.ipynb").write_text(
        notebook_of("import humanize", CELLS[1], outputs=outputs), "utf-8"
    )
    assert recrate("pack", study, "-o", crate, "--as-of", "2024-06-01").code in {0, 1}
    assert recrate("replay", crate, "-o", run, "--explain").code == 0
    assert not (run / "probes").exists()
    assert not (run / "observations" / "1").exists()


def test_elsewhere_it_is_refused(crate: Path, recrate: CommandLine, tmp_path: Path) -> None:
    done = recrate("replay", crate, "-o", tmp_path / "run", "--explain", "--on", "local,local")
    assert done.code == 2
    assert "on this machine only" in done.error
    assert "hint" in done.error
    assert not (tmp_path / "run").exists()


def test_probes_that_were_tampered_with_prove_nothing(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    recrate("replay", crate, "-o", run)
    assert not (run / "probes").exists()
    for name, content in (("a", "{"), ("b", "[]"), ("c", '{"name": "c", "varied": "moon"}')):
        (run / "probes" / name).mkdir(parents=True)
        (run / "probes" / name / "probe.json").write_text(content)
    assert recrate("judge", run).code == 1
    cause, evidence = causes(run)[0]
    assert cause == "API changed"
    assert evidence.endswith("what is left are other versions than humanize 4.9.0")


def test_a_failure_names_the_package_with_which_it_runs(
    recrate: CommandLine, tmp_path: Path
) -> None:
    """`humanize.VERSION` was taken away in 4.0."""
    study, crate, run = tmp_path / "study", tmp_path / "a.crate.zip", tmp_path / "run"
    study.mkdir()
    outputs = {1: [value("'1 Byte'")]}
    cells = ("import humanize\nversion = humanize.VERSION", "humanize.naturalsize(1)")
    (study / "a.ipynb").write_text(notebook_of(*cells, outputs=outputs), "utf-8")
    (study / "requirements.txt").write_text("humanize\n", "utf-8")
    assert recrate("pack", study, "-o", crate, "--as-of", "2024-06-01").code in {0, 1}
    assert recrate("replay", crate, "-o", run, "--explain").code == 1
    error = json.loads((run / "verdict.json").read_text())["notebooks"][0]["error"]
    assert error["cause"] == "API changed"
    assert "has no attribute 'VERSION'" in error["evidence"]
    assert re.search(r"it runs to its end with humanize 3\S+ instead of 4.9.0$", error["evidence"])
    assert re.match(r"declare `humanize==3\S+`", error["hint"])
    told = [one for one in causes(run) if one[0] is not None]
    assert told == [("API changed", "the notebook stopped at cell 0: AttributeError")]
