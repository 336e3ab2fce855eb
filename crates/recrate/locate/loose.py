"""A crate that lies as single files: which of them is which, whatever a repository called them.

Repositories have no folders: `code/analysis.ipynb` is called `code%2Fanalysis.ipynb` in JAIRO Cloud
and `code-analysis.ipynb` where NII's Binder fetched it. The crate's metadata know the real names,
and checksums that no name can deceive.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from recrate.locate.asking import listed, size_in, text_in
from recrate.locate.told import METADATA_NAMES, ORIGINAL_NAME
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadCrate
from recrate.outside.archive import Member, check_name
from recrate.outside.archive_rules import ArchiveLimits, Entry, check_entries

_FILES = {"File", "MediaObject"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A file that the metadata name as lying in the crate."""

    path: str
    sha256: str | None
    size_bytes: int | None


def is_metadata(document: Any) -> bool:
    """Say whether a JSON document is a crate's metadata."""
    if not isinstance(document, dict) or not isinstance(document.get("@graph"), list):
        return False
    entities = [one for one in document["@graph"] if isinstance(one, dict)]
    return any(text_in(one, "@id") in METADATA_NAMES for one in entities)


def described(document: Any) -> tuple[Described, ...]:
    """Return the files that metadata name, each path once; addresses of the web are left out."""
    found: dict[str, Described] = {}
    for entity in document["@graph"] if is_metadata(document) else []:
        identifier = text_in(entity, "@id") if isinstance(entity, dict) else None
        if identifier is None or not _FILES & {str(one) for one in listed(entity.get("@type"))}:
            continue
        path = _path_of(identifier)
        if path is not None and path not in {*METADATA_NAMES, ORIGINAL_NAME}:
            stated = (text_in(entity, "sha256") or "").lower()
            found[path] = Described(
                path=path,
                sha256=stated if _SHA256.fullmatch(stated) else None,
                size_bytes=size_in(entity, "contentSize"),
            )
    return tuple(found.values())


def match(files: Sequence[Described], names: Iterable[str]) -> dict[str, str]:
    """Return path → name for each file that one of `names` must be; each name is used once.

    The surer way of reading a name goes first, for all files, before a less sure one is tried.
    """
    left = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for reading in _READINGS:
        waiting = [one.path for one in files if one.path not in found]
        wanted: dict[str, list[str]] = {}
        for path in waiting:
            wanted.setdefault(reading(path), []).append(path)
        for name in list(left):
            for form in dict.fromkeys((name, unquote(name), unquote(unquote(name)))):
                paths = wanted.get(form, [])
                if len(paths) == 1 and paths[0] not in found:
                    found[paths[0]] = name
                    left.remove(name)
                    break
    return found


_READINGS: tuple[Callable[[str], str], ...] = (
    lambda path: path,
    lambda path: path.replace("/", "-"),
    lambda path: path.replace("/", "_"),
    lambda path: path.replace("/", "__"),
    lambda path: path.rpartition("/")[2],
)


def arrange(
    files: Sequence[Described],
    metadata: bytes,
    brought: Mapping[str, Path],
    digests: Mapping[str, str],
    *,
    where: str,
) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """Return what makes the crate's folder, and the paths that nobody brought.

    brought: name in the record → file on this machine; digests: the same names → SHA-256 in hex
    A file with a stated checksum is taken by that, whatever it is called. Raises BadCrate when what
    goes by its name is another, Refused for paths that lead out of the folder.
    """
    names = match(files, brought)
    by_digest = {digest: name for name, digest in digests.items()}
    members, missing = [Member(path=METADATA_NAME, source=metadata)], []
    for one in files:
        check_name(one.path, where=where)
        name = by_digest.get(one.sha256) if one.sha256 else names.get(one.path)
        if name is not None:
            members.append(Member(path=one.path, source=brought[name]))
        elif one.path in names:
            raise BadCrate(
                f"wrong checksum: {one.path} has {digests[names[one.path]]}, "
                f"the crate says {one.sha256}",
                where=where,
                hint="the record holds another version of this file; ask its authors",
            )
        else:
            missing.append(one.path)
    entries = [
        Entry(path=one.path, size_bytes=one.source.stat().st_size)
        for one in members
        if isinstance(one.source, Path)
    ]
    check_entries(entries, ArchiveLimits(), where=where)
    return tuple(members), tuple(missing)


def manifest_of(digests: Mapping[str, str]) -> str:
    """Return the SHA-256 of path and SHA-256 of each file: the name of a folder in the cache."""
    lines = sorted(f"{digest}  {path}\n".encode() for path, digest in digests.items())
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _path_of(identifier: str) -> str | None:
    """Return the path that an `@id` names; None for an address, an anchor and an absolute path."""
    try:
        if identifier.startswith(("#", "_:", "/")) or len(urlsplit(identifier).scheme) > 1:
            return None
    except ValueError:
        return None
    return unquote(identifier.removeprefix("./")).removesuffix("/") or None
