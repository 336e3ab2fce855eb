"""Typed links: in HTTP headers, in a page's head, and in a link set.

Sources: RFC 8288 (Web Linking), RFC 9264 (Linkset), https://signposting.org/FAIR/
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from recrate.locate.written import web_url

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_BETWEEN = re.compile(r"[\s,]*")
_TARGET = re.compile(r"<([^<>]*)>\s*")
_PARAMETER = re.compile(rf';\s*(?:({_NAME})\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?\s*)?')
_SKIPPED = re.compile(r"[^,]*")
HEADER_LIMIT_CHARACTERS = 256 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of one page: its relation, where it leads, and what it says of that."""

    relation: str
    url: str
    media_type: str = ""
    profile: str = ""
    title: str = ""


def links_in_header(header: str, page: str, *, limit: int) -> tuple[Link, ...]:
    """Return the links that a `Link` header states of `page`, one for each relation.

    Links with another anchor than the page, and those that lead to no http(s) address, are left
    out; what cannot be read is skipped up to the next comma.
    """
    return tuple(islice(_parsed(header[:HEADER_LIMIT_CHARACTERS], page), limit))


def links_in_set(content: bytes, media_type: str, page: str, *, limit: int) -> tuple[Link, ...]:
    """Return the links that a link set states of `page`, in either of its two forms."""
    if media_type == "application/linkset":
        text = content.decode("utf-8", "replace").replace("\n", " ").replace("\r", " ")
        return links_in_header(text, page, limit=limit)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    contexts = document.get("linkset") if isinstance(document, dict) else None
    found = (
        link
        for context in (contexts if isinstance(contexts, list) else [])
        if isinstance(context, dict) and _is_of(context.get("anchor"), page)
        for link in _of_context(context, page)
    )
    return tuple(islice(found, limit))


def make_links(relations: str, target: str, said: Mapping[str, str], page: str) -> Iterator[Link]:
    """Yield a link for each relation that is named, unless it leads to no http(s) address."""
    url = _joined(page, target)
    for relation in relations.lower().split()[:20] if url else ():
        yield Link(
            relation=relation,
            url=url or "",
            media_type=said.get("type", "").partition(";")[0].strip().lower(),
            profile=said.get("profile", "") or _profile_in(said.get("type", "")),
            title=said.get("title", ""),
        )


def of_relation(links: Iterable[Link], relation: str) -> tuple[Link, ...]:
    """Return the links of one relation, each address once."""
    return tuple({one.url: one for one in links if one.relation == relation}.values())


def _parsed(header: str, page: str) -> Iterator[Link]:
    place = 0
    while place < len(header):
        place = _end(_BETWEEN, header, place)
        target = _TARGET.match(header, place)
        if target is None:
            place = _end(_SKIPPED, header, place) + 1
            continue
        place, said = _parameters(header, target.end())
        if "rel" in said and _is_of(said.get("anchor"), page):
            yield from make_links(said["rel"], target[1], said, page)


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _parameters(header: str, place: int) -> tuple[int, dict[str, str]]:
    """Return where the parameters end, and the first value of each. Source: RFC 8288, 3."""
    said: dict[str, str] = {}
    while (found := _PARAMETER.match(header, place)) is not None:
        place = found.end()
        if found[1]:
            value = found[2] or ""
            if value.startswith('"'):
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            said.setdefault(found[1].lower(), value)
    return place, said


def _is_of(anchor: object, page: str) -> bool:
    if anchor is None or anchor == "":
        return True
    return isinstance(anchor, str) and _joined(page, anchor) == web_url(page)


def _of_context(context: dict[str, Any], page: str) -> Iterator[Link]:
    for relation, targets in context.items():
        for target in targets if isinstance(targets, list) else []:
            href = target.get("href") if isinstance(target, dict) else None
            if isinstance(href, str):
                said = {name: _first(value) for name, value in target.items()}
                yield from make_links(relation, href, said, page)


def _first(value: Any) -> str:
    one = value[0] if isinstance(value, list) and value else value
    return one if isinstance(one, str) else ""


def _profile_in(media_type: str) -> str:
    found = re.search(r';\s*profile="?([^";]*)', media_type, re.IGNORECASE)
    return found[1] if found else ""


def _joined(page: str, target: str) -> str | None:
    try:
        return web_url(urljoin(page, target.strip()))
    except ValueError:
        return None
