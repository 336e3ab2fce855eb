"""The end of a session: what the person made in it is kept, everything else goes."""

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.flow.provenance import remember_run, runs_ledger
from recrate.flow.settings import Settings
from recrate.launch.care import remove_unless_verdicts, verdicts_in
from recrate.launch.saves import saved_paths
from recrate.launch.session import Session
from recrate.model.errors import RecrateError
from recrate.model.launch import SessionHead
from recrate.outside.disk import disk_errors

_KEPT_BYTES = 200 * 1024**2
"""What was saved in JupyterLab and is larger is left behind, and named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What is left of a session.

    kept:     folder with the working copy, or with what was saved; None where nothing was
    files:    what was kept of it, relative to the study; empty for a whole working copy
    left:     what was saved and not kept, as it is too large
    verdicts: folders of the verdicts that were made in it: run crates
    """

    kept: Path | None = None
    files: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    verdicts: tuple[Path, ...] = ()


def part(session: Session, data: Path, *, keep: bool, settings: Settings) -> Parting:
    """Keep of a session that ends what the person saved or judged, or all of it with `keep`.

    data: folder of its server extension
    What a person saved through JupyterLab is kept, unless it is a notebook whose cells are as they
    were published: running it again gives it again. What cells wrote goes.
    Raises OutsideFailed when the disk lets us down; then nothing was taken away.
    """
    verdicts = verdicts_in(data)
    now = settings.clock().isoformat(timespec="seconds")
    for folder in verdicts:
        with contextlib.suppress(RecrateError):  # the verdict stands whether that succeeds or not
            remember_run(runs_ledger(settings), folder, now=now)
    remove_unless_verdicts(data)
    try:
        head = session.read_head()
    except RecrateError:  # it ended while it was being made
        return Parting(verdicts=verdicts)
    place = settings.data / "kept" / head.id
    study = Path(head.study)
    if keep:
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(study, place)
        return Parting(kept=place, verdicts=verdicts)
    files, left = _worth_keeping(session, head, study)
    for path in files:
        with disk_errors(place):
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(study / path, place / path, follow_symlinks=False)
    return Parting(kept=place if files else None, files=files, left=left, verdicts=verdicts)


def _worth_keeping(
    session: Session, head: SessionHead, study: Path
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    files: list[str] = []
    left: list[str] = []
    held = 0
    if study.is_symlink():  # a cell put it there: what lies behind it is not of this session
        return (), ()
    for path in saved_paths(session.root, study):
        file = study / path
        inside = file.resolve().is_relative_to(study.resolve())
        if not inside or file.is_symlink() or not file.is_file():
            continue
        if path in head.notebooks and _same_cells(file, session.root / "recorded" / path):
            continue
        held += file.stat().st_size
        (files if held <= _KEPT_BYTES else left).append(path)
    return tuple(files), tuple(left)


def _same_cells(one: Path, other: Path) -> bool:
    first, second = _cells(one), _cells(other)
    return first is not None and first == second


def _cells(notebook: Path) -> list[tuple[Any, str]] | None:
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
