"""A service that says what a test of exchanges wants, and remembers what it was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from recrate.model.secret import Secret
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings

WEB = WebSettings(timeout_seconds=3, private_hosts=("127.0.0.1", "localhost"))
TOKEN = "s3cret-t0ken"
Reply = Callable[[Request, bytes], Response]


@dataclass
class Desk:
    """A service that answers as it is told, in turn, and remembers what it was asked."""

    replies: list[Reply] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    port: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.seen.append((request.method, request.url.path, dict(request.headers), body))
        reply = self.replies.pop(0) if self.replies else says(200)
        await reply(request, body)(scope, receive, send)

    def service(self, *, port: int | None = None, **settings: Any) -> Service:
        """Speak to it; waiting is only noted."""
        base = f"http://127.0.0.1:{port or self.port}/api/"
        settings = {"secret": Secret(TOKEN), "web": WEB, **settings}
        return Service(base=base, sleep=self.waits.append, **settings)


def says(status: int, content: Any = b"", **headers: str) -> Reply:
    """Return a reply; `_` in the names of headers is `-`."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _body: Response(body, status, headers=named)


def told(error: Exception) -> str:
    """Return all that a person may come to see of an error."""
    found = [repr(error), str(error), str(vars(error))]
    if error.__cause__ is not None and isinstance(error.__cause__, Exception):
        found.append("")
    return " ".join(found)


SECRETIVE = "records?access_token=qu3ry"
