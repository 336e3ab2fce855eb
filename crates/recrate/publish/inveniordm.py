"""Zenodo and every other instance of InvenioRDM: draft, DOI, files, publish, new version, review.

Every step may be called again. A draft is found by its identifier in the journal, or, where the
answer to its making was lost, by the deposit's mark in it; a publication whose answer was lost is
settled by asking for the record.
"""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from recrate.model.deposit import DepositStatus, Place, Receipt, Reservation
from recrate.model.errors import BadInput, Conflict, NotFound, OutsideFailed
from recrate.model.finding import Finding
from recrate.model.progress import Progress
from recrate.model.record import RecordLink
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.inveniordm_about import ABOUT, ABOUT_ZENODO, FORMAT, ZENODO_HOSTS
from recrate.publish.inveniordm_api import (
    Api,
    Json,
    complaints_of,
    concept_doi_of,
    doi_of,
    incomplete,
    item,
)
from recrate.publish.inveniordm_check import check_metadata, check_online, check_size
from recrate.publish.inveniordm_draft import ELSEWHERE, begin_draft, remove_strays
from recrate.publish.inveniordm_files import PIECE_BYTES, Upload, crate_name, offered
from recrate.publish.inveniordm_relate import relate
from recrate.publish.inveniordm_review import hand_in, standing, wants_review
from recrate.publish.journal import Journal

PIECES_FROM_BYTES = 256 << 20
"""A file of this size is worth sending in pieces, where the instance offers that."""
_NOTHING: Json = {"metadata": {}, "access": {}, "pids": {}, "parent": {}}
_BY_HAND = ("published in the repository itself: look whether all of its files are there",)


