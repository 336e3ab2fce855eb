"""Sessions' folders as `recrate launch` leaves them, made without restoring an environment."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.compare.beside import source_digest
from recrate.flow.sightings import Sighting, note_sighting
from recrate.launch.session import Session
from recrate.model.crate import Crate
from recrate.model.environment import Environment, Package
from recrate.model.launch import LastVerdict, SessionHead
from report_accounts import data, notebook

IDENTITY = "5" * 64
STARTED = "2026-03-01T09:00:00+00:00"
LICENCE = "https://spdx.org/licenses/CC-BY-4.0"

Notebook = dict[str, Any]


def published() -> Notebook:
    """Three cells: one that gives 1.25, one that gives two outputs, one that gives none."""
    found = notebook(
        [data(text_plain="1.25")],
        [data(text_plain="same"), data(text_plain="kept")],
        [],
        sources=["x = 1.25\nx", "show(x)", "y = 2"],
    )
    for number, cell in enumerate(found["cells"]):
        cell["id"] = f"cell-{number}"
    return found


@dataclass(frozen=True)
class Opened:
    """A session, and what a person does in it."""

    session: Session

    @property
    def study(self) -> Path:
        """The root of JupyterLab's files."""
        return self.session.study

    def save(self, path: str, change: Callable[[Notebook], None] = lambda _: None) -> None:
        """Run all of a notebook as a person does, change it, and save it."""
        document = json.loads((self.session.root / "recorded" / path).read_text())
        for cell in document["cells"]:
            cell["execution_count"] += 10
        change(document)
        (self.study / path).write_text(json.dumps(document))

    def see(self, path: str, cell: int, source: str, count: int | None) -> None:
        """Note that a cell was run, as the server does."""
        digest = source_digest(source)
        note_sighting(
            self.session,
            Sighting(notebook=path, cell=cell, source=digest, execution_count=count, at=STARTED),
        )


def crate_of(notebooks: tuple[str, ...]) -> Crate:
    """Return a crate as its metadata describe it."""
    root = {"@id": "./", "@type": "Dataset", "name": "Tides", "license": {"@id": LICENCE}}
    return Crate(
        location="tides.crate.zip",
        identity=IDENTITY,
        name="Tides",
        files=(),
        notebooks=notebooks,
        references=(),
        lock=None,
        metadata={"@graph": [root]},
    )


def open_session_in(
    root: Path, notebooks: dict[str, Notebook] | None = None, **changes: Any
) -> Opened:
    """Make a session's folder, with its notebooks untouched, and return it."""
    recorded = notebooks or {"a.ipynb": published(), "b.ipynb": published()}
    session = Session(root=root)
    for name, content in recorded.items():
        place = session.study / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content))
    environment = Environment(
        language="python",
        python="3.11.7",
        folder=None,
        kernel_command=("python",),
        packages=(Package(name="numpy", version="1.26.4"),),
        restored=True,
        seconds=1.5,
    )
    told: dict[str, Any] = {
        "id": "a1b2c3d4",
        "crate": IDENTITY,
        "name": "Tides",
        "title": "Tides",
        "creators": ("Momo Tanaka",),
        "licence": LICENCE,
        "location": "tides.crate.zip",
        "doi": None,
        "blind": False,
        "study": str(session.study),
        "notebooks": tuple(recorded),
        "first": next(iter(recorded)),
        "environments": (environment,),
        "walls": "bubblewrap",
        "target": "here",
        "started": STARTED,
        "agent": "recrate 0.1.0",
        "last_verdict": LastVerdict(verdict="identical", sentence="3 of 3", date="2026-01-01"),
    }
    head = SessionHead(**(told | changes))
    session.write(head, crate_of(tuple(recorded)), recorded)
    return Opened(session)
