"""One task of a campaign, as the node does it: replay the crate, and say in one record what came.

An attempt is a folder. `order.json` says what to do; `started.json` is made by the first worker and
by nobody else; `ready` appears when the environment is there; `result.json` is written last.
"""

import contextlib
import json
import os
import platform
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from recrate.flow.replay import Replayed, ReplayOrder, replay
from recrate.flow.settings import Settings
from recrate.locate.whereabouts import Origin
from recrate.model.campaign import CampaignOptions, Outcome, TaskLimits, TaskResult
from recrate.model.candidate import CandidateOutcome
from recrate.model.errors import BadInput, Busy, OutsideFailed, RecrateError, Refused
from recrate.model.observation import NOT_ADDED
from recrate.model.progress import Progress
from recrate.model.verdict import Cause, Judgement, NotebookVerdict, OutputJudgement, Verdict
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.process import core_seconds
from recrate.report.account import Language

ORDER, STARTED, READY, ALIVE, RESULT = (
    "order.json", "started.json", "ready", "alive", "result.json",
)  # fmt: skip
REPLAY = "replay"
"""Folder of the replay within an attempt's; it moves to `runs/` when it is judged."""
BEAT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOrder:
    """What an attempt is told: `order.json` of its folder.

    crate:       absolute path of its file or folder, as the node sees it
    destination: absolute path of the replay's folder
    cache:       of environments; empty takes the node's own
    config:      absolute path of a configuration file; empty for none beside the usual ones
    resume:      the destination holds what an attempt before had done
    language:    the report opens in it; None lets the reader's browser choose
    """

    task: int
    attempt: int
    crate: str
    destination: str
    options: CampaignOptions
    limits: TaskLimits
    cache: str = ""
    config: str = ""
    origin: Origin | None = None
    runner: str = "local"
    resume: bool = False
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Who does an attempt. `pid` is 0 for one that was called off before it began."""

    host: str
    pid: int
    began: float
    at: str


def read_order(folder: Path) -> TaskOrder:
    """Return what an attempt is told; raises BadInput for a folder that is none."""
    place = folder / ORDER
    if not place.is_file():
        raise BadInput(
            "no order lies there", where=str(place), hint="a campaign writes it for its workers"
        )
    with disk_errors(place):
        return from_json(place.read_bytes(), TaskOrder, where=str(place))


def take(folder: Path, at: str) -> bool:
    """Make the attempt ours; False when it is somebody's already, or was called off."""
    mine = Started(
        host=platform.node(),
        pid=os.getpid(),
        began=psutil.Process().create_time(),
        at=at,
    )
    return claim(folder, mine)


def claim(folder: Path, who: Started) -> bool:
    """Write who does the attempt, unless somebody does; nobody else can then."""
    place = folder / STARTED
    draft = folder / f".{STARTED}-{platform.node()}-{os.getpid()}"
    with disk_errors(place):
        draft.write_text(to_json(who), encoding="utf-8")
        try:
            os.link(draft, place)  # whole at once, and only where there is none: on NFS too
        except FileExistsError:
            return False
        finally:
            draft.unlink(missing_ok=True)
    return True


def read_started(folder: Path) -> Started | None:
    """Return who does an attempt, None while nobody does."""
    with contextlib.suppress(FileNotFoundError):
        return from_json((folder / STARTED).read_bytes(), Started, where=str(folder / STARTED))
    return None


def read_result(folder: Path) -> TaskResult | None:
    """Return what an attempt left, None where it left nothing that can be read."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, BadInput):
        return from_json((folder / RESULT).read_bytes(), TaskResult, where=str(folder / RESULT))
    return None


def system_name() -> str:
    """Return the type of this node: `linux-x86_64`."""
    return f"{platform.system()}-{platform.machine()}".lower()


@contextmanager
def beating(folder: Path) -> Iterator[None]:
    """Touch `alive` every few seconds while the block runs."""
    over = threading.Event()

    def beat() -> None:
        while True:
            with contextlib.suppress(OSError):
                (folder / ALIVE).touch()
            if over.wait(BEAT_SECONDS):
                return

    thread = threading.Thread(target=beat, daemon=True, name="recrate-alive")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=BEAT_SECONDS)


def task_settings(settings: Settings, order: TaskOrder) -> Settings:
    """Return the node's settings with what the campaign wants laid over them."""
    options, limits = order.options, order.limits
    cache = Path(order.cache) if order.cache else settings.cache
    own = settings.replay
    return replace(
        settings,
        cache=cache,
        environment=replace(settings.environment, cache=cache),
        replay=replace(
            own,
            parameters=options.parameters,
            allow_network=options.allow_network,
            cell_timeout_seconds=options.cell_seconds or own.cell_timeout_seconds,
            notebook_timeout_seconds=options.notebook_seconds or own.notebook_timeout_seconds,
            total_timeout_seconds=limits.seconds or own.total_timeout_seconds,
            memory_bytes=limits.memory_bytes or own.memory_bytes,
            runner=order.runner,
        ),
    )


