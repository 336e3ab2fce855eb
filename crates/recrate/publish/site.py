"""Depositor 1: a folder that any web server can show as it lies. Needs no account and no network.

A version is made in a folder beside the others and renamed when it is whole, so nothing is ever
half shown; two people who publish at once do so one after the other.
"""

from dataclasses import replace
from pathlib import Path

from recrate.model.deposit import (
    About,
    Capabilities,
    DepositOrder,
    DepositStatus,
    Place,
    Receipt,
    Reservation,
)
from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.progress import Progress
from recrate.model.record import RecordLink
from recrate.model.study import Language
from recrate.model.wire import to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.journal import Journal
from recrate.publish.site_checks import WITHHELD, findings
from recrate.publish.site_entry import DOCUMENTS, SiteEntry, entry_of, is_public, with_link
from recrate.publish.site_folder import DRAFTS, ENTRY, Claim, SiteFolder
from recrate.publish.site_options import OPTIONS, look_of
from recrate.publish.site_text import bare_doi, line, mark_of, slug_of
from recrate.publish.site_verdict import VERDICT_FORMATS
from recrate.publish.site_verdicts import Verdicts
from recrate.publish.site_words import PAGES
from recrate.publish.site_writing import (
    names_of,
    refuse_others,
    write_leading,
    write_lists,
    write_page,
    write_record,
    write_version,
)


