"""A small InvenioRDM: its records API, with a store in plain sight and its refusals.

Each refusal names where the real one is documented: docs = inveniordm.docs.cern.ch/reference/
rest_api_drafts_records and rest_api_reviews; otherwise package and file of July and August 2026.
"""

import json
from copy import deepcopy

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.inveniordm_files import file_routes
from doubles.inveniordm_reviews import publish_now, review_routes
from doubles.inveniordm_rules import (
    LICENCES,
    Json,
    access_errors,
    metadata_errors,
    unknown_word,
)
from doubles.inveniordm_store import (
    TODAY,
    Refusal,
    Store,
    draft_of,
    json_of,
    shown,
    store_of,
    user_of,
)


def inveniordm(store: Store | None = None) -> Starlette:
    """Make the app; `app.state.store` is its store."""
    app = Starlette(routes=_routes(), exception_handlers={Refusal: _refused})
    app.state.store = store or Store()
    return app


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.answer


async def search_own(request: Request) -> Response:
    """docs: List your draft and published records. The index follows the database later."""
    store, user = store_of(request), user_of(request)
    wanted = request.query_params.get("q", "").partition('"')[2].rstrip('"')
    found = []
    for held in [*reversed(store.drafts.values()), *reversed(store.records.values())]:
        if held["owner"] != user:
            continue
        if held.get("unseen", 0) > 0:
            held["unseen"] -= 1
            continue
        if not wanted or wanted in json.dumps(held["metadata"]):
            found.append(shown(request, held))
    size = int(request.query_params.get("size", 10))
    return JSONResponse({"hits": {"hits": found[:size], "total": len(found)}})


async def search(request: Request) -> Response:
    """docs: Search records."""
    store = store_of(request)
    wanted = request.query_params.get("q", "").split('"')[1::2]
    found = [
        shown(request, held)
        for held in reversed(store.records.values())
        if any(json.dumps(one) in json.dumps([held["pids"], held["parent"]]) for one in wanted)
    ]
    return JSONResponse({"hits": {"hits": found, "total": len(found)}})


async def create(request: Request) -> Response:
    """docs: Create a draft record."""
    store = store_of(request)
    user = user_of(request, writes=True)
    body = await json_of(request)
    draft: Json = {
        "id": store.number(), "owner": user, "pids": {}, "is_published": False,
        "parent": {"id": store.number(), "pids": {}}, "versions": {"index": 1},
        "unseen": store.index_lag, "review": None,
    }  # fmt: skip
    errors = _save(store, draft, body)
    store.drafts[draft["id"]] = draft
    store.draft_files[draft["id"]] = {}
    return JSONResponse(shown(request, draft, errors), 201)


def _save(store: Store, draft: Json, body: Json) -> list[Json]:
    """drafts-resources, service.py: a draft keeps what is valid and reports the rest."""
    metadata = dict(body.get("metadata") or {})
    if word := unknown_word(metadata):
        raise Refusal(400, word)
    access = body.get("access") or {"record": "public", "files": "public"}
    errors = metadata_errors(metadata)
    refused = access_errors(access, TODAY, restricted_records=store.restricted_records)
    for one in errors:
        metadata.pop(one["field"].split(".")[1], None)
    draft["metadata"] = metadata
    if not refused:
        draft["access"] = access
    draft.setdefault("access", {"record": "public", "files": "public"})
    draft["files"] = {"enabled": bool((body.get("files") or {}).get("enabled", True))}
    # components/pids.py: pids that are not sent stay as they are
    draft["pids"] = body.get("pids", draft["pids"])
    return [*errors, *refused]


async def read(request: Request) -> Response:
    """docs: Get a record."""
    store = store_of(request)
    held = store.records.get(request.path_params["id"])
    if held is None:
        raise Refusal(404, "The persistent identifier is not registered.")
    # permissions.py: can_read of a restricted record is can_view
    if held["access"]["record"] == "restricted" and user_of(request) != held["owner"]:
        raise Refusal(403, "Permission denied.")
    return JSONResponse(shown(request, held))


async def draft_item(request: Request) -> Response:
    """docs: Get, update, delete a draft; edit a published record."""
    if request.method == "POST":
        return _edit(request)
    store, draft = draft_of(request, writes=request.method != "GET")
    if request.method == "PUT":
        return JSONResponse(shown(request, draft, _save(store, draft, await json_of(request))))
    if request.method == "DELETE":
        review = draft["review"]
        # rdm-records, components/review.py: delete_draft
        if review and review["is_open"]:
            raise Refusal(400, "You cannot delete a draft with an open review.")
        del store.drafts[draft["id"]]
        store.draft_files.pop(draft["id"], None)
        return Response(status_code=204)
    return JSONResponse(shown(request, draft))


def _edit(request: Request) -> Response:
    """drafts-resources, service.py: edit gives the draft that is there, or makes one."""
    store = store_of(request)
    user = user_of(request, writes=True)
    identifier = request.path_params["id"]
    held = store.drafts.get(identifier) or store.records.get(identifier)
    if held is None:
        raise Refusal(404, "The persistent identifier does not exist.")
    if held["owner"] != user:
        raise Refusal(403, "Permission denied.")
    if identifier not in store.drafts:
        store.drafts[identifier] = deepcopy(held)
        store.draft_files[identifier] = deepcopy(store.files[identifier])
    return JSONResponse(shown(request, store.drafts[identifier]), 201)


async def reserve(request: Request) -> Response:
    """docs: Reserve a DOI for a draft record."""
    store, draft = draft_of(request, writes=True)
    if not store.dois:
        raise Refusal(404, "Not found.")
    if "doi" in draft["pids"]:
        error = {"field": "pids.doi", "messages": ["A PID already exists for type doi"]}
        raise Refusal(400, "A validation error occurred.", [error])
    draft["pids"]["doi"] = {"identifier": f"10.5072/{draft['id']}", "provider": "datacite"}
    return JSONResponse(shown(request, draft), 201)


async def publish(request: Request) -> Response:
    """docs: Publish a draft record."""
    store, draft = draft_of(request, writes=True)
    # rdm-records, components/review.py: publish
    if draft["review"] and draft["review"]["status"] in {"created", "submitted"}:
        raise Refusal(400, "You cannot publish a draft with an open review request.")
    return JSONResponse(shown(request, publish_now(store, draft)), 202)


async def licence(request: Request) -> Response:
    """docs rest_api_vocabularies: Get a vocabulary record by id."""
    store_of(request)
    if request.path_params["id"] not in LICENCES:
        raise Refusal(404, "The persistent identifier does not exist.")
    return JSONResponse({"id": request.path_params["id"]})


def _routes() -> list[Route]:
    draft = "/api/records/{id}/draft"
    return [
        Route("/api/user/records", search_own),
        Route("/api/records", search, methods=["GET"]),
        Route("/api/records", create, methods=["POST"]),
        Route("/api/records/{id}", read),
        Route(draft, draft_item, methods=["GET", "PUT", "DELETE", "POST"]),
        Route(f"{draft}/pids/doi", reserve, methods=["POST"]),
        Route(f"{draft}/actions/publish", publish, methods=["POST"]),
        Route("/api/vocabularies/licenses/{id}", licence),
        *file_routes(),
        *review_routes(),
    ]
