"""Parcels for InvenioRDM, and how a deposit is tried by a process of its own."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from doubles.inveniordm import inveniordm
from doubles.inveniordm_store import OWNER_TOKEN, Store
from recrate.model.crate import Crate, CrateFile
from recrate.model.deposit import DepositOrder, Place, Receipt
from recrate.model.progress import silent
from recrate.model.record import Record, RecordKind
from recrate.model.secret import Secret
from recrate.model.study import Description
from recrate.outside.web import WebSettings
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.inveniordm import InvenioRDM
from recrate.publish.journal import Journal

WEB = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1", "localhost"))
FILES = {
    "ro-crate-metadata.json": b'{"@context": "https://w3id.org/ro/crate/1.1/context"}',
    "ro-crate-preview.html": b"<h1>A study</h1>",
    "analysis.ipynb": b'{"cells": []}',
    "code/100%/model.py": b"print(1)\n" * 40,
}
METADATA: dict[str, Any] = {
    "title": "Tides of the Inland Sea",
    "resource_type": {"id": "software-computationalnotebook"},
    "publication_date": "2026-11-21",
    "publisher": "Zenodo",
    "creators": [
        {"person_or_org": {"type": "personal", "family_name": "Yamada", "given_name": "Hanako"}}
    ],
    "rights": [{"id": "cc-by-4.0"}],
    "description": "How high the water stands.",
}


def parcel(
    folder: Path,
    *,
    mark: str = "mark-1",
    metadata: dict[str, Any] | None = None,
    access: dict[str, Any] | None = None,
    files: dict[str, bytes] = FILES,
    answers: dict[str, str] | None = None,
    draft: bool = False,
    new_version_of: str | None = None,
) -> Parcel:
    """Make a parcel whose zip lies in `folder`; the same arguments give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "study.crate.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    said = {
        "metadata": metadata if metadata is not None else METADATA,
        "access": access or {"record": "public", "files": "public"},
        "files": {"enabled": True},
    }
    listed = tuple(
        CrateFile(
            path=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            media_type="text/plain",
        )
        for name, content in files.items()
        if not name.startswith("ro-crate-")
    )
    return Parcel(
        crate=Crate(
            location=str(file), identity="0" * 64, name="Tides of the Inland Sea", files=listed,
            notebooks=("analysis.ipynb",), references=(), lock=None, metadata={},
        ),
        file=file,
        size_bytes=file.stat().st_size,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        record=Record(
            description=Description(title="Tides", description=""), kind=RecordKind.STUDY,
            identity="0" * 64, issued="2026-11-21", agent="recrate 0.1.0",
        ),
        order=DepositOrder(
            mark=mark, draft=draft, new_version_of=new_version_of, answers=answers or {}
        ),
        documents={"inveniordm": json.dumps(said).encode()},
    )  # fmt: skip


def depositor(
    port: int,
    *,
    token: str = OWNER_TOKEN,
    sleep: Callable[[float], None] = lambda _: None,
    pieces_from_bytes: int = 1 << 40,
    piece_bytes: int = 300,
) -> InvenioRDM:
    """Make a depositor for the double at `port`, as a new process would."""
    return InvenioRDM(
        Place(name="trial", kind="inveniordm", answers={"url": f"http://127.0.0.1:{port}"}),
        Surroundings(web=WEB, secret=Secret(token), today="2026-11-21", agent="recrate 0.1.0"),
        sleep=sleep,
        pieces_from_bytes=pieces_from_bytes,
        piece_bytes=piece_bytes,
    )


def deposit(made: InvenioRDM, of: Parcel, journal: Journal) -> Receipt:
    """Reserve and deposit."""
    made.reserve(of, journal, silent)
    return made.deposit(of, journal, silent)


def service(**settings: Any) -> tuple[Store, Starlette]:
    """Make a double and give its store and its app."""
    store = Store(**settings)
    return store, inveniordm(store)
