"""What publishing answers as JSON: shapes that outside programs, and our server, rely on."""

from typing import Any

from recrate.flow.ledger import Deposit, DepositHead
from recrate.flow.parcels import record_for
from recrate.flow.places import OfferedPlace, token_variable
from recrate.flow.publishing import Preflight, Published
from recrate.flow.settings import Settings
from recrate.metadata.writing.formats import write
from recrate.model.crate import Crate
from recrate.model.deposit import Receipt, Reservation
from recrate.model.wire import to_plain


def published_document(done: Published) -> dict[str, Any]:
    """Return the JSON document of `publish --json`; docs/schemas/publish.json describes it."""
    receipt = done.receipt
    return {
        "status": receipt.status.value,
        "again": done.again,
        "place": done.place,
        "deposit": done.deposit,
        "identity": done.crate.identity,
        "record": receipt.record,
        "record_url": receipt.record_url,
        "file_url": receipt.file_url,
        "doi": receipt.doi,
        "concept_doi": receipt.concept_doi,
        "version": receipt.version,
        "notes": list(receipt.notes),
        "findings": to_plain(done.findings),
        "links": to_plain(done.links),
    }


def preflight_document(seen: Preflight) -> dict[str, Any]:
    """Return the JSON document of `publish --check --json`."""
    return {
        "accepted": not seen.refused,
        "identity": seen.crate.identity,
        "name": seen.crate.name,
        "is_replay": seen.parcel.record.verdict is not None,
        "files": len(seen.crate.files),
        "bytes": seen.parcel.size_bytes,
        "findings": to_plain(seen.findings),
        "earlier": seen.earlier,
        "unfinished": seen.unfinished,
        "receipt": to_plain(seen.receipt),
    }


def offered_document(one: OfferedPlace) -> dict[str, Any]:
    """Return a place as `publish --list --json` and the server tell of it; never a token."""
    about = one.about
    return {
        "name": one.place.name,
        "kind": one.place.kind,
        "title": one.title,
        "title_ja": (about.title_ja if about and not one.place.title else one.title),
        "available": not one.trouble,
        "reason": one.trouble,
        "has_token": one.has_token,
        "token_variable": token_variable(one.place.name),
        "capabilities": to_plain(about.capabilities) if about else None,
        "options": [
            {**to_plain(option), "value": one.place.answers.get(option.name, option.default)}
            for option in (about.options if about else ())
            if not option.fixed_by_place
        ],
    }


def publish_result(done: Published, *, settings: Settings) -> dict[str, Any]:
    """Return what came of publishing, with the citations that people copy."""
    return {
        "place": done.place,
        "deposit": done.deposit,
        "identity": done.crate.identity,
        "again": done.again,
        "receipt": to_plain(done.receipt),
        "findings": to_plain(done.findings),
        "links": to_plain(done.links),
        "citations": citations(done.head, done.crate, done.receipt, settings=settings),
    }


def citations(
    head: DepositHead, crate: Crate, receipt: Receipt, *, settings: Settings
) -> dict[str, str]:
    """Return how a deposit is cited: in words, in both languages, and for two programs."""
    reserved = Reservation(
        doi=receipt.doi, concept_doi=receipt.concept_doi, record_url=receipt.record_url
    )
    record = record_for(head, crate, reserved, None, settings=settings)
    names = {
        "text": "citation-text",
        "text_ja": "citation-text-ja",
        "bibtex": "bibtex",
        "ris": "ris",
    }
    return {key: write(record, name).decode().strip() for key, name in names.items()}


def deposit_document(
    deposit: Deposit, *, title: str, crate: Crate | None, settings: Settings
) -> dict[str, Any]:
    """Return one deposit of the ledger. `crate`: as it lies there now, where it was asked for."""
    head, receipt = deposit.head, deposit.receipt()
    current = crate is not None and crate.identity == head.identity
    return {
        "mark": head.mark,
        "place": head.place,
        "title": title,
        "identity": head.identity,
        "name": head.name,
        "is_replay": head.is_replay,
        "made": head.made,
        "done": deposit.is_done,
        "current": current,
        "receipt": to_plain(receipt),
        "citations": citations(head, crate, receipt, settings=settings)
        if crate is not None and receipt is not None and current
        else None,
    }
