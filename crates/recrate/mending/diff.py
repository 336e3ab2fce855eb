"""A patch as people read it: unified, cell by cell, each with the rules that asked for it."""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from recrate.model.repair import Patch

_COMPARED_LINES = 4_000
Key = tuple[str, int | None]


def diff_of(before: Mapping[Key, str], after: Mapping[Key, str], patches: Iterable[Patch]) -> str:
    """Return the unified diff of all cells and modules that changed; empty where none did.

    before, after: sources by path and cell
    """
    told: dict[Key, list[Patch]] = {}
    for patch in patches:
        told.setdefault((patch.path, patch.cell), []).append(patch)
    parts = [_part(key, before[key], after[key], told.get(key, [])) for key in after]
    return "\n".join(part for part in parts if part)


def _part(key: Key, before: str, after: str, patches: Sequence[Patch]) -> str:
    if before == after:
        return ""
    path, cell = key
    place = path.replace("\n", " ") + ("" if cell is None else f", cell {cell}")
    rules = [
        f"# {one.before} -> {one.after} ({one.rule}): {one.why} [{one.source}]"
        for one in {patch.before: patch for patch in patches}.values()
    ]
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > _COMPARED_LINES:
        return "\n".join([*rules, *_only_changed(place, old, new)]) + "\n"
    lines = difflib.unified_diff(
        old, new, f"{place} (as published)", f"{place} (after repair)", n=2, lineterm=""
    )
    return "\n".join([*rules, *lines]) + "\n"


def _only_changed(place: str, old: list[str], new: list[str]) -> list[str]:
    """Compare a very long cell from both its ends alone."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    head = f"@@ -{start + 1},{len(gone)} +{start + 1},{len(come)} @@"
    names = [f"--- {place} (as published)", f"+++ {place} (after repair)", head]
    return [*names, *(f"-{line}" for line in gone), *(f"+{line}" for line in come)]
