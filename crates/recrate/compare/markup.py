"""HTML results: tables by cell, pictures by pixels, scripts by their data, words as text."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from recrate.compare.embedded import Embedded, embedded
from recrate.compare.images import compare_images
from recrate.compare.outcome import (
    SAME,
    Outcome,
    Terms,
    different,
    equivalent,
    heaviest,
    ignoring,
    skipped,
)
from recrate.compare.structures import compare_structures
from recrate.compare.tables import Table, compare_tables
from recrate.compare.text import compare_text
from recrate.compare.vector import compare_svg

RANDOM = re.compile(
    r"\b[0-9a-fA-F]{8}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{12}\b"
    r"|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|\bT_[0-9a-f]{5}(?![0-9a-f])|\bT_[0-9a-f_]{30,40}"
    r"|\b(?:sk-container-id|sk-estimator-id|altair-viz|vis|bk|p|output|plot|container|itables)[-_]?"
    r"(?:[0-9]{1,7}|[0-9a-f]{6,40})\b"
)
_SPACE = re.compile(r"\s+")
_LIBRARY = 300_000
"""Characters from which on a script is a library, not data."""
_ARGUMENTS = re.compile(
    r"(?:Plotly\.(?:newPlot|react)|vegaEmbed|embedSpec|docs_json\s?=|render_items\s?=|JSON\.parse)"
)
_SOURCES = ("src", "href", "srcdoc", "data", "value")
_QUIET = ("script", "style", "head", "title", "meta", "link", "noscript", "template")


@dataclass(slots=True)
class Page:
    """What an HTML fragment holds, by kind and in order."""

    tables: list[Table] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)


def compare_html(recorded: str, rerun: str, terms: Terms) -> Outcome:
    """Say whether two HTML fragments show the same.

    Tables go cell by cell; words outside of tables as text; pictures in `data:` URLs as pictures;
    scripts by the JSON in them. Random identifiers, style sheets and markup do not count.
    """
    if recorded == rerun:
        return SAME
    if RANDOM.sub("<id>", recorded) == RANDOM.sub("<id>", rerun):
        return equivalent(ignoring(("random identifiers",)), ("random identifiers",))
    before, after = _page(recorded), _page(rerun)
    if before is None or after is None:
        return compare_text(recorded, rerun, terms)
    outcomes = list(_parts(before, after, terms))
    outcome = heaviest(outcomes)
    if outcome is SAME or outcome.reason == SAME.reason:
        return equivalent("shows the same, in other markup", outcome.rules)
    return outcome


def _parts(before: Page, after: Page, terms: Terms) -> Iterator[Outcome]:
    if len(before.tables) != len(after.tables):
        yield different(f"{len(after.tables)} tables instead of {len(before.tables)}")
        return
    for left, right in zip(before.tables, after.tables, strict=True):
        if left.rows != right.rows:
            yield compare_tables(left, right, terms)
    if before.words != after.words:
        yield compare_text("\n".join(before.words), "\n".join(after.words), terms)
    if len(before.drawings) == len(after.drawings):
        pairs = zip(before.drawings, after.drawings, strict=True)
        yield from (compare_svg(left, right, terms) for left, right in pairs if left != right)
    else:
        yield different(f"{len(after.drawings)} drawings instead of {len(before.drawings)}")
    yield from _sources(before.sources, after.sources, terms)
    yield from _scripts(before.scripts, after.scripts, terms)


def _page(markup: str) -> Page | None:
    """Read a fragment; None when nothing of it can be read as HTML."""
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    content = markup.replace("\0", "").encode("utf-8", "replace")
    try:
        root = html.document_fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    page = Page()
    inside: set[Any] = set()
    for element in root.iter(etree.Element):
        if element.getparent() in inside:
            inside.add(element)
            _look(element, page, words=False)
            continue
        name = element.tag
        if name == "table":
            page.tables.append(_table(element))
            inside.add(element)
        elif name == "svg":
            page.drawings.append(etree.tostring(element, encoding="unicode", with_tail=False))
            inside.add(element)
            if element.tail and element.tail.strip():
                page.words.append(element.tail)
            continue
        elif name in _QUIET and name != "script":
            inside.add(element)
        _look(element, page, words=name != "table")
    return page


def _look(element: Any, page: Page, *, words: bool) -> None:
    """Take an element's own words, script and sources into the page."""
    if element.tag == "script":
        if element.text:
            page.scripts.append(element.text)
    elif words and element.tag not in _QUIET and element.text and element.text.strip():
        page.words.append(element.text)
    above = element.getparent()
    if words and element.tail and element.tail.strip() and above is not None:
        page.words.append(element.tail)
    if not words and element.tag == "table" and element.tail and element.tail.strip():
        page.words.append(element.tail)
    for name in _SOURCES:
        value = element.get(name)
        if value and element.tag not in ("link", "li", "data", "option"):
            page.sources.append(value)


