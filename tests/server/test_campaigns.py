"""Campaigns over the wire: begun, watched, stopped, gone on with; their pages have no power."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from campaign_crates import crate_like, study_of
from opened_sessions import open_session_in
from server.conftest import listen_to

HERE = {"kind": "campaign", "environment": "current", "again": True}


@pytest.fixture(scope="module")
def served(start_server: Any) -> Iterator[Any]:
    """A server with two crates in a folder: one holds, one recorded another number."""
    sites = {"desk": {"kind": "local", "title": "The desk"}, "gone": {"kind": "no-such-kind"}}
    with start_server(configuration=f"c.Runners.sites = {sites!r}\n") as one:
        study_of(one.root / "study", "print(1)", "1\n")
        order = {"kind": "pack", "path": "study", "locked": False}
        packed = one.ask("POST", "/jobs", json=order).json()["id"]
        assert one.wait_for(packed, "done", "failed")["status"] == "done"
        crate = one.root / "study.crate.zip"
        (one.root / "two").mkdir()
        crate_like(crate, one.root / "two" / "a.crate.zip", "print(2)", "2\n", title="Two")
        crate_like(crate, one.root / "two" / "b.crate.zip", "print(3)", "4\n", title="Three")
        (one.root / "slow").mkdir()
        for number in (1, 2):
            source = f"import time; time.sleep({20 * (number - 1)}); print({number})"
            crate_like(
                crate, one.root / "slow" / f"{number}.crate.zip", source, f"{number}\n", title="S"
            )
        yield one


@pytest.fixture(scope="module")
def finished(served: Any) -> dict[str, Any]:
    """A campaign that is done."""
    answer = served.ask("POST", "/jobs", json={**HERE, "path": "two", "language": "en"})
    assert answer.status_code == 201, answer.text
    job: dict[str, Any] = served.wait_for(answer.json()["id"], "done", "failed")
    assert job["status"] == "done", job
    return job


def test_a_campaign_of_two_crates_ends_with_both_verdicts(
    served: Any, finished: dict[str, Any], conforms: Any
):
    result = served.ask("GET", f"/jobs/{finished['id']}/result").json()
    assert conforms("CampaignResult", result) == []
    assert result["verdicts"] == {"identical": 1, "different": 1}
    assert (result["tasks"], result["attempts"]) == (2, 2)
    assert finished["summary"]["sentence"] == result["sentence"]
    assert str(served.root) not in str(result)


def test_its_story_tells_how_many_are_done_and_how_they_ended(
    served: Any, finished: dict[str, Any]
):
    heard, code = listen_to(served, finished["id"], 30)
    steps = [one["progress"] for _, one in heard if "progress" in one]
    last = [one for one in steps if one["stage"] == "campaign"][-1]
    assert (last["done"], last["total"]) == (2, 2)
    assert last["message"] == "1 identical, 1 different"
    assert code == 1000


def test_the_page_and_its_reports_are_sent_without_a_cookie_and_without_any_power(
    served: Any, finished: dict[str, Any], conforms: Any
):
    told = served.ask("GET", f"/jobs/{finished['id']}/campaign").json()
    assert conforms("CampaignStanding", told) == []
    assert told["standing"]["verdicts"] == {"identical": 1, "different": 1}
    page = f"{served.api}/{told['page']}"
    for name in ("index.html", "data.js", "runs/0/report.html"):
        answer = requests.get(page.replace("index.html", name), timeout=30)
        assert answer.ok, name
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts;"), name
        assert "allow-same-origin" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "recrateCampaign.end(2)" in requests.get(
        page.replace("index.html", "data.js"), timeout=30
    ).text  # fmt: skip
    saved = {one["name"] for one in told["exports"]}
    assert saved == {
        "campaign.csv", "campaign.jsonl", "junit.xml", "linkbacks.csv", "ro-crate-metadata.json",
    }  # fmt: skip
    for one in told["exports"]:
        answer = requests.get(f"{served.api}/{one['address']}", timeout=30)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert len(answer.content) == one["bytes"]


def test_a_pass_opens_nothing_but_the_campaigns_own_files(
    served: Any, finished: dict[str, Any], tmp_path: Path
):
    told = served.ask("GET", f"/jobs/{finished['id']}/campaign").json()
    folder = served.data / "jobs" / finished["id"] / "campaign"
    secret = tmp_path / "secret"
    secret.write_text("the neighbour's")
    (folder / "runs" / "77").symlink_to(tmp_path)
    (tmp_path / "report.html").write_text("the neighbour's")
    (folder / "runs" / "78").mkdir()
    (folder / "runs" / "78" / "report.html").symlink_to(secret)
    base = told["page"].removesuffix("index.html")
    session = requests.Session()
    for name in (
        "journal.sqlite", "campaign.json", "../errand.json", "..%2Ferrand.json",
        "runs/77/report.html",
        "runs/78/report.html", "runs/0/../../../errand.json", "runs/0/verdict.json", "runs/0",
        "%2Fetc%2Fpasswd", "attempts/0-1/worker.log", "", "runs/00000000001/report.html",
    ):  # fmt: skip
        asked = requests.Request("GET", "http://x").prepare()
        asked.url = f"{served.api}/{base}{name}"
        answer = session.send(asked, timeout=30)
        assert answer.status_code in {403, 404}, name
        assert "neighbour" not in answer.text
    other = served.api + "/campaigns/" + "A" * 43 + "/index.html"
    assert requests.get(other, timeout=30).status_code == 404


def test_a_campaign_that_was_stopped_goes_on_and_runs_nothing_twice(served: Any):
    job = served.ask("POST", "/jobs", json={**HERE, "path": "slow", "workers": 1}).json()["id"]
    events = wait_for_first_verdict(served, job)
    assert events["message"] == "1 identical"
    stopped = served.ask("POST", f"/jobs/{job}/cancel").json()
    assert (stopped["status"], stopped["resumable"]) == ("cancelled", True)
    standing = served.ask("GET", f"/jobs/{job}/campaign").json()["standing"]
    assert standing["verdicts"] == {"identical": 1}
    assert served.ask("POST", f"/jobs/{job}/resume").ok
    done = served.wait_for(job, "done", "failed")
    assert done["status"] == "done", done
    journal = served.data / "jobs" / job / "campaign" / "journal.sqlite"
    with sqlite3.connect(journal) as opened:
        begun = dict(opened.execute("SELECT task, count(*) FROM attempts GROUP BY task").fetchall())
    assert begun == {0: 1, 1: 2}
    result = served.ask("GET", f"/jobs/{job}/result").json()
    assert result["verdicts"] == {"identical": 2}


def wait_for_first_verdict(served: Any, job: str) -> dict[str, Any]:
    until = time.monotonic() + 100
    while time.monotonic() < until:
        found = served.ask("GET", f"/jobs/{job}").json()
        step = found["progress"] or {}
        if step.get("stage") == "campaign" and step["done"] == 1:
            return step
        assert found["status"] in {"queued", "running"}, found
        time.sleep(0.2)
    raise TimeoutError(found)


def test_runners_are_listed_with_what_they_can_do_and_why_one_cannot_be_used(
    served: Any, conforms: Any
):
    found = {one["name"]: one for one in served.ask("GET", "/runners").json()["runners"]}
    assert all(conforms("RunnerOffered", one) == [] for one in found.values())
    assert list(found) == ["local", "desk", "gone"]
    assert found["desk"]["title"] == "The desk"
    assert found["local"]["capabilities"]["walls"] == "sandbox"
    assert not found["gone"]["available"]
    assert "no-such-kind" in found["gone"]["reason"]
    about = served.ask("GET", "/about").json()["runners"]
    assert [one["name"] for one in about] == ["local", "desk", "gone"]


def test_a_replay_is_sent_to_another_runner_and_comes_back_as_any_other(served: Any, conforms: Any):
    order = {"kind": "replay", "path": "two/b.crate.zip", "environment": "current"}
    job = served.ask("POST", "/jobs", json={**order, "runner": "desk"}).json()["id"]
    done = served.wait_for(job, "done", "failed")
    assert done["status"] == "done", done
    result = served.ask("GET", f"/jobs/{job}/result").json()
    assert conforms("ReplayResult", result) == []
    assert result["verdict"] == "different"
    assert served.ask("GET", f"/jobs/{job}/report").ok


@pytest.mark.parametrize(
    ("order", "where"),
    [
        ({"path": "two", "runner": "nowhere"}, "runner"),
        ({"list": "/etc"}, "list"),
        ({"list": "../neighbour"}, "list"),
        ({"list": "~"}, "list"),
        ({"list": "file:///etc"}, "list"),
        ({"path": "two", "workers": -1}, "workers"),
    ],
)
def test_what_is_no_list_or_no_runner_is_refused_at_once(
    served: Any, order: dict[str, Any], where: str
):
    answer = served.ask("POST", "/jobs", json={**HERE, **order})
    assert (answer.status_code, answer.json()["where"]) == (422, where)


def test_a_job_that_is_no_campaign_has_no_page(served: Any):
    jobs = served.ask("GET", "/jobs", params={"kind": "pack"}).json()["jobs"]
    assert served.ask("GET", f"/jobs/{jobs[0]['id']}/campaign").status_code == 422


def test_from_a_session_no_campaign_is_begun_and_no_crate_is_sent_elsewhere(
    start_server: Any, tmp_path: Path
):
    opened = open_session_in(tmp_path / "session")
    session = f"c.RecrateServer.session = {str(opened.session.root)!r}\n"
    sites = "c.Runners.sites = {'desk': {'kind': 'local'}}\n"
    with start_server(configuration=session + sites) as one:
        (one.root / "two").mkdir()
        replay = {"kind": "replay", "path": "two", "runner": "desk"}
        for order in ({**HERE, "path": "two"}, {**HERE, "list": "10.5281/zenodo.1"}, replay):
            answer = one.ask("POST", "/jobs", json=order)
            assert (answer.status_code, answer.json()["reason"]) == (403, "refused"), order
        assert one.ask("GET", "/jobs").json()["total"] == 0
