"""JAIRO Cloud and every other WEKO3, by SWORD v3: a package is sent once, an item is made once.

WEKO lets nobody give a deposit an identifier of their own that it would refuse twice. So each
deposit's metadata carry its mark, and where an answer is lost the repository is searched for it;
`weko_finding` says how, and when not finding it means that it is not there.
"""

import time
from collections.abc import Callable

from recrate.model.deposit import DepositStatus, Place, Receipt, Reservation
from recrate.model.errors import Conflict, NotFound
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress
from recrate.model.record import RecordLink
from recrate.model.wire import from_plain
from recrate.outside.exchange import Service
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.journal import Journal
from recrate.publish.weko_checks import check_parcel, check_repository
from recrate.publish.weko_deposit import Delivery
from recrate.publish.weko_mapping import losses, mapping_or_finding
from recrate.publish.weko_options import ABOUT, WekoSettings, settings_of
from recrate.publish.weko_package import files_of
from recrate.publish.weko_sword import Sword
from recrate.publish.weko_view import leaves_of, make_view


class Weko:
    """A depositor for one WEKO repository. `sleep`: waits, in seconds."""

    about = ABOUT

    def __init__(
        self,
        place: Place,
        surroundings: Surroundings,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sleep = sleep
        self._answers = place.answers
        self._surroundings = surroundings
        self._service = Service(
            base=f"{settings_of(place.answers).base}/",
            web=surroundings.web,
            secret=surroundings.secret,
            sleep=sleep,
        )
        self._sword = Sword(self._service)

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what the repository would refuse or lose, before a byte is sent."""
        settings = self._settings(parcel)
        files = files_of(parcel, whole=settings.whole)
        mapping, complaints = mapping_or_finding(settings.mapping, self._surroundings.web)
        view = make_view(parcel.record, files, settings, mark=parcel.order.mark, mapping=mapping)
        found = [*complaints, *check_parcel(parcel, files, settings)]
        found += losses(mapping, leaves_of(view), files=not settings.whole)
        if not mapping.known:
            what = "what the repository keeps of the metadata is supposed, not known"
            hint = "ask its staff for your client's JSON-LD mapping, and answer `mapping` with it"
            found.append(find(Severity.NOTE, "weko-mapping-supposed", what, hint=hint))
        if self._surroundings.secret is None:
            hint = settings.token_hint
            found.append(find(Severity.ERROR, "weko-token", "there is no token", hint=hint))
        else:
            update = settings.recid_of(parcel.order.new_version_of or "")
            found += check_repository(self._service, settings, update)
        return tuple(found)

    def reserve(
        self,
        parcel: Parcel,
        journal: Journal,  # noqa: ARG002 - the protocol's; nothing is made that it could tell of
        progress: Progress,  # noqa: ARG002 - the protocol's
    ) -> Reservation:
        """Make nothing: WEKO has neither drafts by SWORD nor DOIs before an item is there."""
        settings = self._settings(parcel)
        recid = _earlier(parcel, settings)
        return Reservation(record_url=settings.record_url(recid) if recid else None)

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Send the package, or find what an earlier sending made; once and no more.

        A private item of an earlier call is made public where the order now wants that.
        Raises Conflict where only a person can tell whether an earlier sending was taken,
        OutsideFailed where an answer got lost just now.
        """
        settings = self._settings(parcel)
        recid, new_version, mark = _earlier(parcel, settings), True, parcel.order.mark
        if (kept := _receipt_in(journal)) is not None:
            if kept.status is not DepositStatus.DRAFT or not settings.public:
                return kept
            recid, new_version, mark = kept.record, False, f"{mark} public"
        return Delivery(
            sword=self._sword,
            parcel=parcel,
            settings=settings,
            surroundings=self._surroundings,
            journal=journal,
            progress=progress,
            sleep=self.sleep,
            mark=mark,
            recid=recid,
            new_version=new_version,
        ).bring()

    def discard(self, journal: Journal) -> bool:
        """Delete the private item that was made, and say whether there was one.

        Raises Conflict where the repository lets only a person do that, and where nobody knows
        yet what was made.
        """
        kept = _receipt_in(journal)
        if journal.get("weko_sent"):
            raise Conflict(
                "a package was sent, and it is not known what the repository made of it",
                where=self._service.base,
                hint="go on with `--resume` first, then discard",
            )
        if kept is None or kept.status is DepositStatus.PUBLISHED:
            return False
        if kept.status is DepositStatus.HANDED_IN or journal.get("weko_updated"):
            raise Conflict(
                "it is no draft of yours alone any more",
                where=kept.record_url,
                hint="stop the workflow on that page, or ask the repository's staff",
            )
        try:
            page = self._sword.delete(kept.record)
        except NotFound:  # an earlier call deleted it, and its answer got lost
            page = ""
        journal.note(weko_discarded=True, weko_deletion=page)
        return True

    def relate(
        self,
        record: str,  # noqa: ARG002 - the protocol's
        link: RecordLink,  # noqa: ARG002 - the protocol's
    ) -> bool:
        """Write nothing, ever: say False.

        WEKO replaces all of an item's metadata by what a PUT holds, and gives nobody the metadata
        in the form in which it takes them; so one relation more would undo what its staff mended.
        """
        return False

    def _settings(self, parcel: Parcel) -> WekoSettings:
        return settings_of(self._answers, order=parcel.order, kind=parcel.record.kind)


def _receipt_in(journal: Journal) -> Receipt | None:
    kept = journal.get("weko_receipt") if not journal.get("weko_discarded") else None
    return None if kept is None else from_plain(kept, Receipt, where=str(journal.folder))


def _earlier(parcel: Parcel, settings: WekoSettings) -> str | None:
    """Return the record that a new version is of. Raises NotFound for what is none."""
    written = parcel.order.new_version_of
    if written is None:
        return None
    if (recid := settings.recid_of(written)) is None:
        raise NotFound(
            f"`{written[:80]}` is no record of this repository",
            where=settings.base,
            hint="name the earlier record by its number, or by the address of its page",
        )
    return recid
