"""Who compares what: two outputs are judged by the richest representation both can show."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from recrate.compare.dialects import dialect_of
from recrate.compare.front_ends import compare_front_ends
from recrate.compare.images import compare_images
from recrate.compare.latex import compare_latex
from recrate.compare.markup import compare_html
from recrate.compare.outcome import (
    SAME,
    Outcome,
    Terms,
    different,
    equivalent,
    heaviest,
    skipped,
)
from recrate.compare.pieces import ERROR, RASTER, STREAM, WIDGET, Piece, is_json, richness
from recrate.compare.scripts import compare_scripts
from recrate.compare.structures import compare_structures
from recrate.compare.text import compare_text, holds_nothing
from recrate.compare.vector import compare_svg
from recrate.compare.widgets import compare_widgets
from recrate.model.study import Notebook

_OF_TEXT = {
    "text/html": compare_html,
    "text/latex": compare_latex,
    "image/svg+xml": compare_svg,
    "application/xml": compare_text,
}
_MESSAGES = (
    (re.compile(r"\b(?:\w{1,80}\.|<locals>\.){1,9}(?=\w{1,80}\(\) )"), ""),
    (
        re.compile(
            r"\A(?:float |integer |complex )?(?:division|modulo|division or modulo) by zero"
        ),
        "zero",
    ),
)
"""What versions of Python word otherwise: a method's class (3.10), a division by zero (3.14)."""
_WORDED = "worded by another version of Python"
_SHOWS_ITSELF = (*RASTER, "image/svg+xml")


def compare_pieces(
    recorded: Piece, rerun: Piece, terms: Terms, documents: tuple[Notebook, Notebook]
) -> Outcome:
    """Compare two outputs of any kind; `documents` are the notebooks they stand in."""
    if recorded.kind != rerun.kind:
        return different(f"{_kind(rerun)} instead of {_kind(recorded)}")
    if recorded.kind == STREAM:
        return compare_text(recorded.text, rerun.text, terms)
    if recorded.kind == ERROR:
        return _compare_errors(recorded, rerun, terms)
    return _compare_bundles(recorded.data, rerun.data, terms, documents)


def shows_nothing(piece: Piece, terms: Terms) -> bool:
    """Say whether a piece holds no result: white space, or names of objects alone."""
    if piece.kind == STREAM:
        return holds_nothing(piece.text, terms)
    text = piece.data.get("text/plain")
    return (
        set(piece.data) == {"text/plain"} and isinstance(text, str) and holds_nothing(text, terms)
    )


def _kind(piece: Piece) -> str:
    if piece.kind == ERROR:
        return f"the error {piece.name}"
    return "printed text" if piece.kind == STREAM else f"a result ({piece.mime})"


def _compare_errors(recorded: Piece, rerun: Piece, terms: Terms) -> Outcome:
    """Compare errors recorded on purpose by class and message, not by traceback."""
    if recorded.name != rerun.name:
        return different(f"the error is {rerun.name} instead of {recorded.name}")
    outcome = compare_text(recorded.text, rerun.text, terms)
    if outcome is SAME:
        return SAME
    for pattern, plain in _MESSAGES:
        if not outcome.holds:
            before, after = (pattern.sub(plain, one.text) for one in (recorded, rerun))
            again = compare_text(before, after, terms)
            outcome = equivalent(_WORDED, (_WORDED,)) if again.holds else outcome
    if outcome.holds:
        return equivalent(f"the same error, {outcome.reason}", outcome.rules)
    return different(f"{recorded.name} says something else: {outcome.reason}", outcome.rules)


