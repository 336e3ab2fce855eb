"""A relation written into a record at InvenioRDM: once, and no edit is left behind."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from doubles import inveniordm_rules
from doubles.faults import Counted, Double, run_campaign
from doubles.inveniordm_parcels import deposit, depositor, parcel, service
from doubles.inveniordm_store import OTHER_TOKEN, READING_TOKEN, Store
from doubles.serving import Trouble, served
from recrate.model.errors import BadInput, Busy, Conflict
from recrate.model.record import LinkRelation, RecordLink
from recrate.publish.journal import Journal

LINK = RecordLink(
    target="https://doi.org/10.5072/Verdict-1",
    relation=LinkRelation.IS_REVIEWED_BY,
    resource_type="ComputationalNotebook",
    information="re-execution",
)
SAID = {
    "identifier": "10.5072/Verdict-1",
    "scheme": "doi",
    "relation_type": {"id": "isreviewedby"},
    "resource_type": {"id": "software-computationalnotebook"},
}


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[Store, int, str]]:
    """A double with one record: its store, its port, and the record's DOI."""
    store, app = service()
    with served(app) as port:
        receipt = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
        assert receipt.doi is not None
        yield store, port, receipt.doi


def related(store: Store) -> list[object]:
    """Return the relations of the one record."""
    (record,) = store.records.values()
    return list(record["metadata"].get("related_identifiers", []))


def test_a_relation_is_written_once_and_nothing_else_changes(
    published: tuple[Store, int, str],
) -> None:
    store, port, doi = published
    (before,) = deepcopy(list(store.records.values()))
    files = deepcopy(store.files)
    for named in (
        doi,
        f"https://doi.org/{doi.upper()}",
        f"http://127.0.0.1:{port}/records/00001-abcde",
    ):
        assert depositor(port).relate(named, LINK) is True
    assert related(store) == [SAID]
    (after,) = store.records.values()
    after["metadata"].pop("related_identifiers")
    assert after == before
    assert store.files == files
    assert not store.drafts


def test_a_second_relation_stands_beside_the_first(published: tuple[Store, int, str]) -> None:
    store, port, doi = published
    page = RecordLink(target="https://example.org/run", relation=LinkRelation.REFERENCES)
    assert depositor(port).relate(doi, LINK)
    assert depositor(port).relate(doi, page)
    assert related(store) == [
        SAID,
        {
            "identifier": "https://example.org/run",
            "scheme": "url",
            "relation_type": {"id": "references"},
        },
    ]


def test_a_record_that_is_not_ours_is_left_alone(published: tuple[Store, int, str]) -> None:
    store, port, doi = published
    assert depositor(port, token=OTHER_TOKEN).relate(doi, LINK) is False
    assert depositor(port, token=READING_TOKEN).relate(doi, LINK) is False
    for elsewhere in ("10.9999/other.1", "https://example.org/records/1", "https://zenodo.org/"):
        assert depositor(port).relate(elsewhere, LINK) is False
    assert related(store) == []
    assert not store.drafts


def test_what_somebody_is_editing_is_never_published_by_us(
    published: tuple[Store, int, str],
) -> None:
    store, port, doi = published
    (record,) = store.records.values()
    theirs = deepcopy(record)
    theirs["metadata"]["title"] = "Half a new ti"
    store.drafts[record["id"]] = theirs
    store.draft_files[record["id"]] = dict(store.files[record["id"]])
    with pytest.raises(Conflict, match="somebody is editing"):
        depositor(port).relate(doi, LINK)
    assert store.drafts[record["id"]] is theirs
    assert record["metadata"]["title"] != "Half a new ti"


def test_a_relation_that_the_instance_does_not_know_leaves_no_edit(
    published: tuple[Store, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, port, doi = published
    known = inveniordm_rules.RELATIONS - {"hasmetadata"}
    monkeypatch.setattr(inveniordm_rules, "RELATIONS", known)
    unknown = RecordLink(target="https://example.org/x", relation=LinkRelation.HAS_METADATA)
    with pytest.raises(BadInput, match="hasmetadata"):
        depositor(port).relate(doi, unknown)
    assert not store.drafts
    assert related(store) == []


def test_a_publication_that_is_forbidden_leaves_no_edit(tmp_path: Path) -> None:
    store, app = service()
    trouble = Trouble(app)
    with served(trouble) as port:
        receipt = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
        trouble.planned.append(("POST", "/actions/publish", 403, {}))
        assert depositor(port).relate(str(receipt.doi), LINK) is False
    assert not store.drafts
    assert related(store) == []


def test_a_limit_is_said_and_is_no_refusal(tmp_path: Path) -> None:
    _, app = service()
    trouble = Trouble(app)
    with served(trouble) as port:
        receipt = deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
        trouble.planned.append(
            ("GET", f"/api/records/{receipt.record}", 429, {"Retry-After": "900"})
        )
        with pytest.raises(Busy) as caught:
            depositor(port).relate(receipt.record, LINK)
    assert "900" in caught.value.hint


@pytest.mark.slow
def test_a_relation_broken_anywhere_is_there_once_and_no_edit_with_it(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    store, app = service()
    with served(app) as port:
        doi = str(deposit(depositor(port), of, Journal(tmp_path / "j")).doi)

    def open_double() -> Double:
        held, fresh = service()
        held.records, held.files = deepcopy(store.records), deepcopy(store.files)

        def count() -> Counted:
            return Counted(len(related(held)), len(held.drafts))

        return Double(fresh, count)

    def attempt(port: int, journal: Journal, sleep: object) -> bool:
        return depositor(port).relate(doi, LINK)

    table = run_campaign("inveniordm relate", open_double, attempt, tmp_path / "c")
    assert table.clean, str(table)
