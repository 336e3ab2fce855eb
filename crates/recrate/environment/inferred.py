"""What the code lets us infer: import name → distribution, by a kept table, never a guess."""

import tomllib
from functools import cache
from importlib import resources

from recrate.environment.standard_library import is_standard
from recrate.environment.wishes import Wish, Wishes
from recrate.model.environment import Unrestored
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import FoundNotebook, FoundScript, Import, Inventory


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the kept tables: `imports`, `magics`, `methods`, `conda`, `programs`."""
    text = resources.files("recrate.environment").joinpath("distributions.toml").read_text("utf-8")
    return tomllib.loads(text)


def distribution_of(module: str) -> str | None:
    """Return the distribution that provides the dotted `module`; None when the table is silent.

    The longest known prefix wins: `google.protobuf` before `google`.
    """
    imports = table()["imports"]
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        found = imports.get(".".join(parts[:length]))
        if found is not None:
            return found or None
    return None


def infer(inventory: Inventory) -> Wishes:
    """Return what the imports, magics and `%pip install` lines of the study ask for."""
    wishes: dict[str, Wish] = {}
    unrestored: dict[str, Unrestored] = {}
    findings: list[Finding] = []
    for unit in (*inventory.notebooks, *inventory.scripts):
        if unit.language.lower() != "python":
            continue
        for entry in unit.uses.imports:
            if entry.local or is_standard(entry.name):
                continue
            name = distribution_of(entry.name)
            if name is not None:
                origin = f"import {entry.name} in {unit.path}"
                wishes.setdefault(name, Wish(name=name, text=name, origin=origin))
            elif not entry.optional and entry.name.split(".")[0] not in unrestored:
                top = entry.name.split(".")[0]
                unrestored[top] = Unrestored(
                    name=top,
                    reason="no distribution is known for this import",
                    declared_in=unit.path,
                )
                findings.append(_unknown(unit, entry))
    return Wishes(
        requirements=tuple(wishes.values()),
        unrestored=tuple(unrestored.values()),
        findings=tuple(findings),
    )


def _unknown(unit: FoundNotebook | FoundScript, entry: Import) -> Finding:
    return find(
        Severity.WARNING,
        "unknown-import",
        f"no distribution is known for `import {entry.name}`, so no index was asked for it",
        hint="name its distribution in requirements.txt",
        path=unit.path,
        cell=entry.cell,
        line=entry.line,
    )
