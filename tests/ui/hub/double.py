"""The launch service's contract, in states that one wants to look at: the page stands before it.

What is asked for says what happens: the last part of the DOI names the state. Nothing is fetched
and nothing is started here; the whole way is walked in hub.spec.ts, on a real JupyterHub.

usage: python double.py PORT
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from recrate_binder.hub.page import HEADERS, STATIC, render_page

Json = dict[str, Any]
BASE = "/services/relaunch/"
XSRF = "2|double"
LIMITS = {"sessions_per_user": 3, "launches_per_hour": 20, "size_bytes": 5_000_000_000}
STAGES = ("fetch", "environment", "start")
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>Tides</b>\u202e"
launches: dict[str, list[Json]] = {}
"""User → launches, newest first; each test is a user of its own, or names what it is alone in."""


def crate(where: str, language: str) -> Json:
    """Return what is told of a crate; the state that its address names is laid over it."""
    japanese = language == "ja"
    usual: Json = {
        "where": where,
        "title": "東京湾の潮汐と調和解析" if japanese else "Tides of Tokyo Bay, taken apart",
        "creators": ["田中 花子", "鈴木 一郎"] if japanese else ["Hanako Tanaka", "Ichiro Suzuki"],
        "licence": "https://spdx.org/licenses/CC-BY-4.0",
        "doi": where.removeprefix("https://doi.org/"),
        "record_url": "https://example.org/records/7",
        "version": "1.2",
        "size_bytes": 2_412_345,
        "blind": False,
        "notebooks": 3,
        "last_verdict": {
            "verdict": "identical",
            "sentence": "31 of 38 outputs compared",
            "date": "2026-03-03",
            "url": "https://doi.org/10.5072/run",
        },
        "expected_seconds": {"fetch": 4.0, "environment": 30.0, "start": 8.0},
        "ready": False,
        "needs_agreement": False,
        "notes": [],
    }
    return usual | CRATES.get(where.rpartition("/")[2], {})


CRATES: dict[str, Json] = {
    "here": {"ready": True, "expected_seconds": {"fetch": 0, "environment": 0, "start": 8.0}},
    "blind": {"blind": True, "creators": [], "last_verdict": None, "doi": None},
    "large": {
        "size_bytes": 2_300_000_000,
        "needs_agreement": True,
        "notes": ["Its data are fetched from their own addresses."],
        "last_verdict": {"verdict": "not restored", "sentence": "", "date": "2026-01-09"},
        "expected_seconds": {"fetch": 300.0, "environment": None, "start": 8.0},
    },
    "hostile": {
        "title": HOSTILE,
        "creators": [HOSTILE] * 30,
        "licence": "javascript:alert(1)",
        "record_url": "javascript:alert(1)",
        "doi": None,
        "version": "x" * 400,
        "notes": [HOSTILE],
        "last_verdict": {"verdict": HOSTILE, "sentence": HOSTILE, "date": HOSTILE},
    },
}
NO_CRATE = {
    "title": "No crate was found there",
    "detail": "doi.org knows no such DOI",
    "hint": "",
    "code": "not-found",
}
NOT_RESTORED = {
    "title": "The environment cannot be restored",
    "detail": "numpy 1.16.0 has no wheel for this platform",
    "hint": "ask its authors for a newer lock",
    "code": "not-restored",
}
LIMITED = {
    "title": "Please wait a little",
    "detail": "you began 20 launches in the last hour",
    "hint": "",
    "code": "busy",
}


def launch_of(where: str, title: str, status: str = "running", at: int = 0) -> Json:
    """Return a launch that stands at a stage."""
    done: Json = {"status": "done", "done": 1, "total": 1, "message": "", "seconds": 3.4}
    coming: Json = {"status": "waiting", "done": 0, "total": 0, "message": "", "seconds": None}
    now = time.time()
    return {
        "id": f"{abs(hash((where, now))):x}",
        "where": where,
        "title": title,
        "status": status,
        "ahead": 0,
        "stages": [{"name": name, **(done if i < at else coming)} for i, name in enumerate(STAGES)],
        "url": None,
        "problem": None,
        "created": now,
        "updated": now,
    }


async def going(launch: Json) -> AsyncIterator[Json]:
    """Let a launch go on as its address says, and yield it whenever something changed."""
    state = launch["where"].rpartition("/")[2]
    if state == "queue":
        launch |= {"status": "waiting", "ahead": 2}
        yield launch
        await asyncio.sleep(3600)
    launch["status"] = "running"
    for stage in launch["stages"]:
        if stage["status"] == "done":
            continue
        stage |= {"status": "running", "total": 4}
        for part in range(4):
            stage |= {"done": part, "message": MESSAGES[stage["name"]]}
            yield launch
            held = state == "build" and stage["name"] == "environment" and part == 2
            await asyncio.sleep(3600 if held else 0.08)
            if launch["status"] == "cancelled":
                yield launch
                return
        if state == "fails" and stage["name"] == "environment":
            stage |= {"status": "failed", "seconds": 12.0}
            launch |= {"status": "failed", "problem": NOT_RESTORED}
            yield launch
            return
        stage |= {"status": "done", "message": "", "seconds": 3.4}
    launch |= {"status": "ready", "url": f"{BASE}lab"}
    yield launch


MESSAGES = {"fetch": "tides.crate.zip", "environment": "scipy 1.14.1", "start": ""}


def problem(status: int, told: Json, **headers: str) -> Response:
    kind = "application/problem+json"
    return Response(json.dumps(told), status, headers, media_type=kind)


def user_of(request: Request) -> str:
    return request.cookies.get("double-user", "hanako")


def launches_of(request: Request) -> list[Json]:
    alone = request.cookies.get("double-alone", "")
    return launches.setdefault(user_of(request) + alone, [])


def find(request: Request) -> Json | None:
    mine = launches_of(request)
    return next((one for one in mine if one["id"] == request.path_params["id"]), None)


class Guard(BaseHTTPMiddleware):
    """As the hub's: a cookie counts for a script only with the page's token, also in reading."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        mark = request.headers.get("X-XSRFToken")
        if "/api/" in request.url.path and mark != XSRF:
            return problem(401, {"title": "This is not allowed here", "code": "refused"})
        return await call_next(request)


