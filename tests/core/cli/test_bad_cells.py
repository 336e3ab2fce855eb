"""Cells that misbehave: each ends in a verdict with its cause, and leaves no process behind.

The rows stand in docs/bad-input.md.
"""

import psutil
import pytest

from making import notebook_of, stream

AS_OF = "2026-11-01"

CASES = {
    "never ends": (
        "while True:\n    pass",
        ["--cell-timeout", "3"],
        "failed",
        "time",
    ),
    "ignores the interrupt": (
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n    time.sleep(1)",
        ["--timeout", "4"],
        "failed",
        "time",
    ),
    "eats memory": (
        "hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))",
        ["--memory", "600MB", "--timeout", "60"],
        "failed",
        "memory",
    ),
    "kills its kernel": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        [],
        "failed",
        "killed",
    ),
    "leaves at once": ("import os\nos._exit(3)", [], "failed", "killed"),
    "forks": (
        "import os\nwhile True:\n    os.fork()",
        ["--timeout", "20"],
        "failed",
        None,
    ),
}


def words_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


@pytest.mark.parametrize("case", CASES)
def test_a_cell_that_misbehaves_gets_its_cause(recrate, tmp_path, case):
    source, arguments, verdict, cause = CASES[case]
    study = tmp_path / "study"
    study.mkdir()
    recorded = {0: [stream("begun\n")]}
    (study / "a.ipynb").write_text(notebook_of("print('begun')", source, outputs=recorded))
    crate = tmp_path / "x.crate.zip"
    assert recrate("pack", study, "-o", crate, "--as-of", AS_OF).code in {0, 1}
    before = {process.pid for process in psutil.process_iter()}
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json", *arguments)
    assert done.code == 1, done.error
    assert done.document["verdict"] == verdict
    error = done.document["notebooks"][0]["error"]
    assert error["cell"] == 1
    assert error["hint"]
    if cause:
        assert error["cause"] == cause, error
    assert done.document["coverage"]["identical"] == 1
    left = [
        words
        for process in psutil.process_iter()
        if process.pid not in before
        and "ipykernel_launcher" in (words := words_of(process))
        and str(tmp_path) in words
    ]
    assert left == []


def test_a_cell_that_writes_too_much_is_cut_and_the_rest_is_judged(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    loud = "line = 'x' * 1023 + '\\n'\nfor _ in range(1_000_000):\n    print(line, end='')"
    (study / "a.ipynb").write_text(
        notebook_of(loud, "print('after')", outputs={1: [stream("after\n")]})
    )
    crate = tmp_path / "x.crate.zip"
    assert recrate("pack", study, "-o", crate, "--as-of", AS_OF).code == 0
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json")
    assert done.document["verdict"] == "identical", done.error
    written = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert written < 50 * 1024**2


def test_broken_unicode_survives(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    source = (
        "import subprocess, sys\nprint('\\ud800 half')\n"
        "sys.stdout.flush()\nsubprocess.run(['printf', r'\\377\\376'])\nprint('\\x00nul')"
    )
    (study / "a.ipynb").write_text(
        notebook_of(source, "print('after')", outputs={1: [stream("after\n")]})
    )
    crate = tmp_path / "x.crate.zip"
    assert recrate("pack", study, "-o", crate, "--as-of", AS_OF).code == 0
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json")
    assert done.document["verdict"] in {"identical", "failed"}, done.error
    assert (tmp_path / "out" / "report.html").exists()
