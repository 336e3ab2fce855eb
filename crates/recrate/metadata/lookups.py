"""What registries know of people, organisations and works; asked only when a person asks.

Whoever is asked is told what was typed and nothing else. Where a registry cannot be reached, is
slow or says odd things, the answer is empty with a note: a form works without it.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from recrate.metadata.common_identifiers import doi_of, issn_of
from recrate.metadata.fields import tables_of
from recrate.metadata.people import orcid_url, ror_url
from recrate.model.errors import RecrateError
from recrate.model.study import Organisation, Person
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings

Value = TypeVar("Value")

MOST_FOUND = 10
_LONGEST_QUESTION = 300
_LONGEST_TEXT = 500
_MOST_AUTHORS = 100
_ANSWER_LIMIT_BYTES = 4 << 20
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_SYNTAX = re.compile(r"[+\-&|!(){}\[\]^\"~*?:\\/<>=;,#%]")
"""What query languages of Solr and Elasticsearch would take for more than a word."""
_TAG = re.compile(r"<[^<>]{0,200}>")

NOT_ANSWERING = "the registry cannot be asked now; what you type is kept all the same"
NOTHING_FOUND = "the registry knows nothing of that name"
NO_DOI = "this is no DOI"
UNKNOWN_DOI = "no registry knows this DOI, or tells of it in a form that can be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupSettings:
    """Where registries are. Addresses end in `/`. `seconds`: waited for one answer, and no more.

    Sources: https://info.orcid.org/documentation/api-tutorials/api-tutorial-searching-the-orcid-registry,
    https://ror.readme.io/v2/docs/rest-api, https://citation.doi.org/docs.html
    """

    orcid: str = "https://pub.orcid.org/v3.0/"
    ror: str = "https://api.ror.org/v2/"
    doi: str = "https://doi.org/"
    web: WebSettings = field(default_factory=WebSettings)
    seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Value]):
    """What a registry told, best first. `note`: why there is nothing; empty where there is."""

    found: tuple[Value, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A paper, data set or program. `kind`: its type in CSL, such as `article-journal`.

    published: ISO date, or its beginning; container: the journal or book; issn: of the journal
    """

    doi: str
    title: str
    kind: str = ""
    creators: tuple[Person, ...] = ()
    published: str = ""
    container: str = ""
    publisher: str = ""
    issn: str = ""

    @property
    def url(self) -> str:
        """The DOI as an address."""
        return f"https://doi.org/{self.doi}"


def look_up_people(text: str, *, settings: LookupSettings) -> Found[Person]:
    """Return people of that name, or with that ORCID, from ORCID's public registry.

    The newest of their institutions is given as affiliation, by its name alone.
    """
    known = orcid_url(text)
    words = _words(text)
    if not words and known is None:
        return Found(note=NOTHING_FOUND)
    question = f"orcid:{known.rpartition('/')[2]}" if known else " AND ".join(words)
    address = f"expanded-search/?q={quote(question, safe='')}&rows={MOST_FOUND}"
    document = _asked(settings.orcid, address, "application/json", settings)
    if document is None:
        return Found(note=NOT_ANSWERING)
    return _found(_person(one) for one in tables_of(document.get("expanded-result")))


def look_up_organisations(text: str, *, settings: LookupSettings) -> Found[Organisation]:
    """Return organisations of that name or ROR, with their name in Japanese where ROR has one."""
    known = ror_url(text) if "ror.org" in text.lower() or text.strip().startswith("0") else None
    words = _words(text)
    if not words and known is None:
        return Found(note=NOTHING_FOUND)
    question = known.rpartition("/")[2] if known else " ".join(words)
    address = f"organizations?query={quote(question, safe='')}"
    if known:
        address = f"organizations/{question}"
    document = _asked(settings.ror, address, "application/json", settings)
    if document is None:
        return Found(note=NOT_ANSWERING)
    rows = [document] if known else list(tables_of(document.get("items")))
    return _found(_organisation(one) for one in rows)


def look_up_work(doi: str, *, settings: LookupSettings) -> Found[Work]:
    """Return the work that a DOI names, as its agency (Crossref, DataCite, JaLC, …) tells.

    It is asked of the resolver, which leads to the agency: one address for all of them.
    """
    bare = doi_of(doi)
    if bare is None:
        return Found(note=NO_DOI)
    wanted = "application/vnd.citationstyles.csl+json"
    document = _asked(settings.doi, quote(bare, safe="/"), wanted, settings)
    if document is None:
        return Found(note=NOT_ANSWERING)
    found = _found(iter([_work(document, bare)]))
    return found if found.found else Found(note=UNKNOWN_DOI)


def _words(text: str) -> list[str]:
    """Return the words of what was typed, without what a query language would read into it."""
    plain = _SYNTAX.sub(" ", _INVISIBLE.sub(" ", text[:_LONGEST_QUESTION]))
    return [word.lower() if word in {"AND", "OR", "NOT"} else word for word in plain.split()]


