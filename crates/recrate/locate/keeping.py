"""What was brought, kept by content: found again without a network, looked over before use."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from recrate.locate.whereabouts import Origin
from recrate.model.errors import BadInput
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, sha256_of, write_text
from recrate.outside.web import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that came from one address. `place`: relative to the cache.

    key: digest of the address, which may hold a key itself
    """

    key: str
    place: str
    sha256: str
    etag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCrate:
    """A crate that was brought. `sha256`: of the zip file; of a folder's list of contents."""

    origin: Origin
    place: str
    sha256: str


Kept = TypeVar("Kept", KeptFile, KeptCrate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """The folder of crates that were brought; safe to delete."""

    folder: Path

    def part(self, url: str) -> Path:
        """Return where a download grows; the same file for the same address."""
        place = self.folder / "parts" / f"{_key(url)}.part"
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
        return place

    @contextlib.contextmanager
    def locked(self, url: str) -> Iterator[None]:
        """Let one process at a time fetch from an address; others wait."""
        lock = self.part(url).with_suffix(".lock")
        with FileLock(lock):
            yield

    def place_for(self, sha256: str, name: str) -> Path:
        """Return where content lies, under the name that people know it by."""
        return self.folder / "files" / sha256[:2] / sha256 / name

    def keep(self, url: str, fetched: Fetched, name: str) -> KeptFile:
        """Take a file that came whole, and remember where it came from."""
        place = self.place_for(fetched.sha256, name)
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(fetched.path, place)  # noqa: PTH105 - the same on every system
        kept = KeptFile(
            key=_key(url),
            place=place.relative_to(self.folder).as_posix(),
            sha256=fetched.sha256,
            etag=fetched.etag,
        )
        write_text(self._note("files", url), to_json(kept))
        return kept

    def file(self, url: str) -> KeptFile | None:
        """Return what came from an address, if it is still what it was."""
        kept = _read(self._note("files", url), KeptFile)
        if kept is None or kept.key != _key(url) or not self._is_whole(kept.place, kept.sha256):
            return None
        return kept

    def remember(self, keys: tuple[str, ...], kept: KeptCrate) -> None:
        """Remember a crate by every address that leads to it."""
        for key in dict.fromkeys(keys):
            write_text(self._note("crates", key), to_json(kept))

    def crate(self, key: str) -> KeptCrate | None:
        """Return the crate that was last brought from an address, if it is still what it was."""
        kept = _read(self._note("crates", key), KeptCrate)
        return kept if kept is not None and self._is_whole(kept.place, kept.sha256) else None

    def forget(self, kept: KeptFile) -> None:
        """Throw a file away that is not what it should be."""
        remove_tree((self.folder / kept.place).parent)
        (self.folder / "known" / "files" / f"{kept.key}.json").unlink(missing_ok=True)

    def path(self, place: str) -> Path:
        """Return the path of what is kept."""
        return self.folder / place

    def _note(self, kind: str, key: str) -> Path:
        return self.folder / "known" / kind / f"{_key(key)}.json"

    def _is_whole(self, place: str, sha256: str) -> bool:
        path = self.folder / place
        with contextlib.suppress(OSError):
            found = contents_of(path) if path.is_dir() else sha256_of(path)
            return found == sha256
        return False


def contents_of(folder: Path) -> str:
    """Return the SHA-256 over path and SHA-256 of every file of a folder."""
    lines = sorted(
        f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n".encode()
        for path in folder.rglob("*")
        if path.is_file()
    )
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(note: Path, kind: type[Kept]) -> Kept | None:
    with contextlib.suppress(OSError, BadInput):
        return from_json(note.read_bytes(), kind, where=str(note))
    return None
