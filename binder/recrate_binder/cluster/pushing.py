"""How an attempt reaches a node that does not see our files: through Parsl, by its contents.

First only what is needed is said; a node that lacks contents answers which; they go with the next
try, and with the third all of them, whichever node takes it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.runner import Attempt
from recrate.model.wire import to_json
from recrate.outside.archive import ArchiveLimits
from recrate.outside.disk import disk_errors, scratch_folder
from recrate.runners.staging import (
    Prepared,
    Staged,
    Staging,
    read_order,
    unpack_results,
    words_of,
)
from recrate_binder.cluster.onnode import Told
from recrate_binder.cluster.onnode_pushed import CARRIED_BYTES, Brought, run_pushed
from recrate_binder.cluster.ways import Hand

FLIGHT_BYTES = 1024**3
"""What may be on its way to nodes at once: Parsl's interchange holds it in memory."""
_UNPACKED_BYTES = 10 * 1024**3
_TRIES = 3


@dataclass(eq=False, kw_only=True)
class _Going:
    """An attempt on its way. missing: what the last node lacked; size_bytes: of what flies now."""

    attempt: Attempt
    promise: "Future[Told]" = field(default_factory=Future)
    tries: int = 0
    missing: frozenset[str] = frozenset()
    size_bytes: int = 0

    def tell(self, told: Told) -> None:
        if not self.promise.done():
            self.promise.set_result(told)

    def fail(self, error: Exception) -> None:
        if isinstance(error, RecrateError):
            self.tell((None, "lost", "", words_of(error)))
        elif not self.promise.done():
            self.promise.set_exception(error)


@dataclass(kw_only=True)
class Pushing:
    """Carries attempts and results through Parsl, one after another in a thread of its own.

    sent_bytes: of contents that went to nodes so far
    """

    hand: Hand
    python: str
    scratch: Path
    sent_bytes: int = 0
    _staging: Staging = field(init=False)
    _thread: ThreadPoolExecutor = field(init=False)
    _flying: int = 0
    _waiting: "deque[_Going]" = field(default_factory=deque)
    _dropped: set[str] = field(default_factory=set)
    _laying: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin with nothing on its way."""
        self._staging = Staging(scratch=self.scratch)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recrate-push")

    def begin(self, attempt: Attempt) -> "Future[Told]":
        """Carry an attempt; its files lie here before the future is done."""
        going = _Going(attempt=attempt)
        self._do(going, partial(self._send, going))
        return going.promise

    def call_off(self, attempt: str) -> bool:
        """Take no more of an attempt; its node is not told, and goes on until it ends by itself."""
        with self._laying:  # what is just being laid out here counts
            self._dropped.add(attempt)
        return True

    def machines(self, attempts: Iterable[str]) -> set[str]:
        """Return nothing: a node is heard when it is done."""
        del attempts
        return set()

    def close(self) -> None:
        """Carry nothing more; what is just being laid out here is waited for."""
        self._thread.shutdown(cancel_futures=True)

    def _do(self, going: _Going, work: Callable[[], None]) -> None:
        """Do a step of an attempt's way when its turn comes; what is wrong is the attempt's end."""

        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 -- told with the attempt
                going.fail(error)

        try:
            self._thread.submit(guarded)
        except RuntimeError as error:  # closed
            going.fail(error)

    def _send(self, going: _Going) -> None:
        if going.attempt.id in self._dropped:
            going.tell((None, "cancelled", "", ""))
            return
        named = _named_bytes(going.attempt)
        if named > CARRIED_BYTES:  # before so much is hashed for nothing
            going.tell((None, "refused", "", _too_large(named)))
            return
        with self._staging.prepared(going.attempt) as what:
            if what.size_bytes > CARRIED_BYTES:
                going.tell((None, "refused", "", _too_large(what.size_bytes)))
                return
            load = _load(going, what)
            size = sum(one.size_bytes for one in load.values())
            if size and self._flying and self._flying + size > FLIGHT_BYTES:
                self._waiting.append(going)
                return
            sent = {address: _content(one) for address, one in load.items()}
            submission = to_json(what.submission)
        future = self.hand(run_pushed, {}, self.python, submission, sent)
        going.size_bytes = size
        self._flying += size
        self.sent_bytes += size
        future.add_done_callback(lambda told: self._do(going, partial(self._hear, going, told)))

    def _hear(self, going: _Going, future: "Future[Any]") -> None:
        """Take a node's answer: contents that it lacks, or what the attempt left."""
        self._flying -= going.size_bytes
        for one in self._let_go():
            self._do(one, partial(self._send, one))
        brought: Brought = future.result()
        if not brought.missing:
            self._lay(going, brought)
            return
        going.tries += 1
        going.missing = frozenset(brought.missing)
        if going.tries >= _TRIES:
            raise OutsideFailed(
                f"node {brought.told[2]} does not keep what is sent to it",
                where=going.attempt.id,
                hint="is there room in its scratch? `recrate runners check` says where that is",
            )
        self._send(going)

    def _let_go(self) -> tuple[_Going, ...]:
        """Return those that waited for others to land."""
        waited = tuple(self._waiting)
        self._waiting.clear()
        return waited

    def _lay(self, going: _Going, brought: Brought) -> None:
        """Lay out here what an attempt left, unless it was called off meanwhile."""
        with self._laying, scratch_folder("brought-", self.scratch) as scratch:
            if brought.packed and going.attempt.id not in self._dropped:
                packed = scratch / "packed.zip"
                with disk_errors(packed):
                    packed.write_bytes(brought.packed)
                unpack_results(
                    packed,
                    Path(going.attempt.folder),
                    scratch=scratch,
                    limits=ArchiveLimits(total_bytes=_UNPACKED_BYTES),
                )
            going.tell(brought.told)


def _load(going: _Going, what: Prepared) -> dict[str, Staged]:
    """Return what goes along, by address: nothing at first, what was missed, at last all."""
    return {
        one.content.sha256: one
        for one in what.staged
        if going.tries and (going.tries == _TRIES - 1 or one.content.sha256 in going.missing)
    }


def _content(one: Staged) -> bytes:
    with disk_errors(one.file):
        return one.file.read_bytes()


def _named_bytes(attempt: Attempt) -> int:
    """Return how much the files have that an order names; folders are packed first."""
    order = read_order(Path(attempt.folder))
    named = (order.get("crate"), *(order.get("data") or {}).values())
    files = [Path(str(one)) for one in named if one]
    return sum(one.stat().st_size for one in files if one.is_file())


def _too_large(size_bytes: int) -> str:
    return (
        f"crate and data have {size_bytes:,} bytes; no more than {CARRIED_BYTES:,} go to nodes"
        " without shared files (name large data by reference, or replay it on a site with `shared`"
        " files, or of kind `ssh`)"
    )
