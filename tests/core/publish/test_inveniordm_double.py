"""What the small InvenioRDM refuses, each as the real one does; and the request that passes."""

from collections.abc import Iterator
from typing import Any

import pytest

from doubles.inveniordm_parcels import METADATA, WEB, service
from doubles.inveniordm_store import OTHER_TOKEN, OWNER_TOKEN, READING_TOKEN, Store
from doubles.serving import served
from recrate.model.secret import Secret
from recrate.outside.answers import Answer
from recrate.outside.exchange import Service

GOOD = {
    "access": {"record": "public", "files": "public"},
    "files": {"enabled": True},
    "metadata": METADATA,
}
"""The documented request: inveniordm.docs.cern.ch, Create a draft record."""


class Speaker:
    """Asks the double with somebody's token."""

    def __init__(self, store: Store, port: int) -> None:
        self.store, self.port = store, port

    def __call__(
        self, method: str, path: str, *, token: str | None = OWNER_TOKEN, **named: Any
    ) -> Answer:
        """Ask below `api/`; nothing is repeated."""
        secret = None if token is None else Secret(token)
        base = f"http://127.0.0.1:{self.port}/api/"
        return Service(base=base, web=WEB, secret=secret, tries=1).ask(method, path, **named)

    def draft(self, **changed: Any) -> str:
        """Make a draft and return its address."""
        made = self("POST", "records", json_body={**GOOD, **changed}).expect(201)
        return f"records/{made.json()['id']}/draft"

    def file(self, draft: str, key: str = "a.zip", content: bytes = b"abc") -> None:
        """Upload a file whole."""
        self("POST", f"{draft}/files", json_body=[{"key": key}]).expect(201)
        self("PUT", f"{draft}/files/{key}/content", body=content).expect(200)
        self("POST", f"{draft}/files/{key}/commit").expect(200)


@pytest.fixture
def ask() -> Iterator[Speaker]:
    """A speaker before a fresh double."""
    store, app = service(
        communities={"tides": {"id": "c0ffee", "open": True, "curators": []}},
    )
    with served(app) as port:
        yield Speaker(store, port)


def refused(answer: Answer, status: int, words: str) -> None:
    """Check an answer that says no."""
    assert answer.status == status
    assert words in answer.content.decode()


def test_the_documented_requests_publish_a_record(ask: Speaker) -> None:
    draft = ask.draft()
    ask.file(draft)
    listed = ask("GET", f"{draft}/files").expect(200).json()["entries"]
    assert [(one["key"], one["status"], one["checksum"]) for one in listed] == [
        ("a.zip", "completed", "md5:900150983cd24fb0d6963f7d28e17f72")
    ]
    assert ask("POST", f"{draft}/actions/publish").expect(202).json()["is_published"]
    assert ask("GET", draft.removesuffix("/draft"), token=None).status == 200


def test_a_draft_is_nobody_elses(ask: Speaker) -> None:
    draft = ask.draft()
    for method in ("GET", "PUT", "DELETE"):
        refused(ask(method, draft, token=OTHER_TOKEN, json_body=GOOD), 403, "Permission denied")
    refused(ask("GET", draft, token="n0ne"), 401, "authorized")
    refused(ask("GET", draft, token=None), 403, "Permission denied")
    refused(ask("PUT", draft, token=READING_TOKEN, json_body=GOOD), 403, "Permission denied")
    refused(ask("POST", "records", token=None, json_body=GOOD), 403, "Permission denied")


def test_what_is_not_there_is_404(ask: Speaker) -> None:
    refused(ask("GET", "records/none/draft"), 404, "does not exist")
    refused(ask("GET", "records/none"), 404, "not registered")
    refused(ask("POST", "records/none/draft"), 404, "does not exist")
    refused(ask("POST", "records/none/versions"), 404, "does not exist")
    refused(ask("PUT", f"{ask.draft()}/files/none/content", body=b"x"), 404, "has no file")
    refused(ask("GET", "communities/none"), 404, "does not exist")
    refused(ask("GET", "vocabularies/licenses/none"), 404, "does not exist")


