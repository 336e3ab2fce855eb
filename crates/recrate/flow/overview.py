"""What a scan found as one lean JSON document, for a list on a screen."""

import json
from collections.abc import Iterable
from typing import Any

from recrate.model.environment import Lock
from recrate.model.finding import Finding, Severity
from recrate.model.study import Description, FoundNotebook, Inventory
from recrate.model.wire import to_plain

LARGEST = 50
"""How many of the biggest files are named."""
ENOUGH_BYTES = 900_000
"""What a document may have; below it, less and less of the long lists is told."""

_STEPS = ((200, 2_000), (50, 1_000), (20, 500), (8, 300), (3, 200), (0, 100))
"""(things of each kind per notebook, findings and paths of data), from generous to bare."""
_LONGEST = 500
_ORDER = list(Severity)


def overview_document(
    inventory: Inventory, description: Description, lock: Lock | None = None
) -> dict[str, Any]:
    """Return what a person wants to see of a scan: notebooks in run order, data, findings.

    Below a megabyte for 300 notebooks, whatever they use: long lists are cut, and their whole
    lengths stand in `totals` and, of a notebook, in its own `totals`. The heaviest findings stay.
    """
    document: dict[str, Any] = {}
    for things, told in _STEPS:
        document = _document(inventory, description, lock, things, told)
        if len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")) < ENOUGH_BYTES:
            break
    return document


def _document(
    inventory: Inventory, description: Description, lock: Lock | None, things: int, told: int
) -> dict[str, Any]:
    largest = sorted(inventory.files, key=lambda file: (-file.size_bytes, file.path))[:LARGEST]
    data = _data(inventory)
    findings = _heaviest_first((*inventory.findings, *description.findings))
    return {
        "name": inventory.name,
        "notebooks": [_notebook(one, things) for one in inventory.notebooks],
        "files": {
            "count": len(inventory.files),
            "bytes": sum(file.size_bytes for file in inventory.files),
            "largest": [{"path": one.path, "bytes": one.size_bytes} for one in largest],
        },
        "data": data[:told],
        "references": to_plain(description.references[:told]),
        "declarations": to_plain(inventory.declarations[:told]),
        "descriptions": list(inventory.descriptions[:told]),
        "people": to_plain(description.creators[:told]),
        "licence": description.licence,
        "title": description.title[:_LONGEST],
        "environment": _environment(lock),
        "study_date": inventory.study_date,
        "study_date_source": inventory.study_date_source,
        "findings": [_finding(one) for one in findings[:told]],
        "totals": {
            "notebooks": len(inventory.notebooks),
            "scripts": len(inventory.scripts),
            "data": len(data),
            "references": len(description.references),
            "findings": len(findings),
            **{
                severity.value: sum(one.severity is severity for one in findings)
                for severity in Severity
            },
        },
    }


def _notebook(found: FoundNotebook, things: int) -> dict[str, Any]:
    uses = found.uses
    lists = {
        "imports": _unique(use.name.partition(".")[0] for use in uses.imports if not use.local),
        "reads": _unique(use.target or use.path for use in uses.reads),
        "writes": _unique(use.target or use.path for use in uses.writes),
        "fetches": _unique(use.url for use in uses.web if use.fetched),
    }
    return {
        "path": found.path,
        "language": found.language,
        "kernel": found.kernel,
        "cells": found.cells,
        "code_cells": found.code_cells,
        "outputs": found.outputs,
        "last_run": found.last_run,
        **{name: [_short(one) for one in values[:things]] for name, values in lists.items()},
        "totals": {name: len(values) for name, values in lists.items()},
    }


def _data(inventory: Inventory) -> list[str]:
    """Return the files of the study that its notebooks and scripts read."""
    uses = [one.uses for one in inventory.notebooks] + [one.uses for one in inventory.scripts]
    return _unique(use.target for one in uses for use in one.reads if use.target and use.exists)


def _environment(lock: Lock | None) -> dict[str, Any] | None:
    if lock is None:
        return None
    return {
        "language": lock.language,
        "python": lock.python,
        "packages": len(lock.packages),
        "as_of": lock.as_of,
        "source": lock.source,
        "kernel": lock.kernel,
    }


def _heaviest_first(findings: tuple[Finding, ...]) -> list[Finding]:
    return sorted(findings, key=lambda one: _ORDER.index(one.severity))


def _finding(finding: Finding) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(finding)
    return {key: _short(one) if isinstance(one, str) else one for key, one in plain.items()}


def _unique(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
