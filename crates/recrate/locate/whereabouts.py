"""What was found before anything is fetched: where a crate is, and which files make it."""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What a file of a record is to us."""

    ZIP = "zip"
    METADATA = "metadata"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """A checksum as a service states it; `value` is hex in small letters."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that may be the crate, or part of it.

    name:         as the record calls it, folders in it or not; not to be trusted
    is_crate:     the page says that it is an RO-Crate, by the profile of the link
    token_origin: the only origin that the token may be told to; None where none is needed
    """

    url: str
    name: str
    kind: FileKind
    size_bytes: int | None = None
    checksum: Checksum | None = None
    is_crate: bool = False
    token_origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a crate is.

    url:        canonical: `https://doi.org/…` where there is a DOI, else the address that was given
    doi:        bare; it leads to the record, which was tried
    record_url: the page for people
    notes:      what the person should know, one sentence each
    """

    url: str
    candidates: tuple[Candidate, ...]
    doi: str | None = None
    record_url: str | None = None
    title: str | None = None
    version: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a crate on this machine came from. `fetched`: ISO date and time."""

    url: str
    fetched: str
    doi: str | None = None
    record_url: str | None = None
    title: str | None = None
    version: str | None = None