def test_a_draft_is_saved_with_what_it_lacks_and_not_published(ask: Speaker) -> None:
    saved = ask("POST", "records", json_body={**GOOD, "metadata": {"title": "ab"}}).expect(201)
    fields = {one["field"] for one in saved.json()["errors"]}
    assert fields == {
        "metadata.title",
        "metadata.resource_type",
        "metadata.publication_date",
        "metadata.creators",
    }
    draft = f"records/{saved.json()['id']}/draft"
    ask.file(draft)
    refused(ask("POST", f"{draft}/actions/publish"), 400, "metadata.creators")


def test_a_word_of_no_vocabulary_and_a_scheme_of_none_are_refused(ask: Speaker) -> None:
    odd = {**METADATA, "resource_type": {"id": "notebook"}}
    refused(ask("POST", "records", json_body={**GOOD, "metadata": odd}), 400, "Invalid value")
    scheme = {**METADATA, "identifiers": [{"identifier": "x", "scheme": "recrate"}]}
    saved = ask("POST", "records", json_body={**GOOD, "metadata": scheme}).expect(201).json()
    assert saved["errors"][0]["messages"] == ["Invalid scheme."]
    assert "identifiers" not in saved["metadata"]
    refused(ask("POST", "records", body=b"{"), 400, "decode JSON")


def test_access_is_public_or_restricted_and_an_embargo_ends_later(ask: Speaker) -> None:
    for access, words in (
        ({"record": "open", "files": "public"}, "must be either"),
        (
            {"record": "public", "files": "restricted",
             "embargo": {"active": True, "until": "2026-11-21"}},
            "future date",
        ),
    ):  # fmt: skip
        saved = ask("POST", "records", json_body={**GOOD, "access": access}).expect(201)
        assert words in saved.json()["errors"][0]["messages"][0]
    ask.store.restricted_records = False
    closed = {"record": "restricted", "files": "restricted"}
    saved = ask("POST", "records", json_body={**GOOD, "access": closed}).expect(201)
    assert "permissions to manage" in saved.json()["errors"][0]["messages"][0]


def test_nothing_is_published_without_its_files_and_its_publisher(ask: Speaker) -> None:
    draft = ask.draft()
    refused(ask("POST", f"{draft}/actions/publish"), 400, "Missing uploaded files")
    ask("POST", f"{draft}/files", json_body=[{"key": "a.zip"}]).expect(201)
    refused(ask("POST", f"{draft}/actions/publish"), 400, "have not completed their transfer")
    nobody = ask.draft(metadata={**METADATA, "publisher": ""})
    ask.file(nobody)
    refused(ask("POST", f"{nobody}/actions/publish"), 400, "Missing publisher")


def test_a_doi_is_reserved_once(ask: Speaker) -> None:
    draft = ask.draft()
    made = ask("POST", f"{draft}/pids/doi").expect(201).json()
    refused(ask("POST", f"{draft}/pids/doi"), 400, "A PID already exists for type doi")
    assert ask("PUT", draft, json_body=GOOD).json()["pids"] == made["pids"]


def test_a_key_is_there_once_and_is_announced_sent_and_committed_in_turn(ask: Speaker) -> None:
    draft = ask.draft()
    ask("POST", f"{draft}/files", json_body=[{"key": "a"}]).expect(201)
    refused(ask("POST", f"{draft}/files", json_body=[{"key": "a"}]), 400, "already exists")
    refused(ask("POST", f"{draft}/files/a/commit"), 500, "Internal server error")
    ask("PUT", f"{draft}/files/a/content", body=b"1").expect(200)
    ask("POST", f"{draft}/files/a/commit").expect(200)
    ask("PUT", f"{draft}/files/a/content", body=b"2").expect(200)
    refused(ask("POST", f"{draft}/files/a/commit"), 404, "has no file")


def test_too_much_and_too_many_are_refused(ask: Speaker) -> None:
    ask.store.quota_bytes, ask.store.max_files = 3, 1
    draft = ask.draft()
    two = [{"key": "a"}, {"key": "b"}]
    refused(ask("POST", f"{draft}/files", json_body=two), 400, "exceeding the max amount")
    ask("POST", f"{draft}/files", json_body=[{"key": "a"}]).expect(201)
    refused(ask("PUT", f"{draft}/files/a/content", body=b"1234"), 413, "limit exceeded")


