"""The pages of a site for people: a landing page, the versions of one record, and the list."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from recrate.publish.site_binder import binder_address
from recrate.publish.site_entry import (
    METADATA,
    SiteEntry,
    SiteFile,
    SiteGrant,
    SitePerson,
)
from recrate.publish.site_frame import SiteLook, data_block, page, source
from recrate.publish.site_judged import about_verdicts, newest_in_brief, shell_safe
from recrate.publish.site_links import INBOX, LINKSET, licence_address, page_links
from recrate.publish.site_text import doi_address, line, plain, web_address
from recrate.publish.site_verdicts import KnownVerdict, Verdicts
from recrate.publish.site_words import access_word, relation_word, words

FACETS_SHOWN = 60
SUMMARY_CHARACTERS = 280
CITATION_LABELS = {
    "citation.bib": "BibTeX",
    "citation.ris": "RIS",
    "CITATION.cff": "CFF",
    "citation.txt": "Text",
    "citation.ja.txt": "テキスト",
}
METADATA_LABELS = {
    METADATA.name: "RO-Crate",
    "datacite.xml": "DataCite",
    "jpcoar.xml": "JPCOAR",
    "codemeta.json": "CodeMeta",
    "schema-org.jsonld": "schema.org",
    LINKSET: "Signposting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What lies beside a landing page and is shown in it.

    badges:     names of the files
    verdicts:   on the crate, newest first
    citations:  by language; texts of ours or of a stranger
    schema_org: JSON-LD
    files:      the first of the crate
    """

    badges: Collection[str] = ()
    verdicts: Sequence[KnownVerdict] = ()
    citations: Mapping[str, str] | None = None
    schema_org: bytes | None = None
    files: Sequence[SiteFile] = ()


def landing_page(
    entry: SiteEntry,
    language: str,
    *,
    look: SiteLook,
    versions: Sequence[SiteEntry],
    beside: Beside,
    draft: str | None = None,
) -> str:
    """Return the page of one version. `draft`: its path in the site, where it is no more than that.

    versions: all of the record that are published, newest first
    """
    place = draft or entry.record
    base = f"{look.url}{place}/" if look.url else None
    citations = beside.citations or {}
    judging = about_verdicts(
        entry,
        language,
        verdicts=beside.verdicts,
        badges=beside.badges,
        base=None if draft else base,
    )
    related = judging.pop("relations")
    return page(
        "site_landing.html.j2",
        language,
        look=look,
        up="../../",
        entry=entry,
        draft=draft is not None,
        relations=[(relation_word(one.relation.value, language), one) for one in related],
        links=page_links(entry, base=base, inbox=look.inbox),
        command=_command(entry, base, draft=draft is not None),
        launch=_launch(entry, look, base, draft=draft is not None),
        on_binder=look.launch is None,
        files=beside.files,
        citation=plain(citations.get(language) or citations.get("en"), 2_000),
        schema_org=data_block(beside.schema_org),
        documents=_documents(entry, language),
        **_in_language_of_page(entry, language),
        **_among(versions, entry.number),
        **judging,
    )


def _in_language_of_page(entry: SiteEntry, language: str) -> dict[str, Any]:
    """Return what an entry says of itself, in the page's language where it has that."""
    return {
        "heading_language": _language_of(entry.titles, entry.title(language)),
        "descriptions": _in_order(entry.descriptions, language),
        "summary": line(_text_in(entry.descriptions, language), SUMMARY_CHARACTERS),
        "homes": [_home(one, language) for one in _homes(entry.people)],
        "people": _people(entry.people, language),
        "grants": [_grant(one, language) for one in entry.grants],
        "doi": doi_address(entry.doi),
        "access": access_word(entry.access, language),
        "licence": licence_address(entry.licence),
        "contact_address": _contact(entry.contact),
        "environment": entry.environment,
    }


def _among(versions: Sequence[SiteEntry], number: int) -> dict[str, Any]:
    """Return where a version stands among all of its record."""
    numbers = sorted(one.number for one in versions)
    return {
        "versions": versions,
        "newest": max(numbers, default=number),
        "before": max((one for one in numbers if one < number), default=None),
        "after": min((one for one in numbers if one > number), default=None),
    }


def versions_page(versions: Sequence[SiteEntry], language: str, *, look: SiteLook) -> str:
    """Return the page of a record, which leads to its newest version. `versions`: newest first."""
    newest = versions[0]
    base = f"{look.url}{newest.record}/" if look.url else f"v{newest.number}/"
    items = [one for one in page_links(newest, base=base, inbox=look.inbox) if one.rel == "item"]
    return page(
        "site_versions.html.j2",
        language,
        look=look,
        up="../",
        entry=newest,
        versions=versions,
        links=items,
        heading_language=_language_of(newest.titles, newest.title(language)),
    )


def index_page(
    records: Sequence[Sequence[SiteEntry]], language: str, *, look: SiteLook, verdicts: Verdicts
) -> str:
    """Return the list of all records. `records`: the versions of each, newest first.

    Without JavaScript people narrow the list down by year and keyword, with it by any word.
    """
    facets = _facets([versions[0] for versions in records])
    rules = "".join(
        f"#k{number}:target~.records>li:not(.k{number}){{display:none}}" for number, *_ in facets
    )
    return page(
        "site_index.html.j2",
        language,
        look=look,
        up="",
        rules=rules,
        script=source("site.js"),
        facets=facets,
        inbox=look.inbox,
        inbox_rel=INBOX,
        records=[_listed(versions, language, facets, verdicts) for versions in records],
    )


