"""The keeper: a process of the far side that outlives connections and owns a campaign's pool.

It works off the spool. All that it knows is in files, so when it is killed the next one goes on:
an attempt whose worker still lives is waited for and not run twice.
"""

import contextlib
import fcntl
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.runner import Ended
from recrate.model.wire import to_plain
from recrate.outside.process import kill_tree, same_process, start_logged
from recrate.runners.agent_spool import ALIVE, STARTED, Campaign, Folder
from recrate.runners.runner import TAKEN_CODE, Pool, Runner

RunnerOf = Callable[[str], Runner]
_AGENT = "recrate.runners.agent"
_LOOK_SECONDS = 0.5
_NOTE_SECONDS = 2.0
_QUIET_SECONDS = 600.0
"""A keeper with nothing to do, whom nobody has asked for so long, ends; a verb starts another."""
_BEAT_SECONDS = 45.0
"""A worker touches `alive` every 5 s; behind this it is dead, or its file system is."""
_LOCK_SECONDS = 3.0
_REFUSALS = 3
_LOG_BYTES = 4 * 1024**2


def keep(campaign: Campaign, runner_of: RunnerOf) -> int:
    """Be the keeper of a campaign until it is over; 0 at once where another one lives."""
    with _locked(campaign) as mine:
        if not mine:
            return 0
        try:
            _Keeper(campaign, runner_of).work()
        except RecrateError as error:
            told = {"kind": type(error).__name__, "message": str(error), "hint": error.hint}
            campaign.note("failed.json", told)
        except Exception as error:
            told = {"kind": "OutsideFailed", "message": f"{type(error).__name__}: {error}"[:500]}
            campaign.note("failed.json", {**told, "hint": f"see {campaign.log} there"})
            raise
    return 0


def ensure_keeper(campaign: Campaign) -> None:
    """Start a keeper where none lives and there is something to do."""
    if campaign.noted("failed.json") is not None and not campaign.is_closed:
        return
    busy = campaign.is_closed or any(one.ended() is None for one in campaign.folders())
    if busy and not keeper_lives(campaign):
        _trim(campaign.log)
        spool = campaign.place.parent.parent
        start_logged(
            [sys.executable, "-P", "-m", _AGENT, "keeper", spool, campaign.place.name],
            log=campaign.log,
            folder=spool,
            variables=os.environ,
        )


def keeper_lives(campaign: Campaign) -> bool:
    """Say whether a campaign has a keeper."""
    with contextlib.suppress(FileNotFoundError), campaign.lock.open("r+b") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@contextlib.contextmanager
def _locked(campaign: Campaign) -> Iterator[bool]:
    """Hold the lock while the block runs; the kernel lets go of it however we end.

    A record lock: children do not hold it on, and NFS knows it.
    """
    until = time.monotonic() + _LOCK_SECONDS
    with campaign.lock.open("a+b") as lock:
        while True:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:  # a verb that looks whether somebody lives, or another keeper
                if time.monotonic() > until:
                    yield False
                    return
                time.sleep(0.05)
        yield True


