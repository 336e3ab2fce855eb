"""A small WEKO3: SWORD v3 with RO-Crate, its search and its list of activities, its refusals.

Each refusal cites its clause of nii.md, or the file of RCOSDP/weko v2.0.0 that it was read in.
"""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.weko_parser import Read
from doubles.weko_reads import activities, download, search, tree
from doubles.weko_request import (
    ARCHIVES,
    PACKAGING,
    client_of,
    host_of,
    item_of,
    on_behalf_of,
    read_package,
    store_of,
    token_of,
)
from doubles.weko_rules import check_duplicate
from doubles.weko_store import Activity, Item, Refusal, Store, Token, bad

STATE = "http://purl.org/net/sword/3.0/state/"
CONTEXT = "https://swordapp.github.io/swordv3/swordv3.jsonld"


def weko(store: Store | None = None) -> Starlette:
    """Make the app; `app.state.store` is its store."""
    routes = [
        Route("/sword/service-document", service_document, methods=["GET"]),
        Route("/sword/service-document", post, methods=["POST"]),
        Route("/sword/deposit/{recid:int}", status, methods=["GET"]),
        Route("/sword/deposit/{recid:int}", put, methods=["PUT"]),
        Route("/sword/deposit/{recid:int}", delete, methods=["DELETE"]),
        Route("/api/tree", tree, methods=["GET"]),
        Route("/api/records/", search, methods=["GET"]),
        Route("/api/v1/workflow/activities", activities, methods=["GET"]),
        Route("/record/{recid:int}/files/{name:path}", download, methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Refusal: _refused})
    app.state.store = store or Store()
    return app


async def _refused(_request: Request, error: Exception) -> Response:
    """nii.md 3.8: the shape of an error."""
    assert isinstance(error, Refusal)
    said = {
        "@context": CONTEXT,
        "@type": error.kind,
        "timestamp": "2026-11-21T00:00:00Z",
        "error": error.error,
    }
    return JSONResponse(said, status_code=error.status)


async def service_document(request: Request) -> Response:
    """nii.md 3.3."""
    token_of(request)
    said = {
        "@context": CONTEXT,
        "@type": "ServiceDocument",
        "@id": str(request.url),
        "dc:title": "A small WEKO",
        "acceptPackaging": list(PACKAGING),
        "acceptArchiveFormat": list(ARCHIVES),
        "digest": ["SHA-256"],
        "maxUploadSize": store_of(request).maximum_bytes,
        "onBehalfOf": store_of(request).allows_on_behalf_of,
        "byReferenceDeposit": False,
        "authentication": ["OAuth"],
    }
    return JSONResponse(said)


async def post(request: Request) -> Response:
    """nii.md 3.1, 3.8: 201 for an item, 202 for a workflow."""
    store = store_of(request)
    token = token_of(request, "deposit:write", "deposit:actions", "item:create", role=True)
    client, reads, shared = await read_package(request, token)
    for read, _ in reads:
        if read.identifier is not None:
            raise bad(f"This item is already registered: {_title(read)}.")
        if client.duplicate_check:
            check_duplicate(read, store, host_of(request), None)
    answer: Response | None = None
    for read, files in reads:
        if client.registration == "Workflow":
            answer = _begin(request, token, read, files, "")
        else:
            item = _made(store, token, read, files, shared)
            answer = JSONResponse(_status_of(request, item), status_code=201)
            if store.mail_fails:  # weko_swordserver/views.py, process_item: after the commit
                raise bad("Failed to import item; Unexpected error")
    assert answer is not None  # 3.8: only the last of several items is told
    return answer


async def put(request: Request) -> Response:
    """nii.md 3.1: exactly one item; 3.5: which record, and in which mode."""
    store = store_of(request)
    token = token_of(request, "deposit:write", "deposit:actions", "item:update", role=True)
    item = item_of(request)
    client, reads, shared = await read_package(request, token)
    if len(reads) > 1:
        error = "Multiple items found in import file. Only one item is allowed for PUT requests."
        raise Refusal(400, "ContentMalformed", error)
    read, files = reads[0]
    if read.identifier is None:
        raise bad(f"This item is not registered yet: {_title(read)}")
    if str(read.identifier) != item.recid:
        raise bad(f"Item id does not match. item: {read.identifier}, request: {item.recid}")
    if client.duplicate_check:
        check_duplicate(read, store, host_of(request), item.recid)
    if client.registration == "Workflow":
        return _begin(request, token, read, files, item.recid)
    if item.being_edited:  # weko_swordserver/views.py, lock_item_will_be_edit
        raise bad(f"Item {item.recid} will be edited by another process.")
    fresh = _made(store, token, read, files, shared, item)
    return JSONResponse(_status_of(request, fresh))


