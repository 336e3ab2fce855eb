"""Take back what was not published: no draft is left where nobody knows of it."""

from pathlib import Path

from recrate.flow.ledger import Deposit, Ledger
from recrate.flow.parcels import read_for_publishing
from recrate.flow.places import make_depositor, place_named
from recrate.flow.settings import Settings
from recrate.model.deposit import DepositStatus
from recrate.model.errors import Conflict, NotFound


def discard(location: Path, place_name: str, *, settings: Settings) -> bool:
    """Remove what an unfinished deposit left in the repository; say whether there was any.

    A published record is never removed: that raises Conflict.
    """
    crate = read_for_publishing(location)
    known = Ledger(root=settings.publish.ledger).of(crate.identity, place_name)
    if not known:
        raise NotFound(
            "nothing was begun there with this crate",
            where=place_name,
            hint="nothing is to be done",
        )
    return discard_deposit(known[0], settings=settings)


def discard_deposit(deposit: Deposit, *, settings: Settings) -> bool:
    """Remove what one unfinished deposit left, as `discard` does, and forget it."""
    head = deposit.head
    place = place_named(head.place, settings)
    ledger = Ledger(root=settings.publish.ledger)
    with ledger.held(head.identity, place.name):
        receipt = deposit.receipt()
        if receipt is not None and receipt.status is not DepositStatus.DRAFT:
            raise Conflict(
                "is published there, and is not removed",
                where=receipt.record_url,
                hint="ask the repository's staff if it must be withdrawn",
            )
        there = make_depositor(place, head.answers, settings).discard(deposit.journal)
        ledger.forget(deposit)
    return there
