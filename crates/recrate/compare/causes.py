"""Why a notebook did not run to its end: one cause of the closed list, with evidence and a hint."""

import re

from recrate.compare.cause_table import HINTS, NO_NETWORK, PATTERNS, REPAIR_HINT
from recrate.compare.hostile import cells_of, mapping
from recrate.compare.missing_names import (
    IN_PACKAGE,
    MODULE,
    cause_by_notes,
    cause_of_imported,
    cause_of_module,
    cause_of_name,
    cause_of_package_file,
)
from recrate.compare.pieces import ERROR, Piece, pieces_of
from recrate.compare.r_causes import cause_in_r, hint_of_missing, is_r
from recrate.model.environment import LEFT_OUT, NotRestored
from recrate.model.observation import (
    DEBIAN_PACKAGE,
    KERNEL_MISSING,
    NOT_RESTORED,
    EnvironmentSeen,
    HeldUp,
    NotebookObservation,
    RunError,
)
from recrate.model.study import Notebook
from recrate.model.verdict import Cause, Failure

_BY_STATUS = {
    "timeout": Cause.TIME,
    "memory": Cause.MEMORY,
    "killed": Cause.KILLED,
    "interrupted": Cause.NOT_KNOWN,
}
_BY_NAME = {
    "Timeout": Cause.TIME,
    "CellTimeoutError": Cause.TIME,
    "OutOfMemory": Cause.MEMORY,
    "MemoryError": Cause.MEMORY,
    "DeadKernel": Cause.KILLED,
    "DeadKernelError": Cause.KILLED,
    "NoKernel": Cause.KERNEL_MISSING,
    "NoSuchKernel": Cause.KERNEL_MISSING,
    KERNEL_MISSING: Cause.KERNEL_MISSING,
    "DataChanged": Cause.DATA_CHANGED,
}
_CAUSES = {cause.value: cause for cause in Cause}
_RAISED = re.compile(r"(?:\w{1,60}\.){0,5}(\w{1,60}(?:Error|Exception)): (.{1,300})")
_LONGEST = 300
_PRINTED = 20_000


def failure_of(
    run: NotebookObservation,
    recorded: Notebook,
    environment: EnvironmentSeen | None = None,
    *,
    network: bool = False,
) -> Failure:
    """Say why one notebook's run ended early.

    Looks at its status, the error, the last lines of the traceback, what the author recorded, and
    what the environment it ran in came without. Where cells were held up for want of the network,
    the first of them is the reason, whatever came behind it.

    network: whether cells could use the network, so that asking for it explains nothing
    """
    held = next((one for one in run.held_up if one.error is not None), None)
    if held is not None and held.error is not None:
        return _held_up(run, held, held.error)
    error = run.error or RunError(
        name=run.status, message=f"the run ended: {run.status}", cell=None
    )
    asked = any(one.cell == error.cell for one in run.asked) and not network
    cause, evidence = _cause(error, run.status, recorded, asked=asked)
    if run.status == "failed" and is_r(recorded) and not _was_recorded(error, recorded):
        cause, evidence = cause_in_r(error.message, recorded, environment) or (cause, evidence)
    elif cause in (Cause.MISSING_PACKAGE, Cause.NOT_KNOWN) and environment is not None:
        cause, evidence = _of_environment(evidence, environment) or (cause, evidence)
    elif cause is Cause.MISSING_FILE and environment is not None:
        told = cause_of_package_file(error.message, evidence, environment)
        cause, evidence = told or (cause, evidence)
    if cause is Cause.MISSING_PACKAGE:
        cause = cause_by_notes(evidence, run.notes)
    return Failure(
        name=error.name,
        message=error.message,
        cell=error.cell,
        cause=cause,
        evidence=evidence[:_LONGEST],
        hint=hint_of(cause, error.message, recorded, run.notes),
    )


def cause_of(error: RunError, recorded: Notebook, *, asked: bool) -> Cause:
    """Name the cause of an error that a cell raised; `asked`: it had asked for the network."""
    return _cause(error, "failed", recorded, asked=asked)[0]


def cause_of_printed(recorded: str, rerun: str) -> tuple[Cause, str] | None:
    """Name the cause of an error that a cell prints in its rerun alone, as test runners do.

    recorded, rerun: what the cell printed, then and now
    """
    before = {line.strip() for line in recorded[-_PRINTED:].split("\n")}
    for line in rerun[-_PRINTED:].split("\n"):
        told = _RAISED.fullmatch(line.rstrip()[:_LONGEST])
        if told is None or line.strip() in before:
            continue
        error = RunError(name=told[1], message=told[2], cell=None)
        cause, evidence = _cause_of_words(error, "failed", {})
        if cause not in (Cause.NOT_KNOWN, Cause.AUTHORS_CODE):
            return cause, f"the rerun prints an error: {evidence}"
    return None


def tells_of_no_network(text: str) -> bool:
    """Say whether a text that a cell printed tells of a network that is not there."""
    return NO_NETWORK.search(text[-_PRINTED:]) is not None


def _held_up(run: NotebookObservation, held: HeldUp, error: RunError) -> Failure:
    asked = [one.address for one in run.asked if one.cell == held.wants]
    told = f"cell {held.wants} wants the network"
    told += f" (asked for {', '.join(asked[:3])})" if asked else ""
    first = error.message.strip().split("\n", 1)[0]
    return Failure(
        name=error.name,
        message=error.message,
        cell=held.cell,
        cause=Cause.NETWORK_REFUSED,
        evidence=f"{told}: {error.name}: {first}"[:_LONGEST],
        hint=HINTS[Cause.NETWORK_REFUSED],
    )


