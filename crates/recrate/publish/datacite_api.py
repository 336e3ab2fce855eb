"""DataCite's REST API, as far as a depositor needs it: one DOI, read and written.

Source: https://support.datacite.org/docs/api, and lupo's `datacite_dois_controller.rb`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from recrate.model.errors import Conflict, NotFound, OutsideFailed
from recrate.outside.answers import Answer
from recrate.outside.exchange import Service

Attributes = dict[str, Any]


class State(StrEnum):
    """Where a DOI stands. Only a draft can be deleted, and only a findable one is in the search.

    Source: https://support.datacite.org/docs/doi-states
    """

    DRAFT = "draft"
    REGISTERED = "registered"
    FINDABLE = "findable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A DOI as DataCite has it. `url`: where it leads; empty while nobody said."""

    doi: str
    state: State
    url: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dois:
    """The DOIs of one account."""

    service: Service

    def get(self, doi: str) -> Registered | None:
        """Return a DOI that the account may see; None where there is none, or another's draft."""
        answer = self.service.ask("GET", _path(doi))
        return None if answer.status == 404 else _read(answer.expect(200))

    def create_draft(self, doi: str, attributes: Attributes) -> Registered:
        """Make a draft. Raises Conflict where the DOI is taken, AnswerLost as the service does."""
        answer = self.service.ask("POST", "dois", json_body=_body(doi, attributes))
        if answer.status == 422 and "already been taken" in answer.said():
            raise Conflict(
                f"the DOI {doi} is taken",
                where=answer.url,
                hint="ask the person who runs the account who made it",
            )
        return _read(answer.expect(201))

    def update(self, doi: str, attributes: Attributes, *, publish: bool = False) -> Registered:
        """Write attributes of a DOI, those that are named; `publish` makes a draft findable.

        Said twice it does the same once: a findable DOI stays findable.
        """
        told = {**attributes, "event": "publish"} if publish else attributes
        answer = self.service.ask("PUT", _path(doi), json_body=_body(doi, told))
        found = _read(answer.expect(200, 201))
        if publish and found.state is not State.FINDABLE:
            raise OutsideFailed(
                f"the DOI {doi} is still {found.state.value}",
                where=answer.url,
                hint="look it up in Fabrica, then go on with `--resume`",
            )
        return found

    def relate(self, doi: str, related: list[Any]) -> bool:
        """Write all related identifiers of a DOI; False where the account may not."""
        body = _body(doi, {"relatedIdentifiers": related})
        answer = self.service.ask("PUT", _path(doi), json_body=body)
        if answer.status == 403:
            return False
        answer.expect(200)
        return True

    def delete(self, doi: str) -> bool:
        """Delete a draft; False where it is a draft no longer. One that is gone stays gone."""
        answer = self.service.ask("DELETE", _path(doi))
        if answer.status == 405:
            return False
        answer.expect(204, 404)
        return True

    def prefixes(self, account: str) -> tuple[str, ...]:
        """Return the prefixes that an account may make DOIs under."""
        address = f"prefixes?client-id={quote(account, safe='')}&page%5Bsize%5D=1000"
        answer = self.service.ask("GET", address).expect(200)
        found = answer.json()
        data = found.get("data") if isinstance(found, dict) else None
        names = [one.get("id") for one in data or () if isinstance(one, dict)]
        return tuple(one for one in names if isinstance(one, str))


def _path(doi: str) -> str:
    return f"dois/{quote(doi, safe='/')}"


def _body(doi: str, attributes: Attributes) -> dict[str, Any]:
    """Return a document of JSON:API. Source: lupo's openapi.yaml, DoiDetailItem."""
    return {"data": {"id": doi, "type": "dois", "attributes": {**attributes, "doi": doi}}}


def _read(answer: Answer) -> Registered:
    document = answer.json()
    data = document.get("data") if isinstance(document, dict) else None
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict):
        raise NotFound(
            "the answer tells of no DOI", where=answer.url, hint="is the option `api` right?"
        )
    doi, state = attributes.get("doi"), attributes.get("state")
    if not isinstance(doi, str) or state not in tuple(State):
        raise OutsideFailed(
            "the answer tells of a DOI in no state that we know",
            where=answer.url,
            hint="look it up in Fabrica",
        )
    url = attributes.get("url")
    return Registered(
        doi=doi.lower(),
        state=State(state),
        url=url if isinstance(url, str) else "",
        attributes=attributes,
    )
