"""An opened session as a person's browser speaks to it, by its address, and crates to open."""

import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
import psutil
import pytest

from recrate.compare.judge import compare_notebooks
from recrate.crate.read import read_crate
from recrate.model.policy import Policy
from recrate.model.verdict import Judgement, NotebookVerdict
from recrate.outside.archive import Archive
from session_kernel import Kernel

ROOT = Path(__file__).parents[1]
HOLDS = (Judgement.IDENTICAL, Judgement.EQUIVALENT)
_MEASURE = """
import importlib.metadata, json, sys
print(json.dumps({"python": "%d.%d.%d" % sys.version_info[:3], "packages": {
    one.metadata["Name"]: one.version for one in importlib.metadata.distributions()}}))
"""


class Opened:
    """A JupyterLab that was launched, by its address: http://host:port/base/lab/tree/x?token=T."""

    def __init__(self, url: str, *, token: str | None = None, seconds: float = 90) -> None:
        """token: where the address holds none, as on a hub. seconds: for one answer."""
        parts = urlsplit(url)
        before, _, after = parts.path.partition("/lab")
        self.base = f"{parts.scheme}://{parts.netloc}{before}"
        self.notebook = unquote(after.removeprefix("/tree/")) if after else ""
        given = parse_qs(parts.query).get("token", [token or ""])[0]
        self.headers = {"Authorization": f"token {given}"} if given else {}
        self.seconds = seconds

    def answer(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Return whatever the server answers."""
        return httpx.request(
            method,
            f"{self.base}/{path}",
            headers=self.headers,
            json=body,
            timeout=self.seconds,
            trust_env=False,
        )

    def get(self, path: str) -> Any:
        """Return a JSON answer; fails when it is not one of success."""
        return self.answer("GET", path).raise_for_status().json()

    def post(self, path: str, body: object) -> Any:
        """As `get`."""
        return self.answer("POST", path, body).raise_for_status().json()

    def delete(self, path: str) -> None:
        """Ask for a thing's end; fails when the server does not agree."""
        self.answer("DELETE", path).raise_for_status()

    def status(self) -> dict[str, Any]:
        """What `/api/status` says."""
        found: dict[str, Any] = self.get("api/status")
        return found

    def kernelspecs(self) -> dict[str, Any]:
        """The kernels it offers, by name: `spec` of each."""
        found = self.get("api/kernelspecs")["kernelspecs"]
        return {name: one["spec"] for name, one in found.items()}

    def read_notebook(self, path: str) -> dict[str, Any]:
        """A notebook as the server's files hold it."""
        found: dict[str, Any] = self.get(f"api/contents/{quote(path)}?type=notebook")["content"]
        return found

    @contextmanager
    def kernel(self, name: str | None = None, *, path: str = "unnamed.ipynb") -> Iterator[Kernel]:
        """Start a kernel as JupyterLab does for the notebook at `path`; None: the default one."""
        wanted = {"path": path, "name": Path(path).name, "type": "notebook"}
        session = self.post("api/sessions", wanted | {"kernel": {"name": name} if name else {}})
        kernel = Kernel(self, session)
        try:
            kernel.connect(self.seconds)
            yield kernel
        finally:
            kernel.end()

    def run_notebook(self, path: str) -> dict[str, Any]:
        """Run the notebook's cells in the kernel it names; return it with the fresh outputs.

        Stops behind a cell that fails, as *Run all* does. What was saved stays as it is.
        """
        notebook = self.read_notebook(path)
        asked = notebook["metadata"].get("kernelspec", {}).get("name", "").lower()
        with self.kernel(asked if asked in self.kernelspecs() else None, path=path) as kernel:
            stopped = False
            for cell in notebook["cells"]:
                if cell["cell_type"] != "code":
                    continue
                source = "".join(cell["source"])
                cell["outputs"] = [] if stopped or not source.strip() else kernel.run(source)
                tags = cell["metadata"].get("tags", [])
                failed = any(one["output_type"] == "error" for one in cell["outputs"])
                stopped = stopped or (failed and "raises-exception" not in tags)
        return notebook

    def packages(self, kernel: str | None = None) -> dict[str, str]:
        """Name → version of what is installed, as measured inside a kernel."""
        with self.kernel(kernel) as started:
            found: dict[str, str] = json.loads(started.printed(_MEASURE))["packages"]
        return found

    def judge(self, path: str, recorded: Mapping[str, Any]) -> NotebookVerdict:
        """Run a notebook and compare it with what was recorded."""
        return compare_notebooks(path, recorded, [self.run_notebook(path)], Policy())


@dataclass(frozen=True)
class Launchable:
    """A crate for a test to launch: `notebook` holds (identical or equivalent) when it is run."""

    name: str
    crate: Path
    notebook: str

    def recorded(self) -> dict[str, Any]:
        """The notebook as published."""
        with Archive(self.crate) as archive:
            found: dict[str, Any] = json.loads(
                archive.read(self.notebook, limit_bytes=50 * 1024**2)
            )
        return found

    def locked(self) -> dict[str, str]:
        """Name → version, as the crate's lock says."""
        lock = read_crate(self.crate).lock
        assert lock is not None
        return {one.name: one.version for one in lock.packages}

    def assert_repeated_in(self, opened: Opened, *, folder: str = "") -> None:
        """Assert all that a launch promises: it answers, versions as locked, results as published.

        folder: where the study lies below the server's root; ends with a slash
        """
        assert "started" in opened.status()
        path = f"{folder}{self.notebook}"
        asked = self.recorded()["metadata"].get("kernelspec", {}).get("name")
        offered = opened.kernelspecs()
        assert asked is None or asked in offered, (asked, list(offered))
        assert_locked(self.locked(), opened.packages(asked))
        verdict = opened.judge(path, self.recorded())
        assert verdict.verdict in HOLDS, verdict
        assert verdict.coverage.compared > 0


def assert_locked(locked: Mapping[str, str], measured: Mapping[str, str]) -> None:
    """Assert that everything locked is installed in that version, names normalised."""
    here = {_normalised(name): version for name, version in measured.items()}
    wanted = {_normalised(name): version for name, version in locked.items()}
    assert {name: here.get(name) for name in wanted} == wanted


def _normalised(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


REAL = (
    ("fluids", "1.3.1", "docs/Data", "Sieve"),
    ("hdbscan", "0.8.44", "notebooks", "Looking at cluster"),
    ("econ-ark", "0.17.2", "examples/ConsBequestModel", "BequestWarmGlowConsumerType"),
)
"""Package, version, folder and the notebook's beginning; each holds, as docs/fidelity.md says."""


@pytest.fixture(scope="session")
def tides(cache_folder: Path, recrate: Any) -> Launchable:
    """The example study, packed once for a run of the tests."""
    study = ROOT / "examples" / "tides"
    return packed_once("tides", study, "01-clean.ipynb", cache_folder, recrate)


@pytest.fixture(scope="session")
def real_studies(
    tides: Launchable, cache_folder: Path, recrate: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Launchable, ...]:
    """The example and three studies of source distributions, packed once for a run of the tests."""
    made = tmp_path_factory.mktemp("real")
    return (tides, *(pack_real(number, made, cache_folder, recrate) for number in range(len(REAL))))


def pack_real(
    number: int, made: Path, cache: Path, recrate: Any, *, python: str = ""
) -> Launchable:
    """Pack one of `REAL` in a folder below `made`, once for a run of the tests.

    python: said of the notebook instead of what it says itself, `3.11`; empty: as it is
    """
    package, version, folder, match = REAL[number]
    known = corpus()
    name = f"{package}-{python}" if python else package
    wanted = {"package": package, "version": version, "folder": folder, "match": [match]}
    with alone(cache / "launchable" / f"{package}.source.lock"):
        source, as_of = known.fetch(package, version, cache / "sources" / package)
    (notebook,) = known.make_study(source, wanted, made / name)
    if python:
        _say_python(made / name / notebook, python)
    return packed_once(name, made / name, notebook, cache, recrate, "--as-of", as_of)


def _say_python(notebook: Path, version: str) -> None:
    document = json.loads(notebook.read_text("utf-8"))
    document["metadata"].setdefault("language_info", {})["version"] = version
    notebook.write_text(json.dumps(document), "utf-8")


def packed_once(
    name: str, study: Path, notebook: str, cache: Path, recrate: Any, *more: str
) -> Launchable:
    """Pack a study unless this run of the tests has done that."""
    crate = cache / "launchable" / f"{name}.crate.zip"
    with alone(crate.with_suffix(".lock")):
        if not crate.exists():
            answer = recrate("pack", study, "-o", crate, *more)
            assert crate.exists(), answer.error
    return Launchable(name, crate, notebook)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let the other test processes of this run wait."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def corpus() -> ModuleType:
    """Return the module that knows how to get a source distribution."""
    if "recrate_corpus" not in sys.modules:
        place = ROOT / "benchmarks" / "corpus.py"
        found = importlib.util.spec_from_file_location("recrate_corpus", place)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules["recrate_corpus"] = module
        found.loader.exec_module(module)
    return sys.modules["recrate_corpus"]


class LaunchedHere:
    """`recrate launch … --json` in a process of its own, in a Jupyter data folder of its own."""

    def __init__(self, recrate: Any, data: Path, *words: object, **variables: str) -> None:
        self.data = data
        self.said = data.parent / f"{data.name}.stderr"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                recrate.command("launch", *words, "--json", "--no-browser"),
                stdout=subprocess.PIPE,
                stderr=said,
                env={**os.environ, "LC_ALL": "C.UTF-8", "JUPYTER_DATA_DIR": str(data), **variables},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def told(self) -> dict[str, Any]:
        """Wait until JupyterLab answers, and return the JSON document."""
        assert self.process.stdout is not None
        text = b""
        while line := self.process.stdout.readline():
            text += line
            if line == b"}\n":
                document: dict[str, Any] = json.loads(text)
                return document
        raise AssertionError(self.error)

    @property
    def error(self) -> str:
        """What it said on stderr until now."""
        return self.said.read_text("utf-8", "replace")

    @property
    def sessions(self) -> list[Path]:
        """Folders of the sessions that are there."""
        folder = self.data / "recrate" / "sessions"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def family(self) -> list[psutil.Process]:
        """Itself and all that it started, kernels too."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def end(self, number: signal.Signals = signal.SIGINT, *, seconds: float = 60) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)


def all_gone(processes: Sequence[psutil.Process], *, seconds: float = 20) -> bool:
    """Wait for the end of processes; False where one still runs then."""
    end = time.monotonic() + seconds
    left = [one for one in processes if _runs(one)]
    while left and time.monotonic() < end:
        time.sleep(0.1)
        left = [one for one in left if _runs(one)]
    return not left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
