"""Errors as problems: what the API answers, and what a launch says of its failure."""

import re
from collections.abc import Mapping
from pathlib import Path

from recrate.flow.sessions import NotRestorable
from recrate.model import errors
from recrate.outside.disk import disk_error
from recrate.outside.web import TooLarge
from recrate_binder.hub.model import Problem

_KINDS: tuple[tuple[type[errors.RecrateError], str, int], ...] = (
    (TooLarge, "too-large", 403),
    (errors.BadCrate, "bad-crate", 422),
    (errors.NotFound, "not-found", 404),
    (errors.Conflict, "conflict", 409),
    (errors.BadInput, "bad-input", 422),
    (errors.Busy, "busy", 429),
    (errors.Refused, "refused", 403),
    (NotRestorable, "not-restored", 502),
    (errors.DiskFull, "disk-full", 507),
    (errors.OutsideFailed, "outside-failed", 502),
)
"""From the leaves of the error tree to its root, with the status of HTTP."""

_TITLES = {
    "too-large": "The crate is large",
    "bad-crate": "This is no crate that can be opened",
    "not-found": "No crate was found there",
    "conflict": "That is not possible now",
    "bad-input": "This cannot be looked up",
    "busy": "Please wait a little",
    "refused": "This is not allowed here",
    "outside-failed": "A service did not do its part",
    "not-restored": "The environment cannot be restored",
    "disk-full": "The disk of this service is full",
    "not-started": "The server did not start",
    "internal": "Something is wrong with this service",
}
_SECRET = re.compile(
    r"(?i)(token|password|passwd|secret|api[_-]?key|authorization)(['\"]?\s*[:=]\s*)\S+"
    r"|(?<=//)[^/@\s]+:[^/@\s]+(?=@)"
)


class Limited(errors.Busy):
    """A limit of this service; `retry_after_seconds` says when to come back."""

    def __init__(self, message: str, *, hint: str, retry_after_seconds: float) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class Failed(errors.RecrateError):
    """A launch cannot go on; carries what its person is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail, hint=problem.hint)
        self.problem = problem


def problem_of(error: BaseException, places: Mapping[str, str] | None = None) -> Problem:
    """Return what a person is told of an error; what is not of our tree is `internal`.

    places: real folders and what they are called instead
    """
    if isinstance(error, Failed):
        return error.problem
    if isinstance(error, OSError) and not isinstance(error, errors.RecrateError):
        error = disk_error(error)
    if not isinstance(error, errors.RecrateError):
        return Problem(
            title=_TITLES["internal"],
            detail=type(error).__name__,
            hint="tell whoever runs this service; its log says more",
        )
    code = next(name for kind, name, _ in _KINDS if isinstance(error, kind))
    return Problem(
        title=_TITLES[code],
        detail=_plain(str(error), places),
        hint=_plain(_hint(code, error.hint), places),
        code=code,
    )


def status_of(problem: Problem) -> int:
    """Return the status of HTTP that goes with a problem."""
    known = {code: status for _, code, status in _KINDS}
    return known.get(problem.code, 500)


def make_problem(code: str, detail: str, hint: str = "") -> Problem:
    """Return a problem with one of our codes."""
    return Problem(title=_TITLES[code], detail=detail, hint=hint, code=code)


def _hint(code: str, hint: str) -> str:
    """Return a hint for a person before a page: those of the core name options and files."""
    if code == "too-large":
        return "agree to the download, then relaunch again"
    if code == "disk-full":
        return "tell whoever runs this service, or try again later"
    return "" if "--" in hint else hint


def _plain(text: str, places: Mapping[str, str] | None) -> str:
    """Return text without secrets and without the service's own folders."""
    known = {**(places or {}), str(Path.home()): "~"}
    for real, called in sorted(known.items(), key=lambda pair: -len(pair[0])):
        if real not in {"", "/"}:
            text = called.join(re.split(re.escape(real) + r"(?=$|[^\w.-])", text))
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return _SECRET.sub(lambda found: f"{found[1] or ''}{found[2] or ''}…", text)[:1000]
