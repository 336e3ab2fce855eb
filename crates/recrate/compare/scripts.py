"""Scripts in pages: the data that they hand to a plot library, else their text."""

import json
import re
from collections.abc import Iterator
from typing import Any

from recrate.compare.dialects import BOKEH, PLAIN, PLOTLY, VEGA, Dialect
from recrate.compare.outcome import Outcome, Terms, different, equivalent, ignoring
from recrate.compare.structures import compare_structures
from recrate.compare.text import compare_text

RANDOM = re.compile(
    r"\b[0-9a-fA-F]{8}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{4}[-_][0-9a-fA-F]{12}\b"
    r"|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|\bT_[0-9a-f]{5}(?![0-9a-f])|\bT_[0-9a-f_]{30,40}"
    r"|\b(?:sk-container-id|sk-estimator-id|altair-viz|vis|bk|p|output|plot|container|itables)[-_]?"
    r"(?:[0-9]{1,7}|[0-9a-f]{6,40})\b|\b(?:fig|ldavis)_el[0-9]{3,40}"
)
"""Identifiers of elements. In words and data of a page the same letters may be a result."""
_LIBRARY = 300_000
"""Characters from which on a script is a library, not data."""
_ARGUMENTS = re.compile(
    r"(?:Plotly\.(?:newPlot|react)|vegaEmbed|embedSpec|docs_json\s?=|render_items\s?=|JSON\.parse"
    r"|\}\)(?=\(\s?\{))"
)
_DIALECTS = (
    (PLOTLY, re.compile(r"\bPlotly\.(?:newPlot|react)\s?\(")),
    (BOKEH, re.compile(r"docs_json\s?=|render_items\s?=")),
    (VEGA, re.compile(r"\bvegaEmbed\s?\(|vega-embed|\bembedSpec\b")),
)


def compare_scripts(before: list[str], after: list[str], terms: Terms) -> Iterator[Outcome]:
    """Compare scripts by the JSON in them; without any, as text.

    Libraries (long scripts without our marks) do not count.
    """
    left = [script for script in before if len(script) < _LIBRARY or _calls(script)]
    right = [script for script in after if len(script) < _LIBRARY or _calls(script)]
    if left == right:
        return
    data, other = _data(left), _data(right)
    if data or other:
        outcome = compare_structures(data, other, terms, _dialect([*left, *right]))
        code = "the script around the data"
        yield outcome if outcome.reason != "identical" else equivalent(ignoring((code,)), (code,))
        return
    first, second = (RANDOM.sub("<id>", "\n".join(scripts)) for scripts in (left, right))
    if first == second:
        yield equivalent(ignoring(("random identifiers",)), ("random identifiers",))
        return
    outcome = compare_text(first, second, terms)
    yield outcome if outcome.holds else different(f"in a script: {outcome.reason}", outcome.rules)


def _calls(script: str) -> bool:
    """Say whether a script calls a plot library, rather than being one."""
    return any(mark.search(script) for _, mark in _DIALECTS)


def _dialect(scripts: list[str]) -> Dialect:
    """Return the dialect of the library that the scripts call."""
    for dialect, mark in _DIALECTS:
        if any(mark.search(script) for script in scripts):
            return dialect
    return PLAIN


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
