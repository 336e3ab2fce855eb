"""Which policy judges: one that is named, the folder's own, the author's, or the configured one."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.finding import Finding, Severity, find
from recrate.model.policies import (
    AUTHOR_FILE,
    FILE_LIMIT_BYTES,
    NAMED,
    USUAL,
    read_policy_file,
)
from recrate.model.policy import Policy
from recrate.model.wire import to_json
from recrate.outside.disk import disk_errors, write_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A policy that judges, with what is to be said of the choice."""

    policy: Policy
    findings: tuple[Finding, ...] = ()


def named_policy(said: str) -> Policy:
    """Return the policy of a name (`usual`, `strict`, `loose`) or in a JSON file.

    Raises NotFound for neither, BadInput for a file that is no policy.
    """
    if said in NAMED:
        return NAMED[said]
    source = Path(said)
    if not source.is_file():
        raise NotFound(
            "no such policy file",
            where=said,
            hint=f"--policy names a JSON file, or one of: {', '.join(NAMED)}",
        )
    return read_policy_file(_content(source), where=said, name=source.stem)


def give_policy(study: Path, policy: Policy) -> None:
    """Make a policy the author's own: a file of the study, that every crate of it then holds.

    Raises Conflict where another one lies there, BadInput for one with waivers or no folder.
    """
    if not study.is_dir():
        raise BadInput("is not a folder", where=str(study), hint="name the folder of a study")
    if policy.waivers:
        raise BadInput(
            "a policy with waivers cannot be the author's: others accept differences",
            where=policy.name,
            hint="leave `waivers` out of the file",
        )
    target, text = study / AUTHOR_FILE, to_json(policy)
    if target.is_symlink() or (target.exists() and _content(target) != text.encode()):
        raise Conflict(
            "the study has another policy already",
            where=str(target),
            hint=f"edit {AUTHOR_FILE}, or take it away first",
        )
    write_text(target, text)


def keep_authors(study: Path, root: Path) -> None:
    """Keep the author's policy of a study in a replay's folder, as it is; it is read to judge."""
    source, target = study / AUTHOR_FILE, root / AUTHOR_FILE
    if source.is_symlink() or not source.is_file():
        return
    with disk_errors(target):
        if source.stat().st_size <= FILE_LIMIT_BYTES:
            shutil.copyfile(source, target)
        else:
            target.write_text("", encoding="utf-8")  # refused in words when it is read


def policy_for(folder: ReplayFolder, *, configured: Policy, chosen: Policy | None) -> Chosen:
    """Return the policy that judges a replay's folder.

    chosen: that a person names now; wins over the folder's own, where people accepted differences
    configured: wins over the author's where it is not the usual one
    """
    if chosen is not None:
        return Chosen(policy=chosen)
    own = folder.read_policy()
    if own is not None:
        return Chosen(policy=own)
    if configured != USUAL:
        return Chosen(policy=configured)
    return _authors(folder.root)


def _authors(root: Path) -> Chosen:
    """Return the author's policy, the usual one where there is none that can be used."""
    source = root / AUTHOR_FILE
    if source.is_symlink() or not source.is_file():
        return Chosen(policy=USUAL)
    try:
        policy = read_policy_file(_content(source), where=AUTHOR_FILE, name="author's")
    except BadInput as error:
        return Chosen(policy=USUAL, findings=(_unread(error.message),))
    told: tuple[Finding, ...] = ()
    if policy.waivers:
        told = (
            find(
                Severity.NOTE,
                "authors-waivers",
                "the author's policy accepts differences; that is for those who look, not heeded",
                hint="accept one with `recrate judge DIR --waive`",
                path=AUTHOR_FILE,
            ),
        )
    return Chosen(policy=replace(policy, waivers=(), by_author=True), findings=told)


def _unread(message: str) -> Finding:
    message = message[:300].encode("utf-8", "replace").decode()  # it quotes a stranger's file
    return find(
        Severity.WARNING,
        "bad-policy",
        f"the author's policy cannot be used, the usual one judged: {message}",
        hint="docs/judging.md shows what a policy may say",
        path=AUTHOR_FILE,
    )


def _content(source: Path) -> bytes:
    with disk_errors(source), source.open("rb") as file:
        return file.read(FILE_LIMIT_BYTES + 1)
