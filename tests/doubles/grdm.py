"""GakuNin RDM, as far as a deposit speaks with it: API v2, WaterButler, the metadata add-on.

Each refusal names its clause of `nii.md`, or the file of WaterButler or the OSF it was read from.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

JSON_API = "application/vnd.api+json"
READ, WRITE = "osf.full_read", "osf.full_write"
TOKEN = "grdm-token-for-tests-1b6f"
FORM = "公的資金による研究データのメタデータ登録"
SIGNATURE = "X-Amz-Signature=abc"


@dataclass
class Shelf:
    """One storage. `files`: path of names → versions, oldest first; `folders` end with `/`.

    by_name: as S3 does: paths are names, no versions, no SHA-256, downloads answer 302, and its
             listings have pages
    hashes:  whether it tells hashes at all; uploads in pieces have none on S3
    """

    by_name: bool = False
    hashes: bool = True
    files: dict[str, list[bytes]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"/"})

    def put(self, path: str, content: bytes) -> None:
        """Write a file; a storage with versions takes the same bytes only once."""
        versions = self.files.setdefault(path, [])
        if self.by_name:
            versions.clear()
        if not versions or versions[-1] != content:
            versions.append(content)

    def add(self, path: str, content: bytes) -> None:
        """Write a file and the folders above it, for tests."""
        parts = path.split("/")[1:-1]
        self.folders |= {"/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))}
        self.put(path, content)


@dataclass
class Store:
    """All that the service holds, in plain sight."""

    guid: str = "ab3cd"
    permissions: tuple[str, ...] = ("read", "write", "admin")
    public: bool = False
    tokens: dict[str, frozenset[str]] = field(
        default_factory=lambda: {TOKEN: frozenset({READ, WRITE})}
    )
    shelves: dict[str, Shelf] = field(default_factory=lambda: {"osfstorage": Shelf()})
    metadata: dict[str, Any] = field(default_factory=dict)
    metadata_status: int = 200
    limit_bytes: int | None = None
    quota_bytes: int | None = None
    page_size: int = 100
    listing_size: int = 1000
    files_at: str | None = None
    """Base of the file service, where it is not the host that was asked."""
    presigned_at: str | None = None
    asked: list[Request] = field(default_factory=list)

    def files(self, below: str = "/", provider: str = "osfstorage") -> dict[str, bytes]:
        """Return path → newest content of a storage's files below a folder."""
        found = self.shelves[provider].files
        return {path: versions[-1] for path, versions in found.items() if path.startswith(below)}


def make_app(store: Store) -> Starlette:
    """Return the service over a store."""
    app = Starlette(
        routes=[
            Route("/v2/nodes/{guid}/", _node),
            Route("/v2/nodes/{guid}/files/", _providers),
            Route("/v2/schemas/registrations/", _schemas),
            Route(
                "/v1/resources/{guid}/providers/{provider}/{path:path}",
                _file,
                methods=["GET", "PUT", "DELETE"],
            ),
            Route(
                "/api/v1/project/{guid}/metadata/files/{path:path}",
                _metadata,
                methods=["GET", "PUT"],
            ),
            Route("/presigned/{provider}/{path:path}", _presigned),
        ],
        exception_handlers={HTTPException: _refusal},
    )
    app.router.redirect_slashes = False
    app.state.store = store
    return app


def _refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"code": error.status_code, "message": error.detail}, error.status_code)


