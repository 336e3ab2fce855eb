"""The records API of InvenioRDM, as far as a depositor needs it: one method for each question.

Source: https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/ and rest_api_reviews/;
what those pages leave open was read in invenio-rdm-records, invenio-drafts-resources and
invenio-records-resources of July and August 2026.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from recrate.model.errors import BadInput, NotFound, OutsideFailed
from recrate.model.secret import Secret
from recrate.outside.answers import Answer
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings

Json = dict[str, Any]

NATIVE = "application/vnd.inveniordm.v1+json, application/json;q=0.9"
"""Zenodo answers `application/json` in the terms of its old API; this type means the new ones."""
INDEX_WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)
"""How long a new draft may take to be found: the search index follows the database later."""
_MARKS = uuid.UUID("f2f0ffb2-4a53-5c4f-9a9b-6c1f6d3a52f1")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


class Api:
    """One instance of InvenioRDM. `base`: its address with `/` at the end."""

    def __init__(
        self, base: str, *, web: WebSettings, secret: Secret | None, sleep: Callable[[float], None]
    ) -> None:
        self.base = base
        self.sleep = sleep
        self.service = Service(
            base=f"{base}api/",
            web=web,
            secret=secret,
            sleep=sleep,
            headers={"Accept": NATIVE},
        )

    def ask(self, method: str, address: str, **named: Any) -> Answer:
        """Ask `address` below `api/`; see `Service.ask`."""
        return self.service.ask(method, address, **named)

    def make(self, address: str, **named: Any) -> Json:
        """POST to `address` and return the draft that the answer shows.

        Raises what a refusal means, and OutsideFailed for an answer that shows no draft.
        """
        return sound(self.ask("POST", address, **named).expect(200, 201).json(), self.base)

    def draft(self, identifier: str) -> Json | None:
        """Return a draft, None where there is none; Refused where it is somebody else's."""
        found = self._found(f"{item(identifier)}/draft")
        return None if found is None else sound(found, self.base)

    def record(self, identifier: str) -> Json | None:
        """Return a published record, None where there is none."""
        found = self._found(item(identifier))
        return None if found is None else sound(found, self.base)

    def review(self, identifier: str) -> Json | None:
        """Return the review that a draft waits for or was given, None where there is none."""
        return self._found(f"{item(identifier)}/draft/review")

    def community(self, name: str) -> Json | None:
        """Return a community by its slug or identifier, None where there is none."""
        return self._found(f"communities/{quote(name, safe='')}")

    def mine(self, query: str) -> list[Json]:
        """Return own records and drafts that a query finds, newest first; ten at most."""
        asked = urlencode({"q": query, "size": 10, "sort": "newest"})
        answer = self.ask("GET", f"user/records?{asked}").expect(200)
        return hits_of(answer.json(), self.base)

    def drafts_marked(self, mark: str) -> list[str]:
        """Return the identifiers of unpublished drafts that bear a mark, as far as indexed."""
        found = self.mine(f'metadata.identifiers.identifier:"{mark}"')
        return [
            str(one["id"])
            for one in found
            if not one.get("is_published")
            and any(said.get("identifier") == mark for said in identifiers_of(one))
        ]

    def wait_for_marked(self, mark: str) -> str | None:
        """Return the draft that bears a mark, giving the index time to follow; None without."""
        for seconds in (0.0, *INDEX_WAITS_SECONDS):
            if seconds:
                self.sleep(seconds)
            if found := self.drafts_marked(mark):
                return found[0]
        return None

    def resolve(self, said: str) -> str:
        """Return the identifier of a record that is named by its identifier, DOI or address.

        Raises NotFound for what is no record of this instance.
        """
        found = _DOI.fullmatch(said.strip())
        if found:
            return self._with_doi(found[1])
        parts = urlsplit(said)
        if parts.scheme in {"http", "https"}:
            known = re.search(r"/records?/([^/]+)", parts.path)
            if known is None or parts.netloc != urlsplit(self.base).netloc:
                raise self._no_record(said)
            said = known[1]
        record = self.record(said)
        if record is None:
            raise self._no_record(said)
        return str(record["id"])

    def _with_doi(self, doi: str) -> str:
        """Find by the DOI: what most instances end it with is the identifier itself.

        DOIs do not differ by case, identifiers and the search index do; both are in small letters.
        """
        guess = re.split(r"[/.]", doi.lower())[-1]
        record = self.record(guess) if guess else None
        if record is not None and doi.lower() in dois_of(record):
            return str(record["id"])
        spellings = dict.fromkeys((doi, doi.lower()))
        fields = ("pids.doi.identifier", "parent.pids.doi.identifier")
        query = " OR ".join(f'{name}:"{one}"' for name in fields for one in spellings)
        asked = urlencode({"q": query, "size": 10, "sort": "newest"})
        answer = self.ask("GET", f"records?{asked}").expect(200)
        for one in hits_of(answer.json(), self.base):
            if doi.lower() in dois_of(one):
                return str(one["id"])
        raise self._no_record(doi)

    def _no_record(self, said: str) -> NotFound:
        return NotFound(
            f"no record of this repository: {said[:200]}",
            where=self.base,
            hint="give the DOI, the address or the identifier of a record there",
        )

    def _found(self, address: str) -> Json | None:
        answer = self.ask("GET", address)
        if answer.status in {404, 410}:
            return None
        found = answer.expect(200).json()
        return found if isinstance(found, dict) else sound(found, self.base)


