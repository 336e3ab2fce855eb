"""What a blind crate still says of its people: every file as it was written, in every encoding."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from recrate.crate.hidden_files import cells_of, is_lines, part_of
from recrate.crate.hidden_metadata import makers_in
from recrate.crate.hidden_names import Forms
from recrate.model.crate import source_of
from recrate.model.finding import Finding, Severity, find

CODE = "blind-name-left"
METADATA = "blind-metadata"
FAMILY = "blind-family-name"
WHOLE_BYTES = 64 << 20
"""Up to here a file is searched as one, and its lines are told."""
OVERLAP_BYTES = 4096
FINDINGS_PER_FILE = 20
_SHOWN = 80
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_THANKS = re.compile(
    r"(?i:acknowledge?ments?\b|\bwe thank\b|\bKAKENHI\b|\bgrant (?:no\b|numbers?\b|agreement))"
    r"|謝辞|科研費|科学研究費|助成を受け|\b(?:JP)?\d{2}[HKA]\d{5}\b|\bJPMJ[A-Z]{2}\w{4,6}\b"
)
"""Words of thanks, KAKENHI project numbers as 21K12345, JST's award numbers."""
_HINT = "mend it in the study and pack again; --waive blind-name-left accepts all that are left"
_Place = tuple[int | None, int | None, str, str]
"""Cell, line, kind, text."""


def names_left(path: str, blocks: Iterable[bytes], forms: Forms) -> Iterator[Finding]:
    """Yield a finding for each place of a written file that still names somebody.

    blocks: its bytes, in order; not all are held at once where there are many
    """
    for hit in forms.hits(path.replace("_", " ")):
        yield _finding(path, (None, None, hit.kind, f"{hit.text} in its name"))
    seen: dict[_Place, None] = {}
    for piece, is_whole in _pieces(blocks):
        yield from _makers(path, piece) if is_whole else ()
        found = _in_notebook(piece, forms) if is_whole and part_of(path) == "notebook" else None
        for place in _in_bytes(piece, forms, lines=is_whole) if found is None else found:
            seen[place] = None
            if len(seen) > FINDINGS_PER_FILE:
                break
    for place in list(seen)[:FINDINGS_PER_FILE]:
        yield _finding(path, place)
    if len(seen) > FINDINGS_PER_FILE:
        yield _finding(path, (None, None, "name", "and in more places"))


def families_left(path: str, blocks: Iterable[bytes], forms: Forms) -> Finding | None:
    """Return a warning where a family name stands alone in a text: it may be cited, or be told."""
    if forms.families is None:
        return None
    for piece, is_whole in _pieces(blocks):
        found = forms.families.search(piece.decode("utf-8", "ignore")) if is_whole else None
        if found is not None:
            return find(
                Severity.WARNING,
                FAMILY,
                f"a family name stands alone: {found[0]}",
                hint="a citation may stay; a signature or thanks should go",
                path=path,
            )
    return None


def thanks_left(path: str, blocks: Iterable[bytes]) -> Finding | None:
    """Return a warning where a text thanks somebody or names a grant: both tell whose it is."""
    for piece, is_whole in _pieces(blocks):
        found = _THANKS.search(piece.decode("utf-8", "ignore")) if is_whole else None
        if found is not None:
            return find(
                Severity.WARNING,
                "blind-thanks",
                f"it may thank somebody or name a grant: {found[0]}",
                hint="take it out for the review; the sealed crate keeps it",
                path=path,
            )
    return None


def _pieces(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield the whole of a file, or of a large one pieces that overlap."""
    held, cut = bytearray(), False
    for block in blocks:
        held += block
        if len(held) > WHOLE_BYTES:
            yield bytes(held), False
            held, cut = held[-OVERLAP_BYTES:], True
    yield bytes(held), not cut


def readings(content: bytes) -> Iterator[str]:
    """Yield what bytes may say: in each encoding a name may stand in, escapes taken back."""
    texts = [content.decode("utf-8", "ignore")]
    if not _is_utf8(content):
        texts += [content.decode(one, "ignore") for one in ("cp932", "euc_jp", "latin-1")]
    if b"\0" in content:
        shifted = (content, content[1:])
        wide = ("utf-16-le", "utf-16-be")
        texts += [one.decode(name, "ignore") for one in shifted for name in wide]
    if b"\x1b$" in content:
        texts.append(content.decode("iso2022_jp", "ignore"))
    for text in texts:
        yield text
        if _ESCAPED.search(text):
            yield _ESCAPED.sub(lambda one: chr(int(one[1] or one[2], 16)), text)
        if re.search(r"%[0-9A-Fa-f]{2}", text):
            yield unquote(text, errors="ignore")
        if re.search(r"&(#|[a-z])", text):
            yield html.unescape(text)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_bytes(content: bytes, forms: Forms, *, lines: bool) -> Iterator[_Place]:
    told = set()
    for number, text in enumerate(readings(content)):
        for hit in forms.hits(text):
            line = text.count("\n", 0, hit.start) + 1 if lines and number == 0 else None
            if number == 0 or hit.text not in told:
                yield (None, line, hit.kind, hit.text)
            told.add(hit.text)


def _in_notebook(content: bytes, forms: Forms) -> list[_Place] | None:
    """Return the places in a notebook, by cell; None for what is no notebook that can be read."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    found: list[_Place] = []
    for index, cell in enumerate(cells_of(document)):
        for key in ("source", "input"):
            if cell.get("cell_type") == "code" and key in cell:
                text = source_of({"source": cell.pop(key)})
                found += [
                    (index, told.count("\n", 0, hit.start) + 1, hit.kind, hit.text)
                    for told in readings(text.encode("utf-8", "ignore"))
                    for hit in forms.hits(told)
                ]
        found += [(index, None, *one) for one in _in_value(cell, forms)]
    document.pop("cells", None)
    document.pop("worksheets", None)
    found += [(None, None, *one) for one in _in_value(document, forms)]
    return found


def _in_value(value: Any, forms: Forms) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of all that a JSON value holds, pictures and attachments too."""
    if isinstance(value, str):
        for hit in forms.hits(value):
            yield hit.kind, hit.text
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _in_value(key, forms)
            if isinstance(one, str | list) and re.fullmatch(r"(image|application)/[\w.+-]+", key):
                yield from _in_picture(source_of({"source": one}), forms)
            yield from _in_value(one, forms)
    elif isinstance(value, list):
        if all(isinstance(one, str) for one in value) and is_lines(value):
            yield from _in_value("".join(value), forms)
        else:
            for one in value:
                yield from _in_value(one, forms)


def _in_picture(text: str, forms: Forms) -> Iterator[tuple[str, str]]:
    try:
        content = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return
    for _, _, kind, told in _in_bytes(content, forms, lines=False):
        yield kind, told
    for name, told in makers_in(content):
        yield name, told


def _makers(path: str, content: bytes) -> Iterator[Finding]:
    for name, told in makers_in(content):
        yield find(
            Severity.ERROR,
            METADATA,
            f"its own metadata say {name}: {told[:_SHOWN]}",
            hint="export it again without, e.g. with `exiftool -all= FILE`",
            path=path,
            subject=name,
        )


def _finding(path: str, place: _Place) -> Finding:
    cell, line, kind, text = place
    return find(
        Severity.ERROR,
        CODE,
        f"{kind} left: {' '.join(text.split())[:_SHOWN]}",
        hint=_HINT,
        path=path,
        cell=cell,
        line=line,
        subject=kind,
    )
