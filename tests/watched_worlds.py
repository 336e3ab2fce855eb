"""Installations of their own for the tests of watching, whose clocks go as they are told."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from traitlets.config import Config

from making import notebook_of, stream
from recrate.configuration import settings_from
from recrate.flow.settings import Settings
from recrate.flow.watching import (
    RunOrder,
    WatchedRun,
    WatchSettings,
    add_watched,
    run_due,
    watched_folders,
)
from recrate.flow.watching_state import Seen, WatchedFolder

DAY = 86_400.0
BEGIN = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
GOOD, OTHER = b"1\n2\n3\n", b"1\n2\n4\n"
SUM = "print(sum(int(line) for line in open('data/levels.csv')))"


@dataclass
class World:
    """An installation of its own."""

    settings: Settings
    watch: WatchSettings
    now: datetime

    def later(self, **gone: float) -> "World":
        self.now += timedelta(**gone)
        return self

    def run(self, **order: Any) -> WatchedRun:
        return run_due(RunOrder(**order), settings=self.settings, watch=self.watch)

    def seen(self, track: str = "published", **order: Any) -> Seen:
        """Run, and return what was seen of the one crate that is watched."""
        done = self.run(**order)
        assert len(done.entries) == 1, done
        found = done.entries[0][1].of(track)  # type: ignore[arg-type]
        assert found is not None, done
        return found

    def add(self, crate: Path | str, **more: Any) -> None:
        told = {"current": True, "every_seconds": 30 * DAY} | more
        add_watched(crate, settings=self.settings, **told)

    @property
    def folder(self) -> WatchedFolder:
        return watched_folders(self.settings)[0]


def world_in(tmp_path: Path) -> World:
    """Return an installation that keeps all it has in this folder."""
    found = settings_from(Config({"Publish": {"offer_known_places": False}}))
    made = World(settings=found, watch=WatchSettings(timeout_seconds=1), now=BEGIN)
    made.settings = replace(
        found,
        clock=lambda: made.now,
        data=tmp_path / "data",
        cache=tmp_path / "cache",
        web=replace(found.web, private_hosts=("127.0.0.1",), timeout_seconds=5),
        replay=replace(found.replay, clock=lambda: made.now),
        environment=replace(found.environment, cache=tmp_path / "cache"),
        publish=replace(found.publish, ledger=tmp_path / "data" / "deposits"),
    )
    return made


@dataclass
class Served:
    """A server of this machine. `answers`: (status, body) in turn, the last one again and again."""

    address: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, GOOD)])
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None


@contextmanager
def server() -> Iterator[Served]:
    """Serve until the block ends; every request is kept with its headers and body."""
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            served.asked.append((self.path, dict(self.headers.items()), body))
            served.before()
            several = len(served.answers) > 1
            status, content = served.answers.pop(0) if several else served.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the names that the base class calls

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that did not wait."""

    with Server(("127.0.0.1", 0), Handler) as http:
        served.address = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            http.shutdown()
            thread.join()


def pack(recrate: Any, tmp_path: Path, *notebooks: str, name: str = "x") -> Path:
    """Return a crate without a lock."""
    study = tmp_path / f"study-{name}"
    study.mkdir(exist_ok=True)
    for number, text in enumerate(notebooks):
        (study / f"{'abc'[number]}.ipynb").write_text(text)
    crate = tmp_path / f"{name}.crate.zip"
    answer = recrate("pack", study, "-o", crate, "--no-lock")
    assert answer.code in {0, 1}, answer.error
    return crate


def steady(said: str = "one") -> str:
    """Return a notebook that always says the same."""
    return notebook_of(f"print({said!r})", outputs={0: [stream(f"{said}\n")]})


def crate_with_data(recrate: Any, tmp_path: Path, served: Served) -> Path:
    """Return a crate of one notebook that sums the lines of a data reference."""
    study = tmp_path / "study-x"
    (study / "data").mkdir(parents=True)
    (study / "data" / "levels.csv").write_bytes(GOOD)
    refer = recrate("refer", study, "data/levels.csv", f"{served.address}/levels.csv")
    assert refer.code == 0, refer.error
    return pack(recrate, tmp_path, notebook_of(SUM, outputs={0: [stream("6\n")]}))


class Wheels:
    """A folder of wheels of the package tidekit, beside the usual index."""

    def __init__(self, folder: Path, world: World) -> None:
        folder.mkdir()
        self.folder = folder
        environment = world.settings.environment
        told = replace(environment, index=("--find-links", str(folder)), today="2026-11-01")
        world.settings = replace(world.settings, environment=told)

    def make(self, version: str, code: str) -> None:
        info = f"tidekit-{version}.dist-info"
        with zipfile.ZipFile(self._file(version), "w") as archive:
            archive.writestr("tidekit.py", code)
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tidekit\nVersion: {version}\n"
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")

    def lose(self, version: str) -> None:
        self._file(version).unlink()

    def pack(self, recrate: Any, tmp_path: Path) -> Path:
        """Return a crate with a lock, whose notebook uses the package."""
        study = tmp_path / "study"
        study.mkdir()
        source = "import tidekit\nprint(tidekit.level())"
        (study / "a.ipynb").write_text(notebook_of(source, outputs={0: [stream("one\n")]}))
        (study / "requirements.txt").write_text("tidekit\n")
        config = tmp_path / "pack.py"
        options = ["--find-links", str(self.folder)]
        config.write_text(f"c.Environments.index_options = {options!r}\n")
        crate = tmp_path / "x.crate.zip"
        packed = recrate("pack", study, "-o", crate, "--as-of", "2026-11-01", "--config", config)
        assert packed.code == 0, packed.error
        return crate

    def _file(self, version: str) -> Path:
        return self.folder / f"tidekit-{version}-py3-none-any.whl"
