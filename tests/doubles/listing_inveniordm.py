"""The listings of a small InvenioRDM: a community's records, and searches of all.

Sources: docs = https://inveniordm.docs.cern.ch/reference/rest_api_search/ and
rest_api_communities; zenodo-rdm, the tests of its page sizes; Zenodo's news of 2025-11 about its
search: 25 records a page for guests, 30 requests a minute; invenio-records-resources, pagination:
nothing after the first 10,000.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.listing_clock import Rate

GUEST_SIZE = 25
WINDOW = 10_000


@dataclass
class Listed:
    """A record. `files`: None for what everybody may not see; empty for metadata only."""

    number: int
    title: str = "Tides"
    doi: str | None = None
    date: str = "2024-03-31"
    files: tuple[str, ...] | None = ("tides.crate.zip",)
    journal: str = ""


@dataclass
class Catalogue:
    """The service. `zenodo`: answers in Zenodo's own form.

    links_host: what it believes its own address to be, where it stands behind a proxy
    troubles:   by number of the request, from 0: a status and headers, once
    on_page:    called before each page with its number: the world may change meanwhile
    """

    records: list[Listed]
    community: str = "tides"
    zenodo: bool = False
    sorts: tuple[str, ...] = ("bestmatch", "newest", "oldest", "updated-desc")
    rate: Rate = field(default_factory=Rate)
    links_host: str = ""
    troubles: dict[int, tuple[int, dict[str, str]]] = field(default_factory=dict)
    on_page: Callable[[int], None] = lambda _page: None
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(
            routes=[
                Route("/api/communities/{name}/records", self._community),
                Route("/api/records", self._search),
            ]
        )

    async def _community(self, request: Request) -> Response:
        if request.path_params["name"] != self.community:
            message = "The persistent identifier does not exist."
            return self._refused(request) or JSONResponse(
                {"status": 404, "message": message}, status_code=404
            )
        return self._refused(request) or self._page(request, self.records)

    async def _search(self, request: Request) -> Response:
        wanted = request.query_params.get("communities")
        found = self.records if wanted in {None, self.community} else []
        return self._refused(request) or self._page(request, found)

    def _refused(self, request: Request) -> Response | None:
        number = len(self.asked)
        self.asked.append(str(request.url))
        self.agents.add(request.headers.get("user-agent", ""))
        if number in self.troubles:
            status, headers = self.troubles[number]
            return JSONResponse({"message": "trouble"}, status_code=status, headers=headers)
        seconds = self.rate.refusal()
        if seconds is not None:
            said = {"status": 429, "message": "30 per 1 minute"}
            return JSONResponse(said, status_code=429, headers={"Retry-After": str(seconds)})
        return None

    def _page(self, request: Request, found: list[Listed]) -> Response:
        said = request.query_params
        try:
            size, page = int(said.get("size", "25")), int(said.get("page", "1"))
        except ValueError:
            return _invalid("size", "Not a valid integer.")
        if size > GUEST_SIZE:  # zenodo-rdm, test_guest_page_size_validation
            return _invalid(
                "size",
                "Page size cannot be greater than 25. Please use authenticated requests to"
                " increase the limit to 100.",
            )
        if size < 1 or page < 1 or size * page > WINDOW:
            return _invalid("page", "Invalid querystring parameters.")
        sort = said.get("sort", "newest")
        if sort not in self.sorts:
            return _invalid("sort", f"Invalid sort option '{sort}'.")
        self.on_page(page)
        text = said.get("q", "").lower()
        found = [one for one in found if text in one.title.lower()]
        ordered = sorted(found, key=lambda one: one.number, reverse=sort != "oldest")
        shown = ordered[(page - 1) * size : page * size]
        links = {"self": self._link(request, page)}
        if page * size < min(len(found), WINDOW):
            links["next"] = self._link(request, page + 1)
        hits = [self._record(one, str(request.base_url)) for one in shown]
        return JSONResponse({"hits": {"hits": hits, "total": len(found)}, "links": links})

    def _link(self, request: Request, page: int) -> str:
        query = urlencode({**request.query_params, "page": page})
        base = self.links_host or str(request.base_url).rstrip("/")
        return f"{base}{request.url.path}?{query}"

    def _record(self, one: Listed, base: str) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": one.number if self.zenodo else f"r{one.number}",
            "links": {"self_html": f"{base}records/{one.number}"},
            "metadata": {"title": one.title, "publication_date": one.date},
        }
        if self.zenodo:
            if one.doi:
                said["doi"] = one.doi
            if one.journal:
                said["metadata"]["journal"] = {"title": one.journal}
            if one.files is not None:
                said["files"] = [{"key": name, "size": 1} for name in one.files]
            return said
        if one.doi:
            said["pids"] = {"doi": {"identifier": one.doi, "provider": "datacite"}}
        if one.journal:
            said["custom_fields"] = {"journal:journal": {"title": one.journal}}
        said["files"] = {"enabled": one.files != ()}
        if one.files:
            said["files"]["entries"] = {name: {"key": name} for name in one.files}
        return said


def _invalid(name: str, message: str) -> Response:
    said = {
        "status": 400,
        "message": "A validation error occurred.",
        "errors": [{"field": name, "messages": [message]}],
    }
    return JSONResponse(said, status_code=400)
