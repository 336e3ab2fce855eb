"""Write a site: a version with all that lies beside it, and every page that speaks of it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadCrate, Conflict
from recrate.model.progress import Progress
from recrate.model.wire import from_json, to_json
from recrate.outside.archive import Archive
from recrate.outside.disk import BLOCK_BYTES, disk_errors, write_text, writing
from recrate.publish.depositor import Parcel
from recrate.publish.site_entry import DOCUMENTS, SiteEntry, SiteFiles, files_of, is_replay
from recrate.publish.site_folder import ENTRY, SiteFolder
from recrate.publish.site_frame import GENERATOR, SiteLook
from recrate.publish.site_links import (
    LINKSET,
    apache_headers,
    linkset,
    netlify_headers,
    nginx_headers,
)
from recrate.publish.site_lists import crates_json, feed, versions_json
from recrate.publish.site_pages import Beside, index_page, landing_page, versions_page
from recrate.publish.site_schema import addressed, read_document, with_review
from recrate.publish.site_verdict import BADGE_FILES, BADGES, REVIEW
from recrate.publish.site_verdicts import KnownVerdict, Verdicts, badge_in, is_copy
from recrate.publish.site_words import LANGUAGES, PAGES

METADATA_LIMIT_BYTES = 64 << 20
BESIDE_LIMIT_BYTES = 256 << 10
SCHEMA = DOCUMENTS["schema-org"][0]
HEADERS = "_headers"
FILES = "files.json"
NGINX = "signposting.nginx.conf"
_OURS = f'name="generator" content="{GENERATOR}"'


def names_of(parcel: Parcel, *, public: bool) -> tuple[str, ...]:
    """Return the files that `write_version` puts beside the page, but the crate itself.

    A crate that is not public keeps its own metadata to itself: they name every file in it.
    """
    names = [DOCUMENTS[one][0] for one in DOCUMENTS if parcel.documents.get(one)]
    return (METADATA_NAME, *names) if public else tuple(names)


def write_version(folder: Path, parcel: Parcel, entry: SiteEntry, *, progress: Progress) -> None:
    """Fill an empty folder with a version: the crate, its metadata, and what pages are made from.

    Raises BadCrate when the crate's file is not the one that the parcel tells of.
    """
    if entry.crate_file is not None:
        _copy(parcel, folder / entry.crate_file, progress)
        _write(folder / METADATA_NAME, _metadata(parcel))
        write_text(folder / FILES, to_json(files_of(parcel)))
    for form, (name, *_) in DOCUMENTS.items():
        if content := parcel.documents.get(form):
            if name == SCHEMA and is_replay(entry):
                content = with_review(content, parcel.documents.get(REVIEW))
            _write(folder / name, content)
    if entry.judged is not None:
        for form, (_, name) in BADGES.items():
            if badge := parcel.documents.get(form):
                _write(folder / name, badge)
    write_text(folder / ENTRY, to_json(entry))


def write_page(
    folder: Path,
    entry: SiteEntry,
    *,
    look: SiteLook,
    verdicts: Verdicts,
    versions: Sequence[SiteEntry] = (),
    draft: str | None = None,
) -> None:
    """Write what of a version depends on the site, on its other versions, and on its verdicts."""
    base = f"{look.url}{draft or entry.record}/" if look.url else None
    _address_schema(folder / SCHEMA, entry, base, verdicts.of(entry))
    _copy_badges(folder, entry, verdicts)
    beside = _beside(folder, verdicts.of(entry))
    for language in LANGUAGES:
        page = landing_page(
            entry, language, look=look, versions=versions, beside=beside, draft=draft
        )
        _keep(folder / PAGES[language], page)
    _keep(folder / LINKSET, linkset(entry, base=base, inbox=look.inbox))
    _keep(folder / ".htaccess", apache_headers(entry, base=base, inbox=look.inbox))


def write_record(
    site: SiteFolder, versions: Sequence[SiteEntry], *, look: SiteLook, verdicts: Verdicts
) -> None:
    """Write the pages of every version of a record, and the one that leads to the newest."""
    for entry in versions:
        folder = site.version_folder(entry)
        write_page(folder, entry, look=look, verdicts=verdicts, versions=versions)
    write_leading(site.root / versions[0].slug, versions, look=look, verdicts=verdicts)


def write_leading(
    folder: Path, versions: Sequence[SiteEntry], *, look: SiteLook, verdicts: Verdicts
) -> None:
    """Write the pages of a record that lead to its versions, newest first."""
    for language in LANGUAGES:
        _keep(folder / PAGES[language], versions_page(versions, language, look=look))
    _keep(folder / "versions.json", versions_json(versions, look=look, verdicts=verdicts))


def write_lists(site: SiteFolder, *, look: SiteLook, verdicts: Verdicts) -> None:
    """Write the site's own lists and pages from what lies in its folder, the front page last."""
    refuse_others(site.root)
    records = site.records()
    newest_first = sorted(site.entries(), key=lambda one: (one.issued, one.number), reverse=True)
    _keep(site.root / "feed.xml", feed(newest_first, look=look))
    _keep(site.root / "crates.json", crates_json(records, look=look, verdicts=verdicts))
    _keep(
        site.root / NGINX,
        nginx_headers(newest_first, url=look.url, inbox=look.inbox),
    )
    headers = netlify_headers(newest_first, url=look.url, inbox=look.inbox)
    if _starts_like(site.root / HEADERS, headers):
        _keep(site.root / HEADERS, headers)
    for language in reversed(LANGUAGES):
        _keep(
            site.root / PAGES[language], index_page(records, language, look=look, verdicts=verdicts)
        )


