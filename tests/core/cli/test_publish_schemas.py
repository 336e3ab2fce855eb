"""What `publish` and `metadata` print as JSON has the shape that is written down, and no other."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import Answer, CommandLine
from doubles.repositories import PLACES, Repositories, repositories
from foreign_crates import crate_called

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
TWIN = {"identifier": {"@id": "https://doi.org/10.5281/zenodo.1"}}


def hold(answer: Answer, name: str) -> Any:
    """Return the one document on stdout; fails where it is of another shape."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document: Any = json.loads(answer.out)
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


Publish = Callable[..., Answer]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Repositories]:
    """All repositories."""
    with repositories(tmp_path) as all_of_them:
        yield all_of_them


@pytest.fixture
def publish(recrate: CommandLine, opened: Repositories, tmp_path: Path) -> Publish:
    """`recrate publish … --json` with every token."""
    configuration = tmp_path / "recrate_config.py"
    text = recrate.configuration.read_text().replace("c.Publish.ledger", "unused")
    configuration.write_text(text + opened.configuration)

    def run(*words: object) -> Answer:
        return recrate(
            "publish", *words, "--json", "--config", configuration, variables=opened.variables
        )

    return run


@pytest.mark.parametrize("place", PLACES)
def test_what_is_checked_and_published_is_told_in_the_shape_that_is_written_down(
    publish: Publish, opened: Repositories, tmp_path: Path, place: str
):
    crate = crate_called("湖の水位", tmp_path / "湖.crate.zip", **TWIN)
    before = hold(publish(crate, "--to", place, "--check"), "publish-check")
    assert before["accepted"]
    assert before["receipt"] is None
    said = hold(publish(crate, "--to", place), "publish")
    assert (said["status"], said["again"]) == ("published", False)
    assert said["identity"] == before["identity"]
    after = hold(publish(crate, "--to", place, "--check"), "publish-check")
    assert after["receipt"]["record"] == said["record"]
    assert opened.made(place) == 1


def test_a_removed_draft_the_places_and_the_forms_are_told_in_their_shapes(
    publish: Publish, recrate: CommandLine, tmp_path: Path
):
    crate = crate_called("Levels of a lake", tmp_path / "levels.crate.zip")
    hold(publish(crate, "--to", "invenio", "--draft"), "publish")
    removed = hold(publish(crate, "--to", "invenio", "--discard"), "publish-discard")
    assert removed == {"place": "invenio", "removed": True}
    names = {one["name"] for one in hold(publish("--list"), "publish-list")["places"]}
    assert names >= set(PLACES)
    forms = hold(recrate("metadata", "--list", "--json"), "metadata-list")
    assert {"jpcoar", "datacite-xml"} <= {one["name"] for one in forms}


def test_where_the_ledger_cannot_be_kept_nothing_is_sent_and_the_setting_is_named(
    publish: Publish, opened: Repositories, tmp_path: Path
):
    crate = crate_called("Levels of a lake", tmp_path / "levels.crate.zip")
    (tmp_path / "taken").write_text("a file lies where the ledger should")
    with (tmp_path / "recrate_config.py").open("a") as configuration:
        configuration.write(f"c.Publish.ledger = {str(tmp_path / 'taken' / 'deposits')!r}\n")
    answer = publish(crate, "--to", "invenio")
    assert answer.code == 3, answer
    assert "c.Publish.ledger" in answer.error
    assert not opened.zenodo.drafts
