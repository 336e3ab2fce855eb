"""Serve a double on a port of this machine, and let its connections and answers go wrong."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn

App = Callable[..., Any]


@contextlib.contextmanager
def served(app: App) -> Iterator[int]:
    """Run an ASGI app in a thread and give its port; it is gone when the block ends."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started, "the double did not start"
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@dataclass(frozen=True)
class Cut:
    """One connection that breaks. A client of ours makes one connection for each request.

    at:    which connection, counted from 0
    where: `request`: after `bytes` of it went on to the service, which never sees it whole;
           `answer`: the service did all that was asked, and `bytes` of its answer come back
    """

    at: int
    where: Literal["request", "answer"]
    bytes: int = 0


@dataclass
class CuttingProxy:
    """Stands before a double and cuts the connections that it is told to."""

    target: int
    cuts: list[Cut] = field(default_factory=list)
    seen: int = 0
    """How many connections there were: run once without cuts to learn where one may cut."""

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            number, self.seen = self.seen, self.seen + 1
            cut = next((one for one in self.cuts if one.at == number), None)
            threading.Thread(target=self._carry, args=(client, cut), daemon=True).start()

    def _carry(self, client: socket.socket, cut: Cut | None) -> None:
        with client, socket.create_connection(("127.0.0.1", self.target)) as service:
            there = cut.bytes if cut is not None and cut.where == "request" else None
            back = cut.bytes if cut is not None and cut.where == "answer" else None
            sending = threading.Thread(
                target=_pump, args=(client, service, there), kwargs={"both": there is not None}
            )
            sending.daemon = True
            sending.start()
            _pump(service, client, back, drain=True)
            for one in (client, service):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            sending.join(5)


def _pump(
    source: socket.socket,
    target: socket.socket,
    limit: int | None,
    *,
    both: bool = False,
    drain: bool = False,
) -> None:
    """Carry bytes until the end or the limit; then hang up, or read on and throw away."""
    done = 0
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            kept = block if limit is None else block[: max(0, limit - done)]
            done += len(block)
            if kept:
                target.sendall(kept)
            if limit is not None and done >= limit:
                target.shutdown(socket.SHUT_RDWR)
                if both:
                    source.shutdown(socket.SHUT_RDWR)
                if not drain:
                    return
        if limit is None:
            target.shutdown(socket.SHUT_WR)


@dataclass
class Trouble:
    """An app that answers the next fitting request with an error of its own, then is well again.

    planned: (method, what the path ends with or holds, status, headers), each used once
    """

    app: App
    planned: list[tuple[str, str, int, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        for plan in self.planned:
            method, path, status, headers = plan
            if scope["type"] == "http" and scope["method"] == method and path in scope["path"]:
                self.planned.remove(plan)
                await _refuse(status, headers, receive, send)
                return
        await self.app(scope, receive, send)


async def _refuse(status: int, headers: dict[str, str], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b'{"message": "trouble was planned"}'})
