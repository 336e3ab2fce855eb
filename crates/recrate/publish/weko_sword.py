"""SWORD v3 as WEKO speaks it: send a package, ask for a record's status, delete; errors in words.

Source: RCOSDP/weko v2.0.0, weko_swordserver/views.py, decorators.py, errors.py
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from recrate.model.errors import BadInput, NotFound, OutsideFailed, RecrateError, Refused
from recrate.model.progress import Progress
from recrate.outside.answers import Answer, shown
from recrate.outside.exchange import AnswerLost, FilePart, Service
from recrate.publish.weko_package import Package, multipart

PATIENCE_SECONDS = 300.0
"""WEKO unpacks, checks, keeps and indexes a package before it says a word."""
BYTES_A_SECOND = 10 << 20
_RENEW = "WEKO's tokens hold for an hour: get a new token, see docs/publishing-weko.md"
SIMPLE_ZIP = "http://purl.org/net/sword/3.0/package/SimpleZip"
IN_WORKFLOW = "http://purl.org/net/sword/3.0/state/inWorkflow"
_HINTS = (
    ("No SWORD API setting", "the token must be of the application that the staff registered for"
     " SWORD; a personal token is of none: see docs/publishing-weko.md"),
    ("mapping not defined", "ask the staff to bind a JSON-LD mapping to your SWORD client"),
    ("Mapping is invalid", "the mapping does not fit its item type: tell the staff"),
    ("verify request body and digest", "the package changed on its way: try again"),
    ("Manifest", "the package changed on its way: try again"),
    ("does not exist in system", "`index` names no index of this repository"),
    ("IndexID and POS_INDEX", "answer `index` with the number of an index"),
    ("PUBLISH_STATUS", "answer `publish` with private or public"),
    ("file_path", "a file of the deposit has no place there: use `way` whole, and report this"),
    ("file name specified", "a file has another name there: use `way` whole, and report this"),
    ("Title is required", "give the study a title, and ask the staff whether the mapping reads it"),
    ("PubDate", "the date of publication must be YYYY-MM-DD"),
    ("DOI cannot be set", "give the prefix alone in `doi_prefix`"),
    ("Prefix of DOI is incorrect", "`doi_prefix` is not this repository's for this agency"),
    ("private because it has a DOI", "a record with a DOI must be public: answer `publish` public"),
    ("Harvest Publishing", "a DOI needs an index that is public and open to harvesters"),
    ("DOI_RA", "`doi_agency` does not fit the DOI that the record has"),
    ("following metadata are required", "fill these in, then pack and publish again"),
    ("is not one of", "the repository does not know this word; where it is a kind of identifier,"
     " leave it out of `identifier_schemes` or ask the staff to register it"),
    ("On-Behalf-Of", "nobody there has this address: correct `on_behalf_of`"),
    ("Some similar items", "look at the items it names: is the crate there already?"),
    ("already registered", "look at the items it names: is the crate there already?"),
    ("edited by another process", "somebody edits this item: try again when they are done"),
    ("Cannot delete item with DOI", "a record with a DOI stays; ask the staff to withdraw it"),
    ("Workflow not found", "ask the staff to set the workflow of your SWORD client again"),
    ("Item type and workflow do not match", "tell the staff: mapping and workflow differ"),
    ("Not allowed operation", "the token needs the scopes deposit:write deposit:actions"
     " item:create item:update item:delete user:activity, and you the role Contributor"),
    ("Not accept", "the repository is of a version that recrate does not know"),
    ("is not enabled", "the repository has switched this kind of deposit off: ask its staff"),
    ("Linking item", "a related record of this repository is gone: correct the relation"),
    ("Item Link", "a related record of this repository was not accepted: correct the relation"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a status document tells.

    recid:    number of the record, empty where there is none yet
    activity: the page of the workflow, empty where nobody has to look
    etag:     changes with each change of the record
    doi:      bare, None where there is none
    """

    recid: str = ""
    activity: str = ""
    etag: str = ""
    doi: str | None = None


class StoppedHalfway(BadInput):
    """WEKO began a workflow and stopped in it; `activity` is where a person goes on."""

    def __init__(self, message: str, *, activity: str, where: str) -> None:
        super().__init__(message, where=where, hint=f"go on there: {activity}")
        self.activity = activity


@dataclass(slots=True)
class Sending:
    """How far a request's body went. `whole`: its last byte was handed to the network."""

    progress: Progress
    whole: bool = field(default=False)

    def __call__(self, stage: str, done: int, total: int, message: str) -> None:
        """Take what the stream tells, and tell it on."""
        self.whole = done >= total
        self.progress(stage, done, total, message)


class OutcomeUnknown(OutsideFailed):
    """The package was sent, and nobody told whether it was taken."""


