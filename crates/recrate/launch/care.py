"""Whose a session's folder is, and what happens to those whose owner is gone."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.outside.process import kill_tree, same_process, started_at

_OWNER = "owner.json"
_SERVER = "server.json"
_MAKING_SECONDS = 60.0
"""A folder without an owner that is younger than this is just being made by somebody."""


def make_folder(root: Path) -> None:
    """Make the folder of a session, private and owned by this process; it must not exist."""
    with disk_errors(root):
        root.mkdir(parents=True, mode=0o700)
    _write_mark(root / _OWNER, os.getpid())


def note_server(root: Path, pid: int) -> None:
    """Write down which process is the session's server, so that it can be ended by others."""
    _write_mark(root / _SERVER, pid)


def reap_sessions(folder: Path) -> tuple[str, ...]:
    """Take away the sessions whose owner is gone: server, kernels, folder; return their ids."""
    gone = []
    for root in sorted(folder.iterdir()) if folder.is_dir() else ():
        if root.is_dir() and not root.is_symlink() and not _is_owned(root):
            server = _read_mark(root / _SERVER)
            if server is not None and same_process(server["pid"], server["started"]):
                kill_tree(server["pid"])
            remove_tree(root)
            gone.append(root.name)
    return tuple(gone)


def verdicts_in(data: Path) -> tuple[Path, ...]:
    """Return the folders of verdicts that the server extension of a session made, oldest first."""
    found = [one.parent for one in data.glob("jobs/*/**/verdict.json")]
    return tuple(sorted(found, key=lambda one: one.stat().st_mtime))


def remove_unless_verdicts(data: Path) -> None:
    """Remove what the server extension kept of a session in which nothing was judged."""
    if data.is_dir() and not verdicts_in(data):
        shutil.rmtree(data, ignore_errors=True)


def _is_owned(root: Path) -> bool:
    owner = _read_mark(root / _OWNER)
    if owner is None:
        return time.time() - root.stat().st_mtime < _MAKING_SECONDS
    return same_process(owner["pid"], owner["started"])


def _write_mark(place: Path, pid: int) -> None:
    write_text(place, json.dumps({"pid": pid, "started": started_at(pid)}))


def _read_mark(place: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(place.read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(told, dict) and {"pid", "started"} <= set(told)
    return told if whole else None
