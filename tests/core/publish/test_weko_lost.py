"""What a lost answer hid is found again by WEKO's own ways, else a person is asked."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from doubles.serving import Cut, CuttingProxy, Trouble, served
from doubles.weko import weko
from doubles.weko_parcels import DESCRIPTION, deposit, depositor, known_good, parcel, record_of
from doubles.weko_store import OTHER_TOKEN, WORKFLOW_TOKEN, Store
from doubles.weko_wire import Wire
from recrate.model.errors import (
    BadInput,
    Conflict,
    NotFound,
    OutsideFailed,
    Refused,
)
from recrate.publish.journal import Journal


@dataclass
class Service:
    """A double, its store, and where it is."""

    store: Store
    trouble: Trouble
    port: int


@pytest.fixture
def service() -> Iterator[Service]:
    """A fresh double."""
    store = Store()
    trouble = Trouble(weko(store))
    with served(trouble) as port:
        yield Service(store, trouble, port)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A fresh journal."""
    return Journal(tmp_path / "journal")


def use(port: int) -> None:
    """Put an earlier private item of the same person there: a repository in use."""
    store_item = Wire(port, Store()).document(known_good())
    assert store_item.status_code == 201


def test_an_upload_that_broke_in_the_middle_is_known_to_have_made_nothing(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.sees_private = False
    large = {"ro-crate-metadata.json": b"{}", "noise.bin": random.Random(1).randbytes(16 << 20)}
    proxy = CuttingProxy(service.port)
    deposit(depositor(proxy.port), parcel(tmp_path, mark="learn"), Journal(tmp_path / "learn"))
    before, post = len(service.store.items), proxy.seen - 1
    proxy.close()
    proxy = CuttingProxy(service.port, [Cut(at=post, where="request", bytes=1 << 20)])
    of = parcel(tmp_path, files=large)
    with pytest.raises(OutsideFailed):
        deposit(depositor(proxy.port), of, journal)
    assert journal.get("weko_sent") is False
    deposit(depositor(proxy.port), of, journal)
    proxy.close()
    assert len(service.store.items) == before + 1


def lost(service: Service, of_folder: Path, journal: Journal, **answers: str) -> None:
    """Deposit so that the POST's answer is lost."""
    service.trouble.planned.clear()
    proxy = CuttingProxy(service.port, [Cut(at=2, where="answer")])
    with pytest.raises(OutsideFailed, match="not known whether"):
        deposit(depositor(proxy.port, sleep=lambda _: None), parcel(of_folder, **answers), journal)
    proxy.close()


def test_what_a_lost_answer_made_is_found_by_its_mark_though_the_index_is_late(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.lag = 2
    lost(service, tmp_path, journal)
    waits: list[float] = []
    receipt = deposit(depositor(service.port, sleep=waits.append), parcel(tmp_path), journal)
    (item,) = service.store.items.values()
    assert receipt.record == item.recid
    assert waits, "it looked again before it said that there is nothing"


def test_a_repository_that_shows_nothing_makes_a_person_look_and_is_sent_nothing(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.sees_private = False
    lost(service, tmp_path, journal)
    made = depositor(service.port)
    for answers in ({}, {"record": "5"}):
        with pytest.raises((Conflict, NotFound)):
            deposit(made, parcel(tmp_path, **answers), journal)
    assert len(service.store.items) == 1
    with pytest.raises(Conflict, match="not known what"):
        made.discard(journal)
    (item,) = service.store.items.values()
    receipt = deposit(made, parcel(tmp_path, record=item.recid), journal)
    assert receipt.record == item.recid
    assert len(service.store.items) == 1


def test_resend_counts_only_after_a_person_was_asked_to_look(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.sees_private = False
    lost(service, tmp_path, journal, resend="yes")
    (item,) = service.store.items.values()
    item.deleted = True  # as if it had not been made
    made = depositor(service.port)
    with pytest.raises(Conflict) as caught:
        deposit(made, parcel(tmp_path, resend="yes"), journal)
    assert "--set resend yes" in caught.value.hint
    assert "--set record" in caught.value.hint
    deposit(made, parcel(tmp_path, resend="yes"), journal)
    assert len(service.store.living()) == 1


def test_where_private_items_are_seen_a_missing_one_is_sent_again_by_itself(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    use(service.port)
    before = set(service.store.items)
    lost(service, tmp_path, journal)
    (made,) = set(service.store.items) - before
    service.store.items[made].deleted = True  # as if it had not been made
    deposit(depositor(service.port), parcel(tmp_path), journal)
    assert len(service.store.living()) == 2


def test_what_a_lost_answer_began_is_found_among_the_activities(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    made = depositor(service.port, token=WORKFLOW_TOKEN)
    deposit(made, parcel(tmp_path, mark="earlier"), Journal(tmp_path / "earlier"))
    proxy = CuttingProxy(service.port, [Cut(at=2, where="answer")])
    through = depositor(proxy.port, token=WORKFLOW_TOKEN)
    with pytest.raises(OutsideFailed):
        deposit(through, parcel(tmp_path), journal)
    proxy.close()
    receipt = deposit(made, parcel(tmp_path), journal)
    assert len(service.store.activities) == 2
    assert receipt.record_url.endswith(service.store.activities[1].identifier)


def test_two_new_activities_of_one_title_are_for_a_person_to_tell_apart(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    proxy = CuttingProxy(service.port, [Cut(at=2, where="answer")])
    with pytest.raises(OutsideFailed):
        deposit(depositor(proxy.port, token=WORKFLOW_TOKEN), parcel(tmp_path), journal)
    proxy.close()
    made = depositor(service.port, token=WORKFLOW_TOKEN)
    deposit(made, parcel(tmp_path, mark="other"), Journal(tmp_path / "other"))
    with pytest.raises(Conflict) as caught:
        deposit(made, parcel(tmp_path), journal)
    first, second = service.store.activities
    assert first.identifier in caught.value.hint
    assert second.identifier in caught.value.hint
    receipt = deposit(made, parcel(tmp_path, record=first.identifier), journal)
    assert receipt.record_url.endswith(first.identifier)
    assert len(service.store.activities) == 2


def test_a_lost_token_proves_nothing(service: Service, journal: Journal, tmp_path: Path) -> None:
    lost(service, tmp_path, journal, publish="workflow")
    with pytest.raises(Refused, match="not accepted"):
        deposit(depositor(service.port, token="expired"), parcel(tmp_path), journal)
    assert journal.get("weko_sent")
    with pytest.raises(Conflict):
        deposit(depositor(service.port, token=OTHER_TOKEN), parcel(tmp_path), journal)
    assert len(service.store.items) == 1


def test_a_failure_that_weko_tells_after_it_made_the_item_makes_no_second_one(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.mail_fails = True
    with pytest.raises(OutsideFailed, match="Failed to import item"):
        deposit(depositor(service.port), parcel(tmp_path), journal)
    receipt = deposit(depositor(service.port), parcel(tmp_path), journal)
    assert [receipt.record] == list(service.store.items)


@pytest.mark.parametrize("title", ['"Tides" AND > OR', "a/b\\c: NOT", "潮汐（1）<3>", "— …"])
def test_a_title_of_signs_breaks_no_search(
    service: Service, journal: Journal, tmp_path: Path, title: str
) -> None:
    use(service.port)
    said = record_of(replace(DESCRIPTION, title=title, translations=()))
    proxy = CuttingProxy(service.port, [Cut(at=1 if title == "— …" else 2, where="answer")])
    with pytest.raises(OutsideFailed):
        deposit(depositor(proxy.port), parcel(tmp_path, said=said), journal)
    proxy.close()
    deposit(depositor(service.port), parcel(tmp_path, said=said), journal)
    assert len(service.store.items) == 2


def test_another_address_of_the_repository_is_said(journal: Journal, tmp_path: Path) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        status = 301 if scope["method"] == "POST" else 404
        headers = [(b"location", b"https://example.repo.nii.ac.jp/x?token=1")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    with served(app) as port, pytest.raises(BadInput, match="another address") as caught:
        deposit(depositor(port), parcel(tmp_path), journal)
    assert "https://example.repo.nii.ac.jp/x" in caught.value.hint
    assert "token" not in caught.value.hint
    assert not journal.get("weko_sent")
