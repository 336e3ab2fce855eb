"""A crate whose metadata are mended between a draft and its publication."""

import json
import zipfile
from pathlib import Path

import pytest

from conftest import CommandLine
from doubles.repositories import repositories
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
