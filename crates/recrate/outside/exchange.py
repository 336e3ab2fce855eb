"""Speak with a service: a request, an answer, and words for everything that can go wrong.

    OutsideFailed
    └── AnswerLost    the request was sent, or part of it, and no whole answer came back

An answer of any status is a value; `Answer.expect` turns one that was not hoped for into an error.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.model.secret import Secret
from recrate.outside.answers import Answer, shown
from recrate.outside.disk import BLOCK_BYTES
from recrate.outside.guarded import WebSettings, guarded_session, refuse_address

MAXIMUM_REDIRECTS = 5
ANSWER_LIMIT_BYTES = 64 << 20
TRIES = 4
LONGEST_WAIT_SECONDS = 60.0
_SAFE_TO_REPEAT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


class AnswerLost(OutsideFailed):
    """The request was sent, or part of it: whether it took effect is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """Bytes of a file to be sent: `length` of them from `offset`; None means to the end."""

    path: Path
    offset: int = 0
    length: int | None = None

    @property
    def size_bytes(self) -> int:
        """How many bytes are sent."""
        whole = self.path.stat().st_size - self.offset
        return whole if self.length is None else min(self.length, whole)


Body = bytes | FilePart | tuple[bytes | FilePart, ...]
"""What is sent: bytes, a part of a file, or several one after another (a multipart form)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service and how it is spoken to. The token goes to `base`'s host and to no other.

    base:    address that relative addresses are joined to, with `/` at its end
    scheme:  how the token is told: `Bearer TOKEN`, or `Basic TOKEN` with it as base64 already
    carried: names of headers that another host is sent too when it is led there, such as `Accept`
             where a resolver leads to who answers in the form that was asked for
    sleep:   waits between tries
    """

    base: str
    web: WebSettings
    secret: Secret | None = None
    scheme: str = "Bearer"
    headers: Mapping[str, str] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep

    def ask(
        self,
        method: str,
        address: str,
        *,
        body: Body | None = None,
        json_body: Any = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool | None = None,
        limit_bytes: int = ANSWER_LIMIT_BYTES,
        stage: str = "upload",
        progress: Progress = silent,
    ) -> Answer:
        """Send one request and return the answer, whatever its status.

        address: absolute, or relative to `base`
        repeat:  whether it may be sent again after a failure; None: when the method is idempotent
        A 429 or 503 that names a short time is waited for and sent again. Raises AnswerLost when
        it was sent and no whole answer came, OutsideFailed when the service cannot be reached,
        Refused for an address that is not public, BadInput for a token that no header can hold.
        No message ever holds the token.
        """
        url = urljoin(self.base, address)
        again = method in _SAFE_TO_REPEAT if repeat is None else repeat
        content = body if json_body is None else _json_bytes(json_body)
        told = {"Content-Type": "application/json"} if json_body is not None else {}
        told |= {**self.headers, **(headers or {})}
        sending = _Sending(
            body=content, headers=told, limit_bytes=limit_bytes, stage=stage, progress=progress
        )
        for attempt in range(1, self.tries + 1):
            last = attempt == self.tries
            try:
                answer = self._once(method, url, sending)
            except OutsideFailed:
                if last or not again:
                    raise
                self.sleep(_pause(attempt))
                continue
            wait = answer.retry_after_seconds
            if answer.status in {429, 503} and wait is not None and wait <= LONGEST_WAIT_SECONDS:
                if last:
                    return answer
                self.sleep(max(wait, 0.1))
            elif answer.status >= 500 and again and not last:
                self.sleep(_pause(attempt))
            else:
                return answer
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, url: str, sending: "_Sending") -> Answer:
        """Send once, following redirects of what is only read; a hop elsewhere takes no token."""
        with guarded_session(self.web) as session:
            for _ in range(MAXIMUM_REDIRECTS):
                refuse_address(url, self.web)
                sent = dict(sending.headers)
                if self.secret is not None and _same_host(url, self.base):
                    sent["Authorization"] = f"{self.scheme} {_sendable(self.secret)}"
                elif not _same_host(url, self.base):
                    sent = {name: sent[name] for name in self.carried if name in sent}
                try:
                    answer = session.request(
                        method,
                        url,
                        data=sending.stream(),
                        headers=sent,
                        stream=True,
                        allow_redirects=False,
                        timeout=self.web.timeout_seconds,
                    )
                    if answer.is_redirect and method in {"GET", "HEAD"}:
                        url = urljoin(url, answer.headers["Location"])
                        continue
                    content = _limited(answer, sending.limit_bytes)
                except requests.ConnectTimeout as error:
                    raise _unreachable(url, error) from error
                except requests.ConnectionError as error:
                    raise _broken(url, error) from error
                except (requests.RequestException, OSError) as error:
                    raise _lost(url, error) from error
                return Answer(
                    status=answer.status_code,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    content=self._without_token(content) if not answer.ok else content,
                    url=url,
                )
        raise OutsideFailed("redirected too often", where=shown(url), hint="is the address right?")

    def _without_token(self, content: bytes) -> bytes:
        """Return a complaint without our token, which a service may quote in it."""
        if self.secret is None:
            return content
        return content.replace(self.secret.reveal().encode(), b"***")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    """What one request says, each time that it is sent."""

    body: Body | None
    headers: Mapping[str, str]
    limit_bytes: int
    stage: str
    progress: Progress

    def stream(self) -> Any:
        """Return the body from its beginning."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        parts = self.body if isinstance(self.body, tuple) else (self.body,)
        reader = _Reader(parts, lambda done, all_: self.progress(self.stage, done, all_, ""))
        return reader if len(reader) else b""


def _sendable(secret: Secret) -> str:
    """Return a token for a header; raises BadInput for one that no header can hold."""
    token = secret.reveal()
    if not token.isascii():
        raise BadInput(
            "the token holds characters that no token has",
            hint="copy it again from the repository's settings",
        )
    return token


def _same_host(url: str, base: str) -> bool:
    """Say whether two addresses are of one origin: scheme, host and port."""
    first, second = urlsplit(url), urlsplit(base)
    return (first.scheme, first.hostname, first.port) == (
        second.scheme, second.hostname, second.port
    )  # fmt: skip


def _limited(answer: requests.Response, limit_bytes: int) -> bytes:
    blocks, done = [], 0
    for block in answer.iter_content(BLOCK_BYTES):
        done += len(block)
        if done > limit_bytes:
            raise Refused(
                f"answered with more than {limit_bytes:,} bytes",
                where=shown(answer.url),
                hint="is the address right?",
            )
        blocks.append(block)
    if not _framed(answer):
        raise requests.ConnectionError("its headers end early")
    promised = answer.headers.get("Content-Length", "")
    if promised.isdecimal() and done < int(promised) and answer.request.method != "HEAD":
        raise requests.ConnectionError(f"{done} of {promised} bytes came")
    return b"".join(blocks)


def _framed(answer: requests.Response) -> bool:
    """Say whether an answer says where it ends; headers that were cut off read like short ones.

    Source: RFC 9112, 6.3: without a length or chunks it ends with the connection, and says so.
    """
    headers = answer.headers
    return (
        "Content-Length" in headers
        or "Transfer-Encoding" in headers
        or "close" in headers.get("Connection", "").lower()
        or answer.status_code in {204, 304}
        or answer.raw.version < 11
        or answer.request.method == "HEAD"
    )


class _Reader:
    """The body as a stream of known length, that tells how far it is."""

    def __init__(
        self, parts: tuple[bytes | FilePart, ...], told: Callable[[int, int], None]
    ) -> None:
        self._total = sum(len(p) if isinstance(p, bytes) else p.size_bytes for p in parts)
        self._blocks = _blocks(parts)
        self._rest = b""
        self._done = 0
        self._told = told

    def __len__(self) -> int:
        return self._total - self._done

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, nothing at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        wanted = len(self._rest) if size < 0 else size
        block, self._rest = self._rest[:wanted], self._rest[wanted:]
        self._done += len(block)
        self._told(self._done, self._total)
        return block


def _blocks(parts: tuple[bytes | FilePart, ...]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            if part:
                yield part
            continue
        left = part.size_bytes
        with part.path.open("rb") as stream:
            stream.seek(part.offset)
            while left > 0 and (block := stream.read(min(BLOCK_BYTES, left))):
                left -= len(block)
                yield block


def _json_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _pause(attempt: int) -> float:
    return min(8.0, 0.5 * 2.0 ** (attempt - 1))


def _unreachable(url: str, error: Exception) -> OutsideFailed:
    return OutsideFailed(
        f"cannot be reached: {_why(error)}", where=shown(url), hint="check the network"
    )


def _broken(url: str, error: Exception) -> OutsideFailed:
    """Tell a connection that never stood from one that broke: only the second may have worked."""
    never = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError")
    if any(name in repr(error) for name in never):
        return _unreachable(url, error)
    return _lost(url, error)


def _lost(url: str, error: Exception) -> AnswerLost:
    return AnswerLost(
        f"the connection broke before an answer came: {_why(error)}",
        where=shown(url),
        hint="go on with `--resume`: nothing is done twice",
    )


def _why(error: Exception) -> str:
    """Return what happened in few words: libraries quote addresses, which may hold keys."""
    found = re.search(r"\[Errno -?\d+\] ([^'\")]+)", str(error))
    if found:
        return found[1]
    if "timed out" in str(error):
        return "no answer in time"
    return "closed by the other side" if isinstance(error, requests.ConnectionError) else "broken"
