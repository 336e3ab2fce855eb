"""New versions at InvenioRDM, and communities that look first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doubles.inveniordm_parcels import deposit, depositor, parcel, service
from doubles.inveniordm_store import Store
from doubles.serving import served
from recrate.model.deposit import DepositStatus
from recrate.model.errors import Conflict, NotFound
from recrate.model.progress import silent
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


def test_a_new_version_has_the_same_concept_doi(running: tuple[Store, int], tmp_path: Path) -> None:
    store, port = running
    first = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "a"))
    for earlier in (first.record, first.doi, f"https://doi.org/{first.concept_doi}"):
        of = parcel(tmp_path, mark=str(earlier), new_version_of=earlier)
        journal = Journal(tmp_path / f"b{len(store.records)}")
        reserved = depositor(port).reserve(of, journal, silent)
        receipt = depositor(port).deposit(of, journal, silent)
        assert reserved.concept_doi == receipt.concept_doi == first.concept_doi
        assert receipt.doi not in {None, first.doi}
    assert [one["versions"]["index"] for one in store.records.values()] == [1, 2, 3, 4]
    assert not store.drafts


def test_a_new_version_that_somebody_began_is_not_filled(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    first = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "a"))
    theirs = parcel(tmp_path, mark="theirs", new_version_of=first.record, draft=True)
    deposit(depositor(port), theirs, Journal(tmp_path / "theirs"))
    ours = parcel(tmp_path, mark="ours", new_version_of=first.record)
    with pytest.raises(Conflict, match="somebody has begun"):
        depositor(port).reserve(ours, Journal(tmp_path / "b"), silent)
    assert len(store.drafts) == 1


def test_a_record_that_is_not_there_has_no_new_version(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    _, port = running
    for unknown in ("99999-zzzzz", "10.9999/nothing.1", "https://example.org/records/1"):
        of = parcel(tmp_path, new_version_of=unknown)
        with pytest.raises(NotFound, match="no record of this repository"):
            depositor(port).reserve(of, Journal(tmp_path / "j"), silent)


def test_a_community_looks_first(running: tuple[Store, int], tmp_path: Path) -> None:
    store, port = running
    store.communities["tides"] = dict(COMMUNITY)
    of = parcel(tmp_path, answers={"community": "tides"})
    receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert receipt.status is DepositStatus.HANDED_IN
    assert not store.records
    (draft,) = store.drafts.values()
    assert draft["review"]["status"] == "submitted"
    again = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert again.status is DepositStatus.HANDED_IN
    assert "look at it before" in again.notes[0]
    assert len(store.drafts) == 1
    draft["review"] |= {"status": "declined", "is_open": False, "is_closed": True}
    declined = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert "did not take it" in declined.notes[0]
    assert not store.records


def test_a_curator_of_the_community_publishes_at_once(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    store.communities["tides"] = {**COMMUNITY, "curators": ["anna"]}
    of = parcel(tmp_path, answers={"community": "tides"})
    receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert receipt.status is DepositStatus.PUBLISHED
    assert only(store)["id"] == receipt.record


def test_a_new_version_that_must_be_reviewed_is_handed_in(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    store.communities["tides"] = dict(COMMUNITY)
    first = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "a"))
    store.review_new_versions = True
    of = parcel(tmp_path, mark="b", new_version_of=first.record)
    receipt = deposit(depositor(port), of, Journal(tmp_path / "b"))
    assert receipt.status is DepositStatus.HANDED_IN
