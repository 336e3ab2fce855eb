"""The small requests by which a crate is looked for: counted, bounded, repeated on trouble."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from recrate.locate.settings import LocateSettings, Secrets
from recrate.model.errors import BadInput, Busy, OutsideFailed, Refused
from recrate.model.progress import Progress
from recrate.outside.web import Credential, Seen, look

TRIES = 3
PAGE = "text/html, application/xhtml+xml;q=0.9, application/zip;q=0.8, */*;q=0.5"
JSON = "application/json"


@dataclass(kw_only=True)
class Asker:
    """Asks for one crate. `asked` counts the requests so far."""

    settings: LocateSettings
    secrets: Secrets
    progress: Progress
    asked: int = 0

    def look(self, url: str, *, accept: str = PAGE, credential: Credential | None = None) -> Seen:
        """Look at an address, as `outside.web.look` does; trouble of the network is waited out.

        Raises Refused when one crate takes more requests than the settings allow.
        """
        for attempt in range(1, TRIES + 1):
            self.asked += 1
            if self.asked > self.settings.requests_limit:
                raise TooManyRequests(
                    f"more than {self.settings.requests_limit} requests, and no crate found",
                    hint="name the address of the crate's file itself",
                )
            self.progress("find", self.asked, 0, urlsplit(url).hostname or "")
            try:
                return look(
                    url,
                    settings=self.settings.web,
                    accept=accept,
                    limit_bytes=self.settings.page_limit_bytes,
                    limit_seconds=self.settings.page_seconds,
                    credential=credential,
                )
            except (OutsideFailed, Busy):
                if attempt == TRIES:
                    raise
                self.settings.sleep(0.25 * 2**attempt)
        raise AssertionError("the last try returns or raises")

    def json(
        self, url: str, *, accept: str = JSON, credential: Credential | None = None
    ) -> Any | None:
        """Return a JSON document; None where there is none, something else, or none for us."""
        try:
            return parsed(self.look(url, accept=accept, credential=credential))
        except TooManyRequests:
            raise
        except (BadInput, Refused):
            return None


class TooManyRequests(Refused):
    """One crate may not take more requests than the settings allow."""


@contextmanager
def unless_missing() -> Iterator[None]:
    """Pass over what is not there: a way of looking, not an answer."""
    with suppress(BadInput):
        yield


@contextmanager
def unless_denied() -> Iterator[None]:
    """Pass over what is not there, or not for us."""
    try:
        yield
    except TooManyRequests:
        raise
    except (BadInput, Refused):
        return


def parsed(seen: Seen) -> Any | None:
    """Return what a document holds as JSON; None where it is no JSON, or was not read whole."""
    if not seen.whole:
        return None
    try:
        return json.loads(seen.content)
    except (ValueError, RecursionError):
        return None


def text_in(document: Any, *path: str) -> str | None:
    """Return the text at a path of keys; None where there is none."""
    found = at(document, *path)
    return found.strip() if isinstance(found, str) and found.strip() else None


def size_in(document: Any, *path: str) -> int | None:
    """Return a size in bytes at a path of keys; None where none is said, or an absurd one."""
    found = at(document, *path)
    if isinstance(found, str) and found.isdecimal() and len(found) < 18:
        found = int(found)
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 60
    return found if fits else None


def at(document: Any, *path: str) -> Any:
    """Return what stands at a path of keys; None where there is nothing."""
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def listed(value: Any) -> list[Any]:
    """Return a JSON value as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
