"""What a site shows of one deposit: only what everybody may know, bounded, and ready for a page.

Kept as `entry.json` beside each page, so that all pages can be written again from the folder alone.
A person's mail address and number in e-Rad are in the record, and never here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from recrate.model.record import Record, RecordKind, RecordLink
from recrate.model.study import Access, AccessRight, Organisation, Person
from recrate.publish.depositor import Parcel
from recrate.publish.site_text import TEXT_CHARACTERS, bare_doi, line, plain, web_address
from recrate.publish.site_verdict import SiteVerdict, verdict_of

PEOPLE_SHOWN = 200
NOTEBOOKS_SHOWN = 200
FILES_SHOWN = 300
PACKAGES_SHOWN = 40
KEYWORDS_SHOWN = 40
LINKS_SHOWN = 200
GRANTS_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePerson:
    """An author as the page shows one. `identifier`: an ORCID as an address, None for another."""

    name: str
    alternate_name: str = ""
    identifier: str | None = None
    affiliation: str = ""
    affiliation_alternate: str = ""
    affiliation_identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteGrant:
    """Who paid, as the page shows it."""

    funder: str = ""
    funder_alternate: str = ""
    funder_identifier: str | None = None
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A file of the crate."""

    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """The first files of a crate; apart from the entry, as only the crate's own page lists them."""

    files: tuple[SiteFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEnvironment:
    """The environment in short. `count`: of all packages; `packages`: the first, with versions."""

    language: str
    version: str
    count: int
    packages: tuple[str, ...] = ()
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDocument:
    """A file beside the page that tells of the crate in another form."""

    name: str
    media_type: str
    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEntry:
    """One version of one record.

    mark:         of the deposit, as `mark_of` gives it
    slug, number: where it lies: `<slug>/v<number>/`
    titles:       (language, text), the main one first; the language may be empty
    crate_file:   name of the zip beside the page; None where it is not public
    file_count:   of all files of the crate
    judged:       of a replay whose verdict is at hand, with its coverage
    """

    mark: str
    slug: str
    number: int
    kind: str
    identity: str
    sha256: str
    size_bytes: int
    issued: str
    agent: str
    titles: tuple[tuple[str, str], ...]
    descriptions: tuple[tuple[str, str], ...]
    doi: str | None = None
    concept_doi: str | None = None
    publisher: str = ""
    version: str = ""
    verdict: str = ""
    licence: str = ""
    access: str = AccessRight.OPEN.value
    available: str = ""
    conditions: str = ""
    contact: str = ""
    crate_file: str | None = None
    people: tuple[SitePerson, ...] = ()
    keywords: tuple[str, ...] = ()
    grants: tuple[SiteGrant, ...] = ()
    links: tuple[RecordLink, ...] = ()
    notebooks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    environment: SiteEnvironment | None = None
    file_count: int = 0
    documents: tuple[SiteDocument, ...] = ()
    judged: SiteVerdict | None = None

    @property
    def record(self) -> str:
        """What the entry is called in its site: `tides/v2`."""
        return f"{self.slug}/v{self.number}"

    def title(self, language: str) -> str:
        """Return the title in a language, else the main one."""
        return dict(self.titles).get(language) or self.titles[0][1]

    def other_titles(self, language: str) -> list[tuple[str, str]]:
        """Return the titles that `title` did not choose, with their languages."""
        return [one for one in self.titles if one[1] != self.title(language)]


def is_public(access: Access | None, today: str) -> bool:
    """Say whether everybody may have the crate itself on a day (ISO date)."""
    if access is None or access.right is AccessRight.OPEN:
        return True
    return (
        access.right is AccessRight.EMBARGOED
        and access.available is not None
        and access.available <= today
    )


def entry_of(
    parcel: Parcel, *, mark: str, slug: str, number: int, today: str, documents: Iterable[str] = ()
) -> SiteEntry:
    """Return what a site shows of a parcel. `documents`: names of the files written beside it."""
    record, said = parcel.record, parcel.record.description
    public = is_public(said.access, today)
    access = said.access or Access(right=AccessRight.OPEN)
    return SiteEntry(
        mark=mark,
        slug=slug,
        number=number,
        kind=record.kind.value,
        identity=record.identity,
        sha256=parcel.sha256,
        size_bytes=parcel.size_bytes,
        issued=line(record.issued)[:10],
        agent=line(record.agent),
        titles=_texts(record, "title", parcel.crate.name),
        descriptions=_texts(record, "description", ""),
        doi=bare_doi(record.doi or ""),
        concept_doi=bare_doi(record.concept_doi or ""),
        publisher=line(record.publisher),
        version=line(record.version, 60),
        verdict=line(record.verdict, 40),
        licence=line(said.licence),
        access=AccessRight.OPEN.value if public else access.right.value,
        available=line(access.available, 10),
        conditions=plain(access.conditions, 2_000),
        contact=line(access.contact),
        crate_file=f"{slug}.crate.zip" if public else None,
        people=tuple(_person(one) for one in said.creators[:PEOPLE_SHOWN]),
        keywords=tuple(filter(None, (line(one, 80) for one in said.keywords[:KEYWORDS_SHOWN]))),
        grants=_grants(record),
        links=tuple(filter(None, map(clean_link, record.links[:LINKS_SHOWN]))),
        notebooks=tuple(line(one) for one in record.notebooks[:NOTEBOOKS_SHOWN]) if public else (),
        languages=tuple(line(one, 40) for one in record.languages[:10]),
        environment=_environment(parcel),
        file_count=len(parcel.crate.files),
        documents=tuple(document_of(one) for one in documents),
        judged=verdict_of(parcel),
    )


def with_link(entry: SiteEntry, link: RecordLink) -> SiteEntry:
    """Return the entry with one more relation; the same entry where it has it, or has no room."""
    clean = clean_link(link)
    known = {(one.target.lower(), one.relation) for one in entry.links}
    if clean is None or (clean.target.lower(), clean.relation) in known:
        return entry
    if len(entry.links) >= LINKS_SHOWN:
        return entry
    return replace(entry, links=(*entry.links, clean))


def clean_link(link: RecordLink) -> RecordLink | None:
    """Return a relation fit for a page; None where its target is no address to go to."""
    target = web_address(link.target)
    if target is None:
        return None
    return RecordLink(
        target=target,
        relation=link.relation,
        title=line(link.title) or None,
        resource_type=line(link.resource_type, 60) or None,
        information=line(link.information, 200) or None,
    )


DOCUMENTS = {
    "jpcoar": ("jpcoar.xml", "application/xml", "https://github.com/JPCOAR/schema/blob/master/2.0/"),
    "datacite-xml": ("datacite.xml", "application/xml", "http://datacite.org/schema/kernel-4"),
    "cff": ("CITATION.cff", "application/yaml", "https://citation-file-format.github.io/1.2.0/schema.json"),
    "codemeta": ("codemeta.json", "application/ld+json", "https://w3id.org/codemeta/3.0"),
    "bibtex": ("citation.bib", "application/x-bibtex", None),
    "ris": ("citation.ris", "application/x-research-info-systems", None),
    "citation-text": ("citation.txt", "text/plain", None),
    "citation-text-ja": ("citation.ja.txt", "text/plain", None),
    "schema-org": ("schema-org.jsonld", "application/ld+json", "https://schema.org/"),
}  # fmt: skip
"""By the name of the format: the file's name, its media type and what it conforms to."""

METADATA = SiteDocument(
    name="ro-crate-metadata.json",
    media_type="application/ld+json",
    profile="https://w3id.org/ro/crate",
)
"""Source: https://www.researchobject.org/ro-crate/specification/1.1/, on content negotiation."""


def document_of(name: str) -> SiteDocument:
    """Return what is known of a file beside the page, by its name."""
    if name == METADATA.name:
        return METADATA
    for file, media_type, profile in DOCUMENTS.values():
        if file == name:
            return SiteDocument(name=file, media_type=media_type, profile=profile)
    raise KeyError(name)


def _texts(record: Record, field: str, otherwise: str) -> tuple[tuple[str, str], ...]:
    said = record.description
    limit = 300 if field == "title" else TEXT_CHARACTERS
    clean = line if field == "title" else plain
    main: Any = said.language.value if said.language else ""
    found = [(main, clean(getattr(said, field), limit))]
    found += [(one.language.value, clean(getattr(one, field), limit)) for one in said.translations]
    kept = tuple(one for one in found if one[1])
    if kept or not otherwise:
        return kept
    return (("", line(otherwise, 300) or record.kind.value),)


def _person(person: Person) -> SitePerson:
    where = person.affiliation or Organisation(name="")
    identifier = web_address(person.identifier)
    return SitePerson(
        name=line(person.name, 200),
        alternate_name=line(person.alternate_name, 200),
        identifier=identifier if identifier and "://orcid.org/" in identifier else None,
        affiliation=line(where.name, 300),
        affiliation_alternate=line(where.alternate_name, 300),
        affiliation_identifier=web_address(where.identifier),
    )


def _grants(record: Record) -> tuple[SiteGrant, ...]:
    return tuple(
        SiteGrant(
            funder=line(grant.funder.name, 300) if grant.funder else "",
            funder_alternate=line(grant.funder.alternate_name, 300) if grant.funder else "",
            funder_identifier=web_address(grant.funder.identifier) if grant.funder else None,
            number=line(grant.award_number, 100),
            title=line(grant.award_title, 300),
        )
        for grant in record.description.funding[:GRANTS_SHOWN]
    )


def _environment(parcel: Parcel) -> SiteEnvironment | None:
    lock = parcel.crate.lock
    if lock is None:
        return None
    packages = [f"{line(one.name, 100)} {line(one.version, 60)}" for one in lock.packages]
    return SiteEnvironment(
        language=line(lock.language, 40),
        version=line(lock.python, 40),
        count=len(packages),
        packages=tuple(packages[:PACKAGES_SHOWN]),
        as_of=line(lock.as_of, 10) or None,
    )


def files_of(parcel: Parcel) -> SiteFiles:
    """Return the files that a page lists."""
    return SiteFiles(
        files=tuple(
            SiteFile(path=line(one.path), size_bytes=one.size_bytes)
            for one in parcel.crate.files[:FILES_SHOWN]
        )
    )


def is_replay(entry: SiteEntry) -> bool:
    """Say whether the entry is a replay's run crate."""
    return entry.kind == RecordKind.REPLAY.value
