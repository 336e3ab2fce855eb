"""What a service answered, and what that means in words of ours."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from recrate.model.errors import (
    BadInput,
    Busy,
    Conflict,
    NotFound,
    OutsideFailed,
    RecrateError,
    Refused,
)


class Meaning(NamedTuple):
    """What a status means: which error, in which words."""

    kind: type[RecrateError]
    message: str
    hint: str


_GONE = Meaning(NotFound, "not there", "is the address right?")
_FIRST = Meaning(Conflict, "something else was first", "look there, then go on")
MEANINGS = {
    401: Meaning(
        Refused,
        "the token is not accepted",
        "make a new token in the repository's settings, and give it here",
    ),
    403: Meaning(
        Refused,
        "the token does not allow this",
        "its scopes, or your role there, may be too narrow",
    ),
    404: _GONE,
    410: _GONE,
    409: _FIRST,
    412: _FIRST,
    413: Meaning(
        Refused,
        "too large for the repository",
        "name large data as references with `recrate refer` instead of packing them",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `headers` have their names in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    def json(self) -> Any:
        """Return the body as JSON; raises OutsideFailed for what is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise OutsideFailed(
                "the answer is no JSON", where=shown(self.url), hint="is the address right?"
            ) from error

    def expect(self, *hoped: int) -> "Answer":
        """Return the answer itself when its status is one of `hoped`, else raise what it means.

        401, 403: Refused · 404, 410: NotFound · 409, 412: Conflict · 413: Refused
        429: Busy, whose hint says when to come back · other 4xx: BadInput · 5xx: OutsideFailed
        """
        if self.status in hoped:
            return self
        raise self.error()

    def error(self) -> RecrateError:
        """Return the error that this answer means, with what the service said of it."""
        if self.status == 429:
            seconds = self.retry_after_seconds
            what = Meaning(
                Busy,
                "too many requests",
                f"come back in {seconds:.0f} seconds" if seconds else "come back later",
            )
        elif self.status in MEANINGS:
            what = MEANINGS[self.status]
        elif 400 <= self.status < 500:
            message = f"refused with status {self.status}"
            what = Meaning(BadInput, message, "mend what it complains of, then try again")
        else:
            message = f"answered with status {self.status}"
            hint = "the service has trouble: try again later, what was done is kept"
            what = Meaning(OutsideFailed, message, hint)
        said = f": {text}" if (text := self.said()) else ""
        return what.kind(f"{what.message}{said}", where=shown(self.url), hint=what.hint)

    @property
    def retry_after_seconds(self) -> float | None:
        """When the service wants to be asked again, from now. Source: RFC 9110, 10.2.3."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return float(said)
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
        except (ValueError, TypeError):
            return None

    def said(self) -> str:
        """Return the service's own complaint, as one line of plain text."""
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            return ""
        said = " · ".join(dict.fromkeys(_complaints(found)))
        return "".join(one if one.isprintable() else " " for one in said)[:500]


def _complaints(found: Any) -> Iterator[str]:
    """Yield what JSON complaints of the usual shapes say, without what they quote of us."""
    if isinstance(found, list):
        for one in found[:20]:
            yield from _complaints(one)
    elif isinstance(found, dict):
        place = found.get("field")
        for name in ("message", "error", "error_description", "detail", "title", "messages"):
            value = found.get(name)
            if isinstance(value, str):
                yield f"{place}: {value}" if isinstance(place, str) and place else value
            elif isinstance(value, list):
                yield from (one for one in value if isinstance(one, str))
        if isinstance(found.get("errors"), list):
            yield from _complaints(found["errors"])


def shown(url: str) -> str:
    """Return an address without what may be a key in it: no query, no user."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"
