"""Verdicts that others published on a crate's DOI, as DataCite knows them.

Two questions, since neither knows all: records whose own metadata relate them to the DOI, and
events, which other agencies (Crossref) report, too.
Source: https://support.datacite.org/docs/api-queries, https://support.datacite.org/docs/eventdata-guide
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from recrate.crate.addressing import doi_in
from recrate.crate.names import shown
from recrate.model.errors import OutsideFailed
from recrate.model.verdict import Judgement
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings

API = "https://api.datacite.org/"
PAGE_SIZE = 100
MOST_PAGES = 20
RE_EXECUTION = "re-execution"
_RELATIONS = ("reviews", "is-reviewed-by")
_SPECIAL = re.compile(r'(["\\])')
_VERDICTS = {one.value: one.value for one in Judgement}
_TOLD = re.compile(
    r"\b(identical|equivalent|ran|different|failed|not restored): "
    r"(?:([\d,]{1,15}) of ([\d,]{1,15}) outputs compared|no outputs)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where is asked. `api`: DataCite's address, with `/` at its end."""

    web: WebSettings
    api: str = API


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One published verdict. `doi`: bare; `date`: ISO, of publication."""

    doi: str
    title: str = ""
    creators: tuple[str, ...] = ()
    date: str = ""
    verdict: str | None = None
    compared: int | None = None
    outputs: int | None = None
    note: str = ""


def reports_of(doi: str, elsewhere: Elsewhere) -> tuple[Reported, ...]:
    """Return what is known to review `doi`, each record once; reviews by reading are noted as such.

    Raises OutsideFailed when DataCite cannot be reached or does not answer as it should.
    """
    service = Service(
        base=elsewhere.api, web=elsewhere.web, headers={"Accept": "application/vnd.api+json"}
    )
    found: dict[str, Reported] = {}
    for record in _pages(service, _records_address(doi)):
        report = _of_record(record, doi)
        if report is not None:
            found.setdefault(report.doi.lower(), report)
    events = {"doi": doi, "relation-type-id": ",".join(_RELATIONS), "page[size]": str(PAGE_SIZE)}
    for event in _pages(service, f"events?{urlencode(events)}"):
        report = _of_event(event, doi)
        if report is not None:
            found.setdefault(report.doi.lower(), report)
    return tuple(found.values())


def _records_address(doi: str) -> str:
    """Return the question for records related to a DOI, in whichever form they name it."""
    forms = dict.fromkeys(
        form for one in (doi, doi.lower()) for form in (one, f"https://doi.org/{one}")
    )
    said = " OR ".join(f'"{_SPECIAL.sub(lambda sign: chr(92) + sign[0], one)}"' for one in forms)
    query = f"relatedIdentifiers.relatedIdentifier:({said})"
    return f"dois?{urlencode({'query': query, 'page[size]': PAGE_SIZE, 'page[cursor]': 1})}"


def _pages(service: Service, address: str) -> Iterator[dict[str, Any]]:
    """Yield the items of every page; the address of the next one must be of the same service."""
    for _ in range(MOST_PAGES):
        document = service.ask("GET", address).expect(200).json()
        items = document.get("data") if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise OutsideFailed(
                "the answer is not what DataCite gives",
                where=urljoin(service.base, address.partition("?")[0]),
                hint="is the address of the service right?",
            )
        yield from (one for one in items if isinstance(one, dict))
        links = document.get("links")
        following = links.get("next") if isinstance(links, dict) else None
        if not items or not isinstance(following, str) or not _belongs(following, service.base):
            return
        address = following


def _belongs(address: str, base: str) -> bool:
    return urlsplit(urljoin(base, address)).netloc == urlsplit(base).netloc


def _of_record(record: dict[str, Any], doi: str) -> Reported | None:
    said = record.get("attributes")
    if not isinstance(said, dict):
        return None
    own = doi_in(_text(said.get("doi")) or _text(record.get("id")))
    related = [one for one in _dicts(said.get("relatedIdentifiers")) if _names(one, doi)]
    reviews = [one for one in related if one.get("relationType") == "Reviews"]
    by_running = any(
        _text(one.get("relationTypeInformation")).lower() == RE_EXECUTION for one in related
    ) or any(
        _text(one.get("subject")).lower() == RE_EXECUTION for one in _dicts(said.get("subjects"))
    )
    if own is None or own.lower() == doi.lower() or not related or not (reviews or by_running):
        return None
    verdict, compared, outputs = _verdict_in(said)
    return Reported(
        doi=own,
        title=next((_text(one.get("title")) for one in _dicts(said.get("titles"))), ""),
        creators=tuple(
            name for one in _dicts(said.get("creators"))[:10] if (name := _text(one.get("name")))
        ),
        date=_date_of(said),
        verdict=verdict,
        compared=compared,
        outputs=outputs,
        note="" if by_running else "a review; it does not say that anything was run",
    )


def _of_event(event: dict[str, Any], doi: str) -> Reported | None:
    """Return the reviewing side of an event: its subject, or of `is-reviewed-by` its object."""
    said = event.get("attributes")
    if not isinstance(said, dict) or said.get("relation-type-id") not in _RELATIONS:
        return None
    names = ("subj-id", "obj-id")
    if said["relation-type-id"] == "is-reviewed-by":
        names = ("obj-id", "subj-id")
    review, reviewed = (doi_in(_text(said.get(name))) for name in names)
    if review is None or reviewed is None or reviewed.lower() != doi.lower():
        return None
    return Reported(
        doi=review,
        date=_text(said.get("occurred-at")),
        note="known from an event; its record was not read",
    )


def _names(related: dict[str, Any], doi: str) -> bool:
    found = doi_in(_text(related.get("relatedIdentifier")))
    return found is not None and found.lower() == doi.lower()


def _verdict_in(said: dict[str, Any]) -> tuple[str | None, int | None, int | None]:
    """Return verdict, compared and recorded outputs from the sentence that our records hold."""
    for one in _dicts(said.get("descriptions")):
        told = _TOLD.search(_text(one.get("description")))
        if told:
            counts = [int(part.replace(",", "")) if part else 0 for part in told.groups()[1:]]
            return _VERDICTS[told[1].lower()], counts[0], counts[1]
    return None, None, None


def _date_of(said: dict[str, Any]) -> str:
    dates = {
        _text(one.get("dateType")): _text(one.get("date")) for one in _dicts(said.get("dates"))
    }
    year = said.get("publicationYear")
    return dates.get("Issued") or _text(said.get("registered")) or (str(year) if year else "")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return shown(value) if isinstance(value, str) else ""
