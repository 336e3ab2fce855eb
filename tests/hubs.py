"""A real JupyterHub for tests: `simple` spawner, `dummy` authenticator, the launch service in it.

with opened_hub(folder, settings={…}) as hub:
    person = hub.person("hanako")
    launch = person.ready(person.launch("https://doi.org/10.5072/x"))
"""

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from launching import Opened
from recrate.outside.loopback import free_port
from recrate.outside.process import start_logged

HERE = Path(__file__).parent
PROXY = HERE / "server" / "node_modules" / ".bin" / "configurable-http-proxy"
SERVICE = "/services/relaunch/"

_CONFIG = """
import os, sys
from recrate_binder.hub import configure
c = get_config()
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"root-of-hub"}}
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.auth_token = {proxy_token!r}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.should_start = False
c.JupyterHub.db_url = "sqlite:///" + {database!r}
c.JupyterHub.cookie_secret_file = {cookie!r}
c.JupyterHub.cleanup_servers = False
c.JupyterHub.concurrent_spawn_limit = 20
c.JupyterHub.allow_named_servers = True
c.Spawner.env_keep = [*os.environ]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
{configured}
c.JupyterHub.services = [
    *c.JupyterHub.get("services", []), {{"name": "tester", "api_token": {admin!r}}}
]
c.JupyterHub.load_roles = [
    *c.JupyterHub.get("load_roles", []),
    {{"name": "tester", "services": ["tester"], "scopes": ["admin:users", "admin:servers"]}},
]
{more}
"""


