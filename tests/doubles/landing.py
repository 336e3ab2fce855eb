"""A web server in plain sight: pages with their links, files that can be fetched in pieces."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Shown:
    """What stands at one path.

    etag:   None makes one of the content; empty says none
    ranges: whether pieces are given (RFC 9110, 14)
    """

    content: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    etag: str | None = None
    ranges: bool = True

    @property
    def tag(self) -> str:
        """The strong ETag."""
        made = f'"{sha256(self.content).hexdigest()[:16]}"'
        return made if self.etag is None else self.etag


@dataclass
class Asked:
    """A request: its path as it came, and its headers in small letters."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        """Where the piece begins that was asked for."""
        found = re.match(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(found[1]) if found else 0


@dataclass
class Host:
    """A server. `shown`: by path, percent-encoded as it is asked; `asked`: all requests so far."""

    shown: dict[str, Shown] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def page(self, path: str, html: str, *links: str, **more: Any) -> None:
        """Show a page, with `Link` headers."""
        headers = [("Link", one) for one in links]
        self.shown[path] = Shown(content=html.encode(), headers=headers, **more)

    def file(self, path: str, content: bytes, kind: str = "application/zip", **more: Any) -> None:
        """Show a file."""
        self.shown[path] = Shown(content=content, kind=kind, **more)

    def move(self, path: str, target: str, status: int = 302) -> None:
        """Redirect."""
        self.shown[path] = Shown(status=status, headers=[("Location", target)])

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [one.path for one in self.asked]

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(routes=[Route("/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode()
        query = request.scope["query_string"].decode()
        told = Asked(path=path, headers={k.lower(): v for k, v in request.headers.items()})
        self.asked.append(told)
        found = self.shown.get(f"{path}?{query}" if query else path) or self.shown.get(path)
        if found is None:
            return Response("nothing here", status_code=404, media_type="text/plain")
        return answer_with(found, told)


def answer_with(found: Shown, told: Asked) -> Response:
    """Return what is shown, or the piece that was asked for. Source: RFC 9110, 13.1.5 and 14."""
    headers = {"Content-Type": found.kind}
    if found.tag and found.status == 200:
        headers["ETag"] = found.tag
    content, status = found.content, found.status
    if found.tag and told.headers.get("if-none-match") == found.tag:
        content, status = b"", 304
    elif told.start and found.ranges and told.headers.get("if-range", found.tag) == found.tag:
        if told.start >= len(content):
            headers["Content-Range"] = f"bytes */{len(content)}"
            content, status = b"", 416
        else:
            last = len(content) - 1
            headers["Content-Range"] = f"bytes {told.start}-{last}/{len(content)}"
            content, status = content[told.start :], 206
    answer = Response(content, status_code=status, headers=headers)
    for name, value in found.headers:
        answer.headers.append(name, value)
    return answer


@contextlib.contextmanager
def raw(*answers: bytes) -> Iterator[int]:
    """Serve answers byte for byte, one for each connection, the last again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    going = threading.Event()

    def serve() -> None:
        number = 0
        while not going.is_set():
            with contextlib.suppress(OSError):
                client, _ = listener.accept()
                with client:
                    client.recv(65536)
                    client.sendall(answers[min(number, len(answers) - 1)])
                number += 1

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        going.set()
        thread.join(5)
        listener.close()
