"""A crate that is published somewhere, and a person who looks for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from doubles.landing import Host
from doubles.reading_crates import make_crate
from doubles.reading_doi import Dois
from doubles.serving import App, served
from recrate.locate.bring import bring
from recrate.locate.find import find_crate
from recrate.locate.settings import LocateSettings, no_secrets
from recrate.locate.whereabouts import Whereabouts
from recrate.outside.web import WebSettings


@pytest.fixture(scope="session")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The crate as it was packed."""
    return make_crate(tmp_path_factory.mktemp("packed"))


@dataclass
class World:
    """The web of one test: servers by name, DOIs, and somebody who looks for crates in it."""

    cache: Path
    stack: ExitStack
    dois: Dois = field(default_factory=Dois)
    settings: LocateSettings = field(default_factory=LocateSettings)
    waited: list[float] = field(default_factory=list)

    def serve(self, app: App) -> str:
        """Serve an app and return its address, with `/` at its end."""
        return f"http://127.0.0.1:{self.stack.enter_context(served(app))}/"

    def find(self, where: str, **given: Any) -> Whereabouts:
        """Find a crate."""
        return find_crate(where, settings=self.settings, **given)

    def bring(self, found: Whereabouts, **given: Any) -> Path:
        """Bring it here."""
        said = {"agreed_bytes": None, "secrets": no_secrets, **given}
        return bring(found, self.cache, settings=self.settings, **said)

    def fetch(self, where: str, **given: Any) -> Path:
        """Find a crate and bring it here."""
        known = {name: value for name, value in given.items() if name == "secrets"}
        return self.bring(self.find(where, **known), **given)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A web with a DOI resolver and DataCite in it."""
    with ExitStack() as stack:
        made = World(cache=tmp_path / "cache", stack=stack)
        made.cache.mkdir()
        resolver = made.serve(made.dois.app)
        made.settings = LocateSettings(
            web=WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",)),
            doi_resolver=resolver,
            datacite_api=f"{resolver}api/",
            grdm_web="http://127.0.0.1:9/",
            grdm_api="http://127.0.0.1:9/v2/",
            grdm_files="http://127.0.0.1:9/v1/",
            sleep=made.waited.append,
        )
        yield made


@pytest.fixture
def host(world: World) -> tuple[Host, str]:
    """A web server of anybody's, and its address."""
    made = Host()
    return made, world.serve(made.app)


Pages = Callable[..., str]
