"""One file of a record, fetched once: verified, kept, and asked about where it is large."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from recrate.locate.grdm import token_for
from recrate.locate.keeping import Cache, KeptFile
from recrate.locate.settings import LocateSettings, Secrets
from recrate.locate.whereabouts import Candidate, Checksum
from recrate.locate.written import safe_name, without_keys
from recrate.model.progress import Progress
from recrate.outside.disk import disk_errors
from recrate.outside.web import TooLarge, fetch


@dataclass(frozen=True, kw_only=True)
class Fetcher:
    """Fetches the files of one crate into the cache."""

    cache: Cache
    settings: LocateSettings
    secrets: Secrets
    progress: Progress

    def file(self, candidate: Candidate, agreed_bytes: int, *, otherwise: str) -> KeptFile:
        """Return a file of the record, from the cache where that holds the same.

        otherwise: what it is called where its own name cannot be a file's
        Raises TooLarge before anything is fetched where the record says more than `agreed_bytes`.
        """
        with self.cache.locked(candidate.url):
            kept = self.cache.file(candidate.url)
            if kept is not None and self.is_same(kept, candidate.checksum):
                return kept
            asks_first = kept is not None and kept.etag is not None and candidate.checksum is None
            if (candidate.size_bytes or 0) > agreed_bytes and not asks_first:
                raise TooLarge(
                    candidate.size_bytes, agreed_bytes, where=without_keys(candidate.url)
                )
            return self._fetch(candidate, agreed_bytes, kept, otherwise)

    def is_same(self, kept: KeptFile, checksum: Checksum | None) -> bool:
        """Say whether a kept file is the one that the record tells of now."""
        if checksum is None:
            return False
        path = self.cache.path(kept.place)
        with disk_errors(path), path.open("rb") as stream:
            made = hashlib.new(checksum.algorithm, usedforsecurity=False)
            return hashlib.file_digest(stream, lambda: made).hexdigest() == checksum.value

    def _fetch(
        self, candidate: Candidate, agreed_bytes: int, kept: KeptFile | None, otherwise: str
    ) -> KeptFile:
        checksum, origin = candidate.checksum, candidate.token_origin
        came = fetch(
            candidate.url,
            self.cache.part(candidate.url),
            checksum=(checksum.algorithm, checksum.value) if checksum else None,
            size_bytes=candidate.size_bytes,
            agreed_bytes=agreed_bytes,
            settings=self.settings.web,
            credential=token_for(origin, self.secrets, self.settings) if origin else None,
            known_etag=kept.etag if kept is not None and checksum is None else None,
            sleep=self.settings.sleep,
            progress=self.progress,
        )
        if came is None:
            assert kept is not None, "only what is known can be unchanged"
            return kept
        return self.cache.keep(candidate.url, came, safe_name(candidate.name, otherwise=otherwise))


def bytes_of(cache: Cache, kept: KeptFile) -> bytes:
    """Return the bytes of a small file that is kept."""
    path: Path = cache.path(kept.place)
    with disk_errors(path):
        return path.read_bytes()
