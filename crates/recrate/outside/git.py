"""What git knows of a folder, asked so that a stranger's repository cannot choose what git starts.

Settings on the command line outrank those in the repository: no hooks, monitors, pagers, signature
programs, and no transport that would fetch missing objects of a partial clone (git-config(1)).
"""

from pathlib import Path

from recrate.model.errors import OutsideFailed
from recrate.outside.process import run

_SECONDS = 20.0
_COMMITS = 5_000
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
    return _asked(root, "log", "-1", "--no-show-signature", f"--format={what}", "--", ".")


def people(root: Path) -> tuple[tuple[str, str], ...]:
    """Return (name, mail address) of everybody who wrote or committed what lies in `root`."""
    form = "--format=%an%x09%ae%n%cn%x09%ce"
    told = _asked(root, "log", f"-{_COMMITS}", "--no-show-signature", form, "--", ".")
    found = dict.fromkeys((told or "").splitlines())
    return tuple((name, mail) for name, _, mail in (one.partition("\t") for one in found))


def remotes(root: Path) -> tuple[str, ...]:
    """Return the addresses of the repository's remotes, as they are configured."""
    told = _asked(root, "config", "--local", "--get-regexp", r"^remote\..*\.url$")
    return tuple(one.partition(" ")[2].strip() for one in (told or "").splitlines() if " " in one)


def _asked(root: Path, *words: str) -> str | None:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = ["git", *settings, "--no-pager", "--no-optional-locks", *words]
    try:
        home = root.resolve()
        if not any((folder / ".git").exists() for folder in (home, *home.parents)):
            return None
        finished = run(command, timeout_seconds=_SECONDS, folder=home)
    except (OutsideFailed, OSError):
        return None
    return finished.out.strip() or None if finished.code == 0 else None
