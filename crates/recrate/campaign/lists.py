"""What a campaign's list may be: files, folders, tables, addresses, a community, an OAI-PMH set."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recrate.campaign.harvest_inveniordm import community_entries
from recrate.campaign.harvest_oai import oai_entries
from recrate.campaign.lists_folders import crates_below, is_crate
from recrate.campaign.lists_json import json_array, json_lines
from recrate.campaign.lists_places import Community, Here, OaiList, There, read_place, shortened
from recrate.campaign.lists_rows import Row
from recrate.campaign.lists_settings import ListSettings
from recrate.campaign.lists_tables import delimiter_of, table_rows
from recrate.campaign.lists_text import reading, whole_lines, without_mark
from recrate.model.campaign import Entry
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.progress import Progress, silent

__all__ = ["ListSettings", "entries_of_lines", "read_list"]

_TABLES = {".csv", ".tsv"}
_JSON = {".json", ".jsonl", ".ndjson", ".jsonld"}


def read_list(
    where: str, *, settings: ListSettings, progress: Progress = silent
) -> Iterator[Entry]:
    """Yield what a campaign's list names, in its order; what is named twice comes twice.

    where: a file with one crate a line, a table (CSV, TSV), JSON, a crate, a folder, an address, a
           DOI, `zenodo:COMMUNITY`, or `oai:https://…`
    Paths come out absolute, DOIs as `https://doi.org/…`. Nothing is held but a line at a time.
    Raises BadInput naming the line that cannot be read; OutsideFailed when a repository's listing
    breaks off, with how many records were had; Refused for more than the settings allow.
    """
    place = read_place(where, base=Path(), settings=settings)
    if isinstance(place, Here) and place.path.is_file() and not _names_crate(place.path):
        yield from _entries_of_file(place.path, settings, progress)
    else:
        row = Row(where=where)
        yield from _Expanding(Path(), settings, progress).entries(row)


def entries_of_lines(
    lines: Iterable[str],
    base: Path,
    *,
    name: str = "the list",
    settings: ListSettings | None = None,
    progress: Progress = silent,
) -> Iterator[Entry]:
    """Yield what the lines of a list name: one crate a line, a table, or JSON, by its first line.

    base: folder that its relative paths are relative to
    name: what complaints call it
    Errors as of `read_list`.
    """
    expanding = _Expanding(base, settings or ListSettings(), progress)
    rows = _rows(without_mark(_ended(lines)), name, "")
    yield from expanding.all(rows, name)


def _entries_of_file(path: Path, settings: ListSettings, progress: Progress) -> Iterator[Entry]:
    with reading(path) as pieces:
        rows = _rows(pieces, path.name, path.suffix.lower())
        yield from _Expanding(path.parent, settings, progress).all(rows, path.name)


def _rows(pieces: Iterator[str], name: str, suffix: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a list with their lines' numbers, whichever form it has."""
    number, first = 0, ""
    for piece in pieces:
        number += not first or first.endswith("\n")
        first = piece
        if piece.strip() and not piece.lstrip().startswith("#"):
            break
    else:
        return
    rest = itertools.chain([first], pieces)
    begins = first.lstrip()[:1]
    if begins == "[" and suffix in {"", *_JSON}:
        yield from json_array(rest, name=name, first=number)
    elif begins == "{" and suffix in {"", *_JSON}:
        yield from json_lines(whole_lines(rest, name), name=name, first=number)
    elif suffix in _JSON:
        raise BadInput(
            "no list in JSON",
            where=f"{name}, line {number}",
            hint="it is an array, or has one object a line",
        )
    elif suffix in _TABLES or delimiter_of(first.rstrip("\r\n")):
        yield from table_rows(whole_lines(rest, name), name=name, first=number)
    else:
        for line_number, line in enumerate(whole_lines(rest, name), number):
            if line.strip() and not line.lstrip().startswith("#"):
                yield line_number, Row(where=line.strip())


class _Expanding:
    """Turns rows into entries: a folder or a listing stands for all that is in it."""

    def __init__(self, base: Path, settings: ListSettings, progress: Progress) -> None:
        self._base = base
        self._settings = settings
        self._progress = progress
        self._done = 0

    def all(self, rows: Iterable[tuple[int, Row]], name: str) -> Iterator[Entry]:
        """Yield the entries of all rows; complaints name the line."""
        for number, row in rows:
            with _named(f"{name}, line {number}"):
                yield from self.entries(row)

    def entries(self, row: Row) -> Iterator[Entry]:
        """Yield the entries of one row; what it says of itself goes before what others say."""
        place = read_place(row.where, base=self._base, settings=self._settings)
        if isinstance(place, There):
            yield self._entry(place.where, row)
        elif isinstance(place, Here):
            yield from self._here(place.path, row)
        else:
            for found in self._listed(place):
                self._done += 1
                yield Entry(
                    where=found.where,
                    title=found.title,
                    year=row.year if row.year is not None else found.year,
                    group=row.group or found.group,
                )

    def _listed(self, place: Community | OaiList) -> Iterator[Entry]:
        if isinstance(place, Community):
            return community_entries(place, settings=self._settings, progress=self._progress)
        return oai_entries(place, settings=self._settings, progress=self._progress)

    def _here(self, path: Path, row: Row) -> Iterator[Entry]:
        if path.name == METADATA_NAME:
            yield self._entry(str(path.parent), row)
        elif is_crate(path):
            yield self._entry(str(path), row)
        elif path.is_dir():
            below = Row(where=row.where, year=row.year, group=row.group)
            for crate in crates_below(path, limit=self._settings.records_limit):
                yield self._entry(str(crate), below)
        else:
            raise BadInput(
                f"no crate: {shortened(row.where)}",
                hint="a crate is a zip file or a folder; no list may stand in a list",
            )

    def _entry(self, where: str, row: Row) -> Entry:
        self._done += 1
        self._progress("list", self._done, 0, where)
        return Entry(where=where, title=row.title, year=row.year, group=row.group)


@contextmanager
def _named(line: str) -> Iterator[None]:
    """Say in complaints about what was written which line it stands in."""
    try:
        yield
    except BadInput as error:
        where = f"{line}: {error.where}" if error.where else line
        raise type(error)(error.message, where=where, hint=error.hint) from error


def _names_crate(path: Path) -> bool:
    return path.name == METADATA_NAME or is_crate(path)


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that end as those of a file do, with or without their ends before."""
    for line in lines:
        yield f"{line.rstrip(chr(13) + chr(10))}\n"