class Sword:
    """One repository's SWORD server."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def send(
        self, package: Package, *, recid: str | None, on_behalf_of: str, progress: Progress
    ) -> Status:
        """Send a package, for a new item or to replace `recid`; return what was made.

        Never sends twice. Raises OutcomeUnknown when all was sent and no clear answer came,
        StoppedHalfway when a workflow was begun, BadInput, Refused, NotFound or Busy when the
        repository refused, and OutsideFailed when it cannot have got the package.
        """
        head, tail, kind = multipart(package)
        headers = {
            "Content-Type": kind,
            "Content-Disposition": f"attachment; filename={package.name}",
            "Packaging": SIMPLE_ZIP,
            "Digest": f"SHA-256={package.sha256}",
            "Accept": "application/json",
        }
        if on_behalf_of:
            headers["On-Behalf-Of"] = on_behalf_of
        sending = Sending(progress)
        address = "sword/service-document" if recid is None else f"sword/deposit/{recid}"
        try:
            answer = _patient(self.service, package.size_bytes).ask(
                "POST" if recid is None else "PUT",
                address,
                body=(head, FilePart(path=package.file), tail),
                headers=headers,
                repeat=False,
                progress=sending,
            )
        except AnswerLost as error:
            if not sending.whole:
                # A server cannot have read a form whose end was never sent (RFC 9112, 8).
                raise OutsideFailed(error.message, where=error.where, hint=error.hint) from error
            raise _unknown(error.message, error.where) from error
        return _made(answer)

    def status(self, recid: str) -> Status:
        """Return how a record stands. Raises NotFound where there is none."""
        answer = self.service.ask("GET", f"sword/deposit/{recid}")
        if answer.status != 200:
            raise complaint_of(answer)
        return status_of(answer.json())

    def delete(self, recid: str, *, on_behalf_of: str = "") -> str:
        """Delete a record; return the workflow's page where people look at that first.

        Raises NotFound where there is none, BadInput where it has a DOI.
        """
        headers = {"On-Behalf-Of": on_behalf_of} if on_behalf_of else {}
        answer = self.service.ask("DELETE", f"sword/deposit/{recid}", headers=headers)
        if answer.status not in {202, 204}:
            raise complaint_of(answer)
        return answer.headers.get("location", "") if answer.status == 202 else ""


def _made(answer: Answer) -> Status:
    """Return what an answer to a package says was made; raises what it else means."""
    said, where = answer.said(), shown(answer.url)
    if answer.status >= 500:
        raise _unknown(f"answered with status {answer.status}", where)
    if answer.status not in {200, 201, 202}:
        error = complaint_of(answer)
        if "Failed to import item" in said and not isinstance(error, StoppedHalfway):
            # WEKO says so too where the item is there and only its mail could not be sent.
            raise _unknown(said, where)
        raise error
    try:
        return status_of(answer.json())
    except OutsideFailed as error:
        raise _unknown(error.message, where) from error


def _patient(service: Service, size_bytes: int) -> Service:
    """Return the service with patience enough for what WEKO does before it answers at all."""
    needed = PATIENCE_SECONDS + size_bytes / BYTES_A_SECOND
    web = replace(service.web, timeout_seconds=max(service.web.timeout_seconds, needed))
    return replace(service, web=web)


def _unknown(message: str, where: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"the package was sent, and it is not known whether it was taken: {message}",
        where=where,
        hint="go on with `--resume`: the repository is asked before anything is sent again",
    )


def status_of(document: Any) -> Status:
    """Return what a status document tells, also the one that WEKO calls a service document.

    Raises OutsideFailed for what is neither.
    """
    if not isinstance(document, dict):
        raise OutsideFailed("the answer is no status document", hint="is the address right?")
    links = [
        str(link.get("@id", "")) for link in document.get("links") or [] if isinstance(link, dict)
    ]
    states = {
        str(one.get("@id", "")) for one in document.get("state") or [] if isinstance(one, dict)
    }
    recid = re.search(r"/sword/deposit/(\d+)", str(document.get("@id", "")))
    doi = next((found[1] for link in links if (found := _DOI.search(link))), None)
    return Status(
        recid=recid[1] if recid else "",
        activity=links[0] if IN_WORKFLOW in states and links else "",
        etag=str(document.get("eTag", "")),
        doi=doi,
    )


_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)$")


def complaint_of(answer: Answer) -> RecrateError:
    """Return the error that an answer means, with what WEKO said and what one can do about it."""
    said = answer.said()
    where = shown(answer.url)
    activity = re.search(r"https?://\S+/workflow/activity/detail/[\w.-]*\w", said)
    if activity and answer.status == 400:
        return StoppedHalfway(
            f"the repository stopped in the middle: {said}", activity=activity[0], where=where
        )
    if 300 <= answer.status < 400:
        other = shown(answer.headers.get("location", ""))
        message = "the repository has another address"
        return BadInput(message, where=where, hint=f"correct the place's `url`: see {other}")
    if answer.status == 429 or answer.status >= 500 or not said:
        return answer.error()
    hint = next((hint for mark, hint in _HINTS if mark in said), answer.error().hint)
    kinds: dict[int, type[RecrateError]] = {
        401: Refused,
        403: Refused,
        413: Refused,
        404: NotFound,
        410: NotFound,
    }
    kind = kinds.get(answer.status, BadInput)
    if answer.status == 401:
        said, hint = "the token is not accepted", _RENEW
    return kind(f"the repository refused it: {said}", where=where, hint=hint)
