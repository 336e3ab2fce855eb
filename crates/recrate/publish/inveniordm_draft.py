"""One draft for one deposit: found where it is, made where it is not, and never left over."""

from recrate.model.deposit import DepositOrder
from recrate.model.errors import Conflict, OutsideFailed, RecrateError
from recrate.publish.inveniordm_api import Api, Json, doi_of, item, mark_of, marked
from recrate.publish.journal import Journal

ELSEWHERE = "elsewhere"


def begin_draft(api: Api, body: Json, order: DepositOrder, journal: Journal) -> Json:
    """Return the deposit's draft; it is made where neither journal nor repository know it.

    Where somebody published the draft in the repository itself, that record comes back, and the
    journal says `publishing` is `elsewhere`.
    """
    identifier = journal.get("record")
    if isinstance(identifier, str):
        draft = api.draft(identifier)
        if draft is not None:
            return draft
        if (record := api.record(identifier)) is not None:
            journal.note(publishing=ELSEWHERE)
            return record
        journal.note(record=None, making=None)
    if order.new_version_of:
        return _new_version(api, order.new_version_of, journal)
    return _new_draft(api, body, mark_of(order.mark), journal)


def _new_draft(api: Api, body: Json, mark: str, journal: Journal) -> Json:
    """Make a draft that bears the mark, unless a lost answer hid that it is there.

    The index of drafts follows the database after a while, so `unsure` is noted before the draft
    is made again: at the end, what else bears the mark is removed.
    """
    if journal.get("making") == mark:
        if found := _marked(api, mark, journal):
            return found
        journal.note(unsure=mark)
    journal.note(making=mark)
    try:
        made = api.make("records", json_body=marked(body, mark))
    except OutsideFailed:
        journal.note(unsure=mark)
        found = _marked(api, mark, journal)
        if found is None:
            raise
        return found
    except RecrateError:
        journal.note(making=None)
        raise
    journal.note(record=str(made["id"]))
    return made


def _marked(api: Api, mark: str, journal: Journal) -> Json | None:
    identifier = api.wait_for_marked(mark)
    draft = api.draft(identifier) if identifier else None
    if draft is not None:
        journal.note(record=str(draft["id"]))
    return draft


def _new_version(api: Api, earlier: str, journal: Journal) -> Json:
    """Make the draft of a new version; asked twice, the repository gives the same one.

    Raises Conflict where somebody else has begun a new version: it is not ours to fill.
    """
    again = journal.get("versioning") is True
    identifier = api.resolve(earlier)
    journal.note(versioning=True)
    draft = api.make(f"{item(identifier)}/versions", repeat=True)
    found = str(draft["id"])
    listed = api.ask("GET", f"{item(found)}/draft/files").expect(200).json()
    entries = listed.get("entries") if isinstance(listed, dict) else None
    if entries or (doi_of(draft) and not again):
        raise Conflict(
            "somebody has begun a new version of this record",
            where=f"{api.base}uploads/{found}",
            hint="publish or discard that draft there, then try again",
        )
    journal.note(record=found)
    return draft


def remove_strays(api: Api, journal: Journal, *, keep: str | None = "record") -> int:
    """Remove drafts that bear this deposit's mark and are not its own; return how many.

    keep: under which name the journal has the draft that stays; None: none stays
    Nothing is asked where every draft's making was answered.
    """
    mark = journal.get("unsure") or (None if keep else journal.get("making"))
    if not isinstance(mark, str):
        return 0
    own = journal.get(keep) if keep else None
    if keep is None and journal.get("record") is None:
        api.wait_for_marked(mark)
    strays = [one for one in api.drafts_marked(mark) if one != own]
    for one in strays:
        api.ask("DELETE", f"{item(one)}/draft").expect(204, 404)
    journal.note(unsure=None)
    return len(strays)
