"""The records of a community of InvenioRDM or Zenodo, or of a search in it.

Sources: https://inveniordm.docs.cern.ch/reference/rest_api_communities/ and …/rest_api_search/; of
Zenodo: 25 records a page for whoever shows no token, 30 searches a minute, no more than 10,000
records of one search.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from recrate.campaign.harvest import Harvest, names_crate
from recrate.campaign.lists_places import Community, doi_address, joined
from recrate.campaign.lists_rows import tidy, year_in
from recrate.campaign.lists_settings import ListSettings
from recrate.model.campaign import Entry
from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.progress import Progress, silent
from recrate.outside.answers import Answer, shown

PAGE_RECORDS = 25
WINDOW_RECORDS = 10_000
"""A search shows no more than these: OpenSearch's `index.max_result_window`."""
_OLDEST_FIRST = ("sort", "oldest")
"""What is published while we read stands at the end then, and moves nothing."""


def community_entries(
    community: Community, *, settings: ListSettings, progress: Progress = silent
) -> Iterator[Entry]:
    """Yield the records that hold a crate; where the listing tells no files, all records.

    Raises BadInput when there is no such community, OutsideFailed when the listing breaks off or
    is cut short by the service, with how many records were had.
    """
    harvest = Harvest(settings=settings, progress=progress)
    try:
        yield from _entries(community, harvest)
    except RecrateError as error:
        raise harvest.broke_off(error) from error


def _entries(community: Community, harvest: Harvest) -> Iterator[Entry]:
    seen: set[str] = set()
    answer = _first(community.api, harvest)
    been = {answer.url}
    while True:
        page = _page(answer)
        for record in page["hits"]["hits"]:
            harvest.took(community.api)
            entry = entry_of(record, community=community.name, base=answer.url)
            if entry is not None and entry.where not in seen:
                seen.add(entry.where)
                yield entry
        following = _text(page, "links", "next")
        if not following:
            _check_whole(page["hits"].get("total"), harvest, answer.url)
            return
        url = _at_home(following, answer.url, community.api)
        if url in been:
            raise OutsideFailed(
                "leads from page to page in a circle",
                where=shown(url),
                hint="its listing is broken: tell the repository, or list the DOIs in a file",
            )
        been.add(url)
        answer = harvest.ask(url, accept="application/json").expect(200)


def _first(api: str, harvest: Harvest) -> Answer:
    parts = urlsplit(api)
    query = [*parse_qsl(parts.query), ("size", str(PAGE_RECORDS))]
    for extra in ((_OLDEST_FIRST,), ()):
        url = urlunsplit(parts._replace(query=urlencode([*query, *extra])))
        answer = harvest.ask(url, accept="application/json")
        if answer.status != 400:  # an order that it does not know is refused with 400
            break
    return answer.expect(200)


def _page(answer: Answer) -> dict[str, Any]:
    page = answer.json()
    hits = page.get("hits") if isinstance(page, dict) else None
    records = hits.get("hits") if isinstance(hits, dict) else None
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise OutsideFailed(
            "the answer lists no records",
            where=shown(answer.url),
            hint="is it an InvenioRDM? For others: oai:https://…",
        )
    return dict(page)


def _check_whole(total: object, harvest: Harvest, url: str) -> None:
    if harvest.had >= WINDOW_RECORDS or (isinstance(total, int) and total > harvest.had):
        raise OutsideFailed(
            "the service shows no more of them",
            where=shown(url),
            hint="list it in parts with q=…, or by OAI-PMH; of Zenodo:"
            " oai:https://zenodo.org/oai2d?set=user-COMMUNITY&metadataPrefix=oai_datacite",
        )


def _at_home(link: str, base: str, api: str) -> str:
    """Return a link at the host that was named: behind a proxy a service may not know its own."""
    url = joined(base, link)
    if url is None:
        raise OutsideFailed(
            "the next page has no address",
            where=shown(base),
            hint="its listing is broken: tell the repository, or list the DOIs in a file",
        )
    parts, home = urlsplit(url), urlsplit(api)
    return urlunsplit(parts._replace(scheme=home.scheme, netloc=home.netloc))


def entry_of(record: dict[str, Any], *, community: str, base: str) -> Entry | None:
    """Return the entry of a record as the API tells it; None where it holds no crate.

    community: of records that name no journal; base: address of the answer it stands in
    """
    names = _file_names(record.get("files"))
    where = _where(record, base)
    if where is None or (names is not None and not names_crate(names)):
        return None
    journal = _text(record, "metadata", "journal", "title") or _text(
        record, "custom_fields", "journal:journal", "title"
    )
    return Entry(
        where=where,
        title=tidy(_text(record, "metadata", "title")),
        year=year_in(_text(record, "metadata", "publication_date")),
        group=tidy(journal or community),
    )


def _where(record: dict[str, Any], base: str) -> str | None:
    doi = doi_address(_text(record, "pids", "doi", "identifier") or _text(record, "doi"))
    if doi is not None:
        return doi
    page = _text(record, "links", "self_html") or _text(record, "links", "html")
    if found := joined(base, page) if page else None:
        return found
    identifier = str(record.get("id", ""))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,60}", identifier):
        return None
    parts = urlsplit(base)
    root = parts.path.partition("api/")[0]
    return urlunsplit(parts._replace(path=f"{root}records/{identifier}", query=""))


def _file_names(said: object) -> list[str] | None:
    """Return the names of a record's files; None where the listing does not tell them.

    Zenodo lists files, InvenioRDM has them by name; of restricted ones both may say nothing.
    """
    if isinstance(said, dict):
        if said.get("enabled") is False:
            return []
        said = said.get("entries")
        said = list(said.values()) if isinstance(said, dict) else said
    if not isinstance(said, list) or not said:
        return None
    names = [one.get("key") or one.get("filename") for one in said if isinstance(one, dict)]
    return [name for name in names if isinstance(name, str)]


def _text(document: Any, *path: str) -> str:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document.strip() if isinstance(document, str) else ""
