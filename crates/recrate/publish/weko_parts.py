"""A record in the shapes of JPCOAR as WEKO's mappings name them: nested, with both spellings.

GakuNin RDM writes some attributes with the prefix `jpcoar:`, WEKO's reference mapping reads them
without it; an attribute that a repository does not read costs nothing, so both are written.
"""

import re
from collections.abc import Iterable
from typing import Any

from recrate.model.jpcoar import JPCOAR_RELATIONS
from recrate.model.record import Record, RecordLink
from recrate.model.study import AccessRight, Funding, Organisation, Person
from recrate.publish.weko_options import WekoSettings
from recrate.publish.weko_words import (
    ACCESS,
    CONTRIBUTOR_TYPES,
    LANGUAGES,
    RESOURCE_TYPES,
    language_of,
)

Part = dict[str, Any]


def parts_of(record: Record, settings: WekoSettings) -> Part:
    """Return the keys of the root that tell of the record; values are nested dicts and lists."""
    said = record.description
    parts: Part = {
        "dc:title": _titles(record),
        "jpcoar:creator": [_person(one, "creator", settings) for one in said.creators],
        "jpcoar:contributor": list(_contributors(record, settings)),
        "dc:rights": [_rights(said.licence)] if said.licence else [],
        "jpcoar:subject": _subjects(record),
        "datacite:description": _descriptions(record),
        "dc:publisher": [_text(record.publisher)] if record.publisher else [],
        "datacite:date": _dates(record),
        "dc:language": [{"value": LANGUAGES[one["language"]]} for one in _titles(record)],
        "dc:type": {
            "value": settings.resource_type,
            "rdf:resource": RESOURCE_TYPES[settings.resource_type],
        },
        "jpcoar:relation": [_relation(link) for link in record.links],
        "jpcoar:fundingReference": _funding(record),
    }
    if said.access is not None:
        word, address = ACCESS[said.access.right]
        parts["dcterms:accessRights"] = {"value": word, "rdf:resource": address}
    if version := record.version or said.version:
        parts["datacite:version"] = {"value": version}
    return {key: value for key, value in parts.items() if value}


def access_of(record: Record) -> AccessRight:
    """Return who may have the files: what WEKO takes as said where nobody says anything is open."""
    access = record.description.access
    return access.right if access is not None else AccessRight.OPEN


def _text(text: str, language: str | None = None) -> Part:
    return {"value": text, "language": language or language_of(text)}


def _twice(name: str, value: str) -> Part:
    return {name: value, f"jpcoar:{name}": value}


def _titles(record: Record) -> list[Part]:
    said = record.description
    first = [_text(said.title, said.language)] if said.title.strip() else []
    others = [_text(one.title, one.language) for one in said.translations if one.title.strip()]
    return first + others


def _descriptions(record: Record) -> list[Part]:
    said = record.description
    texts = [(said.description, said.language)]
    texts += [(one.description, one.language) for one in said.translations]
    abstracts = [
        {**_text(text, language), "descriptionType": "Abstract"}
        for text, language in texts
        if text.strip()
    ]
    inside = ", ".join(record.notebooks[:20]) + (" …" if len(record.notebooks) > 20 else "")
    technical = [
        f"Research crate (RO-Crate) packed by {record.agent}; identity sha256:{record.identity}.",
        *([f"Notebooks: {inside}."] if inside else []),
        *([f"Verdict of the replay: {record.verdict}."] if record.verdict else []),
    ]
    return [*abstracts, {**_text(" ".join(technical), "en"), "descriptionType": "TechnicalInfo"}]


def _names(key: str, *names: str | None) -> Part:
    found = [_text(name) for name in dict.fromkeys(names) if name and name.strip()]
    return {key: found} if found else {}


def _person(person: Person, role: str, settings: WekoSettings) -> Part:
    family, given = person.family_name, person.given_name
    full = f"{family}, {given}" if family and given else person.name
    names = [_text(one) for one in dict.fromkeys((full, person.alternate_name)) if one]
    part: Part = {f"jpcoar:{role}Name": [{**one, "nameType": "Personal"} for one in names]}
    if family and given:
        part |= _names("jpcoar:familyName", family) | _names("jpcoar:givenName", given)
    identifiers = []
    if orcid := re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", person.identifier or ""):
        identifiers.append(_identifier(orcid[0], "ORCID", f"https://orcid.org/{orcid[0]}"))
    if person.erad_number:
        page = f"https://kaken.nii.ac.jp/ja/search/?qm={person.erad_number}"
        identifiers.append(_identifier(person.erad_number, "e-Rad_Researcher", page))
    if kept := [one for one in identifiers if one["nameIdentifierScheme"] in settings.schemes]:
        part["jpcoar:nameIdentifier"] = kept
    if person.affiliation is not None:
        part["jpcoar:affiliation"] = [_affiliation(person.affiliation, settings)]
    return part


