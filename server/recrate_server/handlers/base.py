"""What all routes share: who may, what is asked, how it is answered, and that nothing blocks."""

import asyncio
import functools
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.httputil import HTTPServerRequest

from recrate.model.errors import BadInput, RecrateError
from recrate_server.answers import answer_for, is_expected
from recrate_server.asking import Asked, read_request
from recrate_server.contract import METHODS, Operation, contract
from recrate_server.places import Places, places_of
from recrate_server.services import Services, person_of, signature_of

Value = TypeVar("Value")
BODY_BYTES = 16 << 20
"""The largest request that is read; a description with ten thousand files is below it."""
LARGE_BYTES = 256 << 10
"""A body from this size on is read off the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An answer that is no JSON."""

    content: bytes | str
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Gate:
    """What REST and websocket handlers have in common."""

    auth_resource = "recrate"
    settings: dict[str, Any]
    request: HTTPServerRequest

    @property
    def services(self) -> Services:
        """What was made once for the life of the server."""
        services: Services = self.settings["recrate"]
        return services

    @property
    def places(self) -> Places:
        """The part of the disk that may be named; it looks at the disk, so ask in a thread."""
        return places_of(self.settings["contents_manager"])

    def describe_error(self, error: BaseException) -> tuple[int, bytes, Mapping[str, str]]:
        """Return status, body and headers for an error; an unexpected one goes to the log."""
        number = uuid.uuid4().hex[:12]
        if not is_expected(error):
            self.services.log.error("recrate: error %s", number, exc_info=error)
        answer = answer_for(error, number=number, hidden=self._concealed())
        return answer.status, encode(answer.problem), answer.headers

    def _concealed(self) -> Mapping[str, str]:
        own = {str(self.services.data): "recrate's data folder"}
        try:
            return {**own, **self.places.concealed}
        except (RecrateError, OSError):  # an error is being answered already, with less to hide
            return own


@web.stream_request_body
class Handler(Gate, APIHandler):
    """A route of the contract. `route` is its path there."""

    route = ""
    body_bytes = BODY_BYTES

    def initialize(self) -> None:
        """Begin with an empty body; it comes in pieces, so that a too large one is not kept."""
        self._content = bytearray()

    async def prepare(self) -> None:  # type: ignore[override]  # as APIHandler's own
        """Limit the body, then let Jupyter find out who asks and check the XSRF guard."""
        connection: Any = self.request.connection
        connection.set_max_body_size(self.body_bytes)
        said = self.request.headers.get("Content-Length", "0")
        if said.isdigit() and int(said) > self.body_bytes:
            raise web.HTTPError(413, f"more than {self.body_bytes >> 20} MiB")
        try:
            await super().prepare()
        except web.HTTPError as refusal:
            # Answering now, with the body unread, would reset the connection before the browser
            # has seen the answer. The method gives way to the refusal and is never reached.
            setattr(self, str(self.request.method).lower(), functools.partial(_refuse, refusal))

    def data_received(self, chunk: bytes) -> None:
        """Take a piece of the body."""
        self._content.extend(chunk)

    @property
    def content(self) -> bytes:
        """The whole body; raises 415 for one that says it is no JSON."""
        kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if self._content and kind not in ("", "application/json"):
            raise web.HTTPError(415, "send application/json")
        return bytes(self._content)

    @property
    def person(self) -> str:
        """Who asks, by the name that jobs are counted under."""
        return person_of(self.current_user, self.identity_provider)

    @property
    def signature(self) -> str | None:
        """Who takes a difference on, by a name for people; None where Jupyter knows no names."""
        return signature_of(self.current_user, self.identity_provider)

    async def run_folder(self, job_id: str) -> Path:
        """Return the folder of a run; raises NotFound, or BadInput for a job that is no run."""
        desk = await self.services.desk()
        job = await desk.read(job_id)
        if not job.kind.is_run:
            raise BadInput(
                f"a {job.kind.value} saw no outputs", where=job_id, hint="ask a replay for them"
            )
        return desk.folder(job_id).replay

    async def work(self, function: Callable[..., Value], *arguments: Any, **named: Any) -> Value:
        """Do what touches the disk in a thread; the event loop goes on."""
        return await asyncio.to_thread(function, *arguments, **named)

    async def answer(self, operation: Operation, given: object) -> None:
        """Send what a method gave: nothing, something raw, or JSON."""
        self.set_status(operation.status)
        if given is None:
            self.update_api_activity()
            await web.RequestHandler.finish(self)
            return
        if isinstance(given, Raw):
            for name, value in given.headers.items():
                self.set_header(name, value)
            await self.finish(given.content, set_content_type=given.media_type)
            return
        await self.finish(await self.work(encode, given))

    def compute_etag(self) -> str | None:
        """Give no tag: hashing a large answer would hold the event loop."""
        return None

    def write_error(self, status_code: int, **named: Any) -> None:
        """Answer whatever went wrong anywhere on the way with a Problem."""
        information = named.get("exc_info")
        error = information[1] if information else web.HTTPError(status_code)
        status, body, headers = self.describe_error(error)
        self.set_status(status)
        for name, value in headers.items():
            self.set_header(name, value)
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join(self.methods()))
        self.finish(body)

    @classmethod
    def methods(cls) -> list[str]:
        """Return the methods of the contract that this route has."""
        return [one.upper() for one in METHODS if hasattr(getattr(cls, one), "operation")]

    def log_exception(self, *information: Any) -> None:
        """Leave the log to the door: it writes what nobody expected, once, under its number."""


async def _at_once(function: Callable[..., Value], *arguments: Any, **named: Any) -> Value:
    return function(*arguments, **named)


def _refuse(refusal: web.HTTPError, *_path: str, **_named: str) -> None:
    raise refusal


def operation(name: str) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """Make a method of a Handler one operation of the contract.

    Whoever asks must be signed in and allowed the operation's action; what they ask is held to the
    contract and handed over as `Asked`; what the method returns is sent.
    """
    one = contract().operations[name]

    def wrap(method: Callable[..., Awaitable[Any]]) -> Any:
        @web.authenticated
        @authorized(one.action)  # type: ignore[untyped-decorator]  # tornado and jupyter_server
        @functools.wraps(method)
        async def inner(self: Handler, **path: str) -> None:
            content = self.content
            # A large body takes a while to be read and held to the contract.
            reading = _at_once if len(content) < LARGE_BYTES else asyncio.to_thread
            asked: Asked = await reading(
                read_request,
                contract(),
                one,
                path=path,
                query=self.request.query_arguments,
                content=content,
            )
            await self.answer(one, await method(self, asked))

        inner.operation = one  # type: ignore[attr-defined]  # for who builds the routes, and tests
        return inner

    return wrap


class NoSuchRoute(Handler):
    """Everything below our address that the contract does not have."""

    @web.authenticated
    async def get(self) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "there is no such route")

    post = put = delete = patch = head = get


def encode(document: object) -> bytes:
    """Return `document` as JSON in UTF-8; what UTF-8 cannot hold becomes a question mark."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