class _Keeper:
    """One campaign's pool, at work."""

    def __init__(self, campaign: Campaign, runner_of: RunnerOf) -> None:
        self.campaign = campaign
        self.wanted = campaign.wanted()
        self.runner = runner_of(self.wanted.site)
        self.mine: set[str] = set()
        self.adopted: set[str] = set()
        self.unsaid: list[Ended] = []
        self.refusals = 0
        self.noted = 0.0

    def work(self) -> None:
        """Work off the spool until it is closed, or nobody has asked for long."""
        generation = self._take_over()
        pool = self._open(generation)
        try:
            while not self.campaign.is_closed and not self._forgotten():
                self._look(pool)
        finally:
            pool.close()
        if self.campaign.is_closed:
            self._take_away(generation)

    def _look(self, pool: Pool) -> None:
        folders = {one.id: one for one in self.campaign.folders() if one.ended() is None}
        for one in folders.values():
            if one.is_marked("cancel"):
                self._cancel(pool, one)
        waiting = [one for one in folders.values() if not self._is_begun(one)]
        for one in waiting[: max(0, pool.slots - len(self.mine))]:
            self._hand(pool, one)
        for name in sorted(self.adopted & folders.keys()):
            self._look_at_adopted(folders[name])
        self.unsaid += pool.ended(_LOOK_SECONDS)
        with contextlib.suppress(OutsideFailed):  # a full disk: said when there is room again
            while self.unsaid:
                self._over(self.unsaid[0])
                del self.unsaid[0]
            self._note(pool)

    def _hand(self, pool: Pool, one: Folder) -> None:
        """Give an attempt to the pool; one refusal may be the attempt's, several are the pool's."""
        try:
            pool.submit(one.task().attempt)
        except OutsideFailed as error:
            self.refusals += 1
            if self.refusals >= _REFUSALS:
                raise
            one.end(Ended(attempt=one.id, why="lost", note=str(error)))
        else:
            self.refusals = 0
            self.mine.add(one.id)

    def _is_begun(self, one: Folder) -> bool:
        return one.id in self.mine or one.id in self.adopted or one.ended() is not None

    def _over(self, ended: Ended) -> None:
        """Believe the pool; but an attempt that somebody else does is not over."""
        self.mine.discard(ended.attempt)
        one = self.campaign.folder(ended.attempt)
        if ended.code == TAKEN_CODE and not one.has_result():
            self.adopted.add(one.id)  # looked at until that worker is over
        elif one.is_taken():
            one.end(ended)

    def _look_at_adopted(self, one: Folder) -> None:
        late = is_late(one)
        if worker_lives(one) and not late:
            return
        end_worker(one)
        self.adopted.discard(one.id)
        if late:
            one.end(Ended(attempt=one.id, why="time"))
        elif one.has_result():
            one.end(Ended(attempt=one.id, code=0))
        else:
            note = "its worker ended while nobody watched it"
            one.end(Ended(attempt=one.id, why="lost", note=note))

    def _cancel(self, pool: Pool, one: Folder) -> None:
        if one.id in self.mine:
            pool.cancel(one.id)
        else:
            end_worker(one)
            self.adopted.discard(one.id)
            one.end(Ended(attempt=one.id, why="cancelled"))

    def _take_over(self) -> int:
        """Sort out what a keeper before left; return the number of the pool to open.

        A pool of the old number would take away the workers that still live: then it is the next.
        """
        told = self.campaign.noted("generation.json")
        generation = int(told["number"]) if told else 0
        for one in self.campaign.folders():
            if one.ended() is not None or not (one.attempt / STARTED).exists():
                continue
            self.adopted.add(one.id)
        living = any(worker_lives(self.campaign.folder(name)) for name in self.adopted)
        generation += 1 if living or not told else 0
        self.campaign.note("generation.json", {"number": generation})
        return generation

    def _open(self, generation: int) -> Pool:
        folder = self.campaign.place / f"pool{generation}"
        folder.mkdir(exist_ok=True)
        name = f"{self.wanted.id}k{generation}"
        return self.runner.open(name, folder, workers=self.wanted.workers)

    def _take_away(self, generation: int) -> None:
        """End what is left of all pools there were, then remove the campaign's folder."""
        for one in self.campaign.folders():
            end_worker(one)
        for earlier in range(1, generation):
            with contextlib.suppress(RecrateError):
                self._open(earlier).close()
        self.campaign.remove()

    def _forgotten(self) -> bool:
        if self.campaign.quiet_seconds() < _QUIET_SECONDS:
            return False
        return all(one.ended() is not None for one in self.campaign.folders())

    def _note(self, pool: Pool) -> None:
        if time.monotonic() - self.noted > _NOTE_SECONDS:
            self.noted = time.monotonic()
            told = {"slots": pool.slots, "state": to_plain(pool.state()), "pid": os.getpid()}
            self.campaign.note("keeper.json", told)


def worker_lives(one: Folder) -> bool:
    """Say whether somebody does this attempt: its process runs here, or it beats elsewhere."""
    if not (one.attempt / STARTED).exists() or one.has_result():
        return False
    host, pid, began = _who(one)
    if host == platform.node() and began is not None:
        return same_process(pid, began)
    return _beat_seconds(one) < _BEAT_SECONDS


def is_late(one: Folder) -> bool:
    """Say whether a worker that no pool watches has had more time than it may."""
    limit, started = one.task().attempt.seconds, one.attempt / STARTED
    if limit is None or one.has_result() or not started.exists():
        return False
    return _clock(one) - started.stat().st_mtime > limit


def end_worker(one: Folder) -> None:
    """Kill the worker of an attempt with all that it started, where it runs on this machine."""
    host, pid, began = _who(one)
    if host == platform.node() and began is not None and same_process(pid, began):
        with contextlib.suppress(psutil.Error):
            kill_tree(pid)


def _who(one: Folder) -> tuple[str, int, float | None]:
    try:
        told = json.loads((one.attempt / STARTED).read_bytes())
        return str(told["host"]), int(told["pid"]), float(told["began"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0, None


def _beat_seconds(one: Folder) -> float:
    """Return how old the last sign of life is."""
    signs = (one.attempt / ALIVE, one.attempt / STARTED)
    last = max((sign.stat().st_mtime for sign in signs if sign.exists()), default=0.0)
    return _clock(one) - last


def _clock(one: Folder) -> float:
    """Return the present moment by the clock of the file system that holds an attempt."""
    probe = one.place / "clock"
    probe.touch()
    return probe.stat().st_mtime


def _trim(log: Path) -> None:
    """Empty a log that grew too long over many keepers."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_BYTES:
            log.write_bytes(b"")
