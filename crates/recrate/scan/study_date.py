"""The date a study is of: from git, else from the newest execution that a notebook recorded."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recrate.model.study import Notebook
from recrate.outside.git import last_commit

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_CELL_TIMES = (
    ("execution", "shell.execute_reply"),
    ("execution", "iopub.status.idle"),
    ("execution", "iopub.execute_input"),
    ("papermill", "end_time"),
    ("ExecuteTime", "end_time"),
    ("ExecuteTime", "start_time"),
)


def git_date(root: Path) -> str | None:
    """Return the ISO date (UTC) of the last commit that touched `root`, or None.

    None also when git is not installed, `root` lies in no repository, or git does not answer.
    """
    seconds = last_commit(root, "%ct")
    if seconds is None or not re.fullmatch(r"\d{1,11}", seconds, re.ASCII):
        return None
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def last_run(notebook: Notebook) -> str | None:
    """Return the newest recorded execution time of a notebook, ISO 8601 in UTC, or None."""
    times = [moment for text in _recorded_times(notebook) if (moment := _moment(text))]
    if not times:
        return None
    return max(times).isoformat(timespec="seconds").replace("+00:00", "Z")


def _recorded_times(notebook: Notebook) -> Iterable[Any]:
    papermill = notebook["metadata"].get("papermill")
    if isinstance(papermill, dict):
        yield papermill.get("end_time")
    for cell in notebook["cells"]:
        for table, key in _CELL_TIMES:
            recorded = cell["metadata"].get(table)
            if isinstance(recorded, dict) and key in recorded:
                yield recorded[key]


def _moment(text: object) -> datetime | None:
    """Return the moment that `text` names; without a zone it is UTC, as Jupyter writes it."""
    if not isinstance(text, str) or not _ISO.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
