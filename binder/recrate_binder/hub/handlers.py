"""The service's routes: its page, its JSON API, and the one door for errors."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from jupyterhub.services.auth import (
    HubOAuthCallbackHandler,
    HubOAuthenticated,
    UserNotAllowed,
)
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from recrate import __version__
from recrate.model.errors import BadInput, RecrateError
from recrate.model.wire import to_plain
from recrate_binder.hub.desk import Desk
from recrate_binder.hub.model import Language, Problem
from recrate_binder.hub.page import HEADERS, LANGUAGES, STATIC, render_page, words_of
from recrate_binder.hub.problems import make_problem, problem_of, status_of

_BODY_BYTES = 1 << 16
_ASKED = 'send JSON: {"where": "a DOI, an address or a file", "agreed": true}'
_READING = {"GET", "HEAD", "OPTIONS"}
_CODES = {401: "refused", 403: "refused", 404: "not-found", 405: "bad-input", 400: "bad-input"}


class Door(HubOAuthenticated, RequestHandler):  # type: ignore[misc]  # both come without types
    """What all handlers share: who asks, in which language, and how errors are told."""

    person: str = ""
    _asked = False

    @property
    def desk(self) -> Desk:
        """The service's desk."""
        found: Desk = self.application.settings["desk"]
        return found

    def set_default_headers(self) -> None:
        """Nothing of ours is framed, cached or run but as we say."""
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Ask the hub who this is, without holding up the others; raises HTTPError."""
        if len(self.request.body) > _BODY_BYTES:
            raise HTTPError(413)
        self._asked = True
        model = await self.hub_auth.get_user(self, sync=False)
        if self.request.method not in _READING:
            self.check_xsrf_cookie()
        try:
            self._hub_auth_user_cache = self.check_hub_user(model) if model else None
        except UserNotAllowed as error:
            self._hub_auth_user_cache = None
            raise HTTPError(403, log_message="not allowed to use this service") from error
        user = self._hub_auth_user_cache
        if user is not None and user.get("kind") != "user":
            raise HTTPError(403, log_message="for people only")
        self.person = user["name"] if user is not None else ""
        if not self.person:
            self.who()

    def check_xsrf_cookie(self) -> None:
        """Check it once it is known who asks: with a token of the hub none is needed."""
        if self._asked:
            super().check_xsrf_cookie()

    def who(self) -> None:
        """Refuse who is not signed in."""
        raise HTTPError(401, log_message="not signed in")

    def language(self) -> Language:
        """Return the language of the person: what the page asked for, else the browser."""
        asked = self.get_query_argument("lang", "") or self.request.headers.get(
            "Accept-Language", ""
        )
        return "ja" if asked.strip().lower().startswith("ja") else "en"

    def write_error(self, status_code: int, **named: Any) -> None:
        """Tell every error as a problem, RFC 9457, in the person's language."""
        information = named.get("exc_info")
        error = information[1] if information else None
        if isinstance(error, RecrateError):
            problem = problem_of(error, {str(self.desk.settings.shared): "…"})
            status_code = status_of(problem)
            wait = getattr(error, "retry_after_seconds", None)
            if wait is not None:
                self.set_header("Retry-After", str(int(wait) + 1))
        elif isinstance(error, HTTPError):
            code = _CODES.get(status_code, "outside-failed" if status_code >= 500 else "bad-input")
            problem = make_problem(code, error.log_message or self._reason)
        else:
            problem = problem_of(error or Exception())
        self.set_status(status_code)
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps(to_plain(in_words(problem, self.language())), ensure_ascii=False))

    def log_exception(self, *information: Any) -> None:
        """Log what is a fault of ours, and not what a person mistyped."""
        if not isinstance(information[1], RecrateError):
            super().log_exception(*information)


def in_words(problem: Problem, language: Language) -> Problem:
    """Return a problem in a language, as far as the page's words go."""
    words = words_of(language)
    return Problem(
        title=words.get(problem.title, problem.title),
        detail=words.get(problem.detail, problem.detail),
        hint=words.get(problem.hint, problem.hint),
        code=problem.code,
    )


class PageHandler(Door):
    """The page; who is not signed in is sent to the hub first."""

    def who(self) -> None:
        """Send the person to the hub and back."""
        self.redirect(self.get_login_url())

    async def get(self) -> None:
        """Give the page."""
        limits = self.desk.settings
        self.finish(
            render_page(
                base=self.application.settings["prefix"],
                user=self.person,
                xsrf=_text(self.xsrf_token),
                language=self.language(),
                version=__version__,
                limits={
                    "sessions_per_user": limits.sessions_per_user,
                    "launches_per_hour": limits.launches_per_hour,
                    "size_bytes": limits.rooms.locate.limit_bytes,
                },
                crate=self.get_query_argument("crate", "")[:2000],
            )
        )


