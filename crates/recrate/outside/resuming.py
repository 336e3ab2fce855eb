"""A large download that goes on where it was cut, and is never put together from two files."""

import contextlib
import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import requests
import urllib3

from recrate.model.errors import BadInput, DiskFull, OutsideFailed, RecrateError, Refused
from recrate.model.progress import Progress, silent
from recrate.model.wire import from_json, to_json
from recrate.outside.answers import shown
from recrate.outside.disk import BLOCK_BYTES, disk_errors, write_text
from recrate.outside.guarded import WebSettings
from recrate.outside.hops import (
    Credential,
    opened,
    range_of,
    refusal_of,
    retry_after_seconds,
    shown_safely,
    validator_of,
)

TRIES = 6
WORTH_ANOTHER_TRY_BYTES = 64 << 10
"""A try that brought less counts as in vain: a server that gives drops is not asked for ever."""
LONGEST_WAIT_SECONDS = 60.0
ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})


class TooLarge(Refused):
    """More than was agreed to. `size_bytes`: all of it, None where that is not known."""

    def __init__(self, size_bytes: int | None, agreed_bytes: int, *, where: str) -> None:
        told = f"{size_bytes:,} bytes" if size_bytes else f"more than {agreed_bytes:,} bytes"
        super().__init__(
            f"a large download: {told}",
            where=where,
            hint="agree to it with `--yes`; what came so far is kept",
        )
        self.size_bytes = size_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that came whole and is what was promised. `etag` is the server's name for it."""

    path: Path
    sha256: str
    size_bytes: int
    etag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """What is known of the file whose beginning lies in the part; saved beside it."""

    validator: str | None = None
    total_bytes: int | None = None


