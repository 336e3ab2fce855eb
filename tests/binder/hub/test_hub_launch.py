"""A DOI becomes a JupyterLab with the crate in it, by a real hub."""

import json

import pytest

from hubs import Hub

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(480)]

_SPIES = """
import json, os, pathlib
def read(path):
    try:
        return pathlib.Path(path).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        return type(error).__name__
said = {"environment": dict(os.environ)}
numbers = [one for one in os.listdir("/proc") if one.isdigit()]
said["processes"] = {one: read(f"/proc/{one}/environ") for one in numbers}
said["seen"] = {place: os.path.exists(place) for place in PLACES}
wrote = []
for place in WRITTEN:
    try:
        pathlib.Path(place, "mine").write_text("x")
        wrote.append(place)
    except OSError:
        pass
said["wrote"] = wrote
print(json.dumps(said))
"""


def test_a_published_study_is_relaunched_with_its_versions_and_its_results(hub: Hub, web, tides):
    _relaunched(hub, web, tides)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", range(1, 4))
def test_a_real_study_is_relaunched_with_its_versions_and_its_results(
    hub: Hub, web, real_studies, number
):
    _relaunched(hub, web, real_studies[number])


def _relaunched(hub: Hub, web, study):
    person = hub.person(f"person-{study.name}")
    launch = person.ready(person.launch(web.publish(study.crate.read_bytes())), 280)
    print({one["name"]: one["seconds"] for one in launch["stages"]})
    study.assert_repeated_in(person.opened(launch))


def test_a_second_launch_of_a_crate_finds_everything_here_and_says_how_long_it_takes(
    hub: Hub, web, small
):
    doi = web.publish(small.crate.read_bytes())
    person = hub.person("taro")
    for _ in range(3):
        launch = person.ready(person.launch(f"https://doi.org/{doi}"))
        assert person.stop(launch)["status"] == "stopped"
    stages = {one["name"]: one for one in launch["stages"]}
    assert stages["environment"]["seconds"] < 2
    about = person.ask("GET", f"crate?where={doi}").json()
    assert about["ready"]
    assert about["expected_seconds"]["fetch"] > 0
    assert about["expected_seconds"]["start"] > 1
    assert about["expected_seconds"]["environment"] == 0


def test_a_kernel_knows_no_token_of_the_hub_and_reaches_nothing_of_others(hub: Hub, web, small):
    person = hub.person("spy")
    launch = person.ready(person.launch(web.publish(small.crate.read_bytes())))
    places = [str(hub.shared / "service"), str(hub.homes), str(hub.folder / "jupyterhub_config.py")]
    written = [str(one) for one in (hub.shared / "cache" / "environments").glob("*/venv")]
    with person.opened(launch).kernel() as kernel:
        text = kernel.printed(f"PLACES={places!r}\nWRITTEN={written!r}\n{_SPIES}")
    said = json.loads(text)
    assert "JUPYTERHUB_API_TOKEN" in hub.singleuser_environment(launch)
    assert not [name for name in said["environment"] if name.startswith(("JUPYTERHUB", "RECRATE"))]
    assert said["processes"], "it sees its own"
    assert "JUPYTERHUB" not in json.dumps(said["processes"])
    assert said["seen"] == dict.fromkeys(places, False)
    assert written
    assert said["wrote"] == []


def test_nobody_else_gets_in_and_the_server_starts_no_terminals_and_no_other_kernels(
    hub: Hub, web, small
):
    owner, other = hub.person("owner"), hub.person("other")
    launch = owner.ready(owner.launch(web.publish(small.crate.read_bytes())))
    assert other.opened(launch).answer("GET", "api/contents").status_code in {403, 404}
    opened = owner.opened(launch)
    assert opened.notebook == "first.ipynb"
    assert opened.answer("POST", "api/terminals", {}).status_code in {403, 404}
    assert '"news": {"disabled": true}' in opened.answer("GET", "lab").text, "no site is asked"
    assert set(opened.kernelspecs()) == {"python3"}
    head = opened.get("recrate/api/session")["session"]
    assert (head["target"], head["walls"]) == ("hub", "bubblewrap")
    assert head["doi"].startswith("10.5072/")


def test_a_server_that_a_person_stops_at_the_hub_is_seen_as_stopped(hub: Hub, web, small):
    person = hub.person("leaver")
    launch = person.ready(person.launch(web.publish(small.crate.read_bytes())))
    name = launch["url"].split("/")[3]
    assert hub.admin("DELETE", f"users/leaver/servers/{name}").status_code in {202, 204}
    person.until(launch, "stopped", seconds=40)


def test_without_anything_to_open_it_is_a_plain_single_user_server(hub: Hub):
    person = hub.person("plain")
    assert hub.admin("POST", "users/plain/servers/").status_code in {201, 202}
    hub.until(lambda: hub.admin("GET", "users/plain").json()["servers"][""]["ready"], 60)
    assert person.opened({"url": "/user/plain/lab"}).get("recrate/api/session")["session"] is None
    hub.admin("DELETE", "users/plain/server")
    hub.until(lambda: not hub.servers(), 20)
