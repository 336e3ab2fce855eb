"""Speaking with a service: who sees the token, what is repeated, what a failure is called."""

import contextlib
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response

from doubles.serving import Cut, CuttingProxy, served
from recrate.model.errors import BadInput, Busy, Conflict, NotFound, OutsideFailed, Refused
from recrate.model.secret import Secret
from recrate.outside.answers import Answer
from recrate.outside.exchange import AnswerLost, FilePart, Service
from recrate.outside.web import WebSettings

WEB = WebSettings(timeout_seconds=3, private_hosts=("127.0.0.1", "localhost"))
TOKEN = "s3cret-t0ken"
Reply = Callable[[Request, bytes], Response]


@dataclass
class Desk:
    """A service that answers as it is told, in turn, and remembers what it was asked."""

    replies: list[Reply] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    port: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.seen.append((request.method, request.url.path, dict(request.headers), body))
        reply = self.replies.pop(0) if self.replies else says(200)
        await reply(request, body)(scope, receive, send)

    def service(self, *, port: int | None = None, **settings: Any) -> Service:
        """Speak to it; waiting is only noted."""
        base = f"http://127.0.0.1:{port or self.port}/api/"
        settings = {"secret": Secret(TOKEN), "web": WEB, **settings}
        return Service(base=base, sleep=self.waits.append, **settings)


def says(status: int, content: Any = b"", **headers: str) -> Reply:
    """Return a reply; `_` in the names of headers is `-`."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _body: Response(body, status, headers=named)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk that is open."""
    made = Desk()
    with served(made) as made.port:
        yield made


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


def told(error: Exception) -> str:
    """Return all that a person may come to see of an error."""
    found = [repr(error), str(error), str(vars(error))]
    if error.__cause__ is not None and isinstance(error.__cause__, Exception):
        found.append("")
    return " ".join(found)


SECRETIVE = "records?access_token=qu3ry"


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


def test_a_flood_is_refused_before_it_fills_the_memory(desk: Desk) -> None:
    desk.replies += [says(200, b"x" * 1001), says(200, b"x" * 1000)]
    with pytest.raises(Refused, match="more than 1,000 bytes"):
        desk.service().ask("GET", "x", limit_bytes=1000)
    assert len(desk.service().ask("GET", "x", limit_bytes=1000).content) == 1000


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadInput), (401, Refused), (403, Refused), (404, NotFound), (409, Conflict),
        (410, NotFound), (412, Conflict), (413, Refused), (422, BadInput), (429, Busy),
        (500, OutsideFailed), (503, OutsideFailed), (302, OutsideFailed),
    ],
)  # fmt: skip
def test_each_status_has_its_meaning_and_a_hint(
    desk: Desk, status: int, kind: type[Exception]
) -> None:
    complaint = {"message": "no such field", "errors": [{"field": "title", "messages": ["short"]}]}
    desk.replies += [says(status, complaint)] * 4
    answer = desk.service().ask("POST", SECRETIVE)
    with pytest.raises(kind) as caught:
        answer.expect(200)
    assert type(caught.value) is kind
    assert "no such field" in str(caught.value)
    assert "short" in str(caught.value)
    assert "qu3ry" not in told(caught.value)
    assert vars(caught.value)["hint"]


def test_a_token_that_the_service_repeats_is_in_no_message(desk: Desk) -> None:
    desk.replies.append(
        lambda request, _: Response(
            json.dumps({"message": f"bad header {request.headers['authorization']}"}), 401
        )
    )
    answer = desk.service().ask("GET", "x")
    with pytest.raises(Refused) as caught:
        answer.expect(200)
    assert "bad header" in str(caught.value)
    assert TOKEN not in told(caught.value)


def test_what_a_service_says_is_one_plain_line() -> None:
    said = json.dumps({"message": "a\nb\x1b[31m\u202ec" + "x" * 900}).encode()
    answer = Answer(status=400, headers={}, content=said, url="http://a/")
    assert answer.said().isprintable()
    assert len(answer.said()) == 500
    for content in (b"<html>", b"\xff", b"[" * 100_000, b"null", b'{"message": {"a": 1}}'):
        assert Answer(status=400, headers={}, content=content, url="http://a/").said() == ""


def test_an_answer_that_is_no_json_is_said_so(desk: Desk) -> None:
    desk.replies.append(says(200, b"<html>"))
    with pytest.raises(OutsideFailed, match="no JSON"):
        desk.service().ask("GET", "x").json()


def test_a_service_on_this_machine_is_spoken_to_only_by_name(desk: Desk) -> None:
    with pytest.raises(Refused, match="not a public address") as caught:
        desk.service(web=WebSettings(timeout_seconds=3)).ask("POST", SECRETIVE)
    assert "qu3ry" not in told(caught.value)
    assert desk.seen == []


# What is sent


def test_parts_of_files_stream_in_order_with_their_length(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    content = bytes(range(256)) * 9000
    file.write_bytes(content)
    told_: list[tuple[str, int, int]] = []
    body = (b"--head--", FilePart(path=file, offset=5, length=2_000_000), b"", b"--tail--")
    desk.service().ask(
        "PUT", "x", body=body, stage="send", progress=lambda *said: told_.append(said[:3])
    ).expect(200)
    ((_, _, headers, sent),) = desk.seen
    wanted = b"--head--" + content[5:2_000_005] + b"--tail--"
    assert hashlib.sha256(sent).digest() == hashlib.sha256(wanted).digest()
    assert headers["content-length"] == str(len(wanted))
    assert "transfer-encoding" not in headers
    assert told_ == sorted(told_)
    assert told_[-1] == ("send", len(wanted), len(wanted))
    assert len(told_) > 2, "the file is not read at once"


def test_the_rest_of_a_file_and_an_empty_one_are_sent(desk: Desk, tmp_path: Path) -> None:
    file, empty = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"0123456789")
    empty.write_bytes(b"")
    service = desk.service()
    for body in (FilePart(path=file, offset=7), FilePart(path=file, offset=7, length=99)):
        service.ask("PUT", "x", body=body).expect(200)
    for nothing in (FilePart(path=empty), b"", (b"", FilePart(path=empty))):
        service.ask("PUT", "x", body=nothing).expect(200)
    assert [body for _, _, _, body in desk.seen] == [b"789", b"789", b"", b"", b""]
    assert {headers["content-length"] for _, _, headers, _ in desk.seen[2:]} == {"0"}


def test_a_file_is_sent_from_its_beginning_again_after_a_failure(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 300_000)
    proxy = CuttingProxy(desk.port, [Cut(0, "request", 100_000)])
    with contextlib.closing(proxy):
        desk.service(port=proxy.port).ask("PUT", "x", body=FilePart(path=file)).expect(200)
    assert desk.seen[-1][3] == b"x" * 300_000


def test_json_is_sent_as_utf8_with_its_type(desk: Desk) -> None:
    desk.service(headers={"Accept": "application/vnd.x+json"}).ask(
        "POST", "x", json_body={"title": "潮汐"}, headers={"X-One": "1"}
    ).expect(200)
    ((_, _, headers, body),) = desk.seen
    assert body == '{"title": "潮汐"}'.encode()
    assert headers["content-type"] == "application/json"
    assert (headers["accept"], headers["x-one"]) == ("application/vnd.x+json", "1")


def test_the_address_of_an_answer_is_where_it_came_from(desk: Desk) -> None:
    desk.replies.append(says(302, location="/moved?page=2"))
    answer = desk.service().ask("GET", "x")
    assert urlsplit(answer.url).path == "/moved"
