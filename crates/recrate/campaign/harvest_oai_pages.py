"""A page of OAI-PMH 2.0: its errors, its records, and where the next one is.

Metadata are found by local names: WEKO's records mix the namespaces of JPCOAR 1.0 and 2.0.
Source: http://www.openarchives.org/OAI/openarchivesprotocol.html; it is UTF-8 always (3.2).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from recrate.campaign.harvest import names_crate
from recrate.campaign.lists_places import doi_address, web_address
from recrate.campaign.lists_rows import tidy, year_in
from recrate.model.campaign import Entry

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""No XML may hold these; repositories that copy from old catalogues send them all the same."""
_DOI_NAMES = ("identifier", "identifierRegistration", "selfDOI", "doi")
_YEAR_NAMES = ("publicationYear", "dateofissued", "issued", "date")
_HANDLES = "hdl.handle.net"


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiRecord:
    """A record. `identifier`: the repository's own, `oai:…`; `entry`: None for none of ours.

    placed: it says where it is
    """

    identifier: str
    entry: Entry | None = None
    placed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiPage:
    """An answer. `errors`: code and message; `token`: of the next page, empty at the end.

    prefixes: what it says of formats, where formats were asked for
    """

    errors: tuple[tuple[str, str], ...] = ()
    records: tuple[OaiRecord, ...] = ()
    token: str = ""
    prefixes: tuple[str, ...] = ()


def read_page(content: bytes, *, group: str = "") -> OaiPage | None:
    """Return what a page says; None for what is no OAI-PMH. Entities and DTDs are refused.

    group: of records that name no journal
    """
    root = _read_xml(content)
    if root is None or _name(root) != "OAI-PMH":
        return None
    errors = ((one.get("code", ""), tidy(one.text or "")) for one in _named(root, "error"))
    listing = next(iter(_named(root, "ListRecords")), None)
    formats = next(iter(_named(root, "ListMetadataFormats")), None)
    shown = () if formats is None else _named(formats, "metadataFormat")
    return OaiPage(
        errors=tuple(errors),
        records=()
        if listing is None
        else tuple(
            found for one in _named(listing, "record") if (found := _record(one, group)) is not None
        ),
        token="" if listing is None else _first(listing, "resumptionToken"),
        prefixes=tuple(_first(one, "metadataPrefix") for one in shown),
    )


def _record(record: etree._Element, group: str) -> OaiRecord | None:
    """Return a record; None for one that was deleted (2.5.1)."""
    header = next(iter(_named(record, "header")), None)
    if header is None or header.get("status") == "deleted":
        return None
    identifier = _first(header, "identifier")
    told = _metadata(record)
    if told is None:
        return OaiRecord(identifier=identifier, placed=False)
    where = _where(told)
    if where is None:
        return OaiRecord(identifier=identifier, placed=False)
    files = [_last(_first(one, "URI")) for one in _named(told, "file")]
    if files and not names_crate(files):
        return OaiRecord(identifier=identifier)
    titles = next(iter(_named(told, "titles")), told)
    entry = Entry(
        where=where,
        title=tidy(_first(titles, "title")),
        year=_year(told),
        group=tidy(_first(told, "sourceTitle") or group),
    )
    return OaiRecord(identifier=identifier, entry=entry)


def _metadata(record: etree._Element) -> etree._Element | None:
    """Return the element whose children are the metadata; DataCite's may lie in a parcel."""
    holder = next(iter(_named(record, "metadata")), None)
    told = None if holder is None else next(_elements(holder), None)
    if told is not None and _name(told) == "oai_datacite":
        return next((one for one in told.iter() if _name(one) == "resource"), None)
    return told


def _where(told: etree._Element) -> str | None:
    """Return where a record is: its DOI, else its page, else its handle."""
    said = [(one, (one.text or "").strip()) for name in _DOI_NAMES for one in _named(told, name)]
    for one, text in said:
        kind = (one.get("identifierType") or "").upper()
        if kind not in {"HDL", "URI"} and (doi := doi_address(text)):
            return doi
    said += [(one, (one.text or "").strip()) for one in _named(told, "URI")]
    pages = [found for _, text in said if (found := web_address(text))]
    dois = [found for one in pages if (found := doi_address(one))]
    pages.sort(key=lambda one: _HANDLES in one)
    return next(iter([*dois, *pages]), None)


def _year(told: etree._Element) -> int | None:
    dated = _named(told, "date")
    issued = [one for one in dated if one.get("dateType") == "Issued"]
    plain = [one for name in _YEAR_NAMES for one in _named(told, name) if not one.get("dateType")]
    years = (year_in(one.text) for one in (*issued, *plain))
    return next((one for one in years if one is not None), None)


def _last(url: str) -> str:
    """Return the last part of an address, without what is asked of it."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


def _named(parent: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in _elements(parent) if _name(one) == name]


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    children: Iterable[etree._Element] = parent
    return (one for one in children if isinstance(one.tag, str))


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _first(parent: etree._Element, name: str) -> str:
    return next((text for one in _named(parent, name) if (text := (one.text or "").strip())), "")


def _read_xml(content: bytes) -> etree._Element | None:
    clean = _CONTROLS.sub(b"", content)
    if b"<!DOCTYPE" in clean or b"<!ENTITY" in clean:
        return None
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(clean, parser)
    except (etree.LxmlError, ValueError):
        return None
