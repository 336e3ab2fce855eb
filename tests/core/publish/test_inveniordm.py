"""Depositing at Zenodo and other instances of InvenioRDM."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doubles.inveniordm_parcels import FILES, METADATA, deposit, depositor, parcel, service
from doubles.inveniordm_reviews import publish_now
from doubles.inveniordm_store import OTHER_TOKEN, OWNER_TOKEN, Store
from doubles.serving import served
from recrate.metadata.writing.inveniordm import write
from recrate.model.deposit import DepositStatus, Place
from recrate.model.errors import BadInput, Conflict, Refused
from recrate.model.progress import silent
from recrate.model.study import Access, AccessRight, Description, Person
from recrate.publish.depositor import Surroundings
from recrate.publish.inveniordm import InvenioRDM
from recrate.publish.inveniordm_api import mark_of
from recrate.publish.journal import Journal

COMMUNITY = {"id": "c0ffee", "open": True, "curators": ["carla"]}


@pytest.fixture
def running() -> Iterator[tuple[Store, int]]:
    """A double and its port."""
    store, app = service()
    with served(app) as port:
        yield store, port


def only(store: Store) -> dict[str, Any]:
    """Return the one record; fails when there is another number of them, or a draft beside it."""
    assert not store.drafts
    (found,) = store.records.values()
    return found


def test_a_deposit_is_published_with_its_doi_and_files(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    made, of, journal = depositor(port), parcel(tmp_path), Journal(tmp_path / "j")
    reserved = made.reserve(of, journal, silent)
    receipt = made.deposit(of, journal, silent)
    record = only(store)
    assert receipt.status is DepositStatus.PUBLISHED
    assert reserved.doi == receipt.doi == record["pids"]["doi"]["identifier"]
    assert receipt.concept_doi == record["parent"]["pids"]["doi"]["identifier"]
    assert (
        receipt.record_url
        == reserved.record_url
        == f"http://127.0.0.1:{port}/records/" + (record["id"])
    )
    assert record["metadata"] == METADATA, "no mark is left in what is public"
    held = store.files[record["id"]]
    assert list(held) == [
        "tides-of-the-inland-sea.crate.zip",
        "ro-crate-metadata.json",
        "ro-crate-preview.html",
    ]
    assert held["tides-of-the-inland-sea.crate.zip"]["content"] == of.file.read_bytes()
    assert held["ro-crate-preview.html"]["content"] == FILES["ro-crate-preview.html"]
    assert receipt.file_url is not None
    assert receipt.file_url.endswith("/files/tides-of-the-inland-sea.crate.zip/content")


def test_the_doi_is_known_before_a_byte_of_the_crate_is_sent(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    journal = Journal(tmp_path / "j")
    first = depositor(port).reserve(parcel(tmp_path), journal, silent)
    again = depositor(port).reserve(parcel(tmp_path), Journal(tmp_path / "j"), silent)
    assert first.doi
    assert first == again
    assert len(store.drafts) == 1
    assert not any(store.draft_files.values())


def test_files_by_themselves_keep_their_folders_in_their_names(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    of = parcel(tmp_path, answers={"file_form": "files"})
    deposit(depositor(port), of, Journal(tmp_path / "j"))
    held = store.files[only(store)["id"]]
    assert {name: one["content"] for name, one in held.items()} == {
        name.replace("%", "%25").replace("/", "%2F"): content for name, content in FILES.items()
    }
    assert not [one for one in (tmp_path / "j").iterdir() if one.is_dir()], "unpacked files stay"


def test_a_draft_stays_a_draft_without_the_mark(running: tuple[Store, int], tmp_path: Path) -> None:
    store, port = running
    receipt = deposit(depositor(port), parcel(tmp_path, draft=True), Journal(tmp_path / "j"))
    assert receipt.status is DepositStatus.DRAFT
    assert receipt.record_url.endswith(f"/uploads/{receipt.record}")
    assert receipt.file_url is None
    assert not store.records
    (draft,) = store.drafts.values()
    assert draft["metadata"] == METADATA
    assert len(store.draft_files[draft["id"]]) == 3


def test_a_draft_that_lacks_fields_says_which(running: tuple[Store, int], tmp_path: Path) -> None:
    _, port = running
    of = parcel(tmp_path, draft=True, metadata={**METADATA, "title": ""})
    receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert receipt.notes == ("not complete yet: metadata.title: Missing data for required field.",)


def test_what_the_repository_lacks_to_publish_is_said_and_mended_on_resume(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    journal = Journal(tmp_path / "j")
    with pytest.raises(BadInput, match=r"metadata\.title: Missing data") as caught:
        deposit(depositor(port), parcel(tmp_path, metadata={**METADATA, "title": ""}), journal)
    assert "--resume" in caught.value.hint
    assert not store.records
    deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert only(store)["metadata"]["title"] == METADATA["title"]


def test_files_that_lie_there_whole_are_not_sent_again(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    draft = parcel(tmp_path, draft=True)
    deposit(depositor(port), draft, Journal(tmp_path / "j"))
    before = len(store.seen)
    deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    sent = [path for method, path, _ in store.seen[before:] if path.endswith("/content")]
    assert sent == []
    only(store)


def test_a_crate_that_changed_replaces_what_was_uploaded(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    deposit(depositor(port), parcel(tmp_path, draft=True), Journal(tmp_path / "j"))
    (held,) = store.draft_files.values()
    held["stray.txt"] = {**next(iter(held.values())), "key": "stray.txt"}
    changed = parcel(tmp_path, files={**FILES, "analysis.ipynb": b"{}"})
    deposit(depositor(port), changed, Journal(tmp_path / "j"))
    found = store.files[only(store)["id"]]
    assert found["tides-of-the-inland-sea.crate.zip"]["content"] == changed.file.read_bytes()
    assert "stray.txt" not in found


def test_a_closed_community_refuses_and_the_draft_can_be_discarded(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    store.communities["tides"] = {**COMMUNITY, "open": False}
    of = parcel(tmp_path, answers={"community": "tides"})
    with pytest.raises(Refused, match="community members"):
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert depositor(port).discard(Journal(tmp_path / "j")) is True
    assert not store.drafts


def test_a_published_record_is_never_discarded(running: tuple[Store, int], tmp_path: Path) -> None:
    store, port = running
    deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert depositor(port).discard(Journal(tmp_path / "j")) is False
    only(store)


def test_discarding_finds_a_draft_whose_making_was_never_answered(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    journal = Journal(tmp_path / "j")
    depositor(port).reserve(parcel(tmp_path), journal, silent)
    lost = Journal(tmp_path / "lost")
    lost.note(making=mark_of("mark-1"))
    assert depositor(port).discard(lost) is True
    assert not store.drafts
    assert depositor(port).discard(Journal(tmp_path / "empty")) is False


def test_a_draft_that_somebody_discarded_is_not_deposited(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    of, journal = parcel(tmp_path), Journal(tmp_path / "j")
    first = depositor(port).reserve(of, journal, silent)
    store.drafts.clear()
    with pytest.raises(Conflict, match="not there any more"):
        depositor(port).deposit(of, Journal(tmp_path / "j"), silent)
    second = depositor(port).reserve(of, Journal(tmp_path / "j"), silent)
    assert second.doi != first.doi


def test_an_instance_without_dois_publishes_without_one(tmp_path: Path) -> None:
    store, app = service(dois=False)
    with served(app) as port:
        receipt = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert receipt.status is DepositStatus.PUBLISHED
    assert receipt.doi is None
    only(store)


def test_restricted_metadata_reserve_no_doi_that_would_be_taken_back(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    of = parcel(tmp_path, access={"record": "restricted", "files": "restricted"})
    receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert receipt.doi is None
    assert receipt.file_url is None
    assert not any(path.endswith("/pids/doi") for _, path, _ in store.seen)


def test_an_address_that_is_none_is_refused_when_the_depositor_is_made() -> None:
    around = Surroundings(web=depositor(1)._api.service.web, secret=None, today="", agent="")
    for url in ("ftp://zenodo.org/", "zenodo.org", "https://zenodo.org/?token=x"):
        with pytest.raises(BadInput, match="no address"):
            InvenioRDM(Place(name="z", kind="inveniordm", answers={"url": url}), around)


def test_only_zenodo_has_zenodos_limits() -> None:
    around = Surroundings(web=depositor(1)._api.service.web, secret=None, today="", agent="")
    limits = {
        url: InvenioRDM(Place(name="z", kind="inveniordm", answers={"url": url}), around).about
        for url in ("https://zenodo.org", "https://sandbox.zenodo.org/", "https://rdm.example.org/")
    }
    assert [one.capabilities.crate_limit_bytes for one in limits.values()] == [
        50 * 10**9, 50 * 10**9, None,
    ]  # fmt: skip


def test_the_token_stands_in_no_journal_and_no_message(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    with pytest.raises(Refused) as caught:
        depositor(port, token=OTHER_TOKEN).deposit(parcel(tmp_path), _of(store, tmp_path), silent)
    text = (tmp_path / "j" / "journal.jsonl").read_text() + str(caught.value) + caught.value.hint
    assert OWNER_TOKEN not in text
    assert OTHER_TOKEN not in text
    assert all(kind in ("", f"Bearer {OWNER_TOKEN}", f"Bearer {OTHER_TOKEN}")
               for _, _, kind in store.seen)  # fmt: skip


def _of(store: Store, folder: Path) -> Journal:
    """Return a journal that names a draft of somebody else."""
    journal = Journal(folder / "other")
    held = next(iter(store.records.values()))
    store.drafts["mine-only"] = {**held, "id": "mine-only", "is_published": False}
    store.draft_files["mine-only"] = {}
    journal.note(record="mine-only")
    return journal


def test_metadata_in_another_form_are_refused(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    for documents in ({}, {"inveniordm": b"no json"}, {"inveniordm": json.dumps([]).encode()}):
        broken = type(of)(
            crate=of.crate, file=of.file, size_bytes=1, sha256="", record=of.record,
            order=of.order, documents=documents,
        )  # fmt: skip
        with pytest.raises(BadInput, match="form that InvenioRDM takes"):
            depositor(1).reserve(broken, Journal(tmp_path / "j"), silent)


def test_a_draft_that_somebody_published_by_hand_is_not_made_again(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    deposit(depositor(port), parcel(tmp_path, draft=True), Journal(tmp_path / "j"))
    (draft,) = store.drafts.values()
    publish_now(store, draft)
    receipt = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert receipt.status is DepositStatus.PUBLISHED
    assert "look whether all of its files" in receipt.notes[0]
    only(store)


def test_the_repository_is_the_publisher_where_the_metadata_name_none(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    nobody = {name: value for name, value in METADATA.items() if name != "publisher"}
    deposit(depositor(port), parcel(tmp_path, metadata=nobody), Journal(tmp_path / "j"))
    assert only(store)["metadata"] == {**nobody, "publisher": "127.0.0.1"}


def test_the_metadata_that_recrate_writes_are_published_as_they_are(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    record = replace(
        parcel(tmp_path).record,
        description=Description(
            title="潮汐",
            description="How high the water stands",
            creators=(Person(name="山田 花子", family_name="山田", given_name="花子"),),
            licence="CC-BY-4.0",
            access=Access(right=AccessRight.EMBARGOED, available="2027-01-01"),
        ),
    )
    for title, published in (("潮汐", False), ("瀬戸内海の潮汐", True)):
        record = replace(record, description=replace(record.description, title=title))
        of = replace(parcel(tmp_path), documents={"inveniordm": write(record)})
        found = depositor(port).preflight(of)
        assert [one.code for one in found] == ([] if published else ["inveniordm-field"])
    deposit(depositor(port), of, Journal(tmp_path / "j"))
    said = only(store)
    assert said["metadata"]["title"] == "瀬戸内海の潮汐"
    assert said["access"]["embargo"]["until"] == "2027-01-01"
