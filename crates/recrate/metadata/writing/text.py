"""Text from anybody, made fit for a document: what no XML may hold goes, nothing is endless."""

import re
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from recrate.model.study import Language

LONGEST = 100_000
"""Characters of a description; parsers refuse a text of some ten million bytes."""
LONGEST_LINE = 2_000
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Not a Char of XML 1.0, or a control character that it advises against; also lone surrogates.
Source: https://www.w3.org/TR/xml/#charsets"""
_JAPANESE = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
)
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[!-~]+)", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])", re.ASCII)
_IN_PATH = "/%:@!$&'()*+,;=-._~"
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def storable(text: str) -> str:
    """Return text without what XML forbids, cut where it has no end; the same object if it fits."""
    if len(text) <= LONGEST and not _FORBIDDEN.search(text):
        return text
    kept = _FORBIDDEN.sub("", text[: 2 * LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def clean(text: str | None, *, longest: int = LONGEST) -> str:
    """Return text of several lines without what XML forbids, cut where it has no end."""
    kept = (text or "")[: 2 * longest].replace("\r\n", "\n").replace("\r", "\n")
    kept = _FORBIDDEN.sub("", kept).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def line(text: str | None, *, longest: int = LONGEST_LINE) -> str:
    """Return text as one line, with single spaces."""
    return clean(" ".join((text or "")[: 2 * longest].split()), longest=longest)


def address(written: str | None) -> str | None:
    """Return an http(s) address with all that no URI may hold percent-encoded; None for others.

    A user name or a password in it is no part of an address that may be published.
    """
    text = line(written)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        encoded = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    bracketed = f"[{encoded}]" if ":" in encoded else encoded
    plain = not parts.username and not parts.password
    if parts.scheme not in {"http", "https"} or not plain or not _HOST.fullmatch(bracketed):
        return None
    whole = f"{parts.scheme}://{bracketed}{'' if port is None else f':{port}'}"
    whole += _quoted(parts.path, _IN_PATH)
    if parts.query:
        whole += "?" + _quoted(parts.query, _IN_PATH + "?")
    return f"{whole}#{_quoted(parts.fragment, _IN_PATH + '?')}" if parts.fragment else whole


def _quoted(text: str, safe: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=safe)


def local_identifier(written: str) -> str:
    """Return a number that somebody gave, with what an anyURI may not hold percent-encoded."""
    return re.sub(r"[^\w .~/()-]", lambda one: quote(one.group()), line(written))


def doi_of(written: str | None) -> str | None:
    """Return the bare DOI, `10.5072/abc`, of one in any form; None where it is none."""
    text = line(written)
    text = unquote(text) if "%" in text and "doi.org/" in text else text
    match = _DOI.fullmatch(text)
    return match[1] if match else None


def doi_address(doi: str) -> str:
    """Return the address of a bare DOI."""
    return "https://doi.org/" + quote(doi, safe="/:;()._-~!$&'*+,=@")


def date_of(written: str | None) -> str | None:
    """Return the date at the beginning of a text as `2026`, `2026-11` or `2026-11-21`, or None."""
    match = _ISO_DATE.match(line(written))
    if match is None:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return match.group()


def is_japanese(text: str) -> bool:
    """Say whether a text has Japanese characters."""
    return _JAPANESE.search(text) is not None


def language_of(text: str, stated: Language | None = None) -> Language | None:
    """Return the language of a text: the stated one, else Japanese where its characters say so."""
    if stated is not None:
        return stated
    return Language.JAPANESE if is_japanese(text) else None


def language_of_name(name: str) -> Language:
    """Return the language of a name by its script, as JPCOAR tells 山田 花子 from Hanako Yamada."""
    return Language.JAPANESE if is_japanese(name) else Language.ENGLISH
