"""The websocket tells what happened, then what happens, and ends when there is no more."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websocket import WebSocketBadStatusException


@pytest.fixture(scope="module")
def scanned(served: Any, write_study: Any) -> str:
    """A scan that is done."""
    write_study(served.root / "study")
    job = served.ask("POST", "/jobs", json={"kind": "scan", "path": "study"}).json()["id"]
    served.wait_for(job, "done")
    return str(job)


def numbers(events: Any) -> list[int]:
    return [one["number"] for _, one in events]


def test_who_comes_late_is_told_all_and_the_end(
    served: Any, scanned: str, listen: Any, conforms: Any
):
    events, code = listen(served, scanned, 30)
    assert code == 1000
    assert numbers(events) == list(range(len(events)))
    assert [one["status"] for _, one in events if one["type"] == "status"] == [
        "queued",
        "running",
        "done",
    ]
    assert events[-1][1]["job"]["id"] == scanned
    for _, one in events:
        assert conforms("Event", one) == []


def test_who_comes_back_is_told_only_the_rest(served: Any, scanned: str, listen: Any):
    events, code = listen(served, scanned, 30, after=1)
    assert code == 1000
    assert min(numbers(events)) == 2


def test_polling_tells_the_same(served: Any, scanned: str, listen: Any):
    events, _ = listen(served, scanned, 30)
    polled = served.ask("GET", f"/jobs/{scanned}/events").json()
    assert [one["number"] for one in polled["events"]] == numbers(events)
    assert polled["job"]["status"] == "done"
    rest = served.ask("GET", f"/jobs/{scanned}/events", params={"after": 1}).json()
    assert rest["events"] == polled["events"][2:]


def test_without_an_upgrade_it_says_what_it_is(served: Any, scanned: str):
    answer = served.ask("GET", f"/jobs/{scanned}/stream")
    assert answer.status_code == 426
    assert "websocket" in answer.json()["message"]


@pytest.mark.parametrize(("job", "status"), [("0" * 32, 404), ("nonsense", 422)])
def test_a_job_that_is_not_there_has_no_stream(served: Any, listen: Any, job: str, status: int):
    assert served.ask("GET", f"/jobs/{job}/stream").status_code == status
    with pytest.raises(WebSocketBadStatusException, match=str(status)):
        listen(served, job, 10)


def test_a_listener_is_told_that_its_job_was_cancelled(served: Any, write_study: Any, listen: Any):
    write_study(served.root / "slow", cells=("import time; time.sleep(120)",))
    order = {"kind": "verify", "path": "slow", "environment": "current"}
    job = served.ask("POST", "/jobs", json=order).json()["id"]

    with ThreadPoolExecutor(1) as threads:
        told = threads.submit(listen, served, job, 60)
        time.sleep(1)
        cancelled = served.ask("POST", f"/jobs/{job}/cancel")
        events, code = told.result()
    assert cancelled.json()["status"] == "cancelled"
    assert code == 1000
    assert events[-1][1]["job"]["status"] == "cancelled"
