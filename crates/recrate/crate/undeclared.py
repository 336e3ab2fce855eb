"""Files that lie in a crate without a name in its metadata: complained of at readable length."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from recrate.crate import names
from recrate.crate.document import Document, types
from recrate.model.crate import METADATA_NAME
from recrate.model.finding import Finding, Severity, find
from recrate.outside.archive import Archive

_EACH = 5
"""Of so many in one folder each is named; of more the folder is."""
_SHOWN = 3


def crates_within(archive: Archive, document: Document) -> frozenset[str]:
    """Return the folders that the metadata name and that hold metadata of their own."""
    return frozenset(
        path
        for identifier, entity in document.entities.items()
        if "Dataset" in types(entity)
        and (path := names.path_of(identifier.rstrip("/")))
        and f"{document.prefix}{path}/{METADATA_NAME}" in archive.entries
    )


def undeclared(paths: Sequence[str], within: frozenset[str]) -> Iterator[Finding]:
    """Complain of files that the metadata do not name.

    within: folders that are crates of their own; what lies in them their own metadata may name
    """
    folders: dict[str, list[str]] = {}
    nested: dict[str, None] = {}
    for path in paths:
        parents = (one.as_posix() for one in PurePosixPath(path).parents)
        crate = next((one for one in parents if one in within), None)
        if crate is not None:
            nested[crate] = None
        else:
            folders.setdefault(path.rpartition("/")[0].partition("/")[0], []).append(path)
    for folder, inside in folders.items():
        if folder and len(inside) > _EACH:
            yield _many(folder, len(inside))
        else:
            yield from map(_one, inside)
    if nested:
        yield _nested(list(nested))


def _one(path: str) -> Finding:
    return find(
        Severity.WARNING,
        "undeclared-file",
        "lies in the crate, and the metadata does not name it",
        hint="its checksum was taken now; nobody has vouched for it",
        path=path,
    )


def _many(folder: str, count: int) -> Finding:
    return find(
        Severity.WARNING,
        "undeclared-file",
        f"{count:,} files lie in this folder, and the metadata does not name them",
        hint="their checksums were taken now; nobody has vouched for them",
        path=f"{folder}/",
    )


def _nested(folders: list[str]) -> Finding:
    shown = ", ".join(names.shown(one) for one in folders[:_SHOWN])
    more = ", …" if len(folders) > _SHOWN else ""
    crates = "one crate lies" if len(folders) == 1 else f"{len(folders):,} crates lie"
    told = f"{crates} in this one, with metadata not looked into here: {shown}{more}"
    return find(
        Severity.NOTE,
        "crates-within",
        told,
        hint="name one to `recrate check`, and it is looked into",
        path=f"{folders[0]}/",
    )
