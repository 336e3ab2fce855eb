"""What is sent to a service and what comes back: streams, limits, meanings of answers."""

import contextlib
import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.responses import Response

from doubles.serving import Cut, CuttingProxy
from exchange_desk import SECRETIVE, TOKEN, Desk, says, told
from recrate.model.errors import BadInput, Busy, Conflict, NotFound, OutsideFailed, Refused
from recrate.outside.answers import Answer
from recrate.outside.exchange import FilePart
from recrate.outside.web import WebSettings


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
