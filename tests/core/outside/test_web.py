"""Downloads against a real server on this machine."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.outside.web import WebSettings, download

CONTENT = b"time,level\n0,1.5\n" * 1000
LOCAL = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/data")
            self.end_headers()
        elif self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://localhost:1/x")
            self.end_headers()
        elif self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[:100])
        elif self.path == "/gone":
            self.send_error(404)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CONTENT)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def fetch(url, destination, **given):
    settings = given.pop("settings", LOCAL)
    wanted = {"sha256": None, "size_bytes": None, "limit_bytes": 10**6, **given}
    return download(url, destination, settings=settings, **wanted)


def test_a_download_gives_its_checksum_also_through_a_redirect(server, tmp_path):
    digest = hashlib.sha256(CONTENT).hexdigest()
    for path in ("/data", "/moved"):
        got = fetch(server + path, tmp_path / "x", sha256=digest, size_bytes=len(CONTENT))
        assert got == digest
        assert (tmp_path / "x").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "promised",
    [{"sha256": "0" * 64}, {"size_bytes": 5}, {"size_bytes": len(CONTENT) + 1}],
)
def test_what_is_not_as_promised_is_not_kept(server, tmp_path, promised):
    with pytest.raises(BadInput, match="promised"):
        fetch(server + "/data", tmp_path / "x", **promised)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/gone", "/cut"])
def test_a_failing_server_is_the_outside_letting_us_down(server, tmp_path, path):
    with pytest.raises(OutsideFailed):
        fetch(server + path, tmp_path / "x", size_bytes=len(CONTENT))
    assert list(tmp_path.iterdir()) == []


def test_more_than_the_limit_is_refused(server, tmp_path):
    with pytest.raises(Refused, match="limit"):
        fetch(server + "/data", tmp_path / "x", limit_bytes=100)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http:///x",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/",
        "http://localhost/",
    ],
)
def test_an_address_that_is_not_public_is_refused(tmp_path, url):
    with pytest.raises(Refused):
        fetch(url, tmp_path / "x", settings=WebSettings())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/away", "/file"])
def test_a_redirect_does_not_lead_where_the_url_may_not(server, tmp_path, path):
    with pytest.raises(Refused):
        fetch(server + path, tmp_path / "x")


def test_a_name_that_changes_its_machine_between_two_looks_is_refused(
    server, tmp_path, monkeypatch
):
    port = int(server.rpartition(":")[2])
    answers = iter(["93.184.215.14"])

    def change(_host, wanted, *_, **__):
        address = next(answers, "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, wanted or port))]

    monkeypatch.setattr(socket, "getaddrinfo", change)
    with pytest.raises(Refused, match="answered from"):
        fetch(f"http://two-faced.example:{port}/data", tmp_path / "x", settings=WebSettings())
    assert list(tmp_path.iterdir()) == []