@dataclass
class Hub:
    """A hub that runs in `folder`; its proxy outlives it, as it does where people work."""

    folder: Path
    settings: dict[str, dict[str, Any]]
    options: dict[str, Any] = field(default_factory=dict)
    more: str = ""
    port: int = 0
    people: list["Person"] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None
    proxy: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address of everything, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def shared(self) -> Path:
        """What the service writes and users read."""
        return self.folder / "shared"

    @property
    def homes(self) -> Path:
        """Where the users' homes lie."""
        return self.folder / "homes"

    def write(self) -> None:
        """Write the configuration, with ports that are free."""
        self.homes.mkdir(parents=True, exist_ok=True)
        self.port, hub_port, proxy_port, service_port = (free_port() for _ in range(4))
        self.proxy_token, self.proxy_port = secrets.token_hex(16), proxy_port
        given = {
            "shared": str(self.shared),
            "singleuser": [sys.executable, "-m", "recrate_binder.hub.singleuser"],
            "url": f"http://127.0.0.1:{service_port}",
            "cull_seconds": None,
            "settings": self.settings,
            **self.options,
        }
        self.admin_token = secrets.token_hex(16)
        configured = f"configure(c, **{given!r})" if self.options.get("prepared", True) else ""
        (self.folder / "jupyterhub_config.py").write_text(
            _CONFIG.format(
                homes=str(self.homes),
                port=self.port,
                hub_port=hub_port,
                proxy_port=proxy_port,
                proxy_token=self.proxy_token,
                proxy=str(PROXY),
                database=str(self.folder / "hub.sqlite"),
                cookie=str(self.folder / "cookie"),
                configured=configured,
                admin=self.admin_token,
                more=self.more,
            )
        )

    def start_proxy(self) -> None:
        """Start the proxy; it stays while the hub comes and goes."""
        hub_port = re.search(r"hub_bind_url = \"http://127.0.0.1:(\d+)", self._text())
        assert hub_port is not None
        self.proxy = start_logged(
            [
                str(PROXY), "--ip", "127.0.0.1", "--port", str(self.port),
                "--api-ip", "127.0.0.1", "--api-port", str(self.proxy_port),
                "--error-target", f"http://127.0.0.1:{hub_port[1]}/hub/error",
            ],
            log=self.folder / "proxy.log",
            folder=self.folder,
            variables={**os.environ, "CONFIGPROXY_AUTH_TOKEN": self.proxy_token},
        )  # fmt: skip

    def start(self) -> None:
        """Start the hub and wait until it and the service answer."""
        kept = {name: value for name, value in os.environ.items() if "RECRATE" not in name}
        self.process = start_logged(
            [sys.executable, "-m", "jupyterhub", "-f", str(self.folder / "jupyterhub_config.py")],
            log=self.folder / "hub.log",
            folder=self.folder,
            variables={**kept, "JUPYTER_CONFIG_DIR": str(self.folder / "no-config")},
        )
        self.until(lambda: _answers(f"{self.url}/hub/api"), 60)
        if self.options.get("prepared", True):
            self.until(lambda: _answers(f"{self.url}{SERVICE}static/icon.svg"), 60)

    def _text(self) -> str:
        return (self.folder / "jupyterhub_config.py").read_text()

    def stop(self, *, hard: bool = False) -> None:
        """Stop the hub; `hard` kills it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        self.process.wait(30)

    def service_process(self) -> psutil.Process:
        """Return the process of the launch service."""
        mine = str(self.folder)
        for one in psutil.process_iter(["cmdline"]):
            words = one.info["cmdline"] or []
            if words[1:3] == ["-m", "recrate_binder.hub"]:
                with contextlib.suppress(psutil.Error):
                    if mine in one.environ().get("RECRATE_HUB_SETTINGS", ""):
                        return one
        raise AssertionError("the service does not run")

    def processes(self) -> list[psutil.Process]:
        """Return whatever runs on behalf of this hub: by its folder in environment or words."""
        mine, found = str(self.folder), []
        for one in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if one.pid == os.getpid() or one.status() == psutil.STATUS_ZOMBIE:
                    continue
                told = (*one.cmdline(), *one.environ().values())
                if any(mine in text for text in told):
                    found.append(one)
        return found

    @property
    def proxy_pid(self) -> int:
        """The number of the proxy's process."""
        assert self.proxy is not None
        return self.proxy.pid

    def person(self, name: str) -> "Person":
        """Sign somebody in."""
        signed = Person(self, name)
        self.people.append(signed)
        return signed

    def admin(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Ask the hub's API as somebody who may do everything."""
        headers = {"Authorization": f"token {self.admin_token}"}
        return requests.request(
            method, f"{self.url}/hub/api/{path}", headers=headers, json=body, timeout=30
        )

    def singleuser_environment(self, launch: dict[str, Any]) -> dict[str, str]:
        """Return the environment of the server of a launch."""
        name = launch["url"].split("/")[3]
        for one in self.processes():
            with contextlib.suppress(psutil.Error):
                found: dict[str, str] = one.environ()
                if found.get("JUPYTERHUB_SERVER_NAME") == name and "singleuser" in _line(one):
                    return found
        raise AssertionError(f"no server {name}")

    def service_answers(self) -> bool:
        """Say whether the launch service answers."""
        return _answers(f"{self.url}{SERVICE}static/icon.svg")

    def stop_all(self) -> None:
        """Have everybody stop what they launched."""
        for person in self.people:
            for launch in person.ask("GET", "launches").json():
                if launch["status"] in {"waiting", "running", "ready"}:
                    person.stop(launch)
            person.session.close()
        self.people.clear()

    def servers(self) -> list[str]:
        """Return the command lines of all single-user servers and kernels that run."""
        words = ("singleuser", "ipykernel", "hub.worker")
        return [
            line for one in self.processes() if any(word in (line := _line(one)) for word in words)
        ]

    def log(self) -> str:
        """Return what the hub and the service said."""
        return (self.folder / "hub.log").read_text("utf-8", "replace")

    def until(self, done: Callable[[], Any], seconds: float, what: str = "") -> Any:
        """Wait for something; fails with the hub's last words."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = done()
            if found:
                return found
            assert self.process is None or self.process.poll() is None, self.log()[-6000:]
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {what}\n{self.log()[-6000:]}")


class Person:
    """Somebody before the page of the service, signed in at the hub."""

    def __init__(self, hub: Hub, name: str) -> None:
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

    def until(self, launch: dict[str, Any], *words: str, seconds: float = 120) -> dict[str, Any]:
        """Wait until a launch has one of the statuses, or ended otherwise."""
        found: dict[str, Any] = self.hub.until(
            lambda: now if (now := self.read(launch))["status"] in words else None,
            seconds,
            f"{words}: {self.read(launch)}",
        )
        return found

    def ready(self, launch: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
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


@contextlib.contextmanager
def opened_hub(
    folder: Path, settings: dict[str, dict[str, Any]], *, more: str = "", **options: Any
) -> Iterator[Hub]:
    """Start a hub with the service; at the end nothing of it runs any more."""
    folder.mkdir(parents=True, exist_ok=True)
    hub = Hub(folder=folder, settings=settings, options=options, more=more)
    hub.write()
    hub.start_proxy()
    try:
        hub.start()
        yield hub
    finally:
        if hub.process is not None and hub.process.poll() is None:
            hub.stop()
        assert hub.proxy is not None
        hub.proxy.kill()
        hub.proxy.wait(10)
        for one in hub.processes():
            with contextlib.suppress(psutil.Error):
                one.kill()


def run_as_person(hub: Hub, name: str, *words: object) -> "subprocess.Popen[bytes]":
    """Start `recrate launch … --on hub` as somebody with a token."""
    data = hub.folder / f"data-of-{name}"
    return subprocess.Popen(
        [sys.executable, "-m", "recrate", "launch", *map(str, words), "--on", "hub",
         "--set", "url", hub.url, "--json"],
        stdout=subprocess.PIPE,
        stderr=(hub.folder / f"{name}.stderr").open("wb"),
        env={**os.environ, "LC_ALL": "C.UTF-8", "JUPYTER_DATA_DIR": str(data),
             "RECRATE_TOKEN_HUB": hub.person(name).token()},
    )  # fmt: skip


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(url, timeout=2).status_code == 200
    return False
