"""What DataCite knows of a DOI: where it leads, and where its content lies.

Source: https://support.datacite.org/docs/api-get-doi
"""

from typing import Any
from urllib.parse import quote

from recrate.locate.asking import Asker, at, listed, text_in
from recrate.locate.told import Told, kind_of
from recrate.locate.whereabouts import Candidate
from recrate.locate.written import name_in, web_url

NEGOTIATED = "application/vnd.datacite.datacite+json"


def by_datacite(asker: Asker, doi: str) -> Told | None:
    """Return what DataCite tells of a DOI, by its API, else by asking the resolver for metadata.

    None where it knows none; `record_url` is where the DOI leads.
    """
    quoted = quote(doi, safe="/")
    answer = asker.json(
        f"{asker.settings.datacite_api}dois/{quoted}", accept="application/vnd.api+json"
    )
    said = at(answer, "data", "attributes")
    if not isinstance(said, dict):
        said = asker.json(f"{asker.settings.doi_resolver}{quoted}", accept=NEGOTIATED)
    if not isinstance(said, dict) or text_in(said, "url") is None:
        return None
    return Told(
        candidates=tuple(_contents(said))[: asker.settings.links_limit],
        record_url=web_url(text_in(said, "url") or ""),
        title=next(
            (found for one in listed(said.get("titles")) if (found := text_in(one, "title"))), None
        ),
        version=text_in(said, "version"),
    )


def _contents(said: dict[str, Any]) -> list[Candidate]:
    urls = [
        url
        for one in listed(said.get("contentUrl"))
        if isinstance(one, str) and (url := web_url(one)) is not None
    ]
    return [Candidate(url=one, name=name_in(one), kind=kind_of(name_in(one))) for one in urls]