def _affiliation(organisation: Organisation, settings: WekoSettings) -> Part:
    part = _names("jpcoar:affiliationName", organisation.name, organisation.alternate_name)
    return part | _ror(organisation, settings)


def _ror(organisation: Organisation, settings: WekoSettings) -> Part:
    ror = organisation.identifier or ""
    if "ror.org/" not in ror or "ROR" not in settings.schemes:
        return {}
    return {"jpcoar:nameIdentifier": [_identifier(ror, "ROR", ror)]}


def _identifier(value: str, scheme: str, address: str) -> Part:
    return {"value": value, "nameIdentifierScheme": scheme, "nameIdentifierURI": address}


def _contributors(record: Record, settings: WekoSettings) -> Iterable[Part]:
    for one in record.contributors:
        role = one.role if one.role in CONTRIBUTOR_TYPES else "Other"
        if one.person is not None:
            yield _twice("contributorType", role) | _person(one.person, "contributor", settings)
        elif one.organisation is not None:
            named = _names(
                "jpcoar:contributorName", one.organisation.name, one.organisation.alternate_name
            )
            for name in named.get("jpcoar:contributorName", []):
                name["nameType"] = "Organizational"
            yield _twice("contributorType", role) | named | _ror(one.organisation, settings)


def _rights(licence: str) -> Part:
    part = _text(licence, "en")
    commons = re.fullmatch(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)", licence)
    if commons:
        address = f"https://creativecommons.org/licenses/{commons[1].lower()}/{commons[2]}/"
    elif licence == "CC0-1.0":
        address = "https://creativecommons.org/publicdomain/zero/1.0/"
    elif re.fullmatch(r"[A-Za-z0-9.+-]+", licence):
        address = f"https://spdx.org/licenses/{licence}"
    else:
        return part
    return part | {"rdf:resource": address}


def _subjects(record: Record) -> list[Part]:
    found = [_text(word) | {"subjectScheme": "Other"} for word in record.description.keywords]
    common = record.description.common
    if common is not None and common.field:
        found.append(_text(common.field) | {"subjectScheme": "e-Rad_field"})
    return found


def _dates(record: Record) -> list[Part]:
    found = [{"value": record.issued[:10], "dateType": "Issued"}] if record.issued else []
    access = record.description.access
    if access is not None and access.available:
        found.append({"value": access.available[:10], "dateType": "Available"})
    return found


def _relation(link: RecordLink) -> Part:
    part = relation_part(JPCOAR_RELATIONS[link.relation], *_identified(link.target))
    return part | _names("jpcoar:relatedTitle", link.title)


def relation_part(relation: str, kind: str, value: str) -> Part:
    """Return a relation. `kind`: of the identifier, `DOI`, `HDL`, `URI` or `Local`."""
    return {
        **_twice("relationType", relation),
        "jpcoar:relatedIdentifier": {"identifierType": kind, "value": value},
    }


def _identified(target: str) -> tuple[str, str]:
    if re.match(r"https?://(?:dx\.)?doi\.org/10\.", target):
        return "DOI", target
    if re.match(r"https?://hdl\.handle\.net/", target):
        return "HDL", target
    return "URI", target


def _funding(record: Record) -> list[Part]:
    found = [_grant(one) for one in record.description.funding]
    common = record.description.common
    if common is None:
        return found
    numbers = {one.award_number for one in record.description.funding}
    if not common.award_number or common.award_number in numbers:
        return found
    part = _names("jpcoar:funderName", common.funder) | _award(common.award_number)
    part |= _names("jpcoar:awardTitle", common.project_ja, common.project_en)
    part |= _names("jpcoar:fundingStream", common.programme_ja, common.programme_en)
    if common.funding_stream:
        part["jpcoar:fundingStreamIdentifier"] = {
            "value": common.funding_stream,
            **_twice("fundingStreamIdentifierType", "JGN_fundingStream"),
            **_twice("fundingStreamIdentifierTypeURI", "https://www.nistep.go.jp/taikei"),
        }
    return [*found, part]


def _grant(funding: Funding) -> Part:
    part: Part = {}
    if funding.funder is not None:
        part |= _names("jpcoar:funderName", funding.funder.name, funding.funder.alternate_name)
        address = funding.funder.identifier or ""
        kinds = {"ror.org/": "ROR", "10.13039/": "Crossref Funder"}
        kind = next((word for mark, word in kinds.items() if mark in address), "Other")
        if address:
            identified = {"value": address, **_twice("funderIdentifierType", kind)}
            part["jpcoar:funderIdentifier"] = identified
    if funding.award_number:
        part |= _award(funding.award_number)
    return part | _names("jpcoar:awardTitle", funding.award_title)


def _award(number: str) -> Part:
    japanese = re.fullmatch(r"JP[A-Z0-9]+", number) is not None
    return {
        "jpcoar:awardNumber": {
            "value": number,
            **(_twice("awardNumberType", "JGN") if japanese else {}),
        }
    }
