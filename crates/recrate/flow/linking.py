"""Link back: let the record that was replayed know of its verdict."""

from dataclasses import dataclass

from recrate.flow.parts import depositor_of
from recrate.flow.places import make_depositor, places
from recrate.flow.settings import Settings
from recrate.model.deposit import Place, Receipt
from recrate.model.errors import RecrateError
from recrate.model.record import LinkRelation, RecordLink
from recrate.publish.depositor import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What became of telling one record. `how`: `written`, `announced`, `queued` or `none`."""

    target: str
    how: str
    note: str = ""


def link_back(
    parcel: Parcel, receipt: Receipt, *, place: Place, settings: Settings
) -> tuple[Linked, ...]:
    """Write the inverse relation on every record that this verdict reviews.

    The place of the verdict is asked first, then every other place with a token. What nobody here
    may edit is announced to its repository. Raises nothing: a verdict that is published stays so.
    """
    own = f"https://doi.org/{receipt.doi}" if receipt.doi else receipt.record_url
    reviewed = [one for one in parcel.record.links if one.relation is LinkRelation.REVIEWS]
    return tuple(_tell(one, own, parcel, place, settings) for one in reviewed)


def _tell(link: RecordLink, own: str, parcel: Parcel, place: Place, settings: Settings) -> Linked:
    back = RecordLink(
        target=own,
        relation=LinkRelation.IS_REVIEWED_BY,
        title=parcel.record.description.title,
        resource_type="Report",
        information=link.information,
    )
    troubles = []
    others = [one for one in places(settings) if one.name != place.name]
    for one in (place, *others):
        if not _may_relate(one, settings):
            continue
        try:
            if make_depositor(one, one.answers, settings).relate(link.target, back):
                return Linked(target=link.target, how="written", note=one.name)
        except RecrateError as error:
            troubles.append(f"{one.name}: {error.message}")
    return Linked(target=link.target, how="none", note="; ".join(troubles))


def _may_relate(place: Place, settings: Settings) -> bool:
    try:
        about = depositor_of(place.kind).about
    except RecrateError:
        return False
    can = about.capabilities
    return can.relations and (
        not can.needs_account or settings.publish.token(place.name) is not None
    )
