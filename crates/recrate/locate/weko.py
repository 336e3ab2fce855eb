"""Record pages of JAIRO Cloud (WEKO3).

A page says its files as schema.org metadata where the record is a dataset with a description of
fifty characters, and then names files of another project beside them; every record can be exported
in JPCOAR, and every page links to its files.
"""

import re
from urllib.parse import urlsplit

from lxml import etree

from recrate.locate.asking import Asker, unless_denied
from recrate.locate.pages import Page, urljoin_safely
from recrate.locate.signposted import by_embedded
from recrate.locate.told import Told, doi_from, kind_of
from recrate.locate.whereabouts import Candidate
from recrate.locate.written import name_in

EXPORTS = ("jpcoar_2.0", "jpcoar_1.0")
_RECORD = re.compile(r"(?P<base>.*/)records?/(?P<id>\d{1,18}(?:\.\d{1,6})?)/?$")


def by_weko(asker: Asker, page: Page, url: str) -> Told | None:
    """Return what a record page tells of its files; None where it is no such page.

    Only files of this very record count.
    """
    parts = urlsplit(url)
    found = _RECORD.fullmatch(parts.path)
    if found is None:
        return None
    number = found["id"].partition(".")[0]
    here = re.escape(f"{parts.scheme}://{parts.netloc}{found['base']}")
    own = re.compile(rf"{here}records?/{number}(\.\d+)?/files/[^/?#]+")
    limit = asker.settings.links_limit
    for told in (
        by_embedded(page, url, limit=limit),
        *(_exported(asker, f"{url.rstrip('/')}/export/{form}") for form in EXPORTS),
    ):
        files = tuple(one for one in told.candidates if own.match(one.url))
        if files:
            return Told(
                candidates=files,
                doi=told.doi,
                title=told.title,
                version=told.version,
                record_url=url,
            )
    linked = dict.fromkeys(one.partition("?")[0] for one in page.hrefs if own.match(one))
    files = tuple(_candidate(one) for one in list(linked)[:limit])
    return Told(candidates=files, record_url=url) if files else None


def _exported(asker: Asker, address: str) -> Told:
    """Return what a record's JPCOAR metadata tell."""
    with unless_denied():
        seen = asker.look(address, accept="application/xml, text/xml, text/plain")
        root = _read_xml(seen.content) if seen.whole else None
        if root is not None:
            return _jpcoar(root, seen.url)
    return Told()


def _jpcoar(root: etree._Element, base: str) -> Told:
    files = []
    for one in root.iterfind(".//{*}file"):
        written = (one.findtext("{*}URI") or "").strip()
        url = urljoin_safely(base, written) if written else None
        if url is not None:
            files.append(_candidate(url, (one.findtext("{*}mimeType") or "").strip()))
    dois = (doi_from(one.text) for one in root.iterfind(".//{*}identifier"))
    return Told(
        candidates=tuple(files),
        doi=next((one for one in dois if one), None),
        title=(root.findtext(".//{*}title") or "").strip() or None,
        version=(root.findtext(".//{*}version") or "").strip() or None,
    )


def _candidate(url: str, media_type: str = "") -> Candidate:
    name = name_in(url)
    return Candidate(url=url, name=name, kind=kind_of(name, media_type))


def _read_xml(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError):
        return None
    return root
