"""The only way to the network: fetch a named file, bounded, verified, from public addresses."""

import hashlib
import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.disk import BLOCK_BYTES, writing

MAXIMUM_REDIRECTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How downloads behave.

    timeout_seconds: for the connection and for each silence in the middle
    private_hosts:   hosts that may have a private or loopback address; all others must be public,
                     because the URL may come from a stranger's crate
    """

    timeout_seconds: float = 60
    private_hosts: tuple[str, ...] = ()
    agent: str = "recrate"


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
    with requests.Session() as session:
        session.mount("http://", _Guarded(settings))
        session.mount("https://", _Guarded(settings))
        session.headers["User-Agent"] = settings.agent
        session.headers["Accept-Encoding"] = "identity"
        for _ in range(MAXIMUM_REDIRECTS):
            _refuse_address(url, settings)
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
                    f"could not be fetched: {_first_line(error)}",
                    where=url,
                    hint="check the network and the address, then try again",
                ) from error
            return
        raise OutsideFailed("redirected too often", where=url)


class _Guarded(HTTPAdapter):
    """Connects only to who may be asked: a name may mean another machine than a moment ago.

    A proxy, where one is configured, has connections of its own and looks names up itself.
    """

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Give the pools connections that look at their peer before anything is sent."""
        super().init_poolmanager(*given, **named)
        settings = self._settings

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), self.host, settings)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), self.host, settings)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _checked(connected: socket.socket, host: str, settings: WebSettings) -> socket.socket:
    if host not in settings.private_hosts and not _is_public(connected.getpeername()[0]):
        connected.close()
        raise Refused("answered from an address that is not public", where=host)
    return connected


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.split("%", 1)[0]).is_global


def _refuse_address(url: str, settings: WebSettings) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused("only http and https addresses are fetched", where=url)
    if parts.hostname in settings.private_hosts:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideFailed(
            f"no address known for {parts.hostname}", where=url, hint="check the network"
        ) from error
    for *_, address in found:
        if not _is_public(str(address[0])):
            raise Refused(
                f"{parts.hostname} is not a public address",
                where=url,
                hint="allow it by name with c.Web.private_hosts in recrate_config.py",
            )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
