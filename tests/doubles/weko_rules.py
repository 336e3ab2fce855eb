"""What WEKO checks of a package that it was sent (nii.md 3.3 to 3.5), in its order."""

import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bagit

from doubles.weko_parser import Read, read_document
from doubles.weko_store import Client, Refusal, Store, bad, malformed

METADATA = "data/ro-crate-metadata.json"
SWORD = "metadata/sword.json"
RELATIONS = re.findall(
    r"\w+",
    "inSeries isCitedBy Cites isVersionOf hasVersion isPartOf hasPart isReferencedBy references"
    " isFormatOf hasFormat isReplacedBy replaces isRequiredBy requires isSupplementedBy"
    " isSupplementTo isIdenticalTo isDerivedFrom isSourceOf",
)
DATASETS = {
    "software", "dataset", "source code", "laboratory notebook", "simulation data",
    "experimental data", "observational data", "survey data",
}  # fmt: skip
WORDS: dict[str, tuple[str, ...]] = {
    "dc:title.language": ("ja", "ja-Kana", "ja-Latn", "en"),
    "datacite:description.language": ("ja", "en"),
    "datacite:description.descriptionType": ("Abstract", "Methods", "TableOfContents",
                                             "TechnicalInfo", "Other"),
    "datacite:date.dateType": ("Accepted", "Available", "Collected", "Copyrighted", "Created",
                               "Issued", "Submitted", "Updated", "Valid"),
    "dcterms:accessRights.value": ("embargoed access", "metadata only access", "open access",
                                   "restricted access"),
    "jpcoar:relation.relationType": tuple(RELATIONS),
    "jpcoar:relation.jpcoar:relatedIdentifier.identifierType": (
        "ARK", "arXiv", "DOI", "HDL", "ICHUSHI", "ISBN", "J-GLOBAL", "Local", "PISSN", "EISSN",
        "ISSN", "NAID", "NCID", "PMID", "PURL", "SCOPUS", "URI", "WOS"),
    "jpcoar:subject.subjectScheme": ("BSH", "DDC", "e-Rad_field", "JEL", "LCC", "LCSH", "MeSH",
                                     "NDC", "NDLC", "NDLSH", "SciVal", "UDC", "Other"),
    "jpcoar:contributor.contributorType": (
        "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor",
        "HostingInstitution", "Producer", "ProjectLeader", "ProjectManager", "ProjectMember",
        "RelatedPerson", "Researcher", "ResearchGroup", "Sponsor", "Supervisor", "Other"),
    "jpcoar:creator.jpcoar:creatorName.nameType": ("Personal", "Organizational"),
    "jpcoar:fundingReference.jpcoar:funderIdentifier.funderIdentifierType": (
        "Crossref Funder", "e-Rad_funder", "GRID", "ISNI", "ROR", "Other"),
    "jpcoar:fundingReference.jpcoar:awardNumber.awardNumberType": ("JGN",),
    "dc:language.value": ("jpn", "eng"),
    "hasPart.dcterms:accessRights": ("open_access", "open_date", "open_login", "open_no",
                                     "open_restricted"),
}  # fmt: skip
"""Closed lists of the item type's JSON schema (nii.md 3.5: it must validate; words: 4.1)."""


def check_format(content: bytes, packaging: str) -> None:
    """nii.md 3.4: how the kind of metadata is found out; raises Refusal."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise Refusal(500, "ServerError", "Internal Server Error") from error
    if "SWORDBagIt" in packaging:
        if SWORD not in names:
            raise _format("SWORDBagIt requires metadate/sword.json.")
        raise malformed("SWORDBagIt metadata format is not supported yet")
    if METADATA in names:
        return
    if SWORD in names:
        raise _format("packaging format is SimpleZip, but sword.json is found.")
    if any("ro-crate-metadata.json" in name for name in names):
        raise _format("ro-crate-metadata.json is required in data/ directory.")
    raise Refusal(400, "ContentMalformed", "SimpleZip requires ro-crate-metadata.json")


def check_package(
    content: bytes, name: str, store: Store, client: Client, host: str, folder: Path
) -> list[tuple[Read, dict[str, bytes]]]:
    """Return the items of a package with their files as WEKO would keep them; raises Refusal."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    if store.verifies_bag:
        _check_bag(folder)
    if client.mapping is None:
        raise malformed(
            "Unexpected error occurred: Metadata mapping not defined for registration your item."
        )
    reads = read_document(json.loads((folder / METADATA).read_text()), client.mapping)
    checked = []
    for read in reads:
        if read.save_as_is and len(reads) == 1:
            (folder / "data" / name).write_bytes(content)
            read.paths = [name]
            names = [name]
        else:
            names = _flattened(read, folder / "data")
        errors = [
            *_schema_errors(read),
            *_record_errors(read, store, host),
            *_title_errors(read),
            *_date_errors(read),
            *_index_errors(read, store),
            *_status_errors(read),
            *_file_errors(read, names, folder / "data"),
            *_scheme_errors(read, store),
            *_doi_errors(read, store),
            *_link_errors(read, store, host),
        ]
        if errors:
            raise malformed(", ".join(dict.fromkeys(errors)))
        kept = {one: (folder / "data" / one) for one in read.paths if one}
        checked.append((read, {n: p.read_bytes() for n, p in kept.items() if p.is_file()}))
    return checked


