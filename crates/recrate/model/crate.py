"""A study packaged as an RO-Crate: the plan of one, and one that was read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recrate.model.environment import Lock
from recrate.model.finding import Finding
from recrate.model.study import DataReference, Description, Inventory, Notebook

METADATA_NAME = "ro-crate-metadata.json"
PREVIEW_NAME = "ro-crate-preview.html"
ENVIRONMENT_FOLDER = "recrate-environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrateFile:
    """A payload file of a crate: its path, SHA-256 (hex), size and media type."""

    path: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """That a study was replayed before it was packed, and how that ended.

    crate:   identity of the crate that was replayed; said of no other
    verdict: `identical`, `equivalent`, `ran`, `different`, `failed` or `not restored`
    sentence: the verdict in words, with its coverage
    run:     identity of the run crate, empty where it is not known
    date:    ISO date on which the replay ended
    """

    crate: str
    verdict: str
    sentence: str
    run: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a crate will hold, decided before a byte is written.

    copied:    study paths packed as they are
    generated: (path, content) of the files we add: lock, card, requirements, Dockerfile, binder/
    references: what is named instead of packed
    """

    inventory: Inventory
    description: Description
    lock: Lock | None
    copied: tuple[str, ...]
    generated: tuple[tuple[str, bytes], ...]
    references: tuple[DataReference, ...]
    created: str
    """ISO date that the crate carries; from `--as-of`, else the study's date."""
    agent: str
    """`recrate 0.1.0`"""
    verified: Verified | None = None
    """None when the study was not replayed: the crate then says so."""
    marks: tuple[tuple[str, str | bool], ...] = ()
    """Properties that the root data set carries beside all others: blind, or sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A crate as its metadata describes it; opening one reads nothing else.

    location:  folder or file it was read from
    notebooks: paths in run order
    metadata:  the whole JSON-LD document, open
    """

    location: str
    identity: str
    name: str
    files: tuple[CrateFile, ...]
    notebooks: tuple[str, ...]
    references: tuple[DataReference, ...]
    lock: Lock | None
    metadata: dict[str, Any]
    findings: tuple[Finding, ...] = ()


def identity_of(files: Iterable[tuple[str, str]]) -> str:
    """Return the crate's identity from its payload: (path, SHA-256 in hex) in any order.

    The identity is the SHA-256 of the lines `<sha256>  <path>\\n`, sorted by the bytes of the path
    in UTF-8. Metadata file and preview are left out, so a new title or DOI makes no other crate.
    """
    left_out = {METADATA_NAME, PREVIEW_NAME}
    payload = sorted((path.encode(), digest) for path, digest in files if path not in left_out)
    manifest = hashlib.sha256()
    for path, digest in payload:
        manifest.update(digest.encode() + b"  " + path + b"\n")
    return manifest.hexdigest()


def source_of(cell: Notebook) -> str:
    """Return a cell's source as one string, whether nbformat stored it as one or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
