"""The code that a fix is about: one cell of a notebook, or a script."""

import ast
import functools
import re

from recrate.environment.inferred import is_python as is_python_name
from recrate.mending.code import Literal, imports_os, literals, rebinds_os
from recrate.mending.files import Edit
from recrate.mending.notebooks import CellEdit
from recrate.mending.work import Work
from recrate.model.study import FoundNotebook, FoundScript, Inventory
from recrate.scan.magics import plain_cell


def parse(source: str) -> ast.Module | None:
    """Return the tree of a cell, magics taken out; None when it is no Python 3."""
    return None if re.search(r"[\r\f]", source) else plain_cell(source).tree


@functools.lru_cache(maxsize=1000)
def literals_in(source: str) -> tuple[Literal, ...]:
    """Return the literals of a cell that can be replaced; asked for again by every finding."""
    tree = parse(source)
    return () if tree is None else literals(source, tree)


@functools.lru_cache(maxsize=1000)
def os_in(source: str) -> tuple[bool, bool]:
    """Say whether a cell surely imports `os`, and whether it makes `os` another thing."""
    if not re.search(r"\bos\b", source):
        return (False, False)
    tree = parse(source)
    return (False, False) if tree is None else (imports_os(tree), rebinds_os(tree))


def units_of(inventory: Inventory) -> tuple[FoundNotebook | FoundScript, ...]:
    """Return all that holds code."""
    return (*inventory.notebooks, *inventory.scripts)


def is_python(path: str, inventory: Inventory) -> bool:
    """Say whether the notebook or script at the study path is in Python."""
    units = (unit for unit in units_of(inventory) if unit.path == path)
    return any(is_python_name(unit.language) for unit in units)


def source_of(work: Work, path: str, cell: int | None) -> str | None:
    """Return a code cell's source, or a script's text; None for what is neither."""
    if not path.lower().endswith(".ipynb"):
        return work.text(path) if cell is None else None
    notebook = work.notebook(path)
    found = notebook.cells.get(cell) if notebook and cell is not None else None
    return found.source if found else None


def code_edit(
    work: Work, path: str, cell: int | None, source: str, *, clear: bool = False
) -> Edit | None:
    """Return the file with this source in the place of the cell's, or of the script's."""
    try:
        if cell is None:
            return Edit(path=path, content=source.encode("utf-8"))
        notebook = work.notebook(path)
        edit = CellEdit(source=source, clear=clear)
        return None if notebook is None else Edit(path=path, content=notebook.edited({cell: edit}))
    except ValueError:
        return None
