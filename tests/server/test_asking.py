"""What the contract does not allow is told with its place and a hint, whatever was sent."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recrate.model.errors import BadInput
from recrate_server.asking import Asked, read_request
from recrate_server.contract import contract

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
ID = "0123456789abcdef" * 2


def ask(name: str, *, query: str = "", body: Any = None, content: bytes | None = None, **path: str):
    pairs: dict[str, list[bytes]] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        pairs.setdefault(key, []).append(value.encode())
    if content is None:
        content = b"" if body is None else json.dumps(body).encode()
    return read_request(
        contract(), contract().operations[name], path=path, query=pairs, content=content
    )


def refused(name: str, **asked: Any) -> BadInput:
    with pytest.raises(BadInput) as complaint:
        ask(name, **asked)
    assert complaint.value.hint
    str(complaint.value).encode("utf-8")
    return complaint.value


def test_what_is_left_out_stands_there_as_its_default():
    asked = ask("startJob", body={"kind": "replay", "path": "x.crate.zip"})
    assert asked.body["repeats"] == 1
    assert asked.body["parameters"] == {}
    assert asked.body["environment"] == "lock"
    assert ask("listJobs").query == {"query": "", "limit": 50}


def test_defaults_are_never_shared_between_requests():
    first = ask("startJob", body={"kind": "replay", "path": "a"})
    first.body["parameters"]["n"] = "1"
    assert ask("startJob", body={"kind": "replay", "path": "a"}).body["parameters"] == {}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "erase", "path": "x"}, "kind"),
        ({"path": "x"}, "body"),
        ({"kind": "scan"}, "body"),
        ({"kind": "scan", "path": "x", "repeats": 2}, "body"),
        ({"kind": "replay", "path": "x", "repeats": 21}, "repeats"),
        ({"kind": "replay", "path": "x", "repeats": True}, "repeats"),
        ({"kind": "replay", "path": "x", "repeats": 1.5}, "repeats"),
        ({"kind": "pack", "path": "x", "as_of": "2024-13-40"}, "as_of"),
        ({"kind": "pack", "path": "x", "as_of": "2024-01-01\n"}, "as_of"),
        ({"kind": "pack", "path": "x", "as_of": "２０２４-01-01"}, "as_of"),
        ({"kind": "scan", "path": "a\x00b"}, "path"),
        ({"kind": "scan", "path": "x", "notebooks": ["a", "\ud800"]}, "notebooks.1"),
        ({"kind": "replay", "path": "x", "language": "de"}, "language"),
        ({"kind": "replay", "path": "x", "cell_timeout_seconds": "1"}, "cell_timeout_seconds"),
        ({"kind": "replay", "path": "x", "parameters": {"n": 1}}, "parameters.n"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_a_body_that_does_not_fit_is_told_where(body: Any, where: str):
    assert refused("startJob", body=body).where == where


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"kind": NaN}',
        b'{"a": 1e999}',
        b'{"kind":"scan","kind":"scan","path":""}',
        b'{"kind":"scan","path":"","x":' + b"9" * 6000 + b"}",
    ],
)
def test_what_is_no_json_is_told(content: bytes):
    refused("startJob", content=content)


def test_a_whole_number_may_be_written_with_a_point():
    asked = ask("startJob", content=b'{"kind":"replay","path":"x","repeats":2.0}')
    assert asked.body["repeats"] == 2
    assert isinstance(asked.body["repeats"], int)


@pytest.mark.parametrize(
    ("name", "query", "where"),
    [
        ("readCrate", "", "path"),
        ("readCrate", "path=a&path=b", "path"),
        ("readCrate", "path=a&root=/", "query"),
        ("readCrate", "path=%00", "path"),
        ("listJobs", "limit=１", "limit"),
        ("listJobs", "limit=0", "limit"),
        ("listJobs", "limit=99999999999999999999", "limit"),
        ("listJobs", "status=sleeping", "status"),
    ],
)
def test_a_query_that_does_not_fit_is_told_where(name: str, query: str, where: str):
    assert refused(name, query=query).where == where


def test_what_jupyter_itself_adds_to_an_address_is_let_through():
    asked = ask("readCrate", query="path=a&token=abc&no_track_activity=1&1763741434000=")
    assert asked.query == {"path": "a"}


def test_a_parameter_that_may_repeat_is_a_list():
    asked = ask("listOutputs", query="verdict=different&verdict=missing", id=ID)
    assert asked.query["verdict"] == ["different", "missing"]


@pytest.mark.parametrize("identifier", ["x", ID + "\n", ID.upper(), "../" + ID[3:]])
def test_an_id_has_one_form(identifier: str):
    assert refused("readJob", id=identifier).where == "id"


@settings(max_examples=300)
@given(body=JSON)
@example(body={"title": "t", "description": "", "access": {}})
@example(body={"title": "t", "description": "", "creators": [{"name": "n", "affiliation": {}}]})
def test_any_json_at_all_is_read_or_told_never_anything_else(body: Any):
    for name in ("startJob", "applyFix", "keepDescription", "waiveOutput"):
        extra = {"query": "path="} if name == "keepDescription" else {}
        path = {"id": ID} if name == "waiveOutput" else {}
        told = asked_or_told(name, body=body, **extra, **path)
        assert isinstance(told, Asked) or (told.hint and told.where.encode("utf-8"))


def asked_or_told(name: str, **asked: Any) -> Asked | BadInput:
    try:
        return ask(name, **asked)
    except BadInput as complaint:
        return complaint
