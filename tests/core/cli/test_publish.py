"""`recrate publish` to every kind of repository, as a person does it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Answer, CommandLine
from doubles.inveniordm_reviews import publish_now
from doubles.repositories import PLACES, TOKENS, Repositories, repositories

EXAMPLE = Path(__file__).parents[3] / "examples" / "tides"
GIVES_DOI = {"invenio", "dois"}


@pytest.fixture(scope="module")
def crate(recrate: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, packed."""
    place = tmp_path_factory.mktemp("packed") / "tides.crate.zip"
    assert recrate("pack", EXAMPLE, "-o", place).code in {0, 1}
    return place


class Desk:
    """Publishes in a folder of its own, and knows the repositories' stores."""

    def __init__(self, recrate: CommandLine, opened: Repositories, folder: Path, crate: Path):
        self.recrate, self.opened, self.folder = recrate, opened, folder
        self.crate = folder / "tides.crate.zip"
        shutil.copyfile(crate, self.crate)
        self.configuration = folder / "recrate_config.py"
        text = recrate.configuration.read_text().replace("c.Publish.ledger", "unused")
        self.configuration.write_text(text + opened.configuration)

    def __call__(self, verb: str, *words: object, tokens: bool = True) -> Answer:
        """Run a verb with the tokens in its environment."""
        return self.recrate(
            verb,
            *words,
            "--config",
            self.configuration,
            variables=self.opened.variables if tokens else {},
        )

    def published(self, crate: Path, place: str, *words: object) -> dict[str, Any]:
        """Publish, and return what is said of it."""
        answer = self("publish", crate, "--to", place, *words, "--json")
        assert answer.code == 0, answer.error
        return answer.document


