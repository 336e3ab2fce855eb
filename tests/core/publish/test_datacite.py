"""DataCite: a DOI is made once, leads to the site's page, and tells of its versions."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from doubles.datacite import ACCOUNT, PASSWORD, PREFIX, Account, Doi, datacite
from doubles.serving import Trouble, served
from recrate.model.deposit import DepositStatus, Place
from recrate.model.errors import BadInput, Busy, Conflict, OutsideFailed, RecrateError, Refused
from recrate.model.finding import Severity
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.secret import Secret
from recrate.publish.datacite import DataCite, account_of
from recrate.publish.datacite_metadata import doi_of
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal
from site_parcels import DOCUMENTS, parcel, surroundings

URL = "https://crates.example.ac.jp/"
ATTRIBUTES: dict[str, Any] = {
    "creators": [{"name": "Yamada, Hanako"}],
    "titles": [{"title": "Tide prediction"}],
    "publisher": {"name": "(:unav)"},
    "publicationYear": "2026",
    "types": {"resourceTypeGeneral": "ComputationalNotebook"},
    "alternateIdentifiers": [
        {"alternateIdentifier": "sha256:1", "alternateIdentifierType": "recrate identity"}
    ],
    "url": "https://old.example.org/",
}


class Bench:
    """The double, and depositors that know it."""

    def __init__(self, folder: Path, app: Starlette, trouble: Trouble, port: int) -> None:
        self.folder, self.app, self.trouble, self.port = folder, app, trouble, port
        self.slept: list[float] = []

    @property
    def dois(self) -> dict[str, Doi]:
        """What the service holds."""
        found: dict[str, Doi] = self.app.state.store.dois
        return found

    def depositor(self, secret: str | None = f"{ACCOUNT}:{PASSWORD}", **answers: str) -> DataCite:
        """Make a depositor, as a new process does."""
        told = {
            "folder": str(self.folder / "site"),
            "url": URL,
            "prefix": PREFIX,
            "api": f"http://127.0.0.1:{self.port}/",
            "publisher": "Kyoto University",
            **answers,
        }
        place = Place(name="kyoto", kind="datacite", answers=told)
        token = Secret(secret) if secret else None
        return DataCite(place, surroundings(token), sleep=self.slept.append)

    def parcel(self, mark: str = "m1", **more: Any) -> Parcel:
        """Return a parcel with what DataCite is told."""
        attributes = more.pop("attributes", ATTRIBUTES)
        documents = {**DOCUMENTS, "datacite-json": json.dumps(attributes).encode()}
        return parcel(self.folder, mark, documents=documents, **more)

    def journal(self, mark: str = "m1") -> Journal:
        """Read a deposit's journal anew."""
        return Journal(self.folder / "journals" / mark)

    def publish(self, mark: str = "m1", **more: Any) -> Any:
        """Deposit from beginning to end."""
        return self.depositor().deposit(self.parcel(mark, **more), self.journal(mark), silent)


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


def test_preflight_has_nothing_to_say_of_a_whole_record(bench: Bench) -> None:
    assert bench.depositor().preflight(bench.parcel()) == ()


def codes(bench: Bench, make: Callable[[], DataCite], **more: Any) -> dict[str, Severity]:
    """Return what preflight says, by code."""
    return {one.code: one.severity for one in make().preflight(bench.parcel(**more))}


@pytest.mark.parametrize("missing", ["creators", "titles", "publicationYear", "types"])
def test_preflight_names_what_datacite_wants(bench: Bench, missing: str) -> None:
    told = {name: value for name, value in ATTRIBUTES.items() if name != missing}
    found = list(bench.depositor().preflight(bench.parcel(attributes=told)))
    assert [(one.code, one.severity) for one in found] == [("datacite-missing", Severity.ERROR)]
    assert (found[0].subject or "").startswith(missing)


def test_preflight_warns_of_a_publisher_that_nobody_named(bench: Bench) -> None:
    found = codes(bench, lambda: bench.depositor(publisher=""))
    assert found == {"datacite-unknown": Severity.WARNING}


def test_preflight_tells_a_wrong_account_from_a_wrong_prefix(bench: Bench) -> None:
    wrong = codes(bench, lambda: bench.depositor(f"{ACCOUNT}:guessed"))
    assert wrong == {"datacite-token": Severity.ERROR}
    assert codes(bench, lambda: bench.depositor(None)) == {"datacite-token": Severity.ERROR}
    other = codes(bench, lambda: bench.depositor(prefix="10.99999"))
    assert other == {"datacite-prefix": Severity.ERROR}


def test_preflight_of_a_silent_service_is_a_note(bench: Bench) -> None:
    bench.trouble.planned += [("GET", "/prefixes", 500, {})] * 10
    assert codes(bench, bench.depositor) == {"datacite-silent": Severity.NOTE}


def test_a_site_without_a_public_address_gets_no_doi(bench: Bench) -> None:
    with pytest.raises(BadInput, match="public address"):
        bench.depositor(url="")


@pytest.mark.parametrize("prefix", ["", "10", "11.12345", "10.12345/abc", "10.1234567"])
def test_what_is_no_prefix_is_refused(bench: Bench, prefix: str) -> None:
    with pytest.raises(BadInput, match="prefix"):
        bench.depositor(prefix=prefix)


@pytest.mark.parametrize("api", ["http://api.example.org/", "ftp://x/", "api.datacite.org"])
def test_a_password_goes_over_https_only(bench: Bench, api: str) -> None:
    with pytest.raises(BadInput, match="API"):
        bench.depositor(api=api)


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


@pytest.mark.parametrize("token", ["no-colon", ":f00tball", "KYOTO:"])
def test_a_token_of_another_form_is_refused_without_being_told(token: str) -> None:
    with pytest.raises(BadInput) as caught:
        account_of(Secret(token))
    assert token not in f"{caught.value}{caught.value.hint}"


def test_an_empty_document_for_datacite_is_refused(bench: Bench) -> None:
    bare = replace(bench.parcel(), documents={})
    with pytest.raises(BadInput, match="cannot be read"):
        bench.depositor().deposit(bare, bench.journal(), silent)


LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def fits(doi: str) -> bool:
    """Say whether the check digits are right. Source: ISO 7064, MOD 97-10."""
    signs = doi.partition("/")[2].replace("-", "")
    number = 0
    for sign in signs[:8]:
        number = number * 32 + LETTERS.index(sign)
    return (number * 100 + int(signs[8:])) % 97 == 1


@given(st.text(min_size=1, max_size=40), st.integers(0, 9), st.sampled_from(LETTERS))
def test_a_doi_is_short_and_one_wrong_sign_is_noticed(mark: str, at: int, sign: str) -> None:
    doi = doi_of(PREFIX, mark)
    assert re.fullmatch(r"10\.12345/[0-9a-hj-km-np-tv-z]{4}-[0-9a-hj-km-np-tv-z]{4}-\d\d", doi)
    assert fits(doi)
    place = [9, 10, 11, 12, 14, 15, 16, 17, 19, 20][at]
    meant = sign if place < 18 else str(LETTERS.index(sign) % 10)
    if doi[place] != meant:
        assert not fits(doi[:place] + meant + doi[place + 1 :])
