"""Speaking with a service: who sees the token, what is repeated, what a failure is called."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from doubles.serving import Cut, CuttingProxy, served
from exchange_desk import SECRETIVE, TOKEN, WEB, Desk, says, told
from recrate.model.errors import BadInput, Busy, OutsideFailed, Refused
from recrate.model.secret import Secret
from recrate.outside.exchange import AnswerLost, Service
from recrate.outside.web import WebSettings

# Who sees the token


def test_the_token_goes_to_its_service_in_the_scheme_it_wants(desk: Desk) -> None:
    desk.service().ask("GET", "records?q=1").expect(200)
    desk.service(scheme="Basic").ask("GET", f"http://127.0.0.1:{desk.port}/other").expect(200)
    desk.service(secret=None).ask("GET", "records").expect(200)
    assert [headers.get("authorization") for _, _, headers, _ in desk.seen] == [
        f"Bearer {TOKEN}",
        f"Basic {TOKEN}",
        None,
    ]
    assert [path for _, path, _, _ in desk.seen] == ["/api/records", "/other", "/api/records"]


def test_a_redirect_to_another_origin_takes_neither_token_nor_our_headers(desk: Desk) -> None:
    other = Desk()
    with served(other) as other.port:
        for away in (
            f"http://127.0.0.1:{other.port}/there",  # another port
            f"http://localhost:{other.port}/there",  # another name
            f"//127.0.0.1:{other.port}/there",
            f"http://127.0.0.1:{desk.port}@127.0.0.1:{other.port}/there",
        ):
            desk.replies.append(says(302, location=away))
            desk.service(headers={"X-Api-Key": TOKEN}).ask("GET", "x").expect(200)
    assert len(other.seen) == 4
    for _, path, headers, _ in other.seen:
        assert path == "/there"
        assert TOKEN not in json.dumps(headers)


def test_a_redirect_within_the_service_takes_the_token(desk: Desk) -> None:
    desk.replies.append(says(301, location="/moved"))
    desk.service().ask("GET", "x").expect(200)
    assert [headers["authorization"] for _, _, headers, _ in desk.seen] == [f"Bearer {TOKEN}"] * 2


def test_another_service_asked_by_its_address_gets_no_token(desk: Desk) -> None:
    other = Desk()
    with served(other) as other.port:
        address = f"http://localhost:{other.port}/upload?signature=abc"
        desk.service().ask("PUT", address, body=b"part").expect(200)
    ((method, _, headers, body),) = other.seen
    assert (method, body) == ("PUT", b"part")
    assert "authorization" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_changes_something_is_never_redirected(desk: Desk, method: str) -> None:
    desk.replies.append(says(307, location="/moved"))
    answer = desk.service().ask(method, "x", body=b"1")
    assert answer.status == 307
    assert len(desk.seen) == 1
    with pytest.raises(OutsideFailed, match="307"):
        answer.expect(200)


def test_redirects_in_a_circle_end(desk: Desk) -> None:
    desk.replies += [says(302, location="/round")] * 100
    with pytest.raises(OutsideFailed, match="redirected too often"):
        desk.service(tries=1).ask("GET", "x")
    assert len(desk.seen) == 5


@pytest.mark.parametrize(
    "away",
    ["file:///etc/passwd", "http://10.1.2.3/x?key=k3y", "http://169.254.169.254/", "ftp://a/"],
)
def test_a_redirect_to_what_is_not_public_is_refused(desk: Desk, away: str) -> None:
    desk.replies.append(says(302, location=away))
    with pytest.raises(Refused) as caught:
        desk.service().ask("GET", "x")
    assert "k3y" not in told(caught.value)
    assert len(desk.seen) == 1


def test_the_machines_own_passwords_are_never_used(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login anna password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    desk.service(secret=None).ask("GET", "x").expect(200)
    desk.replies.append(says(302, location=f"http://localhost:{desk.port}/there"))
    desk.service().ask("GET", "x").expect(200)
    said = [headers.get("authorization") for _, _, headers, _ in desk.seen]
    assert said == [None, f"Bearer {TOKEN}", None]


def test_a_token_that_no_header_can_hold_is_told_without_it(desk: Desk) -> None:
    odd = "全角トークン"
    with pytest.raises(BadInput, match="token") as caught:
        desk.service(secret=Secret(odd)).ask("GET", "x")
    assert odd not in told(caught.value)
    assert caught.value.hint
    assert desk.seen == []


# What is repeated


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_may_be_repeated_is_tried_again_with_its_whole_body(desk: Desk, method: str) -> None:
    desk.replies += [says(500), says(502)]
    desk.service().ask(method, "x", body=b"whole").expect(200)
    assert [body for _, _, _, body in desk.seen] == [b"whole"] * 3
    assert desk.waits == [0.5, 1.0]


def test_what_makes_something_is_sent_once_unless_told_otherwise(desk: Desk) -> None:
    desk.replies.append(says(500))
    assert desk.service().ask("POST", "x").status == 500
    assert len(desk.seen) == 1
    desk.replies.append(says(500))
    assert desk.service().ask("POST", "x", repeat=True).status == 200
    desk.replies.append(says(500))
    assert desk.service().ask("PUT", "x", repeat=False).status == 500
    assert len(desk.seen) == 4


def test_tries_come_to_an_end_and_the_last_answer_comes_back(desk: Desk) -> None:
    desk.replies += [says(503)] * 9
    assert desk.service(tries=3).ask("GET", "x").status == 503
    assert len(desk.seen) == 3
    assert len(desk.waits) == 2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_short_wait_that_is_named_is_waited_and_sent_again(
    desk: Desk, method: str, status: int
) -> None:
    desk.replies += [says(status, Retry_After="7"), says(status, Retry_After="0")]
    desk.service().ask(method, "x", body=b"1").expect(200)
    assert desk.waits == [7.0, 0.1]
    assert len(desk.seen) == 3


def test_a_date_is_as_good_as_a_number_of_seconds(desk: Desk) -> None:
    desk.replies.append(says(429, Retry_After=formatdate(time.time() + 30, usegmt=True)))
    desk.service().ask("POST", "x").expect(200)
    (waited,) = desk.waits
    assert 20 < waited <= 31


def test_a_long_wait_is_the_persons_to_decide(desk: Desk) -> None:
    desk.replies.append(says(429, Retry_After="3600"))
    answer = desk.service().ask("POST", "x")
    assert desk.waits == []
    with pytest.raises(Busy) as caught:
        answer.expect(200)
    assert "3600 seconds" in caught.value.hint


@pytest.mark.parametrize(
    "said",
    ["", "soon", "-5", "1e3", "9" * 400, "Fri, 31 Dec 9999 23:59:59 -2359", "Xyz, 99 Foo 1 1:1:1"],
)
def test_a_wait_that_makes_no_sense_is_not_waited(desk: Desk, said: str) -> None:
    desk.replies.append(says(429, Retry_After=said))
    answer = desk.service().ask("POST", "x")
    assert answer.status == 429
    assert desk.waits == []
    with pytest.raises(Busy):
        answer.expect(200)


# What a failure is called


def test_nobody_there_is_unreachable_and_surely_not_sent(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]
    with pytest.raises(OutsideFailed, match="cannot be reached") as caught:
        desk.service(port=free).ask("POST", SECRETIVE, body=b"1")
    assert not isinstance(caught.value, AnswerLost)
    assert "qu3ry" not in told(caught.value)
    assert caught.value.where == f"http://127.0.0.1:{free}/api/records"


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    service = Service(base="http://nowhere.invalid/", web=WEB, tries=1)
    with pytest.raises(OutsideFailed, match="no address known") as caught:
        service.ask("POST", "x?key=qu3ry")
    assert not isinstance(caught.value, AnswerLost)
    assert "qu3ry" not in told(caught.value)


@pytest.mark.parametrize(
    "cut", [("request", 0), ("request", 40), ("request", 9000), ("answer", 0), ("answer", 30)]
)
def test_a_connection_that_breaks_leaves_the_outcome_open(desk: Desk, cut: tuple[Any, int]) -> None:
    desk.replies.append(says(201, b"x" * 100))
    proxy = CuttingProxy(desk.port, [Cut(at=0, where=cut[0], bytes=cut[1])])
    with contextlib.closing(proxy), pytest.raises(AnswerLost) as caught:
        desk.service(port=proxy.port).ask("POST", SECRETIVE, body=b"y" * 10000)
    assert "qu3ry" not in told(caught.value)
    assert TOKEN not in told(caught.value)
    assert "--resume" in caught.value.hint
    assert (len(desk.seen) == 1) is (cut[0] == "answer")


def test_a_broken_connection_is_tried_again_where_that_is_safe(desk: Desk) -> None:
    proxy = CuttingProxy(desk.port, [Cut(0, "answer", 0), Cut(1, "request", 10)])
    with contextlib.closing(proxy):
        desk.service(port=proxy.port).ask("PUT", "x", body=b"whole").expect(200)
    assert [body for _, _, _, body in desk.seen] == [b"whole"] * 2


def test_silence_is_a_lost_answer(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        quick = WebSettings(timeout_seconds=0.2, private_hosts=("127.0.0.1",))
        service = desk.service(port=mute.getsockname()[1], web=quick)
        with pytest.raises(AnswerLost, match="no answer in time"):
            service.ask("POST", "x")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly a part",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno length\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"no HTTP at all\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_whole_is_a_lost_one(desk: Desk, raw: bytes) -> None:
    with _speaking(raw) as port, pytest.raises(AnswerLost):
        desk.service(port=port).ask("POST", "x")


@contextlib.contextmanager
def _speaking(raw: bytes) -> Iterator[int]:
    """Answer one request with these bytes and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            client, _ = server.accept()
            with client:
                client.recv(65536)
                client.sendall(raw)

        thread = threading.Thread(target=speak)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)