def _in_language(name: str, alternate: str, language: str) -> tuple[str, str]:
    """Return both forms of a name, the one in the page's own script first."""
    japanese = _is_japanese(name), _is_japanese(alternate)
    turned = alternate and japanese == ((False, True) if language == "ja" else (True, False))
    return (alternate, name) if turned else (name, alternate)


def _is_japanese(text: str) -> bool:
    """Say whether a name holds kana or Chinese characters."""
    return any("\u3040" <= one <= "\u30ff" or "\u4e00" <= one <= "\u9fff" for one in text)


def _homes(people: Sequence[SitePerson]) -> list[SitePerson]:
    """Return the first author of each affiliation."""
    found: dict[str, SitePerson] = {}
    for one in people:
        if one.affiliation:
            found.setdefault(one.affiliation, one)
    return list(found.values())


def _home(one: SitePerson, language: str) -> dict[str, Any]:
    names = _in_language(one.affiliation, one.affiliation_alternate, language)
    return {"names": names, "address": one.affiliation_identifier}


def _people(people: Sequence[SitePerson], language: str) -> list[dict[str, Any]]:
    numbers = {one.affiliation: number for number, one in enumerate(_homes(people), 1)}
    return [
        {
            "names": _in_language(one.name, one.alternate_name, language),
            "home": numbers.get(one.affiliation),
            "identifier": one.identifier,
        }
        for one in people
    ]


def _grant(one: SiteGrant, language: str) -> dict[str, Any]:
    return {
        "names": _in_language(one.funder, one.funder_alternate, language),
        "address": one.funder_identifier,
        "number": one.number,
        "title": one.title,
    }


def _command(entry: SiteEntry, base: str | None, *, draft: bool) -> str | None:
    """Return what the command line is to be given; None where the crate is not public.

    A DOI or an address that was encoded, or the name of our own file: no shell reads more in it.
    """
    if entry.crate_file is None:
        return None
    if entry.doi and doi_address(entry.doi) and not draft:
        return shell_safe(doi_address(entry.doi) or "")
    return shell_safe(base or entry.crate_file)


def _launch(entry: SiteEntry, look: SiteLook, base: str | None, *, draft: bool) -> str | None:
    """Return where the crate is opened: on the site's own service, else where its DOI is known."""
    if entry.crate_file is None:
        return None
    if look.launch is None:
        return None if draft else binder_address(entry.doi, next(iter(entry.notebooks), None))
    return look.launch.replace("{url}", quote(base, safe="")) if base else None


def _contact(contact: str) -> str | None:
    """Return an address for a contact: a page, or a mail address that is nothing but one."""
    if web := web_address(contact):
        return web
    name, _, host = contact.partition("@")
    fits = all(one.isascii() and (one.isalnum() or one in "._-+") for one in name + host)
    return f"mailto:{contact}" if name and "." in host and fits else None


def _documents(entry: SiteEntry, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    names = {one.name for one in entry.documents} | {LINKSET}
    said = words(language)
    groups = [
        (said["cite_formats"], CITATION_LABELS),
        (said["metadata"], METADATA_LABELS),
    ]
    found = [
        (heading, [(name, label) for name, label in labels.items() if name in names])
        for heading, labels in groups
    ]
    return [one for one in found if one[1]]


def _language_of(texts: Sequence[tuple[str, str]], chosen: str) -> str:
    return next((code for code, text in texts if text == chosen), "")


def _text_in(texts: Sequence[tuple[str, str]], language: str) -> str:
    return dict(texts).get(language) or next((text for _, text in texts), "")


def _in_order(texts: Sequence[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    return sorted(texts, key=lambda one: one[0] != language)


def _facets(entries: Sequence[SiteEntry]) -> list[tuple[int, str, int]]:
    """Return (number, what it is called, how many records): years first, then keywords."""
    years = Counter(entry.issued[:4] for entry in entries if entry.issued)
    tags = Counter(word for entry in entries for word in set(entry.keywords))
    common = [*sorted(years.items(), reverse=True)[: FACETS_SHOWN // 3]]
    common += sorted(tags.items(), key=lambda one: (-one[1], one[0]))[: FACETS_SHOWN - len(common)]
    return [(number, label, count) for number, (label, count) in enumerate(common)]


def _listed(
    versions: Sequence[SiteEntry],
    language: str,
    facets: Sequence[tuple[int, str, int]],
    verdicts: Verdicts,
) -> dict[str, Any]:
    entry = versions[0]
    own = {entry.issued[:4], *entry.keywords}
    summary = _text_in(entry.descriptions, language)
    return {
        "entry": entry,
        "versions": len(versions),
        "language": _language_of(entry.titles, entry.title(language)),
        "people": ", ".join(
            _in_language(one.name, one.alternate_name, language)[0] for one in entry.people[:12]
        )
        + (" …" if len(entry.people) > 12 else ""),
        "summary": line(summary, SUMMARY_CHARACTERS),
        "summary_language": _language_of(entry.descriptions, summary),
        "access": access_word(entry.access, language),
        "verdict": newest_in_brief(entry, verdicts.of(entry), language),
        "classes": " ".join(f"k{number}" for number, label, _ in facets if label in own),
        "text": line(" ".join(_searched(entry)), 4_000),
    }


def _searched(entry: SiteEntry) -> Iterator[str]:
    yield from (text for _, text in entry.titles)
    for one in entry.people:
        yield f"{one.name} {one.alternate_name} {one.affiliation} {one.affiliation_alternate}"
    yield from entry.keywords
    yield f"{entry.issued} {entry.doi or ''} {entry.identity} {entry.licence}"
    yield from (text[:1_000] for _, text in entry.descriptions)
