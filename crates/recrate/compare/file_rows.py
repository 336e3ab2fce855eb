"""Tables in files (CSV, parquet, sheets) as rows of text, compared side by side, row by row."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from recrate.compare.file_times import for_text, is_duration, measures_time
from recrate.compare.numbers import Tally, agree, in_percent, relative_gap
from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, heaviest, ignoring
from recrate.compare.text import compare_text

Row = Sequence[str]

NUMBER = re.compile(
    r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*\Z|\s*[-+]?(?:nan|NaN|inf|Inf|NA)\s*\Z"
)
_DELIMITERS = (",", ";", "\t", "|")
_TEXTS = 2_000
"""Cells of text that are compared by the rules of text; behind them, by their letters alone."""
_SHOWN = 40


@dataclass(slots=True)
class Walk:
    """What was seen while two tables were walked through.

    timed: columns that tell how long something took
    place: the row and column of the largest difference of numbers
    first: the first cell of text that differs, in words
    """

    heads: Row
    terms: Terms
    timed: frozenset[int] = frozenset()
    cells: int = 0
    words: int = 0
    texts: int = 0
    tally: Tally = field(default_factory=Tally)
    rules: dict[str, None] = field(default_factory=dict)
    place: str = ""
    first: str = ""


def compare_csv(recorded: str, rerun: str, terms: Terms, delimiter: str = "") -> Outcome:
    """Compare two texts of delimited values; `delimiter` is found in the first line when empty.

    Lines that begin with `#` before the table are compared as text. Raises csv.Error for a text
    that is no table.
    """
    before, left = _without_comments(recorded)
    after, right = _without_comments(rerun)
    mark = delimiter or _delimiter_of(left)
    rows = compare_rows(
        csv.reader(io.StringIO(left, newline=""), delimiter=mark),
        csv.reader(io.StringIO(right, newline=""), delimiter=mark),
        terms,
    )
    return (
        heaviest([compare_text(before, after, for_text(terms)), rows]) if before != after else rows
    )


def compare_rows(recorded: Iterable[Row], rerun: Iterable[Row], terms: Terms) -> Outcome:
    """Compare two tables whose first row is a head where it holds no number.

    Columns are paired by their heads, in whatever order they stand; rows by their place. Rows are
    told from 1, the head not counted. Neither table is held in memory.
    """
    left = (row for row in recorded if row)
    right = (row for row in rerun if row)
    head, other = next(left, None), next(right, None)
    if head is None or other is None:
        return SAME if head is other else different("one of the tables is empty")
    order, complaint = _paired(head, other)
    if complaint:
        return different(complaint)
    named = not any(NUMBER.match(cell) for cell in head)
    walk = Walk(heads=head if named else (), terms=for_text(terms))
    walk.timed = _timed(head, terms) if named else frozenset()
    numbers = 0 if named else 1
    if not named:
        _compare_row(head, other, 1, walk)
    before = after = numbers
    for row, partner in zip_longest(left, right):
        before += row is not None
        after += partner is not None
        if row is None or partner is None:
            continue
        if order is not None and len(partner) == len(order):
            partner = [partner[place] for place in order]  # noqa: PLW2901 - as it is recorded
        _compare_row(row, partner, before, walk)
    if before != after:
        return different(f"the table has {after} rows instead of {before}")
    if order is not None:
        walk.rules["order of columns"] = None
    return _outcome(walk)


def _without_comments(text: str) -> tuple[str, str]:
    """Return the lines at the top that begin with `#`, and the rest."""
    end = 0
    while text.startswith("#", end):
        stop = text.find("\n", end)
        end = len(text) if stop < 0 else stop + 1
    return text[:end], text[end:]


def _delimiter_of(text: str) -> str:
    line = text[: text.find("\n") if "\n" in text else len(text)]
    return max(_DELIMITERS, key=line.count)


def _paired(head: Row, other: Row) -> tuple[list[int] | None, str]:
    """Return the places of the recorded columns in the rerun, None when they are the same.

    The second is what keeps the tables from being compared, empty when nothing does.
    """
    if list(head) == list(other):
        return None, ""
    if any(NUMBER.match(cell) for cell in head):
        return None, "" if len(head) == len(other) else _columns(head, other)
    gone = [cell for cell in head if cell not in other]
    new = [cell for cell in other if cell not in head]
    if gone and new and len(head) == len(other):
        return None, f"column {_quoted(new[0])} instead of {_quoted(gone[0])}"
    if gone or new:
        what = f"column {_quoted(gone[0])} is gone" if gone else f"column {_quoted(new[0])} is new"
        return None, what
    if len(set(head)) < len(head) or len(head) != len(other):
        return None, _columns(head, other)
    return [list(other).index(cell) for cell in head], ""


def _columns(head: Row, other: Row) -> str:
    if len(head) == len(other):
        return "the columns stand in another order"
    return f"the table has {len(other)} columns instead of {len(head)}"


def _timed(head: Row, terms: Terms) -> frozenset[int]:
    """Return the columns that tell how long something took, where the code measures that."""
    if not measures_time(terms):
        return frozenset()
    return frozenset(place for place, cell in enumerate(head) if is_duration(cell))


def _compare_row(row: Row, partner: Row, number: int, walk: Walk) -> None:
    walk.cells += len(row)
    walk.tally.numbers += sum(1 for cell in row if NUMBER.match(cell))
    if len(row) != len(partner):
        walk.words += 1
        walk.first = walk.first or f"row {number} has {len(partner)} cells instead of {len(row)}"
        return
    if row == partner:
        return
    for column, (left, right) in enumerate(zip(row, partner, strict=True)):
        if left == right:
            continue
        if column in walk.timed:
            walk.rules["timings"] = None
        elif NUMBER.match(left) and NUMBER.match(right):
            _compare_cells(left.strip(), right.strip(), (number, column), walk)
        else:
            _compare_words(left, right, (number, column), walk)


def _compare_cells(left: str, right: str, where: tuple[int, int], walk: Walk) -> None:
    tally = walk.tally
    if agree(left, right, walk.terms.tolerance):
        tally.near += 1
        return
    tally.apart += 1
    gap = relative_gap(left, right)
    if gap > tally.largest or not walk.place:
        tally.largest, tally.recorded, tally.rerun = gap, left, right
        walk.place = f"row {where[0]}, column {_column(walk, where[1])}"


def _compare_words(left: str, right: str, where: tuple[int, int], walk: Walk) -> None:
    walk.texts += 1
    if walk.texts <= _TEXTS:
        outcome = compare_text(left, right, walk.terms)
        walk.rules |= dict.fromkeys(outcome.rules)
        if outcome.holds:
            walk.tally.near += not outcome.rules
            return
    walk.words += 1
    place = f"row {where[0]}, column {_column(walk, where[1])}"
    walk.first = walk.first or f"{place}: {_short(left)} became {_short(right)}"


def _outcome(walk: Walk) -> Outcome:
    rules, tally = tuple(walk.rules), walk.tally
    if walk.words:
        size = f", largest by {in_percent(tally.largest)}" if tally.apart else ""
        apart = f"{walk.words + tally.apart} of {walk.cells} table cells differ{size}"
        return different(f"{apart}; {walk.first}", rules)
    if tally.apart:
        return different(
            f"{tally.apart} of {tally.numbers} numbers differ, largest by "
            f"{in_percent(tally.largest)} at {walk.place}: {tally.recorded} became {tally.rerun}",
            rules,
            tally.largest,
        )
    also = f"; {ignoring(rules)[len('same after ') :]}" if rules else ""
    if tally.near:
        near = f"{tally.near} of {tally.numbers} numbers differ within the tolerance"
        return equivalent(f"same table; {near}{also}", rules)
    return equivalent(ignoring(rules) if rules else "same table, written otherwise", rules)


def _column(walk: Walk, column: int) -> str:
    head = walk.heads[column] if column < len(walk.heads) else ""
    return _quoted(head) if head else str(column + 1)


def _quoted(cell: str) -> str:
    return f"“{_short(cell)}”"


def _short(cell: str) -> str:
    short = " ".join(cell.split())
    short = short if len(short) <= _SHOWN else short[: _SHOWN - 1] + "…"
    return short.encode("utf-8", "replace").decode() or "empty"


def in_words(values: Iterable[object]) -> Iterator[str]:
    """Return the values of a row as text: nothing is empty, numbers keep all their digits."""
    for value in values:
        yield "" if value is None else str(value)
