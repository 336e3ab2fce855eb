"""What the recorded execution of a notebook tells: cells never run, out of order, or failed."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from recrate.model.finding import Finding, Severity
from recrate.model.study import Notebook
from recrate.scan.codes import finding

_SKIPPED_TAGS = frozenset({"skip-execution", "parameters", "injected-parameters"})


def execution_findings(path: str, notebook: Notebook) -> Iterator[Finding]:
    """Yield what is odd about the recorded run of the notebook at study path `path`."""
    cells = [
        (index, cell)
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code" and _does_something(cell)
    ]
    unrun = [index for index, cell in cells if not _was_run(cell)]
    if cells and len(unrun) == len(cells):
        message = f"none of its {len(cells)} code cells was run: nothing is recorded to compare"
        yield finding("never-run", message, path=path)
    else:
        for index in unrun:
            yield finding("never-run", "the cell was never run", path=path, cell=index)
    yield from _order_findings(path, cells)
    for index, cell in cells:
        yield from _error_findings(path, index, cell)


def tags_of(cell: Notebook) -> frozenset[str]:
    """Return the tags of a cell."""
    tags = cell["metadata"].get("tags")
    return frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (
        frozenset()
    )  # fmt: skip


def _does_something(cell: Notebook) -> bool:
    if _SKIPPED_TAGS & tags_of(cell):
        return False
    return any(
        line.strip() and not line.lstrip().startswith("#") for line in cell["source"].split("\n")
    )


def _was_run(cell: Notebook) -> bool:
    return _count(cell) is not None or bool(cell["outputs"])


def _count(cell: Notebook) -> int | None:
    count = cell.get("execution_count")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _order_findings(path: str, cells: list[tuple[int, Any]]) -> Iterator[Finding]:
    """Yield one finding for a notebook: the first cell whose count is below the one before."""
    counted = [(index, count) for index, cell in cells if (count := _count(cell)) is not None]
    odd = [(before, after) for before, after in pairwise(counted) if after[1] < before[1]]
    if odd:
        before, after = odd[0]
        more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
        yield finding(
            "run-out-of-order",
            f"the cell was run as [{after[1]}], before cell {before[0]} above it "
            f"[{before[1]}]{more}",
            path=path,
            cell=after[0],
        )


def _error_findings(path: str, index: int, cell: Notebook) -> Iterator[Finding]:
    for output in cell["outputs"]:
        if output.get("output_type") != "error":
            continue
        name, value = (_short(output.get(key)) for key in ("ename", "evalue"))
        meant = "raises-exception" in tags_of(cell)
        yield finding(
            "stored-error",
            f"the recorded output is an error: {name or 'unknown'}"
            + (f": {value}" if value else ""),
            severity=Severity.NOTE if meant else None,
            path=path,
            cell=index,
            subject=name or None,
        )
        return


def _short(text: object) -> str:
    if not isinstance(text, str):
        return ""
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).strip().split("\n")[0]
    return plain[:117] + "…" if len(plain) > 118 else plain
