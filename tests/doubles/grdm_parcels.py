"""Parcels for GakuNin RDM, and how a deposit is tried by a process of its own."""

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from doubles.grdm import TOKEN, Store, make_app
from doubles.serving import served
from recrate.model.crate import Crate, CrateFile, identity_of
from recrate.model.deposit import DepositOrder, Place, Receipt
from recrate.model.environment import Card, Lock
from recrate.model.progress import silent
from recrate.model.record import Record, RecordKind
from recrate.model.secret import Secret
from recrate.model.study import DataReference, Description
from recrate.outside.web import WebSettings
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.grdm import GakuNinRDM
from recrate.publish.journal import Journal

WEB = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1", "localhost"))
FILES = {
    "ro-crate-metadata.json": b'{"@context": "https://w3id.org/ro/crate/1.1/context"}',
    "analysis.ipynb": b'{"cells": []}',
    "data/heights 1.csv": b"hour,height\n0,1.2\n",
}
RUN = {
    "@context": "https://w3id.org/ro/crate/1.1/context",
    "@graph": [
        {"@id": "#run", "@type": "CreateAction", "endTime": "2026-11-20T09:30:00+00:00"},
        {"@id": "#judge", "@type": "CreateAction", "endTime": "2026-11-20T10:00:00+00:00"},
    ],
}
ANSWERS = {
    "grdm-file:title-en": {"value": "Tides"},
    "grdm-file:data-type": {"value": "dataset"},
    "grdm-file:access-rights": {"value": "open access"},
    "funder": {"value": "JSPS"},
}
ZIP = "/recrate/Tides-of-the-Inland-Sea.crate.zip"
UNPACKED = "/recrate/Tides-of-the-Inland-Sea/"


def lock_of(*, system: tuple[str, ...] = (), language: str = "python") -> Lock:
    """Return a lock of two packages."""
    return Lock(
        language=language,
        python="3.11.7" if language == "python" else "",
        packages=(),
        pylock="",
        requirements="numpy==1.26.4\npandas==2.2.0\n",
        dockerfile="",
        source="declared",
        as_of=None,
        card=Card(system="Linux", release="6", machine="x86_64"),
        system_packages=system,
    )


def parcel(
    folder: Path,
    *,
    files: dict[str, bytes] = FILES,
    answers: dict[str, str] | None = None,
    replay: bool = False,
    verdict: str = "identical",
    notebooks: tuple[str, ...] = ("analysis.ipynb",),
    references: tuple[DataReference, ...] = (),
    lock: Lock | None = None,
    new_version_of: str | None = None,
    documents: dict[str, Any] | None = None,
    name: str = "Tides of the Inland Sea",
    mark: str = "mark-1",
) -> Parcel:
    """Make a parcel whose zip lies in `folder`; the same arguments give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "parcel.crate.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), content)
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    listed = tuple(
        CrateFile(path=one, sha256=hashes[one], size_bytes=len(files[one]), media_type="text/plain")
        for one in files
        if not one.startswith("ro-crate-")
    )
    identity = identity_of(hashes.items())
    crate = Crate(
        location=str(file), identity=identity, name=name, files=listed, notebooks=notebooks,
        references=references, lock=lock, metadata=RUN if replay else {},
    )  # fmt: skip
    record = Record(
        description=Description(title=name, description=""),
        kind=RecordKind.REPLAY if replay else RecordKind.STUDY,
        identity=identity, issued="2026-11-21", agent="recrate 0.1.0", notebooks=notebooks,
        verdict=verdict if replay else None,
    )  # fmt: skip
    said = {"project": "ab3cd", **(answers or {})}
    return Parcel(
        crate=crate,
        file=file,
        size_bytes=file.stat().st_size,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        record=record,
        order=DepositOrder(mark=mark, new_version_of=new_version_of, answers=said),
        documents={"grdm": json.dumps(ANSWERS if documents is None else documents).encode()},
    )


def addresses(port: int, files_port: int | None = None) -> dict[str, str]:
    """Return the answers that say where the double lies."""
    return {
        "api": f"http://127.0.0.1:{port}/v2/",
        "files": f"http://127.0.0.1:{files_port or port}/v1/",
        "web": f"http://127.0.0.1:{port}/",
    }


def depositor(
    port: int,
    *,
    token: str | None = TOKEN,
    files_port: int | None = None,
    sleep: Callable[[float], None] = lambda _: None,
) -> GakuNinRDM:
    """Make a depositor for the double at `port`, as a new process would."""
    return GakuNinRDM(
        Place(name="grdm", kind="grdm", answers=addresses(port, files_port)),
        Surroundings(
            web=WEB,
            secret=Secret(token) if token is not None else None,
            today="2026-11-21",
            agent="recrate 0.1.0",
        ),
        sleep=sleep,
    )


def deposit(made: GakuNinRDM, of: Parcel, journal: Journal) -> Receipt:
    """Reserve and deposit."""
    made.reserve(of, journal, silent)
    return made.deposit(of, journal, silent)


@contextlib.contextmanager
def service(store: Store) -> Iterator[int]:
    """Serve a double over a store and give its port."""
    with served(make_app(store)) as port:
        yield port
