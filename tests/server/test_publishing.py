"""Publishing through the server: places, tokens, preflight, the job, and what is never written."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import CommandLine
from doubles.repositories import PLACES, TOKENS, Repositories, repositories

EXAMPLE = Path(__file__).parents[2] / "examples" / "tides"


@pytest.fixture(scope="module")
def crate(recrate: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, packed."""
    place = tmp_path_factory.mktemp("packed") / "tides.crate.zip"
    assert recrate("pack", EXAMPLE, "-o", place, "--no-lock").code in {0, 1}
    return place


class Desk:
    """A server with all repositories, and a crate in its root."""

    def __init__(self, served: Any, opened: Repositories):
        self.served, self.opened = served, opened

    def give(self, place: str, *, keep: bool = False) -> int:
        """Type a token."""
        body = {"token": TOKENS[place], "keep": keep}
        return self.served.ask("PUT", f"/places/{place}/token", json=body).status_code

    def place(self, name: str) -> dict[str, Any]:
        """Return what the server tells of a place."""
        found = self.served.ask("GET", "/places").json()["places"]
        return next(one for one in found if one["name"] == name)

    def check(self, place: str, **more: Any) -> Any:
        """Ask what a place would refuse."""
        body = {"path": "tides.crate.zip", **more}
        return self.served.ask("POST", f"/places/{place}/preflight", json=body)

    def publish(self, place: str, **more: Any) -> dict[str, Any]:
        """Publish, to the end; returns the job."""
        order = {"kind": "publish", "path": "tides.crate.zip", "place": place, **more}
        begun = self.served.ask("POST", "/jobs", json=order)
        assert begun.status_code < 300, begun.text
        return self.served.wait_for(
            begun.json()["id"], "done", "failed", "cancelled", "interrupted"
        )

    def result(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return what came of a job."""
        found: dict[str, Any] = self.served.ask("GET", f"/jobs/{job['id']}/result").json()
        return found


@pytest.fixture
def desk(crate: Path, tmp_path: Path, start_server: Callable[..., Any]) -> Iterator[Desk]:
    """A server of the test's own, without a token anywhere."""
    with repositories(tmp_path) as opened:
        lines = opened.configuration.splitlines(keepends=True)
        told = "".join(line for line in lines if "Publish.ledger" not in line)
        told += "c.Publish.places['own'] = {'kind': 'folder', 'title': 'Own pages'}\n"
        with start_server(configuration=told) as served:
            shutil.copyfile(crate, served.root / "tides.crate.zip")
            yield Desk(served, opened)


def test_every_place_takes_a_crate_and_says_where_it_is(desk: Desk, conforms: Any):
    for place in PLACES:
        if place in TOKENS:
            assert not desk.place(place)["has_token"]
            assert not desk.check(place).json()["accepted"]
            assert desk.give(place) < 300
            assert desk.place(place)["has_token"]
        seen = desk.check(place)
        assert seen.status_code == 200, seen.text
        assert conforms("Preflight", seen.json()) == []
        assert seen.json()["accepted"], seen.text
        assert desk.opened.made(place) == 0
        job = desk.publish(place)
        assert job["status"] == "done", job["error"]
        result = desk.result(job)
        assert conforms("PublishResult", result) == []
        assert result["receipt"]["status"] == "published"
        assert job["summary"].get("doi") == result["receipt"]["doi"]
        assert desk.opened.made(place) == 1
        assert desk.check(place).json()["receipt"]["record"] == result["receipt"]["record"]
    listed = desk.served.ask("GET", "/deposits", params={"path": "tides.crate.zip"}).json()
    assert conforms("Deposited", listed["deposits"][0]) == []
    assert [one["place"] for one in listed["deposits"]] == list(reversed(PLACES))
    assert all(one["done"] and one["current"] and one["citations"] for one in listed["deposits"])
    written = [*desk.served.data.rglob("*"), desk.served.log]
    found = [one for one in written if one.is_file()]
    assert any(one.name == "journal.jsonl" for one in found)
    for token in TOKENS.values():
        for secret in {token, token.split(":")[-1]}:
            assert [str(one) for one in found if secret.encode() in one.read_bytes()] == []


def test_a_folder_is_named_as_the_file_browser_shows_it_and_leads_nowhere_else(desk: Desk):
    assert desk.place("own")["options"][0]["name"] == "folder"
    assert desk.check("own").status_code == 422
    outside = desk.check("own", answers={"folder": "../outside"})
    assert outside.status_code in {403, 404, 422}, outside.text
    assert desk.check("own", answers={"folder": "www"}).json()["accepted"]
    job = desk.publish("own", answers={"folder": "www"})
    assert job["status"] == "done", job["error"]
    assert (desk.served.root / "www" / "crates.json").is_file()
    assert str(desk.served.root) not in desk.served.ask("GET", "/places").text
    fixed = desk.place("site")["options"]
    assert "folder" not in [one["name"] for one in fixed]


def test_a_draft_can_be_discarded_and_a_token_forgotten_but_no_record_removed(desk: Desk):
    desk.give("invenio")
    assert desk.place("invenio")["homepage"].startswith("http://127.0.0.1")
    draft = desk.publish("invenio", draft=True)
    assert draft["summary"]["deposit_status"] == "draft"
    assert (len(desk.opened.zenodo.drafts), desk.opened.made("invenio")) == (1, 0)
    (listed,) = desk.served.ask("GET", "/deposits").json()["deposits"]
    assert desk.served.ask("DELETE", f"/deposits/{listed['mark']}").status_code < 300
    assert not desk.opened.zenodo.drafts
    done = desk.publish("invenio")
    assert done["status"] == "done", done["error"]
    mark = desk.result(done)["deposit"]
    assert desk.served.ask("DELETE", f"/deposits/{mark}").status_code == 409
    assert desk.served.ask("DELETE", "/places/invenio/token").status_code < 300
    assert not desk.place("invenio")["has_token"]
    failed = desk.publish("kyoto")
    assert failed["error"]["message"] == "no token for this place"
