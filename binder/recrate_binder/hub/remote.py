"""A hub as somebody outside of it sees it: its API, its launch service, a server's own files.

Sources: JupyterHub's REST API; Jupyter Server's contents API, `PUT api/contents/{path}` with
`chunk` (1, 2, … and -1 for the last), as JupyterLab uploads large files.
"""

import base64
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urljoin

from recrate.model.errors import Conflict, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.exchange import Service

_PIECE_BYTES = 3 << 20
_START_SECONDS = 900.0
_STOP_SECONDS = 60.0
_PAUSE_SECONDS = 1.0
_NOT_PREPARED = "its servers must be started with recrate-singleuser: docs/hub.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A hub. `prefix`: of its launch service, below its address; `user`: whose the token is."""

    service: Service
    prefix: str
    user: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask, and return what came back as JSON, None where nothing did; raises what it means."""
        answer = self.service.ask(method, path, json_body=body, repeat=method != "POST")
        answer.expect(200, 201, 202, 204)
        return answer.json() if answer.content else None

    def who(self) -> str:
        """Return whose the token is; raises Refused for one that is not accepted."""
        told = self.ask("GET", "hub/api/user")
        if not isinstance(told, dict) or told.get("kind") != "user":
            raise Refused(
                "the token is not a person's", hint="make one at /hub/token, signed in as yourself"
            )
        return str(told["name"])

    def is_prepared(self) -> bool:
        """Say whether the hub has our launch service and lets us use it."""
        answer = self.service.ask("GET", f"{self.prefix}api/about")
        if answer.status != 200:
            return False
        try:
            return "limits" in answer.json()
        except (OutsideFailed, TypeError):
            return False

    def server(self, name: str) -> dict[str, Any] | None:
        """Return what the hub says of a server, None where there is none."""
        told = self.ask("GET", f"hub/api/users/{quote(self.user)}?include_stopped_servers=1")
        found = told.get("servers", {}).get(name) if isinstance(told, dict) else None
        return found if isinstance(found, dict) else None

    def link(self, path: str) -> str:
        """Return the address of a path on the hub."""
        return urljoin(self.service.base, path)


@dataclass(kw_only=True)
class ByService:
    """A launch by the hub's launch service."""

    remote: Remote
    language: str = "en"
    launch: str = ""
    kind: ClassVar[Literal["service"]] = "service"

    def start(self, address: str) -> str:
        """Ask for the launch; return its id. Raises Refused beyond the service's limits."""
        said = {"where": address, "agreed": True, "language": self.language}
        self.launch = str(self.remote.ask("POST", f"{self.remote.prefix}api/launches", said)["id"])
        return self.launch

    def wait(self, progress: Progress) -> str:
        """Wait until it is ready, and return its address; raises OutsideFailed with the reason."""
        while True:
            told = self._read()
            for stage in told["stages"]:
                if stage["status"] == "running":
                    progress(stage["name"], stage["done"], stage["total"], stage["message"])
            if told["status"] == "ready":
                return self.remote.link(told["url"])
            if told["status"] not in {"waiting", "running"}:
                problem = told["problem"] or {"detail": f"the launch was {told['status']}"}
                raise OutsideFailed(
                    problem["detail"], where=self.remote.service.base, hint=problem.get("hint", "")
                )
            time.sleep(_PAUSE_SECONDS)

    def is_there(self) -> bool:
        """Say whether its server is still there."""
        return self._read()["status"] in {"waiting", "running", "ready"}

    def end(self) -> None:
        """Cancel it, or stop its server."""
        answer = self.remote.service.ask(
            "DELETE", f"{self.remote.prefix}api/launches/{self.launch}"
        )
        answer.expect(200, 404)

    def _read(self) -> Any:
        return self.remote.ask("GET", f"{self.remote.prefix}api/launches/{self.launch}")