def _store(request: Request, scope: str) -> Store:
    """Look at who asks.

    401: no token, or one that is not known (nii.md 2: `Authorization: Bearer`).
    404: another project. 403: the token's scopes (nii.md 1.2 step 4), or the person's role.
    """
    store: Store = request.app.state.store
    store.asked.append(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or token not in store.tokens:
        raise HTTPException(401, "User provided an invalid OAuth2 access token")
    if request.path_params.get("guid", store.guid) != store.guid:
        raise HTTPException(404, "Not found.")
    role = "write" if scope == WRITE else "read"
    if scope not in store.tokens[token] or role not in store.permissions:
        raise HTTPException(403, "You do not have permission to perform this action.")
    return store


def _api(request: Request) -> Store:
    store = _store(request, READ)
    if JSON_API not in request.headers.get("accept", ""):
        # nii.md 2: the Accept header is application/vnd.api+json
        raise HTTPException(406, "Could not satisfy the request Accept header.")
    return store


async def _node(request: Request) -> Response:
    store = _api(request)
    attributes = {
        "title": "Tides",
        "public": store.public,
        "current_user_permissions": list(store.permissions),
    }
    return JSONResponse({"data": {"id": store.guid, "type": "nodes", "attributes": attributes}})


async def _providers(request: Request) -> Response:
    store = _api(request)
    files_at = store.files_at or f"{request.base_url}v1/"
    found = []
    for name in store.shelves:
        root = f"{files_at}resources/{store.guid}/providers/{name}/"
        attributes: dict[str, Any] = {"kind": "folder", "name": name, "provider": name}
        attributes["forInstitutions"] = name.endswith("institutions")
        links = {"upload": root, "new_folder": f"{root}?kind=folder"}
        found.append({"id": f"{store.guid}:{name}", "attributes": attributes, "links": links})
    return _page(request, store, found)


async def _schemas(request: Request) -> Response:
    store = _api(request)
    found = [
        {"id": f"schema-{n}", "attributes": {"name": name, "schema_version": n, "active": True}}
        for n, name in enumerate(("Open-Ended Registration", FORM, FORM))
    ]
    return _page(request, store, found)


def _page(request: Request, store: Store, found: list[dict[str, Any]]) -> Response:
    """Answer one page (nii.md 2: `page[size]`, follow `links.next`)."""
    size = min(int(request.query_params.get("page[size]", 10)), store.page_size)
    page = int(request.query_params.get("page", 1))
    shown = found[(page - 1) * size : page * size]
    following = str(request.url.include_query_params(page=page + 1))
    links = {"next": following if page * size < len(found) else None}
    return JSONResponse({"data": shown, "links": links}, media_type=JSON_API)


async def _file(request: Request) -> Response:
    """WaterButler (nii.md 2; server/api/v1/provider/create.py says what a PUT must be)."""
    store = _store(request, READ if request.method == "GET" else WRITE)
    shelf = store.shelves.get(request.path_params["provider"])
    if shelf is None:
        raise HTTPException(404, "Provider not found")
    path = _names_of(shelf, "/" + request.path_params["path"])
    if request.method == "GET":
        return _get(request, store, shelf, path)
    if request.method == "DELETE":
        return _delete(request, shelf, path)
    return await _put(request, store, shelf, path)


def _get(request: Request, store: Store, shelf: Shelf, path: str) -> Response:
    if path.endswith("/"):
        return _listing(request, store, shelf, path)
    if "meta" in request.query_params:
        return JSONResponse({"data": _entry(request, shelf, path)})
    versions = shelf.files[path]
    wanted = request.query_params.get("version")
    if wanted is not None and not 1 <= int(wanted) <= len(versions):
        raise HTTPException(404, "no such version")
    if shelf.by_name:
        # nii.md 2: a storage on S3 answers 302 to a presigned address
        base = store.presigned_at or str(request.base_url)
        place = f"{base}presigned/{request.path_params['provider']}{quote(path)}?{SIGNATURE}"
        return RedirectResponse(place, 302)
    return Response(versions[int(wanted or 0) - 1], media_type="application/octet-stream")


def _listing(request: Request, store: Store, shelf: Shelf, path: str) -> Response:
    inside = sorted(
        one
        for one in (*shelf.files, *shelf.folders)
        if one != path and one.startswith(path) and "/" not in one[len(path) :].rstrip("/")
    )
    if not shelf.by_name:
        return JSONResponse({"data": [_entry(request, shelf, one) for one in inside]})
    start = int(request.query_params.get("next_token", 0))
    shown = inside[start : start + store.listing_size]
    answer: dict[str, Any] = {"data": [_entry(request, shelf, one) for one in shown]}
    if start + store.listing_size < len(inside):
        answer["next_token"] = str(start + store.listing_size)
    return JSONResponse(answer)


def _delete(request: Request, shelf: Shelf, path: str) -> Response:
    if path == "/" and request.query_params.get("confirm_delete") != "1":
        # providers/s3compat/provider.py, delete: a whole storage wants a confirmation
        raise HTTPException(400, "confirm_delete=1 is required for deleting root provider folder")
    for one in [name for name in shelf.files if name == path or _is_below(name, path)]:
        del shelf.files[one]
    shelf.folders -= {one for one in shelf.folders if one == path or _is_below(one, path)}
    return Response(status_code=204)


async def _put(request: Request, store: Store, shelf: Shelf, path: str) -> Response:
    kind, name = request.query_params.get("kind", "file"), request.query_params.get("name")
    if kind not in {"file", "folder"}:
        raise HTTPException(400, "Kind must be file, folder or unspecified")
    if kind == "file" and "content-length" not in request.headers:
        raise HTTPException(411, "Content-Length is required for file uploads")
    length = int(request.headers.get("content-length", 0))
    if kind == "folder" and length > 0:
        raise HTTPException(413, "Folder creation requests may not have a body")
    if path.endswith("/"):
        if name is None:
            raise HTTPException(400, "Missing required parameter 'name'")
        path += unicodedata.normalize("NFC", name) + ("/" if kind == "folder" else "")
        if path in shelf.files or path in shelf.folders:
            # nii.md 2: PUT into a folder makes a new thing, and never writes over one
            raise HTTPException(409, f'Cannot complete action: "{name}" already exists')
        status = 201
    else:
        if name is not None:
            raise HTTPException(400, "'name' parameter doesn't apply to actions on files")
        if kind == "folder":
            raise HTTPException(409, 'Path must be a folder (and end with a "/")')
        status = 200
    if store.limit_bytes is not None and length > store.limit_bytes:
        raise HTTPException(413, "Request Entity Too Large")
    held = sum(len(one) for versions in shelf.files.values() for one in versions)
    if store.quota_bytes is not None and held + length > store.quota_bytes:
        # create.py and core/exceptions.py, NotEnoughQuotaError: 406 it is
        raise HTTPException(406, "You do not have enough available quota.")
    content = await request.body()
    if kind == "folder":
        shelf.folders.add(path)
    else:
        shelf.put(path, content)
    return JSONResponse({"data": _entry(request, shelf, path)}, status)


async def _presigned(request: Request) -> Response:
    """A storage on S3 itself (nii.md 2: neither Authorization nor Content-Type nor Accept)."""
    store: Store = request.app.state.store
    store.asked.append(request)
    accept = request.headers.get("accept", "*/*")
    if {"authorization", "content-type"} & set(request.headers) or accept != "*/*":
        raise HTTPException(400, "Only one auth mechanism allowed")
    if str(request.url.query) != SIGNATURE:
        raise HTTPException(403, "SignatureDoesNotMatch")
    shelf = store.shelves[request.path_params["provider"]]
    return Response(shelf.files["/" + request.path_params["path"]][-1])


async def _metadata(request: Request) -> Response:
    """The add-on's v1 route (nii.md 2.1; addons/metadata/models.py says what a PUT must have)."""
    store = _store(request, READ if request.method == "GET" else WRITE)
    if store.metadata_status != 200:
        # nii.md 2.1: whether a personal access token is taken here is not promised
        raise HTTPException(store.metadata_status, "not for tokens")
    path = request.path_params["path"]
    if request.method == "PUT":
        said = json.loads(await request.body())
        if not {"path", "folder", "hash", "items"} <= set(said):
            raise HTTPException(400, "Invalid metadata")
        if any(not {"active", "schema", "data"} <= set(one) for one in said["items"]):
            raise HTTPException(400, "Invalid metadata")
        store.metadata[path] = said
    attributes = store.metadata.get(path)
    return JSONResponse({"data": {"id": store.guid, "attributes": attributes}})


def _is_below(path: str, folder: str) -> bool:
    return folder.endswith("/") and path.startswith(folder)


def _identifier(path: str) -> str:
    """Return the path by which osfstorage knows what has that path of names."""
    if path == "/":
        return path
    end = "/" if path.endswith("/") else ""
    return f"/{hashlib.sha256(path.encode()).hexdigest()[:24]}{end}"


def _names_of(shelf: Shelf, path: str) -> str:
    for one in (*shelf.files, *shelf.folders):
        if path == (one if shelf.by_name else _identifier(one)):
            return one
    raise HTTPException(404, "Could not retrieve file or directory")


def _entry(request: Request, shelf: Shelf, path: str) -> dict[str, Any]:
    """Describe a file or folder (nii.md 2: `attributes.{name,kind,path,materialized,size,…}`)."""
    provider = request.path_params["provider"]
    own = path if shelf.by_name else _identifier(path)
    attributes: dict[str, Any] = {
        "name": path.rstrip("/").rpartition("/")[2],
        "kind": "folder" if path.endswith("/") else "file",
        "path": own,
        "materialized": path,
        "provider": provider,
        "extra": {},
    }
    if attributes["kind"] == "file":
        content = shelf.files[path][-1]
        md5 = hashlib.md5(content).hexdigest()
        stamp = f"{provider}::{md5 if shelf.by_name else len(shelf.files[path])}::{own}"
        attributes |= {"size": len(content), "etag": hashlib.sha256(stamp.encode()).hexdigest()}
        sha256 = hashlib.sha256(content).hexdigest()
        if shelf.by_name:
            attributes["extra"] = {"md5": md5 if shelf.hashes else f"{md5}-2"}
        else:
            hashes = {"md5": md5, "sha256": sha256} if shelf.hashes else {}
            attributes["extra"] = {"version": len(shelf.files[path]), "hashes": hashes}
    return {"id": provider + own, "type": "files", "attributes": attributes, "links": {}}
