"""What InvenioRDM says of metadata and access: invenio-rdm-records, services/schemas.

docs = https://inveniordm.docs.cern.ch/reference/; the rest names the package and file.
"""

import re
from typing import Any

Json = dict[str, Any]
RESOURCE_TYPES = {"dataset", "software", "software-computationalnotebook", "workflow", "other",
                  "publication-article", "publication-preprint", "publication-report"}  # fmt: skip
RELATIONS = {"cites", "iscitedby", "issupplementto", "issupplementedby", "iscontinuedby",
             "continues", "isdescribedby", "describes", "hasmetadata", "ismetadatafor",
             "hasversion", "isversionof", "isnewversionof", "ispreviousversionof", "ispartof",
             "haspart", "isreferencedby", "references", "isdocumentedby", "documents",
             "iscompiledby", "compiles", "isvariantformof", "isoriginalformof", "isidenticalto",
             "isreviewedby", "reviews", "isderivedfrom", "issourceof", "isrequiredby", "requires",
             "isobsoletedby", "obsoletes"}  # fmt: skip
"""DataCite 4.3's, in small letters (docs metadata#related-identifiers: the vocabulary)."""
LICENCES = {"cc-by-4.0", "cc0-1.0", "mit", "apache-2.0"}
SCHEMES = {"doi", "url", "urn", "handle", "ark", "other"}
_REQUIRED = "Missing data for required field."


def metadata_errors(metadata: Json) -> list[Json]:
    """Return complaints about a draft's metadata (services/schemas/metadata.py)."""
    found = []
    # docs metadata#title: required, three characters at least
    if len(str(metadata.get("title") or "")) < 3:
        found.append(_error("metadata.title", _REQUIRED))
    # docs metadata#resource-type and #publication-date: required
    needed = ("resource_type", "publication_date")
    found += [_error(f"metadata.{one}", _REQUIRED) for one in needed if not metadata.get(one)]
    # docs metadata#creators: one at least; a person has a family name
    creators = metadata.get("creators") or []
    if not creators:
        found.append(_error("metadata.creators", _REQUIRED))
    for number, creator in enumerate(creators):
        who = creator.get("person_or_org", {})
        part = "family_name" if who.get("type") == "personal" else "name"
        if not who.get(part):
            words = part.replace("_", " ").capitalize()
            field = f"metadata.creators.{number}.person_or_org.{part}"
            found.append(_error(field, f"{words} cannot be blank."))
    # docs metadata#related-identifiers: a known scheme, and a relation
    for number, one in enumerate(metadata.get("related_identifiers") or []):
        if one.get("scheme") not in SCHEMES:
            field = f"metadata.related_identifiers.{number}.scheme"
            found.append(_error(field, "Invalid scheme."))
    for number, one in enumerate(metadata.get("identifiers") or []):
        if one.get("scheme") not in SCHEMES:
            found.append(_error(f"metadata.identifiers.{number}.scheme", "Invalid scheme."))
    return found


def unknown_word(metadata: Json) -> str | None:
    """Return a word of no vocabulary: the whole request is refused with 400 for it.

    invenio-records-resources, resources/errors.py: InvalidRelationValue
    """
    said = [("resource_type", metadata.get("resource_type"), RESOURCE_TYPES)]
    said += [("rights", one, LICENCES) for one in metadata.get("rights") or [] if one.get("id")]
    for one in metadata.get("related_identifiers") or []:
        said.append(("relation_type", one.get("relation_type"), RELATIONS))
        said.append(("resource_type", one.get("resource_type"), RESOURCE_TYPES))
    for name, value, known in said:
        if isinstance(value, dict) and value.get("id") not in known:
            return f"Invalid value {value.get('id')} for {name}."
    return None


def access_errors(access: Json, today: str, *, restricted_records: bool) -> list[Json]:
    """Return complaints about access (services/schemas/access.py, components/access.py)."""
    found = [
        _error(f"access.{name}", "must be either 'public' or 'restricted'")
        for name in ("record", "files")
        if access.get(name) not in {"public", "restricted"}
    ]
    # zenodo-rdm, invenio.cfg: RDM_ALLOW_RESTRICTED_RECORDS = False
    if access.get("record") == "restricted" and not restricted_records:
        found.append(_error("access", "You don't have permissions to manage record access."))
    embargo = access.get("embargo") or {}
    until = str(embargo.get("until") or "")
    if embargo.get("active") and not (re.fullmatch(r"\d{4}-\d\d-\d\d", until) and until > today):
        found.append(
            _error("access.embargo.until", "Embargo end date must be set to a future date.")
        )
    return found


def _error(field: str, message: str) -> Json:
    return {"field": field, "messages": [message]}