def _table(element: Any) -> Table:
    rows: list[tuple[str, ...]] = []
    heads = 0
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if cells and len(rows) == heads and all(cell.tag == "th" for cell in cells):
            heads += 1
        rows.append(tuple(_SPACE.sub(" ", "".join(cell.itertext())).strip() for cell in cells))
    return Table(rows=tuple(row for row in rows if row), heads=heads)


def _sources(before: list[str], after: list[str], terms: Terms) -> Iterator[Outcome]:
    """Compare what elements point to: embedded pictures by pixels, addresses as text."""
    if len(before) != len(after):
        yield different(f"{len(after)} embedded or linked things instead of {len(before)}")
        return
    for left, right in zip(before, after, strict=True):
        if left != right:
            yield _source(left, right, terms)


def _source(left: str, right: str, terms: Terms) -> Outcome:
    first, second = embedded(left), embedded(right)
    if first is None or second is None:
        if left.lstrip().startswith("<") and right.lstrip().startswith("<"):
            return _inner(left, right, terms)
        return compare_text(RANDOM.sub("<id>", left), RANDOM.sub("<id>", right), terms)
    return _compare_embedded(first, second, terms)


def _inner(left: str, right: str, terms: Terms) -> Outcome:
    """Compare the page of a frame, one level deep; deeper ones as text."""
    before, after = _page(left), _page(right)
    if before is None or after is None:
        return compare_text(left, right, terms)
    before.sources = [one for one in before.sources if not one.lstrip().startswith("<")]
    after.sources = [one for one in after.sources if not one.lstrip().startswith("<")]
    return heaviest(list(_parts(before, after, terms)))


def _compare_embedded(first: Embedded, second: Embedded, terms: Terms) -> Outcome:
    if first.content == second.content:
        return SAME
    if first.mime == "image/svg+xml" == second.mime:
        texts = first.content.decode("utf-8", "replace"), second.content.decode("utf-8", "replace")
        return compare_svg(*texts, terms)
    if first.mime.startswith("image/") and second.mime.startswith("image/"):
        return compare_images(first.content, second.content, terms.image_fraction)
    if first.mime.startswith("text/") and second.mime.startswith("text/"):
        texts = first.content.decode("utf-8", "replace"), second.content.decode("utf-8", "replace")
        return compare_text(*texts, terms)
    return skipped(f"{first.mime} cannot be looked into, and its bytes differ")


def _scripts(before: list[str], after: list[str], terms: Terms) -> Iterator[Outcome]:
    """Compare scripts that hold data; libraries (long ones without our marks) do not count."""
    left = [script for script in before if len(script) < _LIBRARY or _ARGUMENTS.search(script)]
    right = [script for script in after if len(script) < _LIBRARY or _ARGUMENTS.search(script)]
    if [RANDOM.sub("<id>", one) for one in left] == [RANDOM.sub("<id>", one) for one in right]:
        return
    data, other = _data(left), _data(right)
    if data or other:
        yield compare_structures(data, other, terms)
        return
    outcome = compare_text(
        RANDOM.sub("<id>", "\n".join(left)), RANDOM.sub("<id>", "\n".join(right)), terms
    )
    yield outcome if outcome.holds else different(f"in a script: {outcome.reason}", outcome.rules)


def _data(scripts: list[str]) -> list[Any]:
    """Return the JSON values that scripts hand to a plot library."""
    found: list[Any] = []
    decoder = json.JSONDecoder()
    for script in scripts:
        for match in _ARGUMENTS.finditer(script):
            found += _values(script, match.end(), decoder)
    return found


def _values(script: str, start: int, decoder: json.JSONDecoder) -> list[Any]:
    """Read the JSON values that follow `start`, separated by commas, up to what is none."""
    found: list[Any] = []
    place = start
    while len(found) < 8:
        while place < len(script) and script[place] in " \t\r\n,(='":
            place += 1
        if place >= len(script) or script[place] not in '{["':
            return found
        try:
            value, place = decoder.raw_decode(script, place)
        except (ValueError, RecursionError):
            return found
        if not isinstance(value, str):
            found.append(value)
    return found
