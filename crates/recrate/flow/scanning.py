"""Scan: one pass over a study's folder, and what its own files and the kept tables say of it."""

from dataclasses import replace
from pathlib import Path

from recrate.flow.undeclared import undeclared_packages
from recrate.metadata.describe import describe
from recrate.model.progress import Progress, silent
from recrate.model.study import Description, Inventory
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions


def scan_study(
    root: Path,
    *,
    options: ScanOptions,
    metadata_file: Path | None = None,
    progress: Progress = silent,
) -> tuple[Inventory, Description]:
    """Return what is in the folder and what people say of it.

    The inventory's findings name undeclared packages, too; the description keeps its own.
    """
    found = take_inventory(root, options=options, progress=progress)
    undeclared = undeclared_packages(root, found)
    inventory = replace(found, findings=(*found.findings, *undeclared))
    return inventory, describe(root, inventory, metadata_file=metadata_file)
