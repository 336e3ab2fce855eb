"""One exchange with the far side: a question, perhaps bytes, and an answer that is held in bounds.

The far side is a stranger: how much it may send is fixed before, and what is not in the form that
was agreed on ends the exchange.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from recrate.outside.disk import BLOCK_BYTES, disk_errors
from recrate.outside.process import kill_tree, start, wait_for
from recrate.runners.agent_words import LINE_BYTES, MARKER, error_of
from recrate.runners.ssh_words import failure_of, nonsense

_GREETING_BYTES = 256 * 1024
"""What a login shell may print before the answer begins."""
_LINES = 10_000
_ANSWER_BYTES = 32 * 1024**2
_COMPLAINT_BYTES = 16 * 1024
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    send:    a file whose bytes follow the question, `send_bytes` of them
    keep:    a file that bytes of the answer are appended to; what it holds already is not asked
             for again, and the answer's first line says how many there are in all
    limit_bytes: of these
    silence_seconds: after so long without a byte in either direction it is given up
    """

    verb: str
    asked: Mapping[str, Any]
    send: Path | None = None
    send_bytes: int = 0
    keep: Path | None = None
    limit_bytes: int = 0
    silence_seconds: float = 120.0


class Talk:
    """A program that answers one question."""

    def __init__(
        self,
        command: Sequence[str],
        question: Question,
        *,
        variables: Mapping[str, str],
        where: str,
        stopped: Callable[[], bool],
    ) -> None:
        self.question = question
        self.where = where
        self.stopped = stopped
        self.moved = time.monotonic()
        self.too_quiet = False
        self.said_bytes = 0
        self.complaint = b""
        self.offset = question.keep.stat().st_size if question.keep is not None else 0
        self.child = start(command, variables=variables)
        self.listener = threading.Thread(target=self._listen_to_complaints, daemon=True)

    def answer(self) -> list[dict[str, Any]]:
        """Return the lines of the answer without the last, which says that it is whole.

        Raises LinkFailed when there is no answer or not all of it, else what the far side raised.
        """
        others = [threading.Thread(target=one, daemon=True) for one in (self._feed, self._watch)]
        threads = [self.listener, *others]
        for thread in threads:
            thread.start()
        try:
            return self._read()
        finally:
            kill_tree(self.child.pid)
            self.child.wait()
            for thread in threads:
                thread.join()
            for pipe in (self.child.stdin, self.child.stdout, self.child.stderr):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _read(self) -> list[dict[str, Any]]:
        assert self.child.stdout is not None
        out = self.child.stdout
        self._skip_greeting(out)
        found: list[dict[str, Any]] = []
        for _ in range(_LINES):
            told = self._line(out)
            if "error" in told:
                raise error_of(told["error"], self.where)
            if told.get("end") is True:
                return found
            if not told.get("beat"):
                found.append(told)
            if self.question.keep is not None and len(found) == 1 and "size" in told:
                self._keep(out, told)
        raise nonsense(self.where, "an answer without an end")

    def _skip_greeting(self, out: IO[bytes]) -> None:
        seen = 0
        while seen < _GREETING_BYTES:
            line = out.readline(_GREETING_BYTES)
            if not line:
                raise self._failure()
            self._note()
            if line.rstrip(b"\r\n") == MARKER.encode():
                return
            seen += len(line)
        raise nonsense(self.where, "it greets without an end")

    def _line(self, out: IO[bytes]) -> dict[str, Any]:
        line = out.readline(LINE_BYTES)
        self._note()
        self.said_bytes += len(line)
        if self.said_bytes > _ANSWER_BYTES:
            raise nonsense(self.where, "more than anybody asked for")
        if not line.endswith(b"\n"):
            if len(line) >= LINE_BYTES:
                raise nonsense(self.where, "a line that is too long")
            raise self._failure()
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise nonsense(self.where, "no JSON") from error
        if not isinstance(told, dict):
            raise nonsense(self.where, "no JSON object")
        return told

    def _keep(self, out: IO[bytes], head: Mapping[str, Any]) -> None:
        """Append the bytes that follow the head to the file that is to hold them."""
        size, offset = head.get("size"), head.get("offset")
        if type(size) is not int or offset != self.offset or size < self.offset:
            raise nonsense(self.where, "a size that is none")
        if size > self.question.limit_bytes:
            raise nonsense(
                self.where, f"{size:,} bytes, the limit is {self.question.limit_bytes:,}"
            )
        assert self.question.keep is not None
        left = size - self.offset
        with disk_errors(self.question.keep), self.question.keep.open("ab") as kept:
            while left:
                block = out.read(min(BLOCK_BYTES, left))
                if not block:
                    raise self._failure()
                self._note()
                left -= len(block)
                kept.write(block)

    def _feed(self) -> None:
        assert self.child.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it ended: what it said tells why
            asked = {**self.question.asked, "offset": self.offset}
            self.child.stdin.write(json.dumps(asked).encode() + b"\n")
            self.child.stdin.flush()
            for block in self._blocks():
                self.child.stdin.write(block)
                self._note()
            self.child.stdin.flush()

    def _blocks(self) -> Iterator[bytes]:
        if self.question.send is None:
            return
        left = self.question.send_bytes
        with self.question.send.open("rb") as source:
            while left and (block := source.read(min(BLOCK_BYTES, left))):
                left -= len(block)
                yield block
        if left and self.child.stdin is not None:
            self.child.stdin.close()  # the file shrank: the far side sees that bytes are missing

    def _listen_to_complaints(self) -> None:
        stream: Any = self.child.stderr
        with contextlib.suppress(OSError, ValueError):
            while block := stream.read1(4096):
                self.complaint = (self.complaint + block)[-_COMPLAINT_BYTES:]

    def _watch(self) -> None:
        """End what is too quiet, and what nobody waits for any more."""
        while self.child.poll() is None:
            self.too_quiet = time.monotonic() - self.moved > self.question.silence_seconds
            if self.too_quiet or self.stopped():
                kill_tree(self.child.pid)
                return
            time.sleep(_LOOK_SECONDS)

    def _note(self) -> None:
        self.moved = time.monotonic()

    def _failure(self) -> Exception:
        """Return why nothing more comes: it ended, or was ended."""
        # One that closed its output and lives on is as good as silent.
        code = self.child.returncode if wait_for(self.child, 5) else None
        self.listener.join(2.0)  # its last words come through the other pipe
        said = self.complaint.decode("utf-8", "replace")
        return failure_of(None if self.too_quiet else code, said, self.where)
