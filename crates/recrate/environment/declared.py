"""What the study declares: every file that names packages, read by kind and put together."""

from collections.abc import Callable
from pathlib import Path

from recrate.environment.requirements_file import read_requirements
from recrate.environment.wishes import Wishes, merge
from recrate.model.study import Inventory

Reader = Callable[[Path, str], Wishes]


def read_declared(root: Path, inventory: Inventory) -> Wishes:
    """Put together what the declarations of the study ask for."""
    return merge(
        _READERS[declaration.kind](root, declaration.path)
        for declaration in inventory.declarations
        if declaration.kind in _READERS
    )


def _read_constraints(root: Path, path: str) -> Wishes:
    return read_requirements(root, path, constraints=True)


_READERS: dict[str, Reader] = {
    "requirements": read_requirements,
    "constraints": _read_constraints,
}
