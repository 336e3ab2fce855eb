"""What goes through a gateway: requests, the bytes that answer them, and how those are taken in."""

import hashlib
import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3

from recrate.outside.disk import BLOCK_BYTES
from recrate.outside.hops import network_errors

REFUSED = "Network refused"
"""What a kernel hears of an address that it may not ask for, with status 403."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The bytes behind an address. `path`: where they lie on this machine."""

    path: Path
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One request of a kernel.

    answer:    None where it was refused, failed or is not kept
    from_kept: whether nobody else was asked
    """

    url: str
    answer: KeptAnswer | None = None
    from_kept: bool = False
    why: str = ""


def take(answer: requests.Response, into: Path, limit_bytes: int) -> tuple[str, int]:
    """Write a body into a file; return its SHA-256 and its size in bytes."""
    digest, done = hashlib.sha256(), 0
    with into.open("wb") as stream, network_errors(answer.url):
        for block in _blocks(answer):
            done += len(block)
            if done > limit_bytes:
                raise requests.RequestException(f"more than {limit_bytes:,} bytes came")
            digest.update(block)
            stream.write(block)
    return digest.hexdigest(), done


def _blocks(answer: requests.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_content(BLOCK_BYTES)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
        raise requests.ConnectionError("the connection broke") from error
