"""Notebooks in and out of files: valid JSON whatever the kernel printed."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, reader, v4

from recrate.outside.disk import writing

_LONE = re.compile("[\ud800-\udfff]")


def read_recorded(path: Path) -> NotebookNode:
    """Read a notebook as published, format 3 raised to 4; raises ValueError when it is none."""
    text = path.read_bytes().decode("utf-8-sig", "surrogatepass")
    try:
        notebook = reader.reads(text)
        if notebook.get("nbformat") == 3:
            notebook = v4.upgrade(notebook, from_version=3)
        if notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
            raise ValueError("not a notebook of format 3 or 4")
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"not a notebook: {error}") from error
    return _whole(notebook)


def _whole(notebook: Any) -> NotebookNode:
    """Give every cell what papermill expects of it."""
    notebook.setdefault("metadata", nbformat.from_dict({}))
    notebook.metadata.setdefault("papermill", nbformat.from_dict({}))
    # The widgets that the author's run left behind are not this run's.
    notebook.metadata.pop("widgets", None)
    has_ids = notebook.get("nbformat_minor", 0) >= 5
    for index, cell in enumerate(notebook.cells):
        if has_ids:
            cell.setdefault("id", f"cell-{index}")
        cell.setdefault("metadata", nbformat.from_dict({}))
        cell.setdefault("source", "")
        cell.metadata["papermill"] = nbformat.from_dict({})
        if not isinstance(cell.metadata.get("tags", []), list):
            cell.metadata["tags"] = []
        if cell.cell_type == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    return notebook


def write_rerun(notebook: Any, destination: Path) -> None:
    """Write an executed notebook: nbformat 4, UTF-8, lone surrogates as JSON escapes."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, default=_plain)
    text = _LONE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    with writing(destination) as stream:
        stream.write(text.encode())
        stream.write(b"\n")


def _plain(value: object) -> object:
    """Return what JSON can hold of a value it cannot: its text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
