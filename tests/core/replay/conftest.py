"""A study written for one test, the environment of the tests, and a way to observe it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.model.observation import NotebookObservation, Observation
from recrate.outside import sandbox
from recrate.replay.observe import observe
from recrate.replay.settings import ReplaySettings

CRATE = Crate(
    location="study",
    identity="0" * 64,
    name="A study",
    files=(),
    notebooks=(),
    references=(),
    lock=None,
    metadata={},
)


def environment_of(python: str, prefix: str, base: str, version: str = "3.11") -> Environment:
    """The environment around an interpreter that has a kernel."""
    return Environment(
        language="python",
        python=version,
        folder=prefix,
        kernel_command=(python, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        packages=(),
        restored=True,
        seconds=0.0,
        mounts=(base,),
    )


@dataclass
class Study:
    """A folder of notebooks, and what observing it leaves."""

    root: Path
    destination: Path
    environment: Environment
    settings: ReplaySettings

    def add(self, path: str, *sources: str | dict[str, Any], **metadata: Any) -> str:
        """Write a notebook of code cells; a dict is a cell with more in it than its source."""
        cells = []
        for source in sources:
            more = dict(source) if isinstance(source, dict) else {"source": source}
            maker = new_markdown_cell if more.pop("markdown", False) else new_code_cell
            cells.append(maker(**more))
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells, metadata=metadata), target)
        return path

    def observe(self, *notebooks: str, **more: Any) -> Observation:
        """Observe the notebooks; settings and arguments of `observe` come as keywords."""
        arguments = {
            name: more.pop(name)
            for name in ("earlier", "progress", "repeat", "guide", "gateway")
            if name in more
        }
        return observe(
            self.root,
            notebooks,
            self.environment,
            crate=CRATE,
            settings=replace(self.settings, **more),
            destination=self.destination,
            **arguments,
        )

    def run(self, *sources: str | dict[str, Any], **more: Any) -> NotebookObservation:
        """Observe one notebook of these cells."""
        return self.observe(self.add("a.ipynb", *sources), **more).notebooks[0]

    def rerun(self, path: str = "a.ipynb") -> Any:
        """The executed notebook, valid, read as anybody would."""
        found = nbformat.read(self.destination / "notebooks" / path, as_version=4)
        nbformat.validate(found)
        return found

    def text(self, cell: int = 0, path: str = "a.ipynb") -> str:
        """What a cell showed as text, all its outputs together."""
        outputs = self.rerun(path).cells[cell].outputs
        parts = [
            output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
        ]
        return "".join(parts)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """An empty study, the interpreter of the tests, walls, and short limits."""
    if not (found := sandbox.availability()).ok:
        pytest.skip(f"needs bubblewrap: {found.reason}")
    (tmp_path / "study").mkdir()
    return Study(
        root=tmp_path / "study",
        destination=tmp_path / "out",
        environment=environment_of(sys.executable, sys.prefix, sys.base_prefix),
        settings=ReplaySettings(
            agent="recrate test",
            clock=lambda: datetime.now(UTC),
            cell_timeout_seconds=60,
            memory_bytes=2 * 1024**3,
        ),
    )


@pytest.fixture
def survivors() -> Callable[[str], list[int]]:
    """Find processes of the machine by a word in their command line."""

    def find(word: str) -> list[int]:
        return [
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if any(word in part for part in process.info["cmdline"] or ())
        ]

    return find