def item(identifier: str) -> str:
    """Return the address of a record below `api/`."""
    return f"records/{quote(identifier, safe='')}"


def mark_of(order_mark: str) -> str:
    """Return a deposit's mark as an identifier that every instance takes: a URN.

    It stands among a draft's alternate identifiers only until the metadata are written in full.
    `internal_notes` would be the place, but those are for the staff of an instance alone.
    """
    return uuid.uuid5(_MARKS, order_mark).urn


def marked(body: Mapping[str, Any], mark: str) -> Json:
    """Return a draft's body with a mark in it."""
    metadata = dict(body["metadata"])
    metadata["identifiers"] = [
        *metadata.get("identifiers", ()),
        {"identifier": mark, "scheme": "urn"},
    ]
    return {**body, "metadata": metadata}


def identifiers_of(record: Mapping[str, Any]) -> list[Json]:
    """Return a record's alternate identifiers."""
    found = record["metadata"].get("identifiers")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def sound(found: Any, where: str) -> Json:
    """Return a record with the parts that are relied on, each of its type.

    Raises OutsideFailed for what is none: nothing is made or removed by an identifier that is odd.
    """
    identifier = str(found.get("id")) if isinstance(found, dict) else ""
    if not isinstance(found, dict) or not _IDENTIFIER.fullmatch(identifier):
        raise OutsideFailed("the answer is no record", where=where, hint="is the address right?")
    parts = {name: found.get(name) for name in ("metadata", "access", "pids", "parent")}
    told = {name: part if isinstance(part, dict) else {} for name, part in parts.items()}
    return {**found, **told, "id": identifier}


def hits_of(found: Any, where: str) -> list[Json]:
    """Return the records of a search's answer."""
    hits = found.get("hits") if isinstance(found, dict) else None
    listed = hits.get("hits") if isinstance(hits, dict) else None
    return [sound(one, where) for one in listed] if isinstance(listed, list) else []


def doi_of(record: Mapping[str, Any]) -> str | None:
    """Return the DOI of a record or draft."""
    return _identifier(record.get("pids"))


def concept_doi_of(record: Mapping[str, Any]) -> str | None:
    """Return the DOI of all versions of a record."""
    return _identifier(record["parent"].get("pids"))


def dois_of(record: Mapping[str, Any]) -> set[str]:
    """Return both, in small letters: DOIs do not differ by case."""
    return {one.lower() for one in (doi_of(record), concept_doi_of(record)) if one}


def _identifier(pids: Any) -> str | None:
    found = pids.get("doi") if isinstance(pids, dict) else None
    said = found.get("identifier") if isinstance(found, dict) else None
    plain = isinstance(said, str) and said.isprintable() and _DOI.fullmatch(said)
    return plain[1] if plain else None


def complaints_of(said: Any) -> tuple[str, ...]:
    """Return what a draft lacks to be published: `field: what is wrong`.

    said: an answer's JSON. A draft is saved with status 200 although parts of it were refused.
    """
    found = said.get("errors") if isinstance(said, dict) else None
    lines = []
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            messages = one.get("messages")
            words = "; ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
            lines.append(f"{one.get('field', '')}: {words}")
    return tuple(lines)


def incomplete(complaints: tuple[str, ...], where: str) -> BadInput:
    """Return the error for a draft that cannot be published as it is."""
    said = " · ".join(complaints)[:500]
    plain = "".join(one if one.isprintable() else " " for one in said)
    return BadInput(
        f"the repository does not take all of the metadata: {plain}",
        where=where,
        hint="mend these fields in the study's description, then go on with `--resume`",
    )
