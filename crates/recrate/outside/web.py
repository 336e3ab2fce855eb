"""The only way to the network: fetch a named file, bounded, verified, from public addresses."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3

from recrate.model.errors import BadInput, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.answers import shown
from recrate.outside.disk import BLOCK_BYTES, writing
from recrate.outside.guarded import WebSettings
from recrate.outside.hops import (
    MAXIMUM_REDIRECTS,
    Credential,
    NotForUs,
    network_errors,
    opened,
    refusal_of,
)
from recrate.outside.resuming import Fetched, TooLarge, fetch

__all__ = [
    "MAXIMUM_REDIRECTS",
    "Credential",
    "Fetched",
    "NotForUs",
    "Seen",
    "TooLarge",
    "WebSettings",
    "download",
    "fetch",
    "look",
]

PEEKED_BYTES = 1024
PAGE_BLOCK_BYTES = 16 << 10
"""Small, for what comes compressed may be a thousand times as large."""
_READABLE = ("text/", "application/json", "application/xml", "application/xhtml+xml")
_READABLE_ENDS = ("+json", "+xml", "/linkset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands at an address. `headers` have their names in small letters.

    url:     after all redirects
    content: of a page or document, whole; of anything else its first bytes only
    whole:   whether `content` is all
    """

    url: str
    headers: Mapping[str, str]
    content: bytes
    whole: bool

    @property
    def media_type(self) -> str:
        """The media type that the server says, without parameters; empty where it says none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def look(
    url: str,
    *,
    settings: WebSettings,
    accept: str = "*/*",
    limit_bytes: int,
    limit_seconds: float = 120,
    credential: Credential | None = None,
) -> Seen:
    """Look at an address: a page or document is read whole, of a file only the beginning.

    Raises NotFound (404, 410), NotForUs (401, 403), Refused (an address that is not public, a page
    of more than `limit_bytes` or that takes more than `limit_seconds`), BadInput for other
    complaints of the server, OutsideFailed when the network or the server lets us down.
    """
    headers = {"Accept": accept}
    with opened(url, settings=settings, headers=headers, credential=credential) as answer:
        if answer.status_code != 200:
            raise refusal_of(answer, credential)
        readable = _is_readable(answer.headers.get("Content-Type", ""))
        content, whole = _read(answer, limit_bytes if readable else PEEKED_BYTES, limit_seconds)
        if readable and not whole:
            raise Refused(
                f"a page of more than {limit_bytes:,} bytes",
                where=shown(answer.url),
                hint="is the address right?",
            )
        return Seen(
            url=answer.url,
            headers={name.lower(): value for name, value in answer.headers.items()},
            content=content,
            whole=whole,
        )


def _is_readable(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(_READABLE) or kind.endswith(_READABLE_ENDS)


def _read(answer: requests.Response, limit_bytes: int, limit_seconds: float) -> tuple[bytes, bool]:
    """Return the first bytes, and whether that was all: a drop each second does not hold us."""
    until = time.monotonic() + limit_seconds
    content = bytearray()
    with network_errors(answer.url):
        try:
            while block := answer.raw.read1(PAGE_BLOCK_BYTES, decode_content=True):
                content += block
                if len(content) > limit_bytes:
                    return bytes(content[:limit_bytes]), False
                if time.monotonic() > until:
                    raise Refused(
                        f"takes more than {limit_seconds:.0f} seconds",
                        where=shown(answer.url),
                        hint="try again later",
                    )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise requests.ConnectionError("the connection broke") from error
    return bytes(content), True


def download(
    url: str,
    destination: Path,
    *,
    sha256: str | None,
    size_bytes: int | None,
    limit_bytes: int,
    settings: WebSettings,
    progress: Progress = silent,
) -> str:
    """Fetch `url` into `destination` and return the SHA-256 of what came.

    Nothing is left at `destination` when the size or `sha256` is not the one that was promised:
    that raises BadInput. A network that fails raises OutsideFailed; an address that is not public,
    another scheme than http(s) and a body over `limit_bytes` raise Refused.
    """
    limit = min(limit_bytes, size_bytes if size_bytes is not None else limit_bytes)
    digest = hashlib.sha256()
    done = 0
    with writing(destination) as stream:
        for block in _blocks(url, settings):
            done += len(block)
            if done > limit:
                raise _too_large(url, done, size_bytes, limit_bytes)
            digest.update(block)
            stream.write(block)
            progress("fetch", done, size_bytes or 0, url)
        found = digest.hexdigest()
        if size_bytes is not None and done != size_bytes:
            raise BadInput(
                f"{done:,} bytes came, {size_bytes:,} were promised",
                where=url,
                hint="the data behind this address have changed since the crate was made",
            )
        if sha256 is not None and found != sha256:
            raise BadInput(
                f"checksum is {found}, {sha256} was promised",
                where=url,
                hint="the data behind this address have changed since the crate was made",
            )
    return found


def _too_large(url: str, done: int, promised: int | None, limit: int) -> Exception:
    if promised is not None and done > promised:
        return BadInput(
            f"more than the promised {promised:,} bytes came",
            where=url,
            hint="the data behind this address have changed since the crate was made",
        )
    return Refused(f"larger than the limit of {limit:,} bytes", where=url, hint="raise the limit")


def _blocks(url: str, settings: WebSettings) -> Iterator[bytes]:
    """Yield the body behind `url`, following redirects one checked hop at a time."""
    with opened(url, settings=settings) as answer, network_errors(url):
        answer.raise_for_status()
        yield from answer.iter_content(BLOCK_BYTES)
