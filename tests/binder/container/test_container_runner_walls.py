"""What a worker and its cells are kept from in a container, and what is said of a place."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from container_runners import Campaign, depot_of, runner_image, scripted, wait_for
from containers import Podman
from image_crates import pack_study
from recrate.flow.tasks import TaskOrder, read_result
from recrate.model.campaign import CampaignOptions, TaskLimits
from recrate.model.finding import Severity
from recrate.model.wire import to_json
from recrate.runners.runner import Depot
from recrate_binder.container import runner_trial
from recrate_binder.container.runner import ContainerRunner

__all__ = ["runner_image"]

_WORKER = """
import json, os, pathlib
from recrate.configuration import read_settings
def can(path, how):
    try:
        os.close(os.open(path, how))
        return "yes"
    except OSError as error:
        return type(error).__name__
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
order = json.loads((folder / "order.json").read_text())
new = os.O_WRONLY | os.O_CREAT
limits = ("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max")
told = {
    "rights": int(status["CapEff"], 16) | int(status["CapBnd"], 16),
    "gains": status["NoNewPrivs"].strip(), "seccomp": status["Seccomp"].strip(),
    "root": can("/usr/new", new), "scratch": can("/tmp/new", new),
    "crate": can(order["crate"], os.O_WRONLY),
    "core": can("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "hidden": can("/run/recrate/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "beside": sorted(one.name for one in folder.parents[1].iterdir()),
    "cache": str(read_settings().cache), "variables": sorted(os.environ),
    "first": open("/proc/1/environ").read(),
    "mapped": open("/proc/self/uid_map").read().split(),
    "processes": int(open(limits[os.path.exists(limits[1])]).read()),
}
(folder / "told.json").write_text(json.dumps(told))
"""
_INSIDE = """
import json, os, socket, sys
def can(path):
    try:
        open(path, "w").close()
        return "yes"
    except OSError as error:
        return type(error).__name__
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)
    reached = "yes"
except OSError as error:
    reached = type(error).__name__
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print(json.dumps({
    "reached": reached, "core": can("/proc/sys/kernel/core_pattern"),
    "attempt": os.path.exists(sys.argv[3]), "rights": int(status["CapBnd"], 16),
    "networks": open("/proc/self/net/dev").read().count(":"),
    "processes": sum(one.isdigit() for one in os.listdir("/proc")),
}))
"""
_CELL = """
import json, socket
from recrate.outside import sandbox
try:
    socket.create_connection((ADDRESS, int(PORT)), timeout=3).close()
    worker = "yes"
except OSError as error:
    worker = type(error).__name__
found = sandbox.availability()
told = {"walls": found.ok, "reason": found.reason, "worker": worker}
if found.ok:
    command = ["/usr/bin/python3", "-c", INSIDE, ADDRESS, PORT, str(folder)]
    done = sandbox.run(command, sandbox.Walls(folder="/tmp"), timeout_seconds=30)
    told["cell"] = json.loads(done.out or json.dumps(done.error))
