"""Parcels for WEKO, packages as others make them, and a deposit as one process tries it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from doubles.weko_store import INDEX, OWNER_TOKEN
from recrate.model.common import CommonMetadata
from recrate.model.crate import Crate, CrateFile
from recrate.model.deposit import DepositOrder, Place, Receipt
from recrate.model.progress import silent
from recrate.model.record import Contributor, LinkRelation, Record, RecordKind, RecordLink
from recrate.model.secret import Secret
from recrate.model.study import (
    Access,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Translation,
)
from recrate.outside.web import WebSettings
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.journal import Journal
from recrate.publish.weko import Weko

WEB = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))
CANONICAL = b'{"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": [{"@id": "./"}]}\n'
FILES = {
    "ro-crate-metadata.json": CANONICAL,
    "ro-crate-preview.html": b"<h1>A study</h1>",
    "analysis.ipynb": b'{"cells": []}',
    "code/model.py": b"print(1)\n" * 40,
    "data/\u89b3\u6e2c 1.csv": "時刻,潮位\n1,2\n".encode(),
    "a b.txt": b"a blank\n",
}
DESCRIPTION = Description(
    title="瀬戸内海の潮汐",
    description="瀬戸内海の三つの験潮所の記録から分潮を求めた。観測値、計算、図のすべてを含む。",
    language=Language.JAPANESE,
    translations=(
        Translation(
            language=Language.ENGLISH,
            title="Tides of the Inland Sea",
            description="Tidal constituents from three gauges of the Inland Sea, with all figures.",
        ),
    ),
    creators=(
        Person(
            name="山田 花子",
            alternate_name="Hanako Yamada",
            identifier="https://orcid.org/0000-0002-1825-0097",
            erad_number="01234567",
            affiliation=Organisation(
                name="国立研究所", identifier="https://ror.org/04ksd4g47", alternate_name="NII"
            ),
        ),
        Person(name="Jiro Suzuki", given_name="Jiro", family_name="Suzuki"),
    ),
    licence="CC-BY-4.0",
    keywords=("tides", "潮汐"),
    version="1.2",
    access=None,
    funding=(
        Funding(
            funder=Organisation(name="JSPS", identifier="https://doi.org/10.13039/501100001691"),
            award_number="JP23K01234",
            award_title="潮汐の再解析",
        ),
    ),
    common=CommonMetadata(
        funder="JST", funding_stream="MJSP", programme_ja="創発", award_number="JPMJFR200A",
        project_en="Seas", field="189",
    ),
)  # fmt: skip
LINKS = (
    RecordLink(
        target="https://doi.org/10.5555/paper",
        relation=LinkRelation.IS_SUPPLEMENT_TO,
        title="A paper on tides",
    ),
    RecordLink(target="https://example.org/data", relation=LinkRelation.IS_DERIVED_FROM),
    RecordLink(target="https://doi.org/10.5555/cited", relation=LinkRelation.CITES),
)


def record_of(
    description: Description = DESCRIPTION,
    *,
    links: tuple[RecordLink, ...] = LINKS,
    kind: RecordKind = RecordKind.STUDY,
    access: Access | None = None,
    issued: str = "2026-11-21",
) -> Record:
    """Make a record of a study that says all that one can say."""
    plain = {name: getattr(description, name) for name in description.__dataclass_fields__}
    return Record(
        description=Description(**{**plain, "access": access}),
        kind=kind,
        identity="0" * 64,
        issued=issued,
        agent="recrate 0.1.0",
        publisher="Example University",
        links=links,
        contributors=(
            Contributor(role="DataManager", organisation=Organisation(name="図書館")),
            Contributor(role="Magician", person=Person(name="Saburo Ito")),
        ),
        notebooks=("analysis.ipynb",),
    )


def parcel(
    folder: Path,
    *,
    mark: str = "mark-1",
    said: Record | None = None,
    files: dict[str, bytes] = FILES,
    draft: bool = False,
    new_version_of: str | None = None,
    **answers: str,
) -> Parcel:
    """Make a parcel whose zip lies in `folder`; the same arguments give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tides.crate.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    listed = tuple(
        CrateFile(
            path=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            media_type="application/x-ipynb+json" if name.endswith(".ipynb") else "text/plain",
        )
        for name, content in files.items()
        if not name.startswith("ro-crate-")
    )
    return Parcel(
        crate=Crate(
            location=str(file), identity="0" * 64, name="Tides", files=listed,
            notebooks=("analysis.ipynb",), references=(), lock=None,
            metadata=json.loads(files["ro-crate-metadata.json"]),
        ),
        file=file,
        size_bytes=file.stat().st_size,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        record=said or record_of(),
        order=DepositOrder(
            mark=mark, draft=draft, new_version_of=new_version_of,
            answers={"index": INDEX, **answers},
        ),
    )  # fmt: skip


