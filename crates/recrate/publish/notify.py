"""Tell a repository of a verdict on a record of its own, by COAR Notify 1.0.1.

A notification is a JSON-LD activity, posted to the inbox that the record names. What is said here:

    Announce Review         object: the verdict's record; context: the crate's record
    Announce Relationship   object: a triple, verdict → relation → crate; context: the same

Source: https://coar-notify.net/specification/1.0.1/announce-review/,
https://coar-notify.net/specification/1.0.1/announce-relationship/, and for the inbox
https://www.w3.org/TR/ldn/#discovery and https://www.w3.org/TR/ldn/#sender
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from recrate.model.errors import BadInput
from recrate.model.record import LinkRelation
from recrate.model.secret import Secret
from recrate.outside.answers import Answer
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings

CONTEXTS = ("https://www.w3.org/ns/activitystreams", "https://coar-notify.net")
MEDIA_TYPE = "application/ld+json"
INBOX = "http://www.w3.org/ns/ldp#inbox"
PAGE_LIMIT_BYTES = 8 << 20
_ACTORS = frozenset({"Application", "Group", "Organization", "Person", "Service"})
_MARK = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_RELATIONS = {
    LinkRelation.REVIEWS: "http://purl.org/spar/cito/reviews",
    LinkRelation.CITES: "http://purl.org/spar/cito/cites",
    LinkRelation.REFERENCES: "http://purl.org/spar/cito/cites",
    LinkRelation.IS_SUPPLEMENT_TO: "http://purl.org/vocab/frbr/core#supplementOf",
    LinkRelation.IS_SUPPLEMENTED_BY: "http://purl.org/vocab/frbr/core#supplement",
    LinkRelation.IS_DERIVED_FROM: "http://www.w3.org/ns/prov#wasDerivedFrom",
    LinkRelation.IS_VERSION_OF: "http://purl.org/dc/terms/isVersionOf",
    LinkRelation.HAS_PART: "http://purl.org/dc/terms/hasPart",
    LinkRelation.IS_PART_OF: "http://purl.org/dc/terms/isPartOf",
    LinkRelation.REQUIRES: "http://purl.org/dc/terms/requires",
}
"""DataCite's relations as URIs: CiTO, FRBR core, PROV and Dublin Core have words for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sends, acts or receives. `identifier`: a URI, of a system an http(s) one.

    kind:  an actor type of Activity Streams 2.0
    inbox: where it takes answers; a target must have one, an origin should
    """

    identifier: str
    name: str
    kind: str = "Service"
    inbox: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A record. `url`: its landing page; `cite_as`: its DOI as an address; `file_url`: its zip."""

    url: str
    cite_as: str | None = None
    file_url: str | None = None
    media_type: str = "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """From whom to whom a notification goes, and as what.

    mark:    `urn:uuid:…`, the same each time that this notification is sent
    summary: one sentence for people: the verdict with its coverage
    """

    mark: str
    origin: Party
    target: Party
    actor: Party
    summary: str = ""


def review_announced(notice: Notice, *, review: Resource, reviewed: Resource) -> dict[str, Any]:
    """Return the payload of Announce Review: that `review`, our verdict, is of `reviewed`.

    Raises BadInput for addresses and types that the specification does not allow.
    """
    return {
        **_envelope(notice, "coar-notify:ReviewAction"),
        "object": _resource(review, "sorg:Review"),
        "context": _resource(reviewed, "sorg:AboutPage"),
    }


def relation_announced(
    notice: Notice,
    *,
    relation_mark: str,
    subject: Resource,
    relation: LinkRelation,
    related: Resource,
) -> dict[str, Any]:
    """Return the payload of Announce Relationship: `subject`, ours, has a relation to `related`.

    relation_mark: `urn:uuid:…` of the relationship itself
    The context's id and the triple's object are the same, as the specification wants it. Raises
    BadInput for a relation that has no URI, and as `review_announced` does.
    """
    if relation not in _RELATIONS:
        raise BadInput(
            f"the relation {relation.value} cannot be announced",
            where="announcement",
            hint="use one of: " + ", ".join(one.value for one in _RELATIONS),
        )
    return {
        **_envelope(notice, "coar-notify:RelationshipAction"),
        "object": {
            "id": _marked(relation_mark),
            "type": "Relationship",
            "as:subject": _web(subject.url),
            "as:relationship": _RELATIONS[relation],
            "as:object": _web(related.url),
        },
        "context": _resource(related, "sorg:AboutPage"),
    }


def _envelope(notice: Notice, kind: str) -> dict[str, Any]:
    if notice.target.inbox is None:
        raise BadInput(
            "the receiver has no inbox", where=notice.target.identifier, hint="find it first"
        )
    said = {
        "@context": list(CONTEXTS),
        "id": _marked(notice.mark),
        "type": ["Announce", kind],
        "origin": _system(notice.origin),
        "target": _system(notice.target),
        "actor": _actor(notice.actor),
    }
    return said | ({"summary": notice.summary} if notice.summary else {})


def _system(party: Party) -> dict[str, Any]:
    said = {"id": _web(party.identifier), "type": "Service"}
    return said | ({"inbox": _web(party.inbox)} if party.inbox else {})


def _actor(party: Party) -> dict[str, Any]:
    """Return the actor; with a name, without which WEKO's inbox takes none."""
    if party.kind not in _ACTORS or not urlsplit(party.identifier).scheme:
        raise BadInput(
            "an actor has a URI and a type of Activity Streams",
            where=party.identifier,
            hint="types: " + ", ".join(sorted(_ACTORS)),
        )
    return {"id": party.identifier, "type": party.kind, "name": party.name or party.identifier}


