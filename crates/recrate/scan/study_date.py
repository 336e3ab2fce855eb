"""The date a study is of: from git, else from the newest execution that a notebook recorded."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recrate.model.errors import OutsideFailed
from recrate.model.study import Notebook
from recrate.outside.process import run

_GIT_SECONDS = 20.0
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

# A stranger's repository must not choose what git starts: no hooks, monitors, pagers, signature
# programs, nor transports of a partial clone (git-config(1), "command" scope outranks the file).
_GIT = (
    "git",
    "-c", "safe.directory=*",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.pager=cat",
    "-c", "log.showSignature=false",
    "-c", "log.mailmap=false",
    "-c", "gpg.program=false",
    "-c", "gpg.ssh.program=false",
    "-c", "gpg.x509.program=false",
    "-c", "diff.external=",
    "-c", "protocol.allow=never",
    "-c", "protocol.ext.allow=never",
    "-c", "protocol.file.allow=never",
    "-c", "protocol.ssh.allow=never",
    "-c", "protocol.git.allow=never",
    "-c", "protocol.http.allow=never",
    "-c", "protocol.https.allow=never",
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
)  # fmt: skip


def git_date(root: Path) -> str | None:
    """Return the ISO date (UTC) of the last commit that touched `root`, or None.

    None also when git is not installed, `root` lies in no repository, or git does not answer.
    """
    try:
        if not any((folder / ".git").exists() for folder in (root.resolve(), *root.parents)):
            return None
        finished = run(
            [*_GIT, "log", "-1", "--no-show-signature", "--format=%ct", "--", "."],
            timeout_seconds=_GIT_SECONDS,
            folder=root,
        )
    except (OutsideFailed, OSError):
        return None
    seconds = finished.out.strip()
    if finished.code != 0 or not re.fullmatch(r"\d{1,11}", seconds, re.ASCII):
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
