"""What one may read of the small WEKO: indexes, search, activities, files."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from doubles.weko_request import item_of, store_of, token_of
from doubles.weko_store import Item, Refusal, bad


async def tree(request: Request) -> Response:
    """nii.md 3.2: the indexes that one may look into; the closed ones are for those who may."""
    known = store_of(request).indexes.items()
    shown = [
        {"id": name, "cid": int(name), "name": f"index {name}", "children": []}
        for name, index in known
        if index.public
    ]
    return JSONResponse([{"id": "0", "children": shown}])


async def search(request: Request) -> Response:
    """weko_search_ui/query.py, get_permission_filter: public items, and one's own private ones."""
    store = store_of(request)
    value = request.headers.get("authorization", "").removeprefix("Bearer ")
    user = store.tokens[value].user if value in store.tokens else None
    words = request.query_params.get("q", "").lower().split()
    size = int(request.query_params.get("size", "20"))
    hits = []
    for item in sorted(store.living(), key=lambda one: one.recid, reverse=True):
        mine = store.sees_private and user in {item.owner, *item.shared}
        if not (item.public or mine):
            continue
        if item.unseen > 0:
            item.unseen -= 1
            continue
        text = json.dumps(item.kept, ensure_ascii=False).lower()
        if all(word in text for word in words):
            hits.append(_hit(item))
    return JSONResponse({"hits": {"total": len(hits), "hits": hits[:size]}})


def _hit(item: Item) -> dict[str, Any]:
    return {
        "id": int(item.recid),
        "created": "2026-11-21T00:00:00+00:00",
        "metadata": {
            "title": [item.title],
            "publish_status": "0" if item.public else "1",
            "path": list(item.indexes),
            "control_number": item.recid,
            "_item_metadata": {"item_title": item.title, "item": item.kept},
        },
    }


async def activities(request: Request) -> Response:
    """weko_workflow/rest.py, GetActivities: one's own, newest first, by title."""
    token = token_of(request, "user:activity")
    if request.query_params.get("status", "todo") not in {"todo", "wait", "all"}:
        raise bad("Invalid parameter value.")
    limit = int(request.query_params.get("limit", "20"))
    own = [one for one in reversed(store_of(request).activities) if one.owner == token.user]
    listed = [
        {"activity_id": one.identifier, "item_name": one.title, "user": one.owner}
        for one in own[:limit]
    ]
    return JSONResponse({"total": len(own), "condition": {}, "activities": listed})


async def download(request: Request) -> Response:
    """The file of a public item that is open to everybody."""
    item, name = item_of(request), request.path_params["name"]
    if name not in item.files or not item.public:
        raise Refusal(404, "NotFound", "no such file")
    if item.roles.get(name, "open_access") != "open_access":
        raise Refusal(403, "Forbidden", "This file is not open.")
    return Response(item.files[name], media_type="application/octet-stream")