def _resource(resource: Resource, kind: str) -> dict[str, Any]:
    said: dict[str, Any] = {"id": _web(resource.url), "type": ["Page", kind]}
    if resource.cite_as:
        said["ietf:cite-as"] = _web(resource.cite_as)
    if resource.file_url:
        said["ietf:item"] = {
            "id": _web(resource.file_url),
            "type": ["Object", "sorg:Dataset"],
            "mediaType": resource.media_type,
        }
    return said


def _web(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput("no web address", where=address, hint="a published record has one")
    return address


def _marked(mark: str) -> str:
    if not _MARK.fullmatch(mark):
        raise BadInput("no urn:uuid", where=mark, hint="give urn:uuid: and a UUID in small letters")
    return mark


def system_of(address: str) -> str:
    """Return the address of the system that an address is of: its origin."""
    parts = urlsplit(_web(address))
    return f"{parts.scheme}://{parts.netloc}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInbox:
    """An inbox, and the landing page that named it: where a DOI led to."""

    inbox: str
    page: str


def discover_inbox(url: str, *, web: WebSettings) -> str | None:
    """Return the inbox that a record, or whatever a DOI leads to, names; None where it names none.

    Raises as `find_inbox` does.
    """
    found = find_inbox(url, web=web)
    return found.inbox if found else None


def find_inbox(url: str, *, web: WebSettings) -> FoundInbox | None:
    """Return the inbox that a record names, with the landing page, which is a context's id.

    The Link header is asked first, then the page's own `<link>` and JSON-LD. Raises what the web
    raises: OutsideFailed, NotFound, Refused for private addresses.
    """
    service = Service(base=url, web=web, headers={"Accept": "text/html, application/ld+json;q=0.9"})
    answer = service.ask("GET", url, limit_bytes=PAGE_LIMIT_BYTES).expect(200)
    for found in _named_inboxes(answer):
        address = _joined(answer.url, found)
        if address is not None:
            return FoundInbox(inbox=address, page=answer.url)
    return None


def _joined(page: str, found: str) -> str | None:
    """Return an address that a page names, None where it is none of the web."""
    try:
        address = urljoin(page, found.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.hostname else None


def _named_inboxes(answer: Answer) -> Iterator[str]:
    yield from linked(answer.headers.get("link", ""), INBOX)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"}:
        reader = _Links()
        reader.feed(answer.content.decode("utf-8", "replace"))
        yield from reader.found
    elif kind in {MEDIA_TYPE, "application/json", "application/activity+json"}:
        yield from _inbox_in(answer.content)


_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)')
_PARAMETER = re.compile(r';\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"([^"]*)"|([^\s",;]+))')


def linked(header: str, relation: str) -> Iterator[str]:
    """Yield the targets of a Link header that have a relation, as written. Source: RFC 8288."""
    for target, parameters in _LINK.findall(header[:65_536]):
        named = [
            quoted or bare
            for name, quoted, bare in _PARAMETER.findall(parameters)
            if name.lower() == "rel"
        ]
        if named and relation in named[0].split():
            yield target


class _Links(HTMLParser):
    """Collects what a page's `link` and `a` elements name as the inbox."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        said = dict(attrs)
        if tag in {"link", "a"} and INBOX in (said.get("rel") or "").split() and said.get("href"):
            self.found.append(said["href"] or "")


def _inbox_in(content: bytes) -> Iterator[str]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return
    for one in said if isinstance(said, list) else [said]:
        for name in ("inbox", "ldp:inbox", INBOX):
            value = one.get(name) if isinstance(one, dict) else None
            first = value[0] if isinstance(value, list) and value else value
            target = first.get("@id", first.get("id")) if isinstance(first, dict) else first
            if isinstance(target, str):
                yield target


def announce(
    payload: dict[str, Any], inbox: str, *, web: WebSettings, secret: Secret | None = None
) -> str | None:
    """Post a notification, and return where the receiver keeps it, where it says so.

    201 and 202 are what a receiver answers; 409 means that it has this notification already. Raises
    AnswerLost where it is not known whether it arrived: sent again under its own id, it is the same
    notification. Other errors as `Answer.expect` says.
    """
    service = Service(base=inbox, web=web, secret=secret)
    body = json.dumps(payload, ensure_ascii=False).encode()
    answer = service.ask("POST", inbox, body=body, headers={"Content-Type": MEDIA_TYPE})
    place = answer.expect(201, 202, 409).headers.get("location")
    return urljoin(answer.url, place) if place else None
