"""Read a notebook that may hold anything anywhere: wrong types become empty, never an exception."""

from collections.abc import Mapping, Sequence
from typing import Any

from recrate.model.study import Notebook


def mapping(value: object) -> Mapping[str, Any]:
    """Return `value` when it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """Return `value` when it is a list or tuple, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def text(value: object) -> str:
    """Return a multi-line string of nbformat: a string, or a list of strings joined."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "".join(part for part in value if isinstance(part, str))
    return ""


def cells_of(notebook: Notebook) -> Sequence[Any]:
    """Return the cells of a notebook."""
    return sequence(mapping(notebook).get("cells"))


def source_of(cell: object) -> str:
    """Return the source of a cell."""
    return text(mapping(cell).get("source"))


def is_code(cell: object) -> bool:
    """Say whether a cell is a code cell."""
    return mapping(cell).get("cell_type") == "code"


def tags_of(cell: object) -> frozenset[str]:
    """Return the tags of a cell."""
    tags = sequence(mapping(mapping(cell).get("metadata")).get("tags"))
    return frozenset(tag for tag in tags if isinstance(tag, str))


def own_settings(cell: object) -> Mapping[str, Any]:
    """Return what the author wrote under `metadata.recrate` of a cell."""
    return mapping(mapping(mapping(cell).get("metadata")).get("recrate"))


def identifier(cell: object) -> str:
    """Return the id of a cell (nbformat 4.5), empty when it has none."""
    found = mapping(cell).get("id")
    return found if isinstance(found, str) else ""
