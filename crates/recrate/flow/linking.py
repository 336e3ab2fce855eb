"""Link back: let the record that was replayed know of its verdict."""

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recrate.crate.addressing import doi_in
from recrate.flow.ledger import DepositHead, Ledger
from recrate.flow.parts import depositor_of
from recrate.flow.places import answered, make_depositor, places
from recrate.flow.settings import Settings
from recrate.model.deposit import Place, Receipt
from recrate.model.errors import RecrateError
from recrate.model.record import LinkRelation, Record, RecordLink
from recrate.publish.notify import (
    Notice,
    Party,
    Resource,
    find_inbox,
    review_announced,
    system_of,
)
from recrate.publish.outbox import Delivery, Outbox

NAMESPACE = uuid.UUID("5b0d8d1e-5d2b-5b64-9d3f-0a9f3a4f6c11")
"""Under which an announcement gets its id from the deposit and the target: always the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What became of telling one record. `how`: `written`, `announced`, `queued` or `none`."""

    target: str
    how: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """The published verdict that others are told of."""

    head: DepositHead
    record: Record
    receipt: Receipt

    @property
    def address(self) -> str:
        """Its DOI as an address, else its page."""
        doi = self.receipt.doi
        return f"https://doi.org/{doi}" if doi else self.receipt.record_url


def link_back(
    head: DepositHead, record: Record, receipt: Receipt, *, settings: Settings
) -> tuple[Linked, ...]:
    """Write the inverse relation on every record that this verdict reviews.

    Where the crate was published from here, that place is asked; then the place of the verdict, and
    every other place with a token. What nobody here may edit is announced to its repository by COAR
    Notify. May be called again: nothing is written or announced twice. Raises nothing: a verdict
    that is published stays so.
    """
    verdict = _Verdict(head=head, record=record, receipt=receipt)
    reviewed = [one for one in record.links if one.relation is LinkRelation.REVIEWS]
    return tuple(_tell(one, verdict, settings) for one in reviewed)


def _tell(link: RecordLink, verdict: _Verdict, settings: Settings) -> Linked:
    back = RecordLink(
        target=verdict.address,
        relation=LinkRelation.IS_REVIEWED_BY,
        title=verdict.record.description.title,
        resource_type="Report",
        information=link.information,
    )
    troubles = []
    for place, answers in _editors(link.target, verdict.head, settings):
        try:
            if make_depositor(place, answers, settings).relate(link.target, back):
                return Linked(target=link.target, how="written", note=place.name)
        except RecrateError as error:
            troubles.append(f"{place.name}: {error.message}")
    if settings.publish.announce:
        return _announce(link.target, verdict, troubles, settings)
    return Linked(target=link.target, how="none", note="; ".join(troubles))


def _editors(
    target: str, head: DepositHead, settings: Settings
) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Yield the places that may edit a record, each with the answers that it was published with."""
    known = {one.name: one for one in places(settings)}
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    deposits = [
        one.head
        for one in Ledger(root=settings.publish.ledger).deposits()
        if (receipt := one.receipt()) is not None and target in _addresses(receipt)
    ]
    candidates = [(one.place, one.answers) for one in (*deposits, head)]
    candidates += [(one.name, one.answers) for one in known.values() if _is_answered(one)]
    for name, answers in candidates:
        key = (name, tuple(sorted(answers.items())))
        if name not in known or key in seen or not _may_relate(known[name], settings):
            continue
        seen.add(key)
        yield known[name], answers


def _is_answered(place: Place) -> bool:
    """Say whether a place needs no answer of a person."""
    try:
        answered(place, depositor_of(place.kind).about, {})
    except RecrateError:
        return False
    return True


def _addresses(receipt: Receipt) -> tuple[str, ...]:
    dois = [f"https://doi.org/{one}" for one in (receipt.doi, receipt.concept_doi) if one]
    return (receipt.record_url, *dois)


def _may_relate(place: Place, settings: Settings) -> bool:
    try:
        about = depositor_of(place.kind).about
    except RecrateError:
        return False
    can = about.capabilities
    return can.relations and (
        not can.needs_account or settings.publish.token(place.name) is not None
    )


def outbox_of(settings: Settings) -> Outbox:
    """Return the announcements of this installation."""
    return Outbox(root=settings.publish.ledger.parent / "announcements")


def send_waiting(settings: Settings) -> None:
    """Send what could not be announced before; what cannot be now goes on waiting."""
    with contextlib.suppress(RecrateError):
        outbox_of(settings).send(web=settings.web, now=settings.clock().isoformat())


def _announce(target: str, verdict: _Verdict, troubles: list[str], settings: Settings) -> Linked:
    """Announce the verdict to the repository of the record, where that has an inbox."""
    receipt = verdict.receipt
    web = replace(settings.web, timeout_seconds=min(settings.web.timeout_seconds, 20))
    try:
        found = find_inbox(target, web=web)
        if found is None:
            note = "; ".join([*troubles, "its repository names no inbox for announcements"])
            return Linked(target=target, how="none", note=note)
        origin = Party(identifier=system_of(receipt.record_url), name=verdict.head.place)
        payload = review_announced(
            Notice(
                mark=uuid.uuid5(NAMESPACE, f"{verdict.head.mark} {target}").urn,
                origin=origin,
                target=Party(identifier=system_of(found.page), name=target, inbox=found.inbox),
                actor=Party(identifier=origin.identifier, name=settings.agent, kind="Application"),
                summary=verdict.record.description.description,
            ),
            review=Resource(
                url=receipt.record_url,
                cite_as=verdict.address if receipt.doi else None,
                file_url=receipt.file_url,
            ),
            reviewed=Resource(url=found.page, cite_as=target if doi_in(target) else None),
        )
        outbox = outbox_of(settings)
        now = settings.clock().isoformat()
        made = outbox.add(payload, found.inbox, now=now)
        sent = outbox.send(web=web, now=now, only=made.mark) or (made,)
    except RecrateError as error:
        note = "; ".join([*troubles, error.message])
        return Linked(target=target, how="none", note=note)
    hows = {Delivery.DELIVERED: "announced", Delivery.WAITING: "queued", Delivery.REFUSED: "none"}
    note = "; ".join(filter(None, [*troubles, sent[0].trouble]))
    return Linked(target=target, how=hows[sent[0].status], note=note)
