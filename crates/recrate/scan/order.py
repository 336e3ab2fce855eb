"""The order in which notebooks run: who writes what another reads, then names as people count."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from recrate.model.finding import Finding
from recrate.model.study import FoundNotebook
from recrate.scan.codes import finding


def natural_key(path: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `2-fit.ipynb` before `10-plot.ipynb`; folders sort as they nest."""
    parts = re.findall(r"\d+|\D+", path.replace("/", "\x00").casefold(), re.ASCII)
    counted = tuple(
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts
    )
    return (*counted, (2, 0, path))


def run_order(
    notebooks: tuple[FoundNotebook, ...],
) -> tuple[tuple[FoundNotebook, ...], tuple[Finding, ...]]:
    """Return the notebooks in run order, and a finding for every circle among them.

    In a circle the notebook whose name comes first runs first.
    """
    waiting = sorted(notebooks, key=lambda notebook: natural_key(notebook.path))
    needs = _needs(waiting)
    ordered: list[FoundNotebook] = []
    findings: list[Finding] = []
    done: set[str] = set()
    while waiting:
        ready = next((one for one in waiting if needs[one.path] <= done), None)
        if ready is None:
            circle = _circle(waiting[0].path, needs, done)
            ready = next(one for one in waiting if one.path in circle)
            names = " and ".join(path for path in sorted(circle, key=natural_key)[:4])
            message = f"{names} read what each other writes; they run in the order of their names"
            findings.append(finding("order-cycle", message, path=ready.path))
        waiting.remove(ready)
        done.add(ready.path)
        ordered.append(ready)
    return tuple(ordered), tuple(findings)


def _needs(notebooks: list[FoundNotebook]) -> dict[str, set[str]]:
    """Return for each notebook the others that write what it reads and does not write first."""
    writers: dict[str, set[str]] = {}
    for notebook in notebooks:
        for use in notebook.uses.writes:
            if use.target:
                writers.setdefault(use.target, set()).add(notebook.path)
    needs: dict[str, set[str]] = {}
    for notebook in notebooks:
        own: dict[str, tuple[int, int]] = {}
        for use in notebook.uses.writes:
            if use.target:
                place = (use.cell or 0, use.line or 0)
                own[use.target] = min(own.get(use.target, place), place)
        wanted: set[str] = set()
        for use in notebook.uses.reads:
            if use.target is None or _written_before(own, use.target, use.cell, use.line):
                continue
            for path in _written(use.target, writers):
                wanted |= writers[path]
        needs[notebook.path] = wanted - {notebook.path}
    return needs


def _written_before(
    own: Mapping[str, tuple[int, int]], target: str, cell: int | None, line: int | None
) -> bool:
    return target in own and own[target] <= (cell or 0, line or 0)


def _written(target: str, writers: Mapping[str, set[str]]) -> list[str]:
    """Return the written paths that a read means: itself, by pattern, or all in a folder."""
    if target in writers:
        return [target]
    if "*" in target or "?" in target:
        return [path for path in writers if fnmatchcase(path, target)]
    return [path for path in writers if target and path.startswith(target + "/")]


def _circle(start: str, needs: Mapping[str, set[str]], done: set[str]) -> set[str]:
    """Return a circle of needs that can be reached from `start`."""
    trail: list[str] = []
    here = start
    while here not in trail:
        trail.append(here)
        here = min(needs[here] - done, key=natural_key)
    return set(trail[trail.index(here) :])
