"""A landing page as a stranger wrote it: its links, its embedded metadata, nothing run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from recrate.locate.links import Link, make_links
from recrate.locate.written import web_url

NODES_LIMIT = 200_000
_OF_INTEREST = ("link", "script", "title", "meta", "base", "a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read of a page.

    documents: embedded JSON-LD, each object of the top
    hrefs:     where its anchors lead, in order
    """

    title: str = ""
    links: tuple[Link, ...] = ()
    documents: tuple[dict[str, Any], ...] = ()
    hrefs: tuple[str, ...] = ()


def read_page(content: bytes, url: str, *, charset: str, limit: int) -> Page:
    """Read an HTML page; what is broken in it is passed over, nothing it names is fetched."""
    try:
        parser = html.HTMLParser(encoding=_known(charset), no_network=True, huge_tree=False)
        root = html.document_fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return Page()
    title, base = "", url
    links: list[Link] = []
    documents: list[dict[str, Any]] = []
    hrefs: list[str] = []
    for count, node in enumerate(root.iter(*_OF_INTEREST)):
        if count > NODES_LIMIT:
            break
        if node.tag == "base" and base == url:
            base = urljoin_safely(url, node.get("href", "")) or url
        elif node.tag == "title" and not title:
            title = " ".join((node.text or "").split())[:300]
        elif node.tag == "link" and node.get("rel") and len(links) < limit:
            said = {name: node.get(name, "") for name in ("type", "title", "profile")}
            links += make_links(node.get("rel") or "", node.get("href", ""), said, base)
        elif node.tag == "script" and "ld+json" in (node.get("type") or "").lower():
            documents += objects_in(node.text or "")
        elif node.tag == "a" and len(hrefs) < limit:
            target = urljoin_safely(base, node.get("href", ""))
            hrefs += [target] if target else []
    return Page(
        title=title, links=tuple(links[:limit]), documents=tuple(documents), hrefs=tuple(hrefs)
    )


def objects_in(text: str) -> list[dict[str, Any]]:
    """Return the JSON objects at the top of a JSON-LD document, those of its graph among them."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [one for one in _unfolded(whole) if isinstance(one, dict)][:1000]


def _unfolded(value: Any) -> Iterator[Any]:
    for one in value if isinstance(value, list) else [value]:
        yield one
        graph = one.get("@graph") if isinstance(one, dict) else None
        yield from graph if isinstance(graph, list) else ()


def urljoin_safely(base: str, target: str) -> str | None:
    """Return an http(s) address without fragment, None for anything else."""
    try:
        return web_url(urljoin(base, target.strip()))
    except ValueError:
        return None


def _known(charset: str) -> str | None:
    try:
        "".encode(charset)
    except LookupError:
        return None
    return charset
