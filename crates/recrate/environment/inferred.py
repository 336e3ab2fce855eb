"""What the code lets us infer: import name → distribution, by a kept table, never a guess."""

import json
from pathlib import Path

from packaging.utils import canonicalize_name

from recrate.environment.standard_library import is_standard
from recrate.environment.table import (
    companions_of,
    debian_packages_of,
    distribution_of,
    distributions_of_magic,
    needed_by_calls,
)
from recrate.environment.wishes import Wish, Wishes, merge, sort_out
from recrate.model.crate import source_of
from recrate.model.environment import Unrestored
from recrate.model.finding import Severity, find
from recrate.model.study import FoundNotebook, FoundScript, Import, Inventory

_BYTES = 200_000_000
"""A notebook larger than this is not searched for calls; its imports are known all the same."""


def infer(root: Path, inventory: Inventory) -> Wishes:
    """Return what the imports, magics, calls and `%pip install` lines of the study ask for."""
    units = used_code(inventory)
    wishes = merge(_read_unit(root, unit) for unit in units)
    programs = tuple(program for unit in units for program in unit.uses.programs)
    names = {wish.name for wish in wishes.requirements}
    system = Wishes(system_packages=debian_packages_of(programs, names))
    return merge([wishes, system])


def used_code(inventory: Inventory) -> tuple[FoundNotebook | FoundScript, ...]:
    """Return the Python notebooks, and those scripts of the study that they import or run."""
    units: list[FoundNotebook | FoundScript] = [
        one for one in inventory.notebooks if is_python(one.language)
    ]
    scripts = [one for one in inventory.scripts if is_python(one.language)]
    runs = any("run" in unit.uses.magics or "python" in unit.uses.programs for unit in units)
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        wanted = {entry.name for entry in unit.uses.imports if entry.local}
        for script in tuple(scripts):
            if runs or any(_provides(script.path, module) for module in wanted):
                scripts.remove(script)
                units.append(script)
                waiting.append(script)
    return tuple(units)


def is_python(language: str) -> bool:
    """Say whether a notebook's language is Python, as kernels spell it."""
    return language.lower() in {"python", "python3", "python2", "ipython", "sage", ""}


def _provides(path: str, module: str) -> bool:
    """Say whether the script at `path` can be what `import module` means: `src/a/b.py` is `a.b`."""
    steps = path.removesuffix(".py").removesuffix("/__init__").split("/")
    parts = [part for part in module.split(".") if part]
    heads = [parts[:length] for length in range(1, len(parts) + 1)]
    return any(steps[-len(head) :] == head for head in heads)


def _read_unit(root: Path, unit: FoundNotebook | FoundScript) -> Wishes:
    parts = [_read_import(entry, unit) for entry in unit.uses.imports]
    foreign = [entry.name for entry in unit.uses.imports if not entry.local and not entry.optional]
    modules = {name.split(".")[0] for name in foreign}
    implied = [
        *(name for module in foreign for name in companions_of(module)),
        *(name for magic in unit.uses.magics for name in distributions_of_magic(magic)),
        *needed_by_calls(_code_of(root / unit.path), modules),
    ]
    good, bad = sort_out([*implied, *unit.uses.installs], f"code of {unit.path}")
    return merge([*parts, Wishes(requirements=good, unrestored=bad)])


def _read_import(entry: Import, unit: FoundNotebook | FoundScript) -> Wishes:
    if entry.local or is_standard(entry.name):
        return Wishes()
    name = distribution_of(entry.name)
    top = entry.name.split(".")[0]
    if entry.optional:
        return Wishes(notes=(f"{unit.path}: `import {top}` is optional, so it is not asked for",))
    if name is not None:
        origin = f"import {entry.name} in {unit.path}"
        return Wishes(requirements=(Wish(name=canonicalize_name(name), text=name, origin=origin),))
    finding = find(
        Severity.WARNING,
        "unknown-import",
        f"no distribution is known for `import {entry.name}`, so no index was asked for it",
        hint="if it is a package, name its distribution in requirements.txt; "
        "if it is a module of yours, put it into the study",
        path=unit.path,
        cell=entry.cell,
        line=entry.line,
    )
    reason = "no distribution is known for this import, and unknown names are never asked for"
    return Wishes(
        unrestored=(Unrestored(name=top, reason=reason, declared_in=unit.path),),
        findings=(finding,),
    )


def _code_of(path: Path) -> str:
    """Return the code of a notebook or script as one text; empty when it cannot be read."""
    try:
        if path.stat().st_size > _BYTES:
            return ""
        text = path.read_text("utf-8-sig", "replace")
        if path.suffix != ".ipynb":
            return text
        document = json.loads(text)
        sheets = document.get("worksheets") or [document]
        cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
        return "\n".join(
            source_of(cell) if "source" in cell else "".join(cell.get("input", ""))
            for cell in cells
            if cell.get("cell_type") == "code"
        )
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return ""
