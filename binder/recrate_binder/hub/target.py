"""Target `hub`: a JupyterHub that runs our single-user program, reached by its API."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from recrate.launch.target import Cargo, Running, Workshop
from recrate.model.deposit import Option
from recrate.model.errors import BadInput, RecrateError, Refused
from recrate.model.finding import Finding, Severity, find
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, TargetCapabilities
from recrate.model.progress import Progress
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings
from recrate_binder.hub.remembering import forget, left_behind, remember
from recrate_binder.hub.remote import ByServer, ByService, Remote, Upload

OPTIONS = (
    Option(
        name="url",
        label_en="Address of the JupyterHub",
        label_ja="JupyterHub のアドレス",
        required=True,
        help_en="As it stands in the browser, without /hub.",
        help_ja="ブラウザーに表示されるアドレス（/hub より前）です。",
    ),
    Option(
        name="user",
        label_en="Your name there",
        label_ja="そこでのユーザー名",
        help_en="Whose the token is, without one.",
        help_ja="省略時はトークンの持ち主です。",
    ),
    Option(
        name="service",
        label_en="Name of its launch service",
        label_ja="起動サービスの名前",
        default="relaunch",
    ),
)
_POLL_SECONDS = 5.0


@dataclass
class Hub:
    """Starts a named server on a hub with the crate in it, and stops it at the end.

    What is published is fetched by the hub's launch service, else by the server itself; what only
    lies here is uploaded into the person's home there.
    """

    answers: Mapping[str, str]
    workshop: Workshop

    about = AboutTarget(
        kind="hub",
        title_en="A JupyterHub",
        title_ja="JupyterHub",
        capabilities=TargetCapabilities(
            starts=True, walls="sandbox", needs_account=True, wants="crate"
        ),
        options=OPTIONS,
    )

    def __post_init__(self) -> None:
        """Raise BadInput where no hub is named."""
        parts = urlsplit(self.answers.get("url", ""))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise BadInput(
                "which JupyterHub?", where="url", hint="--set url https://hub.example.org"
            )
        self.base = self.answers["url"].rstrip("/").removesuffix("/hub") + "/"

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Say what would not work there: no token, no such hub, a hub that is not prepared."""
        del order
        if self.workshop.secret is None:
            return (
                _refusal(
                    "hub-token",
                    "no token for this hub",
                    "make one at /hub/token there; then RECRATE_TOKEN_HUB, or `recrate token hub`",
                ),
            )
        try:
            remote = self._remote()
            prepared = remote.is_prepared()
        except RecrateError as error:
            return (_refusal("hub-away", error.message, error.hint),)
        if cargo.address is None and not cargo.path.is_file():
            return (
                _refusal(
                    "hub-folder",
                    "a folder cannot be sent to a hub",
                    "`recrate pack` makes one file of a study",
                ),
            )
        if prepared:
            return ()
        return (
            find(
                Severity.WARNING,
                "hub-unprepared",
                "this hub has no launch service that we know",
                path=self.base,
                hint="it works if its servers are started with recrate-singleuser: docs/hub.md",
            ),
        )

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Start it, and return when its JupyterLab answers.

        Raises Refused where the hub does not let us, or does not open crates, OutsideFailed where
        it lets us down.
        """
        began = time.monotonic()
        remote = self._remote()
        name = f"recrate-{secrets.token_hex(6)}"
        by_server = ByServer(remote=remote, name=name)
        way: ByService | ByServer = by_server
        started = name
        if cargo.address is not None and remote.is_prepared():
            way = by_service = ByService(remote=remote, language=order.language)
            started = by_service.start(cargo.address)
        elif cargo.address is not None:
            by_server.start({"recrate_where": cargo.address, "recrate_language": order.language})
        mark = remember(self._notes, base=self.base, user=remote.user, way=way.kind, name=started)
        try:
            if cargo.address is None:
                file = Upload(remote=remote, name=name).send(cargo.path, progress)
                by_server.start({"recrate_file": file, "recrate_language": order.language})
            url = way.wait(progress)
        except BaseException:
            way.end()
            forget(mark)
            raise
        launched = Launched(
            target="hub",
            url=url,
            waits=True,
            seconds=time.monotonic() - began,
        )
        return _Running(launched=launched, way=way, mark=mark)

    def reap(self) -> tuple[str, ...]:
        """Stop the servers of launches that were killed; name them."""
        gone = []
        for mark, one in left_behind(self._notes):
            if one.base != self.base or self.workshop.secret is None:
                continue
            remote = replace(self._bare(), user=one.user)
            way = (
                ByService(remote=remote, launch=one.name)
                if one.way == "service"
                else ByServer(remote=remote, name=one.name)
            )
            way.end()
            forget(mark)
            gone.append(one.name)
        return tuple(gone)

    @property
    def _notes(self) -> Path:
        return self.workshop.data / "launches" / "hub"

    def _bare(self) -> Remote:
        host = urlsplit(self.base).hostname or ""
        web: WebSettings = replace(
            self.workshop.web, private_hosts=(*self.workshop.web.private_hosts, host)
        )
        service = Service(base=self.base, web=web, secret=self.workshop.secret, scheme="token")
        return Remote(
            service=service, prefix=f"services/{self.answers.get('service') or 'relaunch'}/"
        )

    def _remote(self) -> Remote:
        """Return the hub as it knows us; raises Refused for a token that it does not take."""
        remote = self._bare()
        user = remote.who()
        asked = self.answers.get("user") or user
        if asked != user:
            raise Refused(
                f"the token is of {user}, not of {asked}",
                where=self.base,
                hint="make a token while you are signed in as that user",
            )
        return replace(remote, user=user)


@dataclass(kw_only=True)
class _Running:
    launched: Launched
    way: ByService | ByServer
    mark: Path
    ended: bool = False

    def wait(self) -> int:
        """Wait until the server is gone, by whoever stopped it."""
        while self.way.is_there():
            time.sleep(_POLL_SECONDS)
        return 0

    def end(self) -> None:
        if not self.ended:
            self.way.end()
            forget(self.mark)
            self.ended = True


def _refusal(code: str, message: str, hint: str) -> Finding:
    return find(Severity.ERROR, code, message, path="the hub", hint=hint)
