"""What both sides of a connection agree on: the marker, the version, and how errors travel."""

from typing import Any

from recrate.model.errors import (
    BadInput,
    Busy,
    Conflict,
    DiskFull,
    NotFound,
    OutsideFailed,
    RecrateError,
    Refused,
)

PROTOCOL = 1
MARKER = f"recrate-agent {PROTOCOL}"
"""First line of every answer: what a login shell printed before it is not ours."""
LINE_BYTES = 8 * 1024**2
"""A line of JSON is never longer."""

_KINDS: dict[str, type[RecrateError]] = {
    kind.__name__: kind
    for kind in (BadInput, Busy, Conflict, DiskFull, NotFound, OutsideFailed, Refused)
}


def plain_text(said: object, limit: int = 500) -> str:
    """Return a stranger's text as one line that can be shown: printable, and not too long."""
    words = " ".join("".join(one if one.isprintable() else " " for one in str(said)).split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def told_error(error: RecrateError) -> dict[str, Any]:
    """Return an error as it is sent."""
    kind = next(one.__name__ for one in type(error).__mro__ if one.__name__ in _KINDS)
    return {"kind": kind, "message": str(error), "hint": error.hint}


def error_of(told: object, where: str) -> RecrateError:
    """Return the error that the other side told; what makes no sense is OutsideFailed."""
    found = told if isinstance(told, dict) else {}
    kind = _KINDS.get(str(found.get("kind")), OutsideFailed)
    message = plain_text(found.get("message") or "something failed there")
    return kind(message, where=where, hint=plain_text(found.get("hint") or ""))
