"""What search engines read in a page: one document in schema.org's terms, true of the site now.

It was written for a folder in which the crate's files lie one by one, and before anybody related a
verdict to it; so the zip, the address and the reviews are put in whenever the page is written.
"""

import json
from collections.abc import Sequence
from typing import Any

from recrate.publish.site_entry import SiteEntry, is_replay
from recrate.publish.site_links import ZIP
from recrate.publish.site_verdicts import RE_EXECUTION, KnownVerdict

_OF_REVIEW = ("reviewAspect", "reviewBody", "text", "about", "creator")


def read_document(content: bytes | None) -> dict[str, Any] | None:
    """Return a JSON-LD document; None for what is none."""
    try:
        document = json.loads(content or b"null")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def with_review(schema: bytes, review: bytes | None) -> bytes:
    """Return a verdict's record and its review as one thing: a page is of one review, not of two.

    schema: the record in schema.org's terms; what it says of people, names and dates stays
    review: the verdict as a Review and Claim; None leaves the record as it is

    Source: https://schema.org/Review, https://schema.org/Claim
    """
    record, judged = read_document(schema), read_document(review)
    if record is None or judged is None:
        return schema
    record["@type"] = judged.get("@type", "Review")
    record |= {name: judged[name] for name in _OF_REVIEW if name in judged}
    record.setdefault("author", judged.get("creator"))
    if day := judged.get("datePublished"):
        record["dateCreated"] = day
    reviewed = judged.get("itemReviewed")
    if isinstance(reviewed, dict):
        told = record.get("itemReviewed")
        first = told[0] if isinstance(told, list) and told else told
        record["itemReviewed"] = {**(first if isinstance(first, dict) else {}), **reviewed}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def addressed(
    document: dict[str, Any],
    entry: SiteEntry,
    *,
    base: str | None,
    verdicts: Sequence[KnownVerdict] = (),
) -> str:
    """Return the document with the zip, the site's address of now, and the verdicts on the crate.

    base: address of the folder that the page lies in; None where the site knows none
    """
    if base:
        if document.get("@id") == document.get("url"):
            document["@id"] = base
        document["url"] = base
    place = "encoding" if is_replay(entry) else "distribution"
    document.pop(place, None)
    if entry.crate_file:
        document[place] = [_distribution(entry, base)]
    document.pop("review", None)
    if verdicts:
        document["review"] = [_reference(one) for one in verdicts]
        _tell_once(document, {one.link.target for one in verdicts})
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _reference(known: KnownVerdict) -> dict[str, Any]:
    """Return a verdict as its own page names it, and what it says in short."""
    told: dict[str, Any] = {
        "@type": "Review",
        "@id": known.link.target,
        "url": known.link.target,
        "name": known.link.title,
        "reviewAspect": RE_EXECUTION,
        "abstract": known.word,
        "datePublished": known.entry.issued if known.entry is not None else None,
    }
    return {name: value for name, value in told.items() if value}


def _tell_once(document: dict[str, Any], reviews: set[str]) -> None:
    """Leave reviews out of the things that are about the crate in some other way."""
    about = document.get("subjectOf")
    if isinstance(about, list):
        rest = [one for one in about if not (isinstance(one, dict) and one.get("@id") in reviews)]
        document["subjectOf"] = rest
        if not rest:
            del document["subjectOf"]


def _distribution(entry: SiteEntry, base: str | None) -> dict[str, str]:
    """Source: https://schema.org/DataDownload, https://schema.org/MediaObject."""
    return {
        "@type": "MediaObject" if is_replay(entry) else "DataDownload",
        "contentUrl": f"{base or ''}{entry.crate_file}",
        "name": entry.crate_file or "",
        "encodingFormat": ZIP,
        "contentSize": f"{entry.size_bytes} B",
        "sha256": entry.sha256,
    }
