"""Bring a crate that lies as single files, and give it its folders back."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from recrate.locate.fetching import Fetcher, bytes_of
from recrate.locate.keeping import contents_of
from recrate.locate.loose import Described, arrange, described, is_metadata, manifest_of, match
from recrate.locate.whereabouts import Candidate
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadCrate
from recrate.outside.archive import write_folder
from recrate.outside.disk import remove_tree, sha256_of
from recrate.outside.web import TooLarge

METADATA_LIMIT_BYTES = 128 << 20
"""What the crate's own reader takes."""


def bring_folder(
    fetcher: Fetcher,
    metadata: Candidate,
    others: Sequence[Candidate],
    *,
    agreed_bytes: int,
    where: str,
) -> Path:
    """Return the crate as a folder of the cache.

    Only files that may belong to it are fetched; what the metadata name and the record lacks stays
    out, and reading the crate says so. Raises as `locate.bring.bring` does.
    """
    kept = fetcher.file(metadata, METADATA_LIMIT_BYTES, otherwise=METADATA_NAME)
    content = bytes_of(fetcher.cache, kept)
    files = described(_document(content, where))
    base = metadata.name.rpartition("/")[0]
    wanted = _wanted(files, {_inside(one.name, base): one for one in others})
    _ask_about(fetcher, tuple(wanted.values()), agreed_bytes, where)
    brought: dict[str, Path] = {}
    digests: dict[str, str] = {}
    left = agreed_bytes
    for name, one in wanted.items():
        file = fetcher.file(one, left, otherwise="file")
        brought[name] = fetcher.cache.path(file.place)
        digests[name] = file.sha256
        left = max(1, left - brought[name].stat().st_size)
    members, _ = arrange(files, content, brought, digests, where=where)
    contents = manifest_of(
        {
            one.path: sha256_of(one.source) if isinstance(one.source, Path) else kept.sha256
            for one in members
        }
    )
    place = fetcher.cache.place_for(contents, "crate")
    if not place.is_dir() or contents_of(place) != contents:
        remove_tree(place)
        write_folder(members, place, progress=fetcher.progress)
    return place


def _document(content: bytes, where: str) -> object:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _no_metadata(where) from error
    if not is_metadata(document):
        raise _no_metadata(where)
    return document


def _no_metadata(where: str) -> BadCrate:
    return BadCrate(
        f"the record's {METADATA_NAME} is no metadata of a crate",
        where=where,
        hint="the record is damaged; ask whoever deposited it",
    )


def _wanted(files: Sequence[Described], named: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """Return the files of the record that may belong to the crate: by name, else by size."""
    names = match(files, named)
    used = set(names.values())
    sizes = {one.size_bytes for one in files if one.path not in names and one.sha256}
    return {
        name: one
        for name, one in named.items()
        if name in used or (one.size_bytes is not None and one.size_bytes in sizes)
    }


def _ask_about(
    fetcher: Fetcher, candidates: Sequence[Candidate], agreed_bytes: int, where: str
) -> None:
    """Raise TooLarge when all of them together are more than was agreed to."""
    missing = [one for one in candidates if fetcher.cache.file(one.url) is None]
    total = sum(one.size_bytes or 0 for one in missing)
    if total > agreed_bytes:
        raise TooLarge(total, agreed_bytes, where=where)


def _inside(name: str, base: str) -> str:
    """Return a name relative to the folder that the metadata lie in."""
    return name.removeprefix(f"{base}/") if base else name
