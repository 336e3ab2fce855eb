"""One readable notebook: its language, kernel, counts, and what its code touches."""

import re
from typing import Any

from recrate.model.figures import drawn_by, figure_dots
from recrate.model.study import CodeUse, FoundNotebook, Notebook
from recrate.scan.study_date import last_run
from recrate.scan.told_versions import told_versions

_LANGUAGES = {"ir": "r", "irkernel": "r", "xeus-python": "python", "sagemath": "sage"}


_ONLY_R = re.compile(r"^\s*[\w.]+\s*(<-\s*\S|=\s*function\s*\()|^\s*library\(", re.MULTILINE)
_ONLY_PYTHON = re.compile(r"^\s*(import|from|def|class)\s+\w|^\s*%", re.MULTILINE)


def language_of(notebook: Notebook) -> str:
    """Return the language of a notebook in lower case."""
    specification = _table(notebook, "kernelspec")
    information = _table(notebook, "language_info")
    named = _text(information, "name") or _text(specification, "language")
    kernel = _text(specification, "name").lower()
    if named:
        language = named.lower()
        return "python" if re.fullmatch(r"i?python[\d.]*", language) else language
    if kernel in _LANGUAGES:
        return _LANGUAGES[kernel]
    for language in ("python", "julia", "bash", "octave", "sage", "scala", "javascript"):
        if language in kernel:
            return language
    if re.fullmatch(r"r\b.*", kernel):
        return "r"
    return "python" if kernel else _guessed(notebook)


def _guessed(notebook: Notebook) -> str:
    """Return the language of a notebook that names none: R only by what no Python has."""
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    as_r = any(_ONLY_R.search(one) for one in code)
    return "r" if as_r and not any(_ONLY_PYTHON.search(one) for one in code) else "python"


def describe_notebook(path: str, notebook: Notebook, uses: CodeUse) -> FoundNotebook:
    """Return what is found of the notebook at study path `path`, with the `uses` of its code."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    minor = notebook.get("nbformat_minor")
    original = notebook.get("orig_nbformat")
    lifted = isinstance(original, int) and original < 4
    version = _text(_table(notebook, "language_info"), "version")
    return FoundNotebook(
        path=path,
        format=f"{original}.0" if lifted else f"4.{minor if isinstance(minor, int) else 0}",
        language=language_of(notebook),
        kernel=_text(_table(notebook, "kernelspec"), "name"),
        language_version=version or None,
        cells=len(notebook["cells"]),
        code_cells=len(code),
        outputs=sum(1 for cell in code for output in cell["outputs"] if not is_empty(output)),
        last_run=last_run(notebook),
        uses=uses,
        figure_dots=figure_dots(notebook),
        drawn_by=drawn_by(notebook),
        told=told_versions(notebook, uses.imports),
    )


def is_empty(output: dict[str, Any]) -> bool:
    """Say whether a recorded output shows nothing: empty text, or no data at all."""
    if output.get("output_type") == "stream":
        text = output.get("text", "")
        return not ("".join(map(str, text)) if isinstance(text, list) else str(text)).strip()
    if output.get("output_type") in {"display_data", "execute_result"}:
        return not output.get("data")
    return output.get("output_type") != "error"


def _table(notebook: Notebook, name: str) -> dict[str, Any]:
    table = notebook["metadata"].get(name)
    return table if isinstance(table, dict) else {}


def _text(table: dict[str, Any], name: str) -> str:
    value = table.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