def hint_of(cause: Cause, message: str, recorded: Notebook, notes: tuple[str, ...] = ()) -> str:
    """Return what to do about it."""
    debian = next((one for one in notes if one.startswith(f"{DEBIAN_PACKAGE} ")), "")
    if cause is Cause.SYSTEM_PROGRAM_MISSING and debian:
        package = debian.removeprefix(f"{DEBIAN_PACKAGE} ").partition(":")[0]
        return f"install it (Debian's package is `{package}`), and name `{package}` in apt.txt"
    if cause is Cause.MISSING_FILE and IN_PACKAGE.search(message):
        return HINTS[Cause.API_CHANGED]
    info = mapping(mapping(recorded.get("metadata")).get("language_info"))
    language = str(info.get("name") or "python").lower()
    if cause is Cause.API_CHANGED and language in ("python", "ipython"):
        return REPAIR_HINT
    if cause is Cause.MISSING_PACKAGE and is_r(recorded):
        return hint_of_missing(message)
    return HINTS[cause]


def failure_of_output(error: Piece, cell: int | None, source: str) -> Failure:
    """Say why an error stands in a rerun of which nothing else is known."""
    seen = RunError(name=error.name, message=error.text, cell=cell)
    notebook: Notebook = {"cells": [{"cell_type": "code", "source": source}]}
    cause, evidence = _cause(seen, "failed", notebook)
    return Failure(
        name=error.name or "error",
        message=error.text,
        cell=cell,
        cause=cause,
        evidence=evidence[:_LONGEST],
        hint=HINTS[cause],
    )


def cause_of_not_restored(reason: NotRestored) -> Failure:
    """Say why no environment could be had; an unknown cause text becomes `not known`."""
    cause = _CAUSES.get(reason.cause, Cause.NOT_KNOWN)
    return Failure(
        name="NotRestored",
        message=reason.message,
        cell=None,
        cause=cause,
        evidence=reason.evidence[:_LONGEST],
        hint=reason.hint or HINTS[cause],
    )


def _cause(
    error: RunError, status: str, recorded: Notebook, *, asked: bool = False
) -> tuple[Cause, str]:
    """Name the cause; what a cell cannot find after it asked for the network should be there."""
    cause, evidence = _of_caught(error, recorded) or _cause_of_words(error, status, recorded)
    follows = cause in (Cause.NOT_KNOWN, Cause.MISSING_FILE) or "'NoneType'" in error.message
    if asked and status == "failed" and follows and not _was_recorded(error, recorded):
        return Cause.NETWORK_REFUSED, evidence
    return cause, evidence


def _of_caught(error: RunError, recorded: Notebook) -> tuple[Cause, str] | None:
    """Name the cause of what an earlier cell caught itself, where that one is known."""
    before = error.before
    if before is None or _was_recorded(error, recorded):
        return None
    cause, told = _cause_of_words(before, "failed", recorded)
    if before.name == "SystemExit" and cause is Cause.NOT_KNOWN:
        return None
    return cause, (
        f"{error.name}: {error.message}: cell {before.cell} would define it, and catches what its"
        f" import raises: {told}"
    )


def _cause_of_words(  # noqa: PLR0911 each way to know the cause returns it
    error: RunError, status: str, recorded: Notebook
) -> tuple[Cause, str]:
    headline = f"{error.name}: {error.message}".strip()
    first = headline.split("\n", 1)[0]
    if status in _BY_STATUS:
        return _BY_STATUS[status], first
    if error.name in _BY_NAME:
        return _BY_NAME[error.name], first
    if error.name == NOT_RESTORED:
        why, _, told = error.message.partition(": ")
        return _CAUSES.get(why, Cause.NOT_KNOWN), told
    if _was_recorded(error, recorded):
        return Cause.AUTHORS_CODE, f"the same error was recorded: {first}"
    missing = MODULE.search(headline)
    importing = error.name in ("ModuleNotFoundError", "ImportError")
    if missing and importing:
        return cause_of_module(missing.group(1), first, recorded)
    local = cause_of_imported(headline, first) if importing else None
    if local is not None:
        return local
    text = "\n".join([headline[-4000:], *error.traceback[-4000:].splitlines()[-12:]])
    for pattern in PATTERNS:
        if pattern.names and error.name.rsplit(".", 1)[-1] not in pattern.names:
            continue
        match = pattern.text.search(headline[-4000:] if pattern.said else text)
        if match:
            told = headline[-4000:] if pattern.said else text
            return pattern.cause, _line_around(told, match.start()) or first
    if error.name == "NameError":
        return cause_of_name(headline, first, recorded)
    return Cause.NOT_KNOWN, first


def _line_around(text: str, place: int) -> str:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return text[start : end if end >= 0 else len(text)].strip()


def _was_recorded(error: RunError, recorded: Notebook) -> bool:
    """Say whether the author's own notebook shows this error in this cell."""
    cells = cells_of(recorded)
    if error.cell is None or not 0 <= error.cell < len(cells):
        return False
    return any(
        piece.kind == ERROR and piece.name == error.name for piece in pieces_of(cells[error.cell])
    )


def _of_environment(evidence: str, environment: EnvironmentSeen) -> tuple[Cause, str] | None:
    """Tell a package that the lock holds, but that could not be built on this machine."""
    words = {word.lower().replace("_", "-") for word in re.findall(r"[\w-]{2,80}", evidence)}
    for note in environment.notes:
        name = note.removeprefix(f"{LEFT_OUT}: ").partition("==")[0]
        if note.startswith(f"{LEFT_OUT}: ") and name in words:
            return Cause.NO_BUILD, f"{evidence} ({note})"
    return None
