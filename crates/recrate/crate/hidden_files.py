"""What becomes of each file of a study in a blind crate: left out, told without names, or as it is.

Code and data are never changed: what they name is found, and told.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Literal

from recrate.crate.hidden_names import HIDDEN, Forms

Part = Literal["people", "prose", "notebook", "other"]
_PEOPLE = re.compile(
    r"(citation\.(cff|bib|txt|md)|codemeta\.json|\.zenodo\.json|authors?|contributors?|credits"
    r"|acknowledge?ments?|maintainers|codeowners|\.mailmap|\.gitmodules|funding\.ya?ml"
    r"|ro-crate-metadata\.jsonld?|ro-crate-preview\.html)(\.(md|txt|rst))?",
    re.IGNORECASE,
)
_PROSE = re.compile(
    r"(read[-_.]?me|(un)?licen[cs]es?|copying|notice|changes|changelog|news|history|install)"
    r"([-_.][\w.-]+)?|.*\.(md|markdown|rst|adoc|org|tex)|pyproject\.toml|setup\.cfg|description"
    r"|package\.json|environment\.ya?ml",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"^(?P<start>\W*(?:copyright(?:\s*(?:\(c\)|©))?|\(c\)|©)\s*(?:\(c\)|©)?\s*"
    r"[\d,\s–-]*\d{4},?\s+)(?P<holder>(?!.*free software foundation)[^\[\n]+)$",
    re.IGNORECASE | re.MULTILINE,
)
_SEALED = re.compile(r"\.sealed(\.crate)?(\.zip)?$", re.IGNORECASE)
"""A full crate that an earlier blind packing kept."""
_LICENCE = re.compile(r"((un)?licen[cs]es?|copying|notice)([-_.][\w.-]+)?", re.IGNORECASE)
_ENCODINGS = ("utf-8", "cp932", "euc_jp")
_OF_PEOPLE = ("authors", "author", "colab", "executionInfo", "user", "toc-showtags", "vscode")
"""Metadata of notebooks that name people and their programs, and that no replay reads."""


def part_of(path: str) -> Part:
    """Say what a file is to a blind crate, by its name."""
    name = path.rpartition("/")[2]
    if path.startswith(".git/") or _PEOPLE.fullmatch(name) or _SEALED.search(name):
        return "people"
    if name.lower().endswith(".ipynb"):
        return "notebook"
    return "prose" if _PROSE.fullmatch(name) else "other"


def blinded(path: str, content: bytes, forms: Forms) -> bytes:
    """Return a file of prose or a notebook without names; what cannot be read stays as it is."""
    part = part_of(path)
    if part == "notebook":
        return _notebook(content, forms)
    decoded = _decoded(content) if part == "prose" else None
    if decoded is None:
        return content
    text, encoding = decoded
    told = text
    if _LICENCE.fullmatch(path.rpartition("/")[2]):
        told = _HOLDER.sub(lambda found: found["start"] + HIDDEN, told)
    told = forms.replaced(told)
    return content if told == text else told.encode(encoding)


def _decoded(content: bytes) -> tuple[str, str] | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig",) if content.startswith(b"\xef\xbb\xbf") else _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def _notebook(content: bytes, forms: Forms) -> bytes:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    if not isinstance(document, dict):
        return content
    before = json.dumps(document, sort_keys=True)
    metadata = document.get("metadata")
    if isinstance(metadata, dict):
        document["metadata"] = _metadata(metadata, forms)
    for cell in cells_of(document):
        _cell(cell, forms)
    if json.dumps(document, sort_keys=True) == before:
        return content
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def cells_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a notebook of format 4 or 3; none of what is no notebook."""
    found = document.get("cells")
    if not isinstance(found, list):
        sheets = document.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        found = [one for sheet in sheets if isinstance(sheet, dict) for one in _list(sheet)]
    return [one for one in found if isinstance(one, dict)]


def _list(sheet: dict[str, Any]) -> list[Any]:
    cells = sheet.get("cells")
    return cells if isinstance(cells, list) else []


def _cell(cell: dict[str, Any], forms: Forms) -> None:
    metadata = cell.get("metadata")
    if isinstance(metadata, dict):
        cell["metadata"] = _metadata(metadata, forms)
    if cell.get("cell_type") != "code" and "source" in cell:
        cell["source"] = _texts(cell["source"], forms.replaced)
    outputs = cell.get("outputs")
    if isinstance(outputs, list):
        cell["outputs"] = [_texts(one, forms.replaced) for one in outputs]


def _metadata(metadata: dict[str, Any], forms: Forms) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _OF_PEOPLE}
    told: dict[str, Any] = _texts(kept, forms.replaced)
    return told


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every text changed; a list of lines is one text."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _value(key, one, change) for key, one in value.items()}
    if isinstance(value, list):
        if len(value) > 1 and all(isinstance(one, str) for one in value) and is_lines(value):
            whole = "".join(value)
            told = change(whole)
            return value if told == whole else told.splitlines(keepends=True)
        return [_texts(one, change) for one in value]
    return value


def is_lines(texts: list[str]) -> bool:
    """Say whether a list of texts is one text by lines, and not a traceback's or other list."""
    return all(one.endswith("\n") for one in texts[:-1])


def _value(key: str, value: Any, change: Callable[[str], str]) -> Any:
    """Return the value of a key; pictures are not text, and no name of a kernel is changed."""
    if key.startswith("image/") and key != "image/svg+xml":
        return value
    return value if key in {"name", "output_type", "language"} else _texts(value, change)
