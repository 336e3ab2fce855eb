"""The one door between the error tree and HTTP: a status, a Problem, and what else is to be said.

BadInput 422 ─ BadCrate 422 ─ NotFound 404 ─ Conflict 409
OutsideFailed 502
Refused 403 ─ Busy 429 with Retry-After
anything else 500: the person gets a number, the log has the trace under it
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tornado.web import HTTPError

from recrate.model.errors import (
    BadCrate,
    BadInput,
    Busy,
    Conflict,
    NotFound,
    OutsideFailed,
    RecrateError,
    Refused,
)

Problem = dict[str, Any]

RETRY_SECONDS = 15
"""When to come back where a busy server does not say better."""

_TREE: tuple[tuple[type[RecrateError], HTTPStatus, str], ...] = (
    (BadCrate, HTTPStatus.UNPROCESSABLE_ENTITY, "bad-crate"),
    (NotFound, HTTPStatus.NOT_FOUND, "not-found"),
    (Conflict, HTTPStatus.CONFLICT, "conflict"),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY, "bad-input"),
    (OutsideFailed, HTTPStatus.BAD_GATEWAY, "outside-failed"),
    (Busy, HTTPStatus.TOO_MANY_REQUESTS, "busy"),
    (Refused, HTTPStatus.FORBIDDEN, "refused"),
)
"""Leaves before their branches: the first that fits counts."""

_OF_HTTP = {
    HTTPStatus.UNAUTHORIZED: ("not-allowed", "sign in to Jupyter again"),
    HTTPStatus.FORBIDDEN: (
        "not-allowed",
        "sign in again; if that does not help, ask who runs this server for permission",
    ),
    HTTPStatus.NOT_FOUND: ("not-found", "recrate/api/openapi.yaml lists what can be asked"),
    HTTPStatus.CONFLICT: ("conflict", ""),
    HTTPStatus.TOO_MANY_REQUESTS: ("busy", "try again in a moment"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent for something that went wrong."""

    status: int
    problem: Problem
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_for(error: BaseException, *, number: str, hidden: Mapping[str, str]) -> Answer:
    """Return the answer for an error.

    number: under which the log has an unexpected error
    hidden: text that stays inside (the root's real path) and what stands there instead
    """
    if isinstance(error, RecrateError):
        return _of_tree(error, hidden)
    if isinstance(error, HTTPError) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _of_http(error)
    return Answer(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        problem=_problem(
            "something went wrong inside recrate",
            "internal",
            hint="tell who runs this server the number; its log has more under it",
            details=f"error {number}",
        ),
    )


def is_expected(error: BaseException) -> bool:
    """Return whether an error needs no trace in the log."""
    if isinstance(error, HTTPError):
        return error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, RecrateError)


def _of_tree(error: RecrateError, hidden: Mapping[str, str]) -> Answer:
    status, reason = next(
        ((status, reason) for kind, status, reason in _TREE if isinstance(error, kind)),
        (HTTPStatus.INTERNAL_SERVER_ERROR, "internal"),
    )
    seconds = None
    headers: dict[str, str] = {}
    if isinstance(error, Busy):
        seconds = max(1, math.ceil(getattr(error, "retry_after_seconds", None) or RETRY_SECONDS))
        headers["Retry-After"] = str(seconds)
    problem = _problem(
        conceal(error.message, hidden),
        reason,
        where=conceal(error.where, hidden),
        hint=conceal(error.hint, hidden),
        retry_after_seconds=seconds,
    )
    return Answer(status=status, problem=problem, headers=headers)


def _of_http(error: HTTPError) -> Answer:
    try:
        status = HTTPStatus(error.status_code)
    except ValueError:
        status = HTTPStatus.BAD_REQUEST
    reason, hint = _OF_HTTP.get(status, ("bad-input", ""))
    said = error.log_message if error.log_message and not error.args else None
    return Answer(
        status=status, problem=_problem(said or status.phrase, reason, hint=hint), headers={}
    )


def _problem(
    message: str,
    reason: str,
    *,
    where: str = "",
    hint: str = "",
    details: str = "",
    retry_after_seconds: float | None = None,
) -> Problem:
    return {
        "message": message,
        "reason": reason,
        "where": where,
        "hint": hint,
        "details": details,
        "retry_after_seconds": retry_after_seconds,
    }


def conceal(text: str, hidden: Mapping[str, str]) -> str:
    """Return `text` as it may leave the server: no real path, and nothing UTF-8 cannot hold."""
    for inside, instead in sorted(hidden.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(inside, instead)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
