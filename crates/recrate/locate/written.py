"""What a person wrote: a path of this machine, or an address somewhere else."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from recrate.model.errors import BadInput
from recrate.outside.archive import complaint_of

_DOI = re.compile(r"10\.\d{4,9}/[^\s\x00-\x1f\x7f]{1,300}", re.ASCII)
_RESOLVERS = {"doi.org", "dx.doi.org", "www.doi.org"}
_KEYS = re.compile(r"token|key|sig|secret|password|credential|auth", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Somewhere else: either a DOI (bare) or an http(s) address without fragment."""

    doi: str | None = None
    url: str | None = None

    @property
    def key(self) -> str:
        """The same for all ways of writing it: DOIs know no capital letters."""
        return doi_url(self.doi.lower()) if self.doi else self.url or ""


def read_where(where: str | Path) -> Path | Address:
    """Say whether a path or an address was written.

    `10.5072/abc` is a DOI unless a file of that name is there. Raises BadInput for another scheme
    than http(s), and for an address with a user name or password in it.
    """
    if isinstance(where, Path):
        return where
    text = where.strip()
    if re.match(r"(crate\+)?https?://", text, re.IGNORECASE):
        return _address(re.sub(r"^crate\+", "", text, flags=re.IGNORECASE))
    doi = doi_in(re.sub(r"^(doi:|info:doi/)\s*", "", text, flags=re.IGNORECASE))
    if doi is not None and (text[:3] != "10." or not Path(text).exists()):
        return Address(doi=doi)
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text) or text.lower().startswith("doi:"):
        raise BadInput(
            "is no address that crates are fetched from",
            where=text[:200],
            hint="name a file or folder, an https address, or a DOI such as 10.5281/zenodo.1",
        )
    return Path(where)


def doi_in(text: str) -> str | None:
    """Return the DOI that `text` is, bare; None when it is none."""
    return text if _DOI.fullmatch(text) else None


def doi_of_url(url: str) -> str | None:
    """Return the DOI that an address of the resolver names, None for any other address."""
    parts = urlsplit(url)
    return doi_in(unquote(parts.path.lstrip("/"))) if parts.hostname in _RESOLVERS else None


def doi_url(doi: str) -> str:
    """Return the address by which a DOI is cited."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def web_url(text: str) -> str | None:
    """Return an http(s) address without its fragment; None for anything else."""
    try:
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    if parts.username is not None or parts.password is not None or _FORBIDDEN.search(text):
        return None
    return urlunsplit(parts._replace(fragment=""))


def preferred(url: str, page: str | None) -> str:
    """Return a link of an https page as https, too, where it names no port of its own."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.port is None and (page or "").startswith("https:")
    return urlunsplit(parts._replace(scheme="https")) if plain else url


def without_keys(url: str) -> str:
    """Return an address as it may be published: without a query that holds a key."""
    parts = urlsplit(url)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    holds_key = any(_KEYS.search(name) for name in names)
    return urlunsplit(parts._replace(query="")) if holds_key else url


def name_in(url: str) -> str:
    """Return the last part of an address's path, as it reads; `/content` of an API is no name."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) > 1 and parts[-1] == "content":
        parts.pop()
    return unquote(parts[-1]) if parts else ""


def safe_name(name: str, *, otherwise: str) -> str:
    """Return the last part of `name` where a file may be called so, else `otherwise`."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    bad = complaint_of(last) or last.startswith((".", "-", "~")) or len(last.encode()) > 150
    return otherwise if bad or re.search(r'[<>:"|?*]', last) else last


def _address(text: str) -> Address:
    url = web_url(text)
    if url is None and "@" in text.partition("://")[2].partition("/")[0]:
        raise BadInput(
            "holds a user name or password, which a report would publish",
            where="https://…@" + text.rpartition("@")[2][:200],
            hint="use an address that needs none; tokens are kept apart",
        )
    if url is None:
        raise BadInput(
            "is no address", where=text[:200], hint="copy it again from the browser, e.g. https://…"
        )
    doi = doi_of_url(url)
    return Address(doi=doi) if doi else Address(url=url)
