"""What one text of a list names: something here, something elsewhere, or a repository's listing."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from recrate.campaign.lists_settings import ListSettings
from recrate.model.errors import BadInput

_DOI = re.compile(r"10\.\d{4,9}/[^\s\x00-\x1f\x7f]{1,300}", re.ASCII)
_RESOLVERS = {"doi.org", "dx.doi.org", "www.doi.org"}
_FORBIDDEN = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]")
_COMMUNITY = re.compile(
    r"(?P<base>/(?:.*?/)??)(?:api/)?communities/(?P<name>[^/]+)(?:/(?:records|search))?/?"
)
_RECORDS = re.compile(r".*/api/records/?")
_OURS = {"page", "size", "p", "s", "l", "layout", "sort"}
"""Of a search's address, what says how it is shown and not what is found."""
_OAI_ARGUMENTS = {"verb", "metadataPrefix", "set", "from", "until"}
_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}
_LONGEST = 4096
HINT = "name a crate's file or folder, an https address, or a DOI such as 10.5281/zenodo.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A file or folder that is there; `path` is absolute."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """An address; a DOI's is `https://doi.org/…` in small letters, for DOIs know no capitals."""

    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Records of an InvenioRDM, at `api`. `name`: of the community, empty for a mere search."""

    api: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiList:
    """A listing by OAI-PMH. `arguments`: without the verb."""

    base: str
    arguments: tuple[tuple[str, str], ...] = ()


Place = Here | There | Community | OaiList


def read_place(text: str, *, base: Path, settings: ListSettings) -> Place:
    """Say what `text` names; a path is one relative to `base`, and must be there.

    `10.5072/abc` is a DOI unless a file of that name is there. Raises BadInput for what is neither
    a path nor an address, a DOI or a listing that we read.
    """
    written = text.strip()
    if not written or not _writable(written):
        raise BadInput("names nothing that can be read", hint=HINT)
    if found := re.fullmatch(r"zenodo:\s*(.+)", written, re.IGNORECASE):
        return _zenodo(found[1], settings)
    if re.match(r"oai:\s*https?://", written, re.IGNORECASE):
        return _oai_list(_address(written[4:].strip()))
    if re.match(r"(crate\+)?https?://", written, re.IGNORECASE):
        return _elsewhere(_address(re.sub(r"^crate\+", "", written, flags=re.IGNORECASE)))
    path = os.path.abspath(base / os.path.expanduser(written))  # noqa: PTH100, PTH111 - Path keeps `..`, and fails without a home
    there = os.path.exists(path)  # noqa: PTH110 - Path's own raises for a name that is too long
    bare = re.sub(r"^(doi:|info:doi/)\s*", "", written, flags=re.IGNORECASE)
    if _DOI.fullmatch(bare) and (bare != written or not there):
        return There(where=doi_url(bare))
    if not there:
        raise _nothing(written, base)
    return Here(path=Path(path))


def _nothing(written: str, base: Path) -> BadInput:
    if re.match(r"[a-z][a-z0-9+.-]*://|(doi|oai|info):", written, re.IGNORECASE):
        return BadInput(f"no address that we fetch from: {shortened(written)}", hint=HINT)
    return BadInput(
        f"neither a path that is there, nor an address or a DOI: {shortened(written)}",
        hint=f"{HINT}; paths are relative to {'where you are' if base == Path() else base}",
    )


def doi_url(doi: str) -> str:
    """Return the address of a bare DOI, the same for all ways of writing it."""
    return f"https://doi.org/{quote(doi.lower(), safe='/:;()._-')}"


def doi_address(text: str | None) -> str | None:
    """Return the address of the DOI that a text is, however it is written; None for none."""
    bare = re.sub(r"^(doi:|info:doi/)\s*", "", (text or "").strip(), flags=re.IGNORECASE)
    if _DOI.fullmatch(bare) and _writable(bare):
        return doi_url(bare)
    return _resolved(web_address(bare) or "")


def web_address(text: str) -> str | None:
    """Return an http(s) address without its fragment; None for anything else."""
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    if "@" in parts.netloc or _FORBIDDEN.search(text) or not _writable(text):
        return None
    return urlunsplit(parts._replace(fragment=""))


def joined(base: str, link: str) -> str | None:
    """Return where a link of a page at `base` leads; None for what is no http(s) address."""
    try:
        return web_address(urljoin(base, link))
    except ValueError:
        return None


def shortened(text: str) -> str:
    """Return a text for a message: one line, not long."""
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return plain if len(plain) <= 120 else f"{plain[:119]}…"


def _writable(text: str) -> bool:
    """Say whether a text can be kept in a file: not endless, no controls, no half characters."""
    if len(text) > _LONGEST:
        return False
    return text.isprintable() or not _UNWRITABLE & set(map(unicodedata.category, text))


def _address(text: str) -> str:
    url = web_address(text)
    if url is not None:
        return url
    if "@" in text.partition("://")[2].partition("/")[0]:
        raise BadInput(
            "an address that holds a user name or password",
            hint="use an address that needs none; tokens are kept apart",
        )
    raise BadInput(f"no address: {shortened(text)}", hint="copy it again from the browser")


def _resolved(url: str) -> str | None:
    """Return the DOI's own address where `url` is one of a resolver."""
    parts = urlsplit(url)
    bare = unquote(parts.path.lstrip("/"))
    return doi_url(bare) if parts.hostname in _RESOLVERS and _DOI.fullmatch(bare) else None


def _elsewhere(url: str) -> Place:
    parts = urlsplit(url)
    query = parse_qsl(parts.query)
    if dict(query).get("verb") in {"ListRecords", "ListIdentifiers"}:
        return _oai_list(url)
    found = _COMMUNITY.fullmatch(parts.path)
    if found and found["name"] != "search":
        return _community(url, found["base"], unquote(found["name"]))
    if _RECORDS.fullmatch(parts.path) and {"communities", "q"} & dict(query).keys():
        kept = [pair for pair in query if pair[0] not in _OURS]
        api = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query=urlencode(kept)))
        return Community(api=api, name=dict(query).get("communities", ""))
    doi = _resolved(url)
    return There(where=doi or url)


def _community(url: str, base: str, name: str) -> Community:
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in _OURS]
    path = f"{base}api/communities/{quote(name, safe='')}/records"
    return Community(api=urlunsplit(parts._replace(path=path, query=urlencode(kept))), name=name)


def _zenodo(name: str, settings: ListSettings) -> Community:
    if not re.fullmatch(r"[\w.-]{1,100}", name):
        raise BadInput(
            f"no name of a community: {shortened(name)}",
            hint="it is the last part of the community's address",
        )
    return _community(f"{settings.zenodo}communities/{quote(name)}", "/", name)


def _oai_list(url: str) -> OaiList:
    parts = urlsplit(url)
    said = parse_qsl(parts.query, keep_blank_values=True)
    if unknown := sorted({name for name, _ in said} - _OAI_ARGUMENTS):
        raise BadInput(
            f"OAI-PMH lists nothing by {shortened(', '.join(unknown))}",
            hint="it knows set, metadataPrefix, from and until",
        )
    if dict(said).get("verb", "ListRecords") not in {"ListRecords", "ListIdentifiers"}:
        raise BadInput("this verb of OAI-PMH gives no list of records", hint="use verb=ListRecords")
    kept = tuple((name, value) for name, value in said if name != "verb" and value)
    return OaiList(base=urlunsplit(parts._replace(query="")), arguments=kept)