@dataclass(kw_only=True)
class ByServer:
    """A named server of the person's own, told what to open."""

    remote: Remote
    name: str
    kind: ClassVar[Literal["server"]] = "server"

    @property
    def path(self) -> str:
        """Its place in the hub's API."""
        return f"hub/api/users/{quote(self.remote.user)}/servers/{quote(self.name)}"

    def start(self, options: dict[str, str]) -> str:
        """Ask for the server; return its name."""
        self.remote.ask("POST", self.path, {"display_name": self.name, "user_options": options})
        return self.name

    def ready(self, progress: Progress = silent) -> str:
        """Wait until it answers, and return its path with a slash at its end.

        Raises OutsideFailed where it does not start.
        """
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            progress("start", 0, 0, self.name)
            told = self.remote.server(self.name)
            if told is not None and told.get("ready"):
                return str(told["url"]).lstrip("/")
            if told is None or not told.get("pending"):
                break
            time.sleep(_PAUSE_SECONDS)
        raise OutsideFailed(
            "the server does not start on that hub",
            where=self.remote.service.base,
            hint="its log there says why; " + _NOT_PREPARED,
        )

    def wait(self, progress: Progress) -> str:
        """Wait until it is ready, and return its address.

        Raises Refused where it did not open the crate: that hub starts another program.
        """
        path = self.ready(progress)
        answer = self.remote.service.ask("GET", f"{path}recrate/api/session")
        head = answer.json().get("session") if answer.status == 200 else None
        if not head:
            raise Refused(
                "this hub started a server, but not with the crate in it",
                where=self.remote.service.base,
                hint=_NOT_PREPARED,
            )
        return self.remote.link(f"{path}lab/tree/{quote(str(head['first']))}")

    def is_there(self) -> bool:
        """Say whether it still runs."""
        told = self.remote.server(self.name)
        return told is not None and bool(told.get("ready") or told.get("pending"))

    def stop(self) -> None:
        """Stop it and wait until it is stopped; raises OutsideFailed where it is not."""
        self.remote.service.ask("DELETE", self.path, json_body={}).expect(200, 202, 204, 404)
        end = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < end:
            if not self.is_there():
                return
            time.sleep(_PAUSE_SECONDS)
        raise OutsideFailed(
            "the server does not stop",
            where=self.remote.service.base,
            hint="stop it in the hub's own list of servers",
        )

    def end(self) -> None:
        """Stop it and have it forgotten."""
        answer = self.remote.service.ask("DELETE", self.path, json_body={"remove": True})
        answer.expect(200, 202, 204, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Brings a file into the person's home on the hub, by a server that runs without a crate."""

    remote: Remote
    name: str

    def send(self, file: Path, progress: Progress) -> str:
        """Send the file, and return its name there; the server is stopped again.

        Raises what the hub and its server answer; Refused where the server takes no files.
        """
        server = ByServer(remote=self.remote, name=self.name)
        server.start({})
        target = f"{self.name}.crate.zip"
        address = f"{server.ready(progress)}api/contents/{quote(target)}"
        try:
            self._pieces(file, address, progress)
        except Conflict as error:
            raise OutsideFailed(error.message, where=error.where, hint=_NOT_PREPARED) from error
        server.stop()
        return target

    def _pieces(self, file: Path, address: str, progress: Progress) -> None:
        size, done, number = file.stat().st_size, 0, 0
        with file.open("rb") as stream:
            while done < size or number == 0:
                piece = stream.read(_PIECE_BYTES)
                done, number = done + len(piece), number + 1
                body = {
                    "type": "file",
                    "format": "base64",
                    "content": base64.b64encode(piece).decode("ascii"),
                    "chunk": -1 if done >= size else number,
                }
                # Sent once: a piece that is sent twice would stand twice in the file.
                answer = self.remote.service.ask("PUT", address, json_body=body, repeat=False)
                answer.expect(200, 201)
                progress("upload", done, size, file.name)
