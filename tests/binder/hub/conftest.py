"""Crates with DOIs on a web of this machine, and a JupyterHub that relaunches them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from doubles.landing import Host
from doubles.reading_doi import Dois
from doubles.reading_inveniordm import Records
from doubles.serving import Cut, CuttingProxy, served
from hubs import Hub, opened_hub
from launching import Launchable, all_gone, real_studies, tides
from making import notebook_of, stream
from sweeping import after_group

__all__ = ["Host", "real_studies", "tides"]


@dataclass
class Web:
    """Records of InvenioRDM, each on a server of its own, and a resolver that leads to them."""

    stack: ExitStack
    dois: Dois = field(default_factory=Dois)
    port: int = 0
    count: int = 0

    def publish(
        self, crate: bytes, *, cuts: tuple[Cut, ...] = (), checksum: str | None = None
    ) -> str:
        """Publish a crate and return its DOI; cuts: connections to its server that break."""
        self.count += 1
        doi = f"10.5072/zenodo.{self.count}"
        checksums = {} if checksum is None else {"study.crate.zip": checksum}
        records = Records(files={"study.crate.zip": crate}, doi=doi, checksums=checksums)
        port = self.stack.enter_context(served(records.app))
        if cuts:
            proxy = CuttingProxy(port, list(cuts))
            self.stack.callback(proxy.close)
            port = proxy.port
        self.dois.leads[doi] = f"http://127.0.0.1:{port}/records/4711"
        return doi

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """What a service is told of this web."""
        resolver = f"http://127.0.0.1:{self.port}/"
        return {
            "Web": {"private_hosts": ["127.0.0.1"], "timeout": 5.0},
            "Locate": {"doi_resolver": resolver, "datacite_api": f"{resolver}api/"},
        }


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    """The web of a test run."""
    with ExitStack() as stack:
        made = Web(stack=stack)
        made.port = stack.enter_context(served(made.dois.app))
        yield made


Study = Callable[..., bytes]


@pytest.fixture(scope="session")
def small_study(
    tmp_path_factory: pytest.TempPathFactory, recrate: Any
) -> Callable[..., Launchable]:
    """Pack a study of one notebook; other `requirements` make another environment."""

    def make(word: str = "sum", requirements: str = "six==1.17.0\n", *more: str) -> Launchable:
        folder = tmp_path_factory.mktemp("small")
        study, crate = folder / "study", folder / "small.crate.zip"
        study.mkdir()
        source = f"import six\nprint({word!r}, sum(range(11)))"
        recorded = {0: [stream(f"{word} 55\n")]}
        (study / "first.ipynb").write_text(notebook_of(source, outputs=recorded))
        (study / "requirements.txt").write_text(requirements)
        answer = recrate("pack", study, "-o", crate, *more)
        assert crate.exists(), answer.error
        return Launchable(word, crate, "first.ipynb")

    return make


@pytest.fixture(scope="session")
def small(small_study: Callable[..., Launchable]) -> Launchable:
    """One of them."""
    return small_study()


@pytest.fixture(scope="session")
def hub(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub for all tests that leave it as it is; at its end nothing may be left of it."""
    limits = {"sessions_per_user": 2, "launches_per_hour": 8, "failures_per_hour": 2}
    settings = {**web.settings, "Relaunch": {**limits, "verdicts_online": False}}
    folder = tmp_path_factory.mktemp("hub")
    with opened_hub(folder, settings, keep_days=0.0) as opened:
        restored = opened.shared / "cache" / "environments"  # 2.4 GB
        after_group("hub", lambda: shutil.rmtree(restored, ignore_errors=True))
        yield opened
        opened.stop()
        left = [one for one in opened.processes() if one.pid != opened.proxy_pid]
        assert all_gone(left, seconds=60), [one.cmdline() for one in left]
        assert not list((opened.shared / "service" / "work").glob("*"))
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test of the shared hub: no server, no worker, no launch that holds anything."""
    yield
    if "hub" not in request.fixturenames:
        return
    opened: Hub = request.getfixturevalue("hub")
    opened.stop_all()
    opened.until(lambda: not opened.servers(), 60, "servers")
    work = opened.shared / "service" / "work"
    opened.until(lambda: not list(work.glob("*")), 60, "folders of works")


@pytest.fixture(scope="session")
def slow_web() -> Iterator[str]:
    """The address of a crate that never comes to its end."""

    async def drop(_request: Request) -> StreamingResponse:
        async def drops() -> AsyncIterator[bytes]:
            yield b"PK\x03\x04"
            for _ in range(2000):
                yield b"\0" * 1000
                await asyncio.sleep(0.1)

        headers = {"Content-Length": "5000000", "Content-Type": "application/zip"}
        return StreamingResponse(drops(), headers=headers)

    with served(Starlette(routes=[Route("/slow.crate.zip", drop)])) as port:
        yield f"http://127.0.0.1:{port}/slow.crate.zip"
