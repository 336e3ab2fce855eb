"""The server of a session: what it is of, a fresh cell beside the published one, a review."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from opened_sessions import Opened, open_session_in, published
from recrate.launch.lab import SESSION_VARIABLE
from recrate_server.session import open_session
from report_accounts import data

Conforms = Callable[[str, Any], list[str]]
KNOWN = {"index": 0, "id": "cell-0", "source": "x = 1.25\nx", "execution_count": 11}


@pytest.fixture(scope="module")
def serve(start_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Gives a server in a session's study, and the session."""

    @contextmanager
    def serving(*, more: str = "", **changes: Any) -> Iterator[tuple[Any, Opened]]:
        opened = open_session_in(tmp_path_factory.mktemp("session") / "a1b2", **changes)
        told = f"c.RecrateServer.session = {str(opened.session.root)!r}\n" + more
        with start_server(configuration=told, root=opened.study) as served:
            yield served, opened

    return serving


@pytest.fixture(scope="module")
def session(serve: Any) -> Iterator[tuple[Any, Opened]]:
    """A server in a session that most tests share."""
    with serve(more="c.Publish.tokens = {'zenodo': 'not-yours'}\n") as found:
        yield found


def cell(outputs: Any, **changes: Any) -> dict[str, Any]:
    """Return a request about the first published cell."""
    return {"notebook": "a.ipynb", "cell": {**KNOWN, "outputs": outputs, **changes}}


def test_it_says_what_it_is_of(session: tuple[Any, Opened], conforms: Conforms):
    served, opened = session
    told = served.ask("GET", "/session").json()["session"]
    assert conforms("Session", told) == []
    assert (told["id"], told["crate"], told["walls"]) == ("a1b2c3d4", "5" * 64, "bubblewrap")
    assert told["creators"] == ["Momo Tanaka"]
    assert told["environments"][0]["packages"] == 1
    assert told["last_verdict"]["verdict"] == "identical"
    assert str(opened.session.root) not in json.dumps(told)
    assert served.ask("GET", "/about").json()["session"] is True


def test_a_fresh_cell_is_judged_and_remembered(session: tuple[Any, Opened], conforms: Conforms):
    served, opened = session
    same = served.ask("POST", "/session/cells", json=cell([data(text_plain="1.25")])).json()
    assert conforms("CellJudged", same) == []
    assert (same["known"], same["index"], same["verdict"]) == (True, 0, "identical")
    other = served.ask("POST", "/session/cells", json=cell([data(text_plain="1.75")])).json()
    assert other["verdict"] == "different"
    assert other["outputs"][0]["reason_ja"] != other["outputs"][0]["reason"]
    assert other["sentence_ja"] == "公開された出力と相違"
    changed = cell([data(text_plain="3")], source="x = 3\nx")
    told = served.ask("POST", "/session/cells", json=changed).json()
    assert (told["changed"], told["verdict"], told["outputs"]) == (True, None, [])
    lines = (opened.session.root / "sightings.jsonl").read_text().splitlines()
    assert [json.loads(one)["cell"] for one in lines] == [0, 0, 0]


def test_expected_beside_yours_is_a_page_that_runs_nothing(session: tuple[Any, Opened]):
    served, _ = session
    bad = cell([data(text_html="<script>alert(1)</script>1.25")])
    answer = served.ask("POST", "/session/beside?theme=dark&language=ja", json=bad)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; ")
    assert '<html lang="ja">' in answer.text
    assert "<script" not in answer.text
    unknown = cell([], source="import antigravity", id=None, index=2)
    assert served.ask("POST", "/session/beside", json=unknown).status_code == 404


def test_what_is_recorded_is_told_before_anything_runs(
    session: tuple[Any, Opened], conforms: Conforms
):
    served, _ = session
    told = served.ask("GET", "/session/notebook", params={"path": "b.ipynb"}).json()
    assert conforms("RecordedNotebook", told) == []
    assert [one["outputs"] for one in told["cells"]] == [1, 2, 0]
    mine = served.ask("GET", "/session/notebook", params={"path": "mine.ipynb"}).json()
    assert mine == {"notebook": "mine.ipynb", "known": False, "cells": []}


