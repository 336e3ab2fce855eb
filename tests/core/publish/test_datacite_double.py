"""The double of DataCite refuses what DataCite refuses: one test for each refusal."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from starlette.applications import Starlette

from doubles.datacite import ACCOUNT, PASSWORD, PREFIX, Account, datacite
from doubles.serving import served

WHOLE = {
    "creators": [{"name": "Yamada, Hanako"}],
    "titles": [{"title": "Tides"}],
    "publisher": {"name": "Kyoto University"},
    "publicationYear": "2026",
    "types": {"resourceTypeGeneral": "ComputationalNotebook"},
    "url": "https://crates.example.ac.jp/tides/v1/",
}
DOI = f"{PREFIX}/abc-1"


class Speaker:
    """Asks the double as an account does."""

    def __init__(self, app: Starlette, port: int) -> None:
        self.app = app
        self.base = f"http://127.0.0.1:{port}/"

    def ask(
        self,
        method: str,
        path: str,
        attributes: dict[str, Any] | None = None,
        account: str = ACCOUNT,
        password: str | None = PASSWORD,
    ) -> requests.Response:
        """Send one request; `password` None: without credentials."""
        headers = {}
        if password is not None:
            told = base64.b64encode(f"{account}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {told}"
        body = None if attributes is None else {"data": {"type": "dois", "attributes": attributes}}
        return requests.request(method, self.base + path, json=body, headers=headers, timeout=10)


@pytest.fixture
def service() -> Iterator[Speaker]:
    app = datacite()
    with served(app) as port:
        yield Speaker(app, port)


def test_the_guides_request_makes_a_draft_and_with_an_event_a_findable_doi(
    service: Speaker,
) -> None:
    # nii.md 5: no `event` is a draft, `publish` makes it findable
    draft = service.ask("POST", "dois", {"doi": DOI, "titles": [{"title": "Tides"}]})
    assert (draft.status_code, draft.json()["data"]["attributes"]["state"]) == (201, "draft")
    public = service.ask("POST", "dois", {**WHOLE, "doi": f"{PREFIX}/abc-2", "event": "publish"})
    assert public.status_code == 201
    assert public.json()["data"]["attributes"]["state"] == "findable"


def test_nobody_makes_a_doi_without_credentials(service: Speaker) -> None:
    assert service.ask("POST", "dois", {"doi": DOI}, password=None).status_code == 401


def test_a_wrong_password_is_refused_even_for_reading(service: Speaker) -> None:
    answer = service.ask("GET", f"dois/{DOI}", password="wrong")
    assert (answer.status_code, answer.json()["errors"][0]["title"]) == (401, "Bad credentials.")


def test_another_accounts_prefix_is_forbidden(service: Speaker) -> None:
    assert service.ask("POST", "dois", {"doi": "10.54321/abc"}).status_code == 403


def test_another_accounts_doi_can_be_neither_written_nor_deleted(service: Speaker) -> None:
    service.ask("POST", "dois", {"doi": "10.54321/abc"}, account="OTHER.REPO", password="another")
    assert service.ask("PUT", "dois/10.54321/abc", {"titles": []}).status_code == 403
    assert service.ask("DELETE", "dois/10.54321/abc").status_code == 403


def test_another_accounts_draft_is_not_to_be_seen(service: Speaker) -> None:
    service.ask("POST", "dois", {"doi": DOI})
    answer = service.ask("GET", f"dois/{DOI}", account="OTHER.REPO", password="another")
    assert answer.status_code == 404


def test_a_doi_that_is_taken_is_refused(service: Speaker) -> None:
    service.ask("POST", "dois", {"doi": DOI})
    again = service.ask("POST", "dois", {"doi": DOI.upper()})
    assert again.status_code == 422
    assert again.json()["errors"][0]["title"] == "This DOI has already been taken"


def test_a_doi_with_other_signs_is_refused(service: Speaker) -> None:
    assert service.ask("POST", "dois", {"doi": f"{PREFIX}/a+b"}).status_code == 422


@pytest.mark.parametrize(
    "missing", ["creators", "titles", "publisher", "publicationYear", "types", "url"]
)
def test_a_findable_doi_needs_every_mandatory_property(service: Speaker, missing: str) -> None:
    told = {name: value for name, value in WHOLE.items() if name != missing}
    answer = service.ask("POST", "dois", {**told, "doi": DOI, "event": "publish"})
    assert answer.status_code == 422
    assert service.app.state.store.dois == {}


def test_a_title_that_is_a_string_is_refused(service: Speaker) -> None:
    assert service.ask("POST", "dois", {"doi": DOI, "titles": ["Tides"]}).status_code == 422


def test_a_doi_among_the_alternate_identifiers_is_refused(service: Speaker) -> None:
    own = [{"identifier": DOI, "identifierType": "DOI"}]
    assert service.ask("POST", "dois", {"doi": DOI, "identifiers": own}).status_code == 422


def test_an_address_that_is_none_is_refused(service: Speaker) -> None:
    assert service.ask("POST", "dois", {"doi": DOI, "url": "tides/v1"}).status_code == 422


def test_an_address_outside_the_accounts_domains_is_refused(service: Speaker) -> None:
    service.app.state.store.accounts[ACCOUNT] = Account(PASSWORD, (PREFIX,), ("elsewhere.jp",))
    answer = service.ask("POST", "dois", {**WHOLE, "doi": DOI, "event": "publish"})
    assert answer.status_code == 422


def test_a_body_that_is_no_json_api_document_is_refused(service: Speaker) -> None:
    answer = requests.post(f"{service.base}dois", data=b"{", auth=(ACCOUNT, PASSWORD), timeout=10)
    assert answer.status_code == 400
    assert service.ask("PUT", f"dois/{DOI}").status_code == 400


def test_only_a_draft_is_deleted(service: Speaker) -> None:
    service.ask("POST", "dois", {"doi": DOI})
    assert service.ask("DELETE", f"dois/{DOI}").status_code == 204
    assert service.ask("DELETE", f"dois/{DOI}").status_code == 404
    service.ask("POST", "dois", {**WHOLE, "doi": DOI, "event": "publish"})
    assert service.ask("DELETE", f"dois/{DOI}").status_code == 405
    hidden = service.ask("PUT", f"dois/{DOI}", {"event": "hide"})
    assert hidden.json()["data"]["attributes"]["state"] == "registered"
    assert service.ask("DELETE", f"dois/{DOI}").status_code == 405


def test_a_refused_change_leaves_the_doi_as_it_was(service: Speaker) -> None:
    service.ask("POST", "dois", {**WHOLE, "doi": DOI, "event": "publish"})
    assert service.ask("PUT", f"dois/{DOI}", {"url": ""}).status_code == 422
    assert service.app.state.store.dois[DOI].attributes["url"] == WHOLE["url"]


def test_writing_a_doi_that_is_not_there_makes_it_under_ones_own_prefix_only(
    service: Speaker,
) -> None:
    assert service.ask("PUT", f"dois/{DOI}", {"titles": []}).status_code == 201
    assert service.ask("PUT", "dois/10.54321/x", {"titles": []}).status_code == 403
