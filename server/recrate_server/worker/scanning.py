"""Scan: what is in the study, lean enough to be sent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.flow.settings import Settings
from recrate.metadata.describe import describe
from recrate.model.progress import Progress
from recrate.model.study import Description, FoundNotebook, Inventory
from recrate.model.wire import to_plain
from recrate.scan.inventory import take_inventory
from recrate_server.jobs.orders import ScanOrder

_LARGEST = 20
_DESCRIBED = (
    "title",
    "description",
    "creators",
    "licence",
    "keywords",
    "published",
    "version",
)


def scan(
    order: ScanOrder, study: Path, *, settings: Settings, progress: Progress
) -> dict[str, Any]:
    """Return the contract's `ScanResult`."""
    options = replace(settings.scan, notebooks=order.notebooks)
    inventory = take_inventory(study, options=options, progress=progress)
    description = describe(study, inventory)
    return overview(inventory, description)


def overview(inventory: Inventory, description: Description) -> dict[str, Any]:
    """Return what a scan found, without what only programs need."""
    largest = sorted(inventory.files, key=lambda file: -file.size_bytes)[:_LARGEST]
    uses = [one.uses for one in inventory.notebooks] + [one.uses for one in inventory.scripts]
    data = {use.target for one in uses for use in one.reads if use.target and use.exists}
    return {
        "kind": "scan",
        "name": inventory.name,
        "notebooks": [_notebook(one) for one in inventory.notebooks],
        "files": {
            "count": len(inventory.files),
            "bytes": sum(file.size_bytes for file in inventory.files),
            "largest": [{"path": one.path, "bytes": one.size_bytes} for one in largest],
        },
        "data": sorted(data),
        "references": to_plain(description.references),
        "declarations": to_plain(inventory.declarations),
        "kernel": None,
        "description": {name: to_plain(getattr(description, name)) for name in _DESCRIBED},
        "study_date": inventory.study_date,
        "findings": to_plain((*inventory.findings, *description.findings)),
    }


def _notebook(found: FoundNotebook) -> dict[str, Any]:
    uses = found.uses
    return {
        "path": found.path,
        "language": found.language,
        "kernel": found.kernel,
        "cells": found.cells,
        "code_cells": found.code_cells,
        "outputs": found.outputs,
        "last_run": found.last_run,
        "imports": sorted({one.name.partition(".")[0] for one in uses.imports if not one.local}),
        "reads": sorted({one.path for one in uses.reads}),
        "writes": sorted({one.path for one in uses.writes}),
        "fetches": sorted({one.url for one in uses.web if one.fetched}),
    }