def test_outputs_may_hold_what_no_file_name_may(session: tuple[Any, Opened]):
    served, _ = session
    odd = json.dumps(cell([data(text_plain="\x00 \ud83d")]))
    headers = {"Content-Type": "application/json"}
    for route in ("/session/cells", "/session/beside"):
        answer = served.ask("POST", route, data=odd, headers=headers)
        assert answer.status_code == 200, answer.text


def test_a_large_cell_is_left_to_the_review_and_a_huge_one_refused(session: tuple[Any, Opened]):
    served, _ = session
    large = cell([data(text_plain="x" * (20 << 20))])
    told = served.ask("POST", "/session/cells", json=large).json()
    assert (told["known"], told["verdict"], told["outputs"]) == (True, None, [])
    assert told["sentence"] == "too large to be compared while you work: the review compares it"
    huge = cell([data(text_plain="x" * (65 << 20))])
    assert served.ask("POST", "/session/cells", json=huge).status_code == 413


def test_it_knows_no_token_but_what_is_typed_into_it(session: tuple[Any, Opened]):
    served, _ = session
    places = {one["name"]: one for one in served.ask("GET", "/places").json()["places"]}
    assert places["zenodo"]["has_token"] is False
    kept = served.ask("PUT", "/places/zenodo/token", json={"token": "t", "keep": True})
    assert kept.status_code == 403
    assert served.ask("PUT", "/places/zenodo/token", json={"token": "t"}).status_code == 204
    places = {one["name"]: one for one in served.ask("GET", "/places").json()["places"]}
    assert places["zenodo"]["has_token"] is True


def test_a_review_becomes_a_run_that_can_be_read_exported_and_published(
    serve: Any, conforms: Conforms
):
    with serve() as (served, opened):
        order = {
            "kind": "review",
            "reviewer": {"name": "Kana Sato", "affiliation": "NII"},
            "opinion": "confirms",
            "statement": "Table 2 holds.",
        }
        nothing = served.ask("POST", "/jobs", json=order).json()
        refused = served.wait_for(nothing["id"], "failed")
        assert refused["error"]["reason"] == "bad-input"
        assert "save them" in refused["error"]["hint"]
        opened.save("a.ipynb", lambda found: found["cells"][1].update(source="show(x, 2)"))
        job = served.ask("POST", "/jobs", json=order).json()
        done = served.wait_for(job["id"], "done", "failed")
        assert done["status"] == "done", done
        assert conforms("Job", done) == []
        assert (done["kind"], done["summary"]["verdict"]) == ("review", "identical")
        run = f"/jobs/{job['id']}"
        result = served.ask("GET", f"{run}/result").json()
        assert conforms("ReplayResult", result) == []
        assert result["witness"]["statement"] == "Table 2 holds."
        assert result["notebooks"][0]["notes"] == [
            "changed by the reviewer, not judged: cells 1",
        ]
        assert served.ask("GET", f"{run}/outputs").json()["counts"]["skipped"] == 2
        assert "Seen by Kana Sato" in served.ask("GET", f"{run}/report").text
        said = {"destination": "review.crate.zip"}
        assert served.ask("POST", f"{run}/export", json=said).status_code == 201
        checked = served.ask("POST", "/jobs", json={"kind": "check", "path": said["destination"]})
        check = checked.json()["id"]
        served.wait_for(check, "done")
        assert served.ask("GET", f"/jobs/{check}/result").json()["valid"] is True
        deposit = {"path": "", "run": job["id"], "answers": {"folder": "www"}}
        found = served.ask("POST", "/places/site/preflight", json=deposit).json()
        assert "accepted" in found, found
        assert (found["accepted"], found["is_replay"]) == (True, True)


