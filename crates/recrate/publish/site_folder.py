"""A site on disk: what lies in it, who may write, and how a version appears in it whole.

    <site>/index.html index.ja.html feed.xml crates.json _headers signposting.nginx.conf
    <site>/<slug>/index.html index.ja.html versions.json
    <site>/<slug>/v<number>/   the page, the crate, its metadata in many forms, `entry.json`
    <site>/drafts/<mark>/      the same, for whoever knows the address
    <site>/.recrate/           lock, claims on numbers, what is being made; nothing is shown of it

All pages come from the `entry.json` files alone, so a site can be moved and written again.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from recrate.model.errors import Busy, Conflict, NotFound
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.publish.site_entry import SiteEntry

ENTRY = "entry.json"
OWN = ".recrate"
DRAFTS = "drafts"
LOCK_SECONDS = 300.0

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_VERSION = re.compile(r"v([1-9][0-9]{0,5})")
_MARK = re.compile(r"[0-9a-f]{32}")
RECORD = re.compile(rf"(?P<slug>{_SLUG.pattern})(?:/{_VERSION.pattern})?/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The place that a deposit will have, known before anything is written."""

    mark: str
    slug: str
    number: int


class SiteFolder:
    """The folder of a site. All that changes it is done between `lock`'s beginning and end."""

    def __init__(self, root: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.root = root
        self._lock_seconds = lock_seconds
        self._read: dict[Path, tuple[tuple[int, int, int], SiteEntry]] = {}

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep all others from writing; raises Busy when somebody else does not come to an end."""
        own = self.root / OWN
        with disk_errors(own):
            own.mkdir(parents=True, exist_ok=True)
            held = FileLock(own / "lock")
            try:
                held.acquire(timeout=self._lock_seconds)
            except Timeout as error:
                raise Busy(
                    "somebody else is publishing to this site",
                    where=str(self.root),
                    hint="wait until that has ended, then go on with `--resume`",
                ) from error
        try:
            yield
        finally:
            held.release()

    def entries(self) -> tuple[SiteEntry, ...]:
        """Return every published version, in the order of slug and number.

        Raises BadInput naming the file when one was damaged: nothing drops out of a list silently.
        """
        found = []
        for slug in self._folders(self.root, _SLUG):
            if slug.name in {DRAFTS, OWN}:
                continue
            for version in self._folders(slug, _VERSION):
                entry = self._entry(version)
                if entry is not None and entry.record == f"{slug.name}/{version.name}":
                    found.append(entry)
        return tuple(sorted(found, key=lambda one: (one.slug, one.number)))

    def records(self) -> list[list[SiteEntry]]:
        """Return the versions of each record, newest first; of records, the one published last."""
        by_slug: dict[str, list[SiteEntry]] = {}
        for entry in self.entries():
            by_slug.setdefault(entry.slug, []).insert(0, entry)
        ordered = sorted(by_slug.values(), key=lambda one: one[0].slug)
        return sorted(ordered, key=lambda one: one[0].issued, reverse=True)

    def find(self, mark: str) -> SiteEntry | None:
        """Return the published version of a deposit."""
        return next((one for one in self.entries() if one.mark == mark), None)

    def draft(self, mark: str) -> SiteEntry | None:
        """Return the draft of a deposit."""
        return self._entry(self.draft_folder(mark))

    def draft_folder(self, mark: str) -> Path:
        """Return where a deposit's draft lies."""
        return self.root / DRAFTS / _fit(mark)

    def version_folder(self, entry: SiteEntry | Claim) -> Path:
        """Return where a version lies."""
        return self.root / entry.slug / f"v{entry.number}"

    def claim(self, mark: str, slug: str, *, version_of: str | None) -> Claim:
        """Return the deposit's place in the site, and keep it from others.

        slug:       as one would like it; another one is taken where that is somebody else's
        version_of: `slug/v1` of an earlier version; raises NotFound where there is none
        """
        entries, claims = self.entries(), self._claims()
        mine = next((one for one in entries if one.mark == mark), None)
        if mine is not None:
            return Claim(mark=mark, slug=mine.slug, number=mine.number)
        if mark in claims:
            return claims[mark]
        taken: list[SiteEntry | Claim] = [*entries, *claims.values()]
        if version_of is None:
            claim = Claim(mark=mark, slug=self._free(slug, taken), number=1)
        else:
            earlier = self.named(version_of, entries)
            if earlier is None:
                raise NotFound(
                    f"no record {version_of} in this site",
                    where=str(self.root),
                    hint="choose one of those that the site's `crates.json` lists",
                )
            last = max(one.number for one in taken if one.slug == earlier.slug)
            claim = Claim(mark=mark, slug=earlier.slug, number=last + 1)
        write_text(self._claim_file(mark), to_json(claim))
        return claim

    @staticmethod
    def named(record: str, entries: Iterable[SiteEntry]) -> SiteEntry | None:
        """Return the version that `slug/v1` names; `slug` alone means the newest one."""
        told = RECORD.fullmatch(record)
        if told is None:
            return None
        fits = [
            one
            for one in entries
            if one.slug == told["slug"] and (told[2] is None or one.number == int(told[2]))
        ]
        return max(fits, key=lambda one: one.number, default=None)

    def release(self, mark: str) -> bool:
        """Give a claimed place back; say whether there was one."""
        file = self._claim_file(mark)
        there = file.exists()
        with disk_errors(file):
            file.unlink(missing_ok=True)
        return there

    @contextlib.contextmanager
    def making(self, mark: str, target: Path) -> Iterator[Path]:
        """Give an empty folder that becomes `target` when the block ends well, and else is gone.

        Raises Conflict where `target` is there already.
        """
        self.tidy()
        folder = self.root / OWN / f"making-{_fit(mark)}"
        with disk_errors(folder):
            folder.mkdir()
        try:
            yield folder
            with disk_errors(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    raise Conflict(
                        "something else lies there already",
                        where=str(target),
                        hint="move it away, then go on with `--resume`",
                    )
                folder.rename(target)
        finally:
            remove_tree(folder)

    def remove(self, folder: Path) -> bool:
        """Take a version or a draft away, at one stroke; say whether there was one."""
        if not folder.is_dir():
            return False
        gone = self.root / OWN / "making-gone"
        remove_tree(gone)
        with disk_errors(folder):
            folder.rename(gone)
        remove_tree(gone)
        return True

    def tidy(self) -> None:
        """Remove what an interrupted deposit left half made; the lock says that nobody is at it."""
        own = self.root / OWN
        with disk_errors(own):
            left = [one for one in own.iterdir() if one.name.startswith("making-")]
        for one in left:
            remove_tree(one)

    def written_as(self, look: str) -> bool:
        """Say whether all pages were written with these answers and by this release."""
        file = self.root / OWN / "look"
        with disk_errors(file):
            return file.is_file() and file.read_text("utf-8") == look

    def note_written_as(self, look: str) -> None:
        """Keep with which answers all pages were written."""
        write_text(self.root / OWN / "look", look)

    def _entry(self, folder: Path) -> SiteEntry | None:
        """Read an entry, unless it is the one that was read last: each is asked for often."""
        file = folder / ENTRY
        with disk_errors(file):
            if not file.is_file():
                return None
            seen = file.stat()
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            known = self._read.get(file)
            if known is not None and known[0] == stamp:
                return known[1]
            content = file.read_bytes()
        entry = from_json(content, SiteEntry, where=str(file))
        self._read[file] = (stamp, entry)
        return entry

    def _folders(self, parent: Path, pattern: re.Pattern[str]) -> list[Path]:
        with disk_errors(parent):
            if not parent.is_dir():
                return []
            return sorted(
                one for one in parent.iterdir() if pattern.fullmatch(one.name) and one.is_dir()
            )

    def _claims(self) -> dict[str, Claim]:
        folder = self.root / OWN / "claims"
        with disk_errors(folder):
            files = sorted(folder.glob("*.json")) if folder.is_dir() else []
            told = [(one, one.read_bytes()) for one in files]
        claims = [from_json(content, Claim, where=str(file)) for file, content in told]
        return {one.mark: one for one in claims}

    def _claim_file(self, mark: str) -> Path:
        return self.root / OWN / "claims" / f"{_fit(mark)}.json"

    def _free(self, wanted: str, taken: Iterable[SiteEntry | Claim]) -> str:
        slugs = {one.slug for one in taken} | {DRAFTS}
        number = 1
        while True:
            slug = wanted if number == 1 else f"{wanted}-{number}"
            if slug not in slugs and not (self.root / slug).exists():
                return slug
            number += 1


def _fit(mark: str) -> str:
    """Return a mark as the name of a file; one that was tampered with is no path."""
    if not _MARK.fullmatch(mark):
        raise Conflict(
            "the journal of this deposit was changed by somebody",
            hint="look the deposit up in the site's `crates.json`, then publish anew",
        )
    return mark
