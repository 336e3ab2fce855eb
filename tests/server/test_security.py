"""Every route of the contract, asked by who may not, or for what is not theirs, refuses."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from jupyter_server.auth import Authorizer
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from recrate_server.contract import Operation, contract
from recrate_server.jobs.model import Job, Kind, Status
from recrate_server.jobs.orders import ReplayOrder, order_document
from recrate_server.jobs.store import Store

RUN = "0" * 31 + "1"
HOSTILE = (
    "..",
    "../neighbour",
    "../neighbour/x.crate.zip",
    "study/../../neighbour",
    "/etc",
    "/etc/x.crate.zip",
    "out",
    "out/x.crate.zip",
    "out/deep/x.crate.zip",
    "dangling.crate.zip",
    "study\x00",
    "C:\\x.crate.zip",
)


class ReadOnly(Authorizer):
    """Lets people read and nothing else."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return action == "read"


class NotOurs(Authorizer):
    """Lets people do all, but nothing of ours."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "recrate"


@pytest.fixture
def authorizer() -> type[Authorizer] | None:
    return None


@pytest.fixture
def jp_server_config(authorizer: type[Authorizer] | None, cache_folder: Path) -> dict[str, Any]:
    server: dict[str, Any] = {"jpserver_extensions": {"recrate_server": True}}
    if authorizer is not None:
        server["authorizer_class"] = authorizer
    return {"ServerApp": server, "Recrate": {"cache": str(cache_folder)}}


@pytest.fixture
def house(jp_root_dir: Path, jp_data_dir: Path) -> Path:
    """A root with a study in it and links out of it, and a run that was done."""
    neighbour = jp_root_dir.parent / "neighbour"
    (neighbour / "deep").mkdir(parents=True)
    (neighbour / "secret.txt").write_text("the neighbour's")
    (jp_root_dir / "study").mkdir()
    (jp_root_dir / "out").symlink_to(neighbour)
    (jp_root_dir / "dangling.crate.zip").symlink_to(neighbour / "new.crate.zip")
    add_run(jp_data_dir / "recrate")
    return jp_root_dir


def add_run(data: Path) -> None:
    """Put a replay that is done where the server keeps its jobs."""
    (data / "jobs" / RUN / "replay").mkdir(parents=True)
    (data / "jobs" / RUN / "replay" / "report.html").write_text("<!doctype html><p>report")
    store = Store(data / "jobs.sqlite")
    store.add(
        Job(
            id=RUN,
            kind=Kind.REPLAY,
            status=Status.DONE,
            subject="x.crate.zip",
            title="x",
            created="2026-01-01T00:00:00+00:00",
            ended="2026-01-01T00:00:01+00:00",
            order=order_document(ReplayOrder(path="x.crate.zip")),
            user="hanako",
        )
    )
    store.close()


def all_below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def jobs_in(data: Path) -> list[str]:
    return [path.name for path in (data / "recrate" / "jobs").iterdir()]


def sample(schema: dict[str, Any], name: str = "") -> Any:
    """Return something that a schema allows; of several kinds of order, the first."""
    schema = contract().resolve(schema)
    if "x-contents-path" in schema:
        return "study"
    if "default" in schema:
        return schema["default"]
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return sample(schema[choice][0])
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        return {
            field: sample(schema["properties"][field], field)
            for field in schema.get("required", ())
        }
    if "pattern" in schema:
        return RUN
    return {"string": "x", "integer": schema.get("minimum", 0), "array": []}[kind]


def request_of(one: Operation) -> tuple[str, dict[str, Any], Any]:
    """Return address, query and body of a request that the contract allows."""
    values = {each.name: sample(each.schema) for each in one.parameters}
    address = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), one.path)
    query = {
        each.name: values[each.name]
        for each in one.parameters
        if each.place == "query" and each.required
    }
    return address, query, None if one.body is None else sample(one.body)


def operations() -> list[Operation]:
    return list(contract().operations.values())


@pytest.fixture
def ask(jp_fetch, house: Path):
    """Ask an operation and return (status, document)."""

    async def asking(
        one: Operation, query: dict[str, Any] | None = None, body: Any = None, **named: Any
    ) -> tuple[int, Any]:
        address, wanted, told = request_of(one)
        body = told if body is None else body
        content = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", **named.pop("headers", {})}
        try:
            answer = await jp_fetch(
                "recrate/api" + address,
                method=one.method.upper(),
                params=wanted if query is None else query,
                body=content if one.method in {"post", "put"} and content else None,
                allow_nonstandard_methods=True,
                headers=headers,
                **named,
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return answer.code, answer.body

    return asking


def is_problem(document: Any, reason: str) -> bool:
    schema = contract().schema("Problem")
    return not list(contract().complaints(schema, document)) and document["reason"] == reason


async def test_nobody_is_answered_without_a_token(ask):
    for one in operations():
        status, document = await ask(one, headers={"Authorization": "token wrong"})
        assert (status, is_problem(document, "not-allowed")) == (403, True), one.name


@pytest.mark.parametrize("authorizer", [ReadOnly])
async def test_who_may_only_read_changes_and_runs_nothing(ask, jp_data_dir: Path, house: Path):
    before = all_below(house)
    for one in operations():
        status, document = await ask(one)
        if one.action == "read":
            assert status != 403, one.name
        else:
            assert (status, is_problem(document, "not-allowed")) == (403, True), one.name
    assert all_below(house) == before
    assert jobs_in(jp_data_dir) == [RUN]


@pytest.mark.parametrize("authorizer", [NotOurs])
async def test_who_may_do_nothing_of_ours_does_not_even_read(ask):
    for one in operations():
        status, document = await ask(one)
        assert (status, is_problem(document, "not-allowed")) == (403, True), one.name


def places_in(one: Operation) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Return (where, field, body) of each contents path that an operation takes."""
    found: list[tuple[str, str, dict[str, Any] | None]] = [
        ("query", each.name, None)
        for each in one.parameters
        if "x-contents-path" in contract().resolve(each.schema)
    ]
    if one.body is None:
        return found
    schema = contract().resolve(one.body)
    for kind in schema.get("oneOf", [schema]):
        alternative = contract().resolve(kind)
        for field, told in alternative.get("properties", {}).items():
            if "ContentsPath" in json.dumps(told):
                found.append(("body", field, sample(alternative)))
    return found