class Site:
    """A static site in a folder. Made with `place.answers`; see `OPTIONS`."""

    about = About(
        kind="folder",
        title_en="Folder or static site",
        title_ja="フォルダ・静的サイト",
        capabilities=Capabilities(
            needs_account=False, gives_doi=False, drafts=True, versions=True, relations=True
        ),
        options=OPTIONS,
        formats=(*DOCUMENTS, *VERDICT_FORMATS),
    )

    def __init__(self, place: Place, surroundings: Surroundings) -> None:
        answers = place.answers
        told = answers.get("folder", "").strip()
        if not told:
            raise BadInput(
                "no folder for the site",
                where=place.name,
                hint="name one with the option `folder`",
            )
        self.folder = SiteFolder(Path(told).expanduser().absolute())
        self.look = look_of(answers)
        self._today, self._agent = surroundings.today, surroundings.agent
        self._publisher = line(answers.get("publisher"))

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what will not be shown, and what would stop the site from being written."""
        earlier = parcel.order.new_version_of
        return findings(
            parcel,
            root=self.folder.root,
            look=self.look,
            today=self._today,
            known=earlier is None or self.entry(earlier) is not None,
        )

    def reserve(self, parcel: Parcel, journal: Journal, progress: Progress) -> Reservation:
        """Keep a place in the site for the deposit; its address is known where the site's is."""
        progress("reserve", 0, 1, str(self.folder.root))
        mark = self._noted(parcel.order, journal)
        with self.folder.lock():
            claim = self._claim(parcel, mark)
        url = self.look.url
        return Reservation(record_url=f"{url}{claim.slug}/v{claim.number}/" if url else None)

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Write the version, then every page and list that speaks of it.

        Raises Busy while somebody else writes, Conflict where the folder belongs to another page.
        """
        mark = self._noted(parcel.order, journal)
        with self.folder.lock():
            refuse_others(self.folder.root)
            self.folder.tidy()
            if not (self.folder.root / PAGES["en"]).exists():
                write_lists(self.folder, look=self.look, verdicts=self._verdicts())
            claim = self._claim(parcel, mark)
            if parcel.order.draft and self.folder.find(mark) is None:
                return self._draft(parcel, claim, progress)
            entry = self._publish(parcel, claim, progress)
        journal.note(site_record=entry.record)
        return self._receipt(entry)

    def discard(self, journal: Journal) -> bool:
        """Remove a draft and give its place back; what is published stays."""
        mark = journal.get("site_mark")
        if not isinstance(mark, str):
            return False
        with self.folder.lock():
            if self.folder.find(mark) is not None:
                return False
            self.folder.tidy()
            removed = self.folder.remove(self.folder.draft_folder(mark))
            return self.folder.release(mark) or removed

    def withdraw(self, journal: Journal) -> bool:
        """Take a published version off the site; for one whose DOI was never registered."""
        mark = journal.get("site_mark")
        if not isinstance(mark, str):
            return False
        with self.folder.lock():
            entry = self.folder.find(mark)
            if entry is None:
                return False
            crates = self._replayed_by(entry.slug)
            self.folder.remove(self.folder.version_folder(entry))
            self.folder.release(mark)
            self._rewrite(entry.slug, *crates)
            return True

    def relate(self, record: str, link: RecordLink) -> bool:
        """Show a relation on a record's page, unless it is there already.

        record: `slug/v1`, its address, or its DOI
        """
        if not self.folder.root.is_dir():
            return False
        with self.folder.lock():
            entry = self.entry(record)
            if entry is None:
                return False
            told = with_link(entry, link)
            if told != entry:
                write_text(self.folder.version_folder(entry) / ENTRY, to_json(told))
            self._rewrite(entry.slug)
            return True

    def rebuild(self) -> int:
        """Write all pages and lists again, after a move or a new badge; return the versions."""
        with self.folder.lock():
            self.folder.tidy()
            verdicts = self._verdicts()
            for versions in self.folder.records():
                write_record(self.folder, versions, look=self.look, verdicts=verdicts)
            write_lists(self.folder, look=self.look, verdicts=verdicts)
            return len(self.folder.entries())

    def entry(self, record: str) -> SiteEntry | None:
        """Return the version that a name, an address or a DOI means."""
        entries = self.folder.entries()
        doi = bare_doi(record)
        if doi is not None:
            return next((one for one in entries if one.doi == doi), None)
        told = record
        if self.look.url and record.startswith(self.look.url):
            told = record.removeprefix(self.look.url)
            for page in PAGES.values():
                told = told.removesuffix(page)
        return self.folder.named(told, entries)

    def _noted(self, order: DepositOrder, journal: Journal) -> str:
        mark = mark_of(order.mark)
        if journal.get("site_mark") != mark:
            journal.note(site_mark=mark)
        return mark

    def _claim(self, parcel: Parcel, mark: str) -> Claim:
        said = parcel.record.description
        english = [one.title for one in said.translations if one.language is Language.ENGLISH]
        slug = slug_of(*english, said.title, parcel.crate.name)
        earlier = parcel.order.new_version_of
        entry = self.entry(earlier) if earlier else None
        return self.folder.claim(mark, slug, version_of=entry.record if entry else earlier)

    def _entry_of(self, parcel: Parcel, claim: Claim) -> SiteEntry:
        public = is_public(parcel.record.description.access, self._today)
        entry = entry_of(
            parcel,
            mark=claim.mark,
            slug=claim.slug,
            number=claim.number,
            today=self._today,
            documents=names_of(parcel, public=public),
        )
        return replace(entry, publisher=entry.publisher or self._publisher)

    def _draft(self, parcel: Parcel, claim: Claim, progress: Progress) -> Receipt:
        """Write a draft where no list leads to; one that is there already is made anew."""
        entry = self._entry_of(parcel, claim)
        target = self.folder.draft_folder(claim.mark)
        place = f"{DRAFTS}/{claim.mark}"
        known = self.folder.draft(claim.mark)
        if known != entry:
            self.folder.remove(target)
            with self.folder.making(claim.mark, target) as folder:
                write_version(folder, parcel, entry, progress=progress)
                write_page(folder, entry, look=self.look, verdicts=self._verdicts(), draft=place)
        return Receipt(
            status=DepositStatus.DRAFT,
            record=entry.record,
            record_url=self._page_of(place),
            doi=entry.doi,
            version=f"v{entry.number}",
        )

    def _publish(self, parcel: Parcel, claim: Claim, progress: Progress) -> SiteEntry:
        """Make the version unless it is there, and all lists, which an earlier try may lack."""
        entry = self.folder.find(claim.mark)
        if entry is None:
            entry = self._entry_of(parcel, claim)
            self._make(parcel, entry, progress)
        self._rewrite(entry.slug, *self._replayed_by(entry.slug))
        self.folder.remove(self.folder.draft_folder(claim.mark))
        self.folder.release(claim.mark)
        return entry

    def _make(self, parcel: Parcel, entry: SiteEntry, progress: Progress) -> None:
        """Let a version appear; the first one of a record brings the record's own pages along."""
        versions = self._with(entry)
        target = self.folder.version_folder(entry)
        first = not target.parent.exists()
        with self.folder.making(entry.mark, target.parent if first else target) as folder:
            inner = folder / target.name if first else folder
            with disk_errors(inner):
                inner.mkdir(exist_ok=True)
            write_version(inner, parcel, entry, progress=progress)
            verdicts = self._verdicts()
            write_page(inner, entry, look=self.look, verdicts=verdicts, versions=versions)
            if first:
                write_leading(folder, versions, look=self.look, verdicts=verdicts)

    def _with(self, entry: SiteEntry) -> list[SiteEntry]:
        others = [one for one in self.folder.entries() if one.slug == entry.slug]
        return sorted([entry, *others], key=lambda one: one.number, reverse=True)

    def _verdicts(self) -> Verdicts:
        """Return what is known of verdicts now."""
        return Verdicts(self.folder, url=self.look.url)

    def _replayed_by(self, slug: str) -> set[str]:
        """Return the records whose pages show a verdict that lies under `slug`."""
        return self._verdicts().shown_by(slug)

    def _rewrite(self, slug: str, *others: str) -> None:
        """Write the pages of records and all lists; every page where the site itself has changed.

        others: records that show something of the first
        """
        records, verdicts = self.folder.records(), self._verdicts()
        look = f"{self.look!r} {self._agent}"
        same = self.folder.written_as(look)
        for versions in records:
            if not same or versions[0].slug in {slug, *others}:
                write_record(self.folder, versions, look=self.look, verdicts=verdicts)
        if not any(versions[0].slug == slug for versions in records):
            remove_tree(self.folder.root / slug)
        write_lists(self.folder, look=self.look, verdicts=verdicts)
        if not same:
            self.folder.note_written_as(look)

    def _receipt(self, entry: SiteEntry) -> Receipt:
        base = f"{self.look.url}{entry.record}/" if self.look.url else None
        notes = () if entry.crate_file else (WITHHELD,)
        return Receipt(
            status=DepositStatus.PUBLISHED,
            record=entry.record,
            record_url=self._page_of(entry.record),
            doi=entry.doi,
            concept_doi=entry.concept_doi,
            file_url=base + entry.crate_file if base and entry.crate_file else None,
            version=f"v{entry.number}",
            notes=notes,
        )

    def _page_of(self, place: str) -> str:
        if self.look.url:
            return f"{self.look.url}{place}/"
        return (self.folder.root / place / PAGES["en"]).as_uri()