def test_pieces_are_of_the_size_that_was_announced(ask: Speaker) -> None:
    draft = ask.draft()
    pieces = {"key": "a", "size": 5, "transfer": {"type": "M", "parts": 2, "part_size": 3}}
    refused(ask("POST", f"{draft}/files", json_body=[pieces]), 403, "Permission denied")
    ask.store.pieces = "local"
    refused(ask("POST", f"{draft}/files", json_body=[{**pieces, "size": None}]), 400, "file size")
    ask("POST", f"{draft}/files", json_body=[pieces]).expect(201)
    refused(ask("PUT", f"{draft}/files/a/content/1", body=b"12"), 400, "must be equal")
    refused(ask("PUT", f"{draft}/files/a/content/3", body=b"12"), 400, "higher than total")
    address = f"http://127.0.0.1:{ask.port}/s3/{draft.split('/')[1]}/a/1"
    refused(ask("PUT", address, body=b"123"), 400, "Only one auth mechanism")


def test_a_new_version_is_one_draft_without_files_doi_and_date(ask: Speaker) -> None:
    draft = ask.draft()
    ask.file(draft)
    record = draft.removesuffix("/draft")
    ask("POST", f"{draft}/actions/publish").expect(202)
    refused(ask("POST", f"{record}/versions", token=OTHER_TOKEN), 403, "Permission denied")
    refused(ask("POST", draft, token=OTHER_TOKEN), 403, "Permission denied")
    first = ask("POST", f"{record}/versions").expect(201).json()
    assert ask("POST", f"{record}/versions").json()["id"] == first["id"]
    assert "publication_date" not in first["metadata"]
    assert first["pids"] == {}
    assert ask("GET", f"records/{first['id']}/draft/files").json()["entries"] == []


def test_one_review_is_open_and_blocks_publishing_and_discarding(ask: Speaker) -> None:
    draft = ask.draft()
    ask.file(draft)
    wanted = {"receiver": {"community": "c0ffee"}, "type": "community-submission"}
    refused(ask("GET", f"{draft}/review"), 404, "Review for draft not found")
    refused(ask("POST", f"{draft}/actions/submit-review"), 404, "Review for draft not found")
    refused(ask("PUT", f"{draft}/review", json_body={**wanted, "type": "x"}), 400, "review type")
    nobody = {**wanted, "receiver": {"community": "none"}}
    refused(ask("PUT", f"{draft}/review", json_body=nobody), 404, "does not exist")
    ask("PUT", f"{draft}/review", json_body=wanted).expect(200)
    refused(ask("POST", f"{draft}/actions/publish"), 400, "open review")
    ask("POST", f"{draft}/actions/submit-review").expect(202)
    refused(ask("POST", f"{draft}/actions/submit-review"), 400, "not available")
    refused(ask("PUT", f"{draft}/review", json_body=wanted), 400, "cannot be deleted")
    refused(ask("DELETE", draft), 400, "open review")


def test_a_review_needs_files_an_open_community_and_a_first_version(ask: Speaker) -> None:
    draft = ask.draft()
    wanted = {"receiver": {"community": "c0ffee"}, "type": "community-submission"}
    ask("PUT", f"{draft}/review", json_body=wanted).expect(200)
    refused(ask("POST", f"{draft}/actions/submit-review"), 400, "Missing uploaded files")
    ask.store.communities["tides"]["open"] = False
    refused(ask("POST", f"{draft}/actions/submit-review"), 403, "community members")
    other = ask.draft()
    ask.file(other)
    ask("POST", f"{other}/actions/publish").expect(202)
    made = ask("POST", f"{other.removesuffix('/draft')}/versions").json()["id"]
    answer = ask("PUT", f"records/{made}/draft/review", json_body=wanted)
    refused(answer, 400, "new version of a published record")


def test_restricted_metadata_are_for_their_owner_and_have_no_doi(ask: Speaker) -> None:
    draft = ask.draft(access={"record": "restricted", "files": "restricted"})
    ask.file(draft)
    ask("POST", f"{draft}/pids/doi").expect(201)
    assert ask("POST", f"{draft}/actions/publish").expect(202).json()["pids"] == {}
    record = draft.removesuffix("/draft")
    refused(ask("GET", record, token=OTHER_TOKEN), 403, "Permission denied")
    assert ask("GET", record).status == 200


def test_a_new_draft_is_found_after_a_while_only(ask: Speaker) -> None:
    ask.draft()
    totals = [ask("GET", "user/records").json()["hits"]["total"] for _ in range(2)]
    assert totals == [0, 1]
    assert ask("GET", "user/records", token=OTHER_TOKEN).json()["hits"]["total"] == 0
