"""The double of GakuNin RDM refuses what the real one refuses: one test for each clause."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from doubles.grdm import JSON_API, READ, TOKEN, Shelf, Store
from doubles.grdm_parcels import service

S3 = "s3compatinstitutions"


class Asking:
    """Requests as nii.md 2 writes them, to a double of its own."""

    def __init__(self, store: Store, port: int) -> None:
        self.store = store
        self.root = f"http://127.0.0.1:{port}"
        self.files = f"{self.root}/v1/resources/{store.guid}/providers/osfstorage/"

    def __call__(self, method: str, url: str, **more: Any) -> requests.Response:
        """Send one request with the token; `headers` replace all others."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Accept": JSON_API}
        more = {"headers": headers, "timeout": 10, "allow_redirects": False} | more
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, **more)

    def put(self, name: str, content: bytes = b"x") -> requests.Response:
        """Make a file at the top of the storage."""
        return self("PUT", f"{self.files}?kind=file&name={name}", data=content)


@pytest.fixture
def ask() -> Iterator[Asking]:
    """A double with a storage of its own and one of the institution."""
    store = Store(shelves={"osfstorage": Shelf(), S3: Shelf(by_name=True)})
    with service(store) as port:
        yield Asking(store, port)


def test_the_known_good_requests_pass(ask: Asking) -> None:
    node = ask("GET", f"{ask.root}/v2/nodes/ab3cd/")
    assert (node.status_code, node.json()["data"]["id"]) == (200, "ab3cd")
    providers = ask("GET", f"{ask.root}/v2/nodes/ab3cd/files/?page[size]=100").json()["data"]
    root = providers[0]["links"]["upload"]
    made = ask("PUT", f"{root}?kind=folder&name=data")
    assert (made.status_code, made.json()["data"]["attributes"]["kind"]) == (201, "folder")
    folder = made.json()["data"]["attributes"]["path"]
    assert folder.endswith("/")
    file = ask("PUT", f"{ask.files}{folder[1:]}?kind=file&name=a.txt", data=b"one")
    assert file.status_code == 201
    facts = file.json()["data"]["attributes"]
    assert facts["materialized"] == "/data/a.txt"
    assert len(facts["extra"]["hashes"]["sha256"]) == 64
    path = ask.files + facts["path"][1:]
    assert ask("PUT", f"{path}?kind=file", data=b"two").status_code == 200
    assert ask("GET", path).content == b"two"
    assert ask("GET", f"{path}?version=1").content == b"one"
    assert [one["attributes"]["name"] for one in ask("GET", f"{root}?meta=").json()["data"]] == [
        "data"
    ]
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", f"{path}?meta=").status_code == 404


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer no"}, {"Authorization": TOKEN}])
def test_without_a_bearer_token_that_is_known_nothing_is_told(
    ask: Asking, header: dict[str, str]
) -> None:
    """nii.md 2: Authorization: Bearer <personal access token>; nodes are private."""
    headers = {"Accept": JSON_API, **header}
    for address in (f"{ask.root}/v2/nodes/ab3cd/", ask.files, f"{ask.root}/v2/nodes/ab3cd/files/"):
        assert ask("GET", address, headers=headers).status_code == 401


def test_a_token_of_another_scope_or_role_may_not_write(ask: Asking) -> None:
    """nii.md 2: scopes osf.full_read osf.full_write."""
    ask.store.tokens = {TOKEN: frozenset({READ})}
    assert ask("GET", ask.files).status_code == 200
    assert ask.put("a").status_code == 403
    assert ask("DELETE", ask.files).status_code == 403
    ask.store.tokens = Store().tokens
    ask.store.permissions = ("read",)
    assert ask.put("a").status_code == 403


def test_another_project_storage_or_path_is_not_there(ask: Asking) -> None:
    """nii.md 2: `/v2/nodes/{guid}/`, `providers/{provider}/{path}`."""
    assert ask("GET", f"{ask.root}/v2/nodes/zz9zz/").status_code == 404
    assert ask("GET", ask.files.replace("osfstorage", "box")).status_code == 404
    assert ask("GET", f"{ask.files}0123/?meta=").status_code == 404


