"""What a repository is told of a crate or of a verdict: one record, whatever its form."""

from dataclasses import dataclass
from enum import StrEnum

from recrate.model.study import AccessRight, Description, Organisation, Person


class RecordKind(StrEnum):
    """What is deposited."""

    STUDY = "study"
    """A crate: notebooks with their data and environment."""
    REPLAY = "replay"
    """A run crate: what a replay saw, and its verdict."""


class LinkRelation(StrEnum):
    """How a record is related to another thing: relation types of DataCite 4.7.

    Source: https://github.com/datacite/schema, kernel-4.7, datacite-relationType-v4.xsd
    """

    IS_SUPPLEMENT_TO = "IsSupplementTo"
    IS_SUPPLEMENTED_BY = "IsSupplementedBy"
    CITES = "Cites"
    IS_CITED_BY = "IsCitedBy"
    REFERENCES = "References"
    IS_REFERENCED_BY = "IsReferencedBy"
    IS_DERIVED_FROM = "IsDerivedFrom"
    IS_SOURCE_OF = "IsSourceOf"
    REQUIRES = "Requires"
    IS_REQUIRED_BY = "IsRequiredBy"
    REVIEWS = "Reviews"
    IS_REVIEWED_BY = "IsReviewedBy"
    HAS_PART = "HasPart"
    IS_PART_OF = "IsPartOf"
    HAS_VERSION = "HasVersion"
    IS_VERSION_OF = "IsVersionOf"
    IS_NEW_VERSION_OF = "IsNewVersionOf"
    IS_PREVIOUS_VERSION_OF = "IsPreviousVersionOf"
    HAS_METADATA = "HasMetadata"
    IS_IDENTICAL_TO = "IsIdenticalTo"

    @property
    def inverse(self) -> "LinkRelation | None":
        """Return what the other thing says of this one; None where DataCite has no word for it."""
        return _INVERSES.get(self)


_PAIRS = (
    (LinkRelation.IS_SUPPLEMENT_TO, LinkRelation.IS_SUPPLEMENTED_BY),
    (LinkRelation.CITES, LinkRelation.IS_CITED_BY),
    (LinkRelation.REFERENCES, LinkRelation.IS_REFERENCED_BY),
    (LinkRelation.IS_DERIVED_FROM, LinkRelation.IS_SOURCE_OF),
    (LinkRelation.REQUIRES, LinkRelation.IS_REQUIRED_BY),
    (LinkRelation.REVIEWS, LinkRelation.IS_REVIEWED_BY),
    (LinkRelation.HAS_PART, LinkRelation.IS_PART_OF),
    (LinkRelation.HAS_VERSION, LinkRelation.IS_VERSION_OF),
    (LinkRelation.IS_NEW_VERSION_OF, LinkRelation.IS_PREVIOUS_VERSION_OF),
    (LinkRelation.IS_IDENTICAL_TO, LinkRelation.IS_IDENTICAL_TO),
)
_INVERSES = {**dict(_PAIRS), **{second: first for first, second in _PAIRS}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A related thing. `target`: an http(s) address, a DOI as `https://doi.org/10.…`.

    title:         of the related thing, where it is known
    resource_type: DataCite's general type of the related thing (`Dataset`, `JournalArticle`, …)
    information:   what the relation means here, DataCite 4.7's relationTypeInformation
    """

    target: str
    relation: LinkRelation
    title: str | None = None
    resource_type: str | None = None
    information: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who had a part and is no author. `role`: DataCite's contributorType."""

    role: str
    person: Person | None = None
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A file of the deposit, as it lies in the crate. `access` None: as the whole."""

    path: str
    size_bytes: int
    sha256: str
    media_type: str
    access: AccessRight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that a repository is told; every writer of `metadata.writing` starts from this.

    description: titles, people, licence, funding, access, keywords, common metadata
    identity:    the crate's; the same for every title and DOI
    doi:         bare, `10.5072/abc`; None while there is none
    concept_doi: the DOI of all versions together
    url:         the landing page
    publisher:   the repository that publishes, or the institution
    issued:      ISO date of publication in the repository
    version:     of the deposit
    links:       every related thing, those of the description among them; each once
    notebooks:   paths in run order
    languages:   programming languages of the notebooks
    agent:       `recrate 0.1.0`
    verdict:     of a replay: one of the words of the verdict; None for a study
    """

    description: Description
    kind: RecordKind
    identity: str
    issued: str
    agent: str
    doi: str | None = None
    concept_doi: str | None = None
    url: str | None = None
    publisher: str | None = None
    version: str | None = None
    links: tuple[RecordLink, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    files: tuple[RecordFile, ...] = ()
    notebooks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    verdict: str | None = None