def refuse_others(root: Path) -> None:
    """Raise Conflict where the folder has a front page that is not ours to write over."""
    if foreign_page(root):
        raise Conflict(
            "the folder has a front page of its own",
            where=str(root / PAGES["en"]),
            hint="choose an empty folder for the site, such as one beside that page",
        )


def foreign_page(root: Path) -> bool:
    """Say whether the folder's front page was made by somebody else."""
    page = root / PAGES["en"]
    with disk_errors(page):
        if not page.is_file():
            return False
        with page.open("rb") as stream:
            return _OURS.encode() not in stream.read(4096)


def _copy(parcel: Parcel, target: Path, progress: Progress) -> None:
    digest, done = hashlib.sha256(), 0
    with disk_errors(parcel.file), parcel.file.open("rb") as source, writing(target) as stream:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
            stream.write(block)
            done += len(block)
            progress("write", done, parcel.size_bytes, target.name)
        if digest.hexdigest() != parcel.sha256:
            raise BadCrate(
                "the file was changed while it was being published",
                where=str(parcel.file),
                hint="publish it again",
            )


def _metadata(parcel: Parcel) -> bytes:
    """Return the crate's metadata, byte for byte as they lie in it."""
    with Archive(parcel.file) as archive:
        if METADATA_NAME in archive.entries:
            return archive.read(METADATA_NAME, limit_bytes=METADATA_LIMIT_BYTES)
    return json.dumps(parcel.crate.metadata, ensure_ascii=False, indent=1).encode()


def _address_schema(
    file: Path, entry: SiteEntry, base: str | None, verdicts: Sequence[KnownVerdict]
) -> None:
    """Let the metadata for search engines name the zip and the verdicts, at the address of now."""
    document = read_document(_small(file))
    if document is not None:
        _keep(file, addressed(document, entry, base=base, verdicts=verdicts))


def _copy_badges(folder: Path, entry: SiteEntry, verdicts: Verdicts) -> None:
    """Give a crate the badge of its newest verdict, and take that away where there is none more.

    It keeps its address whatever verdict is the newest. A badge that somebody laid there stays
    until the first verdict of this site.
    """
    if is_replay(entry):
        return
    copies = verdicts.badges(entry)
    for name in BADGE_FILES.values():
        file = folder / name
        if name in copies:
            _keep(file, copies[name].decode())
        elif (there := badge_in(file)) is not None and is_copy(there):
            with disk_errors(file):
                file.unlink()


def _write(file: Path, content: bytes) -> None:
    with writing(file) as stream:
        stream.write(content)


def _keep(file: Path, text: str) -> None:
    """Write a text unless it is there already: what did not change keeps its date."""
    content = text.encode("utf-8", "replace")
    with disk_errors(file):
        same = file.is_file() and file.read_bytes() == content
    if not same:
        _write(file, content)


def _beside(folder: Path, verdicts: Sequence[KnownVerdict]) -> Beside:
    citations = {}
    for language, name in (("en", "citation.txt"), ("ja", "citation.ja.txt")):
        content = _small(folder / name)
        if content is not None:
            citations[language] = content.decode("utf-8", "replace")
    files = _small(folder / FILES)
    return Beside(
        files=from_json(files, SiteFiles, where=str(folder / FILES)).files if files else (),
        badges={name for name in BADGE_FILES.values() if (folder / name).is_file()},
        verdicts=verdicts,
        citations=citations,
        schema_org=_small(folder / SCHEMA),
    )


def _small(file: Path) -> bytes | None:
    """Return the content of a file; None where there is none, or more than a page has use for."""
    with disk_errors(file):
        if not file.is_file() or file.stat().st_size > BESIDE_LIMIT_BYTES:
            return None
        return file.read_bytes()


def _starts_like(file: Path, text: str) -> bool:
    """Say whether a file may be written over: it is not there, or has our first line."""
    with disk_errors(file):
        if not file.is_file():
            return True
        with file.open("rb") as stream:
            return stream.readline(400) == text.encode().splitlines(keepends=True)[0]
