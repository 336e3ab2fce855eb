"""HTML tables side by side: the cells that differ are marked, long runs of equal rows are folded.

Works on HTML that `markup.clean` has serialised: tags in lower case, no `<` in attributes, every
row and cell closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup

from recrate.report.allowance import Allowance
from recrate.report.say import say

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)((?: [a-z]+=\"\d+\")*)>(.*?)</\1>", re.DOTALL)
_CONTEXT = 2
_SHOWN_ROWS = 60
"""A table of at most so many rows is shown whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One `<tr>`: where its inside stands in the HTML, and the text of its cells."""

    start: int
    end: int
    cells: tuple[str, ...]


def rows_of(html: str) -> tuple[Row, ...]:
    """Return the rows of all tables of `html` in order; none when a table stands in another."""
    if any("<table>" in table[0][7:] for table in _TABLE.finditer(html)):
        return ()
    return tuple(
        Row(
            found.start(1),
            found.end(1),
            tuple(_words(cell[3]) for cell in _CELL.finditer(found[1])),
        )
        for found in _ROW.finditer(html)
    )


def mark_tables(recorded: Markup, rerun: Markup, allowance: Allowance) -> tuple[Markup, Markup]:
    """Return both with `<del>`/`<ins>` in cells that differ and equal stretches folded."""
    left, right = rows_of(recorded), rows_of(rerun)
    changes: tuple[dict[int, set[int]], dict[int, set[int]]] = ({}, {})
    for one, other in _pairs(left, right, allowance):
        before = left[one].cells if one is not None else ()
        after = right[other].cells if other is not None else ()
        if before == after:
            continue
        if one is not None:
            changes[0][one] = _differing(before, after)
        if other is not None:
            changes[1][other] = _differing(after, before)
    return (
        _rewritten(recorded, left, changes[0], "del"),
        _rewritten(rerun, right, changes[1], "ins"),
    )


def folded(html: Markup) -> Markup:
    """Return one table alone, its middle folded when it is long."""
    return _rewritten(html, rows_of(html), {}, "ins")


def _pairs(
    left: tuple[Row, ...], right: tuple[Row, ...], allowance: Allowance
) -> Iterator[tuple[int | None, int | None]]:
    """Give the indices of rows that belong together; None where one side has no such row."""
    count = max(len(left), len(right))
    aligned = len(left) == len(right) or not allowance.admits_comparison(len(left) * len(right))
    if aligned:
        for place in range(count):
            yield (place if place < len(left) else None, place if place < len(right) else None)
        return
    matcher = SequenceMatcher(
        None, [row.cells for row in left], [row.cells for row in right], autojunk=False
    )
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        for place in range(max(end - start, other_end - other_start)):
            yield (
                start + place if start + place < end else None,
                other_start + place if other_start + place < other_end else None,
            )


def _differing(cells: tuple[str, ...], others: tuple[str, ...]) -> set[int]:
    return {
        place for place, cell in enumerate(cells) if place >= len(others) or cell != others[place]
    }


def _rewritten(html: str, rows: tuple[Row, ...], changes: dict[int, set[int]], tag: str) -> Markup:
    kept = _kept(len(rows), changes)
    pieces: list[str] = []
    position = hidden = differing = 0
    for place, row in enumerate(rows):
        if place in kept:
            pieces.append(html[position : row.start])
            pieces.append(_row(html[row.start : row.end], changes.get(place, set()), tag))
            position, hidden, differing = row.end, 0, 0
            continue
        hidden += 1
        differing += place in changes
        opening = row.start - len("<tr>")
        if hidden == 1:
            pieces.append(html[position:opening])
        else:  # what stands between two hidden rows may open or close a table: it stays
            pieces.append(html[position:opening].strip())
        position = row.end + len("</tr>")
        if place + 1 == len(rows) or place + 1 in kept:
            width = max(len(row.cells), 1)
            words = _told(hidden, differing)
            pieces.append(f'<tr class="fold"><td colspan="{width}">⋯ {words} ⋯</td></tr>')
            hidden = 0
    pieces.append(html[position:])
    return Markup("".join(pieces))  # noqa: S704 - cleaned HTML with our own tags in it


def _told(hidden: int, differing: int) -> Markup:
    """Say what is folded: equal rows, or more differing ones than the page has room for."""
    if differing:
        return say("fold.rows", count=f"{hidden:,}", differing=f"{differing:,}")
    return say("fold", count=f"{hidden:,}")


def _kept(count: int, changes: dict[int, set[int]]) -> set[int]:
    if count <= _SHOWN_ROWS:
        return set(range(count))
    kept = {0, 1, 2, count - 2, count - 1}
    for place in sorted(changes)[:_SHOWN_ROWS]:
        kept.update(range(max(place - _CONTEXT, 0), min(place + _CONTEXT + 1, count)))
    if not changes:
        kept.update(range(_SHOWN_ROWS // 2))
    return kept


def _row(inside: str, differing: set[int], tag: str) -> str:
    if not differing:
        return inside
    number = -1

    def marked(found: "re.Match[str]") -> str:
        nonlocal number
        number += 1
        if number not in differing:
            return found[0]
        name, attributes, content = found.groups()
        return f'<{name}{attributes} class="changed"><{tag}>{content}</{tag}></{name}>'

    return _CELL.sub(marked, inside)


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