(folder / "told.json").write_text(json.dumps(told))
"""


@pytest.fixture
def campaign(podman: Podman, runner_image: str, tmp_path: Path) -> Campaign:
    more = {"RECRATE_TOKEN_ZENODO": "secret-1", "AWS_SECRET": "secret-2"}
    depot = depot_of(podman, tmp_path / "cache", tmp_path / "data", **more)
    folder = tmp_path / "campaign"
    folder.mkdir()
    return Campaign(folder=folder, depot=depot, answers=scripted(tmp_path, runner_image))


def test_a_worker_sees_its_own_folders_and_has_hardly_a_right(campaign: Campaign) -> None:
    (campaign.folder / "journal.sqlite").write_text("not for a worker")
    assert campaign.run(_WORKER).code == 0
    told = campaign.told()
    setfcap = 1 << 31
    assert told["rights"] == (setfcap if os.getuid() == 0 else 0)
    assert (told["gains"], told["seccomp"]) == ("1", "2")
    assert told["root"] == told["crate"] == "OSError", "read-only"
    assert told["scratch"] == "yes"
    assert told["core"] == "OSError"
    assert told["hidden"] == "PermissionError"
    assert told["beside"] == ["attempts", "crates, and more", "runner", "runs"]
    assert told["processes"] == 8192
    assert told["cache"] == str(campaign.depot.cache), "where its order names none"
    assert not [one for one in told["variables"] if "TOKEN" in one or "SECRET" in one]  # type: ignore[attr-defined]
    assert "secret-" not in str(told["first"])


def _listening() -> tuple[socket.socket, str]:
    """Return a listening socket, and code that says where a container of a bridge reaches it."""
    server = socket.create_server(("0.0.0.0", 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as told:
        told.connect(("192.0.2.1", 9))  # sends nothing; the address of the way out is known then
        address = told.getsockname()[0]
    port = str(server.getsockname()[1])
    return server, f"ADDRESS, PORT, INSIDE = {address!r}, {port!r}, {_INSIDE!r}\n{_CELL}"


def test_a_cell_reaches_no_network_although_its_worker_does(campaign: Campaign) -> None:
    server, code = _listening()
    with server:
        assert campaign.run(code).code == 0
    told = campaign.told()
    assert told["walls"], told["reason"]
    assert told["worker"] == "yes"
    cell = told["cell"]
    assert isinstance(cell, dict), cell
    assert cell["reached"] == "OSError"
    assert cell["core"] == "OSError"
    assert cell["attempt"] is False
    assert cell["rights"] == 0
    assert cell["networks"] == 1, "a loopback of its own"
    assert cell["processes"] < 5


def test_without_the_network_a_worker_reaches_nothing_either(campaign: Campaign) -> None:
    server, code = _listening()
    with server:
        pool = campaign.open(network="no")
        assert campaign.run(code, pool=pool).code == 0
        pool.close()
    assert campaign.told()["worker"] == "OSError"
    assert campaign.told()["walls"]


@pytest.fixture(scope="module")
def image_without_walls(
    podman: Podman, runner_image: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """As if user namespaces were switched off: bubblewrap says that it cannot."""
    folder = tmp_path_factory.mktemp("unwalled")
    (folder / "bwrap").write_text(
        "#!/bin/sh\necho 'No permissions to create a new namespace' >&2\nexit 1\n"
    )
    (folder / "bwrap").chmod(0o755)
    (folder / "Dockerfile").write_text(f"FROM {runner_image}\nCOPY bwrap /usr/bin/bwrap\n")
    podman("build", "--tag", "localhost/recrate-unwalled", folder)
    return "localhost/recrate-unwalled"


def test_where_no_walls_can_be_built_the_worker_refuses_and_the_check_says_so(
    campaign: Campaign, image_without_walls: str, tmp_path: Path
) -> None:
    crate, _ = pack_study(tmp_path / "packed")
    attempt = campaign.attempt("a0", "")
    order = TaskOrder(
        task=0,
        attempt=0,
        crate=str(crate),
        destination=str(campaign.folder / "runs" / "a0"),
        options=CampaignOptions(),
        limits=TaskLimits(),
    )
    campaign.file("order.json").write_text(to_json(order))
    runner = ContainerRunner({"image": image_without_walls}, campaign.depot)
    pool = runner.open(campaign.id, campaign.folder, workers=1)
    pool.submit(attempt)
    wait_for(pool, 1)
    pool.close()
    result = read_result(Path(attempt.folder))
    assert result is not None, campaign.file("worker.log").read_text()
    assert result.outcome == "refused"
    assert "No permissions to create a new namespace" in result.message
    (found,) = runner.check()
    assert (found.severity, found.code) == (Severity.ERROR, "runner-no-walls-inside")


def _codes(answers: dict[str, str], depot: Depot) -> list[str]:
    return [one.code for one in ContainerRunner(answers, depot).check()]


def test_a_place_that_works_is_said_to(campaign: Campaign, runner_image: str) -> None:
    found = list(ContainerRunner({"image": runner_image}, campaign.depot).check())
    assert [(one.severity, one.code) for one in found] == [(Severity.NOTE, "runner-works")], found
    assert runner_image in found[0].message
    assert "no network unless a campaign allows it" in found[0].message


def test_a_full_disk_and_an_index_that_is_away_are_said_and_the_rest_still_works(
    campaign: Campaign, runner_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {**campaign.depot.variables, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple"}
    monkeypatch.setattr(runner_trial, "LEAST_FREE_BYTES", 1 << 60)
    found = _codes({"image": runner_image}, replace(campaign.depot, variables=away))
    nearly = "runner-disk-nearly-full"
    assert found == [nearly, nearly, "runner-index-away", "runner-works"]


def test_engines_and_images_that_are_not_there_are_said(campaign: Campaign, tmp_path: Path) -> None:
    bare = replace(campaign.depot, variables={"PATH": str(tmp_path)})
    assert _codes({}, bare) == ["runner-no-engine"]
    assert _codes({"engine": "apptainer"}, bare) == ["runner-no-engine"]
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    away = replace(campaign.depot, variables={"PATH": f"{tmp_path}:/bin:/usr/bin"})
    assert _codes({"engine": "docker"}, away) == ["runner-engine-away"]
    missing = {"image": "localhost/there-is-none:1", "pull": "never"}
    assert _codes(missing, campaign.depot) == ["runner-no-image"]


def test_an_image_without_recrate_is_said_to_be_one(campaign: Campaign, python_base: str) -> None:
    (found,) = ContainerRunner({"image": python_base}, campaign.depot).check()
    assert found.code == "runner-container-fails"
