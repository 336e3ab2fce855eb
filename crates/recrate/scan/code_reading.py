"""The code of one notebook or script, read in its language."""

from collections.abc import Iterator

from recrate.model.finding import Finding
from recrate.model.study import Notebook
from recrate.scan.codes import finding
from recrate.scan.commands import read_command
from recrate.scan.execution import tags_of
from recrate.scan.magics import PlainCell, parse, plain_cell
from recrate.scan.names import name_findings
from recrate.scan.old_python import is_python_2, read_lines
from recrate.scan.other_languages import read_julia, read_r
from recrate.scan.python_reader import PythonReader
from recrate.scan.shell import read_shell
from recrate.scan.uses import Place, Uses


def read_notebook_code(
    path: str, notebook: Notebook, language: str
) -> tuple[Uses, tuple[Finding, ...]]:
    """Return what the code cells touch, and findings about the code itself."""
    uses = Uses()
    code = _code_cells(notebook)
    if language != "python":
        for index, cell in code:
            _read_other(language, cell["source"], index, uses)
        return uses, ()
    plain = [(index, plain_cell(cell["source"])) for index, cell in code]
    reader = PythonReader(uses)
    for index, one in plain:
        _read_python(reader, one, index, uses)
    meant = {index for index, cell in code if "raises-exception" in tags_of(cell)}
    findings = [*_syntax_findings(path, plain, meant)]
    findings.extend(one for one in name_findings(path, plain) if one.cell not in meant)
    return uses, tuple(findings)


def read_python_uses(notebook: Notebook) -> Uses:
    """Return what the code cells of a notebook in Python touch, and nothing about the code."""
    uses = Uses()
    reader = PythonReader(uses)
    for index, cell in _code_cells(notebook):
        _read_python(reader, plain_cell(cell["source"]), index, uses)
    return uses


def _code_cells(notebook: Notebook) -> list[tuple[int, Notebook]]:
    return [
        (index, cell)
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code" and cell["source"].strip()
    ]


def read_script_code(text: str, language: str) -> Uses:
    """Return what a script touches."""
    uses = Uses()
    if language != "python":
        _read_other(language, text, None, uses)
        return uses
    tree = parse(text)
    plain = PlainCell(text, tree) if tree is not None else plain_cell(text)
    _read_python(PythonReader(uses), plain, None, uses)
    return uses


def _read_python(reader: PythonReader, plain: PlainCell, cell: int | None, uses: Uses) -> None:
    try:
        if plain.tree is not None:
            reader.read(plain.tree, plain.commands, cell)
            return
    except RecursionError:
        plain.tree = None
    for command in plain.commands:
        read_command(command, cell, uses)
    read_lines(plain.text, cell, uses)


def _read_other(language: str, text: str, cell: int | None, uses: Uses) -> None:
    if language == "r":
        read_r(text, cell, uses)
    elif language == "julia":
        read_julia(text, cell, uses)
    elif language in {"bash", "sh", "shell", "zsh"}:
        read_shell(text, Place(cell, 1), uses)


def _syntax_findings(
    path: str, plain: list[tuple[int, PlainCell]], meant: set[int]
) -> Iterator[Finding]:
    broken = [(index, cell) for index, cell in plain if cell.tree is None and index not in meant]
    old = [index for index, cell in broken if is_python_2(cell.text)]
    if old:
        message = f"{len(old)} cell(s) are written in Python 2, this is the first"
        yield finding("old-python", message, path=path, cell=old[0])
    wrong = [(index, cell) for index, cell in broken if index not in old]
    if wrong:
        index, cell = wrong[0]
        more = f"; so are {len(wrong) - 1} more" if len(wrong) > 1 else ""
        message = f"the cell is no Python: {cell.error or 'it cannot be parsed'}{more}"
        yield finding("syntax-error", message, path=path, cell=index)
