"""What git knows of a folder, asked so that a stranger's repository cannot choose what git starts.

Settings on the command line outrank those in the repository: no hooks, monitors, pagers, signature
programs, and no transport that would fetch missing objects of a partial clone (git-config(1)).
"""

from pathlib import Path

from recrate.model.errors import OutsideFailed
from recrate.outside.process import run

_SECONDS = 20.0
_SETTINGS = (
    "safe.directory=*", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat",
    "log.showSignature=false", "log.mailmap=false", "gpg.program=false", "gpg.ssh.program=false",
    "gpg.x509.program=false", "diff.external=", "protocol.allow=never", "protocol.ext.allow=never",
    "protocol.file.allow=never", "protocol.ssh.allow=never", "protocol.git.allow=never",
    "protocol.http.allow=never", "protocol.https.allow=never",
)  # fmt: skip


def last_commit(root: Path, what: str) -> str | None:
    """Return `what` (a `--format` of git-log) of the last commit that touched `root`, or None.

    None also when git is not installed, `root` lies in no repository, or git does not answer.
    """
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = ["git", *settings, "--no-pager", "--no-optional-locks", "log", "-1"]
    try:
        home = root.resolve()
        if not any((folder / ".git").exists() for folder in (home, *home.parents)):
            return None
        finished = run(
            [*command, "--no-show-signature", f"--format={what}", "--", "."],
            timeout_seconds=_SECONDS,
            folder=home,
        )
    except (OutsideFailed, OSError):
        return None
    return finished.out.strip() or None if finished.code == 0 else None
