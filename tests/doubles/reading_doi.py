"""The DOI resolver and DataCite's API, as far as a DOI is looked up.

Sources: https://www.doi.org/the-identifier/resources/handbook, DataCite REST API, `GET /dois/{id}`
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

NEGOTIATED = "application/vnd.datacite.datacite+json"


@dataclass
class Dois:
    """DOIs know no capital letters.

    leads:  DOI → where it leads
    known:  DOI → DataCite's attributes of it
    down:   the resolver answers 503
    """

    leads: dict[str, str] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: bool = False
    api_off: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """Both in one app: `/` resolves, `/api/dois/` is DataCite."""
        return Starlette(
            routes=[
                Route("/api/dois/{doi:path}", self._attributes),
                Route("/{doi:path}", self._resolve),
            ]
        )

    async def _resolve(self, request: Request) -> Response:
        doi = unquote(request.path_params["doi"]).lower()
        self.asked.append(doi)
        if self.down:
            return Response("down", status_code=503)
        if NEGOTIATED in request.headers.get("accept", "") and doi in self.known:
            return JSONResponse(self.known[doi], media_type=NEGOTIATED)
        if doi not in self.leads:
            return Response("DOI Not Found", status_code=404, media_type="text/html")
        return RedirectResponse(self.leads[doi], status_code=302)

    async def _attributes(self, request: Request) -> Response:
        doi = unquote(request.path_params["doi"]).lower()
        if self.down or self.api_off:
            return Response("down", status_code=503 if self.down else 404)
        if doi not in self.known:
            told = {"errors": [{"status": "404", "title": "The resource doesn't exist."}]}
            return JSONResponse(told, status_code=404)
        return JSONResponse({"data": {"id": doi, "type": "dois", "attributes": self.known[doi]}})
