"""Run records in a project's `.crates/`: everybody's entries stay."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from doubles.grdm import Shelf, Store, make_app
from doubles.grdm_parcels import RUN, deposit, depositor, parcel, service
from doubles.serving import served
from recrate.model.errors import Conflict, OutsideFailed
from recrate.model.progress import silent
from recrate.publish.grdm_runs import identifier_of, merged
from recrate.publish.journal import Journal

INDEX = "/.crates/index.json"
OTHERS = {"notebook": "b.ipynb", "id": "job-1", "status": "completed", "links": [], "own": 7}
LATER = {**OTHERS, "id": "job-2"}


def index_of(store: Store, provider: str = "osfstorage") -> Any:
    """Return what the index holds."""
    return json.loads(store.files("/.crates/", provider)[INDEX])


def write_index(store: Store, items: list[Any]) -> None:
    """Write the index, as another tool does."""
    store.shelves["osfstorage"].add(INDEX, json.dumps(items).encode())


class Between:
    """An app, and somebody who acts just before certain requests are served."""

    def __init__(self, store: Store, before: Callable[[str, str], None]) -> None:
        self.app = make_app(store)
        self.before = before

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode()
        self.before(scope["method"], f"{scope['path']}?{query}")
        await self.app(scope, receive, send)


def test_a_run_is_recorded_in_the_layout_that_others_read(tmp_path: Path) -> None:
    """nii.md 1.5: `.crates/<id>.json`; the list's `notebook,id,created_at,…,status,links`."""
    store = Store()
    of = parcel(tmp_path, replay=True, notebooks=("a.ipynb", "code/b.ipynb"))
    identifier = identifier_of(of.crate)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    held = store.files("/.crates/")
    assert json.loads(held[f"/.crates/{identifier}.json"]) == RUN
    first, second = index_of(store)
    assert set(first) >= {"notebook", "id", "created_at", "updated_at", "name", "status", "links"}
    assert (first["notebook"], second["notebook"]) == ("a.ipynb", "code/b.ipynb")
    assert first["id"] == identifier != second["id"]
    assert first["name"] == second["name"] == f"{identifier}.json"
    assert first["created_at"] == "2026-11-20T10:00:00+00:00"
    assert first["status"] == "completed"
    links = {one["rel"]: one["href"] for one in first["links"]}
    files = f"http://127.0.0.1:{port}/v1/resources/ab3cd/providers/osfstorage/"
    assert links["download"].startswith(files)
    pages = f"http://127.0.0.1:{port}/ab3cd/files/osfstorage/"
    assert links["web"] == pages + links["download"].removeprefix(files)
    assert links["crate"] == receipt.record_url


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("different", "completed"), ("failed", "failed"), ("not restored", "failed")],
)
def test_a_run_that_did_not_end_is_failed(tmp_path: Path, verdict: str, status: str) -> None:
    store, of = Store(), parcel(tmp_path, replay=True, verdict=verdict)
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    (item,) = index_of(store)
    assert (item["status"], item["verdict"]) == (status, verdict)


def test_a_study_leaves_no_run_record(tmp_path: Path) -> None:
    store = Store()
    with service(store) as port:
        deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert store.files("/.crates/") == {}


def test_entries_of_others_stay_as_they_are_and_ours_stands_there_once(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)
    write_index(store, [OTHERS, "not an object"])
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j1"))
        write_index(store, [*index_of(store), LATER])
        versions = len(store.shelves["osfstorage"].files[INDEX])
        deposit(depositor(port), of, Journal(tmp_path / "j2"))
    listed = index_of(store)
    assert [one for one in listed if one == "not an object" or "own" in one] == [
        OTHERS, "not an object", LATER,
    ]  # fmt: skip
    assert len(listed) == 4
    assert len(store.shelves["osfstorage"].files[INDEX]) == versions, "nothing was to be written"


def test_what_another_tool_writes_between_our_look_and_our_write_is_not_lost(
    tmp_path: Path,
) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)
    write_index(store, [OTHERS])
    acted: list[str] = []

    def before(method: str, path: str) -> None:
        writes_index = (
            method == "PUT" and len(store.files("/.crates/")) == 2 and "name=" not in path
        )
        if writes_index and not acted:
            acted.append(path)
            write_index(store, [OTHERS, LATER])

    with served(Between(store, before)) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert acted, "nobody came in between"
    assert [one["id"] for one in index_of(store)] == ["job-1", identifier_of(of.crate), "job-2"]


def test_an_index_that_appears_while_we_make_one_is_merged(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)

    def before(method: str, path: str) -> None:
        if method == "PUT" and path.endswith("name=index.json") and INDEX not in store.files():
            write_index(store, [OTHERS])

    with served(Between(store, before)) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert [one["id"] for one in index_of(store)] == ["job-1", identifier_of(of.crate)]


def test_a_tool_that_writes_over_us_all_the_time_is_told(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)
    write_index(store, [])
    numbers = iter(range(1000))

    def before(method: str, path: str) -> None:
        if method == "GET" and path.endswith("meta=") and INDEX in store.files():
            write_index(store, [{"id": next(numbers)}])

    with served(Between(store, before)) as port, pytest.raises(Conflict, match="by others"):
        deposit(depositor(port), of, Journal(tmp_path / "j"))


@pytest.mark.parametrize(
    "content", [b"{}", b"[", b'"text"', b"\xff", b"[" * 100_000, b" " * (17 << 20)]
)
def test_an_index_that_is_no_list_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)
    store.shelves["osfstorage"].add(INDEX, content)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files()[INDEX] == content
    assert any("no list of runs" in one for one in receipt.notes)


def test_an_unfinished_run_is_taken_out_of_the_index(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, replay=True)
    write_index(store, [OTHERS])
    journal = Journal(tmp_path / "j")
    broken = True

    def before(method: str, path: str) -> None:
        if broken and len(json.loads(store.files().get(INDEX, b"[]"))) == 2:
            raise RuntimeError("the service breaks down")

    with served(Between(store, before)) as port:
        made = depositor(port)
        made.reserve(of, journal, silent)
        with pytest.raises(OutsideFailed):
            made.deposit(of, journal, silent)
        assert len(index_of(store)) == 2
        broken = False
        assert depositor(port).discard(Journal(tmp_path / "j")) is True
    assert store.files() == {INDEX: store.files()[INDEX]}
    assert index_of(store) == [OTHERS]


def test_runs_lie_in_the_storage_of_the_deposit(tmp_path: Path) -> None:
    provider = "s3compatinstitutions"
    store = Store(shelves={"osfstorage": Shelf(), provider: Shelf(by_name=True)})
    of = parcel(tmp_path, replay=True, answers={"storage": provider})
    app = make_app(store)
    with served(app) as port, served(app) as elsewhere:
        store.presigned_at = f"http://127.0.0.1:{elsewhere}/"
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert len(index_of(store, provider)) == 1
    assert store.files() == {}


def test_merging_is_the_same_when_done_again() -> None:
    ours = [{"id": "x", "name": "x.json", "status": "completed"}]
    earlier = {"id": "x", "name": "x.json", "status": "failed"}
    once = merged([earlier, OTHERS], [LATER, OTHERS, earlier], ours, {"x.json"})
    assert once == [OTHERS, *ours, LATER]
    assert merged(once, [LATER], ours, {"x.json"}) == once
    assert merged(once, [], [], {"x.json"}) == [OTHERS, LATER]
