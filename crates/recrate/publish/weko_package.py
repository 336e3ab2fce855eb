"""The package that WEKO is sent: a BagIt bag in a zip, with the deposit view and the crate.

    whole     data/ro-crate-metadata.json   the deposit view
              data/NAME.crate.zip           the crate, byte for byte
    exploded  data/ro-crate-metadata.json   the deposit view
              data/original-ro-crate-metadata.json, data/…   the crate's own metadata, its files

`whole` is stored as it was sent, as the item's only file; so who fetches it has a bag whose one
payload file is the very zip that was published, and its checksum. A second copy of the crate's
files would say nothing more. `exploded` leaves out the preview, which the metadata make again.

Source: RFC 8493 (BagIt); RCOSDP/weko v2.0.0, weko_search_ui/utils.py, check_jsonld_import_items
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recrate.model.crate import METADATA_NAME, PREVIEW_NAME
from recrate.model.progress import Progress
from recrate.outside.archive import Archive, Member, Written, write_zip
from recrate.outside.disk import disk_errors, media_type_of, scratch_folder, sha256_of
from recrate.publish.depositor import Parcel
from recrate.publish.weko_view import Document, ViewFile

ORIGINAL_NAME = f"original-{METADATA_NAME}"
"""What the crate's own metadata file is called where the view has taken its name."""
_VERSION = b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The zip to be sent. `name`: what it is called there, and by WEKO where it is kept whole."""

    file: Path
    name: str
    sha256: str
    size_bytes: int


def slug_of(parcel: Parcel) -> str:
    """Return what the crate is called there, in letters that no server changes.

    From a title in ASCII where there is one, else from the crate's identity.
    """
    said = parcel.record.description
    for title in (*(one.title for one in said.translations), said.title):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip(".-_")[:60].rstrip(".-_")
        if len(slug) >= min(len(title), 60) // 2 > 0:
            return slug
    return f"crate-{parcel.crate.identity[:12]}"


def files_of(parcel: Parcel, *, whole: bool) -> tuple[ViewFile, ...]:
    """Return what the view lists: notebooks first in run order, the crate's own metadata last.

    Reads the zip's directory only. Raises BadCrate or Refused for what is no safe archive.
    """
    if whole:
        name = f"{slug_of(parcel)}.crate.zip"
        return (ViewFile(path=name, size_bytes=parcel.size_bytes, media_type="application/zip"),)
    with Archive(parcel.file) as archive:
        sizes = {path: entry.size_bytes for path, entry in archive.entries.items()}
    kept = [path for path in sizes if path not in {METADATA_NAME, PREVIEW_NAME}]
    place = {path: number for number, path in enumerate(parcel.record.notebooks)}
    kept.sort(key=lambda path: (place.get(path, len(place)), path.encode()))
    kinds = {one.path: one.media_type for one in parcel.crate.files}
    files = [
        ViewFile(
            path=path, size_bytes=sizes[path], media_type=kinds.get(path) or media_type_of(path)
        )
        for path in kept
    ]
    original = ViewFile(
        path=ORIGINAL_NAME, size_bytes=sizes[METADATA_NAME], media_type="application/ld+json"
    )
    return (*files, original)


def make_package(
    parcel: Parcel,
    destination: Path,
    *,
    whole: bool,
    today: str,
    view: Callable[[Sequence[ViewFile]], Document],
    progress: Progress,
) -> Package:
    """Write the package; the same parcel, day and view give the same bytes.

    Raises OutsideFailed when the disk lets us down; then nothing is left at `destination`.
    """
    files = files_of(parcel, whole=whole)
    document = json.dumps(view(files), ensure_ascii=False, indent=1).encode()
    described = Member(path=f"data/{METADATA_NAME}", source=document)
    with scratch_folder(parent=destination.parent) as scratch:
        payload = _whole(parcel, files) if whole else _exploded(parcel, files, scratch)
        write_zip(
            [described, *payload],
            destination,
            finish=lambda written: _tags(written, today=today, parcel=parcel),
            progress=progress,
        )
    with disk_errors(destination):
        return Package(
            file=destination,
            name=f"{slug_of(parcel)}.bag.zip",
            sha256=sha256_of(destination),
            size_bytes=destination.stat().st_size,
        )


def _whole(parcel: Parcel, files: Sequence[ViewFile]) -> list[Member]:
    return [Member(path=f"data/{files[0].path}", source=parcel.file)]


def _exploded(parcel: Parcel, files: Sequence[ViewFile], scratch: Path) -> list[Member]:
    """Unpack the crate's files into `scratch`, by number: their names may be anything."""
    members = []
    with Archive(parcel.file) as archive:
        for number, file in enumerate(files):
            unpacked = scratch / str(number)
            source = METADATA_NAME if file.path == ORIGINAL_NAME else file.path
            with disk_errors(unpacked), unpacked.open("wb") as stream:
                for block in archive.blocks(source):
                    stream.write(block)
            members.append(Member(path=f"data/{file.path}", source=unpacked))
    return members


def _tags(written: Sequence[Written], *, today: str, parcel: Parcel) -> Iterable[Member]:
    """Make the bag's tag files, once the payload is written and its hashes are known."""
    size = sum(one.size_bytes for one in written)
    information = (
        f"Bag-Software-Agent: {parcel.record.agent}\n"
        f"Bagging-Date: {today}\n"
        f"External-Identifier: sha256:{parcel.crate.identity}\n"
        f"Payload-Oxum: {size}.{len(written)}\n"
    ).encode()
    tags = {
        "bag-info.txt": information,
        "bagit.txt": _VERSION,
        "manifest-sha256.txt": _manifest((one.sha256, one.path) for one in written),
    }
    for name, content in tags.items():
        yield Member(path=name, source=content)
    hashed = ((hashlib.sha256(content).hexdigest(), name) for name, content in tags.items())
    yield Member(path="tagmanifest-sha256.txt", source=_manifest(hashed))


def _manifest(lines: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {path}\n" for digest, path in lines).encode()


def multipart(package: Package) -> tuple[bytes, bytes, str]:
    """Return what stands before and after the file in a form of one part, and its content type."""
    boundary = f"recrate-{package.sha256[:40]}"
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{package.name}"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    tail = f"\r\n--{boundary}--\r\n"
    return head.encode(), tail.encode(), f"multipart/form-data; boundary={boundary}"


def names_that_break(files: Sequence[ViewFile], limit_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield (path, reason) of files that WEKO or a bag cannot keep under their own name."""
    seen = {METADATA_NAME}
    for file in files:
        name = file.name_there
        if len(name) > limit_bytes:
            yield file.path, f"its name would have {len(name)} characters in WEKO"
        elif re.search(r"[\x00-\x1f\x7f]|%0[ad]", file.path, re.IGNORECASE):
            yield file.path, "its name cannot stand in a bag's manifest"
        elif name in seen:
            yield file.path, f"the name `{name}` is taken"
        seen.add(name)
