"""One package on its way to a repository: sent once, and found again where the answer got lost.

What the journal holds:

    weko_sent    a package may have been taken, and nobody knows yet
    weko_before  what was there under the title before that (`weko_finding.Before`)
    weko_etag    of the record that the package replaces, before that
    weko_bytes   size of the package
    weko_asked   a person was asked to look for this package
    weko_receipt what came of it, for good
"""

from collections.abc import Callable
from dataclasses import dataclass

from recrate.model.deposit import DepositStatus, Receipt
from recrate.model.errors import Conflict, NotFound, RecrateError
from recrate.model.progress import Progress
from recrate.model.wire import to_plain
from recrate.outside.disk import disk_errors
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.journal import Journal
from recrate.publish.weko_finding import Before, Finder, Outcome
from recrate.publish.weko_mapping import read_mapping
from recrate.publish.weko_options import WekoSettings
from recrate.publish.weko_package import Package, make_package, slug_of
from recrate.publish.weko_sword import OutcomeUnknown, Status, StoppedHalfway, Sword
from recrate.publish.weko_view import Update, make_view, mark_word

PACKAGE_NAME = "weko-package.zip"
_NO_DOI_INSIDE = (
    "the repository gives the DOI when the item is there, so the crate inside does not hold it;"
    " your own crate can"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One package, from its making to its receipt.

    mark:   of this package, unique
    recid:  the record that it replaces, None for a new item
    sleep:  waits, in seconds
    """

    sword: Sword
    parcel: Parcel
    settings: WekoSettings
    surroundings: Surroundings
    journal: Journal
    progress: Progress
    sleep: Callable[[float], None]
    mark: str
    recid: str | None = None
    new_version: bool = False

    def bring(self) -> Receipt:
        """Return the receipt: of what an earlier sending made, else of a sending now.

        Raises Conflict where only a person can tell what an earlier sending made, OutcomeUnknown
        where an answer got lost just now, and what `Sword.send` raises where WEKO refuses.
        """
        finder = Finder(
            self.sword.service,
            self.settings,
            title=self.parcel.record.description.title,
            word=mark_word(self.mark),
            sleep=self.sleep,
        )
        if self.journal.get("weko_sent"):
            if (made := self._settled(finder)) is not None:
                return self._keep(made)
        elif self.settings.record:
            raise Conflict(
                "nothing of this deposit was sent yet, so it cannot be a record",
                hint="leave it out with `--set record ''`; to replace a record, publish a new"
                " version of it",
            )
        there = self.sword.status(self.recid) if self.recid is not None else None
        package = self._package(there)
        before = finder.before()
        self.journal.note(
            weko_sent=True,
            weko_asked=False,
            weko_before=before.plain,
            weko_etag=there.etag if there is not None else "",
            weko_bytes=package.size_bytes,
        )
        return self._keep(self._sent(package))

    def _sent(self, package: Package) -> Status:
        try:
            made = self.sword.send(
                package,
                recid=self.recid,
                on_behalf_of=self.settings.on_behalf_of,
                progress=self.progress,
            )
        except OutcomeUnknown:
            raise
        except StoppedHalfway as error:
            return Status(activity=error.activity)
        except RecrateError:
            self.journal.note(weko_sent=False)
            raise
        if not made.recid and not made.activity:
            raise self._ask(Outcome())
        return made

    def _settled(self, finder: Finder) -> Status | None:
        """Return what an earlier sending made; None when it made nothing."""
        if self.settings.record:
            return self._as_told()
        before = Before.of(self.journal.get("weko_before"))
        found = finder.outcome(
            before,
            sent_bytes=int(self.journal.get("weko_bytes") or 0),
            progress=self.progress,
        )
        if found.recid:
            return self.sword.status(found.recid)
        if found.activity:
            return Status(activity=found.activity)
        no_record = found.no_record or self.settings.review
        if self.recid is not None:
            now = self.sword.status(self.recid)
            if now.etag != self.journal.get("weko_etag"):
                return now
            no_record = True
        looked = self.settings.resend and self.journal.get("weko_asked")
        if found.candidates or not (looked or (no_record and found.no_activity)):
            raise self._ask(found)
        self.journal.note(weko_sent=False)
        return None

    def _as_told(self) -> Status:
        """Return what the person says was made. Raises NotFound where it is not there."""
        recid = self.settings.recid_of(self.settings.record)
        if recid is not None:
            try:
                return self.sword.status(recid)
            except NotFound as error:
                raise NotFound(
                    error.message,
                    where=error.where,
                    hint="correct `record`, or take it back with `--set record ''`",
                ) from error
        return Status(activity=self.settings.activity_url(self.settings.record))

    def _ask(self, found: Outcome) -> Conflict:
        """Return what tells the person where to look; `resend` counts only after that."""
        self.journal.note(weko_asked=True)
        base = self.settings.base
        places = " and ".join(found.candidates[:3]) or f"{base}/workflow and {base}/search"
        return Conflict(
            "the package was sent, its answer was lost, and the repository does not tell what it"
            " made",
            where=base,
            hint=f"look at {places}: where you find it, go on with `--resume --set record NUMBER`;"
            " where you are sure that it is not there, with `--resume --set resend yes`",
        )

    def _package(self, there: Status | None) -> Package:
        mapping = read_mapping(self.settings.mapping, self.surroundings.web)
        update = None
        if self.recid is not None:
            update = Update(
                recid=self.recid,
                new_version=self.new_version,
                has_doi=there is not None and there.doi is not None,
            )
        return make_package(
            self.parcel,
            self.journal.folder / PACKAGE_NAME,
            whole=self.settings.whole,
            today=self.surroundings.today,
            view=lambda files: make_view(
                self.parcel.record,
                files,
                self.settings,
                mark=self.mark,
                mapping=mapping,
                update=update,
            ),
            progress=self.progress,
        )

    def _keep(self, made: Status) -> Receipt:
        receipt = self._receipt(made)
        self.journal.note(
            weko_receipt=to_plain(receipt),
            weko_sent=False,
            weko_updated=self.recid is not None,
            weko_discarded=False,
        )
        package = self.journal.folder / PACKAGE_NAME
        with disk_errors(package):
            package.unlink(missing_ok=True)
        return receipt

    def _receipt(self, made: Status) -> Receipt:
        settings = self.settings
        if made.activity:
            return Receipt(
                status=DepositStatus.HANDED_IN,
                record=made.recid or made.activity.rsplit("/", 1)[-1],
                record_url=made.activity,
                notes=("the repository's staff look at it first; open that page to go on",),
            )
        notes = []
        if settings.review:
            notes.append("the repository registered it at once, without a workflow; it is private")
        elif not settings.public:
            notes.append("the item is private: make it public in the repository, or ask its staff")
        if made.doi:
            notes.append(_NO_DOI_INSIDE)
        elif settings.prefix and settings.public:
            notes.append("the repository names no DOI yet: look at the record's page later")
        kept = f"{settings.base}/record/{made.recid}/files/{slug_of(self.parcel)}.bag.zip"
        return Receipt(
            status=DepositStatus.PUBLISHED if settings.public else DepositStatus.DRAFT,
            record=made.recid,
            record_url=settings.record_url(made.recid),
            doi=made.doi,
            file_url=kept if settings.whole and settings.public else None,
            version=self.parcel.record.version,
            notes=tuple(notes),
        )
