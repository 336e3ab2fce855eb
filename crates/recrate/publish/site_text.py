"""What strangers wrote, made fit for a page: plain, bounded, and with addresses that only fetch."""

import hashlib
import re
import unicodedata
from urllib.parse import quote, urlsplit

LINE_CHARACTERS = 500
TEXT_CHARACTERS = 20_000
ADDRESS_CHARACTERS = 2_000
SLUG_CHARACTERS = 48

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of a line: in a name they only mislead."""

_SAFE_IN_ADDRESS = "/:?#[]@!&()*+,;=~%-._"
"""Of RFC 3986, without `$` and `'`: web servers' configurations read meaning into those."""

_DOI = re.compile(r"10\.\d{4,9}/\S+")


def plain(text: str | None, limit: int = LINE_CHARACTERS) -> str:
    """Return a text without control characters, and cut where it is longer than `limit`.

    Line ends and tabs stay; what XML and HTML cannot hold, and what turns a line around, goes.
    """
    kept = "".join(
        one
        for one in unicodedata.normalize("NFC", text or "")[: limit * 2]
        if one in "\n\t" or (one not in _TURNING and unicodedata.category(one) not in _UNFIT)
    ).strip()
    return kept if len(kept) <= limit else f"{kept[:limit].rstrip()}…"


_UNFIT = frozenset({"Cc", "Cs", "Cn", "Co"})


def line(text: str | None, limit: int = LINE_CHARACTERS) -> str:
    """Return a text as one plain line."""
    return " ".join(plain(text, limit).split())


def web_address(address: str | None) -> str | None:
    """Return an address that may become a link; None for `javascript:` and its like.

    Whatever could end a quotation or a line is percent-encoded.
    """
    if not address or len(address) > ADDRESS_CHARACTERS:
        return None
    told = address.strip()
    try:
        parts = urlsplit(told)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return None
    return quote(told, safe=_SAFE_IN_ADDRESS, errors="replace")


def doi_address(doi: str | None) -> str | None:
    """Return the address of a DOI, None for what is none."""
    told = (doi or "").strip()
    if not _DOI.fullmatch(told):
        return None
    return web_address(f"https://doi.org/{quote(told, safe='/:;().-_~*=', errors='replace')}")


def bare_doi(address: str) -> str | None:
    """Return the DOI in an address or in itself, in small letters: DOIs know no others."""
    told = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", address.strip(), flags=re.IGNORECASE)
    return told.lower() if _DOI.fullmatch(told) else None


def slug_of(*names: str) -> str:
    """Return a name for a folder and an address: small ASCII letters, digits and hyphens.

    The first of `names` that has at least three such letters is taken; `study` where none has.
    """
    for name in names:
        ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        found = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
        if sum(one.isalpha() for one in found) >= 3:
            whole_words = found[: SLUG_CHARACTERS + 1].rpartition("-")[0]
            cut = whole_words or found[:SLUG_CHARACTERS]
            return (found if len(found) <= SLUG_CHARACTERS else cut).strip("-")
    return "study"


def mark_of(mark: str) -> str:
    """Return a deposit's mark as it may be seen by all: another word of the same use."""
    return hashlib.sha256(f"recrate site {mark}".encode()).hexdigest()[:32]


def size_in_words(size_bytes: int) -> str:
    """Return a size as people say it: `1.5 MB`, in powers of 1,000."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
