"""The small WEKO refuses what the real one refuses: a good request, broken one clause at a time.

The clauses are those of nii.md, section 3.
"""

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest

from doubles.serving import served
from doubles.weko import weko
from doubles.weko_parcels import bag_of, known_good, zipped
from doubles.weko_request import PACKAGING
from doubles.weko_store import (
    INDEX,
    OTHER_TOKEN,
    OWNER_TOKEN,
    PERSONAL_TOKEN,
    SCOPES,
    WORKFLOW_TOKEN,
    Client,
    Store,
    Token,
)
from doubles.weko_wire import Wire, good, refused, update


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A fresh service and a client with a good token."""
    store = Store()
    with served(weko(store)) as port:
        yield Wire(port, store)


def test_the_known_good_crate_is_taken_and_its_status_has_the_documented_shape(wire: Wire) -> None:
    answer = wire.send(good())
    said = answer.json()
    assert answer.status_code == 201
    assert "Location" not in answer.headers, "3.8: no Location header"
    recid = said["@id"].rsplit("/", 1)[-1]
    assert said["@type"] == "Status"
    assert said["links"][0]["@id"].endswith(f"/records/{recid}")
    item = wire.store.items[recid]
    assert set(item.files) == {"analysis.ipynb", "environment.yml"}
    assert not item.public
    assert wire.ask("GET", f"sword/deposit/{recid}").json()["eTag"] == said["eTag"]


HEADERS = {
    "3.2 no token": ({"Authorization": None}, 401, "AuthenticationRequired", "required"),
    "3.2 token unknown": ({"Authorization": "Bearer x"}, 401, "AuthenticationRequired", ""),
    "3.3 no disposition": ({"Content-Disposition": None}, 400, "BadRequest", "Cannot get"),
    "3.3 disposition inline": (
        {"Content-Disposition": "inline; filename=payload.zip"}, 400, "BadRequest", "Cannot get",
    ),
    "3.3 another file name": (
        {"Content-Disposition": "attachment; filename=other.zip"}, 400, "BadRequest", "Not found",
    ),
    "3.3 packaging by its short name": (
        {"Packaging": "SimpleZip"}, 415, "PackagingFormatNotAcceptable", "Not accept",
    ),
    "3.3 packaging left out": ({"Packaging": None}, 415, "PackagingFormatNotAcceptable", ""),
    "3.4 SWORDBagIt": ({"Packaging": PACKAGING[1]}, 415, "MetadataFormatNotAcceptable", "sword"),
    "3.3 no digest": ({"Digest": None}, 412, "DigestMismatch", "digest"),
    "3.3 digest of another package": ({"Digest": "SHA-256=" + "0" * 64}, 412, "DigestMismatch", ""),
    "3.3 digest in base64": (
        {"Digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        412, "DigestMismatch", "",
    ),
    "3.3 on behalf of nobody": ({"On-Behalf-Of": "x@example.org"}, 400, "BadRequest", "No user"),
}  # fmt: skip


@pytest.mark.parametrize("clause", HEADERS)
def test_a_request_whose_headers_break_a_clause_is_refused(wire: Wire, clause: str) -> None:
    headers, status, kind, words = HEADERS[clause]
    wire.headers = dict(headers)
    refused(wire.send(good()), status, kind, words)
    assert not wire.store.items


def test_a_digest_in_capitals_is_refused(wire: Wire) -> None:
    content = good()
    wire.headers = {"Digest": f"SHA-256={hashlib.sha256(content).hexdigest().upper()}"}
    refused(wire.send(content), 412, "DigestMismatch", "digest")


def test_a_repository_that_verifies_no_digest_takes_a_wrong_one(wire: Wire) -> None:
    wire.store.verifies_digest = False
    wire.headers = {"Digest": "SHA-256=00"}
    assert wire.send(good()).status_code == 201


def test_a_part_that_is_not_named_file_is_refused(wire: Wire) -> None:
    refused(wire.send(good(), part="package"), 400, "ContentMalformed", "No file part")
    refused(wire.send(good(), raw="application/zip"), 400, "ContentMalformed", "No file part")


def test_a_package_above_the_limit_is_refused(wire: Wire) -> None:
    wire.store.maximum_bytes = 100
    refused(wire.send(good()), 413, "MaxUploadSizeExceeded", "too large")


def test_what_is_no_zip_breaks_the_server(wire: Wire) -> None:
    refused(wire.send(b"no zip"), 500, "ServerError", "Internal")


@pytest.mark.parametrize("scope", ["deposit:write", "deposit:actions", "item:create"])
def test_a_token_without_a_scope_may_not_post(wire: Wire, scope: str) -> None:
    wire.store.tokens[OWNER_TOKEN] = Token("hanako", scopes=SCOPES - {scope})
    refused(wire.send(good()), 403, "Forbidden", "scope")


def test_each_verb_has_its_scope_and_a_workflow_one_more(wire: Wire) -> None:
    recid = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
    wire.store.tokens[OWNER_TOKEN] = Token("hanako", scopes=SCOPES - {"item:update"})
    content = good(**update(wire, recid))
    refused(wire.send(content, recid=recid), 403, "Forbidden", "scope")
    wire.store.tokens[OWNER_TOKEN] = Token("hanako", scopes=SCOPES - {"item:delete"})
    refused(wire.ask("DELETE", f"sword/deposit/{recid}"), 403, "Forbidden", "scope")
    wire.store.tokens[OWNER_TOKEN] = Token("hanako", "workflow")
    refused(wire.send(good()), 403, "Forbidden", "scope")
    assert not wire.store.activities


def test_somebody_without_a_role_may_not_deposit(wire: Wire) -> None:
    wire.store.users["hanako"].roles = ("General",)
    refused(wire.send(good()), 403, "Forbidden", "role")


def test_a_client_without_a_setting_or_a_mapping_is_refused(wire: Wire) -> None:
    wire.store.clients["direct"] = Client(mapping=None)
    refused(wire.send(good()), 400, "ContentMalformed", "mapping not defined")
    wire.store.clients["direct"] = Client(active=False)
    refused(wire.send(good()), 400, "BadRequest", "No SWORD API setting found")
    del wire.store.clients["direct"]
    refused(wire.send(good()), 400, "BadRequest", "No SWORD API setting found")


def test_a_personal_token_belongs_to_no_client_that_has_a_setting(wire: Wire) -> None:
    wire.token = PERSONAL_TOKEN
    refused(wire.send(good()), 400, "BadRequest", "No SWORD API setting found")


def test_on_behalf_of_is_refused_where_it_is_switched_off_and_kept_where_not(wire: Wire) -> None:
    for said in ("taro@example.ac.jp", OTHER_TOKEN):
        wire.headers = {"On-Behalf-Of": said}
        recid = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
        assert wire.store.items[recid].shared == ("taro",)
    wire.store.allows_on_behalf_of = False
    refused(wire.send(good()), 412, "OnBehalfOfNotAllowed", "On-Behalf-Of")


def test_too_many_requests_are_refused(wire: Wire) -> None:
    wire.store.limited = 1
    refused(wire.send(good()), 429, "TooManyRequests", "Too many")
    assert wire.send(good()).status_code == 201


def moved(name: str) -> Callable[[dict[str, bytes]], None]:
    """Return what puts the metadata elsewhere in a bag."""

    def move(members: dict[str, bytes]) -> None:
        members[name] = members.pop("data/ro-crate-metadata.json")

    return move


def with_sword(members: dict[str, bytes]) -> None:
    moved("metadata/sword.json")(members)


def without_metadata(members: dict[str, bytes]) -> None:
    del members["data/ro-crate-metadata.json"]


def changed(members: dict[str, bytes]) -> None:
    members["data/analysis.ipynb"] = b"{ }"


def more(members: dict[str, bytes]) -> None:
    members["data/more.txt"] = b"not in the manifest"


def without_bag(members: dict[str, bytes]) -> None:
    del members["bagit.txt"]


PACKAGES = {
    "3.4 metadata at the root": (
        moved("ro-crate-metadata.json"), 415, "MetadataFormatNotAcceptable", "data/ directory"),
    "3.4 metadata too deep": (
        moved("data/x/ro-crate-metadata.json"), 415, "MetadataFormatNotAcceptable", "data/"),
    "3.4 sword.json in a SimpleZip": (
        with_sword, 415, "MetadataFormatNotAcceptable", "sword.json is found"),
    "3.4 no metadata": (without_metadata, 400, "ContentMalformed", "SimpleZip requires"),
    "3.3 a file that changed": (changed, 400, "ContentMalformed", "Item check error"),
    "3.3 a file outside the manifest": (more, 400, "ContentMalformed", "Item check error"),
    "3.3 no bag": (without_bag, 400, "ContentMalformed", "bagit.txt"),
}  # fmt: skip


@pytest.mark.parametrize("clause", PACKAGES)
def test_a_package_that_breaks_a_clause_is_refused(wire: Wire, clause: str) -> None:
    break_, status, kind, words = PACKAGES[clause]
    members = bag_of(known_good())
    break_(members)
    refused(wire.send(zipped(members)), status, kind, words)
    assert not wire.store.items


def test_a_deleted_item_is_gone(wire: Wire) -> None:
    recid = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
    assert wire.ask("DELETE", f"sword/deposit/{recid}").status_code == 204
    refused(wire.ask("GET", f"sword/deposit/{recid}"), 404, "NotFound", "not found")
    refused(wire.ask("DELETE", f"sword/deposit/{recid}"), 404, "NotFound", "not found")


def test_a_workflow_answers_202_with_its_page_and_lists_it_to_its_owner_only(wire: Wire) -> None:
    wire.token = WORKFLOW_TOKEN
    answer = wire.send(good())
    said = answer.json()
    assert answer.status_code == 202
    assert said["@type"] == "ServiceDocument", "3.8: the bug is kept"
    assert said["links"][0]["@id"].endswith("/workflow/activity/detail/A-20261121-00001")
    listed = wire.ask("GET", "api/v1/workflow/activities?status=all").json()["activities"]
    assert [one["item_name"] for one in listed] == ["解析コードと計算環境"]
    wire.store.tokens[WORKFLOW_TOKEN].user = "taro"
    assert not wire.ask("GET", "api/v1/workflow/activities?status=all").json()["activities"]
    wire.token = OWNER_TOKEN
    answer = wire.ask("GET", "api/v1/workflow/activities?status=all")
    refused(answer, 403, "Forbidden", "scope")


def test_a_workflow_that_stops_halfway_is_a_refusal_that_names_its_page(wire: Wire) -> None:
    wire.store.halfway = "Failed to set the index."
    wire.token = WORKFLOW_TOKEN
    refused(wire.send(good()), 400, "BadRequest", "/workflow/activity/detail/A-20261121-00001")
    assert len(wire.store.activities) == 1


def test_an_item_whose_mail_cannot_be_sent_is_there_though_it_is_called_a_failure(
    wire: Wire,
) -> None:
    wire.store.mail_fails = True
    refused(wire.send(good()), 400, "BadRequest", "Failed to import item")
    assert len(wire.store.items) == 1


def test_private_items_are_found_by_their_owner_only(wire: Wire) -> None:
    wire.send(good())
    found = wire.ask("GET", "api/records/?search_type=1&q=yamada").json()["hits"]["hits"]
    assert [one["metadata"]["publish_status"] for one in found] == ["1"]
    wire.token = OTHER_TOKEN
    assert not wire.ask("GET", "api/records/?search_type=1&q=yamada").json()["hits"]["hits"]
    assert json.dumps([INDEX])[2:-2] in json.dumps(wire.ask("GET", "api/tree").json())


def test_a_duplicate_of_a_public_item_is_refused_where_that_is_switched_on(wire: Wire) -> None:
    wire.store.clients["direct"].duplicate_check = True
    assert wire.send(good()).status_code == 201
    assert wire.send(good(**{"wk:publishStatus": "public"})).status_code == 201, "one was private"
    refused(wire.send(good()), 400, "BadRequest", "Some similar items")