class _CutError(Exception):
    """This try ended early; the next one may go on."""

    def __init__(self, error: RecrateError, *, wait_seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_seconds = wait_seconds


def fetch(
    url: str,
    part: Path,
    *,
    checksum: tuple[str, str] | None,
    size_bytes: int | None,
    agreed_bytes: int,
    settings: WebSettings,
    credential: Credential | None = None,
    known_etag: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = silent,
) -> Fetched | None:
    """Fetch `url` into the file `part`, going on with what lies there from an earlier call.

    checksum:     (algorithm, hex) as the service says it; None where it says none
    size_bytes:   as the service says it
    agreed_bytes: more than that raises TooLarge; what came so far stays
    known_etag:   None comes back when the file still is the one of this name
    Cuts are waited out a few times. Raises OutsideFailed when that did not help: `part` stays, and
    the next call goes on. Raises BadInput when what came is not what was promised.
    """
    piece = _Piece(
        url=url, part=part, checksum=checksum, size_bytes=size_bytes, agreed_bytes=agreed_bytes,
        settings=settings, credential=credential, known_etag=known_etag, progress=progress,
    )  # fmt: skip
    for whole_again in (False, True):
        resumed = piece.offset > 0
        came = _until_whole(piece, sleep)
        if not came:
            return None
        complaint = piece.complaint()
        if complaint is None:
            return piece.fetched()
        piece.discard()
        if not (resumed or piece.pieces > 1) or whole_again:
            raise complaint
    raise AssertionError("the second try returns or raises")


def _until_whole(piece: "_Piece", sleep: Callable[[float], None]) -> bool:
    """Ask until all has come; False when the file is the one that is known already."""
    in_vain = 0
    while True:
        before = piece.offset
        try:
            return piece.ask()
        except _CutError as cut:
            worth = piece.offset >= before + WORTH_ANOTHER_TRY_BYTES
            in_vain = 0 if worth else in_vain + 1
            if in_vain >= TRIES:
                kept = piece.offset
                hint = f"the {kept:,} bytes that came are kept: do the same again to go on"
                raise OutsideFailed(
                    cut.error.message,
                    where=cut.error.where,
                    hint=hint if kept else cut.error.hint,
                ) from cut
            pause = cut.wait_seconds if cut.wait_seconds is not None else 0.5 * 2**in_vain
            sleep(min(LONGEST_WAIT_SECONDS, pause))


@dataclass(kw_only=True)
class _Piece:
    """One file on its way here."""

    url: str
    part: Path
    checksum: tuple[str, str] | None
    size_bytes: int | None
    agreed_bytes: int
    settings: WebSettings
    credential: Credential | None
    known_etag: str | None
    progress: Progress
    pieces: int = 0

    @property
    def offset(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.part.stat().st_size
        return 0

    @property
    def _note(self) -> Path:
        return self.part.with_name(self.part.name + ".json")

    def _begun(self) -> _Begun:
        with contextlib.suppress(OSError, BadInput):
            return from_json(self._note.read_bytes(), _Begun)
        return _Begun()

    def discard(self) -> None:
        """Begin anew."""
        with disk_errors(self.part):
            self.part.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)

    def ask(self) -> bool:
        """Ask for what is missing; False when nothing changed since `known_etag`."""
        begun = self._begun()
        if self.offset and begun.validator is None and self.checksum is None:
            self.discard()
        headers = self._headers(begun)
        try:
            with opened(
                self.url, settings=self.settings, headers=headers, credential=self.credential
            ) as answer:
                return self._take(answer, begun)
        except DiskFull:
            raise
        except OutsideFailed as error:
            raise _CutError(error) from error

    def _headers(self, begun: _Begun) -> dict[str, str]:
        """Return what asks for the rest, if it still is the same file. Source: RFC 9110, 13.1.5."""
        if self.offset:
            told = {"Range": f"bytes={self.offset}-"}
            return told | ({"If-Range": begun.validator} if begun.validator else {})
        return {"If-None-Match": self.known_etag} if self.known_etag else {}

    def _take(self, answer: requests.Response, begun: _Begun) -> bool:
        offset = self.offset
        if answer.status_code == 304 and not offset:
            return False
        if answer.status_code == 206 and offset:
            start, total = range_of(answer)
            same = begun.validator in {None, validator_of(answer)} or validator_of(answer) is None
            if start == offset and same and total in {None, begun.total_bytes or total}:
                self._receive(answer, total)
                return True
        if answer.status_code == 416 and offset:
            _, total = range_of(answer)
            if total == offset:
                return True
        if answer.status_code in {206, 416}:
            self.discard()
            raise _CutError(_failed(self.url, "the file changed while it was fetched"))
        if answer.status_code != 200:
            self._refuse(answer)
        self.discard()
        self._receive(answer, None)
        return True

    def _refuse(self, answer: requests.Response) -> NoReturn:
        """Raise what a status means; trouble of the server is waited out."""
        error = refusal_of(answer, self.credential)
        if answer.status_code == 429 or answer.status_code >= 500:
            wait = retry_after_seconds(answer)
            if wait is None or wait <= LONGEST_WAIT_SECONDS:
                raise _CutError(error, wait_seconds=wait)
        raise error

    def _receive(self, answer: requests.Response, total: int | None) -> None:
        """Write what comes behind what is there."""
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise BadInput(
                "comes in an encoding that nobody asked for",
                where=shown(answer.url),
                hint="ask whoever runs that server to serve it as it is",
            )
        offset = self.offset
        length = answer.headers.get("Content-Length", "")
        if total is None and length.isdecimal() and len(length) < 20:
            total = offset + int(length)
        self._check_size(total, offset)
        note = _Begun(validator=validator_of(answer), total_bytes=total)
        write_text(self._note, to_json(note))
        self.pieces += 1
        with disk_errors(self.part):
            stream = self.part.open("ab")
        with stream:
            done = offset
            while block := _next_block(answer):
                with disk_errors(self.part):
                    stream.write(block[: max(0, self._most - done)])
                    stream.flush()
                done += len(block)
                self._check_done(done)
                self.progress("fetch", done, total or self.size_bytes or 0, shown(self.url))
        if total is not None and done < total:
            raise _CutError(_failed(self.url, f"{done:,} of {total:,} bytes came"))

    @property
    def _most(self) -> int:
        promised = self.agreed_bytes if self.size_bytes is None else self.size_bytes
        return min(self.agreed_bytes, promised)

    def _check_size(self, total: int | None, offset: int) -> None:
        """Look at what the server says before a byte of it is read."""
        if total is None:
            return
        if self.size_bytes is not None and total != self.size_bytes:
            self.discard()
            raise BadInput(
                f"{total:,} bytes are offered, {self.size_bytes:,} were promised",
                where=shown(self.url),
                hint="the repository says two things; ask the people who run it",
            )
        if total > self.agreed_bytes:
            raise TooLarge(total, self.agreed_bytes, where=shown(self.url))
        with disk_errors(self.part):
            free = shutil.disk_usage(self.part.parent).free
        if total - offset > free:
            raise DiskFull(
                f"{total - offset:,} bytes do not fit on the disk, which has {free:,} left",
                where=str(self.part.parent),
                hint="free some space, or set c.Recrate.cache to another place",
            )

    def _check_done(self, done: int) -> None:
        if self.size_bytes is not None and done > self.size_bytes:
            self.discard()
            raise BadInput(
                f"more than the promised {self.size_bytes:,} bytes came",
                where=shown(self.url),
                hint="the file behind this address changed; try again",
            )
        if done > self.agreed_bytes:
            raise TooLarge(None, self.agreed_bytes, where=shown(self.url))

    def complaint(self) -> BadInput | None:
        """Return how the file differs from what was promised."""
        if self.size_bytes is not None and self.offset != self.size_bytes:
            said = f"{self.offset:,} bytes came, {self.size_bytes:,} were promised"
        elif self.checksum is not None and (found := self._digest(self.checksum[0])) != (
            self.checksum[1].lower()
        ):
            said = f"its {self.checksum[0]} is {found}, {self.checksum[1]} was promised"
        else:
            return None
        hint = "the file was changed or damaged on its way; try again, or ask the repository"
        return BadInput(said, where=shown(self.url), hint=hint)

    def fetched(self) -> Fetched:
        """Return the whole file."""
        validator = self._begun().validator or ""
        self._note.unlink(missing_ok=True)
        return Fetched(
            path=self.part,
            sha256=self._digest("sha256"),
            size_bytes=self.offset,
            etag=validator if validator.startswith('"') else None,
        )

    def _digest(self, algorithm: str) -> str:
        with disk_errors(self.part), self.part.open("rb") as stream:
            made = hashlib.new(algorithm, usedforsecurity=False)
            return hashlib.file_digest(stream, lambda: made).hexdigest()


def _next_block(answer: requests.Response) -> bytes:
    """Return what has come, at most a block: what is written cannot be lost with the rest."""
    try:
        block: bytes = answer.raw.read1(BLOCK_BYTES, decode_content=False)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _CutError(_failed(answer.url, "the connection broke")) from error
    return block


def _failed(url: str, message: str) -> OutsideFailed:
    hint = "check the network, then try again"
    return OutsideFailed(message, where=shown_safely(url), hint=hint)
