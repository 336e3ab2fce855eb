"""A kind of change: its name, what it is made to, and whether it is real."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Output = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A cell's outputs before and after one change.

    source: the cell's code; metadata: of the two notebooks, where the states of widgets stand
    """

    recorded: list[Output]
    rerun: list[Output]
    source: str = "fit(data)"
    metadata: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))


Make = Callable[[random.Random], Pair]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of change. `family`: what kind of output it is made to."""

    family: str
    name: str
    is_real: bool
    make: Make

    @property
    def label(self) -> str:
        """The name under which it stands in tables."""
        return f"{self.family}: {self.name}"


KINDS: dict[str, Kind] = {}
"""By label; filled when the modules of this package are imported."""


def kind(family: str, name: str, make: Make, *, is_real: bool) -> None:
    """Add a kind. Raises ValueError for a label that is taken."""
    found = Kind(family=family, name=name, is_real=is_real, make=make)
    if found.label in KINDS:
        raise ValueError(found.label)
    KINDS[found.label] = found


def benign(family: str, name: str) -> Callable[[Make], Make]:
    """Add the decorated function as a kind of change that says nothing new."""

    def add(make: Make) -> Make:
        kind(family, name, make, is_real=False)
        return make

    return add


def real(family: str, name: str) -> Callable[[Make], Make]:
    """Add the decorated function as a kind of change that a reader must hear of."""

    def add(make: Make) -> Make:
        kind(family, name, make, is_real=True)
        return make

    return add


def printed(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: Any) -> Output:
    """Return a result; `text_html` is the type `text/html`."""
    found = {mime.replace("_", "/", 1): content for mime, content in data.items()}
    return bundle(found)


def bundle(data: dict[str, Any]) -> Output:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def pair_of_prints(before: str, after: str, source: str = "fit(data)") -> Pair:
    return Pair(recorded=[printed(before)], rerun=[printed(after)], source=source)


def pair_of(mime: str, before: Any, after: Any) -> Pair:
    """Return a pair of results of one type beside which a text names the object."""
    named = {} if mime == "text/plain" else {"text/plain": "<module.Thing at 0x7f12a4bc9d30>"}
    return Pair(recorded=[bundle({mime: before, **named})], rerun=[bundle({mime: after, **named})])


def replaced(text: str, before: str, after: str) -> str:
    """Replace the first occurrence. Raises ValueError where there is none: no change, no test."""
    if before not in text:
        raise ValueError(f"no {before!r} in {text[:200]!r}")
    return text.replace(before, after, 1)


def each_number(values: Any) -> Iterator[tuple[Any, Any]]:
    """Return (container, key) of every float in a JSON value, containers being mutable."""
    places = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in places:
        if isinstance(value, dict | list):
            yield from each_number(value)
        elif isinstance(value, float):
            yield values, key
