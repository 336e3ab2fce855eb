"""A double of DataCite's REST API: DOIs of repository accounts, in three states.

Written from section 5 of the guide (nii.md 5: `POST /dois`, no `event` makes a draft, HTTP Basic)
and from lupo's sources, which are named at each refusal.
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ACCOUNT, PASSWORD, PREFIX = "KYOTO.CRATES", "correct horse battery of KYOTO.CRATES", "10.12345"
DOI = re.compile(r"10\.\d{4,5}/[-._;()/:a-zA-Z0-9*~$=]+")
"""lupo, app/models/doi.rb: validates_format_of :doi."""
LISTS = ("creators", "titles", "descriptions", "subjects", "contributors", "relatedIdentifiers",
         "identifiers", "rightsList", "fundingReferences", "dates")  # fmt: skip
BAD, DENIED, GONE = (
    "Bad credentials.",
    "You are not authorized to access this resource.",
    "The resource you are looking for doesn't exist.",
)
"""lupo, application_controller.rb: the words for 401, 403 and 404."""


@dataclass
class Account:
    """A repository account. `domains`: where its DOIs may lead; empty: anywhere."""

    password: str
    prefixes: tuple[str, ...]
    domains: tuple[str, ...] = ()


@dataclass
class Doi:
    """A DOI. `state`: draft, registered or findable."""

    account: str
    state: str
    attributes: dict[str, Any]


@dataclass
class Store:
    """What DataCite holds; `dois` by the DOI in small letters."""

    accounts: dict[str, Account] = field(
        default_factory=lambda: {
            ACCOUNT: Account(PASSWORD, (PREFIX,)),
            "OTHER.REPO": Account("another", ("10.54321",)),
        }
    )
    dois: dict[str, Doi] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def of(self, state: str) -> list[str]:
        """Return the DOIs in a state."""
        return [doi for doi, one in self.dois.items() if one.state == state]


class RefusalError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, title: str, source: str = "", **headers: str) -> None:
        super().__init__(title)
        self.status, self.title, self.source, self.headers = status, title, source, headers


def datacite() -> Starlette:
    """Return the service with an empty store in `app.state.store`."""
    app = Starlette(
        routes=[
            Route("/dois", _create, methods=["POST"]),
            Route("/dois/{doi:path}", _show, methods=["GET"]),
            Route("/dois/{doi:path}", _update, methods=["PUT"]),
            Route("/dois/{doi:path}", _destroy, methods=["DELETE"]),
            Route("/prefixes", _prefixes, methods=["GET"]),
        ],
        exception_handlers={RefusalError: _refused},
    )
    app.state.store = Store()
    return app


async def _refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RefusalError)
    error = {"title": refusal.title}
    error |= {"source": refusal.source} if refusal.source else {"status": str(refusal.status)}
    return JSONResponse({"errors": [error]}, refusal.status, refusal.headers)


def _who(request: Request) -> str | None:
    """Return the account; lupo, authenticate_user!: wrong credentials are 401 at any address."""
    store: Store = request.app.state.store
    store.requests.append(f"{request.method} {request.url.path}")
    told = request.headers.get("authorization", "")
    if not told:
        return None
    scheme, _, encoded = told.partition(" ")
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise RefusalError(401, BAD) from error
    account = store.accounts.get(name.upper())
    if scheme != "Basic" or account is None or account.password != password:
        raise RefusalError(401, BAD)
    return name.upper()


def _writer(request: Request) -> str:
    """lupo, create: `fail CanCan::AuthorizationNotPerformed if current_user.blank?`."""
    account = _who(request)
    if account is None:
        raise RefusalError(401, BAD)
    return account


async def _attributes(request: Request) -> dict[str, Any]:
    """lupo, safe_params: JSON:API, and `alternateIdentifiers` as another name of `identifiers`."""
    try:
        document = await request.json()
    except ValueError as error:
        raise RefusalError(400, "unexpected token") from error
    data = document.get("data") if isinstance(document, dict) else None
    if not data:
        raise RefusalError(400, "You need to provide a payload following the JSONAPI spec")
    told: dict[str, Any] = dict(data.get("attributes") or {})
    if "identifiers" not in told and "alternateIdentifiers" in told:
        told["identifiers"] = [
            {
                "identifier": one["alternateIdentifier"],
                "identifierType": one["alternateIdentifierType"],
            }
            for one in told["alternateIdentifiers"]
        ]
    told.pop("alternateIdentifiers", None)
    return told


async def _create(request: Request) -> Response:
    account = _writer(request)
    told = await _attributes(request)
    return JSONResponse(_made(request.app.state.store, account, told), 201)


def _made(store: Store, account: str, told: dict[str, Any]) -> dict[str, Any]:
    doi = str(told.get("doi") or "").lower()
    # lupo, ability.rb: `can %i[new create], Doi` only under the account's own prefixes.
    if doi.partition("/")[0] not in store.accounts[account].prefixes:
        raise RefusalError(403, DENIED)
    if not DOI.fullmatch(doi):
        raise RefusalError(422, "Is invalid", "doi")
    if doi in store.dois:
        raise RefusalError(422, "This DOI has already been taken", "doi")
    made = Doi(account, "draft", {})
    _written(store, made, doi, told)
    store.dois[doi] = made
    return _shown(doi, made)


def _written(store: Store, record: Doi, doi: str, told: dict[str, Any]) -> None:
    """Write all or nothing. `event`: nii.md 5; the states: lupo, doi.rb, aasm."""
    attributes = {**record.attributes, **told}
    event = attributes.pop("event", None)
    state = record.state
    if event == "publish":
        state = "findable"
    elif (event == "register" and state == "draft") or (event == "hide" and state == "findable"):
        state = "registered"
    for name in LISTS:
        for one in attributes.get(name) or ():
            if not isinstance(one, dict):  # lupo, doi.rb, check_titles and its like
                raise RefusalError(
                    422, f"{name} '{one}' should be an object instead of a string.", name
                )
    if any(one.get("identifierType") == "DOI" for one in attributes.get("identifiers") or ()):
        raise RefusalError(
            422, "IdentifierType DOI not supported in identifiers property.", "identifiers"
        )
    url = attributes.get("url")
    if url and not re.fullmatch(r"(ftp|http|https)://\S+", url):
        raise RefusalError(422, "URL is not valid", "url")
    if state != "draft":
        _check_public(store.accounts[record.account], doi, attributes)
    attributes["doi"] = doi
    record.attributes, record.state = attributes, state


def _check_public(account: Account, doi: str, attributes: dict[str, Any]) -> None:
    """lupo, doi.rb: `validates_presence_of :url`, check_url, and the XML schema of kernel 4."""
    url = attributes.get("url")
    if not url:
        raise RefusalError(422, "Can't be blank", "url")
    if account.domains and not any(domain in url for domain in account.domains):
        raise RefusalError(422, f"URL {url} is not allowed by repository domain settings.", "url")
    types = attributes.get("types") or {}
    publisher = attributes.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    required = {
        "creators": [one for one in attributes.get("creators") or () if one.get("name")],
        "titles": [one for one in attributes.get("titles") or () if one.get("title")],
        "publisher": name,
        "publication_year": re.fullmatch(r"\d{4}", str(attributes.get("publicationYear") or "")),
        "types": types.get("resourceTypeGeneral"),
    }
    for field_name, value in required.items():
        if not value:
            title = f"DOI {doi}: Missing child element(s). Expected is ( {field_name} )."
            raise RefusalError(422, title, field_name)


async def _show(request: Request) -> Response:
    """lupo, show: what is not findable is not there for anybody but its account."""
    account = _who(request)
    doi = request.path_params["doi"].lower()
    record = request.app.state.store.dois.get(doi)
    if record is None or (record.state != "findable" and record.account != account):
        raise RefusalError(404, GONE)
    return JSONResponse(_shown(doi, record))


async def _update(request: Request) -> Response:
    """lupo, update: a DOI that is not there is made, one of another account is refused."""
    account = _writer(request)
    told = await _attributes(request)
    doi = request.path_params["doi"].lower()
    store: Store = request.app.state.store
    record = store.dois.get(doi)
    if record is None:
        return JSONResponse(_made(store, account, {**told, "doi": doi}), 201)
    if record.account != account:
        raise RefusalError(403, DENIED)
    told.pop("doi", None)
    _written(store, record, doi, told)
    return JSONResponse(_shown(doi, record))


async def _destroy(request: Request) -> Response:
    """lupo, destroy: a draft goes, with 204; any other answers 405."""
    account = _writer(request)
    doi = request.path_params["doi"].lower()
    store: Store = request.app.state.store
    record = store.dois.get(doi)
    if record is None:
        raise RefusalError(404, GONE)
    if record.account != account:
        raise RefusalError(403, DENIED)
    if record.state != "draft":
        raise RefusalError(405, "Method not allowed", Allow="HEAD, GET, POST, PATCH, PUT, OPTIONS")
    del store.dois[doi]
    return Response(status_code=204)


async def _prefixes(request: Request) -> Response:
    _who(request)
    account = request.query_params.get("client-id", "").upper()
    known = request.app.state.store.accounts.get(account)
    names = known.prefixes if known else ()
    return JSONResponse({"data": [{"id": name, "type": "prefixes"} for name in names]})


def _shown(doi: str, record: Doi) -> dict[str, Any]:
    identifiers = record.attributes.get("identifiers") or []
    prefix, _, suffix = doi.partition("/")
    attributes = {
        **record.attributes,
        "doi": doi,
        "prefix": prefix,
        "suffix": suffix,
        "state": record.state,
        "identifiers": identifiers,
        "alternateIdentifiers": [
            {
                "alternateIdentifier": one["identifier"],
                "alternateIdentifierType": one["identifierType"],
            }
            for one in identifiers
        ],
    }
    return {"data": {"id": doi, "type": "dois", "attributes": attributes}}
