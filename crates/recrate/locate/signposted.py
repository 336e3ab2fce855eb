"""What a page tells by Signposting and by the metadata that are embedded in it.

Source: https://signposting.org/FAIR/; RO-Crate 1.2, Retrieving an RO-Crate.
"""

from typing import Any

from recrate.locate.asking import Asker, at, listed, size_in, text_in, unless_missing
from recrate.locate.links import Link, links_in_header, links_in_set, of_relation
from recrate.locate.pages import Page, read_page, urljoin_safely
from recrate.locate.told import Told, checksum_of, doi_from, is_crate, kind_of, together
from recrate.locate.whereabouts import Candidate, FileKind
from recrate.locate.written import name_in
from recrate.outside.web import Seen

LINKSETS_LIMIT = 2
_SETS = ("application/linkset+json", "application/linkset")


def page_of(seen: Seen, limit: int) -> Page:
    """Read what was seen as a page; empty where it is none."""
    if "html" not in seen.media_type or not seen.whole:
        return Page()
    said = seen.headers.get("content-type", "").lower().partition("charset=")[2]
    charset = said.partition(";")[0].strip("\"' ")
    return read_page(seen.content, seen.url, charset=charset, limit=limit)


def by_signposting(asker: Asker, seen: Seen, page: Page) -> Told:
    """Return what the typed links of a page tell, those of its link sets among them."""
    limit = asker.settings.links_limit
    links = (*links_in_header(seen.headers.get("link", ""), seen.url, limit=limit), *page.links)
    for one in of_relation(links, "linkset")[:LINKSETS_LIMIT]:
        with unless_missing():
            listed_there = asker.look(one.url, accept=one.media_type or ", ".join(_SETS))
            kind = listed_there.media_type
            content = listed_there.content if listed_there.whole else b""
            links += links_in_set(content, kind, seen.url, limit=limit)
    return _told(links[:limit], page)


def by_embedded(page: Page, base: str, *, limit: int) -> Told:
    """Return what the schema.org metadata in a page tell: `distribution` with its `contentUrl`."""
    told = Told()
    for document in page.documents:
        files = [
            found
            for one in listed(document.get("distribution"))[:limit]
            if (found := _distributed(one, base)) is not None
        ]
        if files:
            told = together(
                told,
                Told(
                    candidates=tuple(files),
                    title=text_in(document, "name"),
                    version=text_in(document, "version"),
                    doi=_doi_in(document),
                ),
            )
    return told


def _told(links: tuple[Link, ...], page: Page) -> Told:
    items = [_candidate(one) for one in of_relation(links, "item")]
    described = [
        one
        for one in map(_candidate, of_relation(links, "describedby"))
        if one.kind is FileKind.METADATA
    ]
    cited = (doi_from(one.url) for one in of_relation(links, "cite-as"))
    known = {one.url for one in items}
    return Told(
        candidates=(*items, *(one for one in described if one.url not in known)),
        doi=next((one for one in cited if one), None),
        title=page.title or None,
    )


def _candidate(link: Link) -> Candidate:
    name = name_in(link.url)
    return Candidate(
        url=link.url,
        name=name,
        kind=kind_of(name, link.media_type, link.profile),
        is_crate=is_crate(link.profile),
    )


def _distributed(said: Any, base: str) -> Candidate | None:
    url = urljoin_safely(base, text_in(said, "contentUrl") or "")
    if url is None or text_in(said, "contentUrl") is None:
        return None
    name = name_in(url)
    path = text_in(said, "name") or ""
    return Candidate(
        url=url,
        name=path if path.endswith(f"/{name}") else name,
        kind=kind_of(name, (text_in(said, "encodingFormat") or "").lower()),
        size_bytes=size_in(said, "contentSize"),
        checksum=checksum_of("sha256", at(said, "sha256")) or checksum_of("md5", at(said, "md5")),
    )


def _doi_in(document: dict[str, Any]) -> str | None:
    said = [document.get("@id"), *listed(document.get("identifier"))]
    for one in said:
        text = text_in(one, "value") or text_in(one, "@id") if isinstance(one, dict) else one
        found = doi_from(text) if isinstance(text, str) else None
        if found:
            return found
    return None