async def status(request: Request) -> Response:
    """nii.md 3.1: the status of a record, for everybody with a token."""
    token_of(request)
    on_behalf_of(request)
    return JSONResponse(_status_of(request, item_of(request)))


async def delete(request: Request) -> Response:
    """nii.md 3.1: 204, or 202 in a workflow; refused where the item has a DOI."""
    store = store_of(request)
    token = token_of(request, "deposit:write", "deposit:actions", "item:delete", role=True)
    item = item_of(request)
    if item.doi is not None:
        raise bad("Cannot delete item with DOI.")
    on_behalf_of(request)
    client = client_of(store, token)
    if item.being_edited:
        raise bad("Item cannot be deleted because it is being edited.")
    if client.registration == "Workflow":
        if "user:activity" not in token.scopes:
            raise Refusal(403, "Forbidden", "Not allowed operation in your role or token scope.")
        page = _activity(request, token, item.title, item.recid, {})
        return Response(status_code=202, headers={"Location": page})
    item.deleted = True
    return Response(status_code=204)


def _title(read: Read) -> str:
    return (read.values("dc:title.value") or [""])[0]


def _made(
    store: Store,
    token: Token,
    read: Read,
    files: dict[str, bytes],
    shared: tuple[str, ...],
    earlier: Item | None = None,
) -> Item:
    """Register an item, or another state of one (nii.md 3.5: Keep, Upgrade, metadataReplace)."""
    upgraded = earlier is not None and str(read.edit_mode).lower() == "upgrade"
    names = list(files)
    roles = {
        name: str(read.kept.get(f"hasPart[{number}].dcterms:accessRights", "open_access"))
        for number, name in enumerate(names)
        if not read.save_as_is
    }
    if earlier is not None and read.replaces_metadata:
        files, roles = earlier.files, earlier.roles
    item = Item(
        recid=earlier.recid if earlier is not None else store.next_recid(),
        owner=token.user,
        title=_title(read),
        kept=read.kept,
        lost=read.lost,
        files=files,
        roles=roles,
        public=read.publish_status == "public",
        indexes=tuple(map(str, read.indexes)),
        shared=shared,
        versions=earlier.versions + upgraded if earlier is not None else 1,
        revision=earlier.revision + 2 if earlier is not None else 5,
        doi=earlier.doi if earlier is not None else None,
        agency=read.agency,
        unseen=store.lag,
        links=tuple(read.links),
    )
    if read.agency is not None and item.doi is None:
        item.doi = f"{store.prefixes[read.agency]}/{int(item.recid):010d}"
    store.items[item.recid] = item
    return item


def _activity(
    request: Request, token: Token, title: str, recid: str, files: dict[str, bytes]
) -> str:
    store = store_of(request)
    name = f"A-20261121-{len(store.activities) + 1:05d}"
    store.activities.append(
        Activity(name, token.user, title, recid, files, store.finishes, bool(store.halfway))
    )
    return f"{host_of(request)}workflow/activity/detail/{name}"


def _begin(
    request: Request, token: Token, read: Read, files: dict[str, bytes], recid: str
) -> Response:
    """nii.md 3.8: 202 and the activity's page; 201 (PUT: 200) where nobody has to look."""
    store = store_of(request)
    page = _activity(request, token, _title(read), recid, files)
    if store.halfway:  # weko_swordserver/views.py, post_service_document, `warns`
        raise bad(
            f"Failed to import item; {store.halfway} Please open the following URL to continue"
            f" with the remaining operations: {page}."
        )
    done = 200 if recid else 201
    said = {
        "@context": CONTEXT,
        "@type": "ServiceDocument",  # 3.8: as it is, though it is a status document
        "@id": f"{host_of(request)}sword/deposit/{recid}" if recid else "",
        "state": [{"@id": f"{STATE}inWorkflow", "description": ""}],
        "links": [{"@id": page, "rel": ["alternate"], "contentType": "text/html"}],
    }
    return JSONResponse(said, status_code=done if store.finishes else 202)


def _status_of(request: Request, item: Item) -> dict[str, Any]:
    """nii.md 3.8: the status document; no Location header."""
    host = host_of(request)
    links = [f"{host}records/{item.recid}"]
    if item.doi is not None:
        links.append(f"https://doi.org/{item.doi}")
    return {
        "@context": CONTEXT,
        "@type": "Status",
        "@id": f"{host}sword/deposit/{item.recid}",
        "actions": {"deleteObject": True},
        "eTag": str(item.revision),
        "state": [{"@id": f"{STATE}ingested", "description": ""}],
        "links": [
            {"@id": link, "rel": ["alternate"], "contentType": "text/html"} for link in links
        ],
    }
