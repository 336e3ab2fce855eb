"""The static site: what is written where, once, and what is kept from the public."""

import hashlib
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recrate.model.deposit import DepositStatus, Receipt
from recrate.model.errors import BadCrate, BadInput, Conflict, NotFound
from recrate.model.finding import Severity
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.study import Access, AccessRight, Language
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from site_parcels import DESCRIPTION, PEOPLE, parcel, place, surroundings

URL = "https://crates.example.ac.jp/crates/"
SLUG = "tide-prediction-for-the-seto-inland-sea"
LINK = RecordLink(
    target="https://doi.org/10.5281/zenodo.1",
    relation=LinkRelation.IS_REVIEWED_BY,
    title="Verdict",
)


def site(folder: Path, /, **answers: str) -> Site:
    """Return a site as a new process opens it."""
    return Site(place(**{"folder": str(folder / "site"), "url": URL, **answers}), surroundings())


def publish(folder: Path, mark: str = "m1", *, at: Site | None = None, **more: Any) -> Receipt:
    """Deposit from beginning to end."""
    return (at or site(folder)).deposit(
        parcel(folder, mark, **more), Journal(folder / "journals" / mark), silent
    )


def listed(folder: Path) -> list[dict[str, Any]]:
    """Return what the site tells programs."""
    found: list[dict[str, Any]] = json.loads((folder / "site" / "crates.json").read_text())[
        "crates"
    ]
    return found


