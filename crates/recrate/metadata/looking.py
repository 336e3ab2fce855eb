"""A glance at a study: what lies at its root, for a form that must open at once."""

from pathlib import Path

from recrate.model.crate import METADATA_NAME, PREVIEW_NAME
from recrate.model.errors import BadInput
from recrate.model.study import Inventory, StudyFile
from recrate.outside.disk import disk_errors, media_type_of

_DESCRIBING = ("licen", "unlicen", "copying", "citation.cff", "codemeta.json", ".zenodo.json")
_MOST_FILES = 10_000
"""A root of more files has no README among the last of them that somebody waits for."""


def look(root: Path) -> Inventory:
    """Return the regular files at the root as an inventory without notebooks; no file is read.

    Raises BadInput when `root` is no folder.
    """
    if not root.is_dir():
        raise BadInput("is not a folder", where=str(root), hint="name the folder of a study")
    files = []
    with disk_errors(root):
        for file in sorted(root.iterdir())[:_MOST_FILES]:
            if file.is_symlink() or not file.is_file():
                continue
            if file.name in {METADATA_NAME, PREVIEW_NAME}:
                continue
            files.append(
                StudyFile(
                    path=file.name,
                    size_bytes=file.stat().st_size,
                    media_type=media_type_of(file.name),
                )
            )
    return Inventory(
        name=root.resolve().name or "study",
        files=tuple(files),
        notebooks=(),
        descriptions=tuple(
            file.path for file in files if file.path.lower().startswith(_DESCRIBING)
        ),
    )