class Api(Door):
    """What answers in JSON."""

    def answer(self, document: Any, status: int = 200) -> None:
        """Send a document."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(document, ensure_ascii=False))

    def told(self, launch: Any) -> dict[str, Any]:
        """Return a launch as the API tells it, its problem in the person's language."""
        document: dict[str, Any] = launch.told()
        if launch.problem is not None:
            document["problem"] = to_plain(in_words(launch.problem, launch.language))
        return document

    def body(self) -> dict[str, Any]:
        """Return the JSON object that was sent; raises BadInput."""
        try:
            found = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise BadInput("the request is no JSON", hint=_ASKED) from error
        if not isinstance(found, dict):
            raise BadInput("the request is no JSON object", hint=_ASKED)
        return found


class AboutHandler(Api):
    """`GET api/about`."""

    async def get(self) -> None:
        """Say who this is and how much they may ask for."""
        limits = self.desk.settings
        self.answer(
            {
                "user": self.person,
                "version": __version__,
                "limits": {
                    "sessions_per_user": limits.sessions_per_user,
                    "launches_per_hour": limits.launches_per_hour,
                    "size_bytes": limits.rooms.locate.limit_bytes,
                },
                "languages": list(LANGUAGES),
            }
        )


class CrateHandler(Api):
    """`GET api/crate?where=…`."""

    async def get(self) -> None:
        """Say what is behind an address."""
        about = await self.desk.look(self.get_query_argument("where", ""), self.person)
        document: dict[str, Any] = to_plain(about)
        del document["prepared"]
        self.answer(document | await self.desk.expectations(about))


class LaunchesHandler(Api):
    """`GET|POST api/launches`."""

    async def get(self) -> None:
        """List the person's launches."""
        self.answer([self.told(one) for one in self.desk.of_user(self.person)])

    async def post(self) -> None:
        """Begin one."""
        said = self.body()
        where, agreed = said.get("where"), said.get("agreed", False)
        if not isinstance(where, str) or not isinstance(agreed, bool):
            raise BadInput("`where` is a text, `agreed` is true or false", hint=_ASKED)
        language: Literal["en", "ja"] = "ja" if said.get("language") == "ja" else "en"
        launch = await self.desk.accept(where, user=self.person, agreed=agreed, language=language)
        self.set_header("Location", f"{self.request.path}/{launch.id}")
        self.answer(self.told(launch), status=201)


class LaunchHandler(Api):
    """`GET|DELETE api/launches/{id}`."""

    async def get(self, launch_id: str) -> None:
        """Say how one stands."""
        self.answer(self.told(self.desk.read(launch_id, self.person)))

    async def delete(self, launch_id: str) -> None:
        """Cancel it, or stop its server."""
        self.answer(self.told(await self.desk.end(launch_id, self.person)))


class EventsHandler(Api):
    """`GET api/launches/{id}/events`: server-sent events, a launch in each."""

    _telling: asyncio.Task[None] | None = None

    async def get(self, launch_id: str) -> None:
        """Tell how it stands, then every change; comments keep proxies from closing."""
        self.desk.read(launch_id, self.person)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("X-Accel-Buffering", "no")
        self.set_header("Content-Encoding", "identity")  # each event goes out as it is
        self._telling = asyncio.create_task(self._tell(launch_id))
        try:
            await self._telling
        except (StreamClosedError, asyncio.CancelledError):
            return

    async def _tell(self, launch_id: str) -> None:
        async for launch in self.desk.follow(launch_id, self.person):
            if launch is None:
                self.write(": still here\n\n")
            else:
                self.write(f"data: {json.dumps(self.told(launch), ensure_ascii=False)}\n\n")
            await self.flush()

    def on_connection_close(self) -> None:
        """Stop telling."""
        if self._telling is not None:
            self._telling.cancel()


class NowhereHandler(Api):
    """What is not there."""

    async def get(self) -> None:
        """Say so."""
        raise HTTPError(404)


class Loaded(StaticFileHandler):
    """What the page loads; no secret, so nobody is asked who they are."""

    extra: ClassVar[dict[str, str]] = {"X-Content-Type-Options": "nosniff"}

    def set_extra_headers(self, path: str) -> None:
        """Let browsers ask each time whether it changed."""
        del path
        self.set_header("Cache-Control", "no-cache")
        for name, value in self.extra.items():
            self.set_header(name, value)


def routes(prefix: str) -> Sequence[Any]:
    """Return the routes below the service's prefix, which ends with a slash."""
    one = r"api/launches/([0-9a-f]{32})"
    return [
        (prefix + "oauth_callback", HubOAuthCallbackHandler),
        (prefix, PageHandler),
        (prefix + "api/about", AboutHandler),
        (prefix + "api/crate", CrateHandler),
        (prefix + "api/launches", LaunchesHandler),
        (prefix + one, LaunchHandler),
        (prefix + one + "/events", EventsHandler),
        (prefix + r"static/(.*)", Loaded, {"path": str(STATIC)}),
        (r".*", NowhereHandler),
    ]


def _text(token: str | bytes) -> str:
    return token.decode() if isinstance(token, bytes) else token
