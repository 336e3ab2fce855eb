"""The way of kernels to the web: through us, who keep what comes, and give it again without it.

A kernel has no network. Where it may ask for pages and files, it finds a proxy (`http_proxy`) at
the end of a socket in its folder, and that is us. What it asks for by GET is fetched by our own
client, with the same walls against addresses that are not public, hashed and kept; or it is one
of the addresses whose bytes are kept already, and then nobody else is asked.
"""

import contextlib
import os
import re
import shutil
import socketserver
import tempfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from recrate.model.errors import RecrateError
from recrate.outside.authority import Authority
from recrate.outside.disk import BLOCK_BYTES, remove_tree
from recrate.outside.guarded import WebSettings, guarded_session, refuse_address
from recrate.outside.hops import network_errors, opened
from recrate.outside.passing import REFUSED, KeptAnswer, Passed, take

_AT_ONCE = 16
_POLL_SECONDS = 0.05
_SENT_BYTES = 8 << 20
_OWN = frozenset(
    {
        "accept-encoding", "connection", "content-length", "host", "keep-alive", "range", "te",
        "proxy-authorization", "proxy-connection", "trailer", "transfer-encoding", "upgrade",
        "if-modified-since", "if-none-match", "if-range",
    }
)  # fmt: skip
"""Headers that are between two ends of a connection, or ask for less than the whole."""
_SECRET = frozenset({"authorization", "cookie", "x-api-key"})


_PLACE = re.compile(r"([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5})")


