"""Lists that are tables: CSV and TSV, as spreadsheets save them."""

import csv
from collections.abc import Iterable, Iterator

from recrate.campaign.lists_places import shortened
from recrate.campaign.lists_rows import GROUP, TITLE, WHERE, YEAR, Row, names_places, read_row
from recrate.model.errors import BadInput

DELIMITERS = "\t,;"
_HINT = f"name a column {', '.join(WHERE[:6])}; others may be {TITLE[0]}, {YEAR[0]}, {GROUP[0]}"


def delimiter_of(header: str) -> str | None:
    """Return what separates the columns of a header; None for a line that is none.

    A header names a column that crates are named in. One without any separator is not told apart
    from a list of one path a line.
    """
    for one in DELIMITERS:
        if one in header and names_places(_cells(header, one)):
            return one
    return None


def table_rows(lines: Iterable[str], *, name: str, first: int = 1) -> Iterator[tuple[int, Row]]:
    """Yield each row of a table with the number of its line; empty rows are passed over.

    lines: from the header on, whose number is `first`
    Raises BadInput naming the line of a row that is broken.
    """
    given = iter(lines)
    header = next(given, "")
    delimiter = delimiter_of(header) or ","
    columns = [cell.strip() for cell in _cells(header, delimiter)]
    if not names_places(columns):
        raise BadInput("no column names crates", where=f"{name}, line {first}", hint=_HINT)
    reader = csv.reader((f"{line}\n" for line in given), delimiter=delimiter, strict=True)
    while True:
        number = first + 1 + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadInput(
                f"no row of a table: {error}",
                where=f"{name}, line {number}",
                hint="a quotation mark may be missing or too much",
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, _row(cells, columns, f"{name}, line {number}")


def _row(cells: list[str], columns: list[str], where: str) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise BadInput(
            f"{len(cells)} cells, but {len(columns)} columns: {shortened(' | '.join(cells))}",
            where=where,
            hint="a text with a separator in it stands in quotation marks",
        )
    try:
        return read_row(_said(columns, cells))
    except BadInput as error:
        raise BadInput(error.message, where=where, hint=error.hint) from error


def _said(columns: list[str], cells: list[str]) -> dict[str, str]:
    """Return cells by column; of two columns of one name the first that is filled in counts."""
    said: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        said[column] = said.get(column) or cell
    return said


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
