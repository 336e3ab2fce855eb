"""Signposting: how a program finds the crate, its metadata, authors and licence from the page.

The same links go into the page's head, into a link set, and into settings for web servers that
send them as `Link:` headers.
Source: https://signposting.org/FAIR/ (levels 1 and 2), RFC 8288, RFC 9264
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from recrate.publish.site_entry import METADATA, SiteEntry, is_replay
from recrate.publish.site_text import doi_address, web_address

INBOX = "http://www.w3.org/ns/ldp#inbox"
"""Source: https://www.w3.org/TR/ldn/ and COAR Notify."""

CRATE_PROFILE = "https://w3id.org/ro/crate"
ZIP = "application/zip"
LINKSET = "linkset.json"
LICENCES_ELSEWHERE = ("https://creativecommons.org/", "http://creativecommons.org/")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLink:
    """A typed link. `anchor`: what it is of, where that is not the page itself."""

    rel: str
    target: str
    media_type: str | None = None
    profile: str | None = None
    anchor: str | None = None


def page_links(entry: SiteEntry, *, base: str | None, inbox: str | None) -> tuple[SiteLink, ...]:
    """Return the links of a landing page.

    base: address of the folder that the page lies in, with `/` at its end; None: relative links
    """
    here = base or ""
    cite = doi_address(entry.doi) or base
    links = [SiteLink(rel="cite-as", target=cite)] if cite else []
    links += [
        SiteLink(rel="type", target="https://schema.org/AboutPage"),
        SiteLink(rel="type", target=f"https://schema.org/{_schema_type(entry)}"),
    ]
    links += [
        SiteLink(rel="author", target=one.identifier) for one in entry.people if one.identifier
    ]
    if licence := licence_address(entry.licence):
        links.append(SiteLink(rel="license", target=licence))
    links += [
        SiteLink(
            rel="describedby",
            target=here + one.name,
            media_type=one.media_type,
            profile=one.profile,
        )
        for one in entry.documents
    ]
    if entry.crate_file:
        links.append(
            SiteLink(
                rel="item",
                target=here + entry.crate_file,
                media_type=ZIP,
                profile=CRATE_PROFILE,
            )
        )
    links.append(
        SiteLink(rel="linkset", target=here + LINKSET, media_type="application/linkset+json")
    )
    if inbox:
        links.append(SiteLink(rel=INBOX, target=inbox))
    return tuple(links)


def back_links(entry: SiteEntry, *, base: str | None) -> tuple[SiteLink, ...]:
    """Return the links from the files beside the page back to it: level 2 of the profile."""
    here = base or ""
    page = base or "./"
    links = [
        SiteLink(
            rel="describes",
            target=page,
            media_type="text/html",
            anchor=here + one.name,
        )
        for one in entry.documents
    ]
    if entry.crate_file:
        anchor = here + entry.crate_file
        links.append(SiteLink(rel="collection", target=page, media_type="text/html", anchor=anchor))
    return tuple(links)