@pytest.fixture
def desk(recrate: CommandLine, crate: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk with all repositories open, and the crate on it."""
    with repositories(tmp_path) as opened:
        yield Desk(recrate, opened, tmp_path, crate)


@pytest.mark.parametrize("place", PLACES)
def test_a_crate_is_published_once_however_often_one_asks(desk: Desk, place: str):
    checked = desk("publish", desk.crate, "--to", place, "--check", "--json")
    assert checked.code == 0, checked
    assert desk.opened.made(place) == 0
    first = desk("publish", desk.crate, "--to", place, "--json")
    assert first.code == 0, first.error
    said = first.document
    assert desk.opened.made(place) == 1
    assert said["status"] == "published"
    assert said["identity"] == checked.document["identity"]
    assert (said["doi"] is not None) >= (place in GIVES_DOI)
    again = desk.published(desk.crate, place)
    assert again["again"]
    assert again["record"] == said["record"]
    assert desk.opened.made(place) == 1
    assert desk("check", desk.crate, "--no-profile").code == 0
    root = root_of(desk, desk.crate)
    if place in GIVES_DOI:
        doi = {"@id": f"https://doi.org/{said['doi']}"}
        assert doi in root["identifier"]
    assert root["url"] == said["record_url"]


def root_of(desk: Desk, crate: Path) -> dict[str, Any]:
    """Return the root data set of a crate that is a zip file."""
    folder = desk.folder / "looked-into"
    shutil.unpack_archive(crate, folder, "zip")
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    return next(one for one in graph if one["@id"] == "./")


def test_without_a_token_nothing_is_tried_and_the_way_is_told(desk: Desk):
    answer = desk("publish", desk.crate, "--to", "invenio", tokens=False)
    assert answer.code == 2
    assert "RECRATE_TOKEN_INVENIO" in answer.error
    assert not desk.opened.zenodo.seen


def test_a_draft_is_published_later_and_stays_the_same_record(desk: Desk):
    draft = desk.published(desk.crate, "invenio", "--draft")
    assert draft["status"] == "draft"
    assert (len(desk.opened.zenodo.drafts), desk.opened.made("invenio")) == (1, 0)
    done = desk.published(desk.crate, "invenio")
    assert done["status"] == "published"
    assert (done["record"], done["doi"]) == (draft["record"], draft["doi"])
    assert desk.opened.made("invenio") == 1


def test_a_draft_that_is_discarded_leaves_nothing(desk: Desk):
    desk("publish", desk.crate, "--to", "invenio", "--draft")
    assert desk("publish", desk.crate, "--to", "invenio", "--discard").code == 0
    assert not desk.opened.zenodo.drafts
    assert desk("publish", desk.crate, "--to", "invenio", "--discard").code == 2


def test_what_is_published_is_not_discarded(desk: Desk):
    desk("publish", desk.crate, "--to", "invenio")
    answer = desk("publish", desk.crate, "--to", "invenio", "--discard")
    assert answer.code == 2
    assert desk.opened.made("invenio") == 1


def test_a_changed_study_becomes_a_new_version_of_the_same_record(desk: Desk):
    first = desk.published(desk.crate, "invenio")
    study = desk.folder / "tides"
    shutil.copytree(EXAMPLE, study)
    (study / "README.md").write_text("# Tides, mended\n")
    assert desk("pack", study, "-o", desk.crate).code in {0, 1}
    second = desk.published(desk.crate, "invenio", "--new-version")
    assert second["concept_doi"] == first["concept_doi"]
    assert second["doi"] != first["doi"]
    assert desk.opened.made("invenio") == 2


def test_an_unknown_place_option_or_choice_is_told_with_those_that_there_are(desk: Desk):
    nowhere = desk("publish", desk.crate, "--to", "atlantis")
    assert nowhere.code == 2
    assert "kyoto" in nowhere.error
    odd = desk("publish", desk.crate, "--to", "kyoto", "--set", "colour", "red")
    assert odd.code == 2
    assert "way" in odd.error
    choice = desk("publish", desk.crate, "--to", "kyoto", "--set", "way", "sideways")
    assert choice.code == 2
    assert "exploded" in choice.error


def test_no_token_is_found_in_anything_that_was_written_or_said(desk: Desk):
    said = [desk("publish", desk.crate, "--to", place) for place in PLACES]
    said += [desk("publish", desk.crate, "--to", "invenio", "--set", "x", "y")]
    said += [desk("publish", "--list", "--json")]
    words = "".join(one.out + one.error for one in said)
    written = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert any(path.name == "journal.jsonl" for path in written)
    shutil.unpack_archive(desk.crate, desk.folder / "unpacked", "zip")
    texts = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    for token in {part for one in TOKENS.values() for part in (one, re.split(":", one)[-1])}:
        assert token not in words
        assert not [text for text in texts if token.encode() in text]


def test_a_verdict_is_published_and_the_record_of_the_crate_names_it(desk: Desk):
    first = desk.published(desk.crate, "invenio")
    run = desk.folder / "run"
    replayed = desk("replay", desk.crate, "-o", run, "--notebook", "01-clean.ipynb", "--json")
    assert replayed.code in {0, 1}, replayed.error
    done = desk("publish", run, "--to", "invenio", "--json")
    assert done.code == 0, done.error
    verdict = done.document
    assert [one["how"] for one in verdict["links"]] == ["written"]
    reviewed = desk.opened.zenodo.records[first["record"]]["metadata"]["related_identifiers"]
    assert [one for one in reviewed if verdict["doi"] in one["identifier"]], reviewed
    own = desk.opened.zenodo.records[verdict["record"]]["metadata"]["related_identifiers"]
    assert [one for one in own if first["doi"] in one["identifier"]], own
    assert desk("check", run, "--no-profile").code == 0
    assert desk.published(run, "invenio")["again"]
    assert desk.opened.made("invenio") == 2


def test_after_a_wrong_token_the_right_one_needs_no_other_word(desk: Desk):
    wrong = {"RECRATE_TOKEN_INVENIO": "not-the-right-one"}
    words = ("publish", desk.crate, "--to", "invenio", "--config", desk.configuration)
    refused = desk.recrate(*words, variables=wrong)
    assert refused.code == 4
    assert "token" in refused.error
    assert desk.published(desk.crate, "invenio")["status"] == "published"
    assert desk.opened.made("invenio") == 1


def test_what_was_handed_in_is_asked_about_until_it_is_published(desk: Desk):
    store = desk.opened.zenodo
    store.communities["tides"] = {"id": "c0ffee", "open": True, "curators": ["carla"]}
    answers = ("--set", "community", "tides")
    first = desk.published(desk.crate, "invenio", *answers)
    assert first["status"] == "handed-in"
    assert desk.published(desk.crate, "invenio", *answers)["status"] == "handed-in"
    assert (len(store.drafts), len(store.records)) == (1, 0)
    publish_now(store, store.drafts[first["record"]])
    later = desk.published(desk.crate, "invenio", *answers)
    assert (later["status"], later["record"]) == ("published", first["record"])
    assert root_of(desk, desk.crate)["url"] == later["record_url"]
