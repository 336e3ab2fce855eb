"""The service's API: what it promises the page, and what it does when things go wrong."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from doubles.reading_crates import contents
from doubles.serving import Cut
from hub_people import SERVICE, Person
from hubs import Hub
from recrate.outside.archive import Member, write_zip

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(480)]


def ended(person: Person, doi: str, seconds: float = 180) -> dict[str, Any]:
    """Launch what cannot be launched; return the problem."""
    launch = person.until(person.launch(doi), "failed", "ready", seconds=seconds)
    assert launch["status"] == "failed"
    assert launch["url"] is None
    problem: dict[str, Any] = launch["problem"]
    return problem


def test_who_is_not_signed_in_is_sent_to_the_hub_and_told_nothing(hub: Hub):
    page = requests.get(hub.url + SERVICE, allow_redirects=False, timeout=10)
    assert page.status_code == 302
    assert "/hub/api/oauth2/authorize" in page.headers["Location"]
    answer = requests.get(f"{hub.url}{SERVICE}api/about", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "refused")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_page_runs_nothing_but_its_own_files(hub: Hub):
    person = hub.person("reader")
    policy = person.page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    hostile = person.session.get(f'{hub.url}{SERVICE}?crate="><script>alert(1)</script>')
    assert "<script>alert" not in hostile.text
    about = person.ask("GET", "about").json()
    assert about["user"] == "reader"
    assert about["limits"]["sessions_per_user"] == 2


def test_without_its_mark_no_request_changes_anything(hub: Hub, web, small):
    person = hub.person("forged")
    body = {"where": web.publish(small.crate.read_bytes()), "agreed": True, "language": "en"}
    answer = person.ask("POST", "launches", body, headers={"X-XSRFToken": "guessed"})
    assert answer.status_code in {401, 403}
    assert person.ask("GET", "launches").json() == []


def test_what_a_crate_is_is_said_before_anything_runs(hub: Hub, web, small):
    doi = web.publish(small.crate.read_bytes())
    person = hub.person("curious")
    told = person.ask("GET", f"crate?where=https://doi.org/{doi}").json()
    assert (told["doi"], told["notebooks"]) == (doi, 1)
    assert told["size_bytes"] == small.crate.stat().st_size
    assert not told["needs_agreement"]
    assert not told["blind"]
    assert told["title"]


def test_nobody_sees_or_ends_the_launch_of_another(hub: Hub, slow_web):
    owner, other = hub.person("owner1"), hub.person("other1")
    launch = owner.launch(slow_web)
    for method in ("GET", "DELETE"):
        assert other.ask(method, f"launches/{launch['id']}").status_code == 404
    assert other.ask("GET", "launches").json() == []
    assert owner.stop(launch)["status"] == "cancelled"


def test_every_change_of_a_launch_is_told_as_it_happens(hub: Hub, slow_web):
    person = hub.person("listener")
    launch = person.launch(slow_web)
    path = f"{hub.url}{SERVICE}api/launches/{launch['id']}/events?_xsrf={person.xsrf}"
    seen = []
    with person.session.get(path, stream=True, timeout=30) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        for line in stream.iter_lines():
            if line.startswith(b"data:"):
                seen.append(json.loads(line[5:]))
                if seen[-1]["stages"][0]["done"] > 0 and seen[-1]["status"] == "running":
                    person.stop(launch)
    assert seen[-1]["status"] == "cancelled"
    assert seen[-1]["stages"][1]["status"] == "waiting"


def test_a_launch_that_is_cancelled_while_it_is_fetched_leaves_no_process(hub: Hub, slow_web):
    person = hub.person("hasty")
    launch = person.launch(slow_web)
    hub.until(lambda: person.read(launch)["stages"][0]["done"], 90)
    assert person.stop(launch)["status"] == "cancelled"
    assert not hub.servers()
    assert person.stop(launch)["status"] == "cancelled", "twice is as good as once"


def test_a_launch_that_is_cancelled_while_it_is_restored_leaves_no_process_and_no_folder(
    hub: Hub, web, small_study
):
    def half_made() -> list[Path]:
        homes = (hub.shared / "cache" / "environments").glob("*")
        return [one for one in homes if one.is_dir() and not (one / "complete.json").is_file()]

    other = small_study("cancelled", "six==1.16.0\ntoolz==1.0.0\n")
    person = hub.person("hasty2")
    launch = person.launch(web.publish(other.crate.read_bytes()))
    hub.until(half_made, 120)
    assert person.stop(launch)["status"] == "cancelled"
    assert not hub.servers()
    assert half_made() == []


def test_a_launch_that_is_cancelled_while_it_starts_leaves_no_server(hub: Hub, web, small):
    person = hub.person("hasty3")
    launch = person.launch(web.publish(small.crate.read_bytes()))
    hub.until(lambda: hub.named_servers("hasty3"), 120)
    assert person.stop(launch)["status"] == "cancelled"
    hub.until(lambda: not hub.servers() and not hub.named_servers("hasty3"), 90)


def test_beyond_a_limit_one_is_told_when_to_come_back(hub: Hub, slow_web):
    person = hub.person("eager")
    body = {"where": slow_web, "agreed": False, "language": "en"}
    for _ in range(2):
        person.launch(slow_web)
    answer = person.ask("POST", "launches", body)
    assert (answer.status_code, answer.json()["code"]) == (429, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    hub.stop_all()
    person = hub.person("eager")
    for _ in range(6):
        person.stop(person.launch(slow_web))
    answer = person.ask("POST", "launches", body)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 600, "within an hour from the first"


def test_who_tries_addresses_that_lead_nowhere_is_stopped_and_private_hosts_are_refused(hub: Hub):
    person = hub.person("prober")
    for where in ("http://10.0.0.1/", "http://192.168.1.1:8080/admin"):
        answer = person.ask("GET", f"crate?where={where}")
        assert (answer.status_code, answer.json()["code"]) == (403, "refused"), answer.text
    assert person.ask("GET", "crate?where=http://10.0.0.2/").status_code == 429
    assert person.ask("GET", "crate?where=/etc/passwd").status_code == 422


def test_a_download_that_is_cut_goes_on_where_it_was(hub: Hub, web, small):
    cuts = tuple(Cut(at=at, where="answer", bytes=2000) for at in (3, 4))
    doi = web.publish(small.crate.read_bytes(), cuts=cuts)
    person = hub.person("patient")
    launch = person.launch(doi)
    now = person.until(launch, "ready", "failed", seconds=120)
    if now["status"] == "failed":  # the cut came while nobody could go on: relaunch does
        assert now["problem"]["code"] == "outside-failed", now
        person.ready(person.launch(doi))


def test_a_file_that_is_not_what_its_record_says_is_not_opened(hub: Hub, web, small):
    doi = web.publish(small.crate.read_bytes(), checksum="0" * 32)
    problem = ended(hub.person("careful"), doi)
    assert "checksum" in problem["detail"].lower() or "md5" in problem["detail"].lower()


def test_a_lock_that_cannot_be_had_is_told_and_nothing_of_it_is_kept(
    hub: Hub, web, small, tmp_path
):
    files = contents(small.crate)
    for name in ("recrate-environment/pylock.toml", "recrate-environment/lock.json"):
        altered = files[name].replace(b"1.17.0", b"1.17.9")  # a version that nobody ever made
        assert altered != files[name]
        old, new = (hashlib.sha256(one).hexdigest().encode() for one in (files[name], altered))
        files = {path: data.replace(old, new) for path, data in files.items()} | {name: altered}
    members = {path: Member(path=path, source=data) for path, data in files.items()}
    write_zip(list(members.values()), tmp_path / "altered.crate.zip")
    doi = web.publish((tmp_path / "altered.crate.zip").read_bytes())
    before = set((hub.shared / "cache" / "environments").glob("*/venv"))
    problem = ended(hub.person("unlucky"), doi)
    assert problem["code"] == "not-restored", problem
    after = set((hub.shared / "cache" / "environments").glob("*/venv"))
    assert after == before


def test_two_who_launch_the_same_at_once_wait_for_one_environment(hub: Hub, web, small_study):
    crate = small_study("together", "six==1.15.0\ntoolz==0.12.1\n").crate.read_bytes()
    doi, people = web.publish(crate), [hub.person(name) for name in ("one", "two")]
    launches = [person.launch(doi) for person in people]
    most = 0

    def both_ready() -> bool:
        nonlocal most
        most = max(most, sum("hub.worker" in line for line in hub.servers()))
        told = [person.read(one)["status"] for person, one in zip(people, launches, strict=True)]
        return told == ["ready", "ready"]

    hub.until(both_ready, 200)
    assert most == 1
    urls = {person.read(one)["url"] for person, one in zip(people, launches, strict=True)}
    assert len(urls) == 2
