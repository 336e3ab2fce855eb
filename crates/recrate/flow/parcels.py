"""What a depositor is handed, put together: the crate, its record, and that in its formats."""

from dataclasses import replace
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from recrate.crate.addressing import (
    Address,
    address_folder,
    address_of,
    replace_file,
    write_addressed,
)
from recrate.crate.read import read_opened
from recrate.flow.ledger import Deposit, DepositHead
from recrate.flow.places import places
from recrate.flow.records import replayed_in
from recrate.flow.reviewed import with_reviewed
from recrate.flow.settings import Settings
from recrate.metadata.record import is_run, record_of_crate, record_of_run
from recrate.metadata.writing.formats import write
from recrate.model.crate import Crate
from recrate.model.deposit import About, DepositOrder, DepositStatus, Receipt, Reservation
from recrate.model.errors import BadCrate, BadInput, NotFound, RecrateError
from recrate.model.finding import Severity
from recrate.model.record import LinkRelation, Record, RecordLink
from recrate.model.repair import REPAIR
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors, sha256_of
from recrate.publish.depositor import Parcel
from recrate.publish.site_verdict import VERDICT_FORMATS

_RUN_FILES = frozenset({"replay.json", "verdict.json", "crate.json"})


class Said(TypedDict):
    """What a record is told beside its crate."""

    today: str
    agent: str
    doi: str | None
    concept_doi: str | None
    url: str | None
    publisher: str | None


def read_for_publishing(location: Path) -> Crate:
    """Read a crate, or a replay's folder, which is a run crate; raises NotFound where none lies.

    Raises BadInput for the replay of a patched copy: a record would pass it off as a verdict.
    """
    if not location.exists():
        raise NotFound(
            "no such file or folder",
            where=str(location),
            hint="name a crate, or the folder that a replay left",
        )
    with Archive(location) as archive:
        crate = read_opened(archive)
    if {file.path for file in crate.files} >= _RUN_FILES | {REPAIR}:
        raise BadInput(
            "is of a patched copy: no verdict of the crate, and not published as one",
            where=str(location),
            hint="name the folder of the replay itself, in which this one lies",
        )
    return crate


def refuse_broken(crate: Crate) -> None:
    """Raise BadCrate for a crate that lacks what it names: nobody could use the record."""
    broken = [one for one in crate.findings if one.severity is Severity.ERROR]
    if broken:
        raise BadCrate(
            f"{broken[0].where}: {broken[0].message}",
            where=crate.location,
            hint="`recrate check` tells more; pack it again",
        )


def is_replay(crate: Crate) -> bool:
    """Say whether a crate is what a replay left: a run crate with its verdict."""
    paths = {file.path for file in crate.files}
    return paths >= _RUN_FILES and is_run(crate.metadata)


def parcel_of(
    head: DepositHead,
    crate: Crate,
    file: Path,
    *,
    reserved: Reservation | None,
    about: About,
    settings: Settings,
) -> Parcel:
    """Put a parcel together.

    reserved: None before anything is; then `file` is the crate as it lies, and has no checksum yet
    """
    record = record_for(head, crate, reserved, file, settings=settings)
    with disk_errors(file):
        whole = file.stat().st_size if file.is_file() else 0
    return Parcel(
        crate=crate,
        file=file,
        size_bytes=whole or sum(one.size_bytes for one in crate.files),
        sha256=sha256_of(file) if reserved is not None else "",
        record=record,
        order=DepositOrder(
            mark=head.mark,
            draft=head.draft,
            new_version_of=head.new_version_of,
            answers=head.answers,
        ),
        documents=_documents(head, record, file, about),
    )


def _documents(head: DepositHead, record: Record, file: Path, about: About) -> dict[str, bytes]:
    """Return the record in the forms that the depositor wants; those of a verdict for a replay."""
    of_verdict = [name for name in about.formats if name in VERDICT_FORMATS]
    written = {name: write(record, name) for name in about.formats if name not in of_verdict}
    if not head.is_replay or not of_verdict:
        return written
    from recrate.flow.verdict_documents import (  # noqa: PLC0415 - brings the graph library
        verdict_documents,
    )

    return written | verdict_documents(file, record, of_verdict)


def record_for(
    head: DepositHead,
    crate: Crate,
    reserved: Reservation | None,
    file: Path | None,
    *,
    settings: Settings,
) -> Record:
    """Return the record of a crate, with what is known of its address.

    file: where the crate lies, to read what a run crate tells of the crate that was replayed
    It is issued on the day on which the deposit was begun, whatever date the study is of.
    """
    reserved = reserved or Reservation()
    said = Said(
        today=settings.clock().date().isoformat(),
        agent=settings.agent,
        doi=reserved.doi,
        concept_doi=reserved.concept_doi,
        url=reserved.record_url,
        publisher=_publisher(head, settings),
    )
    if not head.is_replay:
        record = record_of_crate(crate, **said)
    else:
        replayed = _replayed(file)
        record = with_reviewed(record_of_run(crate, replayed=replayed, **said), replayed, settings)
    return replace(record, issued=head.made[:10], links=_without_itself(record, crate))


def write_back(location: Path, crate: Crate, deposit: Deposit, receipt: Receipt) -> tuple[str, ...]:
    """Let the crate here know its address too, where it lies as it was, and tidy up.

    A draft is told nothing: its DOI dies with it. Returns notes for the person; what cannot be
    written here does not undo a publication.
    """
    if receipt.status is DepositStatus.DRAFT:
        return ()
    doi = receipt.doi
    web = receipt.record_url.startswith(("https://", "http://"))
    address = Address(doi=doi, url=receipt.record_url if web else None)
    try:
        if read_for_publishing(location).identity != crate.identity:
            return ("the crate here was changed meanwhile: it does not know its DOI",)
        if location.is_dir():
            address_folder(location, address)
        elif deposit.parcel.is_file():
            final = deposit.root / "addressed.crate.zip"
            write_addressed(location, final, address, identity=crate.identity)
            replace_file(location, final)
            final.unlink(missing_ok=True)
    except RecrateError as error:
        return (f"the crate here could not be told its address: {error.message}",)
    if receipt.status is DepositStatus.PUBLISHED:
        with disk_errors(deposit.parcel):
            deposit.parcel.unlink(missing_ok=True)
    return ()


def _publisher(head: DepositHead, settings: Settings) -> str | None:
    """Return who publishes: as the person says, else what the place is called, else its host."""
    said = (head.answers.get("publisher") or head.answers.get("title") or "").strip()
    if head.kind == "folder":
        return said or None
    place = next((one for one in places(settings) if one.name == head.place), None)
    host = urlsplit(head.answers.get("url", "")).hostname
    return said or (place.title if place is not None else "") or host


def _without_itself(record: Record, crate: Crate) -> tuple[RecordLink, ...]:
    """Return the links, and one to where the same crate is published elsewhere."""
    other = address_of(crate).doi
    itself = f"https://doi.org/{record.doi}" if record.doi else None
    links = [one for one in record.links if one.target != itself]
    twin = f"https://doi.org/{other}" if other and other != record.doi else None
    if twin is not None and all(one.target != twin for one in links):
        links.append(RecordLink(target=twin, relation=LinkRelation.IS_IDENTICAL_TO))
    return tuple(links)


def _replayed(file: Path | None) -> Crate | None:
    """Return the crate that was replayed, as the run crate tells of it."""
    if file is None:
        return None
    with Archive(file) as archive:
        return replayed_in(archive)
