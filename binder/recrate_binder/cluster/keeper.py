"""Keeps as many pilot jobs as there is work for, in a thread of its own: schedulers are slow."""

import contextlib
import math
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.errors import OutsideFailed
from recrate_binder.cluster.commands import is_silent, one_line

if TYPE_CHECKING:
    from recrate_binder.cluster.engine import Executor
    from recrate_binder.cluster.options import Pilot

_IDLE_SECONDS = 60.0
_LOOK_SECONDS = 1.0
_FAILURES = 3
"""So many jobs in a row that never came to work: the site is not usable."""
_SILENT_SECONDS = 1800.0
"""So long a scheduler may be away, for an update or a restart."""
_SAID_BYTES = 2000


@dataclass
class Keeper:
    """Submits and ends pilot jobs of one executor. What it sees is read from other threads.

    workers: attempts that the nodes at work can take at once; queued: jobs that wait
    gone:    why there is nothing to be had here any more, empty while there is
    """

    executor: "Executor"
    pilot: "Pilot"
    jobs: int
    workers: int = 0
    queued: int = 0
    note: str = ""
    gone: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _failed: set[str] = field(default_factory=set)
    _in_a_row: int = 0
    _came: int = 0
    _silent_since: float | None = None
    _rest_until: float = 0.0

    def start(self) -> None:
        """Begin to keep."""
        self._thread = threading.Thread(target=self._keep, name="pilot-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns once it is over."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _keep(self) -> None:
        while not self._stop.is_set() and not self.gone:
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 -- Parsl's and its providers' are of any type
                self._missed(f"{type(error).__name__}: {error}")
            self._stop.wait(_LOOK_SECONDS)

    def _look(self) -> None:
        if not self.executor.exchange_lives:
            self.gone = "Parsl's interchange ended"
            return
        if self.executor.bad_state_is_set:
            self.gone = one_line(str(self.executor.executor_exception))
            return
        self.executor.poll_facade()
        managers = [one for one in self.executor.connected_managers() if one["active"]]
        self.workers = sum(int(one["worker_count"]) for one in managers)
        came = len(self.executor.connected_blocks())
        if came > self._came:
            self._came, self._in_a_row, self.note = came, 0, ""
        living = self._living()
        at_work = {one["block_id"] for one in managers}
        self.queued = len([block for block in living if block not in at_work])
        self._count_failures()
        self._scale(len(living))

    def _living(self) -> list[str]:
        return [name for name, one in self.executor.status_facade.items() if not one.terminal]

    def _scale(self, living: int) -> None:
        outstanding = self.executor.outstanding()
        wanted = min(self.jobs, math.ceil(outstanding / self.pilot.a_job))
        if living < wanted and time.monotonic() >= self._rest_until:
            made = self.executor.scale_out_facade(1)  # one at a look: the first shows what is wrong
            self._silent_since = None if made else self._silent_since
        elif living > wanted:
            self.executor.scale_in_facade(living - wanted, max_idletime=_IDLE_SECONDS)

    def _count_failures(self) -> None:
        """Take note of jobs that ended before any of their nodes came to work."""
        came = set(self.executor.connected_blocks())
        for name, status in self.executor.status_facade.items():
            if name in self._failed or name in came or not status.terminal:
                continue
            if status.status_name == "SCALED_IN":
                continue
            self._failed.add(name)
            said = _said_by(status)
            if is_silent(said):
                self._missed(said)
                continue
            self._in_a_row += 1
            self._rest_until = time.monotonic() + self._in_a_row
            self.note = f"a job ended before it came to work: {said}"
            if self._in_a_row >= _FAILURES:
                self.gone = self.note

    def _missed(self, said: str) -> None:
        """Take note that the scheduler did not answer; after long enough it is gone."""
        now = time.monotonic()
        self._silent_since = now if self._silent_since is None else self._silent_since
        self._rest_until = now + 10.0
        self.note = f"the scheduler does not answer: {one_line(said)}"
        if now - self._silent_since > _SILENT_SECONDS:
            self.gone = self.note

    def end_jobs(self) -> None:
        """End all jobs that are known here. What fails is tried again by name, by the pool."""
        ids = [
            job
            for block, job in self.executor.blocks_to_job_id.items()
            if block in set(self._living())
        ]
        with contextlib.suppress(Exception):
            if ids and self.executor.provider is not None:
                self.executor.provider.cancel(ids)


def _said_by(status: Any) -> str:
    """Return what a failed job or its scheduler said, at most a few lines of it."""
    said = [str(status.message or "")]
    for path in (status.stderr_path, status.stdout_path):
        with contextlib.suppress(OSError), Path(path or "").open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _SAID_BYTES))
            said.append(file.read().decode("utf-8", "replace"))
    return one_line(" ".join(part for part in reversed(said) if part), 900) or "it said nothing"


def require_there(keeper: Keeper) -> None:
    """Raise OutsideFailed when there is nothing to be had of this place any more."""
    if keeper.gone:
        raise OutsideFailed(
            keeper.gone,
            where="the cluster",
            hint="`recrate runners check` tries the place and says what is wrong",
        )
