"""Errors that a notebook caught itself, and that show only later, as a name nobody defined.

`try: import x … except: print("install x")` goes on, and a later cell stumbles over `x`. What the
import raised is the reason; the kernel, which still lives, is asked for it.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from recrate.model.observation import RunError
from recrate.replay.conversation import Conversation
from recrate.replay.errors import error_of

_NAME = re.compile(r"name ['\"]?(\w{1,200})['\"]? is not defined")
_MAGIC = re.compile(r"^(\s*)[%!].*", re.MULTILINE)
_SOURCE = 200_000
_STATEMENTS = 20
_SAID = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A cell, by its index in the notebook that ran, whose `code` would have defined the name."""

    cell: int
    code: str


def caught_before(
    error: RunError,
    cells: Sequence[Any],
    failed: int,
    conversation: Conversation,
    timeout_seconds: float,
) -> RunError | None:
    """Return what the import raised that should have defined the missing name of a NameError.

    cells:  of the notebook that ran, with their outputs; failed: index of the one that failed
    `cell` of the answer is an index among them. None where no such import is seen, or where it
    raises nothing now. One that leaves the kernel says why in what its cell printed.
    """
    suspect = suspect_of(cells, failed, error.message) if error.name == "NameError" else None
    if suspect is None:
        return None
    told = conversation.ask(suspect.code, timeout_seconds=timeout_seconds)
    if told is None or told.get("status") != "error":
        return None
    name, message = str(told.get("ename", "")), str(told.get("evalue", ""))
    if name == "SystemExit":
        outputs = cells[suspect.cell].get("outputs", ())
        said = "".join(str(one["text"]) for one in outputs if "text" in one)
        message = " ".join(said[:_SAID].split())
    trace = "\n".join(str(line) for line in told.get("traceback", ()))
    return error_of(name, message, suspect.cell, trace)


def suspect_of(cells: Sequence[Any], failed: int, message: str) -> Suspect | None:
    """Return the imports in a `try` that would have defined the name which `message` misses.

    cells:  of the notebook, each with `cell_type` and `source`; failed: index of the one that
            raised the NameError
    Of several the last before it counts. None where the name is defined in another way.
    """
    found = _NAME.search(message)
    if found is None:
        return None
    for index in range(failed, -1, -1):
        if cells[index].cell_type != "code":
            continue
        for node in _tries(str(cells[index].source)):
            code = _imports_until(node.body, found.group(1))
            if code:
                return Suspect(cell=index, code=code)
    return None


def _tries(source: str) -> Iterator[ast.Try]:
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", source[:_SOURCE]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from (node for node in reversed(tree.body) if isinstance(node, ast.Try))


def _imports_until(body: Sequence[ast.stmt], name: str) -> str:
    """Return the imports up to the one that binds `name` as code; empty where none does."""
    lines = []
    for node in body[:_STATEMENTS]:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        lines.append(ast.unparse(node))
        if any((one.asname or one.name.split(".")[0]) == name for one in node.names):
            return "\n".join(lines)
    return ""
