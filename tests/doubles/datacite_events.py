"""DataCite's two questions about a DOI: `GET /dois?query=…` and `GET /events?…`.

Contract: nii.md 5 (REST), https://support.datacite.org/docs/api-queries,
https://support.datacite.org/docs/eventdata-guide
"""

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_RELATED = re.compile(r"relatedIdentifiers\.relatedIdentifier:\((.+)\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
MOST_PER_PAGE = 1_000


@dataclass
class Store:
    """Records as DataCite's attributes, by DOI; events; and what was asked."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    page_size: int | None = None
    """Fewer on a page than asked for, to have several."""

    def add(self, doi: str, related: str, *, relation: str = "Reviews", **said: Any) -> None:
        """Keep a findable record that relates itself to another DOI."""
        link = {
            "relatedIdentifier": related,
            "relatedIdentifierType": "DOI",
            "relationType": relation,
        }
        if "information" in said:
            link["relationTypeInformation"] = said.pop("information")
        self.records[doi] = {
            "doi": doi,
            "titles": [{"title": f"Replay {doi}"}],
            "creators": [{"name": "Verifier"}],
            "publicationYear": 2026,
            "relatedIdentifiers": [link],
            **said,
        }

    def add_event(self, subject: str, relation: str, about: str) -> None:
        """Keep an event: relation types are in small letters with dashes (eventdata-guide)."""
        self.events.append(
            {
                "subj-id": f"https://doi.org/{subject}",
                "obj-id": f"https://doi.org/{about}",
                "source-id": "crossref",
                "relation-type-id": relation,
                "occurred-at": "2026-10-01T00:00:00.000Z",
            }
        )


def make_datacite() -> Starlette:
    """Return the app; `app.state.store` is what it knows."""
    app = Starlette(routes=[Route("/dois", _dois), Route("/events", _events)])
    app.state.store = Store()
    return app


def _dois(request: Request) -> Response:
    """api-queries: a phrase in quotes is matched whole; an unbalanced one is no query."""
    store: Store = request.app.state.store
    store.asked.append(str(request.url))
    said = _RELATED.fullmatch(request.query_params.get("query", ""))
    if said is None or _QUOTED.sub("", said[1]).replace(" OR ", "").strip():
        return JSONResponse({"errors": [{"status": "400", "title": "Bad query"}]}, status_code=400)
    phrases = {re.sub(r"\\(.)", r"\1", one) for one in _QUOTED.findall(said[1])}
    fitting = [
        {"id": doi, "type": "dois", "attributes": record}
        for doi, record in store.records.items()
        if any(one["relatedIdentifier"] in phrases for one in record["relatedIdentifiers"])
    ]
    return _page(request, fitting)


def _events(request: Request) -> Response:
    """eventdata-guide: `doi` is the subject or the object; several relation types with commas."""
    store: Store = request.app.state.store
    store.asked.append(str(request.url))
    doi = request.query_params.get("doi", "")
    if "/" not in doi or doi.startswith("http"):
        return JSONResponse({"errors": [{"status": "400", "title": "Bad DOI"}]}, status_code=400)
    kinds = request.query_params.get("relation-type-id", "").split(",")
    fitting = [
        {"id": str(number), "type": "events", "attributes": one}
        for number, one in enumerate(store.events)
        if f"https://doi.org/{doi}".lower() in {one["subj-id"].lower(), one["obj-id"].lower()}
        and (kinds == [""] or one["relation-type-id"] in kinds)
    ]
    return _page(request, fitting)


def _page(request: Request, items: list[dict[str, Any]]) -> Response:
    """api-queries, pagination: `links.next` leads on, and is missing on the last page."""
    store: Store = request.app.state.store
    size = min(int(request.query_params.get("page[size]", "25")), MOST_PER_PAGE)
    size = store.page_size or size
    start = int(request.query_params.get("double-start", "0"))
    links = {"self": str(request.url)}
    if start + size < len(items):
        links["next"] = str(request.url.include_query_params(**{"double-start": start + size}))
    return JSONResponse(
        {"data": items[start : start + size], "meta": {"total": len(items)}, "links": links},
        media_type="application/vnd.api+json",
    )
