"""Versions, communities and reviews of the small InvenioRDM, and how a draft becomes a record."""

from copy import deepcopy

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.inveniordm_rules import Json, access_errors, metadata_errors
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


def publish_now(store: Store, draft: Json) -> Json:
    """Make a record of a draft, or say what it lacks."""
    errors = metadata_errors(draft["metadata"])
    errors += access_errors(draft["access"], TODAY, restricted_records=store.restricted_records)
    held = store.draft_files[draft["id"]]
    # drafts-resources, components/base.py: publish
    if draft["files"]["enabled"] and not held:
        errors.append({"field": "files.enabled", "messages": ["Missing uploaded files."]})
    if any(one["status"] != "completed" for one in held.values()):
        waits = "One or more files have not completed their transfer, please wait."
        errors.append({"field": "files", "messages": [waits]})
    # rdm-records, services/pids/providers/datacite.py: validate
    if store.dois and not draft["metadata"].get("publisher"):
        missing = "Missing publisher field required for DOI registration."
        errors.append({"field": "metadata.publisher", "messages": [missing]})
    if errors:
        raise Refusal(400, "A validation error occurred.", errors)
    identifier = draft["id"]
    if draft["access"]["record"] == "restricted":
        draft["pids"] = {}
    elif store.dois:
        draft["pids"].setdefault("doi", {"identifier": f"10.5072/{identifier}"})
        concept = {"identifier": f"10.5072/{draft['parent']['id']}"}
        draft["parent"]["pids"].setdefault("doi", concept)
    store.records[identifier] = {**draft, "is_published": True}
    store.files[identifier] = store.draft_files.pop(identifier)
    del store.drafts[identifier]
    return store.records[identifier]


async def new_version(request: Request) -> Response:
    """docs: Create a new version. Asked twice, it gives the draft that is there."""
    store = store_of(request)
    user = user_of(request, writes=True)
    held = store.records.get(request.path_params["id"])
    if held is None:
        raise Refusal(404, "The persistent identifier does not exist.")
    if held["owner"] != user:
        raise Refusal(403, "Permission denied.")
    family = held["parent"]["id"]
    for draft in store.drafts.values():
        if draft["parent"]["id"] == family and not draft["is_published"]:
            return JSONResponse(shown(request, draft), 201)
    versions = [one for one in store.records.values() if one["parent"]["id"] == family]
    latest = max(versions, key=lambda one: int(one["versions"]["index"]))
    draft = deepcopy(latest)
    draft |= {"id": store.number(), "pids": {}, "is_published": False, "review": None}
    draft["versions"] = {"index": latest["versions"]["index"] + 1}
    # docs: «publication_date and version removed»; «The new draft version has no files.»
    for name in ("publication_date", "version"):
        draft["metadata"].pop(name, None)
    # rdm-records, components/review.py: new_version, where the instance's policy asks for it
    if store.review_new_versions:
        draft["review"] = _review(draft, next(iter(store.communities.values()))["id"])
    store.drafts[draft["id"]] = draft
    store.draft_files[draft["id"]] = {}
    return JSONResponse(shown(request, draft), 201)


def _review(draft: Json, community: str) -> Json:
    return {
        "status": "created", "is_open": False, "is_closed": False, "type": "community-submission",
        "receiver": {"community": community}, "topic": {"record": draft["id"]},
    }  # fmt: skip


async def review(request: Request) -> Response:
    """docs rest_api_reviews: get, create or update a review."""
    store, draft = draft_of(request, writes=request.method != "GET")
    there = draft["review"]
    if request.method == "GET":
        # services/errors.py: ReviewNotFoundError
        if there is None:
            raise Refusal(404, "Review for draft not found")
        return JSONResponse(there)
    body = await json_of(request)
    if body.get("type") != "community-submission":
        error = {"field": "type", "messages": ["Invalid review type."]}
        raise Refusal(400, "A validation error occurred.", [error])
    # services/review/service.py: delete, create
    if there and there["is_open"]:
        raise Refusal(400, "An open review cannot be deleted.")
    if draft["versions"]["index"] > 1:
        raise Refusal(400, "You cannot create a review for a new version of a published record.")
    wanted = body.get("receiver", {}).get("community")
    if wanted not in {one["id"] for one in store.communities.values()}:
        raise Refusal(404, "The persistent identifier does not exist.")
    draft["review"] = _review(draft, wanted)
    return JSONResponse(draft["review"])


async def submit(request: Request) -> Response:
    """docs rest_api_reviews: Submit a record for review; curators publish with it."""
    store, draft = draft_of(request, writes=True)
    held = draft["review"]
    if held is None:
        raise Refusal(404, "Review for draft not found")
    # invenio-requests: an action that the state does not have
    if held["status"] != "created":
        raise Refusal(400, "Action submit is not available.")
    community = next(
        one for one in store.communities.values() if one["id"] == held["receiver"]["community"]
    )
    # services/errors.py: RecordSubmissionClosedCommunityError
    if not community["open"] and draft["owner"] not in community["curators"]:
        raise Refusal(403, "Submission to this community is only allowed to community members.")
    if not store.draft_files[draft["id"]]:
        error = {"field": "files.enabled", "messages": ["Missing uploaded files."]}
        raise Refusal(400, "A validation error occurred.", [error])
    held |= {"status": "submitted", "is_open": True}
    if draft["owner"] in community["curators"]:
        held |= {"status": "accepted", "is_open": False, "is_closed": True}
        publish_now(store, draft)
    return JSONResponse(held, 202)


async def community(request: Request) -> Response:
    """docs rest_api_communities: Get a community, by identifier or slug."""
    store = store_of(request)
    name = request.path_params["name"]
    for slug, one in store.communities.items():
        if name in (slug, one["id"]):
            return JSONResponse({"id": one["id"], "slug": slug})
    raise Refusal(404, "The persistent identifier does not exist.")


def review_routes() -> list[Route]:
    """Return the routes of versions, reviews and communities."""
    draft = "/api/records/{id}/draft"
    return [
        Route("/api/records/{id}/versions", new_version, methods=["POST"]),
        Route(f"{draft}/review", review, methods=["GET", "PUT"]),
        Route(f"{draft}/actions/submit-review", submit, methods=["POST"]),
        Route("/api/communities/{name}", community),
    ]