def linkset(entry: SiteEntry, *, base: str | None, inbox: str | None) -> str:
    """Return all links as the JSON of RFC 9264, section 4.2."""
    contexts: dict[str, dict[str, list[dict[str, str]]]] = {}
    for link in (
        *page_links(entry, base=base, inbox=inbox),
        *back_links(entry, base=base),
    ):
        if link.rel == "linkset":
            continue
        told = {"href": link.target}
        if link.media_type:
            told["type"] = link.media_type
        if link.profile:
            told["profile"] = link.profile
        context = contexts.setdefault(link.anchor or base or "./", {})
        context.setdefault(link.rel, []).append(told)
    document = {"linkset": [{"anchor": anchor, **rels} for anchor, rels in contexts.items()]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def header(links: Iterable[SiteLink]) -> str:
    """Return links as the value of one `Link:` header. Source: RFC 8288, section 3."""
    return ", ".join(_header_link(link) for link in links)


def netlify_headers(entries: Sequence[SiteEntry], *, url: str | None, inbox: str | None) -> str:
    """Return a `_headers` file, which several hosts of static sites read."""
    lines = ["# Link headers for the landing pages, for hosts that read this file.", ""]
    for entry in entries:
        folder = _path_of(entry, url)
        value = header(_headed(entry, url, inbox))
        for page in ("", "index.html", "index.ja.html"):
            lines += [f"{folder}{page}", f"  Link: {value}"]
        back = back_links(entry, base=_base_of(entry, url))
        main = {METADATA.name, entry.crate_file}
        for link in (one for one in back if _name_of(one) in main):
            lines += [f"{folder}{_name_of(link)}", f"  Link: {_header_link(link)}"]
    return "\n".join(lines) + "\n"


def apache_headers(entry: SiteEntry, *, base: str | None, inbox: str | None) -> str:
    """Return the `.htaccess` of one landing page's folder; `%` is doubled as Apache wants it."""
    links = (*page_links(entry, base=base, inbox=inbox),)
    lines = [
        "AddType application/zip .zip",
        "AddType application/ld+json .jsonld",
        "AddType application/yaml .cff",
        "AddType application/x-bibtex .bib",
        "AddType application/x-research-info-systems .ris",
        f'<Files "{LINKSET}">',
        "  ForceType application/linkset+json",
        "</Files>",
        "<IfModule mod_headers.c>",
    ]
    lines += _apache("index.html", header(links)) + _apache("index.ja.html", header(links))
    for link in back_links(entry, base=base):
        lines += _apache(_name_of(link), _header_link(link))
    return "\n".join([*lines, "</IfModule>"]) + "\n"


def nginx_headers(entries: Sequence[SiteEntry], *, url: str | None, inbox: str | None) -> str:
    """Return locations for a `server` block of nginx, to be included there."""
    lines = ["# Include this file in the server block that serves the site."]
    for entry in entries:
        folder = re.escape(_path_of(entry, url))
        pages = {r"(index(\.ja)?\.html)?": header(_headed(entry, url, inbox))}
        by_value: dict[str, list[str]] = {}
        for link in back_links(entry, base=_base_of(entry, url)):
            by_value.setdefault(_header_link(link), []).append(_name_of(link))
        pages |= {f"({'|'.join(map(re.escape, names))})": v for v, names in by_value.items()}
        lines += [
            f'location ~ "^{folder}{name}$" {{ add_header Link "{_in_quotes(value)}"; }}'
            for name, value in pages.items()
        ]
    return "\n".join(lines) + "\n"


def licence_address(licence: str) -> str | None:
    """Return the address of a licence that is one SPDX identifier or an address itself."""
    if licence.startswith(LICENCES_ELSEWHERE) or "://" in licence:
        return web_address(licence)
    if re.fullmatch(r"[A-Za-z0-9.+-]{2,60}", licence):
        return f"https://spdx.org/licenses/{licence}"
    return None


def _schema_type(entry: SiteEntry) -> str:
    """Return the type as the profile wants it: the kind of thing that the page is of."""
    return "Review" if is_replay(entry) else "Dataset"


def _headed(entry: SiteEntry, url: str | None, inbox: str | None) -> tuple[SiteLink, ...]:
    return page_links(entry, base=_base_of(entry, url), inbox=inbox)


def _base_of(entry: SiteEntry, url: str | None) -> str | None:
    return f"{url}{entry.record}/" if url else None


def _path_of(entry: SiteEntry, url: str | None) -> str:
    path = urlsplit(url).path if url else "/"
    return f"{path or '/'}{entry.record}/"


def _name_of(link: SiteLink) -> str:
    return (link.anchor or "").rsplit("/", 1)[-1]


def _header_link(link: SiteLink) -> str:
    """Return one link; every part was made of characters that need no escape."""
    told = f'<{_bare(link.target)}>; rel="{link.rel}"'
    if link.media_type:
        told += f'; type="{link.media_type}"'
    if link.profile:
        told += f'; profile="{link.profile}"'
    return told


def _bare(target: str) -> str:
    """Leave out what could end a header's value; `web_address` has encoded it before already."""
    return re.sub(r"[^A-Za-z0-9/:?#\[\]@!&()*+,;=~%._-]", "", target)


def _apache(name: str, value: str) -> list[str]:
    told = _in_quotes(value).replace("%", "%%")
    return [f'  <Files "{name}">', f'    Header set Link "{told}"', "  </Files>"]


def _in_quotes(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
