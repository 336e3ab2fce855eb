"""Mend: findings → fixes that a person is shown → the one that was chosen → the way back."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from recrate.flow.mending_code import offer_clearing, offer_secret, plan_clearing, plan_secret
from recrate.flow.mending_files import (
    offer_leaving_out,
    offer_licence,
    offer_reference,
    offer_requirement,
    plan_leaving_out,
    plan_licence,
    plan_reference,
    plan_requirement,
)
from recrate.flow.mending_paths import offer_path, plan_copy, plan_relative
from recrate.mending.files import SCAN_AGAIN, earlier, put_back, read, write_all
from recrate.mending.settings import MendingSettings
from recrate.mending.work import Planned, Work
from recrate.metadata.references import refer
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput, Conflict, RecrateError
from recrate.model.finding import Finding, Severity
from recrate.model.fix import Applied, Fix, FixKind
from recrate.model.study import Inventory

_BY_LINE = frozenset({FixKind.EXCLUDE_FILE, FixKind.ADD_REQUIREMENT, FixKind.REFER_TO_DATA})
"""These add to a file, whatever it has become; all others edit it as it was seen."""


def propose(
    root: Path,
    inventory: Inventory,
    findings: Sequence[Finding],
    *,
    settings: MendingSettings | None = None,
) -> tuple[tuple[Finding, tuple[Fix, ...]], ...]:
    """Return every finding with the fixes that can be applied safely; nothing is changed.

    A fix that could not be carried out as the files are now is not offered.
    """
    work = Work(root=root, settings=settings or MendingSettings(), dry=True)
    with warnings.catch_warnings():
        # A stranger's `"\d"` is no concern of the person who mends.
        warnings.simplefilter("ignore")
        return tuple((one, tuple(_fixes(work, one, inventory))) for one in findings)


def apply(
    root: Path, fix: Fix, *, choice: str | None = None, settings: MendingSettings | None = None
) -> Applied:
    """Do what `fix` says, with the person's `choice` where it asks for one.

    Raises BadInput for a missing or impossible choice, Conflict when a file changed since the fix
    was proposed, Refused where a link is in the way, OutsideFailed when the disk lets us down;
    then nothing is changed.
    """
    if fix.needs_choice and not choice:
        raise BadInput("a choice is needed", where=fix.title, hint="choose, then apply")
    answer = (choice or None) if fix.asks is not None else None
    if fix.kind is FixKind.REFER_TO_DATA:
        return _referred(root, fix, answer or "")
    work = Work(root=root, settings=settings or MendingSettings())
    if fix.sha256 is not None and work.digest(fix.file) != fix.sha256:
        raise _changed(fix)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        planned = _plan(work, fix, answer)
    if planned is None or not planned.edits:
        raise _changed(fix)
    done = write_all(root, planned.edits)
    return Applied(kind=fix.kind, changed=tuple(one.path for one in done), undo=done)


def undo(root: Path, applied: Applied) -> tuple[str, ...]:
    """Put the files back as they were before a fix, and return their paths.

    Raises Conflict, and changes nothing, when one of them was changed since.
    """
    put_back(root, applied.undo)
    return applied.changed


def _fixes(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    for offered in _offers(work, finding, inventory):
        fix = replace(
            offered,
            path=finding.path,
            cell=finding.cell,
            line=finding.line,
            subject=finding.subject,
            sha256=None if offered.kind in _BY_LINE else work.digest(offered.file),
        )
        try:
            planned = _plan(work, fix, None)
        except (RecrateError, ValueError):
            continue
        if planned is not None:
            yield replace(fix, preview=planned.changes)


def _offers(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    if finding.code in {"no-licence", "invalid-licence"}:
        yield from offer_licence(work, finding, inventory)
    elif finding.code == "undeclared-package":
        yield from offer_requirement(work, finding, inventory)
    elif finding.path is None:
        return
    elif finding.code == "secret":
        if finding.line is not None:
            yield from offer_secret(work, finding, inventory)
            yield from offer_leaving_out(work, finding, inventory)
        else:
            yield from offer_clearing(work, finding)
    elif finding.code in {"personal-data", "stored-error", "run-out-of-order"}:
        if finding.severity is not Severity.NOTE:
            yield from offer_clearing(work, finding)
    elif finding.code in {"absolute-path", "outside-study"}:
        yield from offer_path(work, finding, inventory)
    elif finding.code == "large-file":
        yield from offer_reference(work, finding, inventory)
        yield from offer_leaving_out(work, finding, inventory)
    elif finding.code == "file-left-out":
        yield from offer_reference(work, finding, inventory)


def _plan(work: Work, fix: Fix, choice: str | None) -> Planned | None:
    """Return what a fix would write as the files are now, None when it no longer applies."""
    return _PLANS[fix.kind](work, fix, choice)


_PLANS: dict[FixKind, Callable[[Work, Fix, str | None], Planned | None]] = {
    FixKind.CHOOSE_LICENCE: plan_licence,
    FixKind.MAKE_PATH_RELATIVE: plan_relative,
    FixKind.COPY_INTO_STUDY: plan_copy,
    FixKind.MOVE_SECRET_OUT: plan_secret,
    FixKind.CLEAR_OUTPUT: lambda work, fix, _: plan_clearing(work, fix),
    FixKind.EXCLUDE_FILE: lambda work, fix, _: plan_leaving_out(work, fix),
    FixKind.REFER_TO_DATA: lambda work, fix, _: plan_reference(work, fix),
    FixKind.ADD_REQUIREMENT: lambda work, fix, _: plan_requirement(work, fix),
}


def _referred(root: Path, fix: Fix, address: str) -> Applied:
    before = read(root, METADATA_NAME)
    refer(root, fix.names[0], address)
    after = read(root, METADATA_NAME)
    assert after is not None
    done = () if before == after else (earlier(METADATA_NAME, before, after),)
    return Applied(kind=fix.kind, changed=tuple(one.path for one in done), undo=done)


def _changed(fix: Fix) -> Conflict:
    return Conflict("was changed since the scan", where=fix.file, hint=SCAN_AGAIN)
