"""A crate as its metadata describe it: opening one unpacks nothing and downloads nothing."""

from pathlib import Path
from typing import Any

from recrate.crate.read import read_opened
from recrate.crate.verification import read_verification
from recrate.flow.documents import lock_document
from recrate.metadata.licence import spdx
from recrate.metadata.own_crate import entities_of, from_crate, root_id
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.environment import Lock
from recrate.model.errors import NotFound
from recrate.model.study import Description
from recrate.model.wire import to_plain
from recrate.outside.archive import Archive
from recrate_server.asking import Asked
from recrate_server.descriptions import description_document, reference_document
from recrate_server.handlers.base import Handler, Raw, encode, operation
from recrate_server.jobs.model import document
from recrate_server.jobs.store import Query
from recrate_server.places import Place

FILES_SHOWN = 5000
METADATA_BYTES = 4 << 20
"""A larger metadata document is not sent along: whoever shows it would stand still."""
VERDICTS_SHOWN = 50

Plain = dict[str, Any]


class CratesHandler(Handler):
    """A crate, and the verdicts that this server knows of it."""

    route = "/crates"

    @operation("readCrate")
    async def get(self, asked: Asked) -> Raw:
        """Read the metadata in a thread, then ask for the runs of this identity."""
        crate, overview = await self.work(self._read, asked.query["path"])
        desk = await self.services.desk()
        runs = await desk.page(Query(identity=crate.identity, limit=VERDICTS_SHOWN))
        overview["verdicts"] = [document(job) for job in runs.jobs if job.kind.is_run]
        return Raw(content=await self.work(encode, overview), media_type="application/json")

    def _read(self, path: str) -> tuple[Crate, Plain]:
        place = self.places.find(path)
        crate = open_crate(place)
        return crate, overview_of(crate, place)


def open_crate(place: Place) -> Crate:
    """Read a crate; a link in its folder that leads anywhere out of it is refused."""
    if not place.real.is_dir() and not place.real.is_file():
        raise NotFound(
            "is no file and no folder",
            where=place.path,
            hint="name a .crate.zip, or the folder of a crate",
        )
    with Archive(place.real) as archive:
        return read_opened(archive)


def overview_of(crate: Crate, place: Place) -> Plain:
    """Return the contract's `CrateOverview` without the verdicts."""
    entities = entities_of(crate.metadata)
    root = entities.get(root_id(entities), {})
    metadata = crate.metadata if len(encode(crate.metadata)) <= METADATA_BYTES else None
    return {
        "path": place.path,
        "identity": crate.identity,
        "name": crate.name,
        "description": description_document(described(crate)),
        "created": _first_text(root, "dateCreated", "datePublished"),
        "size_bytes": _size(place.real, crate),
        "files": [
            {
                "path": file.path,
                "bytes": file.size_bytes,
                "media_type": file.media_type,
                "sha256": file.sha256,
            }
            for file in crate.files[:FILES_SHOWN]
        ],
        "files_total": len(crate.files),
        "notebooks": list(crate.notebooks),
        "references": [reference_document(one) for one in crate.references],
        "environment": _environment(crate.lock) if crate.lock else None,
        "findings": to_plain(crate.findings),
        "verified": to_plain(read_verification(crate.metadata, crate.identity)),
        "verdicts": [],
        "metadata": metadata,
    }


def described(crate: Crate) -> Description:
    """Return what a crate's root data set says of the study."""
    said = from_crate(crate.metadata, METADATA_NAME)
    return Description(
        title=said.title or crate.name,
        description=said.description,
        creators=said.creators,
        licence=spdx(said.licence) or said.licence or None,
        keywords=said.keywords,
        published=said.published or None,
        version=said.version or None,
        related=said.related,
        language=said.language,
        translations=said.translations,
        funding=said.funding,
        access=said.access,
        restricted=said.restricted,
        common=said.common,
    )


def _environment(lock: Lock) -> Plain:
    return {
        **lock_document(lock),
        "names": to_plain(lock.packages),
        "system_packages": list(lock.system_packages),
        "dockerfile": lock.dockerfile,
    }


def _size(real: Path, crate: Crate) -> int:
    if real.is_file():
        return real.stat().st_size
    return sum(file.size_bytes for file in crate.files)


def _first_text(entity: Plain, *names: str) -> str | None:
    found = (entity.get(name) for name in names)
    return next((one for one in found if isinstance(one, str) and one), None)
