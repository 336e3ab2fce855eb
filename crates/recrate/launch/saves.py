"""What the person saved in JupyterLab, told apart from what the study's cells wrote.

The server calls `note_save` for every file that is saved through it, and only for those; a kernel
writes past it.
"""

import contextlib
import json
import os
from pathlib import Path

_NOTES = "saved.jsonl"


def note_save(*, os_path: str, model: object, contents_manager: object) -> None:
    """Note a path that was saved, in the folder of the session that this process serves."""
    del model, contents_manager
    session = os.environ.get("RECRATE_SESSION")
    if session:
        with (Path(session) / _NOTES).open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(os.path.realpath(os_path)) + "\n")


def saved_paths(session: Path, study: Path) -> tuple[str, ...]:
    """Return what was saved, relative to the study with `/`, in the order of the first save."""
    try:
        lines = (session / _NOTES).read_text("utf-8").splitlines()
    except OSError:
        return ()
    root = study.resolve()
    found: dict[str, None] = {}
    for line in lines:
        with contextlib.suppress(ValueError):  # the last line may be cut off
            found[Path(json.loads(line)).relative_to(root).as_posix()] = None
    return tuple(found)
