"""The lists of a site for programs: the feed, all crates, and the versions of one record."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from recrate.publish.site_entry import SiteEntry
from recrate.publish.site_frame import SiteLook, atom_feed
from recrate.publish.site_pages import SUMMARY_CHARACTERS
from recrate.publish.site_text import doi_address, line
from recrate.publish.site_verdict import SiteVerdict
from recrate.publish.site_verdicts import KnownVerdict, Verdicts

FEED_ENTRIES = 100
FIRST_DAY = "1970-01-01"


def feed(entries: Sequence[SiteEntry], *, look: SiteLook) -> str:
    """Return the feed of the newest entries. `entries`: newest first.

    It has the same bytes whenever it is written from the same entries.
    """
    shown = entries[:FEED_ENTRIES]
    return atom_feed(
        {
            "feed_id": look.url or _urn("feed", look.title("en")),
            "site_title": look.title("en"),
            "updated": max((one.issued for one in shown if one.issued), default=FIRST_DAY),
            "url": look.url,
            "entries": [_entry(one, look) for one in shown],
        }
    )


def crates_json(
    records: Sequence[Sequence[SiteEntry]], *, look: SiteLook, verdicts: Verdicts
) -> str:
    """Return every version of every record, as JSON. `records`: the versions, newest first."""
    found = [
        {**_told(one, look, verdicts), "newest": one is versions[0]}
        for versions in records
        for one in versions
    ]
    return _json({"title": look.title("en"), "url": look.url, "crates": found})


def versions_json(versions: Sequence[SiteEntry], *, look: SiteLook, verdicts: Verdicts) -> str:
    """Return the versions of one record, newest first."""
    told = [_told(one, look, verdicts) for one in versions]
    return _json({"record": versions[0].slug, "newest": told[0]["record"], "versions": told})


def _told(entry: SiteEntry, look: SiteLook, verdicts: Verdicts) -> dict[str, Any]:
    base = _address(entry, look)
    return {
        "record": entry.record,
        "number": entry.number,
        "version": entry.version or None,
        "kind": entry.kind,
        "title": entry.titles[0][1],
        "identity": entry.identity,
        "doi": entry.doi,
        "url": base,
        "file": base + entry.crate_file if entry.crate_file else None,
        "sha256": entry.sha256 if entry.crate_file else None,
        "size": entry.size_bytes if entry.crate_file else None,
        "access": entry.access,
        "issued": entry.issued,
        "verdict": entry.verdict or None,
        "coverage": _coverage(entry.judged),
        "verdicts": [_known(one) for one in verdicts.of(entry)],
    }


def _coverage(judged: SiteVerdict | None) -> dict[str, int] | None:
    if judged is None:
        return None
    names = ("outputs", "compared", "held", "notebooks", "published")
    return {name: getattr(judged, name) for name in names}


def _known(known: KnownVerdict) -> dict[str, Any]:
    """Return a verdict on a crate; what only its own page tells is null where that is elsewhere."""
    return {
        "verdict": known.word or None,
        "url": known.link.target,
        "record": known.entry.record if known.entry is not None else None,
        "date": known.day or None,
        "coverage": _coverage(known.entry.judged) if known.entry is not None else None,
    }


def _address(entry: SiteEntry, look: SiteLook) -> str:
    return f"{look.url or ''}{entry.record}/"


def _entry(entry: SiteEntry, look: SiteLook) -> dict[str, Any]:
    base = _address(entry, look)
    texts = [text for _, text in entry.descriptions]
    return {
        "entry": entry,
        "id": doi_address(entry.doi) or (base if look.url else _urn(entry.mark, entry.identity)),
        "address": base,
        "file": base + entry.crate_file if entry.crate_file else None,
        "summary": line(texts[0], SUMMARY_CHARACTERS) if texts else "",
    }


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("recrate", *parts))).urn


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