def _asked(
    base: str, address: str, accept: str, settings: LookupSettings
) -> Mapping[str, Any] | None:
    """Return the JSON object at an address, empty where nothing is there; None where none came."""
    service = Service(
        base=base,
        web=replace(settings.web, timeout_seconds=settings.seconds),
        headers={"Accept": accept},
        carried=frozenset({"Accept"}),
        tries=1,
    )

    def ask() -> Mapping[str, Any] | None:
        try:
            answer = service.ask("GET", address, limit_bytes=_ANSWER_LIMIT_BYTES)
            if answer.status in {400, 404, 406, 410}:
                return {}
            if answer.status != 200:
                return None
            if "json" not in answer.headers.get("content-type", ""):
                return {}
            document = answer.json()
        except RecrateError:
            return None
        return document if isinstance(document, dict) else {}

    return _within(settings.seconds, ask)


def _within(seconds: float, work: Callable[[], Value | None]) -> Value | None:
    """Return what `work` gives, None when it takes longer.

    A name that is looked up, or an answer that comes drop by drop, has no time limit of its own.
    """
    given: list[Value | None] = []
    thread = threading.Thread(target=lambda: given.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    return given[0] if given else None


def _found(values: Iterator[Value | None]) -> Found[Value]:
    kept = tuple(dict.fromkeys(one for one in values if one is not None))[:MOST_FOUND]
    return Found(found=kept, note="" if kept else NOTHING_FOUND)


def _text(value: object) -> str:
    """Return a stranger's text as one short line; of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    plain = _INVISIBLE.sub(" ", _TAG.sub("", value)) if isinstance(value, str) else ""
    plain = plain.encode("utf-8", "replace").decode("utf-8")
    return " ".join(plain.split())[:_LONGEST_TEXT]


def _person(one: Mapping[str, Any]) -> Person | None:
    """Return a row of ORCID's expanded search."""
    identifier = orcid_url(_text(one.get("orcid-id")))
    given, family = _text(one.get("given-names")), _text(one.get("family-names"))
    name = _text(one.get("credit-name")) or f"{given} {family}".strip()
    if identifier is None or not name:
        return None
    places = one.get("institution-name")
    place = _text(places[-1]) if isinstance(places, list) and places else ""
    others = one.get("other-name")
    other = next((text for text in map(_text, others) if _is_other(text, name)), "") \
        if isinstance(others, list) else ""  # fmt: skip
    return Person(
        name=name,
        given_name=given or None,
        family_name=family or None,
        identifier=identifier,
        affiliation=Organisation(name=place) if place else None,
        alternate_name=other or None,
    )


def _is_other(text: str, name: str) -> bool:
    """Say whether a name is in another script: then it is worth a field of its own."""
    return bool(text) and text.isascii() != name.isascii()


def _organisation(one: Mapping[str, Any]) -> Organisation | None:
    """Return an organisation as version 2 of ROR's schema has it."""
    identifier = ror_url(_text(one.get("id")))
    if identifier is None or one.get("status") in {"withdrawn", "inactive"}:
        return None
    names = list(tables_of(one.get("names")))
    shown = next((_text(n.get("value")) for n in names if "ror_display" in _types(n)), "")
    japanese = next(
        (_text(n.get("value")) for n in names if n.get("lang") == "ja" and "label" in _types(n)), ""
    )
    if not shown:
        return None
    other = japanese if japanese != shown else ""
    return Organisation(name=shown, identifier=identifier, alternate_name=other or None)


def _types(name: Mapping[str, Any]) -> list[Any]:
    types = name.get("types")
    return types if isinstance(types, list) else []


def _work(document: Mapping[str, Any], doi: str) -> Work | None:
    """Return a work from CSL-JSON, as any agency writes it."""
    title = _text(document.get("title"))
    if not title:
        return None
    numbers = document.get("ISSN")
    issns = (issn_of(_text(n)) for n in (numbers if isinstance(numbers, list) else [numbers]))
    authors = list(tables_of(document.get("author")))[:_MOST_AUTHORS]
    people = (_author(one) for one in authors)
    return Work(
        doi=doi,
        title=title,
        kind=_text(document.get("type")),
        creators=tuple(one for one in people if one is not None),
        published=_date(document.get("issued")),
        container=_text(document.get("container-title")),
        publisher=_text(document.get("publisher")),
        issn=next((one for one in issns if one), ""),
    )


def _author(one: Mapping[str, Any]) -> Person | None:
    given, family = _text(one.get("given")), _text(one.get("family"))
    name = f"{given} {family}".strip() or _text(one.get("literal")) or _text(one.get("name"))
    if not name:
        return None
    written = _text(one.get("ORCID"))
    return Person(
        name=name,
        given_name=given or None,
        family_name=family or None,
        identifier=orcid_url(written) if written else None,
    )


def _date(issued: object) -> str:
    """Return a date of CSL: `{"date-parts": [[2024, 5, 6]]}`, numbers or digits, or nothing."""
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [str(one) for one in first[:3]] if isinstance(first, list) else []
    if not numbers or any(not re.fullmatch(r"\d{1,4}", one, re.ASCII) for one in numbers):
        return ""
    return "-".join([numbers[0].zfill(4), *(one.zfill(2) for one in numbers[1:])])
