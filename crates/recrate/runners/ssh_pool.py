"""A campaign's pool on the far side: one thread carries attempts there, another brings them back.

A cut connection loses nothing: both threads ask again, and the far side goes on meanwhile.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput, DiskFull, NotFound, OutsideFailed, RecrateError
from recrate.model.runner import Attempt, Ended, PoolState
from recrate.model.wire import from_plain
from recrate.outside.archive import ArchiveLimits
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.runners.agent_spool import READY, RESULT, STARTED
from recrate.runners.agent_words import error_of, plain_text
from recrate.runners.ssh_link import Link
from recrate.runners.ssh_staging import Harvest, Stage
from recrate.runners.ssh_talk import Question
from recrate.runners.ssh_words import LinkFailed, nonsense
from recrate.runners.staging import words_of

_FIRST_WAIT_SECONDS, _WAIT_SECONDS = 1, 5
_IDLE_SECONDS = 0.5
_PAUSE_SECONDS = 0.2
_CLOSE_SECONDS = 60.0
_SLOTS_AT_FIRST = 2
_MANY = 10_000
"""No pool has more slots or machines; a number above it is a slip or worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarCampaign:
    """A campaign there and its folder here. `keep`: what lies there stays when it ends."""

    id: str
    folder: Path
    workers: int
    store_bytes: int
    limits: ArchiveLimits
    keep: bool = False

    @property
    def scratch(self) -> Path:
        """A folder of its own for what is on its way."""
        return self.folder / "runner" / f"ssh-{self.id}" / "scratch"

    @property
    def sent(self) -> Path:
        """One small file for each attempt that is there: the next process finds it by that."""
        return self.folder / "runner" / f"ssh-{self.id}" / "sent"


def bring_left(link: Link, campaign: FarCampaign) -> None:
    """Bring here what ended there while nobody listened: a process before was killed.

    Raises LinkFailed where the far side is not reached.
    """
    if not campaign.sent.is_dir():
        return

    def ask(question: Question) -> list[Any]:
        return link.ask(replace(question, asked={"campaign": campaign.id, **question.asked}))

    harvest = Harvest(scratch=campaign.scratch, limits=campaign.limits)
    with contextlib.suppress(NotFound):
        said = ask(Question(verb="poll", asked={"done": [], "ready": [], "wait": 0}))
        for ended in _heard(said[0].get("ended") if said else None, link.where):
            folder = _folder_of(campaign, ended.attempt)
            if folder is not None and not any((folder / one).exists() for one in (RESULT, STARTED)):
                harvest.fetch(ended.attempt, folder, ask)
    remove_tree(campaign.sent)


def _folder_of(campaign: FarCampaign, attempt: str) -> Path | None:
    """Return where we noted that an attempt belongs: what the far side says names no place."""
    notes = {one.name: one for one in campaign.sent.iterdir()}
    if attempt not in notes:
        return None
    folder = Path(notes[attempt].read_text(encoding="utf-8"))
    return folder if folder.is_dir() else None


def _heard(told: object, where: str) -> list[Ended]:
    try:
        return [from_plain(one, Ended) for one in told] if isinstance(told, list) else []
    except BadInput as error:
        raise nonsense(where, "an end that is none") from error


