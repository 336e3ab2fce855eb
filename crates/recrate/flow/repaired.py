"""What became of a repair, read back from a replay's folder."""

from pathlib import Path

from recrate.flow.work import MARKER, ReplayFolder
from recrate.model.errors import BadInput
from recrate.model.repair import DIFF, REPAIR, REPAIRED, Repair, Repaired
from recrate.model.wire import from_json
from recrate.outside.disk import disk_errors

_LIMIT_BYTES = 20_000_000


def repaired_folder(root: Path) -> ReplayFolder | None:
    """Return the replay of the patched copy, None where a replay has none.

    A link is not followed: a run crate may be a stranger's.
    """
    place = root / REPAIRED
    if any((root / name).is_symlink() for name in (REPAIRED, f"{REPAIRED}/{MARKER}")):
        return None
    return ReplayFolder(root=place) if (place / MARKER).is_file() else None


def read_repaired(root: Path) -> Repaired | None:
    """Return what a replay's repair came to; None where none was made. Raises BadInput."""
    place = root / REPAIRED
    if place.is_symlink():
        return None
    repair = _repair_in(place)
    if repair is None:
        return None
    folder = repaired_folder(root)
    judged = folder is not None and folder.verdict.is_file()
    return Repaired(
        repair=repair,
        diff=_diff_in(place),
        verdict=folder.read_verdict() if folder is not None and judged else None,
    )


def repaired_here(root: Path) -> Repaired | None:
    """Return what a folder that is itself the replay of a patched copy is of."""
    repair = _repair_in(root)
    if repair is None:
        return None
    return Repaired(repair=repair, diff=_diff_in(root), verdict=None, here=True)


def _repair_in(root: Path) -> Repair | None:
    content = _content(root / REPAIR)
    return None if content is None else from_json(content, Repair, where=str(root / REPAIR))


def _diff_in(root: Path) -> str:
    return (_content(root / DIFF) or b"").decode("utf-8", "replace")


def _content(path: Path) -> bytes | None:
    if path.is_symlink() or not path.is_file():
        return None
    with disk_errors(path):
        if path.stat().st_size > _LIMIT_BYTES:
            raise BadInput("is too large to be read", where=str(path))
        return path.read_bytes()
