"""The verdicts of a site: which crate's page shows which of them, and whose badge a crate has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recrate.model.record import LinkRelation, RecordLink
from recrate.outside.disk import disk_errors
from recrate.publish.site_entry import SiteEntry, is_replay
from recrate.publish.site_folder import SiteFolder
from recrate.publish.site_text import doi_address
from recrate.publish.site_verdict import BADGE_FILES

RE_EXECUTION = "re-execution"
"""What `IsReviewedBy` means where the review is a replay; others are people's."""

_BADGE_LIMIT_BYTES = 64 << 10
_COPIED = re.compile(rb"<!-- of [a-z0-9-]+/v[0-9]+ -->\n\Z")
"""How a badge ends that was copied from a verdict: such a one is ours to take away again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVerdict:
    """A verdict on a crate. `entry`: its own record, where that lies in the same site."""

    link: RecordLink
    entry: SiteEntry | None = None

    @property
    def word(self) -> str:
        """The verdict; empty where only its address is known."""
        return self.entry.verdict if self.entry is not None else ""

    @property
    def day(self) -> str:
        """The day of the replay, or of its publication; empty where it is not known."""
        if self.entry is None:
            return ""
        return (self.entry.judged.day if self.entry.judged else "") or self.entry.issued


class Verdicts:
    """What the records of a site say of one another. Read once, for as long as nothing changes."""

    def __init__(self, folder: SiteFolder, *, url: str | None) -> None:
        self._folder, self._entries = folder, folder.entries()
        self._by_address: dict[str, SiteEntry] = {}
        for entry in filter(is_replay, self._entries):
            addresses = (doi_address(entry.doi), f"{url}{entry.record}/" if url else None)
            self._by_address |= {one.lower(): entry for one in addresses if one}

    def of(self, entry: SiteEntry) -> tuple[KnownVerdict, ...]:
        """Return the verdicts on a crate, newest first, those of unknown day last."""
        links = [one for one in entry.links if one.relation is LinkRelation.IS_REVIEWED_BY]
        known = [
            KnownVerdict(link=one, entry=self._by_address.get(one.target.lower()))
            for one in reversed(links)
        ]
        replays = [one for one in known if one.entry or one.link.information == RE_EXECUTION]
        return tuple(sorted(replays, key=_moment, reverse=True))

    def shown_by(self, slug: str) -> set[str]:
        """Return the slugs of the records that have a verdict under `slug`."""
        return {
            entry.slug
            for entry in self._entries
            for known in self.of(entry)
            if known.entry is not None and known.entry.slug == slug
        }

    def badges(self, entry: SiteEntry) -> dict[str, bytes]:
        """Return the badges of the newest verdict on a crate that has some, by their file names."""
        for known in self.of(entry):
            if known.entry is not None and (found := self.badges_of(known.entry)):
                mark = f"<!-- of {known.entry.record} -->\n".encode()
                return {name: content + mark for name, content in found.items()}
        return {}

    def badges_of(self, verdict: SiteEntry) -> dict[str, bytes]:
        """Return the badges that lie beside a verdict's own page; all of them, or none."""
        folder = self._folder.version_folder(verdict)
        found = {name: badge_in(folder / name) for name in BADGE_FILES.values()}
        return {name: one for name, one in found.items() if one} if all(found.values()) else {}


def badge_in(file: Path) -> bytes | None:
    """Return a badge as it lies; None where there is none."""
    with disk_errors(file):
        if not file.is_file() or file.stat().st_size > _BADGE_LIMIT_BYTES:
            return None
        return file.read_bytes()


def is_copy(badge: bytes) -> bool:
    """Say whether a badge was copied from a verdict of this site."""
    return _COPIED.search(badge) is not None


def without_verdicts(entry: SiteEntry, verdicts: Sequence[KnownVerdict]) -> list[RecordLink]:
    """Return the relations of a crate that are no verdicts."""
    shown = [one.link for one in verdicts]
    return [one for one in entry.links if one not in shown]


def _moment(known: KnownVerdict) -> tuple[str, int]:
    if known.entry is None:
        return "", 0
    judged = known.entry.judged
    return (judged.ended if judged else "") or known.entry.issued, known.entry.number
