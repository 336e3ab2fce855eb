"""A real JupyterHub for tests: `simple` spawner, `dummy` authenticator, the launch service in it.

with opened_hub(folder, settings={…}) as hub:
    person = hub.person("hanako")
    launch = person.ready(person.launch("https://doi.org/10.5072/x"))
"""

import contextlib
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

from hub_people import SERVICE, Person
from recrate.outside.loopback import free_port
from recrate.outside.process import start_logged

HERE = Path(__file__).parent
PROXY = HERE / "server" / "node_modules" / ".bin" / "configurable-http-proxy"

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
    people: list[Person] = field(default_factory=list)
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

    def person(self, name: str) -> Person:
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

    def named_servers(self, user: str) -> list[str]:
        """Return the names of a user's servers, also of those that are stopped."""
        told = self.admin("GET", f"users/{user}?include_stopped_servers=1").json()
        return [name for name in told["servers"] if name]

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
        """Return what the hub and the service said, without who looked at what."""
        lines = (self.folder / "hub.log").read_text("utf-8", "replace").splitlines(keepends=True)
        return "".join(line for line in lines if " 200 GET " not in line)

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


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(url, timeout=2).status_code == 200
    return False
