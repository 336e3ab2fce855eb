"""Fixes in cells and scripts: secrets moved out, recorded outputs cleared."""

import json
import re
from collections.abc import Iterator

from recrate.flow.mending_source import (
    code_edit,
    is_python,
    literals_in,
    os_in,
    parse,
    source_of,
    units_of,
)
from recrate.mending.code import (
    Literal,
    changed_lines,
    imports_os,
    rebinds_os,
    with_literals_replaced,
)
from recrate.mending.files import Edit
from recrate.mending.lines import (
    ignores,
    is_free_variable,
    quoted,
    variable_name,
    variables_of,
    with_line,
)
from recrate.mending.notebooks import CellEdit, out_of_order
from recrate.mending.work import Planned, Work
from recrate.model.errors import BadInput, Conflict
from recrate.model.finding import Finding
from recrate.model.fix import Answer, Change, Fix, FixKind
from recrate.model.study import Inventory
from recrate.scan.secrets import secrets_in, without_secrets
from recrate.scan.sensitive import output_text

VARIABLES = ".env"
_IGNORE_FILES = (".recrateignore", ".gitignore")
_HIDDEN = "'…'"


def offer_secret(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fix that moves the secrets of one kind out of a cell or script."""
    assert finding.path is not None
    source = source_of(work, finding.path, finding.cell)
    if source is None or not is_python(finding.path, inventory):
        return
    held = variables_of(work.content(VARIABLES))
    taken = {
        name for unit in units_of(inventory) for name in unit.uses.environment_variables
    } - set(held)
    names: dict[str, str] = {}
    for literal in _secret_literals(source, finding.subject or ""):
        if literal.value not in names:
            hidden = secrets_in(f"{literal.name} {literal.name}")
            base = "" if next(hidden, None) or literal.value in literal.name else literal.name
            kind = re.sub(r"^(an?|the) ", "", finding.subject or "")
            busy = {name for name, text in held.items() if text != quoted(literal.value)}
            names[literal.value] = variable_name(base, kind, taken | busy | set(names.values()))
    if not names:
        return
    chosen = tuple(names.values())
    yield Fix(
        kind=FixKind.MOVE_SECRET_OUT,
        code=finding.code,
        title=f"Read it from the environment variable {', '.join(chosen)}, and keep it in "
        f"{VARIABLES}, which is not packed",
        file=finding.path,
        asks=Answer.VARIABLE if len(chosen) == 1 else None,
        choices=chosen if len(chosen) == 1 else (),
        names=chosen,
    )


def plan_secret(work: Work, fix: Fix, choice: str | None) -> Planned | None:
    """Plan what `offer_secret` offers; raises BadInput for a name that is none."""
    names = fix.names
    if choice is not None and len(names) == 1:
        if not is_free_variable(choice):
            raise BadInput(
                "is no name for a variable", where=choice[:80], hint="capitals, digits and _"
            )
        names = (choice,)
    source = source_of(work, fix.file, fix.cell)
    found = _secret_literals(source or "", fix.subject or "")
    values = tuple(dict.fromkeys(one.value for one in found))
    if source is None or not values or len(values) != len(names):
        return None
    named = dict(zip(values, names, strict=True))
    text = _without_literals(work, fix, source, found, named)
    aside = None if text is None else _variables(work, named)
    if text is None or aside is None:
        return None
    cleared = _shown_outputs(work, fix, {*_secrets(source, fix), *values})
    edit = code_edit(work, fix.file, fix.cell, text, clear=cleared > 0)
    before, after = changed_lines(_hidden(source, found), without_secrets(text))
    change = Change(path=fix.file, cell=fix.cell, before=before, after=after, cleared=cleared)
    if edit is None:
        return None
    return Planned(edits=(*aside.edits, edit), changes=(change, *aside.changes))


def _without_literals(
    work: Work, fix: Fix, source: str, found: list[Literal], named: dict[str, str]
) -> str | None:
    """Return the code that reads the variables; None where a secret would be left in it."""
    tree = parse(source)
    above = _imported_above(work, fix)
    if tree is None or above is None or rebinds_os(tree):
        return None
    ready = above or imports_os(tree, min(one.line for one in found))
    expressions = [(one, f'os.environ["{named[one.value]}"]') for one in found]
    text = with_literals_replaced(source, expressions, parse, import_os=not ready)
    if text is None or any(secret in text for secret in _secrets(source, fix)):
        return None
    return None if _secrets(text, fix) else text


def _secrets(source: str, fix: Fix) -> set[str]:
    return {secret for _, kind, _, secret in secrets_in(source) if kind == fix.subject}


def _secret_literals(source: str, kind: str) -> list[Literal]:
    """Return the literals that hold the secrets of one kind, and those that say the same."""
    found = literals_in(source)
    values = {
        literal.value
        for line, what, _, secret in secrets_in(source)
        for literal in found
        if what == kind
        and secret in literal.written
        and literal.line <= line <= literal.line + literal.written.count("\n")
    }
    return [literal for literal in found if literal.value in values]


def _hidden(source: str, found: list[Literal]) -> str:
    for one in sorted(found, key=lambda one: -one.start):
        source = source[: one.start] + _HIDDEN + "\n" * one.written.count("\n") + source[one.end :]
    return without_secrets(source)


def _variables(work: Work, named: dict[str, str]) -> Planned | None:
    """Plan the lines of `.env`, and that nothing packs or commits it."""
    if any(work.is_blocked(name) for name in (VARIABLES, *_IGNORE_FILES)):
        return None
    content = work.content(VARIABLES)
    held = variables_of(content)
    written = content
    shown = []
    for value, name in named.items():
        text = quoted(value)
        if text is None:
            return None
        if held.get(name, text) != text:
            raise Conflict(f"{VARIABLES} sets {name} already", hint="choose another name")
        if name not in held:
            written = with_line(written, f"{name}={text}")
            shown.append(f"{name}={_HIDDEN}")
    edits, changes = [], []
    if written is not None and written != content:
        edits.append(Edit(path=VARIABLES, content=written, private=True))
        changes.append(Change(path=VARIABLES, after="\n".join(shown), created=content is None))
    for name in _IGNORE_FILES:
        old = work.content(name)
        if not ignores(old, VARIABLES):
            line = f"/{VARIABLES}"
            edits.append(Edit(path=name, content=with_line(old, line)))
            changes.append(Change(path=name, after=line, created=old is None))
    return Planned(edits=tuple(edits), changes=tuple(changes))


def _shown_outputs(work: Work, fix: Fix, secrets: set[str]) -> int:
    """Return how many outputs the cell has, if one shows a secret or another of its kind."""
    notebook = work.notebook(fix.file) if fix.cell is not None else None
    cell = notebook.cells.get(fix.cell) if notebook and fix.cell is not None else None
    for output in cell.outputs if cell else ():
        if not isinstance(output, dict):
            continue
        text = output_text(output)
        everything = text + json.dumps(output, ensure_ascii=False)
        if any(secret in everything for secret in secrets) or _secrets(text, fix):
            return len(cell.outputs) if cell else 0
    return 0


def _imported_above(work: Work, fix: Fix) -> bool | None:
    """Say whether an earlier cell imports `os`; None where a cell makes it another thing."""
    notebook = work.notebook(fix.file) if fix.cell is not None else None
    if notebook is None or fix.cell is None:
        return False
    facts = {index: os_in(cell.source) for index, cell in notebook.cells.items()}
    if any(rebinds for _, rebinds in facts.values()):
        return None
    return any(imports for index, (imports, _) in facts.items() if index < fix.cell)


def offer_clearing(work: Work, finding: Finding) -> Iterator[Fix]:
    """Yield the fix that clears a cell's outputs, or those of the cells run out of order."""
    assert finding.path is not None
    if work.notebook(finding.path) is not None:
        yield Fix(
            kind=FixKind.CLEAR_OUTPUT,
            code=finding.code,
            title="Clear the recorded output; the cell counts as not run",
            file=finding.path,
        )


def plan_clearing(work: Work, fix: Fix) -> Planned | None:
    """Plan what `offer_clearing` offers."""
    notebook = work.notebook(fix.file)
    if notebook is None or fix.cell is None:
        return None
    indices = out_of_order(notebook) if fix.code == "run-out-of-order" else (fix.cell,)
    changes = [
        Change(path=fix.file, cell=index, cleared=len(notebook.cells[index].outputs))
        for index in indices
        if index in notebook.cells
    ]
    if not changes:
        return None
    content = notebook.edited({index: CellEdit(clear=True) for index in indices})
    if content == work.content(fix.file):
        return None
    return Planned(edits=(Edit(path=fix.file, content=content),), changes=tuple(changes))