def depositor(
    port: int,
    *,
    token: str | None = OWNER_TOKEN,
    sleep: Callable[[float], None] = lambda _: None,
    web: WebSettings = WEB,
    **answers: str,
) -> Weko:
    """Make a depositor for the double at `port`, as a new process would."""
    return Weko(
        Place(name="trial", kind="weko", answers={"url": f"http://127.0.0.1:{port}", **answers}),
        Surroundings(
            web=web,
            secret=Secret(token) if token else None,
            today="2026-11-21",
            agent="recrate 0.1.0",
        ),
        sleep=sleep,
    )


def deposit(made: Weko, of: Parcel, journal: Journal) -> Receipt:
    """Reserve and deposit."""
    made.reserve(of, journal, silent)
    return made.deposit(of, journal, silent)


def known_good(**root: Any) -> dict[str, Any]:
    """Return the guide's known-good document (nii.md 3.7), with keys of its root set otherwise."""
    entities = [
        ("#title-ja", {"value": "解析コードと計算環境", "language": "ja"}),
        ("#title-en", {"value": "Analysis code and its environment", "language": "en"}),
        ("#type", {"value": "software", "rdf:resource": "http://purl.org/coar/resource_type/c_5ce6"}),
        ("#ar", {"value": "open access"}),
        ("#desc-en", {"value": "A crate of code", "language": "en", "descriptionType": "Abstract"}),
        ("#creator-1", {"jpcoar:creatorName": [{"@id": "#name-1"}]}),
        ("#name-1", {"value": "Yamada, Hanako", "language": "en"}),
        (
            "#rel-1",
            {"relationType": "isSupplementTo", "jpcoar:relatedIdentifier": {"@id": "#id-1"}},
        ),
        ("#id-1", {"identifierType": "DOI", "value": "https://doi.org/10.5555/x"}),
    ]  # fmt: skip
    part = {
        "jpcoar:mimeType": "application/x-ipynb+json",
        "dcterms:accessRights": "open_access",
        "datePublished": "2026-11-20",
    }
    names = ("analysis.ipynb", "environment.yml")
    files = [{"@id": name, "@type": "File", "name": name, **part} for name in names]
    dataset = {
        "@id": "./", "@type": "Dataset", "name": "Code crate", "description": "x" * 60,
        "datePublished": "2026-11-20", "license": {"@id": "https://spdx.org/licenses/MIT"},
        "hasPart": [{"@id": name} for name in names],
        "wk:index": [INDEX], "wk:publishStatus": "private", "wk:editMode": "Keep",
        "wk:saveAsIs": False,
        "dc:title": [{"@id": "#title-ja"}, {"@id": "#title-en"}], "dc:type": {"@id": "#type"},
        "jpcoar:creator": [{"@id": "#creator-1"}], "dcterms:accessRights": {"@id": "#ar"},
        "datacite:description": [{"@id": "#desc-en"}], "jpcoar:relation": [{"@id": "#rel-1"}],
    }  # fmt: skip
    set_ = {key: value for key, value in {**dataset, **root}.items() if value is not None}
    return {
        "@context": ["https://w3id.org/ro/crate/1.1/context", {"dc": "http://purl.org/dc/"}],
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            set_,
            *[{"@id": name, "@type": "PropertyValue", **said} for name, said in entities],
            *files,
        ],
    }


def bag_of(document: dict[str, Any], files: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Return the members of a bag with this document and these payload files."""
    payload = {"analysis.ipynb": b"{}", "environment.yml": b"name: x\n"} if files is None else files
    members = {f"data/{name}": content for name, content in payload.items()}
    members["data/ro-crate-metadata.json"] = json.dumps(document).encode()
    manifest = [f"{hashlib.sha256(c).hexdigest()}  {name}" for name, c in members.items()]
    members["bagit.txt"] = b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"
    members["manifest-sha256.txt"] = ("\n".join(manifest) + "\n").encode()
    return members


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()
