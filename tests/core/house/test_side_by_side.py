"""Commands that the checks run side by side."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "side_by_side.py"
WAITS = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1]).touch(); t = time.time()\n"
WAITS += "while not pathlib.Path(sys.argv[2]).exists() and time.time() < t + 30: time.sleep(0.01)\n"
WAITS += "print('saw', pathlib.Path(sys.argv[2]).exists(), os.environ.get('WORD'))"


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOOL, *map(str, words)], capture_output=True, text=True, check=False
    )


def test_two_run_at_once_and_each_is_told_by_its_name(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    done = run(
        2, "first", "WORD=a=b", sys.executable, "-c", WAITS, one, other,
        "---", "second", sys.executable, "-c", WAITS, other, one,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("saw True") == 2
    assert "saw True a=b" in done.stdout
    assert "== first ended after" in done.stdout
    assert "== second ended after" in done.stdout


def test_one_that_fails_fails_all_and_is_named_last() -> None:
    code = "import sys; print('why'); sys.exit(3)"
    done = run(1, "bad", sys.executable, "-c", code, "---", "good", sys.executable, "-c", "pass")
    assert done.returncode == 1
    assert "why" in done.stdout
    assert "== bad FAILED with 3" in done.stdout
    assert done.stdout.endswith("== failed: bad\n")
