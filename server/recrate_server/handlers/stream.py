"""A job's events as they happen, over a websocket."""

import asyncio
from http import HTTPStatus
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from recrate_server.asking import Asked, read_request
from recrate_server.contract import contract
from recrate_server.handlers.base import Gate, encode
from recrate_server.jobs.model import document

DONE = 1000
GOING_AWAY = 1001
FAULT = 1011


class StreamHandler(Gate, WebSocketMixin, WebSocketHandler, JupyterHandler):
    """What happened so far, then what happens; closed after the last event."""

    route = "/jobs/{id}/stream"
    operation = contract().operations["streamEvents"]
    _asked: Asked
    _telling: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, *arguments: Any, **path: str) -> None:
        """Let in who is signed in and allowed, for a job that is there; then open the socket."""
        allowed = await ensure_async(
            self.authorizer.is_authorized(
                self, self.current_user, self.operation.action, self.auth_resource
            )
        )
        if not allowed:
            raise web.HTTPError(403)
        self._asked = read_request(
            contract(),
            self.operation,
            path=path,
            query=self.request.query_arguments,
            content=b"",
        )
        await (await self.services.desk()).read(self._asked.path["id"])
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            self.set_header("Upgrade", "websocket")
            raise web.HTTPError(426, "this address speaks websocket only")
        await super().get(*arguments, **path)

    def open(self, *arguments: Any, **path: str) -> None:
        """Begin to tell."""
        super().open(*arguments, **path)
        self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        try:
            desk = await self.services.desk()
            job, after = self._asked.path["id"], self._asked.query["after"]
            async for event in desk.follow(job, after):
                await self.write_message(encode(document(event)).decode())
            self.close(DONE)
        except WebSocketClosedError:
            pass
        except asyncio.CancelledError:
            self.close(GOING_AWAY, "the server stops, or nobody listens")
            raise
        except Exception as error:  # noqa: BLE001 - the one door tells and logs it
            _, body, _ = self.describe_error(error)
            self.close(FAULT, body.decode()[:100].encode()[:120].decode("utf-8", "ignore"))

    def on_message(self, message: str | bytes) -> None:
        """Listen to nothing: what a person wants, they ask for by REST."""

    def on_close(self) -> None:
        """Stop telling."""
        if self._telling is not None:
            self._telling.cancel()

    def write_error(self, status_code: int, **named: Any) -> None:
        """Answer with a Problem, as REST does, where no websocket was opened."""
        information = named.get("exc_info")
        error = information[1] if information else web.HTTPError(status_code)
        status, body, headers = self.describe_error(error)
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.set_header(name, value)
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", "GET")
        self.finish(body)

    def log_exception(self, *information: Any) -> None:
        """Leave the log to the door."""
