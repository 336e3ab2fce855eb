"""DataCite: a DOI is made once, leads to the site's page, and tells of its versions."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from datacite_bench import ATTRIBUTES, URL, Bench
from doubles.datacite import ACCOUNT, PASSWORD, PREFIX, Account, Doi, datacite
from doubles.serving import Trouble, served
from recrate.model.deposit import DepositStatus
from recrate.model.errors import BadInput, Busy, Conflict, OutsideFailed, RecrateError, Refused
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.publish.datacite_metadata import doi_of
from recrate.publish.journal import Journal


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    app = datacite()
    trouble = Trouble(app)
    with served(trouble) as port:
        yield Bench(tmp_path, app, trouble, port)


def test_a_reserved_doi_is_a_draft_that_says_the_mark(bench: Bench) -> None:
    reserved = bench.depositor().reserve(bench.parcel(), bench.journal(), silent)
    assert reserved.doi == doi_of(PREFIX, "m1")
    assert reserved.record_url == f"{URL}tide-prediction-for-the-seto-inland-sea/v1/"
    held = bench.dois[reserved.doi]
    assert held.state == "draft"
    assert [one["identifierType"] for one in held.attributes["identifiers"]] == [
        "recrate identity",
        "recrate deposit",
    ]
    assert "url" not in held.attributes


def test_reserving_again_finds_the_same_draft(bench: Bench) -> None:
    first = bench.depositor().reserve(bench.parcel(), bench.journal(), silent)
    assert bench.depositor().reserve(bench.parcel(), bench.journal(), silent) == first
    assert list(bench.dois) == [first.doi]
    assert bench.app.state.store.requests.count("POST /dois") == 1


def test_a_published_doi_is_findable_and_leads_to_a_page_that_names_it(bench: Bench) -> None:
    receipt = bench.publish()
    held = bench.dois[receipt.doi]
    assert held.state == "findable"
    assert held.attributes["url"] == receipt.record_url
    page = bench.folder / "site" / receipt.record_url.removeprefix(URL) / "index.html"
    assert f'<link rel="cite-as" href="https://doi.org/{receipt.doi}">' in page.read_text()
    assert receipt.record == receipt.doi
    assert receipt.status is DepositStatus.PUBLISHED
    assert receipt.file_url.startswith(receipt.record_url)


def test_a_published_doi_names_the_publisher_and_no_mark(bench: Bench) -> None:
    receipt = bench.publish()
    told = bench.dois[receipt.doi].attributes
    assert told["publisher"] == {"name": "Kyoto University"}
    assert [one["identifierType"] for one in told["identifiers"]] == ["recrate identity"]


def test_publishing_again_changes_nothing(bench: Bench) -> None:
    first = bench.publish()
    before = list(bench.app.state.store.requests)
    assert bench.publish() == first
    after = bench.app.state.store.requests[len(before) :]
    assert {one.split()[0] for one in after} == {"GET"}


def test_a_draft_stays_a_draft_and_can_be_published_later(bench: Bench) -> None:
    draft = bench.publish(draft=True)
    assert (draft.status, bench.dois[draft.doi].state) == (DepositStatus.DRAFT, "draft")
    listed = json.loads((bench.folder / "site" / "crates.json").read_text())
    assert listed["crates"] == []
    receipt = bench.publish()
    assert (receipt.doi, bench.dois[draft.doi].state) == (draft.doi, "findable")
    assert list((bench.folder / "site" / "drafts").iterdir()) == []


def test_two_versions_name_one_another(bench: Bench) -> None:
    first = bench.publish("m1")
    second = bench.publish("m2", version_of=first.record, text="new\n")
    assert second.record_url.endswith("/v2/")
    assert second.notes == ()
    newer = bench.dois[second.doi].attributes["relatedIdentifiers"]
    older = bench.dois[first.doi].attributes["relatedIdentifiers"]
    own = {"relatedIdentifierType": "DOI"}
    assert {**own, "relatedIdentifier": first.doi, "relationType": "IsNewVersionOf"} in newer
    assert older == [
        {**own, "relatedIdentifier": second.doi, "relationType": "IsPreviousVersionOf"}
    ]


def test_an_interrupted_new_version_still_tells_the_old_one_once(bench: Bench) -> None:
    first = bench.publish("m1")
    bench.trouble.planned.append(("PUT", first.doi, 403, {}))
    noted = bench.publish("m2", version_of=first.record, text="new\n")
    assert "does not name this new version" in noted.notes[0]
    assert bench.publish("m2", version_of=first.record, text="new\n").notes == ()
    bench.publish("m2", version_of=first.record, text="new\n")
    assert len(bench.dois[first.doi].attributes["relatedIdentifiers"]) == 1


def test_a_relation_is_written_once_and_keeps_the_others(bench: Bench) -> None:
    known = {
        "relatedIdentifier": "10.1000/Paper",
        "relatedIdentifierType": "DOI",
        "relationType": "IsSupplementTo",
    }
    receipt = bench.publish(attributes={**ATTRIBUTES, "relatedIdentifiers": [known]})
    verdict = RecordLink(
        target="https://doi.org/10.5281/zenodo.1",
        relation=LinkRelation.IS_REVIEWED_BY,
        resource_type="Report",
        information="re-execution",
    )
    for record in (receipt.doi, f"https://doi.org/{receipt.doi.upper()}", receipt.record_url):
        assert bench.depositor().relate(record, verdict) is True
    told = bench.dois[receipt.doi]
    assert told.state == "findable"
    assert told.attributes["relatedIdentifiers"] == [
        known,
        {
            "relatedIdentifier": "10.5281/zenodo.1",
            "relatedIdentifierType": "DOI",
            "relationType": "IsReviewedBy",
            "resourceTypeGeneral": "Report",
            "relationTypeInformation": "re-execution",
        },
    ]
    page = bench.folder / "site" / receipt.record_url.removeprefix(URL) / "index.html"
    assert "https://doi.org/10.5281/zenodo.1" in page.read_text()


@pytest.mark.parametrize(
    "record", ["10.99999/x", "https://elsewhere.example.org/1", "", "10.12345/no"]
)
def test_a_record_of_somebody_else_is_not_related(bench: Bench, record: str) -> None:
    link = RecordLink(target="https://doi.org/10.1/x1", relation=LinkRelation.CITES)
    assert bench.depositor().relate(record, link) is False


def test_a_relation_that_the_account_may_not_write_is_not_written(bench: Bench) -> None:
    receipt = bench.publish()
    bench.dois[receipt.doi].account = "OTHER.REPO"
    link = RecordLink(target="https://doi.org/10.1/x1", relation=LinkRelation.CITES)
    assert bench.depositor().relate(receipt.doi, link) is False


def test_discarding_deletes_the_draft_and_its_page(bench: Bench) -> None:
    bench.publish(draft=True)
    assert bench.depositor().discard(bench.journal()) is True
    assert bench.dois == {}
    assert list((bench.folder / "site" / "drafts").iterdir()) == []
    assert bench.depositor().discard(bench.journal()) is False


def test_discarding_takes_down_a_page_whose_doi_was_never_registered(bench: Bench) -> None:
    bench.trouble.planned.append(("PUT", "", 422, {}))
    with pytest.raises(BadInput):
        bench.publish()
    assert bench.depositor().discard(bench.journal()) is True
    assert bench.dois == {}
    assert json.loads((bench.folder / "site" / "crates.json").read_text())["crates"] == []
    assert not (bench.folder / "site" / "tide-prediction-for-the-seto-inland-sea").exists()


def test_a_findable_doi_is_never_discarded(bench: Bench) -> None:
    receipt = bench.publish()
    assert bench.depositor().discard(bench.journal()) is False
    assert bench.dois[receipt.doi].state == "findable"


def test_a_doi_of_another_deposit_is_not_written_over(bench: Bench) -> None:
    doi = doi_of(PREFIX, "m1")
    bench.dois[doi] = Doi(ACCOUNT, "draft", {"doi": doi, "titles": [{"title": "Another"}]})
    with pytest.raises(Conflict) as caught:
        bench.publish()
    assert "belongs to another record" in str(caught.value)
    assert bench.dois[doi].attributes["titles"] == [{"title": "Another"}]
    assert bench.depositor().discard(bench.journal()) is True
    assert doi in bench.dois


def test_a_doi_that_somebody_else_holds_as_a_draft_is_a_conflict(bench: Bench) -> None:
    doi = doi_of(PREFIX, "m1")
    bench.dois[doi] = Doi("OTHER.REPO", "draft", {"doi": doi})
    with pytest.raises(Conflict):
        bench.publish()


def test_a_lost_session_finds_its_doi_without_a_journal(bench: Bench) -> None:
    receipt = bench.publish()
    again = bench.depositor().deposit(
        bench.parcel(), Journal(bench.folder / "journals" / "lost"), silent
    )
    assert again == receipt
    assert list(bench.dois) == [receipt.doi]


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (("GET", "/dois", 401, {}), Refused),
        (("POST", "/dois", 403, {}), Refused),
        (("PUT", "/dois", 404, {}), BadInput),
        (("PUT", "/dois", 422, {}), BadInput),
        (("POST", "/dois", 429, {"Retry-After": "3600"}), Busy),
        (("POST", "/dois", 500, {}), OutsideFailed),
    ],
)
def test_a_refusal_is_told_and_going_on_makes_one_doi(
    bench: Bench, plan: tuple[str, str, int, dict[str, str]], error: type[RecrateError]
) -> None:
    bench.trouble.planned.append(plan)
    with pytest.raises(error) as caught:
        bench.publish()
    assert caught.value.hint
    assert PASSWORD not in str(caught.value) + caught.value.hint
    receipt = bench.publish()
    assert bench.app.state.store.of("findable") == [receipt.doi]
    assert bench.app.state.store.of("draft") == []


def test_a_short_wait_is_waited_for(bench: Bench) -> None:
    bench.trouble.planned.append(("POST", "/dois", 429, {"Retry-After": "7"}))
    bench.publish()
    assert bench.slept == [7.0]


def test_an_account_outside_its_domains_is_told_so(bench: Bench) -> None:
    bench.app.state.store.accounts[ACCOUNT] = Account(PASSWORD, (PREFIX,), ("elsewhere.jp",))
    with pytest.raises(BadInput, match="domain settings"):
        bench.publish()


def test_the_password_is_in_no_file_and_no_word_of_ours(bench: Bench) -> None:
    encoded = base64.b64encode(f"{ACCOUNT}:{PASSWORD}".encode()).decode()
    depositor = bench.depositor()
    receipt = depositor.deposit(bench.parcel(), bench.journal(), silent)
    told = [repr(depositor), repr(receipt), repr(depositor._dois)]
    told += [
        one.read_bytes().decode("utf-8", "replace")
        for one in bench.folder.rglob("*")
        if one.is_file()
    ]
    assert len(told) > 20
    assert not [one for one in told if PASSWORD in one or encoded in one]
