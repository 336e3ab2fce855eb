"""A small real job: it says whether a node is fit for work."""

import contextlib
import json
import platform
import secrets
import shlex
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate import __version__
from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.finding import Finding, Severity
from recrate.outside.disk import disk_errors
from recrate_binder.cluster import probe
from recrate_binder.cluster.commands import one_line
from recrate_binder.cluster.judging import BROKE, NO_FOLDER, NO_PYTHON, Here, judge_end, judge_node
from recrate_binder.cluster.options import Pilot

QUEUE_SECONDS = 300.0
_LATE_SECONDS = 15.0
"""How long a shared file system may take to show what a node wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a job. `code`: of its script, None as long as nobody knows; `said`: why."""

    over: bool
    code: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a scheduler runs one job. `submit` returns an id; `fate` asks; both raise OutsideFailed.

    head: the lines of the script that are the scheduler's, for a job of that name
    seconds: to wait for the job's end; around: what is known of the place, in words
    """

    kind: str
    head: Callable[[str], str]
    submit: Callable[[Path], str]
    fate: Callable[[str], Fate]
    cancel: Callable[[tuple[str, ...]], None]
    seconds: float = QUEUE_SECONDS
    around: str = ""


def try_node(trial: Trial, pilot: Pilot, folder: Path) -> Iterator[Finding]:
    """Run a job that looks around on a node, and yield what is found; leaves nothing behind.

    folder: where files are written that the node must see
    """
    from parsl.version import VERSION  # noqa: PLC0415 -- Parsl is an extra

    name = f"recrate-check-{secrets.token_hex(4)}"
    place = folder / name
    with disk_errors(place):
        place.mkdir(parents=True, mode=0o700)
        (place / "token").write_text(name, encoding="utf-8")
    try:
        with _door(pilot) as port, disk_errors(place):
            script = place / "job.sh"
            script.write_text(trial.head(name) + _body(pilot, place, port), encoding="utf-8")
            submitted = time.time()
            fate, told = _run(trial, script, place)
        if told is None:
            yield _no_answer(trial, pilot, fate, place)
            return
        here = Here(
            python=platform.python_version(),
            recrate=__version__,
            parsl=VERSION,
            submitted=submitted,
            answered=time.time(),
        )
        yield from judge_node(trial.kind, told, here, trial.around)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _run(trial: Trial, script: Path, place: Path) -> tuple[Fate, dict[str, Any] | None]:
    """Submit the script, wait for its end; return its fate and what the node told."""
    job = trial.submit(script)
    fate = Fate(over=False, said="it waits in the queue")
    end = time.monotonic() + trial.seconds
    try:
        while not fate.over and time.monotonic() < end:
            time.sleep(1.0)
            fate = trial.fate(job)
    finally:
        with contextlib.suppress(RecrateError):
            if not fate.over:
                trial.cancel((job,))
    told = place / "told.json"
    late = time.monotonic() + _LATE_SECONDS
    while fate.over and fate.code == 0 and not told.exists() and time.monotonic() < late:
        time.sleep(0.5)
    if not told.exists():
        return fate, None
    try:
        found = json.loads(told.read_text(encoding="utf-8"))
    except ValueError as error:
        raise OutsideFailed(
            f"a node told something that is no JSON: {error}", where=str(told), hint="try again"
        ) from error
    return fate, dict(found)


def _no_answer(trial: Trial, pilot: Pilot, fate: Fate, place: Path) -> Finding:
    """Return what it means that no node told anything."""
    if not fate.over:
        return Finding(
            severity=Severity.WARNING,
            code="job-waits",
            where=trial.kind,
            message=f"a small job did not begin within {trial.seconds:.0f} s: {fate.said}",
            hint="nothing could be seen of a node; try again when the queue is shorter",
        )
    said = fate.said
    with contextlib.suppress(OSError):
        said = one_line((place / "said").read_text("utf-8", "replace")[-300:]) or said
    code = NO_FOLDER if fate.code == 0 else fate.code
    found = judge_end(trial.kind, code, pilot.python, said)
    assert found is not None, "a code that is not 0 is always a finding"
    return found


def _body(pilot: Pilot, place: Path, port: int) -> str:
    """Return what the job does after its head."""
    from recrate_binder.cluster.engine import address_of, own_addresses  # noqa: PLC0415 -- Parsl

    named = address_of(pilot)
    addresses = [named] if named else sorted(own_addresses())
    folder = shlex.quote(str(place))
    python = shlex.quote(pilot.python)
    text = Path(probe.__file__).read_text(encoding="utf-8")
    return (
        f"[ -r {folder}/token ] || exit {NO_FOLDER}\n"
        f"{{\n{pilot.init or ':'}\n}} 2> {folder}/said\n"
        f"command -v {python} > /dev/null || exit {NO_PYTHON}\n"
        f"{python} - {folder} {port} {shlex.join(addresses)} 2>> {folder}/said <<'RECRATE_PROBE'\n"
        f"{text}\nRECRATE_PROBE\n"
        f"[ $? = 0 ] || exit {BROKE}\n"
    )


@contextlib.contextmanager
def _door(pilot: Pilot) -> Iterator[int]:
    """Listen on one of the ports that nodes are to connect to; the system takes connections."""
    first, last = pilot.ports
    for port in range(first, last + 1):
        with contextlib.closing(socket.socket()) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind(("", port))
            except OSError:
                continue
            listening.listen(4)
            yield port
            return
    raise OutsideFailed(
        f"none of the ports {first}-{last} is free on this machine",
        where="ports",
        hint="name other ports for this site",
    )
