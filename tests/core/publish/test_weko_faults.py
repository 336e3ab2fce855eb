"""WEKO put through the fault campaign: one deposit, one item, whatever breaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doubles.faults import RETRY_AFTER_SECONDS, Counted, Double, run_campaign
from doubles.weko import weko
from doubles.weko_parcels import deposit, depositor, parcel
from doubles.weko_store import INDEX, OWNER_TOKEN, WORKFLOW_TOKEN, Item, Store
from recrate.model.deposit import Receipt
from recrate.model.errors import Conflict
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal

TITLE = "瀬戸内海の潮汐"


def in_use(**settings: bool | int) -> Store:
    """Return a repository where the same person has a private item already, of another title."""
    store = Store(**settings)  # type: ignore[arg-type] - switches and numbers, as they are named
    store.items["96568"] = Item(
        recid="96568", owner="hanako", title="An earlier item", kept={}, lost={}, files={},
        roles={}, public=False, indexes=(INDEX,),
    )  # fmt: skip
    return store


def own(store: Store) -> list[Item]:
    """Return the items that were deposited, whole."""
    return [
        item
        for item in store.living()
        if item.title == TITLE and list(item.files) == ["Tides-of-the-Inland-Sea.bag.zip"]
    ]


def attempt_of(of: Parcel, token: str = OWNER_TOKEN) -> Callable[..., Receipt]:
    """Return what one process does."""

    def attempt(port: int, journal: Journal, sleep: Callable[[float], None]) -> Receipt:
        return deposit(depositor(port, token=token, sleep=sleep), of, journal)

    return attempt


def fresh(**settings: bool | int) -> Callable[[], Double]:
    """Return a maker of doubles that count the items, and what else was made."""

    def open_double() -> Double:
        store = in_use(**settings)

        def count() -> Counted:
            records = len(own(store))
            return Counted(records, len(store.items) - 1 - records + len(store.activities))

        return Double(weko(store), count)

    return open_double


@pytest.mark.slow
def test_a_deposit_broken_anywhere_becomes_exactly_one_item(tmp_path: Path) -> None:
    table = run_campaign("weko", fresh(), attempt_of(parcel(tmp_path)), tmp_path / "j")
    print(table)
    assert table.clean, str(table)
    assert all(row.deposits >= 3 for row in table.rows)
    assert set(table.waits) == {RETRY_AFTER_SECONDS}, "a named wait is waited, no shorter"


@pytest.mark.slow
def test_an_index_that_is_late_makes_no_second_item(tmp_path: Path) -> None:
    table = run_campaign("weko", fresh(lag=3), attempt_of(parcel(tmp_path)), tmp_path / "j")
    assert table.clean, str(table)


@pytest.mark.slow
def test_a_hand_in_broken_anywhere_begins_exactly_one_activity(tmp_path: Path) -> None:
    of = parcel(tmp_path, publish="workflow")

    def open_double() -> Double:
        store = Store(sees_private=False)
        return Double(weko(store), lambda: Counted(len(store.activities), len(store.items)))

    table = run_campaign("weko", open_double, attempt_of(of, WORKFLOW_TOKEN), tmp_path / "j")
    print(table)
    assert table.clean, str(table)


@pytest.mark.slow
def test_a_new_version_broken_anywhere_is_made_once(tmp_path: Path) -> None:
    of = parcel(tmp_path, new_version_of="96568")

    def open_double() -> Double:
        store = in_use(sees_private=False)

        def count() -> Counted:
            item = store.items["96568"]
            return Counted(item.versions - 1, len(store.items) - 1)

        return Double(weko(store), count)

    table = run_campaign("weko", open_double, attempt_of(of), tmp_path / "j")
    print(table)
    assert table.clean, str(table)


@pytest.mark.slow
def test_where_the_repository_tells_nothing_a_person_who_looks_ends_with_one_item(
    tmp_path: Path,
) -> None:
    stores: list[Store] = []
    asked: list[str] = []

    def open_double() -> Double:
        store = in_use(sees_private=False)
        stores.append(store)

        def count() -> Counted:
            return Counted(len(own(store)), len(store.items) - 1 - len(own(store)))

        return Double(weko(store), count)

    def attempt(port: int, journal: Journal, sleep: Callable[[float], None]) -> Receipt:
        made = depositor(port, sleep=sleep)
        try:
            return deposit(made, parcel(tmp_path), journal)
        except Conflict as conflict:
            asked.append(conflict.hint)
            there = own(stores[-1])
            answers = {"record": there[0].recid} if there else {"resend": "yes"}
            return deposit(made, parcel(tmp_path, **answers), journal)

    table = run_campaign("weko", open_double, attempt, tmp_path / "j")
    print(table)
    assert table.clean, str(table)
    assert asked, "without a person this cannot be known"
