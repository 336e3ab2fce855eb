"""Attempts of tasks: begun, looked after, and settled, so that none is lost and none doubled.

Before a runner is handed an attempt the journal says that it begins; whoever goes on after a kill
finds it there. The folder then tells the rest: a result, a worker that still lives, or nothing.
"""

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from recrate.campaign.journal import Journal
from recrate.campaign.known import Known, KnownVerdicts
from recrate.campaign.luck import Again, Over, next_step
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.tasks import (
    ALIVE,
    ORDER,
    READY,
    Started,
    TaskOrder,
    claim,
    read_result,
    read_started,
)
from recrate.locate.whereabouts import Origin
from recrate.model.campaign import AttemptRow, CampaignOptions, TaskResult, TaskRow
from recrate.model.runner import Attempt, Ended
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.process import same_process
from recrate.report.account import Language

_STALE_SECONDS = 60.0
"""After so long without a sign a worker on another machine is held to be lost."""
_MARGIN_SECONDS = 600.0
"""What an attempt has beside its limit: for unpacking, judging, and keeping what was done."""
_MARGIN_BYTES = 1 << 30


@dataclass(kw_only=True)
class Attempts:
    """The attempts of one campaign.

    building_seconds: that the environment of an attempt may take
    leaders: attempts that make an environment for others, by its name
    adopted: attempts of an earlier command whose workers still live
    """

    folder: CampaignFolder
    journal: Journal
    known: KnownVerdicts
    options: CampaignOptions
    runner: str
    cache: Path
    config: str
    building_seconds: float
    clock: Callable[[], datetime]
    language: Language | None = None
    leaders: dict[str, str] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    adopted: set[str] = field(default_factory=set)

    def now(self) -> str:
        """Return the present moment as ISO text."""
        return self.clock().isoformat(timespec="seconds")

    def begin(self, task: TaskRow) -> Attempt:
        """Write down that an attempt of a task begins, and return it for a runner."""
        number = task.attempts + 1
        name = f"{task.number}-{number}"
        if task.environment not in self.ready:
            self.leaders[task.environment] = name
        running = replace(task, state="running", attempts=number, runner=self.runner)
        row = AttemptRow(task=task.number, number=number, runner=self.runner, submitted=self.now())
        self.journal.begin(running, row)
        folder = self.folder.attempt(task.number, number)
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        resume = number > 1 and self.folder.hand_on(task.number, number - 1, number)
        write_text(folder / ORDER, to_json(self._order(running, number, folder, resume=resume)))
        limits = task.limits
        seconds = limits.seconds
        return Attempt(
            id=name,
            folder=str(folder),
            memory_bytes=limits.memory_bytes + _MARGIN_BYTES if limits.memory_bytes else None,
            seconds=seconds * self.options.repeats + self.building_seconds + _MARGIN_SECONDS
            if seconds
            else None,
        )

    def _order(self, task: TaskRow, number: int, folder: Path, *, resume: bool) -> TaskOrder:
        origin = self.journal.origin(task.number)
        return TaskOrder(
            task=task.number,
            attempt=number,
            crate=task.crate,
            destination=str(folder / "replay"),
            options=self.options,
            limits=task.limits,
            cache=str(self.cache),
            config=self.config,
            origin=from_json(origin, Origin) if origin else None,
            runner=self.runner,
            resume=resume,
            language=self.language,
        )

    def settle(self, ended: Ended) -> TaskRow | None:
        """Write down what became of an attempt; return its task as it now is.

        None where it is not the task's last attempt, or was settled before.
        """
        number, _, attempt = ended.attempt.partition("-")
        task = self.journal.row(int(number))
        if task.state != "running" or task.attempts != int(attempt):
            return None
        folder = self.folder.attempt(task.number, task.attempts)
        result = read_result(folder)
        if result is None and ended.why == "refused" and read_started(folder) is not None:
            self.adopted.add(ended.attempt)
            return None
        self.adopted.discard(ended.attempt)
        made = result is not None or (folder / READY).exists()
        self.is_over(task.environment, ended.attempt, made=made)
        step = next_step(
            result,
            ended,
            limits=task.limits,
            options=self.options,
            attempts=task.attempts,
            unlucky=self.journal.unlucky(task.number),
        )
        if isinstance(step, Again):
            return self._again(task, step, result, ended)
        return self._over(task, step, result, ended)

    def _again(
        self, task: TaskRow, step: Again, result: TaskResult | None, ended: Ended
    ) -> TaskRow:
        if step.fresh:
            self.folder.forget_replay(task.number, task.attempts)
        waiting = replace(task, state="waiting", limits=step.limits, message=step.note)
        self._note(task, result, ended, "cancelled" if ended.why == "cancelled" else "again")
        not_before = time.time() + step.pause_seconds if step.pause_seconds else 0.0
        self.journal.put(waiting, not_before=not_before, unlucky=int(step.unlucky))
        return waiting

    def _over(self, task: TaskRow, step: Over, result: TaskResult | None, ended: Ended) -> TaskRow:
        place = ""
        if step.state == "judged":
            place = f"runs/{task.number}"
            self.folder.keep_run(task.number, task.attempts)
        done = replace(
            task,
            state=step.state,
            folder=place,
            result=result,
            message=step.message,
            hint=step.hint,
        )
        self._note(task, result, ended, step.state)
        self.journal.put(done)
        if task.key and place and result is not None and not result.cut:
            known = Known(folder=self.folder.run(task.number), result=result, date=result.ended)
            self.known.keep(task.key, task.identity, known)
        return done

    def _note(self, task: TaskRow, result: TaskResult | None, ended: Ended, outcome: str) -> None:
        started = read_started(self.folder.attempt(task.number, task.attempts))
        self.journal.finish(
            AttemptRow(
                task=task.number,
                number=task.attempts,
                runner=task.runner,
                submitted="",
                started=started.at if started else "",
                ended=self.now(),
                outcome=outcome,
                host=started.host if started else "",
                note=" ".join(part for part in (ended.why, ended.note) if part)[:500],
            ),
            core_seconds=result.core_seconds if result else 0.0,
        )

    def is_over(self, environment: str, leader: str, *, made: bool) -> None:
        """Let others use an environment once it is made; else let the next one make it."""
        if self.leaders.get(environment) == leader:
            del self.leaders[environment]
            if made:
                self.ready.add(environment)

    def look(self) -> tuple[Ended, ...]:
        """See which environments are there, and which adopted attempts are over."""
        for environment, leader in list(self.leaders.items()):
            if (self.folder.attempt(*_parts(leader)) / READY).exists():
                self.is_over(environment, leader, made=True)
        return tuple(one for name in self.adopted if (one := self._over_by_now(name)) is not None)

    def _over_by_now(self, name: str) -> Ended | None:
        folder = self.folder.attempt(*_parts(name))
        if read_result(folder) is not None:
            return Ended(attempt=name, code=0)
        started = read_started(folder)
        if started is not None and self._lives(folder, started):
            return None
        return Ended(attempt=name, why="lost", note="its worker is gone")

    def _lives(self, folder: Path, started: Started) -> bool:
        if started.host == platform.node():
            return same_process(started.pid, started.began)
        sign = folder / ALIVE
        return sign.exists() and self.folder.clock() - sign.stat().st_mtime < _STALE_SECONDS

    def take_up(self) -> tuple[Ended, ...]:
        """Return what became of the attempts that a killed command left; adopt those that live.

        One that nobody has begun is called off: nobody can begin it then.
        """
        found = []
        for task in tuple(self.journal.rows("running")):
            name = f"{task.number}-{task.attempts}"
            folder = self.folder.attempt(task.number, task.attempts)
            off = Started(host="", pid=0, began=0.0, at=self.now())
            if not folder.is_dir() or claim(folder, off):
                found.append(Ended(attempt=name, why="cancelled", note="it had not begun"))
                continue
            self.adopted.add(name)
            over = self._over_by_now(name)
            if over is not None:
                found.append(over)
        return tuple(found)


def _parts(name: str) -> tuple[int, int]:
    task, _, number = name.partition("-")
    return int(task), int(number)
