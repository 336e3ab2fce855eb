"""A record of InvenioRDM or of Zenodo, as everybody may read it.

Sources: InvenioRDM REST API reference, `GET /api/records/{id}` and `…/files`; Zenodo's own answer
has the files as a list in the record, with `links.self` as their address.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.landing import Asked, Host, Shown, answer_with


@dataclass
class Records:
    """One record with its files. `zenodo`: answers as Zenodo does; `linkset`: as InvenioRDM 13."""

    files: dict[str, bytes]
    number: str = "4711"
    doi: str = "10.5072/zenodo.4711"
    zenodo: bool = False
    linkset: bool = True
    restricted: bool = False
    checksums: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(
            routes=[
                Route("/records/{id}", self._page),
                Route("/api/records/{id}", self._record),
                Route("/api/records/{id}/files", self._files),
                Route("/api/records/{id}/files/{name:path}", self._content),
            ]
        )

    async def _page(self, request: Request) -> Response:
        base = str(request.base_url)
        html = f"<html><head><title>Tides</title></head><body>{self.number}</body></html>"
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if self.linkset:
            address = f"{base}api/records/{self.number}"
            headers["Link"] = f'<{address}> ; rel="linkset" ; type="application/linkset+json"'
        return Response(html, headers=headers)

    async def _record(self, request: Request) -> Response:
        if request.path_params["id"] != self.number:
            return JSONResponse({"status": 404, "message": "not there"}, status_code=404)
        base = str(request.base_url)
        if "linkset" in request.headers.get("accept", ""):
            items = [{"href": self._address(base, name)} for name in self.files]
            page = {"anchor": f"{base}records/{self.number}", "item": items}
            media_type = "application/linkset+json"
            return JSONResponse({"linkset": [page]}, media_type=media_type)
        files: Any = {"enabled": True, "count": len(self.files)}
        if self.zenodo:
            files = [self._entry(base, name, "self") for name in self.files]
        said = {
            "id": self.number,
            "pids": {"doi": {"identifier": self.doi, "provider": "datacite"}},
            "metadata": {"title": "Tides at Oura", "version": "1.2"},
            "links": {
                "self": f"{base}api/records/{self.number}",
                "self_html": f"{base}records/{self.number}",
            },
            "access": {"files": "restricted" if self.restricted else "public"},
            "files": files,
        }
        return JSONResponse(said)

    async def _files(self, request: Request) -> Response:
        if self.restricted or self.zenodo:
            return JSONResponse({"message": "Permission denied."}, status_code=403)
        base = str(request.base_url)
        entries = [self._entry(base, name, "content") for name in self.files]
        return JSONResponse({"enabled": True, "entries": entries})

    def _entry(self, base: str, name: str, link: str) -> dict[str, Any]:
        content = self.files[name]
        md5 = self.checksums.get(name) or hashlib.md5(content).hexdigest()
        return {
            "key": name,
            "size": len(content),
            "checksum": f"md5:{md5}",
            "links": {link: self._address(base, name)},
        }

    def _address(self, base: str, name: str) -> str:
        return f"{base}api/records/{self.number}/files/{quote(name, safe='')}/content"

    async def _content(self, request: Request) -> Response:
        name = request.path_params["name"].removesuffix("/content")
        headers = {key.lower(): value for key, value in request.headers.items()}
        told = Asked(path=request.scope["raw_path"].decode(), headers=headers)
        self.asked.append(told)
        if self.restricted or name not in self.files:
            return JSONResponse({"message": "no"}, status_code=403 if self.restricted else 404)
        return answer_with(Shown(content=self.files[name], kind="application/octet-stream"), told)


__all__ = ["Host", "Records"]
