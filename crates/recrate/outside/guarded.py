"""Connections that reach public addresses only, and hosts that were allowed by name."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from recrate.model.errors import OutsideFailed, Refused
from recrate.outside.answers import shown


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


def guarded_session(settings: WebSettings) -> requests.Session:
    """Return a session whose connections look at their peer before anything is sent.

    No credentials of the machine (`.netrc`) are ever added: who is asked may be a stranger.
    """
    session = requests.Session()
    session.mount("http://", _Guarded(settings))
    session.mount("https://", _Guarded(settings))
    session.headers["User-Agent"] = settings.agent
    session.headers["Accept-Encoding"] = "identity"
    session.auth = _as_it_is
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


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
        raise Refused(
            "answered from an address that is not public",
            where=host,
            hint="allow it by name with c.Web.private_hosts in recrate_config.py",
        )
    return connected


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = _carried(found)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _carried(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that is reached by way of an IPv6 one, None where there is none.

    Source: RFC 4291, 2.5.5; RFC 3056, 2; RFC 4380, 4; RFC 6052, 2.1.
    """
    if found.teredo is not None:
        return found.teredo[1]
    if found in _TRANSLATED or found in _COMPATIBLE:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def refuse_address(url: str, settings: WebSettings) -> None:
    """Raise Refused for an address that is not public and not allowed, or of another scheme.

    The error names the address without its query, in which a key may stand.
    """
    plain = url.partition("?")[0][:300]
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError as error:
        raise Refused("is no address", where=plain, hint="copy it again") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(
            "only http and https addresses are fetched",
            where=plain,
            hint="fetch it by hand and name the file",
        )
    if parts.hostname in settings.private_hosts:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideFailed(
            f"no address known for {parts.hostname}", where=shown(url), hint="check the network"
        ) from error
    for *_, address in found:
        if not _is_public(str(address[0])):
            raise Refused(
                f"{parts.hostname} is not a public address",
                where=shown(url),
                hint="allow it by name with c.Web.private_hosts in recrate_config.py",
            )


def first_line(error: Exception) -> str:
    """Return what an error says first, cut short."""
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
