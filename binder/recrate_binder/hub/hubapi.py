"""The hub, as the service speaks with it: its REST API, without blocking the event loop.

Sources: JupyterHub's REST API (docs: reference/rest-api), `GET /users/{name}`,
`POST|DELETE /users/{name}/servers/{server}`, `GET …/progress` (server-sent events).
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from recrate.model.errors import OutsideFailed
from recrate_binder.hub.problems import Failed, make_problem

_SECONDS = 20.0
_MOST_SECONDS = 60
"""Longer than that nobody waits before the hub is asked again, whatever it says."""
_AWAY = (OSError, HTTPClientError)


class HubAway(OutsideFailed):
    """The hub does not answer now; it may be starting again."""

    seconds = 1.0
    """When to ask again."""


class HubBusy(HubAway):
    """The hub starts as many servers as it can; it says when to ask again."""

    def __init__(self, said: str | None) -> None:
        super().__init__("the hub is busy", hint="try again in a minute")
        asked = int(said) if said and said.isdecimal() and len(said) < 9 else 10
        self.seconds = float(min(_MOST_SECONDS, max(1, asked)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server of a user, as the hub sees it. `url`: its path, with a slash at its end."""

    name: str
    ready: bool
    pending: str | None
    stopped: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubApi:
    """api: address of the API with a slash at its end; the token is the service's own.

    proxy: address of the hub's proxy, where it is known
    """

    api: str
    token: str
    proxy: str = ""

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request; return the status and the JSON in the answer. Raises HubAway."""
        request = HTTPRequest(
            f"{self.api}{path}",
            method=method,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            body=None if body is None else json.dumps(body),
            allow_nonstandard_methods=True,
            request_timeout=_SECONDS,
            connect_timeout=5,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except _AWAY as error:
            raise HubAway("the hub does not answer", hint="try again in a minute") from error
        if answer.code in {502, 503, 504, 599}:
            raise HubAway("the hub does not answer", hint="try again in a minute")
        if answer.code == 429 and "Retry-After" in answer.headers:
            raise HubBusy(answer.headers["Retry-After"])
        try:
            return answer.code, json.loads(answer.body) if answer.body else None
        except ValueError:
            return answer.code, None

    async def server(self, user: str, name: str) -> Server | None:
        """Return a server of a user, None where there is none; raises HubAway."""
        status, told = await self.ask(
            "GET", f"users/{quote(user, safe='')}?include_stopped_servers=1"
        )
        if status == 404:
            return None
        if status != 200 or not isinstance(told, dict):
            raise _refused(status, told)
        one = told.get("servers", {}).get(name)
        if one is None:
            return None
        return Server(
            name=name,
            ready=bool(one.get("ready")),
            pending=one.get("pending"),
            stopped=bool(one.get("stopped", not one.get("ready") and not one.get("pending"))),
            url=one["url"],
        )

    async def is_reached(self, url: str) -> bool:
        """Say whether a server that is ready answers behind the proxy, as people reach it.

        After a restart the hub knows for a moment of servers that its proxy does not. True where
        nobody said where the proxy is.
        """
        if not self.proxy:
            return True
        request = HTTPRequest(
            f"{self.proxy}{url}api", request_timeout=10, connect_timeout=5, follow_redirects=False
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except _AWAY:
            return False
        return answer.code == 200

    async def start(self, user: str, name: str, options: dict[str, str], title: str) -> None:
        """Ask for a server; returns when it was asked for. Raises Failed where the hub refuses."""
        body = {"display_name": title, "user_options": options}
        status, told = await self.ask("POST", _path(user, name), body)
        if status == 400:
            now = await self.server(user, name)
            if now is not None and (now.ready or now.pending):
                return
        if status not in {201, 202}:
            # 500: it ended while the hub still waited for it.
            raise _refused(status, told)

    async def stop(self, user: str, name: str) -> None:
        """Stop a server and have it forgotten; nothing where there is none. Raises HubAway."""
        status, told = await self.ask("DELETE", _path(user, name), {"remove": True})
        if status not in {202, 204, 404}:
            raise HubAway(f"the hub does not stop the server: {_said(told) or status}")

    async def follow(self, user: str, name: str, told: Callable[[int, str], None]) -> bool | None:
        """Tell how far a server's start is; True when it is ready, False when it failed.

        None where the hub has nothing to tell, or broke off: ask again how the server stands.
        """
        outcome: list[bool] = []
        rest = bytearray()

        def heard(chunk: bytes) -> None:
            rest.extend(chunk)
            while b"\n" in rest:
                line, _, left = bytes(rest).partition(b"\n")
                rest[:] = left
                if line.startswith(b"data:"):
                    event = json.loads(line[5:])
                    told(int(event.get("progress") or 0), str(event.get("message") or "")[:300])
                    if event.get("ready") or event.get("failed"):
                        outcome.append(bool(event.get("ready")))

        request = HTTPRequest(
            f"{self.api}{_path(user, name)}/progress",
            headers={"Authorization": f"token {self.token}", "Accept": "text/event-stream"},
            streaming_callback=heard,
            request_timeout=0,
            connect_timeout=5,
        )
        try:
            await AsyncHTTPClient().fetch(request)
        except (*_AWAY, ValueError):
            await asyncio.sleep(0.5)
        return outcome[-1] if outcome else None


def _path(user: str, name: str) -> str:
    return f"users/{quote(user, safe='')}/servers/{quote(name, safe='')}"


def _said(told: Any) -> str:
    return str(told.get("message", ""))[:300] if isinstance(told, dict) else ""


def _refused(status: int, told: Any) -> Failed:
    said = _said(told) or f"it answers {status}"
    return Failed(
        make_problem(
            "not-started",
            f"the hub refuses: {said}",
            "stop another of your servers, then try again" if status in {400, 409, 429} else "",
        )
    )
