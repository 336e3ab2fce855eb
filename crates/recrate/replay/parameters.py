"""Parameters from outside: values as typed, put into a cell of their own by papermill."""

import json
import re
from typing import Any

from papermill.exceptions import PapermillException
from papermill.parameterize import parameterize_notebook

from recrate.model.errors import BadInput

INJECTED = "injected-parameters"

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WORDS = {"True": True, "False": False, "None": None}


def read_value(text: str) -> Any:
    """Return what a person meant: JSON, a number, `True`, `False`, `None`, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if _NUMBER.fullmatch(text):
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return text


def inject(notebook: Any, parameters: tuple[tuple[str, str], ...], language: str) -> Any:
    """Return `notebook` with its parameters set, and the index where a cell came in, or None.

    Raises BadInput when papermill cannot write parameters in that language.
    """
    had_one = any(INJECTED in cell.metadata.get("tags", []) for cell in notebook.cells)
    values = {name: read_value(text) for name, text in parameters}
    minor = notebook.get("nbformat_minor", 0)
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    named = {"r": "R"}.get(language, language)
    try:
        notebook = parameterize_notebook(notebook, values, kernel_name=named, language=named)
    except (PapermillException, NotImplementedError) as error:
        raise BadInput(
            f"parameters cannot be set in {language}: {error}",
            hint="run this notebook without -p",
        ) from error
    place = next(
        index
        for index, cell in enumerate(notebook.cells)
        if INJECTED in cell.metadata.get("tags", [])
    )
    cell = notebook.cells[place]
    cell.metadata["papermill"] = {}
    cell["id"] = INJECTED
    if minor < 5:
        # papermill raised it to a format whose cells have ids, random ones.
        for index, other in enumerate(notebook.cells):
            other["id"] = INJECTED if other is cell else f"cell-{index}"
    return notebook, None if had_one else place
