"""What workers do with an address: say what is behind it, or bring it here."""

import contextlib
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.crate.addressing import address_of
from recrate.crate.read import read_crate
from recrate.flow.credits import creators_of, licence_of
from recrate.flow.locating import Here, here, secrets_of
from recrate.flow.provenance_online import Elsewhere, reports_of
from recrate.flow.settings import Settings
from recrate.locate.choosing import choose
from recrate.locate.find import find_crate
from recrate.locate.whereabouts import Whereabouts
from recrate.locate.written import Address, read_where
from recrate.model.errors import BadInput, RecrateError
from recrate.model.launch import LastVerdict
from recrate.model.progress import Progress
from recrate.outside.exchange import Service
from recrate.outside.web import TooLarge
from recrate_binder.hub.model import About, Fetched, WorkOrder
from recrate_binder.hub.settings import HubSettings

_REGISTRY_SECONDS = 8.0


def address_in(where: str) -> Address:
    """Return the address that was written; raises BadInput for a path: those are of this machine.

    Raises BadInput for what is no address at all, too.
    """
    found = read_where(where.strip()) if len(where) <= 2000 else None
    if not isinstance(found, Address):
        raise BadInput(
            "is no address",
            where=where.strip()[:200],
            hint="write a DOI such as 10.5281/zenodo.1, or an https address",
        )
    return found


def fetch(order: WorkOrder, folder: Path, settings: HubSettings, progress: Progress) -> Fetched:
    """Bring a crate here, and return where it lies; raises what bringing and reading raise."""
    del folder
    address_in(order.where)
    found = here(order.where, settings=settings.rooms, agreed=order.agreed, progress=progress)
    return _fetched(found, settings)


def _fetched(found: Here, settings: HubSettings) -> Fetched:
    crate = read_crate(found.path)
    place = found.path.relative_to(settings.shared).as_posix()
    source = found.origin.url if found.origin else ""
    key = hashlib.sha256(f"{place}\n{source}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Fetched(
        place=place,
        origin=found.origin,
        title=crate.name,
        size_bytes=size_of(found.path),
        prepared=key,
        notes=found.notes,
    )


def look(order: WorkOrder, folder: Path, settings: HubSettings, progress: Progress) -> About:
    """Say what is behind an address. What is small is fetched for it, what is large is not."""
    del folder
    address_in(order.where)
    rooms = settings.rooms
    small = min(settings.look_limit_bytes, rooms.locate.big_bytes)
    careful = replace(rooms, locate=replace(rooms.locate, big_bytes=small))
    try:
        found = here(order.where, settings=careful, progress=progress)
    except TooLarge as large:
        return _unfetched(order.where, large, settings)
    from recrate.flow.credits import is_blind  # noqa: PLC0415 - reading crates takes a second

    crate, fetched, origin = read_crate(found.path), _fetched(found, settings), found.origin
    blind = is_blind(crate)
    doi = (origin.doi if origin else None) or address_of(crate).doi
    return About(
        where=order.where,
        title=crate.name,
        creators=() if blind else creators_of(crate.metadata),
        licence=licence_of(crate.metadata),
        doi=doi,
        record_url=origin.record_url if origin else None,
        version=origin.version if origin else None,
        size_bytes=fetched.size_bytes,
        blind=blind,
        notebooks=len(crate.notebooks),
        last_verdict=verdict_of(found.path, doi, settings),
        prepared=fetched.prepared,
        notes=found.notes,
    )


def _unfetched(where: str, large: TooLarge, settings: HubSettings) -> About:
    """Return what the record tells of a crate that nobody agreed to fetch."""
    rooms = settings.rooms
    found = find_crate(where, settings=replace(rooms.locate, web=rooms.web),
                       secrets=secrets_of(rooms, rooms.locate))  # fmt: skip
    size = _size_told(found) or large.size_bytes
    known = _registered(found.doi, rooms) if found.doi else {}
    rights = known.get("rightsList") or []
    return About(
        where=where,
        title=found.title or _title_in(known) or found.url,
        creators=tuple(
            one["name"]
            for one in known.get("creators") or []
            if isinstance(one, dict) and isinstance(one.get("name"), str)
        )[:20],
        licence=next(
            (one["rights"] for one in rights if isinstance(one, dict) and one.get("rights")), ""
        ),
        doi=found.doi,
        record_url=found.record_url,
        version=found.version,
        size_bytes=size,
        last_verdict=verdict_of(None, found.doi, settings),
        needs_agreement=size is None or size > rooms.locate.big_bytes,
        notes=found.notes,
    )


def _size_told(found: Whereabouts) -> int | None:
    choice = choose(found)
    files = [choice.zip] if choice.zip else [choice.metadata, *choice.others]
    sizes = [one.size_bytes for one in files if one is not None]
    known = [size for size in sizes if size is not None]
    return sum(known) if known else None


def _registered(doi: str, rooms: Settings) -> dict[str, Any]:
    """Return DataCite's attributes of a DOI; nothing where it does not answer as it should."""
    web = replace(rooms.web, timeout_seconds=_REGISTRY_SECONDS)
    service = Service(base=rooms.locate.datacite_api, web=web, tries=1)
    with contextlib.suppress(RecrateError, AttributeError, KeyError, TypeError):
        told = service.ask("GET", f"dois/{quote(doi)}").expect(200).json()["data"]["attributes"]
        return told if isinstance(told, dict) else {}
    return {}


def _title_in(known: dict[str, Any]) -> str:
    titles = known.get("titles") or []
    return next(
        (str(one["title"]) for one in titles if isinstance(one, dict) and "title" in one), ""
    )


def verdict_of(crate: Path | None, doi: str | None, settings: HubSettings) -> LastVerdict | None:
    """Return the latest published verdict, else one of this installation; never an error."""
    from recrate.flow.sessions import last_verdict  # noqa: PLC0415 - takes a second

    rooms = settings.rooms
    if doi is not None and settings.verdicts_online:
        web = replace(rooms.web, timeout_seconds=_REGISTRY_SECONDS)
        with contextlib.suppress(RecrateError):
            known = reports_of(doi, Elsewhere(web=web, api=rooms.locate.datacite_api))
            told = [one for one in known if one.verdict is not None]
            if told:
                latest = max(told, key=lambda one: one.date)
                compared = f"{latest.compared} of {latest.outputs} outputs compared"
                return LastVerdict(
                    verdict=latest.verdict or "",
                    sentence=compared if latest.outputs else "",
                    date=latest.date,
                    url=f"https://doi.org/{latest.doi}",
                )
    return last_verdict(crate, rooms) if crate is not None else None


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(one.lstat().st_size for one in path.rglob("*") if not one.is_dir())
