"""The crates below a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from recrate.campaign.lists_text import readable
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput, Refused

_ENDING = ".crate.zip"
_CAMPAIGN = {"campaign.json", "journal.sqlite"}


def is_crate(path: Path) -> bool:
    """Say whether a path is a crate by its looks: a zip file, or a folder with our metadata."""
    if path.is_dir():
        return _is_file(path / METADATA_NAME)
    return path.suffix.lower() == ".zip"


def crates_below(folder: Path, *, limit: int) -> Iterator[Path]:
    """Yield every `*.crate.zip` and every folder with crate metadata below `folder`, sorted.

    A crate is not looked into, nor is a folder whose name begins with a dot, a campaign (it is full
    of the runs' own crates), or a link; a link to a file counts where it stays within `folder`.
    Raises BadInput where there is none or a folder may not be read, Refused for more than `limit`.
    """
    found = 0
    root = folder.resolve()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not _is_file(path) and not _is_file(path / METADATA_NAME):
            waiting += reversed(_inside(path, root))
            continue
        found += 1
        if found > limit:
            raise Refused(
                f"more than {limit:,} crates", where=str(folder), hint="list them in parts"
            )
        yield path
    if not found:
        raise BadInput(
            "no crate in this folder",
            where=str(folder),
            hint=f"a crate is NAME{_ENDING}, or a folder with {METADATA_NAME} in it",
        )


def _is_file(path: Path) -> bool:
    with readable(path):
        return path.is_file()


def _inside(folder: Path, root: Path) -> list[Path]:
    """Return what may be a crate or hold some, by name; nothing of a campaign's own folder."""
    with readable(folder), os.scandir(folder) as inside:
        entries = sorted(inside, key=lambda entry: entry.name)
        if {entry.name for entry in entries} >= _CAMPAIGN:
            return []
        return [Path(entry.path) for entry in entries if _counts(entry, root)]


def _counts(entry: "os.DirEntry[str]", root: Path) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith(".")
    if not entry.name.lower().endswith(_ENDING) or not entry.is_file():
        return False
    return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)