def closed(right: AccessRight = AccessRight.SHARED, **more: str) -> Any:
    """Return a description that is not open."""
    return replace(DESCRIPTION, access=Access(right=right, **more))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of the site that a web server shows."""
    root = folder / "site"
    return {
        str(one.relative_to(root)): one.read_bytes()
        for one in sorted(root.rglob("*"))
        if one.is_file() and ".recrate" not in one.parts
    }


def test_a_version_has_the_crate_its_metadata_and_a_page_in_two_languages(tmp_path: Path) -> None:
    receipt = publish(tmp_path)
    folder = tmp_path / "site" / SLUG / "v1"
    crate = folder / f"{SLUG}.crate.zip"
    sent = parcel(tmp_path, "m1")
    assert hashlib.sha256(crate.read_bytes()).hexdigest() == sent.sha256
    assert json.loads((folder / "ro-crate-metadata.json").read_text()) == sent.crate.metadata
    assert {one.name for one in folder.iterdir()} == {
        crate.name, "index.html", "index.ja.html", "ro-crate-metadata.json", "citation.bib",
        "citation.ris", "CITATION.cff", "citation.txt", "citation.ja.txt", "codemeta.json",
        "datacite.xml", "jpcoar.xml", "schema-org.jsonld", "linkset.json", "entry.json",
        "files.json", ".htaccess",
    }  # fmt: skip
    assert receipt == Receipt(
        status=DepositStatus.PUBLISHED,
        record=f"{SLUG}/v1",
        record_url=f"{URL}{SLUG}/v1/",
        file_url=f"{URL}{SLUG}/v1/{SLUG}.crate.zip",
        version="v1",
    )


def test_the_reserved_address_is_the_one_that_the_page_gets(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    reserved = site(tmp_path).reserve(parcel(tmp_path, "m1"), journal, silent)
    publish(tmp_path, "m2")
    assert reserved.record_url == publish(tmp_path, "m1").record_url
    assert (
        site(tmp_path, url="").reserve(parcel(tmp_path, "m3"), journal, silent).record_url is None
    )


def test_the_same_deposit_again_is_the_same_record_and_changes_no_byte(tmp_path: Path) -> None:
    first = publish(tmp_path)
    before = tree(tmp_path)
    again = site(tmp_path).deposit(parcel(tmp_path, "m1"), Journal(tmp_path / "lost"), silent)
    assert again == first
    assert tree(tmp_path) == before


def test_two_studies_of_one_title_are_two_records(tmp_path: Path) -> None:
    publish(tmp_path, "m1")
    other = publish(tmp_path, "m2", text="other\n")
    assert other.record == f"{SLUG}-2/v1"
    assert {one["record"] for one in listed(tmp_path)} == {f"{SLUG}/v1", f"{SLUG}-2/v1"}


def test_a_new_version_stands_first_and_the_old_page_says_so(tmp_path: Path) -> None:
    first = publish(tmp_path, "m1")
    second = publish(tmp_path, "m2", version_of=first.record, text="new\n", issued="2026-12-01")
    assert second.record == f"{SLUG}/v2"
    old = (tmp_path / "site" / SLUG / "v1" / "index.html").read_text()
    new = (tmp_path / "site" / SLUG / "v2" / "index.html").read_text()
    assert "There is a newer version" in old
    assert 'href="../v2/index.html"' in old
    assert "There is a newer version" not in new
    assert '<link rel="predecessor-version" href="../v1/">' in new
    leading = (tmp_path / "site" / SLUG / "index.html").read_text()
    assert '<link rel="latest-version" href="v2/">' in leading
    told = json.loads((tmp_path / "site" / SLUG / "versions.json").read_text())
    assert (told["newest"], len(told["versions"])) == (f"{SLUG}/v2", 2)
    assert [one["newest"] for one in listed(tmp_path)] == [True, False]


def test_a_new_version_of_an_old_one_follows_the_newest(tmp_path: Path) -> None:
    first = publish(tmp_path, "m1")
    publish(tmp_path, "m2", version_of=first.record, text="2\n")
    assert publish(tmp_path, "m3", version_of=first.record, text="3\n").record == f"{SLUG}/v3"


@pytest.mark.parametrize("record", ["no-such/v1", "../v1", "10.1234/x", f"{SLUG}/v9", "/etc"])
def test_a_new_version_of_nothing_is_refused_and_told_before(tmp_path: Path, record: str) -> None:
    publish(tmp_path, "m1")
    found = site(tmp_path).preflight(parcel(tmp_path, "m2", version_of=record))
    assert [(one.code, one.severity) for one in found] == [("site-no-such-record", Severity.ERROR)]
    with pytest.raises(NotFound):
        publish(tmp_path, "m2", version_of=record)
    assert len(listed(tmp_path)) == 1


@pytest.mark.parametrize("right", [AccessRight.SHARED, AccessRight.CLOSED, AccessRight.EMBARGOED])
def test_a_crate_that_is_not_open_is_in_no_public_file(tmp_path: Path, right: AccessRight) -> None:
    description = closed(right, contact="data@example.ac.jp", available="2099-01-01")
    receipt = publish(tmp_path, text="SECRET-VALUE\n", description=description)
    root = tmp_path / "site"
    assert not list(root.rglob("*.zip"))
    assert not list(root.rglob("ro-crate-metadata.json"))
    assert not [name for name, content in tree(tmp_path).items() if b"uno.csv" in content]
    page = (root / SLUG / "v1" / "index.html").read_text()
    assert "mailto:data@example.ac.jp" in page
    assert 'rel="item"' not in page
    assert "recrate replay" not in page
    assert receipt.file_url is None
    assert receipt.notes
    assert listed(tmp_path)[0]["file"] is None


def test_what_is_not_shown_is_told_before(tmp_path: Path) -> None:
    found = site(tmp_path).preflight(parcel(tmp_path, "m1", description=closed()))
    assert [(one.code, one.severity) for one in found] == [("site-withheld", Severity.WARNING)]
    assert "contact" in found[0].hint
    assert site(tmp_path).preflight(parcel(tmp_path, "m1")) == ()


def test_an_embargo_that_is_over_keeps_nothing_back(tmp_path: Path) -> None:
    over = closed(AccessRight.EMBARGOED, available="2026-11-21")
    assert publish(tmp_path, description=over).file_url is not None


def test_nobodys_mail_address_or_number_is_in_any_file(tmp_path: Path) -> None:
    publish(tmp_path)
    assert PEOPLE[0].email
    assert PEOPLE[0].erad_number
    for name, content in tree(tmp_path).items():
        assert PEOPLE[0].email.encode() not in content, name
        assert PEOPLE[0].erad_number.encode() not in content, name


def test_a_draft_is_in_no_list_and_is_published_to_its_reserved_place(tmp_path: Path) -> None:
    draft = publish(tmp_path, "m1", draft=True)
    assert draft.status is DepositStatus.DRAFT
    page = tmp_path / "site" / draft.record_url.removeprefix(URL) / "index.html"
    assert "noindex" in page.read_text()
    assert "Draft: not published" in page.read_text()
    publish(tmp_path, "m2")
    assert [one["record"] for one in listed(tmp_path)] == [f"{SLUG}-2/v1"]
    lists = [content for name, content in tree(tmp_path).items() if not name.startswith("drafts/")]
    assert not [one for one in lists if b"drafts/" in one]
    assert publish(tmp_path, "m1").record == draft.record
    assert list((tmp_path / "site" / "drafts").iterdir()) == []


def test_a_discarded_draft_leaves_nothing_and_gives_its_place_back(tmp_path: Path) -> None:
    publish(tmp_path, "m1", draft=True)
    journal = Journal(tmp_path / "journals" / "m1")
    assert site(tmp_path).discard(journal) is True
    assert site(tmp_path).discard(journal) is False
    assert list((tmp_path / "site" / "drafts").iterdir()) == []
    assert publish(tmp_path, "m2").record == f"{SLUG}/v1"


def test_what_is_published_is_not_discarded(tmp_path: Path) -> None:
    publish(tmp_path)
    before = tree(tmp_path)
    assert site(tmp_path).discard(Journal(tmp_path / "journals" / "m1")) is False
    assert tree(tmp_path) == before


@pytest.mark.parametrize("mark", ["../../site", "/etc", "x", ""])
def test_a_journal_that_was_tampered_with_removes_nothing(tmp_path: Path, mark: str) -> None:
    publish(tmp_path)
    before = tree(tmp_path)
    journal = Journal(tmp_path / "tampered")
    journal.note(site_mark=mark)
    with pytest.raises(Conflict):
        site(tmp_path).discard(journal)
    assert tree(tmp_path) == before


NAMES = [f"{SLUG}/v1", f"{URL}{SLUG}/v1/", f"{URL}{SLUG}/v1/index.ja.html",
         "https://doi.org/10.5072/ABC-1", "10.5072/abc-1"]  # fmt: skip


@pytest.mark.parametrize("record", NAMES)
def test_a_relation_is_shown_once_by_any_name_of_the_record(tmp_path: Path, record: str) -> None:
    publish(tmp_path, doi="10.5072/abc-1")
    assert site(tmp_path).relate(record, LINK) is True
    assert site(tmp_path).relate(record, LINK) is True
    page = (tmp_path / "site" / SLUG / "v1" / "index.html").read_text()
    assert page.count(f'href="{LINK.target}"') == 1
    assert "Reviewed in" in page


@pytest.mark.parametrize("record", ["other/v1", "10.5072/abc-9", "https://elsewhere.org/x/v1/", ""])
def test_a_record_that_is_not_here_is_not_related(tmp_path: Path, record: str) -> None:
    assert site(tmp_path).relate(record, LINK) is False
    assert not (tmp_path / "site").exists()
    publish(tmp_path, doi="10.5072/abc-1")
    before = tree(tmp_path)
    assert site(tmp_path).relate(record, LINK) is False
    assert tree(tmp_path) == before


def test_a_site_that_moved_is_written_again_from_what_lies_there(tmp_path: Path) -> None:
    own = {"@type": "Dataset", "@id": f"{URL}{SLUG}/v1/", "url": f"{URL}{SLUG}/v1/"}
    publish(tmp_path, "m1", documents={"schema-org": json.dumps(own).encode()})
    publish(tmp_path, "m2", version_of=f"{SLUG}/v1", text="new\n")
    (tmp_path / "site").rename(tmp_path / "moved")
    for one in (tmp_path / "moved").rglob("index*.html"):
        one.unlink()
    moved = site(tmp_path, folder=str(tmp_path / "moved"), url="https://new.example.org/")
    assert moved.rebuild() == 2
    pages = [
        one.read_text()
        for one in (tmp_path / "moved").rglob("*")
        if one.is_file() and one.suffix in {".html", ".json", ".xml", ".jsonld", ".conf"}
    ]
    assert not [one for one in pages if URL in one]
    told = json.loads((tmp_path / "moved" / "crates.json").read_text())
    assert told["crates"][0]["url"] == f"https://new.example.org/{SLUG}/v2/"


def test_a_new_address_is_on_every_page_after_the_next_deposit(tmp_path: Path) -> None:
    publish(tmp_path, "m1")
    there = site(tmp_path, url="https://new.example.org/")
    publish(tmp_path, "m2", text="other\n", at=there)
    assert not [name for name, content in tree(tmp_path).items() if URL.encode() in content]


def test_somebody_elses_front_page_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<h1>Our institute</h1>")
    found = site(tmp_path).preflight(parcel(tmp_path, "m1"))
    assert [one.code for one in found] == ["site-not-ours"]
    with pytest.raises(Conflict):
        publish(tmp_path)
    assert set(tree(tmp_path)) == {"index.html"}


def test_somebody_elses_headers_file_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "_headers").write_text("/*\n  X-Frame-Options: DENY\n")
    publish(tmp_path)
    assert (tmp_path / "site" / "_headers").read_text().startswith("/*\n")


def test_a_file_that_changed_on_the_way_is_not_published(tmp_path: Path) -> None:
    sent: Parcel = parcel(tmp_path, "m1")
    sent.file.write_bytes(sent.file.read_bytes() + b"\0")
    with pytest.raises(BadCrate, match="changed"):
        site(tmp_path).deposit(sent, Journal(tmp_path / "journal"), silent)
    assert not (tmp_path / "site" / SLUG).exists()


def test_a_damaged_entry_is_named_and_nothing_drops_out_of_the_lists(tmp_path: Path) -> None:
    publish(tmp_path, "m1")
    before = tree(tmp_path)["crates.json"]
    entry = tmp_path / "site" / SLUG / "v1" / "entry.json"
    entry.write_text("{}")
    with pytest.raises(BadInput) as caught:
        publish(tmp_path, "m2")
    assert caught.value.where == str(entry)
    assert tree(tmp_path)["crates.json"] == before


def test_eight_people_who_publish_at_once_get_eight_records(tmp_path: Path) -> None:
    parcels = [parcel(tmp_path, f"m{n}", text=f"{n}\n") for n in range(8)]
    records: list[str] = []

    def work(one: Parcel) -> None:
        journal = Journal(tmp_path / "journals" / one.order.mark)
        records.append(site(tmp_path).deposit(one, journal, silent).record)

    threads = [threading.Thread(target=work, args=(one,)) for one in parcels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(records)) == 8
    assert {one["record"] for one in listed(tmp_path)} == set(records)
    assert {one["identity"] for one in listed(tmp_path)} == {one.crate.identity for one in parcels}


def test_a_japanese_title_alone_still_gives_an_address(tmp_path: Path) -> None:
    only = replace(DESCRIPTION, title="潮位", language=Language.JAPANESE, translations=())
    assert publish(tmp_path, description=only).record == "tides/v1"


def test_the_folder_is_named_where_no_address_is_known(tmp_path: Path) -> None:
    receipt = publish(tmp_path, at=site(tmp_path, url=""))
    assert receipt.record_url == (tmp_path / "site" / SLUG / "v1" / "index.html").as_uri()
    assert receipt.file_url is None
    noted = site(tmp_path, url="").preflight(parcel(tmp_path, "m2"))
    assert [(one.code, one.severity) for one in noted] == [("site-no-address", Severity.NOTE)]