@dataclass(kw_only=True)
class _Clock:
    """What an attempt took. `ready`: when its environment was there, on the same clock."""

    folder: Path
    began: float = field(default_factory=time.monotonic)
    ready: float | None = None

    def look(self, stage: str) -> None:
        """Note the moment at which notebooks begin to run."""
        if stage == "replay" and self.ready is None:
            self.ready = time.monotonic()
            with disk_errors(self.folder):
                (self.folder / READY).touch()


def do_task(
    folder: Path, order: TaskOrder, *, settings: Settings, progress: Progress
) -> TaskResult:
    """Replay the crate of an order, and return what came of it; only a kill or Ctrl-C gets out."""
    clock = _Clock(folder=folder)
    started = settings.clock().isoformat(timespec="seconds")

    def both(stage: str, done: int, total: int, message: str) -> None:
        clock.look(stage)
        progress(stage, done, total, message)

    try:
        done = replay(_replay_order(order), settings=task_settings(settings, order), progress=both)
        result = _judged(done)
    except RecrateError as error:
        result = _without_verdict(error)
    except OSError as error:
        result = TaskResult(
            outcome="unlucky", message=error.strerror or str(error), hint="see worker.log"
        )
    now = time.monotonic()
    return replace(
        result,
        seconds=round(now - clock.began, 3),
        environment_seconds=round((clock.ready or now) - clock.began, 3),
        core_seconds=round(core_seconds(), 3),
        host=platform.node(),
        system=system_name(),
        started=started,
        ended=settings.clock().isoformat(timespec="seconds"),
    )


def _replay_order(order: TaskOrder) -> ReplayOrder:
    destination = Path(order.destination)
    return ReplayOrder(
        location=Path(order.crate),
        destination=destination,
        notebooks=order.options.notebooks,
        repeats=order.options.repeats,
        resume=order.resume and (destination / "replay.json").is_file(),
        current=order.options.current,
        language=order.language,
        origin=order.origin,
    )


def _without_verdict(error: RecrateError) -> TaskResult:
    kinds: tuple[tuple[type[RecrateError], Outcome], ...] = (
        (Busy, "unlucky"),
        (Refused, "refused"),
        (OutsideFailed, "unlucky"),
        (BadInput, "broken"),
    )
    found = [name for kind, name in kinds if isinstance(error, kind)]
    outcome: Outcome = found[0] if found else "unlucky"
    return TaskResult(outcome=outcome, message=str(error), hint=error.hint)


def _judged(done: Replayed) -> TaskResult:
    verdict, seen = done.verdict, done.observations
    environment = next((one.environment for one in seen if one.environment is not None), None)
    peak = max((run.peak_memory_bytes for one in seen for run in one.notebooks), default=0)
    measured = TaskResult(
        outcome="judged",
        cut=any(run.status not in _WHOLE for one in seen for run in one.notebooks)
        or any(NOT_ADDED in note for one in seen for note in one.notes)
        or any(one.outcome is CandidateOutcome.NOT_TRIED for one in verdict.candidates),
        restored=environment.restored if environment else False,
        python=environment.python if environment and environment.language == "python" else "",
        packages=len(environment.packages) if environment else 0,
        peak_memory_bytes=peak,
    )
    return with_verdict(measured, verdict)


def with_verdict(result: TaskResult, verdict: Verdict) -> TaskResult:
    """Return a result with what a verdict says in it; what was measured stays."""
    cause, reason = _why(verdict)
    return replace(
        result,
        verdict=str(verdict.verdict),
        cause=cause,
        reason=reason,
        notebooks=len(verdict.notebooks),
        outputs=verdict.coverage.outputs,
        compared=verdict.coverage.compared,
        policy=verdict.policy.name,
        instead=verdict.instead.told if verdict.instead else "",
    )


_WHOLE = frozenset({"completed", "failed"})
"""How notebooks end that nobody cut off."""


def _why(verdict: Verdict) -> tuple[str, str]:
    """Return the cause of the worst notebook, and a sentence about it."""
    order = list(Judgement)
    worst = max(verdict.notebooks, key=lambda one: order.index(one.verdict), default=None)
    if worst is None or worst.error is None:
        cause = _most_frequent_cause(worst) if worst is not None else None
        if cause is not None:
            return str(cause), verdict.sentence
        finding = next(iter(verdict.findings), None)
        return "", finding.message if finding and not verdict.notebooks else verdict.sentence
    return str(worst.error.cause), f"{worst.path}: {worst.error.name}: {worst.error.message}"[:500]


def _most_frequent_cause(notebook: NotebookVerdict) -> Cause | None:
    """Return why most of the outputs differ that lower a notebook's verdict; None for none."""
    if notebook.verdict is not Judgement.DIFFERENT:
        return None
    causes = Counter(
        output.cause
        for cell in notebook.cells
        for output in cell.outputs
        if output.cause is not None and output.verdict is not OutputJudgement.UNSTABLE
    )
    return causes.most_common(1)[0][0] if causes else None


def result_text(result: TaskResult) -> str:
    """Return a result as it is written."""
    return json.dumps(json.loads(to_json(result)), ensure_ascii=False) + "\n"


def write_result(folder: Path, result: TaskResult) -> None:
    """Leave the result, whole."""
    write_text(folder / RESULT, result_text(result))
