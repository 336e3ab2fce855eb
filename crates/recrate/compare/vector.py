"""SVG drawings: the same elements with the same attributes, numbers as near as the eye needs."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from recrate.compare.numbers import split
from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, heaviest
from recrate.compare.text import compare_text

UNITS = 0.25
"""User units (about a quarter of a pixel) by which a coordinate may lie elsewhere."""
_REFERENCE = re.compile(r"url\(#([^)]{1,200})\)|^#(.{1,200})$")
_LEFT_OUT = ("metadata", "title", "desc", "style", "script")
_NAMELESS = ("id", "class", "aria-label", "version", "style", "role", "tabindex")


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
    if before == after:
        return equivalent("same drawing; identifiers, dates or markup differ")
    texts = [compare_text(_words(before), _words(after), terms)]
    if len(before) != len(after):
        lacking = f"{len(after)} elements instead of {len(before)}"
        return heaviest([*texts, different(f"the drawing has {lacking}")])
    moved = 0
    for left, right in zip(before, after, strict=True):
        if left != right and not _near(left, right):
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
        text = " ".join((element.text or "").split())
        found.append(Element(name=name, attributes=_attributes(element), text=text))
    return [_renamed(element, names) for element in found]


def _attributes(element: Any) -> tuple[tuple[str, str], ...]:
    """Return attributes by local name, sorted; `style` is opened into its properties."""
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = etree.QName(key).localname
        if name == "style":
            for part in value.split(";"):
                before, _, after = part.partition(":")
                if after:
                    found[before.strip()] = after.strip()
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


def _near(left: Element, right: Element) -> bool:
    if left.name != right.name or len(left.attributes) != len(right.attributes):
        return False
    for (key, value), (other_key, other) in zip(left.attributes, right.attributes, strict=True):
        if key != other_key:
            return False
        if value != other and not _near_values(value, other):
            return False
    return True


def _near_values(value: str, other: str) -> bool:
    """Compare words exactly and numbers within UNITS; colours are words."""
    if value.startswith("#") or other.startswith("#"):
        return value.lower() == other.lower()
    words, numbers = split(value)
    other_words, other_numbers = split(other)
    if words != other_words or len(numbers) != len(other_numbers):
        return False
    pairs = zip(numbers, other_numbers, strict=True)
    return all(_near_numbers(first, second) for first, second in pairs)


def _near_numbers(first: str, second: str) -> bool:
    if first == second:
        return True
    try:
        return abs(float(first) - float(second)) <= UNITS
    except ValueError:
        return False
