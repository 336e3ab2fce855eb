"""A real OpenSSH server on loopback, with an account of its own behind it: a login node for tests.

    with login_node() as node: node.answers() are those of an `ssh` site

Everything is made anew and taken away: host key, port, known hosts, authorized key, the account.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from recrate.outside.loopback import free_port, listens

ROOT = Path(__file__).parents[1]
PRETEND = """\
import json, os, pathlib, platform, sys, time
import psutil
folder = pathlib.Path(sys.argv[3])
order = json.loads((folder / "order.json").read_text())
try:
    handle = os.open(folder / "started.json", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
except FileExistsError:
    sys.exit(75)
who = {"host": platform.node(), "pid": os.getpid(), "began": psutil.Process().create_time()}
os.write(handle, json.dumps({**who, "at": ""}).encode())
with (pathlib.Path.home() / "runs.log").open("a") as log:
    log.write(f"{order['name']}\\n")
print("at work on", order["name"], flush=True)
(folder / "ready").touch()
until = time.monotonic() + order.get("seconds", 0)
while time.monotonic() < until:
    (folder / "alive").touch()
    time.sleep(0.05)
if order.get("code"):
    sys.exit(order["code"])
replay = pathlib.Path(order["destination"])
replay.mkdir(parents=True, exist_ok=True)
crate = pathlib.Path(order["crate"])
(replay / "crate-name.txt").write_text(crate.name)
(replay / "crate.bin").write_bytes(crate.read_bytes())
(replay / "deep").mkdir(exist_ok=True)
(replay / "deep/表 1.csv").write_bytes(bytes(range(256)) * order.get("many", 1))
(replay / "order-there.json").write_text(json.dumps(order))
for path, place in order.get("data", {}).items():
    (replay / f"data-{path}").write_bytes(pathlib.Path(place).read_bytes())
for line in order.get("shell", []):
    os.system(line.format(folder=folder, replay=replay))
(folder / "result.tmp").write_text(json.dumps({"outcome": "judged", "of": order["name"]}))
(folder / "result.tmp").rename(folder / "result.json")
"""
"""A worker that does as its order says, and writes down that it ran."""

RUNNERS = """\
import pathlib
from dataclasses import replace
from recrate.model.errors import NotFound
from recrate.model.finding import Finding, Severity
from recrate.runners.local import Local

class Pretend(Local):
    def __init__(self, answers, depot):
        program = str(pathlib.Path(__file__).parent / "worker")
        super().__init__({"workers": "2"}, replace(depot, python=program))

    def check(self):
        for code in ("partition-closed",) if (pathlib.Path.home() / "closed").exists() else ():
            yield Finding(severity=Severity.ERROR, code=code, where="short",
                          message="the partition \\x1b[31mshort is closed", hint="choose another")

def configured(name):
    if name != "kyoto":
        raise NotFound(f"no site {name}")
    from recrate.runners.agent_sites import _depot
    return Pretend({}, _depot())
"""
ENTRY_POINTS = """\
[recrate.runners]
pretend = pretend_runners:Pretend
real = recrate.runners.local:Local

[recrate.sites]
configured = pretend_runners:configured
"""


@dataclass(kw_only=True)
class LoginNode:
    """A host that can be logged in to.

    home:   of the far account; everything that it keeps lies below
    python: the interpreter there; every call is written down in `calls.log`
    """

    folder: Path
    account: str
    home: Path
    port: int
    python: Path
    daemon: "subprocess.Popen[bytes] | None" = None
    spools: list[Path] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """The client's configuration, with the host `far` in it."""
        return self.folder / "client" / "config"

    @property
    def known_hosts(self) -> Path:
        """The client's known hosts."""
        return self.folder / "client" / "known_hosts"

    @property
    def spool(self) -> Path:
        """Where the far side keeps things, unless a test says otherwise."""
        return self.home / "spool"

    def answers(self, **more: str) -> dict[str, str]:
        """Return a site's answers."""
        return {
            "host": "far",
            "site": "pretend",
            "python": str(self.python),
            "folder": "~/spool",
            "options": f"-F {self.config}",
            "patience": "90",
            **more,
        }

    def start(self) -> None:
        """Start the server, and return when it listens."""
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program is not None
        with (self.folder / "sshd.log").open("ab") as log:
            self.daemon = subprocess.Popen(
                [program, "-D", "-e", "-f", str(self.folder / "sshd_config")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 20
        while not listens(self.port):
            assert time.monotonic() < until, (self.folder / "sshd.log").read_text()
            assert self.daemon.poll() is None, (self.folder / "sshd.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and all connections."""
        if self.daemon is not None:
            self.cut()
            self.daemon.terminate()
            self.daemon.wait(10)
            self.daemon = None

    def cut(self) -> int:
        """Cut all connections that are open; returns how many processes held them."""
        assert self.daemon is not None
        sessions = [
            one
            for one in psutil.Process(self.daemon.pid).children(recursive=True)
            if one.name() == "sshd"
        ]
        for one in sessions:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        return len(sessions)

    def calls(self, verb: str = "") -> list[str]:
        """Return the verbs that the far side was asked, or those of one kind."""
        log = self.home / "calls.log"
        lines = log.read_text().split("\n") if log.exists() else []
        found = [line.split()[3] for line in lines if "recrate.runners.agent" in line]
        return [one for one in found if verb in {"", one}]

    def runs(self) -> list[str]:
        """Return the names of the attempts whose workers ran, once for each time."""
        log = self.home / "runs.log"
        return log.read_text().split() if log.exists() else []

    def processes(self) -> list[psutil.Process]:
        """Return what runs under the far account, without what the server itself holds."""
        uid = pwd.getpwnam(self.account).pw_uid
        found = []
        for one in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                zombie = one.status() == psutil.STATUS_ZOMBIE
                if one.uids().real == uid and one.name() != "sshd" and not zombie:
                    found.append(one)
        return found

    def write(self, name: str, text: str, mode: int = 0o755) -> Path:
        """Put a file into the far account's home."""
        place = self.home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        place.chmod(mode)
        shutil.chown(place, self.account)
        return place

    def forget(self) -> None:
        """Remove what earlier tests left in the home."""
        for name in ("calls.log", "runs.log", "closed"):
            (self.home / name).unlink(missing_ok=True)
        shutil.rmtree(self.spool, ignore_errors=True)


@contextlib.contextmanager
def login_node() -> Iterator[LoginNode]:
    """Give a host that runs; skips where a host cannot be made, and says what is missing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a second account is made for the test: needs root on Linux")
    for program in ("ssh", "ssh-keygen", "sshd", "useradd", "userdel", "runuser"):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
            pytest.skip(f"{program} is not installed (openssh-client, openssh-server, passwd)")
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix="recrate-far-"))
    folder.chmod(0o755)
    account = f"recrate{os.getpid()}"
    home = folder / "home"
    subprocess.run(
        ["useradd", "-m", "-d", home, "-s", "/bin/bash", "-p", "*", account],
        check=True,
        capture_output=True,
    )
    try:
        node = LoginNode(
            folder=folder,
            account=account,
            home=home,
            port=free_port(),
            python=home / "bin/python",
        )
        _make_keys(node)
        _install(node)
        node.start()
        try:
            yield node
        finally:
            node.stop()
    finally:
        _remove(account, folder)


def _make_keys(node: LoginNode) -> None:
    client = node.folder / "client"
    client.mkdir(mode=0o700)
    for key in (node.folder / "host_key", node.folder / "other_key", client / "key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]
        subprocess.run(command, check=True, capture_output=True)
    (node.folder / "sshd_config").write_text(
        f"Port {node.port}\nListenAddress 127.0.0.1\nHostKey {node.folder}/host_key\n"
        f"PidFile {node.folder}/sshd.pid\nAuthorizedKeysFile .ssh/authorized_keys\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\n"
        f"AllowUsers {node.account}\nPrintMotd no\nUseDNS no\n"
    )
    public = (node.folder / "host_key.pub").read_text()
    node.known_hosts.write_text(f"[127.0.0.1]:{node.port} {public}")
    node.config.write_text(
        f"Host far\n HostName 127.0.0.1\n Port {node.port}\n User {node.account}\n"
        f" IdentityFile {client}/key\n IdentitiesOnly yes\n"
        f" UserKnownHostsFile {node.known_hosts}\n GlobalKnownHostsFile /dev/null\n"
    )
    node.write(".ssh/authorized_keys", (client / "key.pub").read_text(), 0o600)
    (node.home / ".ssh").chmod(0o700)
    shutil.chown(node.home / ".ssh", node.account)


def _install(node: LoginNode) -> None:
    """Give the account a Python with this very recrate, and runners that pretend."""
    node.write("lib/pretend_runners.py", RUNNERS)
    node.write("lib/pretend-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pretend\n")
    node.write("lib/pretend-1.0.dist-info/entry_points.txt", ENTRY_POINTS)
    paths = [node.home / "lib", ROOT / "crates", *filter(_is_packages, sys.path)]
    where = ":".join(str(path) for path in paths)
    real = _interpreter(node.account, where)
    node.write("lib/pretend_worker.py", PRETEND)
    settings = f"#!/bin/sh\nexport PYTHONPATH={where} PYTHONDONTWRITEBYTECODE=1\n"
    node.write("lib/worker", f'{settings}exec {real} {node.home}/lib/pretend_worker.py "$@"\n')
    node.write("bin/python", f'{settings}echo "$@" >> ~/calls.log\nexec {real} "$@"\n')
    node.write(".bashrc", "echo welcome to far\n")


def _is_packages(path: str) -> bool:
    return path.endswith("site-packages")


def _interpreter(account: str, paths: str) -> str:
    """Return a Python of our version that the account may run, with our packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for program in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        command = ["runuser", "-u", account, "--", "env", f"PYTHONPATH={paths}", program]
        tried = subprocess.run(
            [*command, "-c", "import recrate.runners.agent"],
            capture_output=True,
            check=False,
            cwd="/",
        )
        if tried.returncode == 0:
            return program
    pytest.skip(f"no Python {version} that another account may run: apt-get install python3")


def _sweep() -> None:
    """Remove the accounts of test processes that were killed."""
    for one in pwd.getpwall():
        number = one.pw_name.removeprefix("recrate")
        ours = number.isdecimal() and Path(one.pw_dir).parent.name.startswith("recrate-far-")
        if ours and not psutil.pid_exists(int(number)):
            _remove(one.pw_name, Path(one.pw_dir).parent)


def _remove(account: str, folder: Path) -> None:
    uid = pwd.getpwnam(account).pw_uid
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.uids().real == uid:
                one.kill()
    until = time.monotonic() + 30
    while True:
        gone = subprocess.run(["userdel", "-f", account], capture_output=True, check=False)
        if gone.returncode == 0:
            break
        assert time.monotonic() < until, gone.stderr.decode()
        time.sleep(0.2)
    shutil.rmtree(folder, ignore_errors=True)


def is_private(place: Path) -> bool:
    """Say whether nobody but its owner may look into a folder."""
    return stat.S_IMODE(place.stat().st_mode) == 0o700