class SshPool:
    """Attempts that a recrate on the far side runs."""

    def __init__(self, link: Link, campaign: FarCampaign) -> None:
        """Begin to carry; `link` is ours from now on."""
        self._link = link
        self._campaign = campaign
        remove_tree(campaign.scratch)
        self._stage = Stage(scratch=campaign.scratch, store_bytes=campaign.store_bytes)
        self._harvest = Harvest(scratch=campaign.scratch, limits=campaign.limits)
        self._condition = threading.Condition()
        self._to_send: deque[Attempt] = deque()
        self._to_cancel: list[str] = []
        self._there: dict[str, Attempt] = {}
        self._ended: list[Ended] = []
        self._done: list[str] = []
        self._ready: set[str] = set()
        self._failure: RecrateError | None = None
        self._pool = PoolState(workers=campaign.workers)
        self._slots = campaign.workers or _SLOTS_AT_FIRST
        self._closed = self._is_heard = False
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), daemon=True, name=name)
            for name, work in (("recrate-send", self._send), ("recrate-fetch", self._fetch))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def slots(self) -> int:
        """As many as the far side's own pool wants, once it is open."""
        return self._slots

    def submit(self, attempt: Attempt) -> None:
        """Take an attempt; it is carried over by and by. Raises OutsideFailed without a way."""
        with self._condition:
            self._raise_failure()
            self._to_send.append(attempt)
            self._condition.notify_all()

    def ended(self, wait_seconds: float) -> tuple[Ended, ...]:
        """Return what ended and lies here with all its files; waits so long for the first.

        Raises OutsideFailed when our patience with the connection is over.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._ended or self._failure, wait_seconds)
            found, self._ended = tuple(self._ended), []
            if not found:
                self._raise_failure()
            return found

    def cancel(self, attempt: str) -> None:
        """End an attempt, wherever it is just now."""
        with self._condition:
            for one in self._to_send:
                if one.id == attempt:
                    self._to_send.remove(one)
                    self._over(Ended(attempt=attempt, why="cancelled"))
                    return
            self._to_cancel.append(attempt)
            self._condition.notify_all()

    def state(self) -> PoolState:
        """Return how the far side's pool stood when it was last heard of."""
        with self._condition:
            note = self._link.trouble or self._pool.note
            return replace(self._pool, queued=self._pool.queued + len(self._to_send), note=note)

    def close(self) -> None:
        """End all there, and the connection; where it is cut, the keeper there ends by itself."""
        if self._closed:
            return
        self._closed = True
        self._link.stop.set()
        with self._condition:
            self._condition.notify_all()
        for thread in self._threads:
            thread.join()
        until = time.monotonic() + _CLOSE_SECONDS
        with contextlib.suppress(RecrateError):
            asked = {"campaign": self._campaign.id}
            question = Question(verb="leave" if self._campaign.keep else "close", asked=asked)
            self._link.ask(question, stopped=lambda: time.monotonic() > until)
        self._link.close()
        remove_tree(self._campaign.scratch.parent)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise OutsideFailed(
                self._failure.message, where=self._failure.where, hint=self._failure.hint
            ) from self._failure

    def _over(self, ended: Ended) -> None:
        (self._campaign.sent / ended.attempt).unlink(missing_ok=True)
        with self._condition:
            self._there.pop(ended.attempt, None)
            self._ready.discard(ended.attempt)
            self._ended.append(ended)
            self._condition.notify_all()

    def _ask(self, question: Question) -> list[Any]:
        asked = {"campaign": self._campaign.id, **question.asked}
        return self._link.ask_patiently(replace(question, asked=asked))

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do a thread's work; what ends it is told to whoever calls next."""
        try:
            while not self._link.stop.is_set():
                work()
        except Exception as error:  # noqa: BLE001 - a thread that dies silently hangs a campaign
            told = error if isinstance(error, RecrateError) else OutsideFailed(repr(error)[:500])
            with self._condition:
                if not self._link.stop.is_set():
                    self._failure = self._failure or told
                self._condition.notify_all()

    def _send(self) -> None:
        """Carry what waits: first what is to be ended, then one attempt."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._to_send or self._to_cancel or self._link.stop.is_set(), _IDLE_SECONDS
            )
            cancelled, self._to_cancel = self._to_cancel, []
            attempt = self._to_send.popleft() if self._to_send and not cancelled else None
            if attempt is not None:
                self._there[attempt.id] = attempt
        if cancelled:
            self._ask(Question(verb="cancel", asked={"attempts": cancelled}))
        if attempt is not None:
            self._send_one(attempt)

    def _send_one(self, attempt: Attempt) -> None:
        try:
            write_text(self._campaign.sent / attempt.id, attempt.folder)
            self._stage.send(attempt, self._ask)
        except LinkFailed:
            raise
        except RecrateError as error:
            with self._condition:
                self._to_cancel.append(attempt.id)  # it may have been taken all the same
            self._over(Ended(attempt=attempt.id, why="lost", note=words_of(error)))

    def _fetch(self) -> None:
        """Hear what ended, bring it here, and have it removed there."""
        with self._condition:
            if not self._there:
                self._condition.wait_for(
                    lambda: self._there or self._link.stop.is_set(), _IDLE_SECONDS
                )
        asked = {
            "done": list(self._done),
            "ready": list(self._ready),
            "keep": self._campaign.keep,
            "wait": _WAIT_SECONDS if self._is_heard else _FIRST_WAIT_SECONDS,
        }
        try:
            said = self._ask(Question(verb="poll", asked=asked))
        except DiskFull as error:  # somebody may free some space; what runs there goes on
            self._link.trouble = words_of(error)
            self._link.stop.wait(_WAIT_SECONDS)
            return
        self._done.clear()
        told = said[0] if said else {}
        heard = _heard(told.get("ended"), self._link.where)
        brought = [self._bring(ended) for ended in heard]
        if not any(brought):
            self._link.stop.wait(_PAUSE_SECONDS)  # it may tell at once what is none of ours
        self._see_ready(told.get("ready"))
        if told.get("failed"):
            raise error_of(told["failed"], self._link.where)
        self._hear(told.get("pool"))

    def _bring(self, ended: Ended) -> bool:
        """Bring an attempt's files here; False for one that is none of ours."""
        attempt = self._there.get(ended.attempt)
        if attempt is not None:
            try:
                self._harvest.fetch(attempt.id, Path(attempt.folder), self._ask)
            except LinkFailed as error:
                if error.code != "ssh-nonsense":
                    raise
                ended = _spoiled(ended, error)
            except RecrateError as error:
                ended = _spoiled(ended, error)
        self._done.append(ended.attempt)
        if attempt is not None:
            self._over(replace(ended, note=plain_text(ended.note)))
        return attempt is not None

    def _see_ready(self, told: object) -> None:
        """Leave the mark that an attempt's environment is there: others may use it now."""
        for name in map(str, told) if isinstance(told, list) else ():
            attempt = None if name in self._ready else self._there.get(name)
            self._ready.add(name)
            if attempt is not None:
                with disk_errors(Path(attempt.folder)):
                    (Path(attempt.folder) / READY).touch()

    def _hear(self, pool: object) -> None:
        """Take in how the far side's pool stands."""
        if not isinstance(pool, dict):
            return
        try:
            state, slots = from_plain(pool.get("state"), PoolState), int(pool.get("slots", 0))
        except (BadInput, TypeError, ValueError) as error:
            raise nonsense(self._link.where, "a pool that is none") from error
        with self._condition:
            self._is_heard = True
            self._slots = max(1, min(slots, _MANY))
            names = tuple(plain_text(one, 80) for one in state.machines[:_MANY])
            self._pool = replace(state, machines=names, note=plain_text(state.note))


def _spoiled(ended: Ended, error: RecrateError) -> Ended:
    """Return an end whose files could not be brought here."""
    return replace(ended, code=None, why="lost", note=words_of(error))
