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

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(480)]


_ONE_AT_A_TIME = """
c.JupyterHub.concurrent_spawn_limit = 1
c.JupyterHub.spawn_throttle_retry_range = (2, 3)
"""


@pytest.fixture(scope="module")
def own(web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that may be killed."""
    settings = {**web.settings, "Relaunch": {"verdicts_online": False, "builds": 1}}
    with opened_hub(tmp_path_factory.mktemp("own"), settings, more=_ONE_AT_A_TIME) as hub:
        yield hub


def test_who_comes_while_the_hub_starts_as_many_servers_as_it_can_waits_and_gets_in(
    own: Hub, web, small
):
    doi = web.publish(small.crate.read_bytes())
    people = [own.person(name) for name in ("ichiro", "jiro2")]
    launches = [person.launch(doi) for person in people]
    for person, launch in zip(people, launches, strict=True):
        person.ready(launch)
    assert "throttling" in own.log()
    for person, launch in zip(people, launches, strict=True):
        assert person.stop(launch)["status"] == "stopped"
    own.until(lambda: not own.servers(), 90)


def test_a_service_that_is_killed_while_it_restores_goes_on_and_builds_once(
    own: Hub, web, small_study
):
    crate = small_study("killed", "six==1.14.0\ntoolz==0.11.2\n").crate.read_bytes()
    person = own.person("hanako")
    launch = person.launch(web.publish(crate))
    own.until(lambda: person.read(launch)["stages"][1]["total"], 120)
    own.service_process().send_signal(signal.SIGKILL)
    own.until(lambda: not [one for one in own.servers() if "hub.worker" in one], 30)
    own.until(own.service_answers, 90)
    assert person.ready(launch, 200)["id"] == launch["id"], "and nobody has to sign in again"
    assert person.opened(person.read(launch)).status()["kernels"] == 0
    person.stop(launch)


def test_a_hub_that_is_killed_while_a_server_starts_comes_back_and_the_launch_is_ready(
    own: Hub, web, small
):
    person = own.person("jiro")
    launch = person.launch(web.publish(small.crate.read_bytes()))
    own.until(lambda: own.admin("GET", "users/jiro").json()["servers"], 120)
    own.stop(hard=True)
    own.start()
    person = own.person("jiro")
    now = person.ready(launch, 200)
    assert person.opened(now).status()["kernels"] == 0
    assert person.stop(launch)["status"] == "stopped"
    own.until(lambda: not own.servers(), 90)


def test_a_server_that_was_ready_before_a_restart_is_ready_after_it(own: Hub, web, small):
    person = own.person("saburo")
    launch = person.ready(person.launch(web.publish(small.crate.read_bytes())))
    own.stop()
    own.start()
    person = own.person("saburo")
    assert person.read(launch)["status"] == "ready"
    assert person.opened(launch).status()["kernels"] == 0
    person.stop(launch)
    own.until(lambda: not own.servers(), 90)


def told(hub: Hub, name: str, process: "subprocess.Popen[bytes]") -> dict[str, str]:
    """Return the JSON document that a launch prints when it is ready."""
    assert process.stdout is not None
    text = b""
    while line := process.stdout.readline():
        text += line
        if line == b"}\n":
            document: dict[str, str] = json.loads(text)
            return document
    raise AssertionError(text.decode() + (hub.folder / f"{name}.stderr").read_text())


def end(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    process.send_signal(number)
    process.wait(120)
    assert process.stdout is not None
    process.stdout.close()


def test_the_command_line_launches_a_file_on_a_hub_and_takes_it_away_at_the_end(own: Hub, small):
    process = run_as_person(own, "cli", small.crate)
    opened = Opened(told(own, "cli", process)["url"], token=own.person("cli").token())
    small.assert_repeated_in(opened)
    end(process, signal.SIGINT)
    own.until(lambda: not own.servers() and not own.named_servers("cli"), 90)
    assert not list((own.homes / "cli").glob("*.crate.zip"))


def test_the_command_line_launches_what_is_published_by_the_hubs_service(
    own: Hub, web, small, tmp_path: Path
):
    config = tmp_path / "recrate_config.json"
    config.write_text(json.dumps(web.settings))
    doi = web.publish(small.crate.read_bytes())
    process = run_as_person(own, "published", doi, "--config", config)
    address = told(own, "published", process)["url"]
    person = own.person("published")
    (launch,) = person.ask("GET", "launches").json()
    assert address == own.url + launch["url"]
    small.assert_repeated_in(Opened(address, token=person.token()))
    end(process, signal.SIGINT)
    assert person.read(launch)["status"] == "stopped"
    own.until(lambda: not own.servers() and not own.named_servers("published"), 90)


def test_what_a_killed_command_line_left_on_a_hub_is_taken_away_by_the_next(own: Hub, small):
    first = run_as_person(own, "killed", small.crate)
    told(own, "killed", first)
    (left,) = own.named_servers("killed")
    end(first, signal.SIGKILL)
    assert own.named_servers("killed") == [left], "nobody stopped it"
    second = run_as_person(own, "killed", small.crate)
    told(own, "killed", second)
    own.until(lambda: left not in own.named_servers("killed"), 90)
    assert len(own.named_servers("killed")) == 1
    end(second, signal.SIGINT)
    own.until(lambda: not own.servers() and not own.named_servers("killed"), 90)


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