@dataclass(kw_only=True)
class Gateway:
    """What the kernels of one run may ask for.

    kept:  addresses whose bytes are here
    store: where new ones are kept, by hash; None: nothing new is asked of the network
    """

    kept: dict[str, KeptAnswer]
    store: Path | None
    web: WebSettings
    limit_bytes: int
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="rg-")))
    _doors: list["Door"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.authority = Authority(self._folder)

    def open(self, folder: Path) -> "Door":
        """Open a door for one kernel in the folder of its sockets; close it when that has ended."""
        door = Door(self, folder)
        self._doors.append(door)
        return door

    def close(self) -> None:
        """Close all doors, and take away what was on its way."""
        for door in self._doors:
            door.close()
        remove_tree(self._folder)

    def incoming(self) -> Path:
        """Return a new file of our own for a body that arrives."""
        number, name = tempfile.mkstemp(dir=self._folder)
        os.close(number)
        return Path(name)

    def keep(self, arrived: Path, sha256: str) -> Path:
        """Move a body that has arrived to where it is kept."""
        assert self.store is not None
        place = self.store / sha256[:2] / sha256
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name(f".{sha256}.{arrived.name}")
        shutil.copyfile(arrived, partial)
        partial.replace(place)
        return place


class Door:
    """One kernel's way out: a socket and a certificate in its folder, and what went through."""

    SOCKET = "web"
    CERTIFICATE = "web.pem"

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self.gateway = gateway
        (folder / self.CERTIFICATE).write_bytes(gateway.authority.certificate)
        self._passed: list[Passed] = []
        self._lock = threading.Lock()
        self._server = _Server(str(folder / self.SOCKET), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def note(self, passed: Passed) -> None:
        """Remember a request."""
        with self._lock:
            self._passed.append(passed)

    def take(self) -> tuple[Passed, ...]:
        """Return what went through since the last call."""
        with self._lock:
            found, self._passed = self._passed, []
        return tuple(found)

    def close(self) -> None:
        """End the service; what is on its way ends with the kernel."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, place: str, door: Door) -> None:
        self.door = door
        self.room = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(place, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a kernel that breaks off in the middle is none of our errors."""


class _Handler(BaseHTTPRequestHandler):
    """Speaks as a proxy, and within `CONNECT` as the server that was meant."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 120
    origin = ""

    def address_string(self) -> str:
        return "kernel"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Keep silent: all that matters is noted."""

    def do_CONNECT(self) -> None:
        """Take the place of the server that a kernel wants to speak TLS with."""
        gateway = self.server.door.gateway
        meant = _PLACE.fullmatch(self.path)
        if meant is None:
            self.close_connection = True
            self.send_error(400, "Not a host and a port")
            return
        host = meant[1].strip("[]")
        if gateway.store is None and not any(_is_of(url, self.path) for url in gateway.kept):
            self._refuse(f"https://{_plain(self.path)}")
            return
        context = gateway.authority.context_for(host)
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.connection.settimeout(self.timeout)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb")
        self.origin = f"https://{_plain(self.path)}"
        self.close_connection = False

    def _any(self) -> None:
        url = f"{self.origin}{self.path}" if self.origin else self.path
        with self.server.room:
            self._answer(url)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _any  # noqa: N815

    def _answer(self, url: str) -> None:
        door = self.server.door
        reads = self.command in {"GET", "HEAD"}
        kept = door.gateway.kept.get(url) if reads else None
        if kept is not None:
            door.note(Passed(url=url, answer=kept, from_kept=True))
            self._give(kept)
        elif door.gateway.store is None:
            self._refuse(url)
        elif reads and not self._tells_secrets():
            self._fetch(url)
        else:
            self._pass_on(url)

    def _give(self, kept: KeptAnswer) -> None:
        """Give the bytes that are kept, whole: who asks for a range gets all."""
        self.send_response(200)
        self.send_header("Content-Type", kept.media_type)
        self.send_header("Content-Length", str(kept.size_bytes))
        self.end_headers()
        if self.command != "HEAD":
            with kept.path.open("rb") as stream:
                shutil.copyfileobj(stream, self.wfile, BLOCK_BYTES)

    def _fetch(self, url: str) -> None:
        gateway, door = self.server.door.gateway, self.server.door
        arrived = gateway.incoming()
        try:
            with opened(url, settings=gateway.web, headers=self._headers()) as answer:
                digest, size = take(answer, arrived, gateway.limit_bytes)
                status, kind = answer.status_code, answer.headers.get("Content-Type", "")
            found = KeptAnswer(
                path=arrived, sha256=digest, size_bytes=size,
                media_type=kind or "application/octet-stream",
            )  # fmt: skip
            if status == 200:
                found = gateway.kept.setdefault(url, _moved(found, gateway))
                door.note(Passed(url=url, answer=found))
                self._give(found)
            else:
                door.note(Passed(url=url, why=f"it answered {status}"))
                self._relay(status, kind, found)
        except RecrateError as error:
            door.note(Passed(url=url, why=error.message))
            self.send_error(502, "Bad gateway", error.message)
        finally:
            arrived.unlink(missing_ok=True)

    def _relay(self, status: int, kind: str, body: KeptAnswer) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind or body.media_type)
        self.send_header("Content-Length", str(body.size_bytes))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.path.read_bytes())

    def _pass_on(self, url: str) -> None:
        """Send on what is no mere reading, or for those with a key: once, without redirects.

        Its answer is not kept.
        """
        gateway, door = self.server.door.gateway, self.server.door
        told = self.headers.get("Content-Length") or "0"
        length = int(told) if told.isdecimal() and len(told) < 10 else -1
        if "Transfer-Encoding" in self.headers or not 0 <= length <= _SENT_BYTES:
            self.close_connection = True
            self.send_error(413, "Too much, or no length")
            return
        asked = "with credentials" if self._tells_secrets() else f"by {self.command}"
        door.note(Passed(url=url, why=f"it was asked {asked}"))
        arrived = gateway.incoming()
        try:
            refuse_address(url, gateway.web)
            with guarded_session(gateway.web) as session, network_errors(url):
                answer = session.request(
                    self.command, url, data=self.rfile.read(length), headers=self._headers(),
                    stream=True, allow_redirects=False, timeout=gateway.web.timeout_seconds,
                )  # fmt: skip
                with contextlib.closing(answer):
                    digest, size = take(answer, arrived, gateway.limit_bytes)
            kind = answer.headers.get("Content-Type", "")
            body = KeptAnswer(path=arrived, sha256=digest, size_bytes=size, media_type=kind)
            self._relay(answer.status_code, kind, body)
        except RecrateError as error:
            self.send_error(502, "Bad gateway", error.message)
        finally:
            arrived.unlink(missing_ok=True)

    def _refuse(self, url: str) -> None:
        self.server.door.note(Passed(url=url, why=REFUSED))
        self.close_connection = True
        self.send_error(403, REFUSED, "a replay has no network")

    def finish(self) -> None:
        """Close what TLS was wrapped around, too."""
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def _headers(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name.lower() not in _OWN}

    def _tells_secrets(self) -> bool:
        return any(name.lower() in _SECRET for name in self.headers)


def _moved(found: KeptAnswer, gateway: Gateway) -> KeptAnswer:
    return KeptAnswer(
        path=gateway.keep(found.path, found.sha256),
        sha256=found.sha256,
        size_bytes=found.size_bytes,
        media_type=found.media_type,
    )


def _is_of(url: str, place: str) -> bool:
    """Say whether an https address is of this `host:port`."""
    parts = urlsplit(url)
    return parts.scheme == "https" and f"{parts.hostname}:{parts.port or 443}" == place.lower()


def _plain(place: str) -> str:
    """Return `host:port` without the port that is usual for https."""
    return place.removesuffix(":443")
