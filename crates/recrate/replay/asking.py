"""What cells ask of the network: noted inside the kernel, read outside as a stranger's words."""

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from recrate.model.observation import Asked
from recrate.outside.passing import Passed
from recrate.replay.notes import Notes

_HOOK = """
def listen():
    import os, socket, sys
    own = {None, "", "localhost", "0.0.0.0", "::", "::1", socket.gethostname()}
    def of_host(host, port):
        host = host.decode("ascii") if isinstance(host, bytes) else host
        if host not in own and not str(host).startswith("127."):
            return "%s:%s" % (host, port) if port else str(host)
    def of_connection(sock, address):
        return of_host(*address[:2]) if isinstance(address, tuple) else None
    def of_request(connection, data):
        words = bytes(data[:2000]).split(b" ", 2) if isinstance(data, (bytes, bytearray)) else []
        if len(words) == 3 and words[2][:5] == b"HTTP/" and words[1][:1] == b"/":
            scheme = "https" if connection.default_port == 443 else "http"
            usual = connection.port == connection.default_port
            host = connection.host if usual else "%s:%s" % (connection.host, connection.port)
            if of_host(connection.host, None):
                return "%s://%s%s" % (scheme, host, words[1].decode("ascii"))
    known = {
        "socket.getaddrinfo": lambda given: of_host(given[0], given[1]),
        "socket.gethostbyname": lambda given: of_host(given[0], None),
        "socket.connect": lambda given: of_connection(*given),
        "urllib.Request": lambda given: given[0],
        "http.client.send": lambda given: of_request(*given),
    }
    left = [10000]
    def write(event, given):
        try:
            text = known[event](given)
            if text and left[0] > 0:
                left[0] -= 1
                out = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.write(out, (str(text)[:1000] + "\\n").encode("utf-8", "replace"))
                os.close(out)
        except Exception:
            pass
    def note(event, given, known=known):
        if event in known:
            write(event, given)
    if hasattr(sys, "addaudithook"):
        sys.addaudithook(note)
listen()
"""
"""Python's own audit events, from 3.8 on. It opens its file anew each time: a number that stays
open could be closed by the study, and come to mean a file of its own.
Source: https://docs.python.org/3/library/audit_events.html"""

ASKED = "asked"
"""The file with the notes, in the folder of a kernel's sockets."""

_PER_CELL = 20
_LONGEST = 300
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,9}://)?[\w.\[\]:%-]{1,253}(?:/[^\s?#]*)?", re.IGNORECASE
)


def hook_of(place: str) -> str:
    """Return code that lets a Python kernel note in the file `place` what it asks for."""
    return f"exec({_HOOK!r}, {{'place': {place!r}}})"


class AskedLog:
    """The notes of one kernel, read as they grow."""

    def __init__(self, path: Path) -> None:
        self.notes = Notes(path)

    def next(self) -> tuple[str, ...]:
        """Return the addresses noted since the last call."""
        return plain_addresses(self.notes.next())


def plain_addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what is an address, each once and without what may be secret in it; at most twenty.

    A host is left out where a URL on it is named, and a mere number where there is any name.
    """
    found = dict.fromkeys(one for text in texts if (one := _plain(text)))
    hosts = {host_of(one) for one in found if "://" in one}
    kept = [one for one in found if "://" in one or host_of(one) not in hosts]
    named = [one for one in kept if not _is_number(host_of(one))]
    return tuple(named or kept)[:_PER_CELL]


def unserved(asked: Iterable[str], passed: Iterable[Passed]) -> tuple[str, ...]:
    """Return what was asked of the network: with what the gateway saw, without what it had kept."""
    told = tuple(passed)
    kept = {_plain(one.url) for one in told if one.from_kept}
    return plain_addresses(
        one for one in (*asked, *(each.url for each in told)) if _plain(one) not in kept
    )


def settled(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return what was asked, cell by cell, each address once."""
    cells: dict[int, list[str]] = {}
    for one in asked:
        cells.setdefault(one.cell, []).append(one.address)
    return tuple(
        Asked(cell=cell, address=address)
        for cell in sorted(cells)
        for address in plain_addresses(cells[cell])
    )


def host_of(address: str) -> str:
    """Return the host of a URL or of `host:port`."""
    place = address if "://" in address else f"//{address}"
    try:
        return urlsplit(place).hostname or ""
    except ValueError:
        return ""


def _plain(text: str) -> str:
    text = text.strip()
    if "://" in text:
        scheme, _, rest = text.partition("://")
        place, slash, path = rest.partition("/")
        path = re.split(r"[?#]", path, maxsplit=1)[0]
        place = re.split(r"[?#]", place, maxsplit=1)[0].rpartition("@")[2]
        text = f"{scheme}://{place}{slash}{path}"
    if not text or len(text) > _LONGEST or not _ADDRESS.fullmatch(text) or not host_of(text):
        return ""
    return "" if text.startswith("file:") or _is_here(host_of(text)) else text


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    host = host.partition("%")[0]
    if host.rstrip(".").lower() == "localhost":
        return True
    return _is_number(host) and (
        ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    )
