"""How a request reaches the small WEKO: token, form, package, and what is refused on the way."""

import asyncio
import tempfile
from email.message import Message
from pathlib import Path

from starlette.requests import Request

from doubles.weko_parser import Read
from doubles.weko_rules import check_digest, check_format, check_package
from doubles.weko_store import Client, Item, Refusal, Store, Token, bad

PACKAGING = (
    "http://purl.org/net/sword/3.0/package/SimpleZip",
    "http://purl.org/net/sword/3.0/package/SWORDBagIt",
)
ARCHIVES = ("application/zip", "multipart/form-data")
ROLES = {
    "System Administrator", "Repository Administrator", "Community Administrator", "Contributor",
}  # fmt: skip


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def host_of(request: Request) -> str:
    return str(request.base_url)


def token_of(request: Request, *scopes: str, role: bool = False) -> Token:
    """nii.md 3.2: a bearer token, its scopes, the role of whose it is; 3.8: 401, 403, 429."""
    store = store_of(request)
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = store.tokens.get(value) if scheme == "Bearer" else None
    if token is None:
        raise Refusal(401, "AuthenticationRequired", "Authentication is required.")
    if store.limited > 0:
        store.limited -= 1
        raise Refusal(429, "TooManyRequests", "Too many requests.")
    allowed = not role or bool(ROLES & set(store.users[token.user].roles))
    if not set(scopes) <= token.scopes or not allowed:
        raise Refusal(403, "Forbidden", "Not allowed operation in your role or token scope.")
    return token


def on_behalf_of(request: Request) -> tuple[str, ...]:
    """nii.md 3.3: an e-mail address, a token, or an eppn of somebody who is there."""
    store, said = store_of(request), request.headers.get("on-behalf-of")
    if not said:
        return ()
    if not store.allows_on_behalf_of:
        raise Refusal(412, "OnBehalfOfNotAllowed", "Not support On-Behalf-Of.")
    for name, user in store.users.items():
        if said in {user.email, user.eppn}:
            return (name,)
    if said in store.tokens:
        return (store.tokens[said].user,)
    raise bad("No user found by On-Behalf-Of.")


def _form(content: bytes, kind: str) -> dict[str, tuple[str, str, bytes]]:
    """Return the parts of a form that are files: name → (file name, content type, content)."""
    told = Message()
    told["Content-Type"] = kind
    boundary = told.get_param("boundary")
    if told.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        return {}
    parts: dict[str, tuple[str, str, bytes]] = {}
    pieces = (b"\r\n" + content).split(f"\r\n--{boundary}".encode())
    for piece in pieces[1:-1]:
        head, _, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = Message()
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(":")
            lines[name.strip()] = value.strip()
        name = lines.get_param("name", header="Content-Disposition")
        file = lines.get_param("filename", header="Content-Disposition")
        parts[str(name)] = (str(file or ""), lines.get_content_type(), body)
    return parts if pieces[-1].startswith(b"--") else {}


async def _package(request: Request) -> tuple[str, bytes]:
    """nii.md 3.3: how a package is sent; returns its name and content, raises Refusal."""
    store = store_of(request)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    parts = _form(body, kind)
    if "file" not in parts:  # 3.3: the part must be named `file`
        raise Refusal(400, "ContentMalformed", "No file part.")
    if not parts["file"][0]:
        raise Refusal(400, "ContentMalformed", "No selected file.")
    if int(request.headers.get("content-length") or len(body)) > store.maximum_bytes:
        raise Refusal(413, "MaxUploadSizeExceeded", "Content size is too large.")  # 3.3
    if kind.split(";")[0] not in ARCHIVES:
        raise Refusal(415, "ContentTypeNotAcceptable", f"Not accept Content-Type: {kind}")
    packaging = request.headers.get("packaging", "")
    if packaging not in PACKAGING:  # 3.3: full URI, exact
        error = f"Not accept packaging: {packaging}"
        raise Refusal(415, "PackagingFormatNotAcceptable", error)
    told = Message()
    told["Content-Disposition"] = request.headers.get("content-disposition", "")
    name = told.get_param("filename", header="Content-Disposition")
    if told.get_content_disposition() != "attachment" or name is None:
        raise bad("Cannot get filename by Content-Disposition.")  # 3.3
    found = [content for file, _, content in parts.values() if file == name]
    if not found:  # 3.3: must equal the part's file name
        raise bad(f"Not found {name} in request body.")
    check_format(found[-1], packaging)
    return str(name), found[-1]


def client_of(store: Store, token: Token) -> Client:
    """nii.md 3.2: a SWORD client setting must exist for the token's OAuth client."""
    client = store.clients.get(token.client)
    if client is None or not client.active:
        raise bad("No SWORD API setting found for client ID that you are using.")
    return client


async def read_package(
    request: Request, token: Token
) -> tuple[Client, list[tuple[Read, dict[str, bytes]]], tuple[str, ...]]:
    """Take a package in and check all of it, for POST and PUT alike."""
    store = store_of(request)
    name, content = await _package(request)
    shared = on_behalf_of(request)
    if store.verifies_digest:
        check_digest(content, request.headers.get("digest"))
    client = client_of(store, token)
    with tempfile.TemporaryDirectory() as folder:
        refusal, read = None, []
        try:
            read = await asyncio.to_thread(
                check_package, content, name, store, client, host_of(request), Path(folder)
            )
        except Refusal as error:
            refusal = error
    # 3.2: a workflow needs the scope user:activity, which is looked at before the item's errors
    if client.registration == "Workflow" and "user:activity" not in token.scopes:
        raise Refusal(403, "Forbidden", "Not allowed operation in your role or token scope.")
    if refusal is not None:
        raise refusal
    store.received.append(dict(request.headers))
    return client, read, shared


def item_of(request: Request) -> Item:
    """nii.md 3.8: 404."""
    recid = str(request.path_params["recid"])
    item = store_of(request).items.get(recid)
    if item is None or item.deleted:
        raise Refusal(404, "NotFound", f"Item not found. (recid={recid})")
    return item
