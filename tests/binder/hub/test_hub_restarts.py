"""The service and the hub may die at any moment: what was begun comes to its end."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub_people import run_as_person
from hubs import Hub, opened_hub
from launching import Opened

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def own(web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that may be killed."""
    settings = {**web.settings, "Relaunch": {"verdicts_online": False, "builds": 1}}
    with opened_hub(tmp_path_factory.mktemp("own"), settings) as hub:
        yield hub


def test_a_service_that_is_killed_while_it_restores_goes_on_and_builds_once(
    own: Hub, web, small_study
):
    crate = small_study("killed", "six==1.14.0\ntoolz==0.11.2\n").crate.read_bytes()
    person = own.person("hanako")
    launch = person.launch(web.publish(crate))
    own.until(lambda: person.read(launch)["stages"][1]["total"], 60)
    own.service_process().send_signal(signal.SIGKILL)
    own.until(lambda: not [one for one in own.servers() if "hub.worker" in one], 10)
    own.until(own.service_answers, 60)
    person = own.person("hanako")
    assert person.ready(launch)["id"] == launch["id"]
    assert person.opened(person.read(launch)).status()["kernels"] == 0
    person.stop(launch)


def test_a_hub_that_is_killed_while_a_server_starts_comes_back_and_the_launch_is_ready(
    own: Hub, web, small
):
    person = own.person("jiro")
    launch = person.launch(web.publish(small.crate.read_bytes()))
    own.until(lambda: own.admin("GET", "users/jiro").json()["servers"], 90)
    own.stop(hard=True)
    own.start()
    person = own.person("jiro")
    now = person.ready(launch, 150)
    assert person.opened(now).status()["kernels"] == 0
    assert person.stop(launch)["status"] == "stopped"
    own.until(lambda: not own.servers(), 30)


def test_a_server_that_was_ready_before_a_restart_is_ready_after_it(own: Hub, web, small):
    person = own.person("saburo")
    launch = person.ready(person.launch(web.publish(small.crate.read_bytes())))
    own.stop()
    own.start()
    person = own.person("saburo")
    assert person.read(launch)["status"] == "ready"
    assert person.opened(launch).status()["kernels"] == 0
    person.stop(launch)
    own.until(lambda: not own.servers(), 30)


def told(process: "subprocess.Popen[bytes]") -> dict[str, str]:
    """Return the JSON document that a launch prints when it is ready."""
    assert process.stdout is not None
    text = b""
    while line := process.stdout.readline():
        text += line
        if line == b"}\n":
            document: dict[str, str] = json.loads(text)
            return document
    raise AssertionError(text)


def test_the_command_line_launches_a_file_on_a_hub_and_takes_it_away_at_the_end(own: Hub, small):
    process = run_as_person(own, "cli", small.crate)
    opened = Opened(told(process)["url"], token=own.person("cli").token())
    small.assert_repeated_in(opened)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    assert process.stdout is not None
    process.stdout.close()
    own.until(lambda: not own.servers() and not own.named_servers("cli"), 90)
    assert not list((own.homes / "cli").glob("*.crate.zip"))


def test_without_a_token_the_way_to_one_is_told(own: Hub, small, tmp_path: Path):
    answer = subprocess.run(
        [sys.executable, "-m", "recrate", "launch", str(small.crate), "--on", "hub",
         "--set", "url", own.url, "--json"],
        capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
             "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
    )  # fmt: skip
    assert answer.returncode == 4
    assert "RECRATE_TOKEN_HUB" in answer.stderr
