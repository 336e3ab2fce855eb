"""A small real job: it says whether a node is fit for work."""

import contextlib
import json
import platform
import secrets
import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate import __version__
from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.finding import Finding, Severity
from recrate.outside.disk import disk_errors
from recrate_binder.cluster import probe
from recrate_binder.cluster.commands import one_line
from recrate_binder.cluster.door import Door, open_door
from recrate_binder.cluster.judging import (
    BROKE,
    NO_FOLDER,
    NO_PYTHON,
    UNHEARD,
    Here,
    judge_end,
    judge_node,
)
from recrate_binder.cluster.onnode_pushed import PUSHED
from recrate_binder.cluster.options import Pilot

QUEUE_SECONDS = 300.0
_LATE_SECONDS = 15.0
"""How long a shared file system may take to show what a node wrote, or a line to bring it."""


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

    folder: where files are written that the node must see, if nodes see files of ours at all;
    otherwise the job's script carries all, and the node tells what it found to our port
    """
    from parsl.version import VERSION  # noqa: PLC0415 -- Parsl is an extra

    name = f"recrate-check-{secrets.token_hex(4)}"
    place = folder / name
    with disk_errors(place):
        place.mkdir(parents=True, mode=0o700)
        (place / "token").write_text(name, encoding="utf-8")
    try:
        with open_door(pilot) as door, disk_errors(place):
            script = place / "job.sh"
            body = _body(pilot, place, door) if pilot.shared else _body_alone(pilot, door)
            script.write_text(trial.head(name) + body, encoding="utf-8")
            submitted = time.time()
            fate, told = _run(trial, script, place, None if pilot.shared else door)
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
        around = (trial.around, "" if pilot.shared else _pushed(told))
        yield from judge_node(trial.kind, told, here, "; ".join(filter(None, around)))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _run(
    trial: Trial, script: Path, place: Path, door: Door | None
) -> tuple[Fate, dict[str, Any] | None]:
    """Submit the script, wait for its end; return its fate and what the node told.

    door: where it tells that, None for a file in `place`
    """
    job = trial.submit(script)
    fate = Fate(over=False, said="it waits in the queue")
    end = time.monotonic() + trial.seconds
    heard: dict[str, Any] | None = None
    try:
        while not fate.over and time.monotonic() < end:
            if door is None or heard is not None:
                time.sleep(1.0)
            else:
                heard = door.hear(1.0)
            fate = trial.fate(job)
    finally:
        with contextlib.suppress(RecrateError):
            if not fate.over:
                trial.cancel((job,))
    if door is None:
        return fate, _read(fate, place)
    return fate, heard or door.hear(_LATE_SECONDS if fate.code == 0 else 2.0)


def _read(fate: Fate, place: Path) -> dict[str, Any] | None:
    """Return what a node wrote, None where it wrote nothing that is seen here."""
    told = place / "told.json"
    late = time.monotonic() + _LATE_SECONDS
    while fate.over and fate.code == 0 and not told.exists() and time.monotonic() < late:
        time.sleep(0.5)
    if not told.exists():
        return None
    try:
        found = json.loads(told.read_text(encoding="utf-8"))
    except ValueError as error:
        raise OutsideFailed(
            f"a node told something that is no JSON: {error}", where=str(told), hint="try again"
        ) from error
    return dict(found)


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
    code = (NO_FOLDER if pilot.shared else UNHEARD) if fate.code == 0 else fate.code
    found = judge_end(trial.kind, code, pilot.python, said)
    assert found is not None, "a code that is not 0 is always a finding"
    return found


def _pushed(told: Mapping[str, Any]) -> str:
    """Return in words what goes to a node that sees no files of ours, and where it lies there."""
    free = told["free"] / 2**30
    return f"{PUSHED}; contents are kept in {told['scratch']} there, {free:.1f} GB are free"


def _addresses(pilot: Pilot) -> str:
    from recrate_binder.cluster.engine import address_of, own_addresses  # noqa: PLC0415 -- Parsl

    named = address_of(pilot)
    return shlex.join([named] if named else sorted(own_addresses()))


def _body(pilot: Pilot, place: Path, door: Door) -> str:
    """Return what the job does after its head, where the node sees the folder."""
    folder = shlex.quote(str(place))
    python = shlex.quote(pilot.python)
    return (
        f"[ -r {folder}/token ] || exit {NO_FOLDER}\n"
        f"{{\n{pilot.init or ':'}\n}} 2> {folder}/said\n"
        f"command -v {python} > /dev/null || exit {NO_PYTHON}\n"
        f"{python} - {folder} {door.port} {_addresses(pilot)} 2>> {folder}/said{_PROBE}"
        f"[ $? = 0 ] || exit {BROKE}\n"
    )


def _body_alone(pilot: Pilot, door: Door) -> str:
    """Return what the job does after its head, where the node sees nothing of ours."""
    python = shlex.quote(pilot.python)
    return (
        f"{pilot.init or ':'}\n"
        f"command -v {python} > /dev/null || exit {NO_PYTHON}\n"
        f"{python} - @{door.word} {door.port} {_addresses(pilot)}{_PROBE}"
        f"case $? in 0) ;; {UNHEARD}) exit {UNHEARD} ;; *) exit {BROKE} ;; esac\n"
    )


_PROBE = (
    " <<'RECRATE_PROBE'\n" + Path(probe.__file__).read_text(encoding="utf-8") + "\nRECRATE_PROBE\n"
)
