"""What a stranger's code tries to get out of the walls, as root and as an ordinary user.

Every attack that needs something of the machine is first made without walls, where it must work:
so a test that has lost its target fails instead of passing.
"""

import ctypes
import json
import os
import shutil
import socket
import subprocess
import tempfile
import textwrap
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recrate.outside import sandbox
from recrate.outside.limits import Limits
from recrate.outside.process import Finished
from recrate.outside.seccomp import filter_path

PYTHON = "/usr/bin/python3"
NOBODY = 65534

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not sandbox.availability().ok, reason="needs bubblewrap"),
    pytest.mark.skipif(not Path(PYTHON).exists(), reason=f"needs {PYTHON}"),
]


@dataclass
class Machine:
    """Things outside that an attack aims at, and the folder it may write."""

    folder: Path
    work: Path
    environment: Path
    secret: Path
    names: dict[str, Any]

    def walls(self, **more: Any) -> sandbox.Walls:
        """Return walls as a replay builds them."""
        return sandbox.Walls(
            folder="/replay",
            readable=(str(self.environment),),
            renamed=((str(self.work), "/replay"),),
            variables={"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME},
            **more,
        )


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A folder everybody can reach, listeners of three kinds, and a process to be killed."""
    folder = Path(tempfile.mkdtemp(prefix="escape-", dir="/var/tmp"))
    folder.chmod(0o755)
    work, environment = folder / "work", folder / "environment"
    work.mkdir()
    work.chmod(0o777)
    environment.mkdir()
    environment.chmod(0o777)
    (environment / "module.py").write_text("x = 1")
    (environment / "module.py").chmod(0o666)
    secret = folder / "secret"
    secret.write_text("s3cret")
    secret.chmod(0o666)
    tcp = socket.create_server(("127.0.0.1", 0))
    path = socket.socket(socket.AF_UNIX)
    path.bind(str(folder / "socket"))
    path.listen()
    (folder / "socket").chmod(0o777)
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0recrate-escape-{os.getpid()}")
    abstract.listen()
    victim = subprocess.Popen(["/bin/sleep", "300"], user=NOBODY if os.getuid() == 0 else None)
    names = {
        "secret": str(secret),
        "work": str(work),
        "environment": str(environment),
        "port": tcp.getsockname()[1],
        "socket": str(folder / "socket"),
        "abstract": f"\0recrate-escape-{os.getpid()}",
        "victim": victim.pid,
        "us": os.getpid(),
    }
    try:
        yield Machine(folder=folder, work=work, environment=environment, secret=secret, names=names)
    finally:
        for each in (tcp, path, abstract):
            each.close()
        victim.kill()
        victim.wait()
        shutil.rmtree(folder)


def _as_root(do: Callable[[], Finished]) -> Finished:
    return do()


def _as_nobody(do: Callable[[], Finished]) -> Finished:
    """Do it in a child that gave up being root, with what is loaded already."""
    filter_path.cache_clear()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            # Having changed user, a process hides its own /proc from itself.
            ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
            done = do()
            told = {"code": done.code, "out": done.out, "error": done.error}
        except BaseException:  # noqa: BLE001 - it leaves with os._exit below
            told = {"code": 99, "out": "", "error": traceback.format_exc()}
        os.write(writer, json.dumps(told).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = json.loads(stream.read())
    os.waitpid(child, 0)
    filter_path.cache_clear()
    return Finished(code=told["code"], out=told["out"], error=told["error"])


@pytest.fixture(params=["root", "user"])
def somebody(request: pytest.FixtureRequest) -> Callable[[Callable[[], Finished]], Finished]:
    """Do something as root, and as an ordinary user."""
    if os.getuid() != 0:
        if request.param == "root":
            pytest.skip("needs to be root")
        return _as_root
    return _as_root if request.param == "root" else _as_nobody


def program(body: str, names: dict[str, Any]) -> str:
    """Return a program that prints ESCAPED when `body` runs to its end, else HELD."""
    return "\n".join(
        [
            "import ctypes, errno, fcntl, json, os, signal, socket, subprocess, sys, time",
            *(f"{name} = {value!r}" for name, value in names.items()),
            "def attack():",
            textwrap.indent(textwrap.dedent(body), "    "),
            "try:",
            "    attack()",
            "    print('ESCAPED')",
            "except BaseException as error:",
            "    print('HELD', type(error).__name__, error)",
        ]
    )


WORKS_OUTSIDE = {
    "read a file of somebody else": "open(secret).read()",
    "write a file of somebody else": "open(secret, 'r+').write('x')",
    "list the folder of somebody else": "assert 'secret' in os.listdir(os.path.dirname(secret))",
    "read the accounts of the machine": "assert 'daemon' in open('/etc/passwd').read()",
    "read the machine's identity": "open('/etc/machine-id').read() or 1/0",
    "read a token from the environment": "os.environ['SECRET_TOKEN']",
    "read a token from our environment": (
        "def has(p):\n"
        "    try: return b'SECRET_TOKEN' in open(f'/proc/{p}/environ', 'rb').read()\n"
        "    except OSError: return False\n"
        "assert any(has(p) for p in os.listdir('/proc') if p.isdigit())"
    ),
    "connect to a port of the machine": "socket.create_connection(('127.0.0.1', port), 2)",
    "connect to a socket in a folder": "socket.socket(socket.AF_UNIX).connect(socket_path)",
    "connect to an abstract socket": "socket.socket(socket.AF_UNIX).connect(abstract)",
    "signal a process outside": "os.kill(victim, 0)",
    "see a process outside": "assert 'sleep' in open(f'/proc/{victim}/cmdline').read()",
    "write into the environment": "open(environment + '/module.py', 'a').write('evil')",
    "add to the environment": "open(environment + '/sitecustomize.py', 'w').close()",
    "see the host's name": "assert socket.gethostname() != 'recrate'",
    "use the keyring of the session": (
        "n = {'x86_64': 250, 'aarch64': 219}[os.uname().machine]\n"
        "assert ctypes.CDLL(None).syscall(n, 0, -3, 0) > 0"
    ),
    "link to a file outside": "os.link(secret, work + '/linked')",
    "start another user namespace": (
        "c = ctypes.CDLL(None, use_errno=True)\nassert c.unshare(0x10000000) == 0"
    ),
}

FOR_ROOT_OUTSIDE = {
    "read the home of root": "os.listdir('/root')",
    "read the passwords": "open('/etc/shadow').read()",
    "make a device": "os.mknod(work_here + '/disk', 0o60666, os.makedev(8, 0))",
    "become root": "os.setuid(0); assert os.geteuid() == 0",
    "write a kernel setting": (
        "f = '/proc/sys/kernel/core_pattern'; old = open(f).read(); open(f, 'w').write(old)"
    ),
    "read the kernel's memory map": "assert open('/proc/vmallocinfo').read()",
}

NEVER = {
    "find something of the kernel to write": (
        "found = [os.path.join(d, f) for d, _, files in os.walk('/proc') for f in files\n"
        "    if not d.split('/')[2:3] or not d.split('/')[2].isdigit()\n"
        "    if os.path.isfile(os.path.join(d, f)) and os.access(os.path.join(d, f), os.W_OK)]\n"
        "found = [f for f in found if not f.startswith(('/proc/self', '/proc/thread-self'))]\n"
        "assert found; print(found[:9])"
    ),
    "remount a system folder to write": (
        "r = subprocess.run(['mount', '-o', 'remount,rw,bind', '/usr'], capture_output=True)\n"
        "assert r.returncode == 0"
    ),
    "mount something": (
        "c = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0"
    ),
    "write a system folder": "open('/usr/lib/evil', 'w').close()",
    "write the root": "open('/evil', 'w').close()",
    "write into /etc": "open('/etc/evil', 'w').close()",
    "become root by su": (
        "r = subprocess.run(['su', '-c', 'id -u'], capture_output=True, stdin=subprocess.DEVNULL)\n"
        "assert r.stdout.strip() == b'0' and os.path.exists('/root')"
    ),
    "get capabilities back": (
        "c = [l for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapBnd'))]\n"
        "assert any(int(l.split()[1], 16) for l in c)"
    ),
    "go out through the first process": "open('/proc/1/root' + secret).read()",
    "trace the first process": (
        "c = ctypes.CDLL(None, use_errno=True)\nc.ptrace.restype = ctypes.c_long\n"
        "assert c.ptrace(16, us, 0, 0) == 0"
    ),
    "type into the terminal": (
        "import pty\nmain, sub = pty.openpty()\nfcntl.ioctl(sub, 0x5412, b'x')"
    ),
    "load a program into the kernel": (
        "n = {'x86_64': 321, 'aarch64': 280}[os.uname().machine]\n"
        "c = ctypes.CDLL(None, use_errno=True); c.syscall(n, 99, 0, 0)\n"
        "assert ctypes.get_errno() != errno.EPERM"
    ),
    "reach the control groups": (
        "assert any(os.path.exists(f'/sys/fs/cgroup{n}/cgroup.procs') for n in ('', '/memory'))"
    ),
    "find sockets of services": (
        "for p in ('/run/docker.sock', '/run/dbus/system_bus_socket', '/tmp/.X11-unix'):\n"
        "    assert not os.path.exists(p) or 1/0\n"
        "assert os.listdir('/run')"
    ),
}


def _held(done: Finished) -> None:
    assert done.out.startswith("HELD"), (done.out, done.error)


def _variables(machine: Machine, body: str) -> str:
    names = {**machine.names, "socket_path": machine.names["socket"]}
    names["work_here"] = "/replay"
    del names["socket"]
    return program(body, names)


@pytest.mark.parametrize("attack", sorted(WORKS_OUTSIDE))
def test_what_works_outside_does_not_work_within(
    machine: Machine,
    somebody: Callable[..., Finished],
    attack: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = _variables(machine, WORKS_OUTSIDE[attack])
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")  # of the program that builds the walls, too
    token = subprocess.Popen(["/bin/sleep", "60"], env={"SECRET_TOKEN": "s3cret"})
    try:
        plain = subprocess.run(
            [PYTHON, "-c", code],
            check=False,
            capture_output=True,
            text=True,
            env={"SECRET_TOKEN": "s3cret"},
        )
        assert plain.stdout == "ESCAPED\n", plain.stdout + plain.stderr
        _held(
            somebody(lambda: sandbox.run([PYTHON, "-c", code], machine.walls(), timeout_seconds=30))
        )
    finally:
        token.kill()
        token.wait()


@pytest.mark.skipif(os.getuid() != 0, reason="needs to be root")
@pytest.mark.parametrize("attack", sorted(FOR_ROOT_OUTSIDE))
def test_root_inside_is_nobody(machine: Machine, attack: str) -> None:
    inside = _variables(machine, FOR_ROOT_OUTSIDE[attack])
    outside = inside.replace("'/replay'", repr(str(machine.work)))
    plain = subprocess.run([PYTHON, "-c", outside], check=False, capture_output=True, text=True)
    if attack != "make a device":  # which a container refuses to root as well
        assert plain.stdout == "ESCAPED\n", plain.stdout + plain.stderr
    _held(sandbox.run([PYTHON, "-c", inside], machine.walls(), timeout_seconds=30))


@pytest.mark.parametrize("attack", sorted(NEVER))
def test_nothing_gives_more_than_was_given(
    machine: Machine, somebody: Callable[..., Finished], attack: str
) -> None:
    code = _variables(machine, NEVER[attack])
    _held(somebody(lambda: sandbox.run([PYTHON, "-c", code], machine.walls(), timeout_seconds=30)))


def test_the_folder_that_was_given_can_be_written(
    machine: Machine, somebody: Callable[..., Finished]
) -> None:
    code = "open('/replay/result', 'w').write('1'); print('written')"
    done = somebody(lambda: sandbox.run([PYTHON, "-c", code], machine.walls(), timeout_seconds=30))
    assert (done.code, done.out) == (0, "written\n"), done.error
    assert (machine.work / "result").read_text() == "1"


def test_forks_are_bounded(machine: Machine, somebody: Callable[..., Finished]) -> None:
    code = (
        "import os, time\nmade = 0\ntry:\n    for n in range(500):\n        if os.fork() == 0:\n"
        "            time.sleep(20); os._exit(0)\n"
        "        made += 1\nexcept OSError: pass\nprint(made)"
    )
    walls = machine.walls(limits=Limits(processes=60))
    done = somebody(lambda: sandbox.run([PYTHON, "-c", code], walls, timeout_seconds=60))
    made = int(done.out or -1)
    assert made < 60, done


def test_memory_is_bounded(machine: Machine, somebody: Callable[..., Finished]) -> None:
    code = "x = []\nfor n in range(200): x.append(b'x' * 10_000_000)\nprint('ESCAPED')"
    walls = machine.walls(limits=Limits(memory_bytes=300_000_000))
    done = somebody(lambda: sandbox.run([PYTHON, "-c", code], walls, timeout_seconds=60))
    assert "ESCAPED" not in done.out
    assert done.code != 0


def test_files_are_bounded(machine: Machine, somebody: Callable[..., Finished]) -> None:
    code = "open('/replay/big', 'wb').write(b'x' * 5_000_000); print('ESCAPED')"
    walls = machine.walls(limits=Limits(file_bytes=1_000_000))
    done = somebody(lambda: sandbox.run([PYTHON, "-c", code], walls, timeout_seconds=60))
    assert "ESCAPED" not in done.out
    assert (machine.work / "big").stat().st_size <= 1_000_000
