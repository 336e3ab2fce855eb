"""Reading from the web one hop at a time: each address checked, a token kept to its origin."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from recrate.model.errors import OutsideFailed, RecrateError, Refused
from recrate.model.secret import Secret
from recrate.outside.answers import Answer, shown
from recrate.outside.guarded import WebSettings, first_line, guarded_session, refuse_address

MAXIMUM_REDIRECTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A token and the only origin (scheme, host and port) that it is told to, never by redirect."""

    origin: str
    secret: Secret


class NotForUs(Refused):
    """The server asks who we are (401), or shows this to others only (403)."""


def refusal_of(answer: requests.Response, credential: Credential | None) -> RecrateError:
    """Return what an answer's status means, in the words that every service is told with."""
    said = _answer(answer)
    if said.status not in {401, 403}:
        return said.error()
    if credential is not None:
        told = said.error()
        return NotForUs(told.message, where=told.where, hint=told.hint)
    return NotForUs(
        "is not shown to everybody",
        where=shown(answer.url),
        hint="where you have access, fetch the crate by hand and name the file",
    )


def retry_after_seconds(answer: requests.Response) -> float | None:
    """Return when the server wants to be asked again, from now; None where it does not say."""
    return _answer(answer).retry_after_seconds


def _answer(answer: requests.Response) -> Answer:
    return Answer(
        status=answer.status_code,
        headers={name.lower(): value for name, value in answer.headers.items()},
        content=b"",
        url=answer.url,
    )


@contextlib.contextmanager
def opened(
    url: str,
    *,
    settings: WebSettings,
    headers: Mapping[str, str] | None = None,
    credential: Credential | None = None,
) -> Iterator[requests.Response]:
    """Ask for `url`, follow redirects, and give the last answer unread, whatever its status.

    Raises Refused for an address that is not public, another scheme than http(s), and a redirect
    from https to http; OutsideFailed when the network lets us down.
    """
    with guarded_session(settings) as session:
        for hop in range(MAXIMUM_REDIRECTS):
            refuse_address(url, settings)
            sent = dict(headers or {})
            if credential is not None and hop == 0 and same_origin(url, credential.origin):
                sent["Authorization"] = f"Bearer {credential.secret.reveal()}"
            with network_errors(url):
                answer = session.get(
                    url,
                    headers=sent,
                    stream=True,
                    allow_redirects=False,
                    timeout=settings.timeout_seconds,
                )
                onward = session.get_redirect_target(answer)
            with contextlib.closing(answer):
                if onward is None:
                    yield answer
                    return
            url = next_hop(url, onward)
        raise OutsideFailed("redirected too often", where=shown(url), hint="is the address right?")


def next_hop(url: str, location: str) -> str:
    """Return where a redirect leads; raises Refused where it leads from https to http."""
    with network_errors(url):
        target = urljoin(url, location)
        scheme = urlsplit(target).scheme
    if urlsplit(url).scheme == "https" and scheme == "http":
        raise Refused(
            "redirects from https to http, where anybody on the way could change what comes",
            where=shown(url),
            hint="ask whoever runs that server to serve it by https",
        )
    return target


@contextlib.contextmanager
def network_errors(url: str) -> Iterator[None]:
    """Turn what the network raises into OutsideFailed that names the address without its query."""
    try:
        yield
    except (requests.RequestException, ValueError) as error:
        raise OutsideFailed(
            f"could not be fetched: {_why(error)}",
            where=shown_safely(url),
            hint="check the network and the address, then try again",
        ) from error


def _why(error: Exception) -> str:
    """Return what happened; libraries quote addresses, whose queries may hold keys."""
    return first_line(error).partition("?")[0]


def shown_safely(url: str) -> str:
    """Return an address without query and user; one that is none, cut short."""
    try:
        return shown(url)
    except ValueError:
        return repr(url[:200])


def same_origin(first: str, second: str) -> bool:
    """Say whether two addresses are of one origin: scheme, host and port."""
    one, other = urlsplit(first), urlsplit(second)
    ports = {"http": 80, "https": 443}
    return (one.scheme, one.hostname, one.port or ports.get(one.scheme)) == (
        other.scheme, other.hostname, other.port or ports.get(other.scheme)
    )  # fmt: skip


def range_of(answer: requests.Response) -> tuple[int | None, int | None]:
    """Return where a piece begins, and how long the whole is. Source: RFC 9110, 14.4."""
    said = answer.headers.get("Content-Range", "")
    found = re.fullmatch(r"bytes (?:(\d{1,19})-\d{1,19}|\*)/(\d{1,19}|\*)", said.strip())
    if found is None:
        return None, None
    return (
        int(found[1]) if found[1] else None,
        int(found[2]) if found[2] != "*" else None,
    )


def validator_of(answer: requests.Response) -> str | None:
    """Return what names these very bytes: a strong ETag, else when they were last changed."""
    etag = answer.headers.get("ETag", "").strip()
    if etag.startswith('"') and etag.isprintable():
        return etag
    changed = answer.headers.get("Last-Modified", "").strip()
    return changed if changed and changed.isprintable() else None
