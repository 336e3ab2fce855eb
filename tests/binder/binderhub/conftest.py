"""A hub that tells of itself, a repository with one record, and a crate that is published in it."""

import functools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doubles.reading_crates import make_crate
from doubles.reading_doi import Dois
from doubles.reading_inveniordm import Records
from doubles.serving import served
from recrate.crate.read import read_crate
from recrate.launch.target import Cargo, Workshop
from recrate.locate.settings import LocateSettings
from recrate.model.crate import Crate, CrateFile
from recrate.model.environment import Card, Lock
from recrate.model.finding import Finding
from recrate.model.launch import LaunchOrder
from recrate.outside.web import WebSettings
from recrate_binder.binderhub.hubs import AboutHub, ask_hub
from recrate_binder.binderhub.target import Binder

DOI = "10.5281/zenodo.4711"
LOCK = Lock(
    language="python", python="3.11.7", packages=(), pylock="", requirements="numpy==1.26.4\n",
    dockerfile="", source="declared", as_of=None, card=Card(system="", release="", machine=""),
)  # fmt: skip
OURS = ("binder/requirements.txt", "binder/runtime.txt", "binder/recrate.txt")


@dataclass
class Hub:
    """What BinderHub serves of itself, as its source says; `silent`: a hub that serves neither."""

    providers: tuple[str, ...] = ("gh", "zenodo")
    builder: str = "quay.io/jupyterhub/repo2docker:2026.4.1.dev44-g97bb4e45a"
    silent: bool = False

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(
            routes=[
                Route("/api/repoproviders", self._providers),
                Route("/versions", self._versions),
            ]
        )

    async def _providers(self, _request: Request) -> Response:
        if self.silent:
            return Response("no", status_code=404)
        return JSONResponse([{"displayName": one, "id": one} for one in self.providers])

    async def _versions(self, _request: Request) -> Response:
        if self.silent:
            return Response("no", status_code=404)
        info = {"build_image": self.builder}
        return JSONResponse({"builder_info": info, "binderhub": "1.0", "builder": self.builder})


@dataclass
class Binders:
    """One crate, its record, a hub, and somebody who wants a link."""

    stack: ExitStack
    path: Path
    crate: Crate
    hub: Hub = field(default_factory=Hub)
    dois: Dois = field(default_factory=Dois)
    records: Records = field(default_factory=lambda: Records(files={}))
    doi: str | None = DOI

    def __post_init__(self) -> None:
        """Put the crate into its record."""
        if not self.records.files:
            self.records.files["tides.crate.zip"] = self.path.read_bytes()
        self.web = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))

    @functools.cached_property
    def hub_url(self) -> str:
        """Where the hub is."""
        return self.serve(self.hub.app)

    @functools.cached_property
    def locate(self) -> LocateSettings:
        """How records are looked for; the DOI leads to the record."""
        self.dois.leads[DOI] = f"{self.serve(self.records.app)}/records/4711"
        resolver = f"{self.serve(self.dois.app)}/"
        return LocateSettings(
            web=self.web,
            doi_resolver=resolver,
            datacite_api=f"{resolver}api/",
            sleep=lambda _: None,
        )

    def serve(self, app: Any) -> str:
        return f"http://127.0.0.1:{self.stack.enter_context(served(app))}"

    def target(self, **answers: str) -> Binder:
        answers.setdefault("hub", self.hub_url)
        workshop = Workshop(
            cache=self.path.parent,
            data=self.path.parent,
            web=self.web,
            agent="r",
            today="2026-11-21",
        )
        return Binder(answers, workshop, locate=self.locate, ask=self.ask)

    def ask(self, hub: str, web: WebSettings) -> AboutHub:
        """Ask a hub of this machine; hubs of the world are silent here."""
        return ask_hub(hub, web) if hub == self.hub_url else AboutHub()

    def cargo(self, **changed: Any) -> Cargo:
        address = f"https://doi.org/{self.doi}" if self.doi else None
        return replace(
            Cargo(crate=self.crate, path=self.path, address=address, doi=self.doi), **changed
        )

    def check(self, order: LaunchOrder | None = None, **answers: str) -> dict[str, Finding]:
        """Return the findings by code."""
        told = self.target(**answers).check(self.cargo(), order or LaunchOrder())
        return {one.code: one for one in told}

    def give(self, *paths: str, **changed: Any) -> None:
        """Add files to what the crate is said to hold."""
        more = [
            CrateFile(path=one, sha256="0" * 64, size_bytes=10, media_type="text/plain")
            for one in paths
        ]
        self.crate = replace(self.crate, files=(*self.crate.files, *more), **changed)


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_crate(tmp_path_factory.mktemp("packed"))


@pytest.fixture
def binders(packed: Path) -> Iterator[Binders]:
    """A crate with the `binder/` that recrate writes, alone in its record."""
    with ExitStack() as stack:
        made = Binders(stack=stack, path=packed, crate=read_crate(packed))
        made.give(*OURS, lock=LOCK)
        yield made
