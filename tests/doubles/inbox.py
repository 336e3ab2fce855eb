"""A COAR Notify inbox and the record that names it, as the specification describes them.

Clauses: N = https://coar-notify.net/specification/1.0.1/, R = …/announce-review/,
A = …/announce-relationship/, L = https://www.w3.org/TR/ldn/
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

OBJECT_TYPES = frozenset(
    {"Article", "Audio", "Document", "Event", "Image", "Note", "Object", "Page", "Place"}
    | {"Profile", "Relationship", "Tombstone", "Video"}
)
"""https://www.w3.org/TR/activitystreams-vocabulary/#object-types"""
ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})
INBOX = "http://www.w3.org/ns/ldp#inbox"


@dataclass
class Store:
    """What arrived, by id, in order. `accepts`: 201 at once, or 202 for later."""

    received: dict[str, dict[str, Any]] = field(default_factory=dict)
    authorization: list[str | None] = field(default_factory=list)
    accepts: int = 201
    named_by: str = "header"
    """How the record names its inbox: header, html, json or nothing."""


def make_inbox() -> Starlette:
    """Return the app; `app.state.store` holds what arrived."""
    app = Starlette(
        routes=[
            Route("/inbox/", _take, methods=["POST"]),
            Route("/record/1", _record),
            Route("/doi", _redirect),
        ]
    )
    app.state.store = Store()
    return app


async def _redirect(request: Request) -> Response:
    return Response(status_code=302, headers={"Location": str(request.url_for("_record"))})


async def _record(request: Request) -> Response:
    """L 3.1: the inbox is named in a Link header or in the body."""
    how = request.app.state.store.named_by
    if how == "json":
        return JSONResponse(
            {"@id": "", INBOX: {"@id": "/inbox/"}}, media_type="application/ld+json"
        )
    head = f'<link rel="{INBOX}" href="/inbox/">' if how == "html" else ""
    page = HTMLResponse(f"<!doctype html><html><head>{head}<title>Tides</title></head></html>")
    if how == "header":
        page.headers["Link"] = (
            '<https://doi.org/10.5072/x>; rel="cite-as", '
            f'<../inbox/>; type="a,b"; rel="{INBOX}", <x>; rel=author'
        )
    return page


async def _take(request: Request) -> Response:
    store: Store = request.app.state.store
    store.authorization.append(request.headers.get("authorization"))
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != "application/ld+json":  # L 3.2: a notification is sent as JSON-LD
        return _refused(415, "only application/ld+json")
    try:
        said = json.loads(await request.body())
    except ValueError:
        return _refused(400, "no JSON")
    complaint = complaint_of(said) if isinstance(said, dict) else "no JSON object"
    if complaint:
        return _refused(400, complaint)
    if said["id"] in store.received:  # as RCOSDP/coar-notify-inbox does
        return _refused(409, "ID conflict: notification with this ID already exists.")
    store.received[said["id"]] = said
    place = f"{request.url}{len(store.received)}"
    return Response(status_code=store.accepts, headers={"Location": place})  # L 3.2


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status_code=status)


def complaint_of(said: dict[str, Any]) -> str | None:
    """Return which clause a notification breaks, None where it breaks none."""
    context = said.get("@context")
    if not isinstance(context, list) or "https://www.w3.org/ns/activitystreams" not in context:
        return "N @context: an array with activitystreams"
    if not {"https://coar-notify.net", "https://purl.org/coar/notify"} & set(context):
        return "N @context: coar-notify.net, or the earlier purl"
    if not isinstance(said.get("id"), str) or not urlsplit(said["id"]).scheme:
        return "N id: a single URI"
    types = said.get("type")
    if not isinstance(types, list) or "Announce" not in types:
        return "R type, A type: includes Announce"
    for name in ("origin", "target"):
        complaint = _system(said.get(name), name)
        if complaint:
            return complaint
    if "actor" in said and (complaint := _actor(said["actor"])):
        return complaint
    return _about(said, types)


def _system(party: Any, name: str) -> str | None:
    if not isinstance(party, dict) or not _is_web(party.get("id")):
        return f"N {name}: required, its id an HTTP URI"
    if name == "target" and not _is_web(party.get("inbox")):
        return "N target.inbox: the HTTP URI of its inbox"
    if "inbox" in party and not _is_web(party["inbox"]):
        return f"N {name}.inbox: an HTTP URI"
    return None


def _actor(actor: Any) -> str | None:
    if not isinstance(actor, dict) or not urlsplit(str(actor.get("id", ""))).scheme:
        return "N actor.id: a URI"
    if actor.get("type") not in ACTOR_TYPES:
        return "N actor.type: one of the five actor types"
    if not isinstance(actor.get("name"), str):  # RCOSDP/coar-notify-inbox, ActorResource.name
        return "actor.name: a text"
    return None


def _about(said: dict[str, Any], types: list[str]) -> str | None:
    about, context = said.get("object"), said.get("context")
    if not isinstance(about, dict) or not about.get("id"):
        return "N object: required, with an id"
    if not isinstance(context, dict) or not _is_web(context.get("id")):
        return "R context, A context: required since 1.0.1, its id a landing page"
    if not _has_object_type(about):
        return "R object.type, A object.type: an Activity Streams object type"
    if "type" in context and not _has_object_type(context):
        return "R context.type: an Activity Streams object type"
    for one in (about, context):
        if "ietf:item" in one and (complaint := _item(one["ietf:item"])):
            return complaint
    if "coar-notify:ReviewAction" in types:
        return None if _is_web(about["id"]) else "R object.id: the review's landing page"
    if "coar-notify:RelationshipAction" in types:
        return _triple(about, context)
    return "R type, A type: ReviewAction or RelationshipAction"


def _triple(about: dict[str, Any], context: dict[str, Any]) -> str | None:
    for name in ("as:subject", "as:relationship", "as:object"):
        if not _is_web(about.get(name)):
            return f"A object.{name}: a URI"
    if about["as:object"] != context["id"]:
        return "A context.id: the same as the triple's as:object"
    return None


def _item(item: Any) -> str | None:
    if not isinstance(item, dict) or not _is_web(item.get("id")):
        return "R ietf:item.id: an HTTP URI"
    if not _has_object_type(item) or not item.get("mediaType"):
        return "R ietf:item: type and mediaType"
    return None


def _has_object_type(one: dict[str, Any]) -> bool:
    types = one.get("type")
    return bool(OBJECT_TYPES & set(types if isinstance(types, list) else [types]))


def _is_web(address: Any) -> bool:
    return isinstance(address, str) and urlsplit(address).scheme in {"http", "https"}
