"""What a container keeps its code from, and what it is given."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from containers import Podman
from recrate.model.errors import OutsideFailed
from recrate_binder.container.running import Inside, RunOrder
from small_container import Asked, processes_with

Runs = Callable[..., Inside]
TOKEN = "t" * 43
_CONNECT = """
import socket
try:
    socket.create_connection({address!r}, timeout=3)
    print("reached")
except OSError as error:
    print("not reached")
"""


def test_without_the_network_a_container_reaches_nothing_and_is_reached_all_the_same(
    runs: Runs,
) -> None:
    inside = runs()
    asked = Asked(inside.port)
    answer = httpx.get(
        f"http://127.0.0.1:{inside.port}/api/status",
        headers={"Authorization": f"token {TOKEN}"},
        trust_env=False,
    )
    assert answer.status_code == 200
    assert asked.run("import os; print(os.listdir('/sys/class/net'))") == "['lo']"
    with socket.create_server(("0.0.0.0", 0)) as here:
        for address in (("127.0.0.1", here.getsockname()[1]), ("10.88.0.1", 80), ("8.8.8.8", 53)):
            assert asked.run(_CONNECT.format(address=address)) == "not reached"


def test_with_the_network_a_container_reaches_out_and_is_reached_from_this_machine_only(
    runs: Runs, podman: Podman
) -> None:
    inside = runs(network=True)
    gateway = "import socket; print(open('/proc/net/route').read().count(chr(10)) > 1)"
    assert Asked(inside.port).run(gateway) == "True"
    assert podman("port", inside.order.container).stdout.split()[-1] == f"127.0.0.1:{inside.port}"


def test_a_container_has_no_rights_and_its_user_is_nobody_here(runs: Runs) -> None:
    asked = Asked(runs().port)
    status = asked.run("print(open('/proc/self/status').read())")
    told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert int(told["CapBnd"], 16) == int(told["CapEff"], 16) == 0
    assert told["NoNewPrivs"] == "1"
    assert told["Seccomp"] == "2"
    assert told["Uid"].split()[0] == "1000"
    mapped = asked.run("print(open('/proc/self/uid_map').read())").split()
    assert int(mapped[1]) >= 100_000


def test_only_its_home_and_scratch_can_be_written_to(runs: Runs) -> None:
    asked = Asked(runs().port)
    write = "open({!r}, 'w').write('x'); print('written')"
    assert asked.run(write.format("/home/jovyan/new")) == "written"
    assert asked.run("print(open('/home/jovyan/f').read())") == "kept"
    assert asked.run(write.format("/tmp/new")) == "written"
    for place in ("/new", "/usr/bin/new", "/etc/new", "/run/recrate/door/new", "/server.py"):
        assert "Error" in asked.run(write.format(place)), place


def test_a_link_in_place_of_its_socket_leads_nowhere(runs: Runs, tmp_path: Path) -> None:
    """What runs inside writes that folder before it is ready; it must not choose whom we call."""
    inside = runs()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "s"))
        other.listen()
        other.settimeout(1)
        place = inside.order.door / "s"
        place.unlink()
        place.symlink_to(tmp_path / "s")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{inside.port}/", trust_env=False)
        with pytest.raises(TimeoutError):
            other.accept()


def test_its_token_is_in_no_list_of_processes_and_in_no_file_when_it_runs(runs: Runs) -> None:
    inside = runs()
    assert not processes_with(TOKEN)
    files = [one for one in inside.order.folder.rglob("*") if one.is_file()]
    assert not [one for one in files if TOKEN.encode() in one.read_bytes()]


def test_more_processes_than_allowed_are_refused(runs: Runs) -> None:
    fork = """
    import os, signal
    children = []
    try:
        for _ in range(4000):
            child = os.fork()
            if not child:
                signal.pause()
            children.append(child)
    except OSError as error:
        print(type(error).__name__)
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    print(len(children) < 2048)
    """
    assert Asked(runs(memory_bytes=4 << 30).port).run(fork) == "BlockingIOError\nTrue"


def test_a_container_over_its_memory_is_said_to_be_out_of_memory(
    runs: Runs, order: RunOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(OutsideFailed, match=r"out of memory \(0\.2 GiB\)"):
        runs(variables={**order.variables, "HOLD": str(600 << 20)})
    assert not list(here.iterdir()), "nothing is left where it was launched"


def test_a_container_that_does_not_start_says_why_and_is_gone(
    runs: Runs, order: RunOrder, podman: Podman
) -> None:
    with pytest.raises(OutsideFailed, match="exit code 1: Traceback: a library is missing"):
        runs(variables={**order.variables, "FAIL": "1"})
    assert order.container not in podman.containers()


def test_two_sessions_at_once_are_apart(runs: Runs, order: RunOrder, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    first, second = runs(), runs(id="other", folder=other)
    Asked(first.port).run("open('/home/jovyan/mine', 'w')")
    listed = Asked(second.port).run(
        "import json, os; print(json.dumps(os.listdir('/home/jovyan')))"
    )
    assert first.port != second.port
    assert "mine" not in json.loads(listed)
    first.end()
    assert Asked(second.port).run("print(1)") == "1"
