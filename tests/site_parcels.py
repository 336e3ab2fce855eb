"""Parcels for tests of sites: a small crate on disk, its record, and documents beside it."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.crate.read import read_crate
from recrate.model.deposit import DepositOrder, Place
from recrate.model.environment import Card, Lock, Package
from recrate.model.record import LinkRelation, Record, RecordKind, RecordLink
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Translation,
)
from recrate.outside.archive import Member, write_zip
from recrate.outside.web import WebSettings
from recrate.publish.depositor import Parcel, Surroundings

TODAY = "2026-11-21"
KYOTO = Organisation(
    name="Kyoto University", identifier="https://ror.org/02kpeqv85", alternate_name="京都大学"
)
PEOPLE = (
    Person(
        name="Hanako Yamada",
        given_name="Hanako",
        family_name="Yamada",
        identifier="https://orcid.org/0000-0002-1825-0097",
        alternate_name="山田 花子",
        affiliation=KYOTO,
        email="hanako@example.org",
        erad_number="12345678",
    ),
    Person(name="Taro Suzuki", affiliation=Organisation(name="Port Office of Uno")),
)
DESCRIPTION = Description(
    title="瀬戸内海の潮位予測",
    description=(
        "宇野港の潮位観測 30 日分から調和分解で分潮を求め、翌月の潮位を予測する。"
        "記録された図表はすべてノートブックから再計算できる。"
    ),
    language=Language.JAPANESE,
    creators=PEOPLE,
    licence="CC-BY-4.0",
    keywords=("tides", "harmonic analysis", "潮汐"),
    translations=(
        Translation(
            language=Language.ENGLISH,
            title="Tide prediction for the Seto Inland Sea",
            description=(
                "Thirty days of sea level at Uno are fitted with tidal constituents, and next "
                "month is predicted. Every figure is computed anew from the notebooks."
            ),
        ),
    ),
    funding=(
        Funding(
            funder=Organisation(
                name="Japan Science and Technology Agency", alternate_name="科学技術振興機構"
            ),
            award_number="JPMJCR24Q5",
            award_title="Sea level and people",
        ),
    ),
    access=Access(right=AccessRight.OPEN),
)
LOCK = Lock(
    language="python",
    python="3.11.7",
    packages=tuple(
        Package(name=name, version=version)
        for name, version in (
            ("numpy", "2.1.3"),
            ("pandas", "2.2.3"),
            ("matplotlib", "3.9.2"),
            ("utide", "0.3.0"),
        )
    ),
    pylock="",
    requirements="",
    dockerfile="",
    source="declared",
    as_of="2026-10-01",
    card=Card(system="Linux", release="6.1", machine="x86_64"),
)
DOCUMENTS = {
    "bibtex": b"@misc{yamada2026,title={Tide prediction}}\n",
    "ris": b"TY  - DATA\nER  - \n",
    "cff": b"cff-version: 1.2.0\n",
    "citation-text": b"Yamada, H. & Suzuki, T. (2026). Tide prediction for the Seto Inland Sea.\n",
    "citation-text-ja": "山田花子, 鈴木太郎 (2026): 瀬戸内海の潮位予測.\n".encode(),
    "codemeta": b"{}",
    "datacite-xml": b"<resource/>",
    "jpcoar": b"<jpcoar/>",
    "schema-org": json.dumps(
        {"@context": "https://schema.org/", "@type": "Dataset", "name": "</script><b>"}
    ).encode(),
}


def crate_file(folder: Path, name: str = "tides", text: str = "height\n1.2\n") -> Path:
    """Write a small crate as a zip file."""
    payload = {"predict.ipynb": b'{"cells": []}', "data/uno.csv": text.encode()}
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": name,
            "hasPart": [{"@id": one} for one in payload],
        },
        *({"@id": one, "@type": "File", "name": one} for one in payload),
    ]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    members = [Member(path=path, source=content) for path, content in payload.items()]
    members.append(Member(path="ro-crate-metadata.json", source=json.dumps(document).encode()))
    file = folder / f"{name}.crate.zip"
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(members, file, finish=lambda _: ())
    return file


def parcel(
    folder: Path,
    mark: str = "mark-1",
    *,
    text: str = "height\n1.2\n",
    description: Description = DESCRIPTION,
    answers: dict[str, str] | None = None,
    draft: bool = False,
    version_of: str | None = None,
    documents: dict[str, bytes] | None = None,
    **said: Any,
) -> Parcel:
    """Return a parcel as the flow makes one."""
    file = crate_file(folder / f"crate-{mark}", text=text)
    crate = replace(read_crate(file), lock=LOCK)
    record = Record(
        description=description,
        kind=RecordKind.STUDY,
        identity=crate.identity,
        issued=said.pop("issued", TODAY),
        agent="recrate 0.1.0",
        links=(
            RecordLink(
                target="https://doi.org/10.1000/tides",
                relation=LinkRelation.IS_SUPPLEMENT_TO,
                title="Sea level at Uno",
            ),
        ),
        notebooks=("predict.ipynb", "notebooks/02 図を描く.ipynb"),
        languages=("python",),
    )
    return Parcel(
        crate=crate,
        file=file,
        size_bytes=file.stat().st_size,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        record=replace(record, **said),
        order=DepositOrder(
            mark=mark, draft=draft, new_version_of=version_of, answers=answers or {}
        ),
        documents=DOCUMENTS if documents is None else documents,
    )


def surroundings(secret: Any = None) -> Surroundings:
    """Return what a depositor is made with in tests."""
    return Surroundings(
        web=WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",)),
        secret=secret,
        today=TODAY,
        agent="recrate 0.1.0",
    )


def place(**answers: str) -> Place:
    """Return a place of kind `folder`."""
    return Place(name="site", kind="folder", answers=answers)