async def page(request: Request) -> Response:
    asked = request.query_params.get("lang")
    accepts = request.headers.get("Accept-Language", "")
    language = "ja" if (asked or accepts).startswith("ja") else "en"
    html = render_page(
        base=BASE,
        user=user_of(request),
        xsrf=XSRF,
        language=language,
        version="0.1.0",
        limits=LIMITS,
        crate=request.query_params.get("crate", ""),
    )
    return HTMLResponse(html, headers=dict(HEADERS))


async def look(request: Request) -> Response:
    where = request.query_params["where"]
    state = where.rpartition("/")[2]
    if state == "slow":
        await asyncio.sleep(3600)
    if state == "none":
        return problem(404, NO_CRATE)
    if state == "out":
        return HTMLResponse("<h1>403 : Forbidden</h1>", 403)
    return JSONResponse(crate(where, request.headers.get("Accept-Language", "")[:2]))


async def launch(request: Request) -> Response:
    mine = launches_of(request)
    if request.method == "GET":
        return JSONResponse(mine)
    order = await request.json()
    told = crate(order["where"], order["language"])
    if order["where"].endswith("/limited"):
        return problem(429, LIMITED, **{"Retry-After": "720"})
    if told["needs_agreement"] and not order["agreed"]:
        return problem(403, {"title": "The crate is large", "code": "too-large"})
    mine.insert(0, launch_of(order["where"], told["title"], "waiting"))
    return JSONResponse(mine[0], 201)


async def one_launch(request: Request) -> Response:
    one = find(request)
    if one is None:
        return problem(404, {"title": "No crate was found there", "code": "not-found"})
    if request.method == "DELETE":
        one["status"] = "stopped" if one["status"] == "ready" else "cancelled"
    return JSONResponse(one)


async def events(request: Request) -> Response:
    one = find(request)
    if one is None:
        return problem(404, {"title": "No crate was found there", "code": "not-found"})

    async def told() -> AsyncIterator[str]:
        async for changed in going(one):
            yield f"data: {json.dumps(changed)}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")


async def lab(request: Request) -> Response:
    del request
    return HTMLResponse("<!doctype html><html lang=en><title>JupyterLab</title><h1>Lab</h1></html>")


app = Starlette(
    middleware=[Middleware(Guard)],
    routes=[
        Route(BASE, page),
        Route(f"{BASE}lab", lab),
        Route(f"{BASE}api/crate", look),
        Route(f"{BASE}api/launches", launch, methods=["GET", "POST"]),
        Route(f"{BASE}api/launches/{{id}}", one_launch, methods=["GET", "DELETE"]),
        Route(f"{BASE}api/launches/{{id}}/events", events),
        Mount(f"{BASE}static", StaticFiles(directory=STATIC)),
    ],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
