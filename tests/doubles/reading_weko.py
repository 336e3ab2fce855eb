"""A record page of JAIRO Cloud (WEKO3), as everybody may read it.

The page has schema.org metadata for resource type `dataset` only, and only where the description
has fifty characters; three files of another project are named beside the record's own (nii.md
1.6). Every record can be exported (nii.md 3.9). Files keep flattened names: nii.md 3.5.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from doubles.landing import Asked, Shown, answer_with

BUNDLE = ("apt.txt", "environment.yml", "postBuild")
JPCOAR = "https://github.com/JPCOAR/schema/blob/master/2.0/"


@dataclass
class Item:
    """One record. `files`: by the name that WEKO keeps them under, `code%2Fanalysis.ipynb`."""

    files: dict[str, bytes]
    number: str = "123"
    kind: str = "dataset"
    description: str = "Levels of the sea at Oura, measured and computed by us in 2026."
    doi: str | None = None
    exports: tuple[str, ...] = ("jpcoar_2.0",)
    linked: bool = False
    asked: list[Asked] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(
            routes=[
                Route("/records/{id}", self._page),
                Route("/records/{id}/export/{form}", self._export),
                Route("/record/{id}/files/{name:path}", self._content),
            ]
        )

    def address(self, base: str, name: str) -> str:
        """Return where a file lies: the name it is kept under, quoted once more."""
        return f"{base}record/{self.number}/files/{quote(name, safe='')}"

    async def _page(self, request: Request) -> Response:
        base = str(request.base_url)
        head = "<title>Tides - Repository</title>"
        if self.kind == "dataset" and len(self.description) >= 50:
            other = "https://raw.githubusercontent.com/RCOSDP/JDCat-base/main/"
            addresses = [self.address(base, name) for name in self.files]
            addresses += [other + name for name in BUNDLE]
            said = {
                "@context": "https://schema.org/",
                "@type": "Dataset",
                "name": "Tides",
                "description": self.description,
                "citation": [f"https://doi.org/{self.doi}"] if self.doi else [],
                "distribution": [
                    {"@type": "DataDownload", "contentUrl": one, "encodingFormat": "text/plain"}
                    for one in addresses
                ],
            }
            head += f'<script type="application/ld+json">{json.dumps(said)}</script>'
        body = "".join(
            f'<a href="{escape(self.address(base, name))}?download=true">{escape(name)}</a>'
            for name in (self.files if self.linked else ())
        )
        return Response(
            f"<html><head>{head}</head><body>{body}</body></html>", media_type="text/html"
        )

    async def _export(self, request: Request) -> Response:
        if request.path_params["form"] not in self.exports:
            return Response("no such format", status_code=404)
        base = str(request.base_url)
        files = "".join(
            f"<jpcoar:file><jpcoar:URI>{escape(self.address(base, name))}</jpcoar:URI>"
            "<jpcoar:mimeType>application/octet-stream</jpcoar:mimeType></jpcoar:file>"
            for name in self.files
        )
        doi = f'<jpcoar:identifier identifierType="DOI">https://doi.org/{self.doi}</jpcoar:identifier>'
        xml = (
            f'<jpcoar:jpcoar xmlns:jpcoar="{JPCOAR}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>Tides</dc:title>{doi if self.doi else ''}{files}</jpcoar:jpcoar>"
        )
        return Response(xml, media_type="text/plain")

    async def _content(self, request: Request) -> Response:
        headers = {key.lower(): value for key, value in request.headers.items()}
        told = Asked(path=request.scope["raw_path"].decode(), headers=headers)
        self.asked.append(told)
        name = request.path_params["name"]
        if name not in self.files:
            return Response("no such file", status_code=404)
        return answer_with(Shown(content=self.files[name], kind="application/octet-stream"), told)
