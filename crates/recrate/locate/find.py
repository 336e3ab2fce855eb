"""Find a crate by what a person wrote: small requests only, nothing is fetched yet."""

from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from recrate.locate.asking import Asker, parsed, unless_denied
from recrate.locate.datacite import by_datacite
from recrate.locate.grdm import by_grdm, is_grdm
from recrate.locate.inveniordm import by_inveniordm
from recrate.locate.loose import described, is_metadata
from recrate.locate.pages import urljoin_safely
from recrate.locate.settings import LocateSettings, Secrets, no_secrets
from recrate.locate.signposted import by_embedded, by_signposting, page_of
from recrate.locate.told import Told, kind_of, together
from recrate.locate.weko import by_weko
from recrate.locate.whereabouts import Candidate, FileKind, Whereabouts
from recrate.locate.written import (
    Address,
    doi_url,
    name_in,
    preferred,
    read_where,
    without_keys,
)
from recrate.model.errors import BadInput, NotFound, OutsideFailed, RecrateError
from recrate.model.progress import Progress, silent
from recrate.outside.web import NotForUs, Seen

_ZIP_STARTS = b"PK\x03\x04"


def find_crate(
    where: str | Address,
    *,
    settings: LocateSettings,
    secrets: Secrets = no_secrets,
    progress: Progress = silent,
) -> Whereabouts:
    """Return where a crate is, by an https address or a DOI.

    Signposting is followed first, then what InvenioRDM, JAIRO Cloud, GakuNin RDM and DataCite
    offer, then metadata embedded in the page. Raises NotFound where no crate is found, BadInput for
    what is no address, Refused for an address that is not public or a token that is not accepted,
    OutsideFailed when the network lets us down.
    """
    address = where if isinstance(where, Address) else read_where(where)
    if not isinstance(address, Address):
        raise BadInput("is a path, not an address", where=str(where), hint="open it as it is")
    search = _Search(Asker(settings=settings, secrets=secrets, progress=progress))
    told = search.by_doi(address.doi) if address.doi else search.by_url(address.url or "")
    if not told.candidates:
        raise NotFound(
            "no crate found behind this address",
            where=without_keys(address.key),
            hint="; ".join(told.notes) or "name the address of the crate's .crate.zip itself",
        )
    return search.whereabouts(address, told)


