"""Ctrl-C and SIGTERM in the middle: the whole tree ends at once, what was done is kept."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from recrate.model.observation import Observation
from recrate.model.wire import from_json, to_json

PROGRAM = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.model.wire import from_json
from recrate.replay.observe import observe
from recrate.replay.settings import ReplaySettings

root, destination, *notebooks = sys.argv[1:]
environment = from_json(sys.stdin.read(), Environment)
crate = Crate(location="", identity="0", name="x", files=(), notebooks=(), references=(), lock=None,
              metadata={})
settings = ReplaySettings(agent="t", clock=lambda: datetime.now(UTC))
try:
    observe(Path(root), tuple(notebooks), environment, crate=crate, settings=settings,
            destination=Path(destination))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nobody_and_keeps_what_was_done(
    study: Any, survivors: Any, number: signal.Signals
) -> None:
    mark = f"7654{int(number)}"
    first = study.add("1.ipynb", "print('done')")
    second = study.add(
        "2.ipynb",
        "import signal, subprocess, time; signal.signal(2, signal.SIG_IGN)\n"
        "print('begun', flush=True)\ntime.sleep(1)  # what was printed is on its way\n"
        f"subprocess.Popen(['setsid', 'sleep', '{mark}'])\ntime.sleep(99)",
    )
    third = study.add("3.ipynb", "print('never')")
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, study.root, study.destination, first, second, third],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdin is not None
    child.stdin.write(to_json(study.environment).encode())
    child.stdin.close()
    for _ in range(300):
        if survivors(mark):
            break
        time.sleep(0.1)
    sent = time.monotonic()
    child.send_signal(number)
    code = child.wait(20)
    took = time.monotonic() - sent
    assert child.stderr is not None
    error = child.stderr.read().decode()
    child.stderr.close()
    assert code == 130, error
    assert error == ""
    assert took < 5
    assert survivors(mark) == []
    saved = from_json((study.destination / "observation.json").read_bytes(), Observation)
    assert [each.status for each in saved.notebooks] == ["completed", "interrupted"]
    rerun = json.loads((study.destination / "notebooks" / "2.ipynb").read_text())
    assert "begun" in "".join(rerun["cells"][0]["outputs"][0]["text"])
    whole = study.observe(first, earlier=saved)
    assert whole.notebooks[0] == saved.notebooks[0]


def test_a_killed_run_takes_its_kernels_along(study: Any, survivors: Any, tmp_path: Path) -> None:
    path = study.add("1.ipynb", "import subprocess; subprocess.run(['sleep', '76544'])")
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(study.root), str(study.destination), path],
        stdin=subprocess.PIPE,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert child.stdin is not None
    child.stdin.write(to_json(study.environment).encode())
    child.stdin.close()
    for _ in range(300):
        if survivors("76544"):
            break
        time.sleep(0.1)
    assert survivors("76544")
    child.kill()
    child.wait()
    time.sleep(0.5)
    assert survivors("76544") == []
