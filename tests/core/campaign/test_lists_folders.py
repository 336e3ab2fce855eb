"""A folder stands for all crates below it."""

import os
from pathlib import Path

import pytest

from recrate.campaign.lists import ListSettings, entries_of_lines, read_list
from recrate.model.errors import BadInput, Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Crates as files and folders, and what only looks like them."""
    root = tmp_path / "all"
    for path in (
        "b.crate.zip",
        "A.CRATE.ZIP",
        "data.zip",
        "deep/er/c.crate.zip",
        "open/ro-crate-metadata.json",
        "open/inner.crate.zip",
        "open/sub/ro-crate-metadata.json",
        ".hidden/x.crate.zip",
        "campaign-1/campaign.json",
        "campaign-1/journal.sqlite",
        "campaign-1/runs/0/ro-crate-metadata.json",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"{}")
    return root


def names(folder: Path, **given: int) -> list[str]:
    """Read a folder and say what it holds, relative to it."""
    found = read_list(str(folder), settings=ListSettings(**given))  # type: ignore[arg-type]
    return [Path(entry.where).relative_to(folder).as_posix() for entry in found]


def test_all_crates_below_are_found_in_order_and_none_within_another(folder: Path) -> None:
    assert names(folder) == ["A.CRATE.ZIP", "b.crate.zip", "deep/er/c.crate.zip", "open"]


def test_links_that_lead_out_or_in_circles_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "x.crate.zip").write_bytes(b"{}")
    (folder / "far").symlink_to(outside)
    (folder / "far.crate.zip").symlink_to(outside / "x.crate.zip")
    (folder / "gone.crate.zip").symlink_to(folder / "nothing")
    (folder / "deep" / "round").symlink_to(folder)
    (folder / "z.crate.zip").symlink_to(folder / "b.crate.zip")
    assert names(folder) == [
        "A.CRATE.ZIP", "b.crate.zip", "deep/er/c.crate.zip", "open", "z.crate.zip"
    ]  # fmt: skip


def test_a_folder_in_a_list_gives_its_crates_what_the_line_says(folder: Path) -> None:
    rows = ["path,title,year,group", "all/deep,T,2020,G", "all/b.crate.zip,T,2021,H"]
    found = list(entries_of_lines(rows, folder.parent))
    assert [(one.title, one.year, one.group) for one in found] == [
        ("", 2020, "G"),
        ("T", 2021, "H"),
    ]


def test_a_folder_without_a_crate_is_told(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(BadInput, match="no crate in this folder"):
        names(folder / "empty")
    with pytest.raises(BadInput, match="no crate in this folder"):
        names(folder / "campaign-1")


def test_more_crates_than_allowed_are_refused(folder: Path) -> None:
    with pytest.raises(Refused, match="more than 2 crates"):
        names(folder, records_limit=2)


def test_a_folder_that_nobody_lets_us_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.scandir

    def closed(path: Path) -> object:
        if path.name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(BadInput, match="no permission to read") as caught:
        names(folder)
    assert caught.value.where == str(folder / "deep")
    assert caught.value.hint
