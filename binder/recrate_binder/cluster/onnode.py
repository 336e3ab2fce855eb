"""What is run on a node for one attempt: a bounded process that ends with whoever started it.

Nothing is imported here but the core's processes and tethers: nodes have little memory to spare,
and no Parsl is needed to read this.
"""

import contextlib
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recrate.outside.process import kill_tree, start_logged
from recrate.outside.tether import Tether

if TYPE_CHECKING:
    import subprocess

LOG = "worker.log"
_LOOK_SECONDS = 0.2
_LOOK_OFF_SECONDS = 1.0

Told = tuple[int | None, str, str, str]
"""Exit code, why it ended if somebody ended it, name of the node, what else there is to say."""


def begun_mark(marks: Path, attempt: str) -> Path:
    """Return the file that says on which node an attempt began."""
    return marks / f"{attempt}.at"


def off_mark(marks: Path, attempt: str) -> Path:
    """Return the file that says that an attempt is called off."""
    return marks / f"{attempt}.off"


def run_attempt(
    command: Sequence[str],
    folder: str,
    marks: str,
    attempt: str,
    seconds: float | None,
    *,
    away: str = "",
) -> Told:
    """Run `command` in the attempt's folder until it ends, is called off, or its time is up.

    marks: folder that the campaign's machine sees too, where there is one
    away:  folder that goes when we are killed, else the caller removes it; also what the process
           has for temporary files
    What the process prints is appended to `worker.log`. It ends with us, also when we are killed,
    and when the pilot job that started us is gone.
    """
    node = os.environ.get("SLURMD_NODENAME") or platform.node()
    off = off_mark(Path(marks), attempt)
    try:
        begun_mark(Path(marks), attempt).write_text(node, encoding="utf-8")
        if off.exists():
            return None, "cancelled", node, ""
        with Tether() as tether:
            variables = {**os.environ, "TMPDIR": away} if away else os.environ
            if away:
                tether.hold_folder(Path(away))
            child = start_logged(
                command, log=Path(folder) / LOG, folder=Path(folder), variables=variables
            )
            tether.hold_process(child.pid)
            why = _wait(child, off, seconds)
            kill_tree(child.pid)  # before it is reaped: until then nobody else has its number
            code = child.wait()
    except Exception as error:  # noqa: BLE001 -- its type may not be known where this is told
        return None, "lost", node, f"{type(error).__name__}: {error}"
    return code if not why else None, why, node, ""


def _wait(child: "subprocess.Popen[bytes]", off: Path, seconds: float | None) -> str:
    """Wait until the process is to be ended or has ended by itself; say why in the first case."""
    pilot = os.getppid()
    began = time.monotonic()
    looked = began
    while not _is_over(child.pid):
        now = time.monotonic()
        if seconds is not None and now - began > seconds:
            return "time"
        if os.getppid() != pilot:
            return "lost"
        if now - looked >= _LOOK_OFF_SECONDS:
            looked = now
            if off.exists():
                return "cancelled"
        time.sleep(_LOOK_SECONDS)
    return ""


def _is_over(pid: int) -> bool:
    """Say whether a child has ended, and leave it to be reaped."""
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return True