def _format(error: str) -> Refusal:
    return Refusal(415, "MetadataFormatNotAcceptable", error)


def _check_bag(folder: Path) -> None:
    """nii.md 3.3: the bag is verified where the repository is set so."""
    try:
        bagit.Bag(str(folder)).validate()
    except bagit.BagError as error:
        raise malformed(str(error)) from error


def _flattened(read: Read, data: Path) -> list[str]:
    """nii.md 3.5: names that need quoting are changed, of others the mapped name counts."""
    names = []
    for number in range(len(read.entity.get("hasPart", []))):
        label = read.leaves.get(f"hasPart[{number}].@id")
        name = read.kept.get(f"hasPart[{number}].name", "")
        quoted = quote(str(label), safe="")
        if label in read.paths and quoted != label and (data / str(label)).exists():
            if len(quoted.encode()) > 255:  # as the disk refuses it
                raise malformed("Unexpected error occurred: File name too long")
            shutil.copyfile(data / str(label), data / quoted)
            read.paths = [quoted if one == label else one for one in read.paths]
            name = quoted
        names.append(str(name))
    return names


def _schema_errors(read: Read) -> list[str]:
    errors = []
    for path, words in WORDS.items():
        errors += [
            f"'{v}' is not one of {list(words)}" for v in read.values(path) if v not in words
        ]
    if not read.values("dc:type.value"):
        errors.append("'Resource Type' is a required property")
    if read.identifier and not re.fullmatch(r"[0-9]+", str(read.identifier)):
        # nii.md 3.5: a DOI as the root's identifier.
        errors.append("Please specify item ID by half-width number.")
    return errors


def _record_errors(read: Read, store: Store, host: str) -> list[str]:
    """nii.md 3.5: identifier, uri and wk:editMode of a record that is there."""
    if not read.identifier:
        return []
    if read.uri != f"{host}records/{read.identifier}":
        return ["Specified URI and system URI do not match."]
    item = store.items.get(str(read.identifier))
    if item is None:
        return ["Item does not exist in the system."]
    if item.deleted:
        return ["Item already DELETED in the system."]
    if str(read.edit_mode).lower() not in {"keep", "upgrade"}:
        return ['Please specify either "Keep" or "Upgrade".']
    return []


def _title_errors(read: Read) -> list[str]:
    """nii.md 3.5: a title is required, through the mapping; WEKO looks for its language too."""
    if read.values("dc:title.value") and read.values("dc:title.language"):
        return []
    return ["Title is required item."]


def _date_errors(read: Read) -> list[str]:
    """nii.md 3.6: `datePublished` is PubDate; 3.5: an embargo needs its date."""
    errors = []
    published = read.values("datePublished")
    if not published or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", published[0]):
        errors.append("Please specify PubDate with YYYY-MM-DD.")
    for number in range(len(read.paths)):
        role = read.kept.get(f"hasPart[{number}].dcterms:accessRights")
        opened = str(read.kept.get(f"hasPart[{number}].datePublished", ""))
        if role == "open_date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", opened):
            errors.append("Please specify Open Access Date with YYYY-MM-DD.")
    return errors


def _index_errors(read: Read, store: Store) -> list[str]:
    """nii.md 3.5: wk:index is required and must exist."""
    if not read.indexes:
        return ["Both of IndexID and POS_INDEX are not being set."]
    missing = [one for one in read.indexes if str(one) not in store.indexes]
    return ["The specified IndexID does not exist in system."] if missing else []


def _status_errors(read: Read) -> list[str]:
    """nii.md 3.5: wk:publishStatus is required; 3.5: metadataReplace is for updates."""
    errors = []
    if not read.publish_status:
        errors.append("PUBLISH_STATUS is required item.")
    elif read.publish_status not in {"public", "private"}:
        errors.append('Please set "public" or "private" for PUBLISH_STATUS.')
    if read.replaces_metadata and not read.identifier:
        errors.append("'wk:metadataReplace' flag cannot be used when registering an item.")
    return errors


