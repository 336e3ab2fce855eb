"""What is known of a study: its inventory (found by scan) and its description (people, rights)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recrate.model.common import CommonMetadata
from recrate.model.finding import Finding

Notebook = dict[str, Any]
"""A notebook as nbformat 4 JSON with `source` and `text` as single strings; an open document."""

EXPENSIVE = "recrate-expensive"
"""Tag of a cell that a replay does not run; its recorded output stays, and is not verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFile:
    """A file of the study. `path` is relative to the study's root, with `/`, in NFC as on disk."""

    path: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A module that code imports. `name` is dotted, as written; `local` when the study holds it."""

    name: str
    local: bool
    cell: int | None = None
    line: int | None = None
    optional: bool = False
    """Inside `try: … except ImportError`: nice to have, not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUse:
    """A path that code reads or writes.

    path:   as written in the code
    target: the study path it means, relative to the root; None when it lies outside or is unknown
    exists: the study holds `target` now
    """

    path: str
    target: str | None
    exists: bool
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebUse:
    """A URL or DOI that code names. `fetched`: the code hands it to something that downloads."""

    url: str
    fetched: bool
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUse:
    """What the code of one notebook or script touches."""

    imports: tuple[Import, ...] = ()
    reads: tuple[FileUse, ...] = ()
    writes: tuple[FileUse, ...] = ()
    web: tuple[WebUse, ...] = ()
    environment_variables: tuple[str, ...] = ()
    magics: tuple[str, ...] = ()
    installs: tuple[str, ...] = ()
    """Requirements asked for by `%pip install` and `!pip install`, as PEP 508 strings."""
    programs: tuple[str, ...] = ()
    """System programs called through `!`, `%%bash` or subprocess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNotebook:
    """A readable notebook of the study, in the place of the run order where it stands."""

    path: str
    format: str
    language: str
    kernel: str
    language_version: str | None
    cells: int
    code_cells: int
    outputs: int
    """Recorded outputs that are not empty."""
    last_run: str | None
    """Newest recorded execution time, ISO 8601, where the notebook holds one."""
    uses: CodeUse
    figure_dots: int | None = None
    """Dots per inch at which its figures were drawn by default, 72 or 100; None: nothing tells."""
    drawn_by: str = ""
    """Newest version of Matplotlib that its recorded pictures name; empty: none does."""
    told: tuple[tuple[str, str], ...] = ()
    """(module, version) that its recorded outputs tell, where its code asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundScript:
    """A script or module of the study (`.py`, `.R`, `.jl`, `.sh`)."""

    path: str
    language: str
    uses: CodeUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A file that declares an environment.

    kind: requirements, constraints, conda, pyproject, setup, pipfile, pipfile-lock, poetry-lock,
          uv-lock, pdm-lock, pylock, runtime, apt, post-build, install-r, renv, r-description,
          julia-project, dockerfile
    """

    path: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What one pass over a study's folder found. `notebooks` stand in run order."""

    name: str
    files: tuple[StudyFile, ...]
    notebooks: tuple[FoundNotebook, ...]
    scripts: tuple[FoundScript, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    descriptions: tuple[str, ...] = ()
    """Paths of CITATION.cff, codemeta.json, .zenodo.json and licence files."""
    study_date: str | None = None
    """ISO date the study is of, from git, else the newest recorded execution time."""
    study_date_source: str | None = None
    """`git` or `notebook`."""
    findings: tuple[Finding, ...] = ()


class Language(StrEnum):
    """A language that a title and a description are written in."""

    ENGLISH = "en"
    JAPANESE = "ja"


class AccessRight(StrEnum):
    """Who may have something: the four words of the common metadata for publicly funded data.

    Source: https://www8.cao.go.jp/cstp/metadatainstructions.pdf, item 12
    """

    OPEN = "open"
    """公開"""
    SHARED = "shared"
    """共有: on request, or for some people only"""
    CLOSED = "closed"
    """非共有・非公開: its metadata only"""
    EMBARGOED = "embargoed"
    """公開期間猶予: open from a date on"""


class Relation(StrEnum):
    """How a study is related to another work, in DataCite's words."""

    IS_SUPPLEMENT_TO = "IsSupplementTo"
    """A paper whose results the study computes."""
    CITES = "Cites"
    """A paper that the study refers to."""
    IS_DERIVED_FROM = "IsDerivedFrom"
    """Data that the study starts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation; `identifier` is a ROR URL where known, for a funder also a Crossref one.

    alternate_name: its name in another language or script
    """

    name: str
    identifier: str | None = None
    alternate_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A creator; `identifier` is an ORCID URL where known.

    alternate_name: the name in another script, 山田 花子 beside Hanako Yamada
    erad_number:    the researcher's number in e-Rad, eight digits
    """

    name: str
    given_name: str | None = None
    family_name: str | None = None
    identifier: str | None = None
    email: str | None = None
    affiliation: Organisation | None = None
    alternate_name: str | None = None
    erad_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReference:
    """An input named by checksum, not copied into the crate, and fetched before a replay.

    url:          where it is fetched; empty for what is not published, which people ask for
    conditions:   under which one gets it, in words
    access:       None where nobody said so
    landing_page: a page that tells of it
    contact:      whom to ask: a mail address, a name, a page
    """

    path: str
    url: str
    sha256: str
    size_bytes: int
    media_type: str = "application/octet-stream"
    conditions: str | None = None
    access: AccessRight | None = None
    landing_page: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Title and description in a language that is not the main one; empty where not translated."""

    language: Language
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A paper or data set that the study is related to. `url`: http(s), a DOI as such a URL."""

    url: str
    relation: Relation = Relation.CITES
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Who paid. `award_number`: as the funder writes it, e.g. a Japan Grant Number."""

    funder: Organisation | None = None
    award_number: str | None = None
    award_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may have the study.

    available:  ISO date from which it is open, for an embargo
    conditions: under which it is shared, in words
    contact:    whom to ask: a mail address, a name, a page
    """

    right: AccessRight
    available: str | None = None
    conditions: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedFile:
    """A file or folder of the study that is not published: it stays out of the crate.

    path:   relative to the study's root; for a folder, all in it
    access: shared or closed
    """

    path: str
    access: AccessRight = AccessRight.SHARED
    conditions: str | None = None
    landing_page: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people say of the study: merged from its own metadata files, each field once.

    language:     of title and description, where it was said
    translations: title and description in other languages, each language once
    licence:      an SPDX expression, or None when the study does not say
    published:    ISO date
    access:       None when the study does not say
    restricted:   what is not published
    common:       the items that Japan's funders ask for; None where nobody wants them
    references:   what is named instead of packed; when a crate is planned, also each file that
                  `restricted` keeps out of it
    sources:      which file each non-empty field came from, for the person who wonders
    """

    title: str
    description: str
    creators: tuple[Person, ...] = ()
    licence: str | None = None
    keywords: tuple[str, ...] = ()
    published: str | None = None
    version: str | None = None
    related: tuple[Related, ...] = ()
    references: tuple[DataReference, ...] = ()
    sources: dict[str, str] | None = None
    findings: tuple[Finding, ...] = ()
    language: Language | None = None
    translations: tuple[Translation, ...] = ()
    funding: tuple[Funding, ...] = ()
    access: Access | None = None
    restricted: tuple[RestrictedFile, ...] = ()
    common: CommonMetadata | None = None
