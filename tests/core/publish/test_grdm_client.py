"""GakuNin RDM spoken to: who gets the token, and answers that lie."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.grdm import TOKEN, Shelf, Store, make_app
from doubles.grdm_parcels import WEB, addresses
from doubles.serving import Trouble, served
from recrate.model.errors import Busy, OutsideFailed, Refused
from recrate.model.secret import Secret
from recrate.publish.grdm_client import Addresses, Grdm, place_of
from recrate.publish.grdm_entries import ROOT, Entry, entry_of

S3 = "s3compatinstitutions"


def client(port: int, files_port: int | None = None, **more: Any) -> Grdm:
    """Return a client of the doubles at these ports."""
    where = Addresses(**addresses(port, files_port))
    more = {"sleep": lambda _: None, **more}
    return Grdm(where, web=WEB, secret=Secret(TOKEN), **more)


class Thief:
    """Another host, that remembers what it was sent."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.app = Starlette(
            routes=[Route("/{path:path}", self._hear, methods=["GET", "PUT", "DELETE"])]
        )

    async def _hear(self, request: Request) -> Response:
        self.heard.append(dict(request.headers))
        return JSONResponse({"data": []})


@pytest.fixture
def thief() -> Iterator[tuple[Thief, int]]:
    """A thief and its port."""
    one = Thief()
    with served(one.app) as port:
        yield one, port


def answering(document: Callable[[str], Any]) -> Starlette:
    """Return a service that gives this answer to whatever is asked."""

    async def answer(request: Request) -> Response:
        return JSONResponse(document(str(request.url)))

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PUT", "DELETE"])])


def test_a_next_page_on_another_host_is_not_asked(thief: tuple[Thief, int]) -> None:
    one, port = thief
    following = {"data": [], "links": {"next": f"http://127.0.0.1:{port}/v2/nodes/ab3cd/files/"}}
    with served(answering(lambda _: following)) as api, pytest.raises(Refused, match="another"):
        client(api).storages("ab3cd")
    assert one.heard == []


def test_a_storage_on_another_host_is_not_asked(thief: tuple[Thief, int]) -> None:
    one, port = thief
    said = {
        "attributes": {"provider": "osfstorage"},
        "links": {"upload": f"http://127.0.0.1:{port}/v1/"},
    }
    with served(answering(lambda _: {"data": [said]})) as api, pytest.raises(Refused) as refused:
        client(api).storages("ab3cd")
    assert "`files`" in refused.value.hint
    assert one.heard == []


def test_pages_that_lead_in_a_circle_end() -> None:
    with served(answering(lambda url: {"data": [], "links": {"next": url}})) as api:
        assert client(api).storages("ab3cd") == ()


def test_a_path_that_leads_out_is_never_an_address() -> None:
    with served(make_app(Store())) as port:
        found = client(port)
        shelf = found.shelf(found.storages("ab3cd")[0])
        for path in ("/../../../../../v2/", "/a/../../b", "/..", "/a\\b", "/a//b", "/a\n"):
            entry = Entry(name="a", path=path, materialized=path, is_folder=False)
            with pytest.raises(Refused):
                shelf.read(entry, limit_bytes=10)
            with pytest.raises(Refused):
                shelf.remove(entry)
        quoted = shelf.address("/a?b#c%2e/潮 汐.txt")
        assert quoted.endswith("/osfstorage/a%3Fb%23c%252e/%E6%BD%AE%20%E6%B1%90.txt")


def test_a_whole_storage_is_never_removed() -> None:
    with served(make_app(Store())) as port:
        found = client(port)
        with pytest.raises(Refused):
            found.shelf(found.storages("ab3cd")[0]).remove(ROOT)


def test_a_download_from_s3_follows_without_the_token() -> None:
    store = Store(shelves={S3: Shelf(by_name=True)})
    store.shelves[S3].add("/data/a b.txt", b"heights")
    app = make_app(store)
    with served(app) as port, served(app) as elsewhere:
        store.presigned_at = f"http://127.0.0.1:{elsewhere}/"
        found = client(port)
        shelf = found.shelf(found.storages("ab3cd")[0])
        entry = shelf.look("/data/a b.txt")
        assert entry is not None
        assert shelf.read(entry, limit_bytes=100) == b"heights"
        with pytest.raises(Refused, match="more than"):
            shelf.read(entry, limit_bytes=3)
    last = store.asked[-1]
    assert last.url.path == f"/presigned/{S3}/data/a b.txt"
    assert "authorization" not in last.headers