def test_a_waiver_on_a_review_keeps_the_notes_and_the_word(serve: Any):
    with serve() as (served, opened):

        def change(document: Any) -> None:
            document["cells"][0]["outputs"] = [data(text_plain="1.75")]
            document["cells"][1]["execution_count"] = None

        opened.save("a.ipynb", change)
        order = {"kind": "review", "opinion": "doubts", "notebooks": ["a.ipynb"]}
        job = served.ask("POST", "/jobs", json=order).json()["id"]
        assert served.wait_for(job, "done", "failed")["summary"]["verdict"] == "different"
        waiver = {"notebook": "a.ipynb", "cell": 0, "output": 0, "kind": "waive", "reason": "seed"}
        judging = served.ask("POST", f"/jobs/{job}/waivers", json=waiver).json()["id"]
        served.wait_for(judging, "done")
        result = served.ask("GET", f"/jobs/{job}/result").json()
        assert result["verdict"] == "ran"
        assert result["witness"]["opinion"] == "doubts"
        assert result["notebooks"][0]["notes"] == ["not run by the reviewer, not judged: cells 1"]


def test_a_blind_crate_names_nobody(serve: Any, conforms: Conforms):
    changes = {"blind": True, "location": "https://example.org/tanaka/tides.zip", "doi": "10.5/x"}
    with serve(**changes) as (served, _):
        answer = served.ask("GET", "/session")
    assert conforms("Session", answer.json()["session"]) == []
    assert "anaka" not in answer.text
    assert answer.json()["session"]["doi"] is None


class TestAnOrdinaryServer:
    """One that was opened in no crate."""

    @pytest.fixture
    def jp_server_config(self) -> dict[str, object]:
        return {"ServerApp": {"jpserver_extensions": {"recrate_server": True}}}

    async def test_it_has_no_session_and_reviews_nothing(self, jp_fetch: Any):
        answer = await jp_fetch("recrate", "api", "session")
        assert json.loads(answer.body) == {"session": None}
        asked: list[tuple[tuple[str, ...], dict[str, Any]]] = [
            (("session", "cells"), cell([])),
            (("session", "beside"), cell([])),
            (("jobs",), {"kind": "review", "opinion": "confirms"}),
        ]
        for path, body in asked:
            refused = await jp_fetch(
                "recrate",
                "api",
                *path,
                method="POST",
                body=json.dumps(body),
                headers={"Content-Type": "application/json"},
                raise_error=False,
            )
            assert refused.code == 404
            assert "recrate launch" in json.loads(refused.body)["hint"]


class TestASessionNamedByTheEnvironment:
    """As `recrate launch` names it."""

    @pytest.fixture
    def jp_server_config(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> dict[str, object]:
        opened = open_session_in(tmp_path / "session", {"first.ipynb": published()})
        monkeypatch.setenv(SESSION_VARIABLE, str(opened.session.root))
        return {"ServerApp": {"jpserver_extensions": {"recrate_server": True}}}

    async def test_it_is_found(self, jp_fetch: Any):
        answer = await jp_fetch("recrate", "api", "session")
        assert json.loads(answer.body)["session"]["first"] == "first.ipynb"


def test_a_server_that_starts_before_its_session_is_whole_finds_it_later(
    start_server: Any, tmp_path: Path
):
    opened = open_session_in(tmp_path / "a1b2")
    marker = opened.session.root / "session.json"
    written = marker.read_bytes()
    marker.unlink()
    told = f"c.RecrateServer.session = {str(opened.session.root)!r}\n"
    with start_server(configuration=told, root=opened.study) as server:
        assert server.ask("GET", "/session").json() == {"session": None}
        marker.write_bytes(written)
        assert (
            server.ask("GET", "/session").json()["session"]["id"] == opened.session.read_head().id
        )


@pytest.mark.parametrize("content", ["", "{", "{}", '{"id": 1}'])
def test_a_session_that_cannot_be_read_is_none_and_the_log_says_why(
    content: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    if content:
        (tmp_path / "session.json").write_text(content)
    assert open_session(str(tmp_path), logging.getLogger("recrate")) is None
    assert "cannot be read" in caplog.text
    assert open_session("", logging.getLogger("recrate")) is None
