"""Cells and outputs of a notebook that may be malformed: read without ever raising."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recrate.model.study import Notebook
from recrate.report.characters import without_ansi


@dataclass(frozen=True, slots=True)
class Output:
    """One output; a stream's neighbours of the same name are joined into it.

    kind:  `stream`, `error` or `data`
    name:  `stdout`, `stderr`, an exception's class, or empty
    data:  content by media type; streams and errors have `text/plain` only
    whole: indices of the outputs joined here
    """

    kind: str
    name: str
    data: Mapping[str, Any]
    whole: tuple[int, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(text_of(content).strip() for content in self.data.values())

    @property
    def plain(self) -> str:
        """The text that stands for this output, with its ANSI codes."""
        return text_of(self.data.get("text/plain", ""))


def cells_of(notebook: Notebook | None) -> list[dict[str, Any]]:
    """Return the cells; a cell that is no object counts, as an empty one."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return []
    return [cell if isinstance(cell, dict) else {} for cell in cells]


def source_text(cell: Mapping[str, Any]) -> str:
    """Return a cell's source as one string."""
    return text_of(cell.get("source", ""))


def outputs_of(cell: Mapping[str, Any]) -> dict[int, Output]:
    """Return a cell's outputs by the index of the first one joined in each."""
    outputs = cell.get("outputs")
    runs: list[list[Output]] = []
    for index, raw in enumerate(outputs if isinstance(outputs, list) else []):
        output = _output(raw if isinstance(raw, dict) else {}, index)
        last = runs[-1][0] if runs else None
        if last and last.kind == output.kind == "stream" and last.name == output.name:
            runs[-1].append(output)
        else:
            runs.append([output])
    return {run[0].whole[0]: run[0] if len(run) == 1 else _joined(run) for run in runs}


def _joined(run: list[Output]) -> Output:
    text = {"text/plain": "".join(output.plain for output in run)}
    return Output("stream", run[0].name, text, tuple(output.whole[0] for output in run))


def _output(raw: Mapping[str, Any], index: int) -> Output:
    kind = raw.get("output_type")
    if kind == "stream":
        text = text_of(raw.get("text", ""))
        return Output("stream", text_of(raw.get("name", "")), {"text/plain": text}, (index,))
    if kind == "error":
        name, message = text_of(raw.get("ename", "")), text_of(raw.get("evalue", ""))
        traceback = raw.get("traceback")
        lines = [text_of(line) for line in traceback] if isinstance(traceback, list) else []
        text = "\n".join(lines) if any(lines) else f"{name}: {message}"
        return Output("error", name, {"text/plain": text}, (index,))
    data = raw.get("data")
    return Output("data", "", data if isinstance(data, dict) else {}, (index,))


def text_of(content: object) -> str:
    """Return a field of a notebook as text: strings, lists of lines, JSON for the rest."""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return "".join(content)
    if content is None:
        return ""
    try:
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return repr(type(content))


def comparable_text(output: Output, mime: str) -> str:
    """Return the text of one media type of an output, settled and without colours."""
    return without_ansi(text_of(output.data.get(mime, "")))
