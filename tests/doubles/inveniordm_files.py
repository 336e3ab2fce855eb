"""The files of the small InvenioRDM's drafts: announced, sent, committed."""

import hashlib

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.inveniordm_rules import Json
from doubles.inveniordm_store import Refusal, Store, draft_of, json_of, store_of


def _entry(request: Request, draft: Json, held: Json) -> Json:
    base = f"{request.base_url}api/records/{draft['id']}/draft/files/{held['key']}"
    entry = {name: held[name] for name in ("key", "status", "created", "transfer")}
    entry["links"] = {"self": base, "content": f"{base}/content", "commit": f"{base}/commit"}
    if held["status"] == "completed":
        return entry | {"size": held["size"], "checksum": held["checksum"]}
    if held["transfer"]["type"] == "M":
        elsewhere = f"http://localhost:{request.url.port}/s3/{draft['id']}/{held['key']}"
        at = elsewhere if request.app.state.store.pieces == "s3" else f"{base}/content"
        entry["links"]["parts"] = [
            {"part": one, "url": f"{at}/{one}"} for one in range(1, held["transfer"]["parts"] + 1)
        ]
    return entry


def _listed(request: Request, store: Store, draft: Json) -> Json:
    entries = [_entry(request, draft, one) for one in store.draft_files[draft["id"]].values()]
    return {"enabled": draft["files"]["enabled"], "entries": entries}


async def draft_files(request: Request) -> Response:
    """docs: List a draft's files; start draft file uploads."""
    store, draft = draft_of(request, writes=request.method == "POST")
    if request.method == "GET":
        return JSONResponse(_listed(request, store, draft))
    held = store.draft_files[draft["id"]]
    asked = await json_of(request)
    # records-resources, components/metadata.py: FilesCountExceededException
    if len(held) + len(asked) > store.max_files:
        raise Refusal(400, "Uploading selected files will result in exceeding the max amount.")
    for one in asked:
        transfer = one.get("transfer") or {"type": "L"}
        # rdm-records, permissions.py, IfTransferType; files/transfer/providers/multipart.py
        if transfer["type"] == "M" and store.pieces == "none":
            raise Refusal(403, "Permission denied.")
        if transfer["type"] == "M" and not (transfer.get("parts") and one.get("size")):
            raise Refusal(400, "Multipart file transfer requires parts and file size.")
        # records/systemfields/files/manager.py: InvalidKeyError
        if one["key"] in held:
            raise Refusal(400, f"File with key {one['key']} already exists.")
        held[one["key"]] = {
            "key": one["key"], "status": "pending", "created": store.number(), "content": None,
            "transfer": transfer, "parts": {}, "size": one.get("size"),
        }  # fmt: skip
    return JSONResponse(_listed(request, store, draft), 201)


def _file(request: Request) -> tuple[Store, Json, Json]:
    store, draft = draft_of(request, writes=request.method != "GET")
    key = request.path_params["key"]
    # records-resources, services/files/service.py: FileKeyNotFoundError
    if key not in store.draft_files[draft["id"]]:
        raise Refusal(404, f"Record '{draft['id']}' has no file '{key}'.")
    return store, draft, store.draft_files[draft["id"]][key]


async def file_item(request: Request) -> Response:
    """docs: Get a draft file's metadata; delete a draft file."""
    store, draft, held = _file(request)
    if request.method == "DELETE":
        del store.draft_files[draft["id"]][held["key"]]
        return Response(status_code=204)
    return JSONResponse(_entry(request, draft, held))


async def content(request: Request) -> Response:
    """docs: Upload a draft file's content."""
    store, draft, held = _file(request)
    length = int(request.headers.get("content-length", 0))
    others = sum(one["size"] or 0 for one in store.draft_files[draft["id"]].values())
    # files/transfer/base.py: FileSizeError; a front end may answer 413 before
    if others + length > store.quota_bytes:
        raise Refusal(413, "File size limit exceeded.")
    try:
        found = await request.body()
        # files/transfer/providers/local.py: a committed file is not written again
        broken = held["status"] == "completed" or held["transfer"]["type"] == "M"
    except ClientDisconnect:
        broken, found = True, b""
    if broken:
        # components/content.py: a transfer that fails takes the file's entry with it
        store.draft_files[draft["id"]].pop(held["key"], None)
        return JSONResponse({"errors": "File upload transfer failed."})
    held["content"] = found
    return JSONResponse(_entry(request, draft, held))


async def part(request: Request) -> Response:
    """docs file_transfer: the parts of a multipart transfer, each of the size announced."""
    if request.url.path.startswith("/s3/"):
        store = store_of(request)
        # Amazon S3: «Only one auth mechanism allowed»
        if "authorization" in request.headers:
            raise Refusal(400, "Only one auth mechanism allowed")
        held = store.draft_files[request.path_params["id"]][request.path_params["key"]]
    else:
        _, _, held = _file(request)
    number, transfer = int(request.path_params["part"]), held["transfer"]
    found = await request.body()
    # files/transfer/providers/multipart.py: multipart_set_content
    if number > transfer["parts"]:
        raise Refusal(400, "Part number is higher than total parts sent.")
    if number < transfer["parts"] and len(found) != transfer["part_size"]:
        raise Refusal(400, "Size of this part must be equal to part_size.")
    held["parts"][number] = found
    return JSONResponse({})


async def commit(request: Request) -> Response:
    """docs: Complete a draft file upload."""
    _, draft, held = _file(request)
    if held["transfer"]["type"] == "M":
        # multipart.py: storage that is not asked for parts fills gaps with nothing
        numbers = range(1, held["transfer"]["parts"] + 1)
        size = held["transfer"]["part_size"]
        held["content"] = b"".join(held["parts"].get(one, b"\0" * size) for one in numbers)
        held["checksum"] = "multipart:not-an-md5"
    # records/systemfields/files/manager.py: commit raises a bare Exception, which is a 500
    if held["content"] is None:
        raise Refusal(500, "Internal server error")
    digest = hashlib.md5(held["content"], usedforsecurity=False).hexdigest()
    if held["transfer"]["type"] == "L":
        held["checksum"] = f"md5:{digest}"
    held.update(status="completed", size=len(held["content"]), transfer={"type": "L"})
    return JSONResponse(_entry(request, draft, held))


def file_routes() -> list[Route]:
    """Return the routes below a draft's `files`."""
    files = "/api/records/{id}/draft/files"
    return [
        Route(files, draft_files, methods=["GET", "POST"]),
        Route(f"{files}/{{key}}", file_item, methods=["GET", "DELETE"]),
        Route(f"{files}/{{key}}/content", content, methods=["PUT"]),
        Route(f"{files}/{{key}}/content/{{part}}", part, methods=["PUT"]),
        Route("/s3/{id}/{key}/{part}", part, methods=["PUT"]),
        Route(f"{files}/{{key}}/commit", commit, methods=["POST"]),
    ]
