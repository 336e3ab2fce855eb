"""What a campaign tells others names no place on the machine that ran it."""

from dataclasses import replace
from pathlib import Path

import pytest

from recrate.flow.campaign_told import Told
from recrate.model.campaign import CampaignStatus, Entry
from ui.campaigns import judged, status_of


def status(listed: str) -> CampaignStatus:
    """A campaign of this list."""
    found = status_of([])
    return replace(found, head=replace(found.head, list=listed))


@pytest.mark.parametrize(
    "listed",
    ["oai:https://repository.example.org/oai?set=a", "zenodo:mdpi", "https://doi.org/10.5072/a"],
)
def test_a_list_that_is_no_file_is_told_as_it_was_given(tmp_path: Path, listed: str) -> None:
    given = status(listed)
    assert Told(given, tmp_path).status(given).head.list == listed


def test_paths_are_told_from_the_list_on_and_of_others_their_end(tmp_path: Path) -> None:
    (tmp_path / "lists" / "a").mkdir(parents=True)
    listed = tmp_path / "lists" / "all.txt"
    listed.touch()
    root = tmp_path / "lists" / "out"
    row = replace(
        judged(0, "failed"),
        entry=Entry(where=str(tmp_path / "lists" / "a" / "one.crate.zip")),
        crate=str(Path.home() / "deep" / "cache" / "ab" / "x.zip"),
        message=f"{root}/runs/0 and {tmp_path}/lists/a/b and {Path.home()}/c",
    )
    far = replace(row, entry=Entry(where="https://doi.org/10.5072/a"), crate="/x.zip")
    told = Told(status(str(listed)), root)
    assert told.status(status(str(listed))).head.list == "all.txt"
    here, there = told.rows([row, far])
    assert (here.entry.where, here.crate) == ("a/one.crate.zip", "…/ab/x.zip")
    assert here.message == "runs/0 and a/b and ~/c"
    assert (there.entry.where, there.crate) == ("https://doi.org/10.5072/a", "x.zip")


def test_a_folder_of_crates_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "crates").mkdir()
    given = status(str(tmp_path / "crates"))
    told = Told(given, tmp_path / "out")
    assert told.status(given).head.list == "crates"
    row = replace(judged(0, "ran"), entry=Entry(where=str(tmp_path / "crates" / "a.crate.zip")))
    assert [one.entry.where for one in told.rows([row])] == ["a.crate.zip"]
