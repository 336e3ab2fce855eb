"""A crate whose metadata are mended between a draft and its publication."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import CommandLine
from doubles.inveniordm import inveniordm
from doubles.inveniordm_store import OWNER_TOKEN
from doubles.repositories import repositories
from doubles.serving import served
from foreign_crates import METADATA, crate_called


def title_in(file: Path) -> str:
    """Return the title that a crate says."""
    with zipfile.ZipFile(file) as archive:
        graph = json.loads(archive.read(METADATA))["@graph"]
    return next(str(one["name"]) for one in graph if one["@id"] == "./")


@pytest.mark.parametrize("place", ["site", "kyoto", "invenio", "dois"])
def test_a_title_mended_after_the_draft_is_published_and_stays_in_the_crate(
    recrate: CommandLine, tmp_path: Path, place: str
):
    crate = crate_called("Levels of a lake", tmp_path / "levels.crate.zip")
    with repositories(tmp_path) as opened:
        configuration = tmp_path / "recrate_config.py"
        text = recrate.configuration.read_text().replace("c.Publish.ledger", "unused")
        configuration.write_text(text + opened.configuration)
        words = ["publish", crate, "--to", place, "--config", configuration, "--json"]
        draft = recrate(*words, "--draft", variables=opened.variables)
        assert draft.code == 0, draft.error
        crate_called("Levels of Lake Biwa", crate)
        done = recrate(*words, variables=opened.variables)
        assert done.code == 0, done.error
        assert done.document["status"] == "published"
        assert done.document["identity"] == draft.document["identity"]
        assert (opened.made(place), opened.left_over(place)) == (1, 0)
        if place == "invenio":
            (record,) = opened.zenodo.records.values()
            assert record["metadata"]["title"] == "Levels of Lake Biwa"
        if place == "site":
            (published,) = opened.site.glob("*/v1/*.crate.zip")
            assert title_in(published) == "Levels of Lake Biwa"
    assert title_in(crate) == "Levels of Lake Biwa"


class Change:
    """Stands before a repository and lets something happen when the first draft is made."""

    def __init__(self, app: Any, happens: Callable[[], object]) -> None:
        self.app, self.happens, self.happened = app, happens, False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and not self.happened:
            self.happened = True
            self.happens()
        await self.app(scope, receive, send)


def test_another_crate_meanwhile_is_not_published_in_its_name_and_no_scraps_stay(
    recrate: CommandLine, tmp_path: Path
):
    crate = crate_called("Levels of a lake", tmp_path / "levels.crate.zip")
    kept = crate.read_bytes()

    def another() -> None:
        with zipfile.ZipFile(crate, "a") as archive:
            archive.writestr("another.txt", "another payload")

    app = inveniordm()
    with served(Change(app, another)) as port:
        configuration = tmp_path / "recrate_config.py"
        place = {"kind": "inveniordm", "url": f"http://127.0.0.1:{port}/"}
        configuration.write_text(
            recrate.configuration.read_text()
            + f"c.Publish.places = { ({'invenio': place})!r}\n"
            + f"c.Publish.ledger = {str(tmp_path / 'deposits')!r}\n"
            + "c.Web.private_hosts = ['127.0.0.1']\n"
        )
        words = ["publish", crate, "--to", "invenio", "--config", configuration, "--json"]
        token = {"RECRATE_TOKEN_INVENIO": OWNER_TOKEN}
        answer = recrate(*words, variables=token)
        assert answer.code == 2, answer
        assert "--resume" in answer.error
        assert not app.state.store.records
        crate.write_bytes(kept)
        (deposit,) = (tmp_path / "deposits").glob("*/deposit.json")
        (deposit.parent / ".recrate-killed" / "payload").mkdir(parents=True)
        (deposit.parent / "recrate-scratch").mkdir()
        (deposit.parent / ".recrate-half.zip").write_bytes(b"a process was killed here")
        done = recrate(*words, "--resume", variables=token)
        assert done.code == 0, done.error
        assert len(app.state.store.records) == 1
        assert not app.state.store.drafts.keys() - app.state.store.records.keys()
        left = {path.name for path in deposit.parent.iterdir()}
        assert left == {"deposit.json", "journal.jsonl", "reservation.json", "receipt.json"}
