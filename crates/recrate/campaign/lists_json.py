"""Lists in JSON: an array, or an object a line; read as they come, never as a whole."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from recrate.campaign.lists_places import shortened
from recrate.campaign.lists_rows import Row, read_row
from recrate.model.errors import BadInput

ITEM_CHARACTERS = 1 << 20
_BLANK = re.compile(r"[ \t\r\n]*")
_HINT = 'an item is a text, or an object such as {"where": "10.5281/zenodo.1", "year": 2024}'


def json_lines(lines: Iterable[str], *, name: str, first: int = 1) -> Iterator[tuple[int, Row]]:
    """Yield the row of each line that is not blank, with its number.

    Raises BadInput naming the line that holds no object of ours.
    """
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _broken(f"no JSON: {shortened(line)}", name, number) from error
        yield number, _row(value, name, number)


def json_array(pieces: Iterable[str], *, name: str, first: int = 1) -> Iterator[tuple[int, Row]]:
    """Yield the row of each item of an array, with the number of the line it begins in.

    pieces: the text, cut anywhere, from the array's bracket on
    """
    reader = _Reader(pieces, name, first)
    if reader.peek() != "[":
        raise _broken("no array", name, reader.line)
    reader.skip()
    if reader.peek() == "]":
        reader.skip()
    else:
        while True:
            number, value = reader.item()
            yield number, _row(value, name, number)
            mark = reader.peek()
            if mark not in {",", "]"}:
                raise _broken(
                    "the array breaks off" if not mark else f"{mark} where a comma belongs",
                    name,
                    reader.line,
                )
            reader.skip()
            if mark == "]":
                break
    if reader.peek():
        raise _broken("something after the array", name, reader.line)


class _Reader:
    """The text of an array, of which little more than one item is held. `line`: where it is."""

    def __init__(self, pieces: Iterable[str], name: str, first: int) -> None:
        self.line = first
        self._name = name
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """Return the next character that is not blank, empty at the end."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._to(found.end() if found else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Pass over one character."""
        self._to(self._at + 1)

    def item(self) -> tuple[int, Any]:
        """Return the line and the value of the next object or text."""
        if self.peek() not in {"{", '"'}:
            raise _broken("neither an object nor a text", self._name, self.line)
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at < ITEM_CHARACTERS and self._more():
                    continue
                raise _broken("no JSON", self._name, self.line) from error
            number = self.line
            self._to(end)
            return number, value

    def _to(self, place: int) -> None:
        self.line += self._text.count("\n", self._at, place)
        self._at = place

    def _more(self) -> bool:
        piece = next(self._pieces, "")
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)


def _row(value: Any, name: str, number: int) -> Row:
    said = {"where": value} if isinstance(value, str) else value
    if not isinstance(said, dict):
        raise _broken("neither an object nor a text", name, number)
    try:
        return read_row(said)
    except BadInput as error:
        raise BadInput(error.message, where=f"{name}, line {number}", hint=error.hint) from error


def _broken(message: str, name: str, number: int) -> BadInput:
    return BadInput(message, where=f"{name}, line {number}", hint=_HINT)
