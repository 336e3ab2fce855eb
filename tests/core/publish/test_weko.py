"""Deposits in a WEKO: made once, told truly, and found again where an answer got lost."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from doubles.serving import Cut, CuttingProxy, Trouble, served
from doubles.weko import weko
from doubles.weko_parcels import deposit, depositor, parcel, record_of
from doubles.weko_store import OWNER_TOKEN, SCOPES, WORKFLOW_TOKEN, Store, Token
from doubles.weko_wire import Wire
from recrate.model.deposit import DepositStatus, Place
from recrate.model.errors import (
    BadInput,
    Busy,
    Conflict,
    NotFound,
    RecrateError,
    Refused,
)
from recrate.model.record import LinkRelation, RecordLink
from recrate.outside.web import WebSettings
from recrate.publish.journal import Journal
from recrate.publish.weko_options import settings_of
from recrate.publish.weko_view import mark_word


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


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_a_deposit_is_private_by_default(
    service: Service, journal: Journal, tmp_path: Path, way: str
) -> None:
    of = parcel(tmp_path, way=way)
    receipt = deposit(depositor(service.port), of, journal)
    (item,) = service.store.items.values()
    assert receipt.status is DepositStatus.DRAFT
    assert receipt.record == item.recid
    assert receipt.record_url == f"http://127.0.0.1:{service.port}/records/{item.recid}"
    assert receipt.doi is None
    assert "private" in receipt.notes[0]
    assert not item.public
    expected = {"Tides-of-the-Inland-Sea.bag.zip"} if way == "whole" else {
        "analysis.ipynb", "code%2Fmodel.py", "data%2F%E8%A6%B3%E6%B8%AC%201.csv", "a%20b.txt",
        "original-ro-crate-metadata.json",
    }  # fmt: skip
    assert set(item.files) == expected
    assert not list(journal.folder.glob("*.zip")), "the package is cleared away"


def test_a_public_deposit_has_its_doi_and_its_file(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    of = parcel(tmp_path, publish="public", doi_prefix="10.5072", on_behalf_of="taro@example.ac.jp")
    receipt = deposit(depositor(service.port), of, journal)
    (item,) = service.store.items.values()
    assert receipt.status is DepositStatus.PUBLISHED
    assert receipt.doi == item.doi == f"10.5072/{int(item.recid):010d}"
    assert item.shared == ("taro",)
    assert receipt.file_url is not None
    path = receipt.file_url.split("/", 3)[3]
    content = Wire(service.port, service.store).ask("GET", path).content
    assert content == item.files["Tides-of-the-Inland-Sea.bag.zip"]
    assert any("DOI" in note for note in receipt.notes)
    assert deposit(depositor(service.port), of, journal) == receipt, "and once only"
    assert len(service.store.items) == 1


def test_a_workflow_hands_in_and_names_its_page(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    of = parcel(tmp_path, publish="workflow")
    made = depositor(service.port, token=WORKFLOW_TOKEN)
    receipt = deposit(made, of, journal)
    (activity,) = service.store.activities
    assert receipt.status is DepositStatus.HANDED_IN
    assert receipt.record_url.endswith(f"/workflow/activity/detail/{activity.identifier}")
    assert deposit(made, of, journal) == receipt
    with pytest.raises(Conflict, match="no draft"):
        made.discard(journal)
    assert len(service.store.activities) == 1


def test_a_workflow_that_stops_halfway_is_handed_in_and_never_sent_again(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    service.store.halfway = "Failed to set the index."
    made = depositor(service.port, token=WORKFLOW_TOKEN)
    receipt = deposit(made, parcel(tmp_path), journal)
    assert receipt.status is DepositStatus.HANDED_IN
    deposit(made, parcel(tmp_path), journal)
    assert len(service.store.activities) == 1


def test_a_new_version_replaces_its_record(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    first = deposit(depositor(service.port), parcel(tmp_path), journal)
    for earlier in (first.record, first.record_url):
        of = parcel(tmp_path, mark=earlier, new_version_of=earlier)
        again = Journal(tmp_path / mark_word(earlier))
        receipt = deposit(depositor(service.port), of, again)
        assert receipt.record == first.record
    (item,) = service.store.items.values()
    assert item.versions == 3
    strange = parcel(tmp_path, new_version_of="https://zenodo.org/records/1")
    with pytest.raises(NotFound, match="no record of this repository"):
        deposit(depositor(service.port), strange, Journal(tmp_path / "strange"))


def test_a_private_item_is_made_public_by_a_later_call(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    made = depositor(service.port)
    draft = deposit(made, parcel(tmp_path, draft=True, publish="public"), journal)
    assert draft.status is DepositStatus.DRAFT
    of = parcel(tmp_path, publish="public", doi_prefix="10.5072")
    receipt = deposit(made, of, journal)
    (item,) = service.store.items.values()
    assert (receipt.status, receipt.record) == (DepositStatus.PUBLISHED, draft.record)
    assert item.public
    assert receipt.doi == item.doi is not None
    assert item.versions == 1
    assert not made.discard(journal), "what is public stays"


def test_a_private_item_is_discarded_once(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    made = depositor(service.port)
    assert not made.discard(journal)
    deposit(made, parcel(tmp_path), journal)
    assert made.discard(journal)
    assert not service.store.living()
    assert not made.discard(journal)
    deposit(made, parcel(tmp_path), journal)
    assert len(service.store.living()) == 1, "and may be deposited again"


def test_a_deleted_item_whose_answer_got_lost_counts_as_discarded(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    deposit(depositor(service.port), parcel(tmp_path), journal)
    proxy = CuttingProxy(service.port, [Cut(at=0, where="answer")])
    assert depositor(proxy.port).discard(journal)
    proxy.close()
    assert not service.store.living()


def test_no_relation_is_written_into_a_record(service: Service) -> None:
    link = RecordLink(target="https://doi.org/10.5072/x", relation=LinkRelation.REVIEWS)
    made = depositor(service.port)
    assert not made.relate(f"http://127.0.0.1:{service.port}/records/96568", link)


REFUSALS: dict[str, tuple[str, type[RecrateError], str, str]] = {
    "no client": ("client", BadInput, "No SWORD API setting", "docs/publishing-weko.md"),
    "no scope": ("scope", Refused, "Not allowed operation", "item:create"),
    "no token": ("token", Refused, "not accepted", "new token"),
    "index": ("index", BadInput, "does not exist in system", "`index`"),
    "prefix": ("prefix", BadInput, "Prefix of DOI", "`doi_prefix`"),
    "size": ("size", Refused, "too large", "recrate refer"),
    "schemes": ("schemes", BadInput, "is not one of", "identifier_schemes"),
    "on behalf of": ("behalf", BadInput, "No user found", "`on_behalf_of`"),
    "limited": ("limited", Busy, "too many", "come back"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_says_what_and_what_to_do_and_leaves_nothing_unclear(
    service: Service, journal: Journal, tmp_path: Path, case: str
) -> None:
    what, kind, words, hint = REFUSALS[case]
    store, answers = service.store, {"publish": "public"}
    if what == "client":
        store.clients.clear()
    elif what == "scope":
        store.tokens[OWNER_TOKEN] = Token("hanako", scopes=SCOPES - {"item:create"})
    elif what == "token":
        store.tokens.pop(OWNER_TOKEN)
    elif what == "index":
        answers["index"] = "7"
    elif what == "prefix":
        answers["doi_prefix"] = "10.9999"
    elif what == "size":
        store.maximum_bytes = 10
    elif what == "schemes":
        store.schemes = ()
    elif what == "behalf":
        answers["on_behalf_of"] = "nobody@example.org"
    else:
        service.trouble.planned.append(("POST", "/sword/service-document", 429, {}))
    of = parcel(tmp_path, **answers)
    with pytest.raises(kind, match=f"(?i){words}") as caught:
        deposit(depositor(service.port), of, journal)
    assert hint in caught.value.hint
    assert OWNER_TOKEN not in f"{caught.value} {caught.value.hint}"
    assert not journal.get("weko_sent"), "it is certain that nothing was made"
    assert not store.items


def test_a_short_wait_that_is_asked_for_is_waited(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    waits: list[float] = []
    service.trouble.planned.append(("POST", "/sword/service-document", 429, {"Retry-After": "3"}))
    deposit(depositor(service.port, sleep=waits.append), parcel(tmp_path), journal)
    assert waits == [3.0]
    assert len(service.store.items) == 1


def test_a_journal_and_a_package_hold_no_token(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    deposit(depositor(service.port), parcel(tmp_path), journal)
    kept = (journal.folder / "journal.jsonl").read_bytes()
    sent = b"".join(b"".join(item.files.values()) for item in service.store.items.values())
    assert OWNER_TOKEN.encode() not in kept + sent
    assert OWNER_TOKEN in service.store.received[0]["authorization"]


def test_the_request_is_the_documented_one(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    deposit(depositor(service.port), parcel(tmp_path), journal)
    told = service.store.received[0]
    assert told["content-disposition"] == "attachment; filename=Tides-of-the-Inland-Sea.bag.zip"
    assert told["packaging"] == "http://purl.org/net/sword/3.0/package/SimpleZip"
    assert told["digest"].removeprefix("SHA-256=").islower()
    assert "on-behalf-of" not in told
    assert int(told["content-length"]) > 0


@pytest.mark.parametrize(
    "answers",
    [
        {"url": ""}, {"url": "ftp://x.org"}, {"url": "https://u@x.org"}, {"index": "top"},
        {"way": "other"}, {"doi_prefix": "10.5072/abc"}, {"on_behalf_of": "a\nb"},
        {"resource_type": "poem"},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_right_is_refused_with_a_hint(answers: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        settings_of({"url": "https://example.repo.nii.ac.jp", **answers})
    assert caught.value.hint


def test_a_place_without_an_address_makes_no_depositor() -> None:
    made = depositor(1)
    with pytest.raises(BadInput):
        type(made)(Place(name="x", kind="weko"), made._surroundings)


def test_a_replay_is_deposited_too(service: Service, journal: Journal, tmp_path: Path) -> None:
    crate = depositor(service.port)
    first = deposit(crate, parcel(tmp_path, mark="study"), Journal(tmp_path / "study"))
    link = RecordLink(target=first.record_url, relation=LinkRelation.REVIEWS)
    deposit(crate, parcel(tmp_path, said=record_of(links=(link,))), journal)
    newest = service.store.items[max(service.store.items)]
    assert newest.links == ((first.record_url, "references"),)


def test_what_weko_does_before_it_answers_is_waited_for(journal: Journal, tmp_path: Path) -> None:
    app = weko(Store())

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await asyncio.sleep(3)
        await app(scope, receive, send)

    web = WebSettings(timeout_seconds=1.5, private_hosts=("127.0.0.1",))
    with served(slow) as port:
        receipt = deposit(depositor(port, web=web), parcel(tmp_path), journal)
    assert receipt.record == "96568"


def test_a_related_record_that_is_gone_is_named_as_the_cause(
    service: Service, journal: Journal, tmp_path: Path
) -> None:
    gone = f"http://127.0.0.1:{service.port}/records/5"
    link = RecordLink(target=gone, relation=LinkRelation.REVIEWS)
    with pytest.raises(BadInput, match="Linking item") as caught:
        deposit(depositor(service.port), parcel(tmp_path, said=record_of(links=(link,))), journal)
    assert "related record" in caught.value.hint