def _compare_bundles(
    recorded: Mapping[str, Any],
    rerun: Mapping[str, Any],
    terms: Terms,
    documents: tuple[Notebook, Notebook],
) -> Outcome:
    """Judge by the richest shared type; a poorer one is asked when that cannot be compared.

    A poorer one that only names an object (`<Figure …>`) answers for nothing.
    """
    shared = sorted(recorded.keys() & rerun.keys(), key=richness)
    lost = _lost(recorded, rerun, shared, terms)
    if lost is not None:
        return lost
    last: Outcome | None = None
    for mime in shared:
        poorer = recorded[mime]
        if last is not None and isinstance(poorer, str) and holds_nothing(poorer, terms):
            continue
        outcome = compare_content(mime, recorded[mime], rerun[mime], terms, documents)
        if outcome.verdict.value == "skipped":
            last = last or outcome
            continue
        if outcome.holds and mime in _SHOWS_ITSELF:
            return _with_text(outcome, recorded, rerun, terms)
        return outcome
    return last or skipped("no type of content that can be compared")


def _lost(
    recorded: Mapping[str, Any], rerun: Mapping[str, Any], shared: list[str], terms: Terms
) -> Outcome | None:
    """Say when what the record shows is gone, though a poorer representation is still there."""
    if not shared:
        return different(_other_type(recorded, rerun))
    picture = any(mime.startswith("image/") for mime in recorded)
    if picture and shared == ["text/plain"]:
        return different("the picture is gone")
    if shared == ["text/plain"] and len(recorded) > 1:
        text = recorded["text/plain"]
        if not isinstance(text, str) or holds_nothing(text, terms):
            return different(_other_type(recorded, rerun))
    return None


def _other_type(recorded: Mapping[str, Any], rerun: Mapping[str, Any]) -> str:
    first = min(recorded, key=richness, default="nothing")
    second = min(rerun, key=richness, default="nothing")
    return f"{second} instead of {first}"


def _with_text(
    outcome: Outcome, recorded: Mapping[str, Any], rerun: Mapping[str, Any], terms: Terms
) -> Outcome:
    """Let a picture's words count too, unless they only name the figure."""
    before, after = recorded.get("text/plain"), rerun.get("text/plain")
    if not (isinstance(before, str) and isinstance(after, str)) or before == after:
        return outcome
    if holds_nothing(before, terms) or holds_nothing(after, terms):
        return outcome
    return heaviest([outcome, compare_text(before, after, terms)])


def compare_content(
    mime: str,
    recorded: object,
    rerun: object,
    terms: Terms,
    documents: tuple[Notebook, Notebook] = ({}, {}),
) -> Outcome:
    """Compare two contents of one MIME type."""
    if isinstance(recorded, str) and isinstance(rerun, str):
        if recorded == rerun:
            return SAME
        if not is_json(mime):
            drawing = compare_front_ends(mime, recorded, rerun)
            return drawing or _compare_strings(mime, recorded, rerun, terms)
    if mime == WIDGET:
        return compare_widgets(recorded, rerun, documents, terms)
    return compare_structures(recorded, rerun, terms, dialect_of(mime))


def _compare_strings(mime: str, recorded: str, rerun: str, terms: Terms) -> Outcome:
    if mime in RASTER:
        return _compare_encoded(recorded, rerun, terms)
    if mime == "application/javascript":
        return heaviest(list(compare_scripts([recorded], [rerun], terms)))
    compare = _OF_TEXT.get(mime, compare_text if mime.startswith("text/") else None)
    if compare is not None:
        return compare(recorded, rerun, terms)
    if "".join(recorded.split()) == "".join(rerun.split()):
        return equivalent("same bytes, encoded in other lines")
    return skipped(f"{mime} cannot be looked into, and its bytes differ")


def _compare_encoded(recorded: str, rerun: str, terms: Terms) -> Outcome:
    before, after = decoded(recorded), decoded(rerun)
    if before is None and after is None:
        return different("neither picture can be read, and they differ")
    if before is None:
        return skipped("the recorded picture is not valid base64")
    if after is None:
        return different("the rerun's picture is not valid base64")
    return compare_images(before, after, terms.image_fraction)


def decoded(content: str) -> bytes | None:
    """Return the bytes of a base64 content, None when it is none."""
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
