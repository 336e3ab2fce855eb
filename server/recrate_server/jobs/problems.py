"""Errors as problems: the record that goes over the wire and into a job."""

import re
import traceback
from collections.abc import Mapping
from pathlib import Path

from recrate.model import errors
from recrate.outside.disk import disk_error
from recrate_server.jobs.model import Problem

_REASONS: tuple[tuple[type[errors.RecrateError], str], ...] = (
    (errors.BadCrate, "bad-crate"),
    (errors.NotFound, "not-found"),
    (errors.Conflict, "conflict"),
    (errors.BadInput, "bad-input"),
    (errors.Busy, "busy"),
    (errors.Refused, "refused"),
    (errors.OutsideFailed, "outside-failed"),
)
"""From the leaves of the error tree to its root."""

_SECRET = re.compile(
    r"(?i)(token|password|passwd|secret|api[_-]?key|authorization)(['\"]?\s*[:=]\s*)\S+"
    r"|(?<=//)[^/@\s]+:[^/@\s]+(?=@)"
)
_DETAILS_CHARACTERS = 8_000


class TooMany(errors.Busy):
    """The person's share of jobs is used up; `retry_after_seconds` says when to come back."""

    def __init__(self, message: str, *, hint: str, retry_after_seconds: float) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds


def problem_of(error: BaseException, *, places: Mapping[str, str] | None = None) -> Problem:
    """Return what a person is told of `error`.

    places: real paths and what they are called instead, e.g. a study's folder by its contents path
    An OSError is the disk's; whatever else is not of our tree is `internal`, with its traceback.
    """
    if isinstance(error, OSError) and not isinstance(error, errors.RecrateError):
        error = _of_disk(error)
    if isinstance(error, errors.RecrateError):
        return Problem(
            message=without_places(error.message, places),
            reason=next((name for kind, name in _REASONS if isinstance(error, kind)), "internal"),
            where=without_places(error.where, places),
            hint=without_places(error.hint, places),
            details=_details(error, places) if error.__cause__ else "",
            retry_after_seconds=getattr(error, "retry_after_seconds", None),
        )
    told = str(error).splitlines()
    return Problem(
        message=without_places(f"{type(error).__name__}: {told[0] if told else ''}", places)[:500],
        reason="internal",
        hint="this is a fault of recrate: copy the details into a report",
        details=_details(error, places),
    )


def _of_disk(error: OSError) -> errors.OutsideFailed:
    found = disk_error(error)
    found.__cause__ = error
    if isinstance(found, errors.DiskFull):
        found.hint = "the disk is full, or your quota used up: free some space, then resume"
    return found


def _details(error: BaseException, places: Mapping[str, str] | None) -> str:
    text = "".join(traceback.format_exception(error))
    return without_places(text, places)[-_DETAILS_CHARACTERS:]


def without_places(text: str, places: Mapping[str, str] | None = None) -> str:
    """Return `text` with real folders called as the person knows them, and secrets left out."""
    known = dict(places or {})
    home = str(Path.home())
    if home not in {"/", "\\"}:
        known.setdefault(home, "~")
    for real, called in sorted(known.items(), key=lambda pair: -len(pair[0])):
        whole = re.escape(real) + r"(?=$|[^\w.-])"
        text = re.sub(whole, called.replace("\\", r"\\"), text)
    return _SECRET.sub(lambda found: f"{found[1] or ''}{found[2] or ''}…", text)
