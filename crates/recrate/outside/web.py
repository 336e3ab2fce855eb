"""The only way to the network: fetch a named file, bounded, verified, from public addresses."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import requests

from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.disk import BLOCK_BYTES, writing
from recrate.outside.guarded import WebSettings, first_line, guarded_session, refuse_address

__all__ = ["WebSettings", "download"]

MAXIMUM_REDIRECTS = 10


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
    with guarded_session(settings) as session:
        for _ in range(MAXIMUM_REDIRECTS):
            refuse_address(url, settings)
            try:
                answer = session.get(
                    url, stream=True, allow_redirects=False, timeout=settings.timeout_seconds
                )
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                answer.raise_for_status()
                yield from answer.iter_content(BLOCK_BYTES)
            except requests.RequestException as error:
                raise OutsideFailed(
                    f"could not be fetched: {first_line(error)}",
                    where=url,
                    hint="check the network and the address, then try again",
                ) from error
            return
        raise OutsideFailed("redirected too often", where=url)
