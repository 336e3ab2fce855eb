"""JSON edited as text: one value is replaced, and every other byte stays as it was."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from json.decoder import JSONDecoder
from typing import Any

Span = tuple[int, int]
"""(start, end) of a value in the text."""

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()


def members(text: str, start: int) -> dict[str, Span]:
    """Return where the values of the object at `start` stand, by key; of equal keys the last.

    Raises ValueError when there is no object.
    """
    found: dict[str, Span] = {}
    position = _after(text, start, "{")
    while text[position : position + 1] != "}":
        if text[position : position + 1] != '"':
            raise ValueError("no key")
        key, position = _DECODER.raw_decode(text, position)
        position = _after(text, _skip(text, position), ":")
        _, end = _DECODER.raw_decode(text, position)
        found[key] = (position, end)
        position = _next(text, end, "}")
    return found


def items(text: str, start: int) -> list[Span]:
    """Return where the values of the array at `start` stand; raises ValueError for no array."""
    found: list[Span] = []
    position = _after(text, start, "[")
    while text[position : position + 1] != "]":
        _, end = _DECODER.raw_decode(text, position)
        found.append((position, end))
        position = _next(text, end, "]")
    return found


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _after(text: str, position: int, sign: str) -> int:
    position = _skip(text, position)
    if text[position : position + 1] != sign:
        raise ValueError(f"no {sign}")
    return _skip(text, position + 1)


def _next(text: str, end: int, closing: str) -> int:
    """Return where the next element starts, or the closing sign stands."""
    position = _skip(text, end)
    if text[position : position + 1] == closing:
        return position
    return _after(text, position, ",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a JSON text is written. `indent` is None where it is all on one line."""

    indent: str | None
    newline: str
    ascii_only: bool


def style_of(text: str) -> Style:
    """Return how `text` is written."""
    match = re.match(r"\s*[\[{](\r?\n)([ \t]*)[\"\[{]", text)
    return Style(
        indent=match[2] if match else None,
        newline=match[1] if match else "\n",
        ascii_only=text.isascii() and re.search(r"\\u(?!00[01])[0-9a-fA-F]{4}", text) is not None,
    )


def dumped(value: Any, text: str, span: Span) -> str:
    """Return `value` as JSON that fits where `span` of `text` stands."""
    style = style_of(text)
    old = text[span[0] : span[1]]
    if "\n" not in old or style.indent is None or not value:
        return json.dumps(value, ensure_ascii=style.ascii_only, separators=_separators(text))
    line = text[text.rfind("\n", 0, span[0]) + 1 : span[0]]
    base = line[: len(line) - len(line.lstrip())]
    plain = json.dumps(value, ensure_ascii=style.ascii_only, indent=style.indent or 0)
    return plain.replace("\n", style.newline + base)


def replaced(text: str, values: Mapping[Span, Any]) -> str:
    """Return `text` with the values at these places replaced; places must not overlap."""
    for span in sorted(values, reverse=True):
        text = text[: span[0]] + dumped(values[span], text, span) + text[span[1] :]
    return text


def _separators(text: str) -> tuple[str, str]:
    head = text[:4000]
    return (", ", ": ") if '": ' in head or '":' not in head else (",", ":")
