"""Which published record a verdict is on, also where the run crate was made before it was there."""

from dataclasses import replace

from recrate.flow.ledger import Ledger
from recrate.flow.settings import Settings
from recrate.model.crate import Crate
from recrate.model.deposit import DepositStatus, Receipt
from recrate.model.finding import Finding, Severity, find
from recrate.model.record import LinkRelation, Record, RecordKind, RecordLink


def with_reviewed(record: Record, replayed: Crate | None, settings: Settings) -> Record:
    """Return a verdict's record with a link to the crate it is on, where that is known here.

    What the run crate says counts; else the last public deposit of the same identity does.
    """
    if replayed is None or _reviews(record):
        return record
    for deposit in Ledger(root=settings.publish.ledger).deposits():
        receipt = deposit.receipt()
        if deposit.head.identity != replayed.identity or receipt is None:
            continue
        target = _address(receipt)
        if target is not None and receipt.status is DepositStatus.PUBLISHED:
            link = RecordLink(
                target=target,
                relation=LinkRelation.REVIEWS,
                title=replayed.name,
                information="re-execution",
            )
            return replace(record, links=(link, *record.links))
    return record


def unrelated(record: Record) -> tuple[Finding, ...]:
    """Return a finding for a verdict that will be related to no record."""
    if record.kind is not RecordKind.REPLAY or _reviews(record):
        return ()
    return (
        find(
            Severity.WARNING,
            "verdict-of-unpublished",
            "the crate that was replayed is published nowhere that is known here: the verdict will "
            "be related to nothing, and nobody finds it from the crate",
            hint="publish the crate first, then its verdict",
        ),
    )


def _reviews(record: Record) -> bool:
    return any(one.relation is LinkRelation.REVIEWS for one in record.links)


def _address(receipt: Receipt) -> str | None:
    if receipt.doi:
        return f"https://doi.org/{receipt.doi}"
    web = receipt.record_url.startswith(("https://", "http://"))
    return receipt.record_url if web else None
