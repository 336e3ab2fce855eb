"""What one source tells of a crate, and how what several tell is laid together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from recrate.locate.whereabouts import Candidate, Checksum, FileKind
from recrate.locate.written import doi_in, doi_of_url
from recrate.model.crate import METADATA_NAME
from recrate.outside.resuming import ALGORITHMS

PROFILE = "https://w3id.org/ro/crate"
ORIGINAL_NAME = f"original-{METADATA_NAME}"
"""The crate's own metadata, where a repository's view of them has taken their name."""
METADATA_NAMES = (METADATA_NAME, "ro-crate-metadata.jsonld")
_ZIPS = {"application/zip", "application/x-zip-compressed", "application/x-zip"}
_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one source tells. `doi` is a claim until somebody has tried where it leads."""

    candidates: tuple[Candidate, ...] = ()
    doi: str | None = None
    record_url: str | None = None
    title: str | None = None
    version: str | None = None
    notes: tuple[str, ...] = ()


def together(first: Told, second: Told) -> Told:
    """Lay two tellings together: the first is believed, the second fills in what it leaves out."""
    return Told(
        candidates=_merged(first.candidates, second.candidates),
        doi=first.doi or second.doi,
        record_url=first.record_url or second.record_url,
        title=first.title or second.title,
        version=first.version or second.version,
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


def kind_of(name: str, media_type: str = "", profile: str = "") -> FileKind:
    """Say what a file is to us, by what is said of it."""
    last = name.rpartition("/")[2].lower()
    if last in {*METADATA_NAMES, ORIGINAL_NAME}:
        return FileKind.METADATA
    if last.endswith(".zip") or media_type in _ZIPS:
        return FileKind.ZIP
    is_document = media_type in {"application/ld+json", "application/json"}
    return FileKind.METADATA if is_document and is_crate(profile) else FileKind.LOOSE


def is_crate(profile: str) -> bool:
    """Say whether one of the profiles that a link names is RO-Crate's."""
    return any(one == PROFILE or one.startswith(f"{PROFILE}/") for one in profile.split())


def checksum_of(algorithm: object, value: object) -> Checksum | None:
    """Return a checksum that can be verified; None for any other."""
    if not isinstance(algorithm, str) or not isinstance(value, str):
        return None
    name = algorithm.lower().replace("-", "")
    digest = value.strip().lower()
    right = name in ALGORITHMS and re.fullmatch(r"[0-9a-f]+", digest) is not None
    if not right or len(digest) != _LENGTHS[name]:
        return None
    return Checksum(algorithm=name, value=digest)


def doi_from(text: str | None) -> str | None:
    """Return the DOI in a text that is one, however it is written."""
    if text is None:
        return None
    bare = re.sub(r"^doi:\s*", "", text.strip(), flags=re.IGNORECASE)
    try:
        return doi_in(bare) or doi_of_url(bare)
    except ValueError:
        return None


def _merged(first: Iterable[Candidate], second: Iterable[Candidate]) -> tuple[Candidate, ...]:
    found = list(first)
    for other in second:
        place = next((n for n, one in enumerate(found) if _same(one, other)), None)
        if place is None:
            found.append(other)
            continue
        one = found[place]
        better = other if one.checksum is None and other.checksum is not None else one
        found[place] = replace(
            better,
            kind=one.kind if one.kind is not FileKind.LOOSE else other.kind,
            is_crate=one.is_crate or other.is_crate,
            size_bytes=better.size_bytes if better.size_bytes is not None else one.size_bytes,
        )
    return tuple(found)


def _same(one: Candidate, other: Candidate) -> bool:
    return one.url == other.url or (bool(one.name) and one.name == other.name)