def test_the_api_wants_its_own_media_type(ask: Asking) -> None:
    """nii.md 2: Accept header application/vnd.api+json."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/html"}
    assert ask("GET", f"{ask.root}/v2/nodes/ab3cd/", headers=headers).status_code == 406


def test_listings_of_the_api_have_pages(ask: Asking) -> None:
    """nii.md 2: page[size], links.next."""
    first = ask("GET", f"{ask.root}/v2/nodes/ab3cd/files/?page[size]=1").json()
    second = ask("GET", first["links"]["next"]).json()
    names = [page["data"][0]["attributes"]["provider"] for page in (first, second)]
    assert names == ["osfstorage", S3]
    assert second["links"]["next"] is None


def test_a_put_into_a_folder_never_writes_over_what_is_there(ask: Asking) -> None:
    """nii.md 2: PUT {folder}?kind=file&name=N makes, PUT {file} is a new version."""
    assert ask.put("a").status_code == 201
    assert ask.put("a", b"other").status_code == 409
    assert ask("PUT", f"{ask.files}?kind=folder&name=f").status_code == 201
    assert ask("PUT", f"{ask.files}?kind=folder&name=f").status_code == 409
    assert ask.store.files() == {"/a": b"x"}


def test_a_put_must_say_what_it_means(ask: Asking) -> None:
    """RDM-waterbutler, create.py: prevalidate_put and postvalidate_put."""
    path = ask.files + ask.put("a").json()["data"]["attributes"]["path"][1:]
    assert ask("PUT", f"{ask.files}?kind=file", data=b"x").status_code == 400
    assert ask("PUT", f"{path}?kind=file&name=a", data=b"x").status_code == 400
    assert ask("PUT", f"{ask.files}?kind=link&name=b", data=b"x").status_code == 400
    assert ask("PUT", f"{path}?kind=folder").status_code == 409
    assert ask("PUT", f"{ask.files}?kind=folder&name=f", data=b"x").status_code == 413
    chunked = iter([b"x"])
    assert ask("PUT", f"{ask.files}?kind=file&name=b", data=chunked).status_code == 411


def test_a_folder_is_not_found_without_its_slash(ask: Asking) -> None:
    """nii.md 2: folder entries end with `/`."""
    made = ask("PUT", f"{ask.files}?kind=folder&name=f").json()["data"]["attributes"]["path"]
    assert ask("GET", ask.files + made[1:]).status_code == 200
    assert ask("GET", ask.files + made[1:].rstrip("/")).status_code == 404


def test_what_is_too_large_or_over_the_quota_is_refused(ask: Asking) -> None:
    """RDM-waterbutler, core/exceptions.py: 406 for the quota; 413 by the storage."""
    ask.store.limit_bytes = 10
    assert ask.put("a", b"x" * 11).status_code == 413
    ask.store.quota_bytes = 5
    assert ask.put("a", b"x" * 6).status_code == 406
    assert ask.store.files() == {}


def test_names_are_written_in_their_composed_form(ask: Asking) -> None:
    """RDM-waterbutler, settings.py: FILENAME_NORMALIZATION_RULE is NFC."""
    ask.put("cafe\u0301.txt")
    assert list(ask.store.files()) == ["/caf\u00e9.txt"]


def test_a_whole_storage_is_not_deleted_by_mistake(ask: Asking) -> None:
    """RDM-waterbutler, provider.py: confirm_delete=1."""
    ask.put("a")
    assert ask("DELETE", ask.files).status_code == 400
    assert ask.store.files() == {"/a": b"x"}


def test_a_storage_on_s3_sends_elsewhere_and_takes_no_token_there(ask: Asking) -> None:
    """nii.md 2: 302 to a presigned URL; no Authorization, Content-Type or Accept there."""
    ask.store.shelves[S3].add("/a b.txt", b"x")
    sent = ask("GET", ask.files.replace("osfstorage", S3) + "a%20b.txt")
    assert sent.status_code == 302
    place = sent.headers["Location"]
    assert ask("GET", place, headers={}).content == b"x"
    for name, value in (
        ("Authorization", f"Bearer {TOKEN}"),
        ("Content-Type", "application/json"),
        ("Accept", JSON_API),
    ):
        assert ask("GET", place, headers={name: value}).status_code == 400
    assert ask("GET", place.partition("?")[0], headers={}).status_code == 403


def test_a_long_listing_on_s3_goes_on_with_a_token(ask: Asking) -> None:
    """RDM-waterbutler, metadata.py: next_token."""
    ask.store.listing_size = 2
    for name in "abc":
        ask.store.shelves[S3].add(f"/{name}", b"x")
    root = ask.files.replace("osfstorage", S3)
    first = ask("GET", f"{root}?meta=").json()
    assert len(first["data"]) == 2
    second = ask("GET", f"{root}?meta=&next_token={first['next_token']}").json()
    assert len(second["data"]) == 1
    assert "next_token" not in second


@pytest.mark.parametrize("lacking", ["path", "folder", "hash", "items"])
def test_metadata_of_a_file_must_be_whole(ask: Asking, lacking: str) -> None:
    """nii.md 2.1, RDM-osf.io addons/metadata/models.py: _validate_file_metadata."""
    item = {"active": True, "schema": "schema-1", "data": {}}
    whole = {"path": "osfstorage/a", "folder": False, "hash": "", "items": [item]}
    address = f"{ask.root}/api/v1/project/ab3cd/metadata/files/osfstorage/a"
    assert ask("PUT", address, json=whole).status_code == 200
    del whole[lacking]
    assert ask("PUT", address, json=whole).status_code == 400
    half = {key: value for key, value in item.items() if key != "schema"}
    assert ask("PUT", address, json={**whole, "items": [half]}).status_code == 400


@pytest.mark.parametrize("status", [401, 403, 404])
def test_metadata_routes_may_take_no_token_at_all(ask: Asking, status: int) -> None:
    """nii.md 2.1: whether a personal access token is honoured on them was not verified."""
    ask.store.metadata_status = status
    address = f"{ask.root}/api/v1/project/ab3cd/metadata/files/osfstorage/a"
    assert ask("GET", address).status_code == status