def test_the_api_and_the_file_service_may_be_two_hosts() -> None:
    store = Store()
    store.shelves["osfstorage"].add("/a.txt", b"a")
    app = make_app(store)
    with served(app) as api, served(app) as files:
        store.files_at = f"http://127.0.0.1:{files}/v1/"
        found = client(api, files)
        shelf = found.shelf(found.storages("ab3cd")[0])
        assert [one.name for one in shelf.list(ROOT)] == ["a.txt"]
        with pytest.raises(Refused, match="another host"):
            client(api, api).storages("ab3cd")


def test_long_listings_are_read_to_their_end() -> None:
    shelves = {name: Shelf() for name in ("box", "dropbox", "osfstorage", "s3")}
    store = Store(shelves={**shelves, S3: Shelf(by_name=True)}, page_size=2, listing_size=3)
    for number in range(8):
        store.shelves[S3].add(f"/{number}.txt", b"x")
    with served(make_app(store)) as port:
        found = client(port)
        storages = found.storages("ab3cd")
        names = [one.provider for one in storages]
        assert names == ["osfstorage", S3, "box", "dropbox", "s3"]
        assert len(found.shelf(storages[1]).list(ROOT)) == 8


def test_trouble_is_told_in_words_with_what_to_do() -> None:
    store = Store(limit_bytes=10, quota_bytes=5)
    trouble = Trouble(make_app(store))
    with served(trouble) as port:
        found = client(port)
        shelf = found.shelf(found.storages("ab3cd")[0])
        with pytest.raises(Refused, match="too large"):
            shelf.create(ROOT, "a", b"x" * 11)
        with pytest.raises(Refused, match="no room left") as full:
            shelf.create(ROOT, "a", b"x" * 6)
        assert "another storage" in full.value.hint
        trouble.planned = [("PUT", "/v1/", 429, {})]
        with pytest.raises(Busy):
            shelf.create(ROOT, "a", b"x")
        trouble.planned = [("PUT", "/v1/", 503, {})]
        with pytest.raises(OutsideFailed):
            shelf.create(ROOT, "a", b"x")
        trouble.planned = [("GET", "/v1/", 502, {})] * 3
        assert shelf.list(ROOT) == ()


@pytest.mark.parametrize(
    "document", [None, [], {}, {"data": None}, {"data": [None, 3, {"attributes": []}]}]
)
def test_answers_of_another_shape_are_no_crash(document: Any) -> None:
    with served(answering(lambda _: document)) as port:
        found = client(port, tries=1)
        with pytest.raises(OutsideFailed):
            found.project("ab3cd")
        with pytest.raises(OutsideFailed):
            found.storages("ab3cd")


def test_an_entry_is_read_however_a_storage_tells_it() -> None:
    facts = {"name": "d", "path": "/d", "kind": "folder", "extra": None, "size": "many"}
    folder = entry_of({"attributes": facts})
    assert folder is not None
    assert (folder.path, folder.size_bytes) == ("/d/", None)
    extra = {"md5": "ABC-2", "version": "9" * 5000, "hashes": {"sha256": 7}}
    file = entry_of({"attributes": {"name": "f", "path": "/f", "size": "12", "extra": extra}})
    assert file is not None
    assert (file.size_bytes, file.md5, file.sha256, file.version) == (12, "", "", None)
    for broken in ({}, {"attributes": {"name": 3, "path": "/"}}, {"attributes": {"name": "x"}}):
        assert entry_of(broken) is None
    assert entry_of(json.loads('{"attributes": {"name": "x", "path": "elsewhere"}}')) is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://rdm.nii.ac.jp/ab3cd/files/osfstorage/61f0", ("ab3cd", "osfstorage", "/61f0")),
        ("crate+https://rdm.nii.ac.jp/ab3cd/files/s3/a/b%20c.zip", ("ab3cd", "s3", "/a/b c.zip")),
        ("https://rdm.nii.ac.jp/ab3cd/files/dir/s3/a/", ("ab3cd", "s3", "/a/")),
        (
            "https://files.rdm.nii.ac.jp/v1/resources/ab3cd/providers/s3/a?kind=file",
            ("ab3cd", "s3", "/a"),
        ),
        ("https://rdm.nii.ac.jp.evil.example/ab3cd/files/s3/a", None),
        ("https://rdm.nii.ac.jp/ab3cd/", None),
        ("https://example.org/data.csv", None),
        ("", None),
    ],
)
def test_a_files_address_names_project_storage_and_path(
    address: str, place: tuple[str, str, str] | None
) -> None:
    assert place_of(address, Addresses()) == place
