"""Depositing: what a depositor can do, what it is handed, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a repository takes and gives, as data.

    crate_limit_bytes: of one deposit; None where it has no limit that we know
    file_limit_bytes:  of one file
    file_count_limit:  of one deposit
    needs_account:     takes nothing without a token
    gives_doi:         a published deposit has a DOI
    reserves_doi:      gives the DOI before anything is published
    drafts:            can keep a deposit that nobody else sees, to be published later
    versions:          takes a new version of an earlier deposit
    private:           can keep a published deposit from the public
    relations:         can write a relation into a record that is there already
    review:            people look at a deposit before it is public
    """

    crate_limit_bytes: int | None = None
    file_limit_bytes: int | None = None
    file_count_limit: int | None = None
    needs_account: bool = True
    gives_doi: bool = True
    reserves_doi: bool = False
    drafts: bool = False
    versions: bool = False
    private: bool = False
    relations: bool = False
    review: bool = False


class OptionKind(StrEnum):
    """How the person answers."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes-no"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A question of a depositor. `fixed_by_place`: asked where the place is configured.

    default: as text; `yes` or `no` for YES_NO
    """

    name: str
    label_en: str
    label_ja: str
    kind: OptionKind = OptionKind.TEXT
    choices: tuple[str, ...] = ()
    default: str = ""
    required: bool = False
    fixed_by_place: bool = False
    help_en: str = ""
    help_ja: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A kind of depositor. `formats`: the metadata it wants to be handed, by name of the writer."""

    kind: str
    title_en: str
    title_ja: str
    capabilities: Capabilities
    options: tuple[Option, ...] = ()
    formats: tuple[str, ...] = ()
    homepage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository that somebody configured: which depositor, with which answers.

    name: what people choose it by, `zenodo`, `kyoto`; also the name of its token
    """

    name: str
    kind: str
    title: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositOrder:
    """What the person wants of this deposit.

    mark:           unique to this deposit and never used again; finds what a lost answer hid
    draft:          leave it as a draft where the depositor keeps drafts, and private else
    new_version_of: identifier of the earlier record in the same repository
    answers:        of the depositor's options, those of the place among them
    """

    mark: str
    draft: bool = False
    new_version_of: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What is known before anything is public. `doi`: bare; None where none is given before."""

    doi: str | None = None
    concept_doi: str | None = None
    record_url: str | None = None


class DepositStatus(StrEnum):
    """Where a deposit stands."""

    DRAFT = "draft"
    HANDED_IN = "handed-in"
    """People of the repository look at it first."""
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a depositor gives back.

    record:     identifier in the repository, for a new version
    record_url: the page for people
    file_url:   where the crate can be fetched, where it is public
    notes:      what the person should know: what was left out, whom to ask
    """

    status: DepositStatus
    record: str
    record_url: str
    doi: str | None = None
    concept_doi: str | None = None
    file_url: str | None = None
    version: str | None = None
    notes: tuple[str, ...] = ()