def test_paths_are_looked_for_where_they_are():
    found = {one.name: len(places_in(one)) for one in operations() if places_in(one)}
    assert found == {
        "readDescription": 1, "keepDescription": 1, "readCrate": 1, "checkDeposit": 1,
        "listDeposits": 1, "startJob": 8, "exportRun": 1,
        "readRecorded": 1, "judgeCell": 1, "showBeside": 1,
    }  # fmt: skip


async def test_no_path_outside_the_root_is_read_or_written(ask, house: Path, jp_data_dir: Path):
    neighbour = all_below(house.parent / "neighbour")
    for one in operations():
        for where, field, body in places_in(one):
            for path in HOSTILE:
                asked = {"query": {field: path}} if where == "query" else {}
                asked |= {"body": {**body, field: path}} if body is not None else {}
                status, document = await ask(one, **asked)
                assert status in {403, 404, 422}, (one.name, field, path, document)
                assert document["reason"] in {"refused", "not-found", "bad-input"}
                assert str(house.parent) not in json.dumps(document)
    assert all_below(house.parent / "neighbour") == neighbour
    assert jobs_in(jp_data_dir) == [RUN]


async def test_what_is_no_route_and_no_method_is_told_as_a_problem(jp_fetch):
    for method, address, status in (
        ("GET", "recrate/api/nothing", 404),
        ("GET", "recrate/api", 404),
        ("PATCH", "recrate/api/about", 405),
        ("POST", "recrate/api/about", 405),
        ("GET", "recrate/api/jobs/..%2f..%2fx", 422),
    ):
        with pytest.raises(HTTPClientError) as refused:
            await jp_fetch(address, method=method, allow_nonstandard_methods=True)
        assert refused.value.code in {status, 404}
        assert refused.value.response is not None
        assert json.loads(refused.value.response.body)["message"]


async def test_too_large_a_body_is_not_read(jp_fetch):
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch(
            "recrate/api/jobs",
            method="POST",
            body=b" " * (17 << 20),
            headers={"Content-Type": "application/json"},
        )
    assert refused.value.code in {413, 599}


async def test_a_form_of_another_kind_is_not_taken_for_json(jp_fetch):
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch("recrate/api/jobs", method="POST", body='{"kind":"scan","path":""}')
    assert refused.value.code == 415


@pytest.fixture
def stream(jp_serverapp, http_server_client, jp_http_port, jp_base_url, house: Path):
    """Open the websocket of the run."""

    async def opening(token: str | None = None, **headers: str):
        token = jp_serverapp.identity_provider.token if token is None else token
        query = urlencode({"token": token})
        address = f"ws://localhost:{jp_http_port}{jp_base_url}recrate/api/jobs/{RUN}/stream?{query}"
        return await websocket_connect(HTTPRequest(address, headers=headers))

    return opening


async def test_the_websocket_lets_in_who_may(stream):
    (await stream()).close()


async def test_the_websocket_is_closed_to_who_has_no_token(stream):
    with pytest.raises(HTTPClientError) as refused:
        await stream(token="wrong")
    assert refused.value.code == 403


async def test_the_websocket_is_closed_to_pages_from_elsewhere(stream, jp_serverapp):
    """A browser brings its cookie from every page; a token comes only from who knows it."""
    cookie = await login(jp_serverapp)
    own = f"http://localhost:{jp_serverapp.port}"
    (await stream(token="", Cookie=cookie, Origin=own)).close()
    with pytest.raises(HTTPClientError) as refused:
        await stream(token="", Cookie=cookie, Origin="https://evil.example")
    assert refused.value.code == 403


async def login(server: Any) -> str:
    """Return the cookie that a browser has after it opened Jupyter with the token."""
    token = server.identity_provider.token
    address = f"http://localhost:{server.port}{server.base_url}api/me?token={token}"
    answer = await AsyncHTTPClient().fetch(address)
    return "; ".join(one.partition(";")[0] for one in answer.headers.get_list("Set-Cookie"))


@pytest.mark.parametrize("authorizer", [NotOurs])
async def test_the_websocket_is_closed_to_who_may_not_read(stream):
    with pytest.raises(HTTPClientError) as refused:
        await stream()
    assert refused.value.code == 403


def test_a_cookie_alone_changes_nothing(served):
    """A page from elsewhere can send a browser's cookies, and never the XSRF header."""
    (served.root / "study").mkdir()
    with requests.Session() as session:
        session.get(f"{served.url}tree?token={served.token}", timeout=30)
        assert session.get(f"{served.api}/about", timeout=30).ok
        changing = [one for one in operations() if one.method != "get"]
        assert len(changing) > 8
        for one in changing:
            address, query, body = request_of(one)
            answer = session.request(
                one.method, served.api + address, params=query, json=body, timeout=30
            )
            assert answer.status_code == 403, one.name
            assert is_problem(answer.json(), "not-allowed"), one.name
        order = {"kind": "scan", "path": "study"}
        headers = {"X-XSRFToken": session.cookies["_xsrf"]}
        answer = session.post(f"{served.api}/jobs", json=order, headers=headers, timeout=30)
        assert answer.status_code == 201
