"""A project of GakuNin RDM, as its owner may read it: API v2, WaterButler, and the store behind it.

Everything needs the token (nii.md 2); downloads answer 302 to an address of the store that must be
asked without it, and that refuses who shows one (nii.md 2, GRDM specialities).
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from doubles.landing import Asked, Shown, answer_with

TOKEN = "a-token-of-the-tests-only"


@dataclass
class Project:
    """One project with one storage; `files` by path below it.

    by_id:    paths are identifiers, as in `osfstorage`, and names are found by listing
    short:    path → short address of that file
    elsewhere: base address of the store that holds the bytes
    """

    files: dict[str, bytes]
    guid: str = "ab3cd"
    provider: str = "osfstorage"
    by_id: bool = True
    short: dict[str, str] = field(default_factory=dict)
    elsewhere: str = ""
    asked: list[Asked] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """API at `/v2/`, WaterButler at `/v1/`, pages at `/`."""
        return Starlette(
            routes=[
                Route("/v2/files/{short}/", self._short),
                Route("/v2/nodes/{guid}/", self._node),
                Route("/v2/nodes/{guid}/files/", self._providers),
                Route("/v1/resources/{guid}/providers/{provider}/{path:path}", self._file),
            ]
        )

    @property
    def store(self) -> Starlette:
        """The store behind it, S3 by its kind."""
        return Starlette(routes=[Route("/{key:path}", self._stored)])

    def _key(self, path: str) -> str:
        return hashlib.sha1(path.encode()).hexdigest()[:24] if self.by_id else path

    def _place(self, path: str) -> str:
        """Return the service's own path of a file or, with `/` at its end, of a folder."""
        if path in {"", "/"}:
            return "/"
        return f"/{self._key(path.rstrip('/'))}{'/' if path.endswith('/') else ''}"

    def _refusal(self, request: Request) -> Response | None:
        headers = {key.lower(): value for key, value in request.headers.items()}
        self.asked.append(Asked(path=request.url.path, headers=headers))
        if headers.get("authorization") == f"Bearer {TOKEN}":
            return None
        told = {"errors": [{"detail": "Authentication credentials were not provided."}]}
        return JSONResponse(told, status_code=401)

    def _attributes(self, path: str) -> dict[str, Any]:
        name = path.rstrip("/").rpartition("/")[2]
        said = {"name": name, "path": self._place(path), "provider": self.provider}
        if path.endswith("/"):
            return {**said, "kind": "folder"}
        content = self.files[path]
        hashes = {"md5": hashlib.md5(content).hexdigest()}
        if self.by_id:
            hashes["sha256"] = hashlib.sha256(content).hexdigest()
        extra = {"hashes": hashes}
        return {**said, "kind": "file", "size": len(content), "extra": extra}

    def _folders(self) -> set[str]:
        found = {""}
        for path in self.files:
            parts = path.split("/")[:-1]
            found |= {"/".join(parts[: n + 1]) + "/" for n in range(len(parts))}
        return found

    async def _file(self, request: Request) -> Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        place = "/" + request.path_params["path"]
        named = (request.path_params["guid"], request.path_params["provider"])
        folder = next((one for one in self._folders() if self._place(one) == place), None)
        path = next((one for one in self.files if self._place(one) == place), None)
        if named != (self.guid, self.provider) or (folder is None and path is None):
            return JSONResponse({"code": 404, "message": "not found"}, status_code=404)
        if folder is not None:
            inside = [*self.files, *self._folders() - {""}]
            own = [one for one in inside if one.startswith(folder) and one != folder]
            direct = [one for one in own if "/" not in one[len(folder) :].rstrip("/")]
            return JSONResponse({"data": [{"attributes": self._attributes(o)} for o in direct]})
        if "meta" in request.query_params:
            return JSONResponse({"data": {"attributes": self._attributes(path or "")}})
        key = quote(path or "", safe="")
        return RedirectResponse(f"{self.elsewhere}{key}?X-Amz-Signature=once", status_code=302)

    async def _stored(self, request: Request) -> Response:
        headers = {key.lower(): value for key, value in request.headers.items()}
        told = Asked(path=request.scope["raw_path"].decode(), headers=headers)
        self.asked.append(told)
        if "authorization" in headers:
            return Response("<Error><Code>InvalidArgument</Code></Error>", status_code=400)
        content = self.files[request.path_params["key"]]
        return answer_with(Shown(content=content, kind="application/octet-stream"), told)

    async def _short(self, request: Request) -> Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        asked = request.path_params["short"]
        path = next((one for one, short in self.short.items() if short == asked), None)
        if path is None:
            return JSONResponse({"errors": [{"detail": "Not found."}]}, status_code=404)
        target = {"data": {"id": self.guid, "type": "nodes"}}
        attributes = self._attributes(path)
        said = {"attributes": attributes, "relationships": {"target": target}}
        return JSONResponse({"data": said})

    async def _node(self, request: Request) -> Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if request.path_params["guid"] != self.guid:
            return JSONResponse({"errors": [{"detail": "Not found."}]}, status_code=404)
        return JSONResponse({"data": {"attributes": {"title": "Tides"}}})

    async def _providers(self, request: Request) -> Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        said = [{"attributes": {"name": self.provider, "provider": self.provider}}]
        return JSONResponse({"data": said})
