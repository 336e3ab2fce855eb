"""Records of InvenioRDM and Zenodo, by their own API.

Source: https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/; Zenodo answers with a
list of files in the record where InvenioRDM keeps them at an address of their own.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from recrate.locate.asking import Asker, at, size_in, text_in
from recrate.locate.pages import urljoin_safely
from recrate.locate.told import Told, checksum_of, doi_from, kind_of
from recrate.locate.whereabouts import Candidate

_RECORD = re.compile(r"(?P<base>.*/)(?:api/)?records?/(?P<id>[A-Za-z0-9][A-Za-z0-9.-]{0,60})/?$")


def by_inveniordm(asker: Asker, url: str) -> Told | None:
    """Return what the record behind a page tells; None where the page is no such record's."""
    parts = urlsplit(url)
    found = _RECORD.fullmatch(parts.path)
    if found is None:
        return None
    api = f"{parts.scheme}://{parts.netloc}{found['base']}api/records/{found['id']}"
    record = asker.json(api)
    if text_in(record, "metadata", "title") is None or text_in(record, "links", "self") is None:
        return None
    return Told(
        candidates=tuple(_files(asker, record, api))[: asker.settings.links_limit],
        doi=doi_from(text_in(record, "pids", "doi", "identifier") or text_in(record, "doi")),
        record_url=urljoin_safely(api, text_in(record, "links", "self_html") or "") or url,
        title=text_in(record, "metadata", "title"),
        version=text_in(record, "metadata", "version"),
        notes=_notes(record),
    )


def _files(asker: Asker, record: Any, api: str) -> list[Candidate]:
    said = at(record, "files")
    entries = said if isinstance(said, list) else _entries(said)
    if not entries and (isinstance(said, dict) and said.get("enabled") is not False):
        entries = _entries(asker.json(f"{api}/files"))
    return [found for one in entries if (found := _candidate(one, api)) is not None]


def _entries(said: Any) -> list[Any]:
    entries = at(said, "entries")
    return list(entries.values()) if isinstance(entries, dict) else entries or []


def _candidate(said: Any, api: str) -> Candidate | None:
    name = text_in(said, "key")
    if name is None:
        return None
    link = text_in(said, "links", "content") or text_in(said, "links", "self") or ""
    if not link.endswith("/content"):
        link = f"{api}/files/{quote(name, safe='')}/content"
    url = urljoin_safely(api, link)
    if url is None:
        return None
    algorithm, _, value = (text_in(said, "checksum") or "").partition(":")
    return Candidate(
        url=url,
        name=name,
        kind=kind_of(name, text_in(said, "mimetype") or ""),
        size_bytes=size_in(said, "size"),
        checksum=checksum_of(algorithm, value),
    )


def _notes(record: Any) -> tuple[str, ...]:
    if text_in(record, "access", "files") != "restricted":
        return ()
    return ("the files of this record are restricted: ask the people it names for access",)
