"""A notebook file read as an open nbformat 4 document, or a sentence that says why not.

nbformat's validation takes most of a scan's time, so JSON is read directly and checked only as far
as the other modules rely on it; nbformat itself is used to lift formats before 4.
"""

import json
import warnings
from pathlib import Path
from typing import Any

from recrate.model.study import Notebook

SIZE_LIMIT_BYTES = 500_000_000


class UnreadableNotebookError(Exception):
    """Why a notebook cannot be read; becomes the finding `unreadable-notebook`."""


def read_notebook(file: Path) -> Notebook:
    """Return the notebook in `file` with sources as single strings.

    Every cell has `cell_type`, `source`, a dict `metadata` and, for code, a list of dict `outputs`.
    Raises UnreadableNotebookError with a sentence for everything that is not such a notebook.
    """
    try:
        if file.stat().st_size > SIZE_LIMIT_BYTES:
            raise UnreadableNotebookError("is larger than 500 MB")
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableNotebookError(f"cannot be read: {error.strerror or error}") from error
    return parse_notebook(content)


def parse_notebook(content: bytes) -> Notebook:
    """Return the notebook that `content` holds, as `read_notebook` does."""
    if not content.strip():
        raise UnreadableNotebookError("is empty")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise UnreadableNotebookError("is nested too deeply") from error
    except ValueError as error:
        raise UnreadableNotebookError(f"is not JSON: {_first_line(error)}") from error
    if not isinstance(document, dict):
        raise UnreadableNotebookError("is JSON, but not a notebook")
    major = document.get("nbformat")
    if not isinstance(major, int) or isinstance(major, bool):
        raise UnreadableNotebookError("is JSON, but not a notebook: it names no format")
    if major not in {2, 3, 4}:
        raise UnreadableNotebookError(f"is of notebook format {major}; formats 3 and 4 are read")
    return _checked(document if major == 4 else _lifted(document, major))


def _lifted(document: dict[str, Any], major: int) -> dict[str, Any]:
    import nbformat  # noqa: PLC0415 - a third of a second that few studies need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = nbformat.from_dict(document)
            lifted: dict[str, Any] = json.loads(json.dumps(nbformat.convert(known, 4)))
    except Exception as error:
        raise UnreadableNotebookError(
            f"is of format {major} but cannot be read as such: {_first_line(error)}"
        ) from error
    lifted["orig_nbformat"] = major
    return lifted


def _checked(document: dict[str, Any]) -> Notebook:
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise UnreadableNotebookError("is not a valid notebook: it has no list of cells")
    if not isinstance(document.get("metadata"), dict):
        document["metadata"] = {}
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise UnreadableNotebookError(f"is not a valid notebook: cell {index} is no cell")
        source = joined(cell.get("source", ""))
        if source is None:
            raise UnreadableNotebookError(
                f"is not a valid notebook: the source of cell {index} is no text"
            )
        cell["source"] = source
        if not isinstance(cell.get("metadata"), dict):
            cell["metadata"] = {}
        if cell["cell_type"] == "code":
            outputs = cell.get("outputs")
            kept = outputs if isinstance(outputs, list) else []
            cell["outputs"] = [output for output in kept if isinstance(output, dict)]
    return document


def joined(text: object) -> str | None:
    """Return nbformat's multi-line text as one clean string, or None when it is no text."""
    if isinstance(text, list):
        if not all(isinstance(line, str) for line in text):
            return None
        text = "".join(text)
    if not isinstance(text, str):
        return None
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
