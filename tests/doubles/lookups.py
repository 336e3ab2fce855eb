"""Doubles of ORCID's public API, of ROR's, of the DOI resolver and of an agency behind it.

Shapes: https://info.orcid.org/documentation/api-tutorials (expanded-search, v3.0),
https://ror.readme.io/v2/docs/rest-api, https://citation.doi.org/docs.html (content negotiation).
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CSL = "application/vnd.citationstyles.csl+json"
PEOPLE = [
    {
        "orcid-id": "0000-0002-1825-0097",
        "given-names": "Hanako",
        "family-names": "Yamada",
        "credit-name": None,
        "other-name": ["H. Yamada", "山田 花子"],
        "email": [],
        "institution-name": ["A school", "National Institute of Informatics"],
    },
    {
        "orcid-id": "0000-0001-5109-3700",
        "given-names": "Hanako",
        "family-names": None,
        "credit-name": None,
        "other-name": [],
        "email": [],
        "institution-name": [],
    },
]
ORGANISATIONS = [
    {
        "id": "https://ror.org/04ksd4g47",
        "status": "active",
        "names": [
            {"value": "NII", "types": ["acronym"], "lang": None},
            {"value": "National Institute of Informatics", "types": ["ror_display", "label"],
             "lang": "en"},
            {"value": "国立情報学研究所", "types": ["label"], "lang": "ja"},
        ],
        "types": ["facility"],
        "locations": [{"geonames_details": {"country_code": "JP"}}],
    },
    {
        "id": "https://ror.org/00097mb19",
        "status": "inactive",
        "names": [{"value": "Informatics of old", "types": ["ror_display"], "lang": "en"}],
    },
]  # fmt: skip
WORKS = {
    "10.1234/paper(1)": {
        "type": "article-journal",
        "title": "How <i>tides</i> rise",
        "DOI": "10.1234/paper(1)",
        "author": [
            {"given": "Hanako", "family": "Yamada", "sequence": "first",
             "ORCID": "http://orcid.org/0000-0002-1825-0097"},
            {"literal": "The tide group"},
        ],
        "issued": {"date-parts": [[2024, 5, 6]]},
        "container-title": "Journal of Tides",
        "publisher": "Sea Press",
        "ISSN": ["2049-3630"],
    },
    "10.5072/data": {
        "type": "dataset",
        "id": "https://doi.org/10.5072/data",
        "title": "Levels",
        "author": [{"family": "山田", "given": "花子"}],
        "issued": {"date-parts": [["2023"]]},
        "publisher": "A repository",
    },
}  # fmt: skip


@dataclass
class Registries:
    """The doubles' state. `slow_seconds`: each answer waits so long; `asked`: what was asked."""

    agency: str = ""
    slow_seconds: float = 0.0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    people: Any = None
    organisations: Any = None
    works: dict[str, Any] = field(default_factory=lambda: dict(WORKS))


def registries_app(state: Registries) -> Starlette:
    """Return ORCID under /orcid/, ROR under /ror/ and the resolver under /doi/."""
    app = Starlette(
        routes=[
            Route("/orcid/expanded-search/", _people),
            Route("/ror/organizations", _organisations),
            Route("/ror/organizations/{id}", _organisation),
            Route("/doi/{doi:path}", _resolve),
        ]
    )
    app.state.store = state
    return app


def agency_app(state: Registries) -> Starlette:
    """Return a registration agency: CSL-JSON for who asks for it, a page for who does not."""
    app = Starlette(routes=[Route("/{doi:path}", _agency)])
    app.state.store = state
    return app


async def _noted(request: Request) -> Registries:
    state: Registries = request.app.state.store
    state.asked.append(str(request.url).partition(str(request.base_url))[2])
    state.headers.append(dict(request.headers))
    await asyncio.sleep(state.slow_seconds)
    return state


async def _people(request: Request) -> Response:
    """ORCID: XML for who asks for no JSON; 400 for what Solr cannot parse."""
    state = await _noted(request)
    if "json" not in request.headers.get("accept", ""):
        return Response("<expanded-search/>", media_type="application/xml")
    question = request.query_params.get("q", "")
    if not question or re.search(r"[(){}\[\]\"]|(^| )(AND|OR|NOT)( |$)(AND|OR|NOT|$)", question):
        return JSONResponse({"response-code": 400, "error-code": 9006}, status_code=400)
    if state.people is not None:
        return JSONResponse(state.people)
    words = [one.lower() for one in question.split(" AND ")]
    found = [one for one in PEOPLE if all(_holds(one, word) for word in words)]
    return JSONResponse({"expanded-result": found or None, "num-found": len(found)})


def _holds(row: dict[str, Any], word: str) -> bool:
    if word.startswith("orcid:"):
        return bool(row["orcid-id"].lower() == word.removeprefix("orcid:"))
    return word in str([*row.values()]).lower()


async def _organisations(request: Request) -> Response:
    """ROR: 400 for words of Elasticsearch that are not escaped."""
    state = await _noted(request)
    question = request.query_params.get("query", "")
    if not question or re.search(r"[+\-=&|><!(){}\[\]^\"~*?:\\/]", question):
        return JSONResponse({"errors": ["query cannot be parsed"]}, status_code=400)
    if state.organisations is not None:
        return JSONResponse(state.organisations)
    found = [one for one in ORGANISATIONS if question.lower() in str(one["names"]).lower()]
    return JSONResponse({"number_of_results": len(found), "items": found, "time_taken": 3})


async def _organisation(request: Request) -> Response:
    await _noted(request)
    wanted = f"https://ror.org/{request.path_params['id']}"
    for one in ORGANISATIONS:
        if one["id"] == wanted:
            return JSONResponse(one)
    return JSONResponse({"errors": [f"ROR ID '{wanted}' does not exist"]}, status_code=404)


async def _resolve(request: Request) -> Response:
    """The resolver: 404 for what nobody registered, else on to the agency, another host."""
    state = await _noted(request)
    doi = request.path_params["doi"]
    if doi not in state.works:
        return HTMLResponse("<h1>DOI Not Found</h1>", status_code=404)
    return RedirectResponse(f"{state.agency}{doi}", status_code=302)


async def _agency(request: Request) -> Response:
    state = await _noted(request)
    if CSL not in request.headers.get("accept", ""):
        return HTMLResponse("<h1>A landing page</h1>")
    return JSONResponse(state.works[request.path_params["doi"]], media_type=CSL)