class InvenioRDM:
    """A depositor for one instance; its place's `url` says which.

    sleep: waits, in seconds, between tries and while a search index follows
    """

    about = ABOUT

    def __init__(
        self,
        place: Place,
        surroundings: Surroundings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        pieces_from_bytes: int = PIECES_FROM_BYTES,
        piece_bytes: int = PIECE_BYTES,
    ) -> None:
        base = place.answers.get("url") or "https://zenodo.org/"
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise BadInput(
                "this is no address of a repository",
                where=f"{place.name}: url",
                hint="write it as https://zenodo.org/",
            )
        self.place = place
        self.sleep = sleep
        self._today = surroundings.today
        base = base.rstrip("/") + "/"
        self._api = Api(base, web=surroundings.web, secret=surroundings.secret, sleep=sleep)
        zenodo = parts.hostname in ZENODO_HOSTS
        self._publisher = "Zenodo" if zenodo else place.title or parts.hostname
        # Zenodo's permissions let people send whole files only: zenodo_rdm/permissions.py.
        self._pieces_from_bytes = None if zenodo else pieces_from_bytes
        self._piece_bytes = piece_bytes
        if zenodo:
            self.about = ABOUT_ZENODO

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what the repository would refuse or lose; it is asked where the token allows it."""
        body = self._body(parcel)
        return (
            *check_size(parcel, self._form(parcel), self.about.capabilities),
            *check_metadata(body, self._today),
            *check_online(self._api, parcel, body, self._community(parcel)),
        )

    def reserve(self, parcel: Parcel, journal: Journal, progress: Progress) -> Reservation:
        """Find or make the draft, and its DOI; both stay what they are when called again."""
        progress("reserve", 0, 2, "")
        record = self._published(journal)
        if record is None:
            body = self._body(parcel)
            record = begin_draft(self._api, body, parcel.order, journal)
            progress("reserve", 1, 2, "")
            if body["access"].get("record") != "restricted" and not record.get("is_published"):
                record = self._with_doi(record)
        journal.note(doi=doi_of(record), concept_doi=concept_doi_of(record))
        progress("reserve", 2, 2, "")
        return Reservation(
            doi=doi_of(record),
            concept_doi=concept_doi_of(record),
            record_url=self._page(str(record["id"])),
        )

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Upload what is not there yet, write the metadata, and publish unless a draft is wanted.

        Raises BadInput with the repository's own complaints where it does not take the metadata.
        """
        identifier = journal.get("record")
        if not isinstance(identifier, str):
            raise NotFound(
                "nothing was reserved for this deposit",
                where=self._api.base,
                hint="publish it again from the beginning",
            )
        record = self._published(journal)
        handed_in = journal.get("handed_in") is True
        if record is None and not handed_in:
            notes = self._fill(identifier, parcel, journal, progress)
            if parcel.order.draft:
                remove_strays(self._api, journal)
                return self._receipt(identifier, None, parcel, DepositStatus.DRAFT, notes)
            record = self._publish(identifier, parcel, journal)
        remove_strays(self._api, journal)
        if record is None:
            return self._receipt(identifier, None, parcel, DepositStatus.HANDED_IN)
        journal.note(published=identifier)
        notes = _BY_HAND if journal.get("publishing") == ELSEWHERE else ()
        return self._receipt(identifier, record, parcel, DepositStatus.PUBLISHED, notes)

    def discard(self, journal: Journal) -> bool:
        """Remove the unpublished draft, and any other that bears this deposit's mark."""
        identifier = journal.get("record")
        strays = remove_strays(self._api, journal, keep=None)
        if not isinstance(identifier, str):
            return strays > 0
        draft = self._api.draft(identifier)
        if draft is None or draft.get("is_published"):
            return strays > 0
        self._api.ask("DELETE", f"{item(identifier)}/draft").expect(204, 404)
        journal.note(record=None, making=None)
        return True

    def relate(self, record: str, link: RecordLink) -> bool:
        """Write a relation into a record; False where the person may not edit it."""
        return relate(self._api, record, link)

    def _published(self, journal: Journal) -> Json | None:
        """Return the record, where an earlier try got as far as to publish it."""
        identifier = journal.get("record")
        if not isinstance(identifier, str):
            return None
        begun = journal.get("publishing") or journal.get("handed_in") or journal.get("published")
        return self._api.record(identifier) if begun else None

    def _with_doi(self, draft: Json) -> Json:
        """Reserve the draft's DOI; an instance without DOIs leaves it as it is.

        Asked a second time, the service refuses: then the DOI stands in the draft.
        """
        if doi_of(draft):
            return draft
        identifier = str(draft["id"])
        address = f"{item(identifier)}/draft/pids/doi"
        answer = self._api.ask("POST", address, repeat=True)
        found = self._api.draft(identifier)
        if found is None:
            raise _gone(self._page(identifier))
        if doi_of(found) is None and answer.status not in {404, 405}:
            answer.expect(200, 201)
        return found

    def _fill(
        self, identifier: str, parcel: Parcel, journal: Journal, progress: Progress
    ) -> tuple[str, ...]:
        """Make the draft hold the parcel's files and metadata; return what it lacks still."""
        if self._api.draft(identifier) is None:
            raise _gone(self._page(identifier))
        with offered(parcel, self._form(parcel), journal.folder) as files:
            Upload(
                self._api,
                identifier,
                journal,
                progress,
                pieces_from_bytes=self._pieces_from_bytes,
                piece_bytes=self._piece_bytes,
            ).all(files)
        answer = self._api.ask("PUT", f"{item(identifier)}/draft", json_body=self._body(parcel))
        complaints = complaints_of(answer.expect(200).json())
        if complaints and not parcel.order.draft:
            raise incomplete(complaints, self._page(identifier))
        return tuple(f"not complete yet: {one}" for one in complaints)

    def _publish(self, identifier: str, parcel: Parcel, journal: Journal) -> Json | None:
        """Publish, or hand in where a community looks first; None where it waits for them."""
        api = self._api
        community = "" if parcel.order.new_version_of else self._community(parcel)
        if community or wants_review(api, identifier):
            journal.note(publishing=True)
            hand_in(api, identifier, community)
            journal.note(handed_in=True)
            return api.record(identifier)
        journal.note(publishing=True)
        try:
            answer = api.ask("POST", f"{item(identifier)}/draft/actions/publish")
            if answer.status == 400 and (complaints := complaints_of(answer.json())):
                raise incomplete(complaints, self._page(identifier))
            answer.expect(200, 201, 202, 404)
        except OutsideFailed:
            record = api.record(identifier)
            if record is None:
                raise
            return record
        record = api.record(identifier)
        if record is None:
            answer.expect(200, 201, 202)
            raise OutsideFailed(
                "published, but the record is not to be seen yet",
                where=self._page(identifier),
                hint="go on with `--resume` in a moment: nothing is done twice",
            )
        return record

    def _body(self, parcel: Parcel) -> Json:
        """Return the metadata as the API takes them; the repository itself is the publisher.

        A DOI of DataCite needs one: invenio-rdm-records, services/pids/providers/datacite.py.
        """
        try:
            found: Any = json.loads(parcel.documents[FORMAT])
            metadata = dict(found["metadata"])
        except (KeyError, ValueError, TypeError) as error:
            raise BadInput(
                "the metadata are not there in the form that InvenioRDM takes",
                where=FORMAT,
                hint="mend the study's description and publish again",
            ) from error
        metadata["publisher"] = metadata.get("publisher") or self._publisher
        access = found.get("access") or {"record": "public", "files": "public"}
        body: Json = {"metadata": metadata, "access": access, "files": {"enabled": True}}
        if found.get("custom_fields"):
            body["custom_fields"] = found["custom_fields"]
        return body

    def _receipt(
        self,
        identifier: str,
        record: Json | None,
        parcel: Parcel,
        status: DepositStatus,
        notes: tuple[str, ...] = (),
    ) -> Receipt:
        published = record is not None
        found = record or self._api.draft(identifier) or _NOTHING
        open_files = published and found["access"].get("files") == "public"
        version = found["metadata"].get("version")
        key = "ro-crate-metadata.json" if self._form(parcel) == "files" else crate_name(parcel)
        address = f"{self._api.base}api/{item(identifier)}/files/{quote(key, safe='')}/content"
        if status is DepositStatus.HANDED_IN:
            notes = (*notes, standing(self._api, identifier))
        return Receipt(
            status=status,
            record=identifier,
            record_url=self._page(identifier, "records" if published else "uploads"),
            doi=doi_of(found),
            concept_doi=concept_doi_of(found),
            file_url=address if open_files else None,
            version=version if isinstance(version, str) else None,
            notes=notes,
        )

    def _page(self, identifier: str, kind: str = "records") -> str:
        return f"{self._api.base}{kind}/{quote(identifier, safe='')}"

    def _form(self, parcel: Parcel) -> str:
        return parcel.order.answers.get("file_form") or "zip"

    def _community(self, parcel: Parcel) -> str:
        return (parcel.order.answers.get("community") or "").strip()


def _gone(where: str) -> Conflict:
    return Conflict(
        "the draft of this deposit is not there any more",
        where=where,
        hint="somebody discarded it: publish again from the beginning",
    )
