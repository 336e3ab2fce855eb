"""Deposit in GakuNin RDM: a file in a project of the person's, private, with its earlier versions.

A project gives no DOI and knows no drafts. A study's crate lies there as `<name>.crate.zip`, and as
a folder that the data analysis function launches where that is wanted; a replay's verdict is noted
in `.crates/` too.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from recrate.model.deposit import DepositStatus, Place, Receipt, Reservation
from recrate.model.errors import BadInput, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress
from recrate.model.record import RecordKind, RecordLink
from recrate.model.wire import from_plain, to_plain
from recrate.outside.exchange import TRIES
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.grdm_about import ABOUT, FORMAT, addresses_of, wishes_of
from recrate.publish.grdm_client import Grdm, Storage
from recrate.publish.grdm_entries import Entry
from recrate.publish.grdm_keeping import Content, Keeping, Looking
from recrate.publish.grdm_launch import write_binder
from recrate.publish.grdm_metadata import register
from recrate.publish.grdm_preflight import findings_before_asking, findings_of_asking
from recrate.publish.grdm_runs import keep_run, take_back_run
from recrate.publish.grdm_target import SUFFIX, Target, find_target, settle
from recrate.publish.grdm_unpacked import unpack_into
from recrate.publish.journal import Journal

PREFLIGHT_SECONDS = 10.0
_PRIVATE = "only the contributors of the project see it; GakuNin RDM gives no DOI"


class GakuNinRDM:
    """A project of GakuNin RDM that takes a crate."""

    about = ABOUT

    def __init__(
        self,
        place: Place,
        surroundings: Surroundings,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sleep = sleep
        self._surroundings = surroundings
        self._addresses = addresses_of(place.answers)
        self._grdm = self._client(TRIES, surroundings.web.timeout_seconds)

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what the project would refuse or lose; GakuNin RDM that is away is a note."""
        if self._surroundings.secret is None:
            return (
                find(
                    Severity.ERROR,
                    "grdm-token",
                    "GakuNin RDM takes nothing without a token",
                    hint="make a personal access token in its settings, and give it here",
                ),
            )
        try:
            wishes = wishes_of(parcel.order.answers, self._addresses)
        except RecrateError as error:
            return (find(Severity.ERROR, "grdm-project", error.message, hint=error.hint),)
        seconds = min(PREFLIGHT_SECONDS, self._surroundings.web.timeout_seconds)
        quick = self._client(1, seconds)
        found = findings_before_asking(parcel, wishes)
        asked = findings_of_asking(
            quick, wishes, parcel, lambda storage: Looking(quick.shelf(storage))
        )
        return (*found, *asked)

    def reserve(self, parcel: Parcel, journal: Journal, progress: Progress) -> Reservation:  # noqa: ARG002  (the protocol's)
        """Find the place in the project; there is neither draft nor DOI nor address before."""
        self._target(parcel, journal)
        return Reservation()

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Put what is not there yet into the project."""
        done = journal.get("grdm_receipt")
        if done is not None:
            return from_plain(done, Receipt)
        target = self._target(parcel, journal)
        keeping = self._keeping(target.storage, journal)
        content = Content.of_file(parcel.file)
        if content.sha256 != parcel.sha256:
            raise BadInput(
                "the crate was changed while it was being deposited",
                where=str(parcel.file),
                hint="publish it once more",
            )
        kept = keeping.put(
            keeping.folder(*target.folder),
            target.name,
            content,
            replacing=target.replacing,
            progress=progress,
        )
        notes = (_PRIVATE, *self._beside(parcel, keeping, target, kept, progress))
        receipt = Receipt(
            status=DepositStatus.PUBLISHED,
            record=f"{target.guid}/{target.storage.provider}{kept.path}",
            record_url=self._page(target, kept),
            version=str(kept.version) if kept.version is not None else None,
            notes=notes,
        )
        journal.note(grdm_receipt=to_plain(receipt))
        return receipt

    def discard(self, journal: Journal) -> bool:
        """Take back what an unfinished deposit made and nobody else changed; say whether any."""
        noted = journal.get("grdm_target")
        if noted is None or journal.get("grdm_receipt") is not None:
            return False
        target = from_plain(noted, Target)
        removed = False
        for storage in {one.provider: one for one in (target.storage, target.default)}.values():
            keeping = self._keeping(storage, journal)
            if storage == target.storage:
                removed |= take_back_run(keeping)
            removed |= keeping.take_back()
        return removed

    def relate(self, record: str, link: RecordLink) -> bool:  # noqa: ARG002  (the protocol's)
        """Say no: a file of a project holds no relations. A run's record lies in `.crates/`."""
        return False

    def _beside(
        self,
        parcel: Parcel,
        keeping: Keeping,
        target: Target,
        kept: Entry,
        progress: Progress,
    ) -> tuple[str, ...]:
        """Put what else is wanted beside the crate, and return what the person should know."""
        wishes = wishes_of(parcel.order.answers, self._addresses)
        journal = keeping.journal
        notes: tuple[str, ...] = ()
        if parcel.record.kind is RecordKind.REPLAY:
            notes += keep_run(keeping, parcel, kept, lambda one: self._page(target, one))
        elif wishes.unpacked:
            notes += unpack_into(keeping, target.unpacked, parcel, journal.folder, progress)
            is_default = target.default.provider == target.storage.provider
            there = keeping if is_default else self._keeping(target.default, journal)
            notes += write_binder(self._grdm, there, target, parcel, target.unpacked)
        if wishes.metadata and FORMAT in parcel.documents:
            notes += register(
                self._grdm,
                keeping,
                guid=target.guid,
                folder=keeping.folder(*target.folder),
                crate=kept,
                sha256=parcel.sha256,
                document=parcel.documents[FORMAT],
                beside=f"{target.name.removesuffix(SUFFIX)}.grdm-metadata.json",
            )
        return notes

    def _target(self, parcel: Parcel, journal: Journal) -> Target:
        """Return where this deposit goes: decided once, and the same when it is gone on with."""
        noted = journal.get("grdm_target")
        if noted is not None:
            return from_plain(noted, Target)
        wishes = wishes_of(parcel.order.answers, self._addresses)
        target = find_target(self._grdm, wishes, parcel)
        unpacked = wishes.unpacked and parcel.record.kind is RecordKind.STUDY
        looking = Looking(self._grdm.shelf(target.storage))
        target = settle(looking, target, parcel, unpacked=unpacked)
        journal.note(grdm_target=to_plain(target))
        return target

    def _client(self, tries: int, timeout_seconds: float) -> Grdm:
        return Grdm(
            self._addresses,
            web=replace(self._surroundings.web, timeout_seconds=timeout_seconds),
            secret=self._surroundings.secret,
            sleep=self.sleep,
            tries=tries,
        )

    def _keeping(self, storage: Storage, journal: Journal) -> Keeping:
        return Keeping(self._grdm.shelf(storage), journal, sleep=self.sleep)

    def _page(self, target: Target, entry: Entry) -> str:
        path = quote(entry.path, safe="/")
        return f"{self._addresses.web}{target.guid}/files/{target.storage.provider}{path}"
