"""JPCOAR's words for ours, and which of them WEKO's reference mapping reads.

Source: https://github.com/JPCOAR/schema, 2.0; RCOSDP/weko v2.0.0, weko_schema_ui/config.py
"""

import re

from recrate.model.study import AccessRight
from recrate.model.terms import COAR

COAR_TYPE = "http://purl.org/coar/resource_type/"

RESOURCE_TYPES = {
    "software": f"{COAR_TYPE}c_5ce6",
    "dataset": f"{COAR_TYPE}c_ddb1",
    "source code": f"{COAR_TYPE}QH80-2R4E/",
    "workflow": f"{COAR_TYPE}c_393c",
    "interactive resource": f"{COAR_TYPE}c_e9a0",
    "laboratory notebook": f"{COAR_TYPE}H41Y-FW7B",
    "simulation data": f"{COAR_TYPE}W2XT-7017",
    "research protocol": f"{COAR_TYPE}YZ1N-ZFT9/",
    "data management plan": f"{COAR_TYPE}c_ab20",
    "other": f"{COAR_TYPE}c_1843",
}
DATASET_CLASS = {"software", "dataset", "source code", "laboratory notebook", "simulation data"}
"""Of these DataCite registers DOIs for WEKO; of the others JaLC alone, and Crossref of none."""

ACCESS = {right: (name, address) for right, (address, name) in COAR.items()}

FILE_ACCESS = {
    AccessRight.OPEN: "open_access",
    AccessRight.SHARED: "open_no",
    AccessRight.CLOSED: "open_no",
    AccessRight.EMBARGOED: "open_date",
}

CONTRIBUTOR_TYPES = {
    "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor",
    "HostingInstitution", "Producer", "ProjectLeader", "ProjectManager", "ProjectMember",
    "RegistrationAgency", "RegistrationAuthority", "RelatedPerson", "Researcher",
    "ResearchGroup", "Sponsor", "Supervisor", "WorkPackageLeader", "Other",
}  # fmt: skip

LANGUAGES = {"ja": "jpn", "en": "eng"}
"""ISO 639-1 to ISO 639-3, which dc:language wants."""

FIELDS = {
    "dc:title": "title",
    "jpcoar:creator": "creator",
    "jpcoar:creator.jpcoar:affiliation": "creator's affiliation",
    "jpcoar:creator.jpcoar:nameIdentifier": "creator's identifier",
    "jpcoar:contributor": "contributor",
    "jpcoar:contributor.jpcoar:affiliation": "contributor's affiliation",
    "jpcoar:contributor.jpcoar:nameIdentifier": "contributor's identifier",
    "dcterms:accessRights": "access right",
    "dc:rights": "licence",
    "jpcoar:subject": "keyword or field",
    "datacite:description": "description",
    "dc:publisher": "publisher",
    "datacite:date": "date",
    "dc:language": "language",
    "dc:type": "resource type",
    "datacite:version": "version",
    "jpcoar:relation": "relation",
    "jpcoar:fundingReference": "funding",
    "jpcoar:fundingReference.jpcoar:awardNumber": "award number",
    "jpcoar:fundingReference.jpcoar:awardTitle": "award title",
    "jpcoar:fundingReference.jpcoar:fundingStream": "funding programme",
    "jpcoar:fundingReference.jpcoar:fundingStreamIdentifier": "funding programme's code",
    "datePublished": "date of publication",
    "hasPart": "file",
}
"""What a part of the deposit is called; the longest path that fits counts."""

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")


def language_of(text: str) -> str:
    """Return `ja` for text that holds kana or kanji, else `en`."""
    return "ja" if _JAPANESE.search(text) else "en"


def field_of(path: str) -> str:
    """Return in words which part of the deposit a path of keys belongs to."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        if (word := FIELDS.get(".".join(parts[:count]))) is not None:
            return word
    return path
