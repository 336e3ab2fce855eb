"""Pages with strangers' outputs in them are served so that they reach nothing of the person's."""

import json
from pathlib import Path
from typing import Any

import pytest

from recrate_server.handlers.runs import OUTPUT_POLICY, REPORT_POLICY, page, run_members
from recrate_server.jobs.model import Job, Kind, Status
from recrate_server.jobs.orders import ReplayOrder, order_document
from recrate_server.jobs.store import Store

RUN = "a" * 32


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"recrate_server": True}}}


@pytest.fixture
def run(jp_data_dir: Path) -> Path:
    """A replay that is done, with a report and a link that leads out of its folder."""
    data = jp_data_dir / "recrate"
    folder = data / "jobs" / RUN / "replay"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html><script>alert(1)</script>")
    (folder / "ro-crate-metadata.json").write_text("{}")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    store = Store(data / "jobs.sqlite")
    store.add(
        Job(
            id=RUN,
            kind=Kind.REPLAY,
            status=Status.DONE,
            subject="x",
            title="x",
            created="2026-01-01T00:00:00+00:00",
            order=order_document(ReplayOrder(path="x")),
            user="hanako",
        )
    )
    store.close()
    return folder


def directives(policy: str) -> dict[str, list[str]]:
    parts = [one.split() for one in policy.split(";")]
    return {one[0]: one[1:] for one in parts}


async def test_a_report_is_of_another_origin_than_jupyter(run: Path, jp_fetch: Any):
    answer = await jp_fetch("recrate", "api", "jobs", RUN, "report")
    assert len(answer.headers.get_list("Content-Security-Policy")) == 1
    told = directives(answer.headers["Content-Security-Policy"])
    assert told["sandbox"] == ["allow-scripts"]
    assert told["default-src"] == ["'none'"]
    assert told["img-src"] == ["data:"]
    assert told["frame-ancestors"] == ["'self'"]
    assert "connect-src" not in told
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_one_output_runs_no_script_at_all():
    told = directives(page("<p>", OUTPUT_POLICY).headers["Content-Security-Policy"])
    assert told["sandbox"] == []
    assert "script-src" not in told
    assert told["default-src"] == ["'none'"]
    assert directives(REPORT_POLICY)["sandbox"] == ["allow-scripts"]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_run_is_exported_whole_and_never_over_something(
    run: Path, jp_fetch: Any, jp_root_dir: Path
):
    async def export(destination: str) -> tuple[int, Any]:
        answer = await jp_fetch(
            f"recrate/api/jobs/{RUN}/export",
            method="POST",
            body=json.dumps({"destination": destination}),
            headers={"Content-Type": "application/json"},
            raise_error=False,
        )
        return answer.code, json.loads(answer.body)

    assert await export("run.crate.zip") == (201, {"path": "run.crate.zip"})
    assert names_in(jp_root_dir) == ["run.crate.zip"]
    status, problem = await export("run.crate.zip")
    assert (status, problem["reason"]) == (409, "conflict")
    assert (await export("run.zip"))[0] == 422
    assert (await export("nowhere/run.crate.zip"))[0] == 404


def test_a_run_crate_holds_no_link(run: Path):
    assert sorted(one.path for one in run_members(run)) == [
        "report.html",
        "ro-crate-metadata.json",
    ]
