"""Apptainer, as clusters have it: no daemon, no root, an image in one file.

Its command line is written here and looked at by tests as text; it was not run where these lines
were written. What it cannot do, the worker's own walls refuse: nothing runs unwalled by mistake.
"""

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.process import run
from recrate_binder.container.engine import last_line
from recrate_binder.container.runner_walls import KEEP, PROCESSES, Box, backstop, seen

PROGRAMS = ("apptainer", "singularity")
_INSTALL = (
    "clusters have it as a module: `module load apptainer`; apptainer.org says how to install"
)


def find_apptainer(variables: Mapping[str, str]) -> str:
    """Return the path of its program.

    Raises BadInput where there is none, OutsideFailed where it does not answer.
    """
    found = (shutil.which(name, path=variables.get("PATH")) for name in PROGRAMS)
    program = next((one for one in found if one), None)
    if program is None:
        raise BadInput("apptainer not found on this machine", hint=_INSTALL)
    told = run([program, "--version"], timeout_seconds=30, variables=variables)
    if told.code:
        raise OutsideFailed(
            f"apptainer does not answer: {last_line(told.error)}", where=program, hint=_INSTALL
        )
    return program


def command_of(box: Box, program: str, scratch: Path) -> list[str]:
    """Return apptainer's command line for a container.

    scratch: a private folder of this attempt, for `/tmp` inside
    The image is read-only as it is; `--containall` leaves the home, the environment, the processes
    and the other folders of the machine outside.
    """
    return [
        program, "exec", "--containall", "--no-home", "--no-eval", "--pwd", "/",
        "--workdir", str(scratch), "--hostname", box.hostname, "--env-file", str(box.variables),
        "--memory", str(box.memory_bytes), "--memory-swap", str(box.memory_bytes),
        "--cpus", str(box.processors), "--pids-limit", str(PROCESSES),
        *([] if box.network else ["--net", "--network", "none"]),
        *(["--nv"] if box.gpus else []),
        *(part for pair in seen(box.readable) for part in ("--mount", _mount(pair, "ro"))),
        *(part for pair in seen(box.writable) for part in ("--mount", _mount(pair, "rw"))),
        box.image, "/bin/sh", "-c", KEEP, "keep", backstop(box.seconds), *box.inner,
    ]  # fmt: skip


def _mount(pair: tuple[Path, Path], how: str) -> str:
    line = io.StringIO()
    words = ("type=bind", f"source={pair[0]}", f"destination={pair[1]}", how)
    csv.writer(line, lineterminator="").writerow(words)
    return line.getvalue()
