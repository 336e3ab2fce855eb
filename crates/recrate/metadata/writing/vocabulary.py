"""The controlled words of the forms, each table with its source."""

import re

from recrate.model.common_values import DATA_TYPES
from recrate.model.jpcoar import JPCOAR_RELATIONS
from recrate.model.record import LinkRelation
from recrate.model.study import Language

COAR_TYPE = "http://purl.org/coar/resource_type/"
RESOURCE_TYPES = {
    **{word: kind.coar for word, kind in DATA_TYPES.items()},
    "report": f"{COAR_TYPE}c_93fc",
}
"""Word of JPCOAR's dc:type → address at COAR: item 9 of the common metadata has the same words.

Source: https://vocabularies.coar-repositories.org/resource_types/
"""

ISO_639_3 = {Language.ENGLISH: "eng", Language.JAPANESE: "jpn"}
"""Source: https://iso639-3.sil.org/code_tables/639/data"""

JPCOAR_ROLES = frozenset(
    {
        "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor",
        "HostingInstitution", "Producer", "ProjectLeader", "ProjectManager", "ProjectMember",
        "RelatedPerson", "Researcher", "ResearchGroup", "Sponsor", "Supervisor",
        "WorkPackageLeader", "Other",
    }
)  # fmt: skip
"""Types of contributors in JPCOAR 2.0 and 2.1. Source: as above, contributorTypeVocab"""

DATACITE_ROLES = JPCOAR_ROLES | {"RegistrationAgency", "RegistrationAuthority", "RightsHolder"}
"""The same in DataCite 4.5; `Translator` came with 4.6, and no writer needs it.

Source: https://github.com/datacite/schema, datacite-contributorType-v4.xsd
"""

DATACITE_TYPES = frozenset(
    {
        "Audiovisual", "Book", "BookChapter", "Collection", "ComputationalNotebook",
        "ConferencePaper", "ConferenceProceeding", "DataPaper", "Dataset", "Dissertation", "Event",
        "Image", "Instrument", "InteractiveResource", "Journal", "JournalArticle", "Model",
        "OutputManagementPlan", "PeerReview", "PhysicalObject", "Preprint", "Report", "Service",
        "Software", "Sound", "Standard", "StudyRegistration", "Text", "Workflow", "Other",
    }
)  # fmt: skip
"""resourceTypeGeneral of 4.5. Source: as above, datacite-resourceType-v4.xsd"""

INVENIO_TYPES = {
    "ComputationalNotebook": "software-computationalnotebook",
    "Report": "publication-report",
    "Dataset": "dataset",
    "Software": "software",
    "Workflow": "workflow",
    "JournalArticle": "publication-article",
    "Preprint": "publication-preprint",
    "ConferencePaper": "publication-conferencepaper",
}
"""resourceTypeGeneral → identifier in InvenioRDM's vocabulary.

Source: https://github.com/inveniosoftware/invenio-rdm-records, vocabularies/resource_types.yaml.
Its words for relations, contributors' roles and kinds of dates are DataCite's in small letters.
"""

ORCID_ADDRESS = "https://orcid.org/"
ROR_ADDRESS = "https://ror.org/"
CROSSREF_FUNDER_ADDRESS = "https://doi.org/10.13039/"
ERAD_FUNDER = "e-Rad_funder"
GRANT_STREAM = "JGN_fundingStream"
GRANT_STREAM_ADDRESS = "https://www.nistep.go.jp/taikei"
GRANT_NUMBER = "JGN"
"""Source: https://schema.irdb.nii.ac.jp/en/schema/25 and the schema's own sample of the common
metadata items."""

POLICIES_IN_ENGLISH = {"free": "free of charge", "consideration": "for a consideration"}
"""Answer to item 11 of the common metadata."""
ERAD_FIELD = "e-Rad_field"


IDENTIFIERS: tuple[tuple[re.Pattern[str], str, str, str], ...] = (
    (re.compile(r"https?://hdl\.handle\.net/(.+)"), "Handle", "HDL", "handle"),
    (re.compile(r"https?://arxiv\.org/abs/(.+)"), "arXiv", "arXiv", "arxiv"),
    (re.compile(r"https?://purl\.org/.+"), "PURL", "PURL", "purl"),
    (re.compile(r"https?://w3id\.org/.+"), "w3id", "URI", "w3id"),
)
"""Address → its scheme in DataCite, in JPCOAR, in InvenioRDM. What the group holds is the
identifier alone, as DataCite wants it.

Sources: https://github.com/datacite/schema, datacite-relatedIdentifierType-v4.xsd;
https://github.com/JPCOAR/schema, identifierTypeVocab; InvenioRDM's RDM_RECORDS_IDENTIFIERS_SCHEMES
"""


def jpcoar_relation(relation: LinkRelation, version: str) -> str:
    """Return the word for a relation in JPCOAR `2.0` or `2.1`."""
    word = JPCOAR_RELATIONS[relation]
    return word.lower() if relation is LinkRelation.CITES and version != "2.0" else word
