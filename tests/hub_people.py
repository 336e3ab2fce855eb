"""People before a hub of a test: signed in with a browser, or at a command line with a token."""

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import requests

from launching import Opened

if TYPE_CHECKING:
    from hubs import Hub

SERVICE = "/services/relaunch/"


class Person:
    """Somebody before the page of the service, signed in at the hub."""

    def __init__(self, hub: "Hub", name: str) -> None:
        self.hub, self.name = hub, name
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Sec-Fetch-Site"] = "same-origin"
        login = f"{hub.url}/hub/login?next={SERVICE}"
        page = self.session.get(login)
        xsrf = self.session.cookies.get("_xsrf", path="/hub/")
        page = self.session.post(
            login, data={"username": name, "password": "x", "_xsrf": xsrf}, allow_redirects=True
        )
        assert page.status_code == 200, page.text[:2000]
        found = re.search(r'data-xsrf="([^"]+)"', page.text)
        assert found is not None, page.text[:2000]
        self.page, self.xsrf = page, found[1]

    def token(self) -> str:
        """Return a token of the hub that may do what the person may."""
        xsrf = self.session.cookies.get("_xsrf", path="/hub/")
        answer = self.session.post(
            f"{self.hub.url}/hub/api/users/{self.name}/tokens?_xsrf={xsrf}",
            json={"note": "test"},
            headers={"Referer": f"{self.hub.url}/hub/token"},
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["token"]
        return found

    def opened(self, launch: dict[str, Any]) -> Opened:
        """Return the JupyterLab of a launch that is ready."""
        return Opened(f"{self.hub.url}{launch['url']}", token=self.token())

    def ask(self, method: str, path: str, body: Any = None, **given: Any) -> requests.Response:
        """Ask the API."""
        return self.session.request(
            method,
            f"{self.hub.url}{SERVICE}api/{path}",
            headers={
                "X-XSRFToken": self.xsrf,
                "Sec-Fetch-Mode": "cors",
                **given.pop("headers", {}),
            },
            json=body,
            timeout=60,
            **given,
        )

    def launch(self, where: str, *, agreed: bool = False) -> dict[str, Any]:
        """Begin a launch."""
        answer = self.ask("POST", "launches", {"where": where, "agreed": agreed, "language": "en"})
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def read(self, launch: dict[str, Any]) -> dict[str, Any]:
        """Say how a launch stands."""
        answer = self.ask("GET", f"launches/{launch['id']}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def until(self, launch: dict[str, Any], *words: str, seconds: float = 200) -> dict[str, Any]:
        """Wait until a launch has one of the statuses, or ended otherwise."""
        found: dict[str, Any] = self.hub.until(
            lambda: now if (now := self.read(launch))["status"] in words else None,
            seconds,
            f"{words}: {self.read(launch)}",
        )
        return found

    def ready(self, launch: dict[str, Any], seconds: float = 200) -> dict[str, Any]:
        """Wait until a launch is ready; fails where it ends otherwise."""
        now = self.until(launch, "ready", "failed", "cancelled", "stopped", seconds=seconds)
        assert now["status"] == "ready", json.dumps(now) + self.hub.log()[-6000:]
        return now

    def stop(self, launch: dict[str, Any]) -> dict[str, Any]:
        """Cancel or stop it."""
        answer = self.ask("DELETE", f"launches/{launch['id']}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def run_as_person(hub: "Hub", name: str, *words: object) -> "subprocess.Popen[bytes]":
    """Start `recrate launch … --on hub` as somebody with a token, on a machine of their own."""
    variables = {**os.environ, "LC_ALL": "C.UTF-8", "RECRATE_TOKEN_HUB": hub.person(name).token()}
    for folder in ("JUPYTER_DATA_DIR", "XDG_CACHE_HOME"):
        variables[folder] = str(hub.folder / f"machine-of-{name}" / folder)
    with (hub.folder / f"{name}.stderr").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "recrate", "launch", *map(str, words), "--on", "hub",
             "--set", "url", hub.url, "--json", "--yes"],
            stdout=subprocess.PIPE, stderr=said, env=variables,
        )  # fmt: skip
