"""Publish: crate → record → preflight → DOI, written into the crate → deposit → link back.

Every step is noted before the next, so `resume` goes on where it stopped and nothing is made twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.crate.addressing import Address, write_addressed
from recrate.flow.ledger import Deposit, DepositHead, Ledger
from recrate.flow.linking import Linked, link_back, send_waiting
from recrate.flow.parcels import (
    is_replay,
    parcel_of,
    read_for_publishing,
    record_for,
    refuse_broken,
    write_back,
)
from recrate.flow.parts import depositor_of
from recrate.flow.places import answered, make_depositor, missing_token, place_named
from recrate.flow.reviewed import unrelated
from recrate.flow.sealing import blind_findings
from recrate.flow.settings import Settings
from recrate.model.crate import Crate
from recrate.model.deposit import About, DepositStatus, Place, Receipt, Reservation
from recrate.model.errors import BadInput, Conflict, NotFound, Refused
from recrate.model.finding import Finding, Severity
from recrate.model.progress import Progress, silent
from recrate.publish.depositor import Depositor, Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOrder:
    """What a person asked for.

    location:    a crate, a zip file or a folder; a replay's folder publishes its verdict
    place:       name of the repository
    mark:        unique to this deposit and never used again
    new_version: record that this is a new version of; empty: of the last one from here; None: none
    resume:      go on with what was begun
    ours:        the crate at `location` may be told its new address; not so in a cache
    """

    location: Path
    place: str
    mark: str
    answers: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False
    new_version: str | None = None
    resume: bool = False
    ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A deposit that came to its end, for now.

    again: it was published before, and nothing was done now
    links: what became of telling the reviewed record
    """

    head: DepositHead
    crate: Crate
    receipt: Receipt
    findings: tuple[Finding, ...] = ()
    links: tuple[Linked, ...] = ()
    again: bool = False

    @property
    def deposit(self) -> str:
        """Its mark."""
        return self.head.mark

    @property
    def place(self) -> str:
        """Name of the repository."""
        return self.head.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What would happen, before a byte is sent.

    earlier:    record that this could be a new version of
    unfinished: mark of a deposit of this crate at this place that can go on
    receipt:    of this very crate, where it is published there already
    """

    crate: Crate
    parcel: Parcel
    findings: tuple[Finding, ...]
    earlier: str | None = None
    unfinished: str | None = None
    receipt: Receipt | None = None

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What the repository would refuse."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


def preflight(order: PublishOrder, *, settings: Settings, progress: Progress = silent) -> Preflight:
    """Say what the place would refuse or lose, and what was published there before.

    Sends no part of the crate, and makes nothing. A missing token is a finding. Raises what reading
    the crate raises, and BadInput for an answer that is missing.
    """
    crate = read_for_publishing(order.location)
    place = place_named(order.place, settings)
    maker = depositor_of(place.kind)
    ledger = Ledger(root=settings.publish.ledger)
    head = _head(order, crate, place, about=maker.about, settings=settings)
    depositor = make_depositor(place, head.answers, settings, secret_needed=False)
    parcel = parcel_of(
        head, crate, order.location, reserved=None, about=maker.about, settings=settings
    )
    progress("preflight", 0, 1, place.name)
    told = blind_findings(crate, draft=order.draft)
    findings = (*told, *unrelated(parcel.record), *depositor.preflight(parcel))
    if not any(one.code.endswith("-token") for one in findings):
        findings = (*missing_token(place, settings), *findings)
    known = ledger.of(crate.identity, place.name)
    open_ = next((one for one in known if not one.is_done), None)
    done = next((one for one in known if one.is_done), None)
    before = ledger.before(order.location.resolve(), crate.identity, place.name)
    earlier = before.receipt() if before is not None else None
    return Preflight(
        crate=crate,
        parcel=parcel,
        findings=findings,
        earlier=earlier.record if earlier is not None else None,
        unfinished=open_.head.mark if open_ is not None else None,
        receipt=done.receipt() if done is not None else None,
    )


def publish(order: PublishOrder, *, settings: Settings, progress: Progress = silent) -> Published:
    """Give a crate to a repository, once.

    The same crate at the same place is published once: asked again, what came back is said
    again, a draft is published, and of what was handed in it is said how it stands now. Raises
    Refused for what the place would refuse, Conflict where an unfinished deposit is there and
    `resume` was not said, and whatever the place says.
    """
    crate = read_for_publishing(order.location)
    refuse_broken(crate)
    place = place_named(order.place, settings)
    about = depositor_of(place.kind).about
    ledger = Ledger(root=settings.publish.ledger)
    with ledger.held(crate.identity, place.name):
        found = _known(order, crate, place, ledger)
        if found is not None and found.is_done and not _is_handed_in(found):
            return _again(order, crate, found, settings)
        head = found.head if found else _head(order, crate, place, about=about, settings=settings)
        depositor = make_depositor(place, head.answers, settings)
        parcel = parcel_of(
            head, crate, order.location, reserved=None, about=about, settings=settings
        )
        told = blind_findings(crate, draft=order.draft)
        findings = (*told, *unrelated(parcel.record), *depositor.preflight(parcel))
        if found is None or not found.is_done:
            _refuse(findings)
        deposit = found or ledger.begin(head)
        work = _Work(deposit=deposit, depositor=depositor, about=about, settings=settings)
        receipt = work.carry_out(crate, order.location, progress)
        notes = write_back(order.location, crate, deposit, receipt) if order.ours else ()
    progress("link back", 0, 1, "")
    return Published(
        head=deposit.head,
        crate=crate,
        receipt=replace(receipt, notes=(*receipt.notes, *notes)),
        findings=findings,
        links=_link(order.location, crate, deposit.head, receipt, settings),
    )


def _is_handed_in(deposit: Deposit) -> bool:
    """Say whether people of the repository have it: they may have decided meanwhile."""
    receipt = deposit.receipt()
    return receipt is not None and receipt.status is DepositStatus.HANDED_IN


def _again(order: PublishOrder, crate: Crate, deposit: Deposit, settings: Settings) -> Published:
    """Say once more what came back, and do what a crash may have left undone after it."""
    receipt = deposit.receipt()
    assert receipt is not None, "it is done"
    untold = order.ours and deposit.parcel.is_file()
    notes = write_back(order.location, crate, deposit, receipt) if untold else ()
    return Published(
        head=deposit.head,
        crate=crate,
        receipt=replace(receipt, notes=(*receipt.notes, *notes)),
        links=_link(order.location, crate, deposit.head, receipt, settings),
        again=True,
    )


def _link(
    location: Path, crate: Crate, head: DepositHead, receipt: Receipt, settings: Settings
) -> tuple[Linked, ...]:
    """Tell the record that a published verdict reviews."""
    if settings.publish.announce:
        send_waiting(settings)
    if not head.is_replay or receipt.status is not DepositStatus.PUBLISHED:
        return ()
    reserved = Reservation(doi=receipt.doi, record_url=receipt.record_url)
    record = record_for(head, crate, reserved, location, settings=settings)
    return link_back(head, record, receipt, settings=settings)


@dataclass(slots=True, kw_only=True)
class _Work:
    """One deposit under way, from wherever it stands to its receipt."""

    deposit: Deposit
    depositor: Depositor
    about: About
    settings: Settings

    def carry_out(self, crate: Crate, location: Path, progress: Progress) -> Receipt:
        """Reserve, write the address into the crate, and deposit; all of it may be done before."""
        deposit = self.deposit
        deposit.tidy()
        reserved = deposit.reservation()
        if reserved is None:
            progress("reserve", 0, 1, deposit.head.place)
            unaddressed = parcel_of(
                deposit.head,
                crate,
                location,
                reserved=None,
                about=self.about,
                settings=self.settings,
            )
            reserved = self.depositor.reserve(unaddressed, deposit.journal, progress)
            deposit.keep(reserved)
        url = reserved.record_url
        web = url is not None and url.startswith(("https://", "http://"))
        address = Address(doi=reserved.doi, url=url if web else None)
        if not deposit.parcel.is_file() or self._may_be_mended(deposit):
            crate = write_addressed(
                location,
                deposit.parcel,
                address,
                identity=deposit.head.identity,
                progress=progress,
            )
        else:
            crate = read_for_publishing(deposit.parcel)
        parcel = parcel_of(
            deposit.head,
            crate,
            deposit.parcel,
            reserved=reserved,
            about=self.about,
            settings=self.settings,
        )
        receipt = self.depositor.deposit(parcel, deposit.journal, progress)
        deposit.keep(receipt)
        return receipt

    def _may_be_mended(self, deposit: Deposit) -> bool:
        """Say whether a parcel is written anew: the crate's metadata may be mended meanwhile.

        Where nothing was mended that gives the same bytes, so nothing is sent twice. Where there
        are no drafts it may be there for good already, and goes on as it was begun.
        """
        return deposit.receipt() is not None or self.about.capabilities.drafts


def _known(order: PublishOrder, crate: Crate, place: Place, ledger: Ledger) -> Deposit | None:
    """Return the deposit of this crate that is there already, made to go on where it should.

    Raises Conflict where somebody has to say first that it shall go on.
    """
    known = ledger.of(crate.identity, place.name)
    if not known:
        if order.resume:
            raise NotFound(
                "nothing was begun there with this crate",
                where=place.name,
                hint="publish it without `--resume`",
            )
        return None
    deposit = known[0]
    receipt = deposit.receipt()
    is_draft = receipt is not None and receipt.status is DepositStatus.DRAFT
    if not deposit.is_done and not order.resume and not is_draft and deposit.reservation():
        raise Conflict(
            "an unfinished deposit of this crate is there",
            where=place.name,
            hint="go on with `--resume`, or remove it with `--discard`",
        )
    head = replace(
        deposit.head,
        draft=order.draft,
        answers={**deposit.head.answers, **order.answers},
    )
    return ledger.change(deposit, head)


def _head(
    order: PublishOrder, crate: Crate, place: Place, *, about: About, settings: Settings
) -> DepositHead:
    ledger = Ledger(root=settings.publish.ledger)
    source = order.location.resolve()
    version_of = order.new_version
    if version_of == "":
        before = ledger.before(source, crate.identity, place.name)
        earlier = before.receipt() if before is not None else None
        if earlier is None:
            raise NotFound(
                "no earlier version of this crate was published there from here",
                where=place.name,
                hint="name its record: `--new-version-of RECORD`",
            )
        version_of = earlier.record
    if version_of is not None and not about.capabilities.versions:
        raise BadInput(
            "takes no new versions", where=place.name, hint="publish it as a record of its own"
        )
    if order.draft and not (about.capabilities.drafts or about.capabilities.private):
        raise BadInput("keeps no drafts", where=place.name, hint="publish without `--draft`")
    return DepositHead(
        mark=order.mark,
        place=place.name,
        kind=place.kind,
        source=str(source),
        identity=crate.identity,
        name=crate.name,
        made=settings.clock().isoformat(),
        draft=order.draft,
        new_version_of=version_of,
        is_replay=is_replay(crate),
        answers=answered(place, about, order.answers),
    )


def _refuse(findings: tuple[Finding, ...]) -> None:
    refusals = [one for one in findings if one.severity is Severity.ERROR]
    if refusals:
        more = f" and {len(refusals) - 3} more" if len(refusals) > 3 else ""
        raise Refused(
            "the repository would refuse it: "
            + "; ".join(one.message for one in refusals[:3])
            + more,
            hint=refusals[0].hint or "mend it, then publish again; `--check` shows all",
        )
