"""DataCite under fire: every request broken in every way, one DOI and one page each time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doubles.datacite import ACCOUNT, PASSWORD, PREFIX, Store, datacite
from doubles.faults import Counted, Double, run_campaign
from recrate.model.deposit import Place
from recrate.model.progress import silent
from recrate.model.secret import Secret
from recrate.publish.datacite import DataCite
from recrate.publish.journal import Journal
from site_parcels import DOCUMENTS, parcel, surroundings

ATTRIBUTES = {
    "creators": [{"name": "Yamada, Hanako"}],
    "titles": [{"title": "Tide prediction"}],
    "publisher": {"name": "Kyoto University"},
    "publicationYear": "2026",
    "types": {"resourceTypeGeneral": "ComputationalNotebook"},
}


class Grounds:
    """A site for each deposit of a campaign, and what lies in it and in the service."""

    def __init__(self, folder: Path, *, draft: bool) -> None:
        self.folder, self.draft, self.number = folder, draft, 0
        documents = {**DOCUMENTS, "datacite-json": json.dumps(ATTRIBUTES).encode()}
        self.parcel = parcel(folder, "m1", documents=documents, draft=draft)

    @property
    def site(self) -> Path:
        """The site of the deposit that is under way."""
        return self.folder / f"site-{self.number}"

    def open(self) -> Double:
        """Begin a deposit with an empty service and an empty site."""
        self.number += 1
        app = datacite()
        return Double(app, lambda site=self.site: self.count(app.state.store, site))

    def count(self, store: Store, site: Path) -> Counted:
        """A record is a DOI together with the page that it leads to."""
        wanted = "draft" if self.draft else "findable"
        dois = store.of(wanted)
        places = "drafts/*/entry.json" if self.draft else "*/v*/entry.json"
        pages = [json.loads(one.read_text()) for one in site.glob(places)]
        both = [one for one in pages if self.draft or one["doi"] in dois]
        halves = abs(len(pages) - len(dois))
        left = list((site / ".recrate").glob("making-*"))
        claims = [] if self.draft else list((site / ".recrate/claims").glob("*"))
        others = len(store.dois) - len(dois)
        return Counted(min(len(both), len(dois)), halves + len(left) + len(claims) + others)

    def attempt(self, port: int, journal: Journal, sleep: Callable[[float], None]) -> Any:
        """Deposit as a new process does."""
        answers = {
            "folder": str(self.site),
            "url": "https://crates.example.ac.jp/",
            "prefix": PREFIX,
            "api": f"http://127.0.0.1:{port}/",
        }
        place = Place(name="kyoto", kind="datacite", answers=answers)
        secret = Secret(f"{ACCOUNT}:{PASSWORD}")
        depositor = DataCite(place, surroundings(secret), sleep=sleep)
        depositor.reserve(self.parcel, journal, silent)
        return depositor.deposit(self.parcel, journal, silent)


@pytest.mark.slow
@pytest.mark.parametrize("draft", [False, True], ids=["published", "draft"])
def test_a_deposit_broken_anywhere_ends_as_one_findable_doi_with_one_page(
    tmp_path: Path, draft: bool
) -> None:
    grounds = Grounds(tmp_path, draft=draft)
    table = run_campaign("datacite", grounds.open, grounds.attempt, tmp_path / "journals")
    assert table.clean, str(table)
    assert {row.stage.split()[0] for row in table.rows} == {"GET", "POST", "PUT"}
    assert table.waits, "a 429 that names its wait is waited for"
