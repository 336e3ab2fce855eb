"""SVG drawings: the same elements with the same attributes, numbers as near as the eye needs."""

import math
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, heaviest
from recrate.compare.styles import properties_of, settled_colour, sheet_of
from recrate.compare.text import compare_text

UNITS = 0.25
"""User units (about a quarter of a pixel) by which a coordinate may lie elsewhere."""
SHARE = 0.001
"""Of the drawing's width or height, whichever is less: the most by which a coordinate may move."""
EXACT = 5e-3
"""Relative: how far other numbers may differ, such as an opacity, a scale, a width of a line."""
_REFERENCE = re.compile(r"url\(#([^)]{1,200})\)|^#(.{1,200})$")
_REFERENCE_IN_SHEET = re.compile(r"#[\w-]{1,200}")
_LEFT_OUT = ("metadata", "title", "desc", "script")
_NAMELESS = ("id", "aria-label", "version", "role", "tabindex")
_PLACES = frozenset(
    {"d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"}
    | {"width", "height", "dx", "dy", "fx", "fy", "refX", "refY"}
)
"""Attributes that hold coordinates and lengths of what is drawn."""
_COLOURS = frozenset({"fill", "stroke", "color", "stop-color", "flood-color"})
_SEPARATOR = re.compile(r"[\s,]+")
_MOVE = re.compile(r"(translate\s*\(|rotate\s*\([^,()]*,)([^()]*)\)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One drawn element: its name, attributes that are words or numbers, and its own text."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str


def compare_svg(recorded: str, rerun: str, terms: Terms) -> Outcome:  # noqa: PLR0911 each its reason
    """Say whether two SVG drawings show the same.

    Identifiers are followed by order, not by name; metadata and dates do not count; coordinates
    may differ by a quarter of a unit.
    """
    if recorded == rerun:
        return SAME
    before, after = _elements(recorded), _elements(rerun)
    if before is None or after is None:
        if before is None and after is None:
            return compare_text(recorded, rerun, terms)
        return different("one of the drawings is not readable")
    unit = min(UNITS, SHARE * _extent(before[0]))
    if before == after:
        return equivalent("same drawing; identifiers, dates or markup differ")
    texts = [compare_text(_words(before), _words(after), terms)]
    if len(before) != len(after):
        lacking = f"{len(after)} elements instead of {len(before)}"
        return heaviest([*texts, different(f"the drawing has {lacking}")])
    moved = 0
    for left, right in zip(before, after, strict=True):
        if left != right and not _near(left, right, unit):
            moved += 1
    if moved:
        return heaviest([*texts, different(f"{moved} of {len(before)} drawn elements differ")])
    return heaviest([*texts, equivalent("same drawing within a quarter of a unit")])


def _elements(drawing: str) -> list[Element] | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(drawing.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is None:
        return None
    found: list[Element] = []
    names: dict[str, str] = {}
    left_out: set[Any] = set()
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _LEFT_OUT or element.getparent() in left_out:
            left_out.add(element)
            continue
        if "id" in element.attrib:
            names.setdefault(str(element.get("id")), f"id{len(names)}")
        found.append(_read(name, element))
    return [_renamed(element, names) for element in found] or None


def _read(name: str, element: Any) -> Element:
    """Return an element with its words: also those behind the elements within it."""
    if name == "style":
        return Element(name=name, attributes=_sheet(element.text or ""), text="")
    words = [element.text or "", *(child.tail or "" for child in element)]
    text = " ".join(" ".join(words).split())
    return Element(name=name, attributes=_attributes(element), text=text)


def _sheet(text: str) -> tuple[tuple[str, str], ...]:
    """Return a style sheet's properties by selector; ids in selectors are names of elements."""
    found = {
        (f"{_REFERENCE_IN_SHEET.sub('#', selector)} {name}", content)
        for selector, properties in sheet_of(text).items()
        for name, content in properties.items()
    }
    return tuple(sorted(found))


def _attributes(element: Any) -> tuple[tuple[str, str], ...]:
    """Return attributes by local name, sorted; `style` is opened into its properties."""
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = etree.QName(key).localname
        if name == "style":
            found |= properties_of(value)
        elif name in _COLOURS:
            found[name] = settled_colour(value)
        elif name not in _NAMELESS:
            found[name] = value
    return tuple(sorted(found.items()))


def _renamed(element: Element, names: dict[str, str]) -> Element:
    """Replace references by the order in which their targets were defined."""
    changed = []
    for key, value in element.attributes:
        match = _REFERENCE.search(value) if "#" in value else None
        target = (match.group(1) or match.group(2)) if match else ""
        changed.append((key, names.get(target, value)))
    return Element(name=element.name, attributes=tuple(changed), text=element.text)


def _words(elements: list[Element]) -> str:
    return "\n".join(element.text for element in elements if element.text)


def _extent(drawing: Element) -> float:
    """Return the lesser of a drawing's width and height in its own units; infinite if unknown."""
    said = dict(drawing.attributes)
    sizes = [
        float(one) for one in _NUMBER.findall(said.get("viewBox", said.get("viewbox", "")))[2:4]
    ]
    if len(sizes) < 2:
        sizes = [
            float(one)
            for key in ("width", "height")
            for one in _NUMBER.findall(said.get(key, ""))[:1]
        ]
    sizes = [size for size in sizes if size > 0]
    return min(sizes, default=math.inf)


def _near(left: Element, right: Element, unit: float) -> bool:
    if left.name != right.name or len(left.attributes) != len(right.attributes):
        return False
    for (key, value), (other_key, other) in zip(left.attributes, right.attributes, strict=True):
        if key != other_key:
            return False
        if value != other and not _near_values(key, value, other, _of_page(left, unit)):
            return False
    return True


def _of_page(element: Element, unit: float) -> float:
    """Return how far sizes may differ: that of the page itself by a pixel, as it is rounded."""
    return 1.0 if element.name == "svg" else unit


def _near_values(key: str, value: str, other: str, unit: float) -> bool:
    """Compare words exactly, places within `unit`, other numbers nearly exactly."""
    if value.startswith("#") or other.startswith("#"):
        return value.lower() == other.lower()
    if key == "transform":
        moves, others = _MOVE.findall(value), _MOVE.findall(other)
        same = len(moves) == len(others) and all(
            _near_numbers(before[1], after[1], unit)
            for before, after in zip(moves, others, strict=True)
        )
        return same and _near_numbers(_MOVE.sub(r"\1)", value), _MOVE.sub(r"\1)", other), 0.0)
    return _near_numbers(value, other, unit if key in _PLACES else 0.0)


def _near_numbers(value: str, other: str, unit: float) -> bool:
    """Compare words and numbers in turn; blanks and commas between them do not count."""
    words, other_words = (_SEPARATOR.sub("", _NUMBER.sub("0", one)) for one in (value, other))
    numbers, other_numbers = _NUMBER.findall(value), _NUMBER.findall(other)
    if words != other_words or len(numbers) != len(other_numbers):
        return False
    for before, after in zip(numbers, other_numbers, strict=True):
        first, second = float(before), float(after)
        if not abs(first - second) <= max(unit, EXACT * abs(first)) and first != second:
            return False
    return True
