"""InvenioRDM put through the fault campaign: one deposit, one record, whatever breaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doubles.faults import RETRY_AFTER_SECONDS, Counted, Double, few_of, run_campaign
from doubles.inveniordm_parcels import deposit, depositor, parcel, service
from doubles.inveniordm_store import Store
from doubles.serving import App, served
from recrate.model.deposit import Receipt
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal

COMMUNITY = {"id": "c0ffee", "open": True, "curators": ["carla"]}


def attempt_of(of: Parcel, **settings: int) -> Callable[..., Receipt]:
    """Return what one process does."""

    def attempt(port: int, journal: Journal, sleep: Callable[[float], None]) -> Receipt:
        return deposit(depositor(port, sleep=sleep, **settings), of, journal)

    return attempt


def whole(store: Store, identifier: str, of: Parcel) -> bool:
    """Say whether a record or draft holds the crate's zip, byte by byte."""
    held = (store.files.get(identifier) or store.draft_files[identifier]).values()
    crates = [one for one in held if one["key"].endswith(".crate.zip")]
    complete = all(one["status"] == "completed" for one in held)
    return complete and [one["content"] for one in crates] == [of.file.read_bytes()]


def fresh(of: Parcel, **settings: object) -> Callable[[], Double]:
    """Return a maker of doubles that count records that are whole, and drafts left over."""

    def open_double() -> Double:
        store, app = service(**settings)

        def count() -> Counted:
            records = [one for one in store.records if whole(store, one, of)]
            return Counted(len(records), len(store.drafts))

        return Double(app, count)

    return open_double


@pytest.mark.slow
def test_a_deposit_broken_anywhere_becomes_exactly_one_record(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    table = run_campaign("inveniordm", fresh(of), attempt_of(of), tmp_path / "j")
    print(table)
    assert table.clean, str(table)
    assert all(row.deposits >= 3 for row in table.rows)
    assert set(table.waits) == {RETRY_AFTER_SECONDS}, "a named wait is waited, no shorter"


@pytest.mark.slow
def test_a_file_in_pieces_broken_anywhere_arrives_whole(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    for pieces in ("local", "s3"):
        attempt = attempt_of(of, pieces_from_bytes=300)
        folder = tmp_path / pieces
        table = run_campaign("inveniordm", fresh(of, pieces=pieces), attempt, folder, faults=few_of)
        assert table.clean, f"{pieces}\n{table}"


@pytest.mark.slow
def test_a_hand_in_broken_anywhere_is_handed_in_once(tmp_path: Path) -> None:
    of = parcel(tmp_path, answers={"community": "tides"})

    def open_double() -> Double:
        store, app = service(communities={"tides": dict(COMMUNITY)})

        def count() -> Counted:
            handed_in = [
                one
                for one, held in store.drafts.items()
                if (held["review"] or {}).get("status") == "submitted" and whole(store, one, of)
            ]
            return Counted(len(handed_in), len(store.drafts) - len(handed_in))

        return Double(app, count)

    table = run_campaign("inveniordm", open_double, attempt_of(of), tmp_path / "j", faults=few_of)
    assert table.clean, str(table)


@pytest.mark.slow
def test_a_new_version_broken_anywhere_is_made_once(tmp_path: Path) -> None:
    first = parcel(tmp_path / "first", mark="first")
    store, app = service()
    earlier = _published(store, app, first, tmp_path)
    of = parcel(tmp_path / "second", mark="second", new_version_of=earlier)

    def open_double() -> Double:
        held, fresh_app = service()
        held.records, held.files = dict(store.records), dict(store.files)
        held.made = store.made

        def count() -> Counted:
            new = [one for one in held.records if one != earlier and whole(held, one, of)]
            return Counted(len(new), len(held.drafts))

        return Double(fresh_app, count)

    table = run_campaign("inveniordm", open_double, attempt_of(of), tmp_path / "j", faults=few_of)
    assert table.clean, str(table)


def _published(store: Store, app: App, of: Parcel, folder: Path) -> str:
    with served(app) as port:
        deposit(depositor(port), of, Journal(folder / "published"))
    (identifier,) = store.records
    return identifier
