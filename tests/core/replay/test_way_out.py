"""Kernels that read from the web through us: real kernels within walls, real servers, real TLS."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from recrate.flow.without_network import WithoutNetwork
from recrate.outside.authority import Authority
from recrate.outside.disk import sha256_of
from recrate.outside.gateway import Gateway
from recrate.outside.guarded import WebSettings
from recrate.outside.passing import KeptAnswer

pytestmark = pytest.mark.sandbox
HOST = "127.0.0.2"
"""Of this machine, and for a kernel none of its own: what stands in `no_proxy` is 127.0.0.1."""
BYTES = bytes(range(256)) * 400


@dataclass
class Served:
    """A server, and what it was asked."""

    base: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


def _serve(told: Served, certificates: Path | None = None) -> ThreadingHTTPServer:
    class Answering(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append((self.command, self.path, dict(self.headers), body))
            where = self.path.partition("?")[0]
            status = {"/gone": 404, "/moved": 302}.get(where, 200)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/data.bin")
            content = b"echo " + body if self.command == "POST" else BYTES
            self.send_header("Content-Type", "application/x-test")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Answering)
    scheme = "http"
    if certificates is not None:
        authority = Authority(certificates)
        (certificates / "trusted.pem").write_bytes(authority.certificate)
        server.socket = authority.context_for(HOST).wrap_socket(server.socket, server_side=True)
        scheme = "https"
    told.base = f"{scheme}://{HOST}:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def plain() -> Iterator[Served]:
    """A server that speaks plainly."""
    told = Served()
    server = _serve(told)
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server that speaks TLS, with a certificate that our own client trusts."""
    (tmp_path / "ca").mkdir()
    told = Served()
    server = _serve(told, tmp_path / "ca")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca" / "trusted.pem"))
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateways() -> Iterator[Any]:
    """Make gateways that are closed when the test ends."""
    made: list[Gateway] = []

    def make(**given: Any) -> Gateway:
        usual: dict[str, Any] = {"kept": {}, "store": None, "limit_bytes": 10**7}
        web = WebSettings(private_hosts=(HOST,), timeout_seconds=10)
        made.append(Gateway(**{**usual, "web": web, **given}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _kept(path: Path) -> KeptAnswer:
    path.write_bytes(BYTES)
    return KeptAnswer(
        path=path, sha256=sha256_of(path), size_bytes=len(BYTES), media_type="application/x-test"
    )


READ = "import urllib.request\nprint(len(urllib.request.urlopen({!r}).read()))"


def test_what_is_read_is_fetched_once_hashed_kept_and_told_by_cell(
    study: Any, plain: Served, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store")
    address = f"{plain.base}/data.bin?raw=true"
    requests = f"import requests\nprint(len(requests.get({address!r}).content))"
    seen = study.run(READ.format(address), requests, "1 + 1", gateway=gateway)
    assert seen.error is None
    assert study.text(0) == study.text(1) == f"{len(BYTES)}\n"
    assert [(one.cell, one.url) for one in seen.fetched] == [(0, address), (1, address)]
    (kept,) = {one.sha256 for one in seen.fetched}
    assert (tmp_path / "store" / kept[:2] / kept).read_bytes() == BYTES
    assert len(plain.asked) == 1, "the second cell got what is kept"


def test_tls_ends_with_us_and_the_real_certificate_is_looked_at(
    study: Any, secure: Served, gateways: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = gateways(store=tmp_path / "store")
    address = f"{secure.base}/data.bin"
    curl = f"!curl -sS -o got.bin {address} && wc -c < got.bin"
    cells = (READ.format(address), f"import requests\nrequests.head({address!r}).headers", curl)
    seen = study.run(*cells, gateway=gateway)
    assert seen.error is None, seen.error
    assert study.text(0).strip() == study.text(2).strip() == str(len(BYTES))
    assert "application/x-test" in study.text(1)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    other = f"{secure.base}/other.bin"
    seen = study.run(READ.format(other), gateway=gateway)
    assert seen.error is not None
    assert "502" in seen.error.message
    (told,) = seen.fetched
    assert (told.sha256, told.url) == ("", other)
    assert "certificate" in told.note.lower()


def test_without_network_a_cell_gets_what_is_kept_and_nobody_is_asked(
    study: Any, secure: Served, gateways: Any, tmp_path: Path
) -> None:
    address = "https://data.example.org/x.bin?version=2"
    gateway = gateways(kept={address: _kept(tmp_path / "x.bin")})
    cells = (
        READ.format(address),
        READ.format("https://data.example.org/other.bin"),
        READ.format(f"{secure.base}/data.bin"),
        "print('apart')",
    )
    seen = study.run(*cells, gateway=gateway, guide=WithoutNetwork)
    assert study.text(0) == f"{len(BYTES)}\n"
    assert {one.cell for one in seen.held_up} == {1, 2}
    assert study.text(3) == "apart\n"
    assert secure.asked == []
    asked = {(one.cell, one.address) for one in seen.asked}
    assert (1, "https://data.example.org/other.bin") in asked
    assert 0 not in {cell for cell, _ in asked}, "what is kept was not asked of the network"
    assert [(one.cell, one.url) for one in seen.fetched] == [(0, address)]


def test_a_redirect_is_followed_by_us_and_a_refusal_is_passed_on(
    study: Any, plain: Served, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store")
    gone = f"import requests\nprint(requests.get('{plain.base}/gone').status_code)"
    seen = study.run(READ.format(f"{plain.base}/moved"), gone, gateway=gateway)
    assert seen.error is None
    assert (study.text(0), study.text(1)) == (f"{len(BYTES)}\n", "404\n")
    assert [(one.url, bool(one.sha256), one.note) for one in seen.fetched] == [
        (f"{plain.base}/moved", True, ""),
        (f"{plain.base}/gone", False, "it answered 404"),
    ]


def test_what_is_sent_or_asked_with_a_key_passes_and_is_not_kept(
    study: Any, plain: Served, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store")
    cell = (
        "import requests\n"
        f"print(requests.post('{plain.base}/ask', data=b'query').text)\n"
        f"print(len(requests.get('{plain.base}/own', headers={{'Authorization': 'key'}}).content))"
    )
    seen = study.run(cell, gateway=gateway)
    assert seen.error is None
    assert study.text(0) == f"echo query\n{len(BYTES)}\n"
    assert [one.sha256 for one in seen.fetched] == ["", ""]
    assert plain.asked[1][2]["Authorization"] == "key"
    assert not (tmp_path / "store").exists()


def test_addresses_of_the_machine_and_other_ways_out_stay_shut(
    study: Any, plain: Served, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store", web=WebSettings(timeout_seconds=5))
    port = plain.base.rpartition(":")[2]
    direct = (
        "import socket\n"
        f"try:\n    socket.create_connection(('{HOST}', {port}), 3)\n    print('open')\n"
        "except OSError:\n    print('shut')"
    )
    seen = study.run(direct, READ.format(f"{plain.base}/data.bin"), gateway=gateway)
    assert study.text(0) == "shut\n"
    assert seen.error is not None
    assert plain.asked == []
    assert "not a public address" in seen.fetched[-1].note


def test_too_much_is_broken_off_and_leaves_nothing(
    study: Any, plain: Served, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store", limit_bytes=1000)
    seen = study.run(READ.format(f"{plain.base}/data.bin"), gateway=gateway)
    assert seen.error is not None
    assert "1,000 bytes" in seen.fetched[0].note
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    "said",
    [
        b"CONNECT \x00:443 HTTP/1.1\r\n\r\n",
        b"CONNECT " + b"a" * 300 + b":443 HTTP/1.1\r\n\r\n",
        b"GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST http://x.example/ HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST http://x.example/ HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\xff" * 70_000,
    ],
)
def test_a_kernel_that_speaks_nonsense_reaches_nothing(
    said: bytes, study: Any, gateways: Any, tmp_path: Path
) -> None:
    gateway = gateways(store=tmp_path / "store")
    cell = (
        "import os, socket, urllib.parse\n"
        "way = socket.create_connection(('127.0.0.1',"
        " urllib.parse.urlsplit(os.environ['http_proxy']).port), 10)\n"
        f"way.sendall({said!r})\n"
        "way.shutdown(socket.SHUT_WR)\n"
        "print(way.recv(20)[:12])"
    )
    seen = study.run(cell, gateway=gateway)
    said_back = study.text(0)
    assert seen.error is None or "Broken pipe" in seen.error.message or "reset" in said_back
    assert "200" not in said_back.replace("200 Connection", ""), said_back
    assert not any(one.sha256 for one in seen.fetched)


def test_certificates_name_their_host_and_are_trusted_by_the_kernel_alone(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.context_for("data.example.org")
    assert authority.context_for("data.example.org") is context
    assert list(tmp_path.iterdir()) == [], "no key is left on the disk"
    client = ssl.create_default_context(cadata=authority.certificate.decode())
    for name, fits in (("data.example.org", True), ("other.example.org", False)):
        assert _shakes_hands(client, context, name) is fits
    assert _shakes_hands(ssl.create_default_context(), context, "data.example.org") is False
    with pytest.raises(ValueError, match=r".+"):
        authority.context_for("ü" * 300)


def _shakes_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> bool:
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = client.wrap_bio(back, there, server_hostname=name)
    other = server.wrap_bio(there, back, server_side=True)
    for _ in range(6):
        for end in (one, other):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return one.version() is not None