def _file_errors(read: Read, names: list[str], data: Path) -> list[str]:
    """nii.md 3.5: hasPart lists files that are there, each with its own name."""
    errors = []
    if len(names) < len(read.paths):
        return ["Unexpected error occurred: list index out of range"]
    for number, path in enumerate(read.paths):
        if path and path.rsplit("/", 1)[-1] != names[number]:
            errors.append(
                f"The file name specified in file_path[{number}] and"
                f" .metadata.File[{number}].filename do not match."
            )
    missing = [n for n, path in enumerate(read.paths) if path and not (data / path).is_file()]
    if missing and not read.identifier:
        listed = ", ".join(f".file_path[{number}]" for number in missing)
        errors.append(f"The file specified in ({listed}) does not exist.")
    return errors


def _scheme_errors(read: Read, store: Store) -> list[str]:
    """WEKO v2.0.0, handle_check_authors_prefix: kinds of identifiers are registered by staff."""
    found = [
        str(value) for key, value in read.kept.items() if key.endswith(".nameIdentifierScheme")
    ]
    known = list(store.schemes)
    return [f'"{one}" is not one of {known} in Creator' for one in found if one not in known]


def _doi_errors(read: Read, store: Store) -> list[str]:
    """nii.md 3.5, DOI through SWORD."""
    item = store.items.get(str(read.identifier)) if read.identifier else None
    if item is not None and item.doi is not None:
        read.doi, read.agency = item.doi, item.agency
    if read.agency is None:
        return ["Please specify DOI_RA."] if read.doi else []
    errors = []
    if read.publish_status == "private":
        errors.append("You cannot keep an item private because it has a DOI.")
    there = [store.indexes[str(one)] for one in read.indexes if str(one) in store.indexes]
    if not any(one.public and one.harvested for one in there):
        errors.append(
            "When assigning a DOI to an item, it must be associated with an index whose index"
            ' status is "Public" and Harvest Publishing is "Public".'
        )
    if read.agency not in store.prefixes:
        return [*errors, "DOI_RA should be set by one of JaLC, Crossref, DataCite, NDL JaLC."]
    kind = (read.values("dc:type.value") or [""])[0]
    if read.agency == "Crossref" or (read.agency == "DataCite" and kind not in DATASETS):
        errors.append(f"The following metadata are required.<br/>type: {kind}")
    if item is not None and item.doi is not None:
        return errors
    if "/" in str(read.doi) and not str(read.doi).endswith("/"):
        return [*errors, "DOI cannot be set."]
    if str(read.doi).rstrip("/") != store.prefixes[read.agency]:
        errors.append("Specified Prefix of DOI is incorrect.")
    return errors


def _link_errors(read: Read, store: Store, host: str) -> list[str]:
    """nii.md 3.5, wk:itemLinks: relation types of JPCOAR 2.0, records that are there."""
    errors = []
    for address, relation in read.links:
        if relation not in RELATIONS:
            errors.append(f"Item Link type: '{relation}' is not one of {RELATIONS}.")
        if not isinstance(address, str):
            errors.append("Please specify Item URL for item link.")
            continue
        recid = address.rsplit("/", 1)[-1]
        if not recid.isdecimal():
            continue
        if address != f"{host}records/{recid}":
            errors.append("Specified Item Link URI and system URI do not match.")
        item = store.items.get(recid)
        if item is None or item.deleted:
            errors.append("Linking item does not exist in the system.")
        if recid == read.identifier:
            errors.append("It is not allowed to create links to the item itself.")
    return errors


def check_digest(content: bytes, header: str | None) -> None:
    """nii.md 3.3: `SHA-256=` and lower-case hex; raises Refusal."""
    expected = f"SHA-256={hashlib.sha256(content).hexdigest()}"
    if header != expected:
        raise Refusal(412, "DigestMismatch", "Failed to verify request body and digest.")


def check_duplicate(read: Read, store: Store, host: str, own: str | None) -> None:
    """WEKO v2.0.0, duplicate_check: a public item with this title, type and these creators."""

    def told(kept: dict[str, Any]) -> tuple[list[str], ...]:
        paths = ("dc:title.value", "dc:type.value", "jpcoar:creator.jpcoar:creatorName.value")
        plain = [(re.sub(r"\[\d+\]", "", key), str(value)) for key, value in kept.items()]
        return tuple(sorted(v for k, v in plain if k == path) for path in paths)

    same = [
        f"{host}records/{item.recid}"
        for item in store.living()
        if item.public and item.recid != own and told(item.kept) == told(read.kept)
    ]
    if same:
        raise bad(f"Some similar items are already registered: {same}.")
