"""A feed of changes: Atom 1.0, whatever the titles hold.

Source: https://www.rfc-editor.org/rfc/rfc4287
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from recrate.report.account import LANGUAGES, Language
from recrate.report.characters import visible

FeedLanguage = Literal["en", "ja", "both"]

_OURS = UUID("0d6b5a52-6c1f-5a0e-9f0c-5d6a3f0f7c11")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, however it is written: XML 1.0, 2.2."""
_NO_IRI = re.compile(r"[\s<>\"{}|\\^`\x00-\x20\x7f]")
_BEGINNING = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One change. `titles` and `texts`: by language, plain text; `updated`: ISO with a zone.

    id:   `urn:uuid:…`, the same whenever the feed is written
    link: an http(s) address, empty where there is none
    """

    id: str
    updated: str
    titles: dict[Language, str]
    texts: dict[Language, str]
    link: str = ""


def identifier(*parts: str) -> str:
    """Return a `urn:uuid:` that the same parts always have, and no others."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return uuid5(_OURS, joined.encode("utf-8", "backslashreplace").decode()).urn


def render_feed(
    entries: Sequence[FeedEntry],
    *,
    id: str,  # noqa: A002 - the element's name
    title: str,
    agent: str,
    language: FeedLanguage = "en",
    link: str = "",
) -> str:
    """Return an Atom feed as XML text, the newest entry first; an empty one is valid, too.

    id:   of the feed; it must never change
    link: where the feed itself will be served, empty where that is not known
    """
    newest = sorted(entries, key=lambda one: (_moment(one.updated), one.id), reverse=True)
    updated = _moment(newest[0].updated) if newest else _BEGINNING
    tongue = "en" if language == "both" else language
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{tongue}">',
        f"  <id>{_text(id)}</id>",
        f'  <title type="text">{_text(title)}</title>',
        f"  <updated>{updated}</updated>",
        f"  <author><name>{_text(agent)}</name></author>",
        f"  <generator>{_text(agent)}</generator>",
    ]
    if _is_link(link):
        lines.append(f'  <link rel="self" type="application/atom+xml" href={_attribute(link)}/>')
    for one in newest:
        lines += _entry(one, language)
    return "\n".join([*lines, "</feed>", ""])


def _entry(entry: FeedEntry, language: FeedLanguage) -> list[str]:
    """Return the lines of one entry. It has content, so it needs no link: RFC 4287, 4.1.2."""
    tongues: tuple[Language, ...] = LANGUAGES if language == "both" else (language,)
    title = " / ".join(entry.titles[one] for one in tongues)
    content = "\n\n".join(entry.texts[one] for one in tongues)
    moment = _moment(entry.updated)
    lines = [
        "  <entry>",
        f"    <id>{_text(entry.id)}</id>",
        f'    <title type="text">{_text(" ".join(title.split()))}</title>',
        f"    <updated>{moment}</updated>",
        f"    <published>{moment}</published>",
    ]
    if _is_link(entry.link):
        lines.append(f'    <link rel="alternate" href={_attribute(entry.link)}/>')
    return [*lines, f'    <content type="text">{_text(content)}</content>', "  </entry>"]


def _moment(text: str) -> str:
    """Return an ISO time as RFC 3339 wants it, in UTC; what is none is the beginning of time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _BEGINNING
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text)))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not _NO_IRI.search(link)
