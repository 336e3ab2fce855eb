"""HTML tables as rows of cells, compared cell by cell."""

from dataclasses import dataclass

from recrate.compare.numbers import in_percent
from recrate.compare.outcome import Outcome, Terms, different, equivalent
from recrate.compare.text import compare_text

_TYPES = {"object": "text", "str": "text", "string": "text", "int32": "int64"}


_MISSING = frozenset({"NaN", "nan", "None", "<NA>", "NaT", "NA"})
"""Spellings of a value that is not there: pandas 3 writes NaN where pandas 2 wrote None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table's cells as text, row by row; `heads` counts the rows at the top made of headers."""

    rows: tuple[tuple[str, ...], ...]
    heads: int = 0


def compare_tables(recorded: Table, rerun: Table, terms: Terms) -> Outcome:
    """Compare two tables: same rows and columns in the same order, each cell as text.

    The reason names the first row and column that differ, and how many cells do.
    """
    if recorded.rows == rerun.rows:
        return equivalent("same table, other markup")
    if len(recorded.rows) != len(rerun.rows):
        return different(
            f"the table has {len(rerun.rows) - rerun.heads} rows instead of "
            f"{len(recorded.rows) - recorded.heads}"
        )
    cells = apart = 0
    first = ""
    rules: dict[str, None] = {}
    largest = 0.0
    for number, (row, other) in enumerate(zip(recorded.rows, rerun.rows, strict=True)):
        cells += len(row)
        if row == other:
            continue
        if len(row) != len(other):
            return different(
                f"row {_name(row, number)} has {len(other)} cells instead of {len(row)}"
            )
        for column, (left, right) in enumerate(zip(row, other, strict=True)):
            outcome = _compare_cell(left, right, terms)
            if outcome is None:
                continue
            rules |= dict.fromkeys(outcome.rules)
            if outcome.holds:
                continue
            apart += 1
            largest = max(largest, outcome.gap)
            place = f"row {_name(row, number)}, column {_column(recorded, column)}"
            first = first or f"{place}: {_short(left)} became {_short(right)}"
    if apart:
        size = f", largest by {in_percent(largest)}" if 0 < largest < float("inf") else ""
        return different(f"{apart} of {cells} table cells differ{size}; {first}", tuple(rules))
    return equivalent("same table within the tolerance", tuple(rules))


def _compare_cell(left: str, right: str, terms: Terms) -> Outcome | None:
    """Compare two cells; None when they are equal."""
    if (
        left == right
        or (left in _MISSING and right in _MISSING)
        or _TYPES.get(left, left) == _TYPES.get(right, right)
    ):
        return None
    return compare_text(left, right, terms)


def _name(row: tuple[str, ...], number: int) -> str:
    label = row[0] if row else ""
    return f"“{_short(label)}”" if label else str(number)


def _column(table: Table, column: int) -> str:
    for row in table.rows[: table.heads]:
        if column < len(row) and row[column]:
            return f"“{_short(row[column])}”"
    return str(column)


def _short(cell: str) -> str:
    short = cell if len(cell) <= 40 else cell[:39] + "…"
    return short or "empty"