class _Search:
    """One search. `landed` is the page that everything was found on."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._landed: str | None = None

    def by_doi(self, doi: str) -> Told:
        """Go where the DOI leads; where that tells nothing, ask DataCite."""
        trouble: RecrateError | None = None
        told = Told()
        try:
            told = self._look(self._resolver(doi))
        except (NotFound, OutsideFailed, NotForUs) as error:
            trouble = error
        if told.candidates:
            return told
        try:
            known = by_datacite(self._asker, doi)
        except OutsideFailed as error:
            raise trouble or error from error
        if trouble is not None and known is not None and known.record_url is not None:
            known = together(self.by_url(known.record_url), known)
        told = together(told, known or Told())
        if trouble is not None and not told.candidates:
            if not isinstance(trouble, NotFound):
                raise trouble
            return replace(told, notes=(*told.notes, f"{trouble.where} is not there"))
        return told

    def by_url(self, url: str) -> Told:
        """Return what stands at an address."""
        if is_grdm(url, self._asker.settings):
            self._landed = url
            return by_grdm(self._asker, url)
        return self._look(url)

    def whereabouts(self, address: Address, told: Told) -> Whereabouts:
        """Return the value, once it was tried where the claimed DOI leads."""
        doi, notes = address.doi, told.notes
        if told.doi is not None and told.doi.lower() != (address.doi or "").lower():
            if self._leads_here(told.doi):
                doi = told.doi
            else:
                notes += (f"the page names the DOI {told.doi}, which does not lead back to it",)
        candidates = tuple(
            replace(one, url=preferred(one.url, self._landed)) for one in told.candidates
        )
        return Whereabouts(
            url=doi_url(doi) if doi else without_keys(address.url or ""),
            candidates=candidates,
            doi=doi,
            record_url=without_keys(told.record_url or self._landed or "") or None,
            title=told.title,
            version=told.version,
            notes=notes,
        )

    def _leads_here(self, doi: str) -> bool:
        """Say whether a DOI leads to the page it was read from: pages can claim what they like."""
        if self._landed is None:
            return False
        there = ""
        with suppress(OutsideFailed), unless_denied():
            there = self._asker.look(self._resolver(doi)).url
        return _plain(there) == _plain(self._landed)

    def _resolver(self, doi: str) -> str:
        return f"{self._asker.settings.doi_resolver}{quote(doi, safe='/:;()._-')}"

    def _look(self, url: str) -> Told:
        """Return what an address tells: a page, a zip, or a crate's metadata."""
        try:
            seen = self._asker.look(url)
        except NotForUs as error:
            return self._unseen(error)
        self._landed = seen.url
        if is_grdm(seen.url, self._asker.settings):
            return by_grdm(self._asker, seen.url)
        if is_file(seen):
            return Told(candidates=(_direct(seen, url),))
        if is_metadata(parsed(seen)):
            return self._beside(seen)
        return self._read(seen)

    def _unseen(self, error: NotForUs) -> Told:
        """Return what the service tells where the page itself is only shown to browsers."""
        served = by_inveniordm(self._asker, error.where)
        if served is None:
            raise error
        self._landed = error.where
        return served

    def _read(self, seen: Seen) -> Told:
        """Return what a page tells."""
        limit = self._asker.settings.links_limit
        page = page_of(seen, limit)
        embedded = by_embedded(page, seen.url, limit=limit)
        told = by_signposting(self._asker, seen, page)
        try:
            served = by_inveniordm(self._asker, seen.url)
            if served is None and not told.candidates:
                served = by_weko(self._asker, page, seen.url)
        except OutsideFailed:
            if not told.candidates:
                raise
            served = None
        if served is not None:
            return together(together(told, served), replace(embedded, candidates=()))
        told = together(told, _known_only(embedded, told) if told.candidates else embedded)
        return replace(told, candidates=self._complete(told.candidates), record_url=seen.url)

    def _complete(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Where a page names only a crate's metadata, add the files that these describe."""
        only = candidates[0] if len(candidates) == 1 else None
        if only is None or only.kind is not FileKind.METADATA:
            return candidates
        try:
            seen = self._asker.look(only.url, accept="application/ld+json, application/json")
        except NotFound:
            return ()
        return self._beside(seen).candidates if is_metadata(parsed(seen)) else ()

    def _beside(self, seen: Seen) -> Told:
        """Return a crate that lies on the web as a folder: its metadata, and the files beside."""
        own = Candidate(url=seen.url, name=name_in(seen.url), kind=FileKind.METADATA, is_crate=True)
        files = [
            Candidate(url=url, name=one.path, kind=FileKind.LOOSE, size_bytes=one.size_bytes)
            for one in described(parsed(seen))[: self._asker.settings.links_limit]
            if (url := urljoin_safely(seen.url, quote(one.path))) is not None
        ]
        return Told(candidates=(own, *files))


def is_file(seen: Seen) -> bool:
    """Say whether an answer is a zip file itself."""
    return seen.content.startswith(_ZIP_STARTS) or (
        kind_of(name_in(seen.url), seen.media_type) is FileKind.ZIP
        and "html" not in seen.media_type
    )


def _direct(seen: Seen, asked: str) -> Candidate:
    """Return a file by the address that was asked for: where it led may hold for minutes only."""
    name = name_in(asked)
    length = seen.headers.get("content-length", "")
    size = int(length) if length.isdecimal() and len(length) < 18 else None
    encoded = seen.headers.get("content-encoding", "identity") != "identity"
    return Candidate(
        url=asked,
        name=name if name.endswith(".zip") else name_in(seen.url),
        kind=FileKind.ZIP,
        size_bytes=None if encoded else size,
    )


def _known_only(embedded: Told, told: Told) -> Told:
    """Return what embedded metadata say of the files that Signposting names, and of no others."""
    known = {one.url for one in told.candidates}
    files = tuple(one for one in embedded.candidates if one.url in known)
    return replace(embedded, candidates=files)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(("", parts.netloc.lower(), parts.path.rstrip("/"), "", ""))
