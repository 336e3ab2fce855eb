"""What a landing page says of verdicts: of its own, of those on a crate, and how to check them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from recrate.model.record import LinkRelation
from recrate.publish.site_entry import SiteEntry, is_replay
from recrate.publish.site_text import doi_address
from recrate.publish.site_verdict import BADGE_FILES, SiteVerdict
from recrate.publish.site_verdicts import KnownVerdict, without_verdicts
from recrate.publish.site_words import PAGES, verdict_word, words

SIGNS = {
    "identical": "=",
    "equivalent": "≈",
    "ran": "▸",
    "different": "≠",
    "failed": "×",
    "not restored": "?",
}
"""A sign for each verdict: neither it nor the colour is needed to read the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A badge to be copied into a README or a page of one's own."""

    markdown: str
    html: str


def about_verdicts(
    entry: SiteEntry,
    language: str,
    *,
    verdicts: Sequence[KnownVerdict],
    badges: Collection[str],
    base: str | None,
) -> dict[str, Any]:
    """Return all that a landing page says of verdicts.

    verdicts: on the crate, newest first
    badges:   names of the files beside the page
    base:     public address of the page's folder; None where there is none, or only for a while
    """
    own = is_replay(entry)
    relations = without_verdicts(entry, verdicts)
    if entry.judged is not None:
        relations = [one for one in relations if one.relation is not LinkRelation.REVIEWS]
    said = words(language)
    alt = _alt(in_brief(entry.verdict, entry.judged, language), language) if own else said["badge"]
    listed = [_listed(one, language) for one in verdicts]
    return {
        "replay": own,
        "verdict": verdict_word(entry.verdict, language),
        "judged": own_verdict(entry, language),
        "reviewed": reviewed(entry) if own else None,
        "verdicts": listed,
        "relations": relations,
        "badge": _badge(badges, language) if not any(one["badge"] for one in listed) else None,
        "badge_alt": alt,
        "snippet": _snippet_of(entry, alt, base=base, badges=badges, language=language),
    }


def _alt(brief: str, language: str) -> str:
    return words(language)["badge_alt"].format(verdict=brief)


def _badge(badges: Collection[str], language: str) -> str | None:
    """Return the badge in the page's language, else whatever one lies there."""
    names = (BADGE_FILES[language], *BADGE_FILES.values())
    return next((name for name in names if name in badges), None)


def own_verdict(entry: SiteEntry, language: str) -> dict[str, Any] | None:
    """Return what a verdict's page shows of it; None where there is no verdict at hand."""
    judged = entry.judged
    if judged is None:
        return None
    return {
        "word": verdict_word(judged.verdict, language),
        "sign": SIGNS.get(judged.verdict, "?"),
        "tone": judged.tone,
        "sentence": judged.sentence(language),
        "when": _when(judged, language),
        "opinion": judged.opinion(language),
        "statement": judged.statement,
    }


def _when(judged: SiteVerdict, language: str) -> str:
    if not judged.day:
        return ""
    name = "replayed_in" if judged.environment else "replayed_on"
    return words(language)[name].format(date=judged.day, environment=judged.environment)


def reviewed(entry: SiteEntry) -> dict[str, str | None] | None:
    """Return the crate that a verdict is of, with what the command line is to be given for it."""
    found = (one for one in entry.links if one.relation is LinkRelation.REVIEWS)
    link = next(found, None)
    if link is None:
        return None
    return {
        "address": link.target,
        "title": link.title or link.target,
        "command": shell_argument(link.target),
    }


def _listed(known: KnownVerdict, language: str) -> dict[str, Any]:
    entry, link = known.entry, known.link
    told: dict[str, Any] = {
        "alt": "",
        "address": link.target,
        "title": link.title or link.target,
        "word": verdict_word(known.word, language),
        "day": known.day,
        "sentence": "",
        "badge": None,
        "outside": entry is None,
    }
    if entry is None:
        return told
    folder = f"../../{entry.record}/"
    told["title"] = entry.title(language)
    told["address"] = folder + PAGES[language]
    if entry.judged is not None:
        told["alt"] = _alt(in_brief(entry.verdict, entry.judged, language), language)
        told["sentence"] = entry.judged.sentence(language)
        told["badge"] = folder + BADGE_FILES[language]
    return told


def in_brief(verdict: str, judged: SiteVerdict | None, language: str) -> str:
    """Return a verdict with its coverage on one line; the word alone where no more is known."""
    word = verdict_word(verdict, language)
    if judged is None:
        return word
    said = words(language)
    told = said["brief"].format(
        verdict=word, compared=f"{judged.compared:,}", outputs=f"{judged.outputs:,}"
    )
    if judged.notebooks < judged.published:
        left_out = said["brief_notebooks"]
        told += left_out.format(run=f"{judged.notebooks:,}", published=f"{judged.published:,}")
    return told


def newest_in_brief(entry: SiteEntry, verdicts: Sequence[KnownVerdict], language: str) -> str:
    """Return an entry's own verdict, or the newest known one on it; empty where there is none."""
    if entry.verdict:
        return in_brief(entry.verdict, entry.judged, language)
    newest = next((one.entry for one in verdicts if one.entry is not None), None)
    return in_brief(newest.verdict, newest.judged, language) if newest is not None else ""


def snippet(alt: str, *, badge: str, page: str) -> Snippet:
    """Return a badge that leads to a page, in Markdown and in HTML.

    badge, page: addresses that hold nothing that ends a quotation; they are made safe once more
    Source: https://spec.commonmark.org/0.31.2/#links, https://html.spec.whatwg.org/#the-img-element
    """
    safe = {name: _encoded(one) for name, one in (("badge", badge), ("page", page))}
    text = re.sub(r"[\[\]\\`<>!*_&]", " ", alt)
    return Snippet(
        markdown=f"[![{text}]({safe['badge']})]({safe['page']})",
        html=(
            f'<a href="{escape(safe["page"])}"><img src="{escape(safe["badge"])}"'
            f' alt="{escape(alt)}"></a>'
        ),
    )


def _snippet_of(
    entry: SiteEntry, alt: str, *, base: str | None, badges: Collection[str], language: str
) -> Snippet | None:
    """Return the badge of a page to be copied; None where the site has no address, or no badge."""
    name = BADGE_FILES[language]
    if base is None or name not in badges:
        return None
    return snippet(alt, badge=base + name, page=doi_address(entry.doi) or base)


def shell_safe(address: str) -> str:
    """Return an address in which no shell reads more than a word."""
    return quote(address, safe="/:.-_~%@+=,")


def shell_argument(address: str) -> str | None:
    """Return a stranger's address as one argument of any common shell; None where that is not sure.

    In double quotes no shell reads anything in these characters: not `sh`, not `cmd`.
    """
    if re.fullmatch(r"[A-Za-z0-9/:.\-_~%@+=,]+", address):
        return address
    return f'"{address}"' if re.fullmatch(r"[A-Za-z0-9/:.\-_~%@+=,?&#;()]+", address) else None


def _encoded(address: str) -> str:
    return quote(address, safe="/:?#@&+,;=~%-._")
