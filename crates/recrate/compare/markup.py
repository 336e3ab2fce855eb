"""HTML results: tables by cell, pictures by pixels, scripts by their data, words as text."""

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
from recrate.compare.scripts import RANDOM, compare_scripts
from recrate.compare.styles import cell_styles, own_colours, settled_colour
from recrate.compare.tables import Table, compare_tables
from recrate.compare.text import compare_text
from recrate.compare.vector import compare_svg

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[a-zA-Z][^<>]{0,4000}>|<style[^<>]{0,200}>[^<]{0,200000}</style>")
_NAMES = re.compile(
    r"(?:\b(?:id|class|for|name|headers|aria-[a-z]{1,20}|data-[a-z-]{1,40})\s?=\s?|href\s?=\s?(?=[\"']#))"
    r"(?:\"[^\"]{0,2000}\"|'[^']{0,2000}')|^<style(?s:.){0,200000}"
)
_RAISED = ("sup", "sub", "msup", "msub", "mfrac", "msqrt", "del", "s")
"""Elements whose words mean something else than the same words in a line."""
_SOURCES = ("src", "href", "srcdoc", "data", "value")
_BUTTONS = ("colab-df-button", "colab-df-quickchart", "colab-df-convert", "sk-estimator-doc-link")
_QUIET = ("script", "style", "head", "title", "meta", "link", "noscript", "template")


@dataclass(slots=True)
class Page:
    """What an HTML fragment holds, by kind and in order.

    marks:   which boxes are ticked, which options are chosen, what is raised, lowered or struck out
    colours: of words and their background, where an element's own style names one
    cells:   place of a styled frame's cell → how it looks
    """

    tables: list[Table] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


def compare_html(recorded: str, rerun: str, terms: Terms) -> Outcome:
    """Say whether two HTML fragments show the same.

    Tables go cell by cell; words outside of tables as text; pictures in `data:` URLs as pictures;
    scripts by the JSON in them. Random identifiers, style sheets and markup do not count.
    """
    if recorded == rerun:
        return SAME
    if _nameless(recorded) == _nameless(rerun):
        return equivalent(ignoring(("random identifiers",)), ("random identifiers",))
    before, after = _page(recorded), _page(rerun)
    if before is None or after is None:
        return compare_text(recorded, rerun, terms)
    outcomes = list(_parts(before, after, terms))
    outcome = heaviest(outcomes)
    if outcome is SAME or outcome.reason == SAME.reason:
        return equivalent("shows the same, in other markup", outcome.rules)
    return outcome


def _nameless(markup: str) -> str:
    """Return markup without the random parts of names of elements; words and data stay."""

    def forget(name: re.Match[str]) -> str:
        return RANDOM.sub("<id>", name.group())

    return _TAG.sub(lambda tag: _NAMES.sub(forget, tag.group()), markup)


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
    yield from compare_scripts(before.scripts, after.scripts, terms)
    yield from _looks(before, after)


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
    dropped: set[Any] = set()
    for element in root.iter(etree.Element):
        above = element.getparent()
        if above in dropped or _is_button(element):
            tail = element.tail or ""
            if tail.strip() and above not in dropped and above not in inside:
                page.words.append(tail)
            dropped.add(element)
            continue
        if above in inside:
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
    if element.tag == "caption":
        page.words.append("".join(element.itertext()))
    if not words and element.tag == "table" and element.tail and element.tail.strip():
        page.words.append(element.tail)
    if element.tag == "style" and element.text:
        page.cells |= cell_styles(element.text)
    _look_at_form(element, page)
    for name in _SOURCES:
        value = element.get(name)
        if value and element.tag not in ("link", "li", "data", "option"):
            page.sources.append(value)


def _look_at_form(element: Any, page: Page) -> None:
    """Take what is ticked, chosen and coloured into the page."""
    kind = (element.get("type") or "").lower()
    if element.tag == "input" and kind in ("checkbox", "radio"):
        if "sk-toggleable" not in (element.get("class") or ""):
            page.marks.append("yes" if element.get("checked") is not None else "no")
    elif element.tag == "option":
        page.marks.append("yes" if element.get("selected") is not None else "no")
    elif element.tag in _RAISED:
        page.marks.append(f"{element.tag} {' '.join(''.join(element.itertext()).split())}")
    for name in ("color", "bgcolor"):
        if element.get(name):
            page.colours.append(settled_colour(element.get(name)))
    style = element.get("style")
    if style and len(style) < 4000:
        page.colours += own_colours(style)


def _is_button(element: Any) -> bool:
    """Say whether an element is a library's button or link, which holds nothing of the result."""
    name = element.get("class") or ""
    if any(mark in name for mark in _BUTTONS):
        return True
    above = element.getparent()
    if element.tag != "b" or above is None:
        return False
    return "sk-text-repr-fallback" in (above.get("class") or "")


def _looks(before: Page, after: Page) -> Iterator[Outcome]:
    """Compare what is ticked, chosen and coloured."""
    if before.marks != after.marks:
        yield different("something is ticked, chosen, raised or struck out otherwise")
    if before.colours != after.colours:
        yield different("something has another colour")
    if before.cells != after.cells and before.cells and after.cells:
        yield different("cells of a styled table look otherwise")


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
        if left.startswith("#") and right.startswith("#"):
            left, right = RANDOM.sub("<id>", left), RANDOM.sub("<id>", right)
        return compare_text(left, right, terms)
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
