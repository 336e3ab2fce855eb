"""What several forms say in the same way: titles, names, dates, access, identifiers."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from recrate.metadata.writing.text import (
    address,
    clean,
    date_of,
    doi_address,
    doi_of,
    is_japanese,
    language_of,
    language_of_name,
    line,
)
from recrate.metadata.writing.vocabulary import IDENTIFIERS
from recrate.model.common import DataItem
from recrate.model.common_values import ACCESS_OF_STUDIES, AS_PROJECT, DATA_TYPES, FIELDS
from recrate.model.record import Record, RecordKind, RecordLink
from recrate.model.study import Access, AccessRight, Language, Organisation, Person
from recrate.model.terms import is_orcid

UNTITLED = "Untitled"
RIGHTS_BY_WORD = {word: right for right, word in ACCESS_OF_STUDIES.items()}
"""Answer to item 12 of the common metadata → access right."""
_SHA256 = re.compile("[0-9a-f]{64}")
_ERAD = re.compile("[0-9]{8}")
_ROR = re.compile("https://ror\\.org/(0[0-9a-z]{8})")


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in, None where that is not known."""

    text: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in one script; family and given name are empty where not told apart."""

    text: str
    language: Language
    family: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A related thing as an identifier, and its scheme in DataCite, JPCOAR and InvenioRDM."""

    identifier: str
    address: str
    datacite: str
    jpcoar: str
    invenio: str


def items_of(record: Record) -> tuple[DataItem, ...]:
    """Return the data sets that the common metadata tell of; what was left empty is none."""
    common = record.description.common
    return tuple(one for one in common.items if one != DataItem()) if common else ()


def titles(record: Record) -> tuple[Said, ...]:
    """Return the title and its translations, the main one first; `Untitled` where there is none."""
    one = record.description
    found = [Said(line(one.title) or UNTITLED, language_of(one.title, one.language))]
    others = [Said(line(other.title), other.language) for other in one.translations]
    for item in items_of(record) if len(items_of(record)) == 1 else ():
        others.append(Said(line(item.title_ja), Language.JAPANESE))
        others.append(Said(line(item.title_en), Language.ENGLISH))
    return _each_language(found, others)


def descriptions(record: Record) -> tuple[Said, ...]:
    """Return the description and its translations, the main one first."""
    one = record.description
    text = clean(one.description)
    found = [Said(text, language_of(text, one.language))] if text else []
    others = [Said(clean(other.description), other.language) for other in one.translations]
    for item in items_of(record) if len(items_of(record)) == 1 else ():
        others.append(Said(clean(item.description_ja), Language.JAPANESE))
        others.append(Said(clean(item.description_en), Language.ENGLISH))
    return _each_language(found, others)


def _each_language(found: list[Said], others: list[Said]) -> tuple[Said, ...]:
    """Add the others, one of a language, and none in words that stand there already."""
    for other in others:
        known = {one.language for one in found} | {
            Language.ENGLISH for one in found if one.language is None
        }
        if other.text and other.language not in known and other.text not in {
            one.text for one in found
        }:  # fmt: skip
            found.append(other)
    return tuple(found)


def keywords(record: Record) -> tuple[Said, ...]:
    """Return the keywords, each once."""
    words = dict.fromkeys(filter(None, (line(one) for one in record.description.keywords)))
    return tuple(Said(one, language_of(one)) for one in words)


def fields(record: Record) -> tuple[tuple[str, str, str], ...]:
    """Return the research fields of the common metadata: (code, in Japanese, in English)."""
    common = record.description.common
    if common is None:
        return ()
    codes = [common.field if one.field == AS_PROJECT else one.field for one in items_of(record)]
    known = dict.fromkeys(one for one in (*codes, common.field) if one in FIELDS)
    return tuple((code, *FIELDS[code]) for code in known)


def names_of(person: Person) -> tuple[Name, ...]:
    """Return a person's names, `Family, Given` where they are told apart, the main one first."""
    family, given = line(person.family_name), line(person.given_name)
    whole = line(person.name) or f"{given} {family}".strip()
    shown = f"{family}, {given}" if family and given else whole
    found = [Name(shown, language_of_name(shown), family, given)] if shown else []
    other = line(person.alternate_name)
    if other and other not in {shown, whole}:
        found.append(Name(other, language_of_name(other)))
    return tuple(found)


def is_person(person: Person) -> bool:
    """Say whether a creator is a human being.

    CITATION.cff gives organisations a name and people a family name, so who has a name and nothing
    else is taken for an organisation.
    """
    return bool(
        person.family_name
        or person.given_name
        or person.erad_number
        or person.identifier
        or person.affiliation
    )


def orcid_of(person: Person) -> str | None:
    """Return the address of a person's ORCID."""
    identifier = person.identifier or ""
    return identifier if is_orcid(identifier) else None


def erad_of(person: Person) -> str | None:
    """Return a researcher's number in e-Rad, eight digits."""
    number = line(person.erad_number)
    return number if _ERAD.fullmatch(number) else None


def ror_of(organisation: Organisation | None) -> str | None:
    """Return the address of an organisation's ROR."""
    identifier = (organisation.identifier or "") if organisation else ""
    return identifier if _ROR.fullmatch(identifier) else None


def organisation_names(one: Organisation) -> tuple[Said, ...]:
    """Return an organisation's names with their languages, told by their script."""
    found = dict.fromkeys(filter(None, (line(one.name), line(one.alternate_name))))
    return tuple(Said(name, language_of_name(name)) for name in found)


def access_of(record: Record) -> Access | None:
    """Return who may have it: as the study says, else as all its data sets do."""
    if record.description.access is not None:
        return record.description.access
    rights = {RIGHTS_BY_WORD.get(one.access) for one in items_of(record)}
    right = rights.pop() if len(rights) == 1 else None
    if right is None:
        return None
    dates = sorted(one.available for one in items_of(record) if date_of(one.available))
    return Access(right=right, available=dates[-1] if dates else None)


def available_of(record: Record) -> str | None:
    """Return the date on which an embargo ends."""
    access = access_of(record)
    embargoed = access is not None and access.right is AccessRight.EMBARGOED
    return date_of(access.available) if access is not None and embargoed else None


def data_type(record: Record) -> str:
    """Return JPCOAR's word for the type: of the one data set that is described, else `dataset`.

    Records of JAIRO Cloud are launched from and given DOIs as data sets; a replay is a report.
    """
    if record.kind is RecordKind.REPLAY:
        return "report"
    kinds = {one.data_type for one in items_of(record)}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return kind if kind in DATA_TYPES else "dataset"


def doi(record: Record) -> str | None:
    """Return the record's bare DOI."""
    return doi_of(record.doi)


def home(record: Record) -> str | None:
    """Return where the record is found: the DOI's address, else the landing page's."""
    bare = doi(record)
    return doi_address(bare) if bare else address(record.url)


def name_by_hash(record: Record) -> str | None:
    """Return the crate's identity as an address that needs no registrar.

    Source: https://www.rfc-editor.org/rfc/rfc6920
    """
    if not _SHA256.fullmatch(record.identity):
        return None
    digest = base64.urlsafe_b64encode(bytes.fromhex(record.identity)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def links(record: Record) -> Iterator[tuple[RecordLink, Target]]:
    """Yield the related things that can be identified, each relation once."""
    seen = set()
    for one in record.links:
        target = target_of(one.target)
        if target is not None and (one.relation, target.identifier) not in seen:
            seen.add((one.relation, target.identifier))
            yield one, target


def target_of(written: str) -> Target | None:
    """Return the identifier and scheme of an address; None for what is no address."""
    bare = doi_of(written)
    if bare is not None:
        return Target(bare, doi_address(bare), "DOI", "DOI", "doi")
    where = address(written)
    if where is None:
        return None
    for pattern, datacite, jpcoar, invenio in IDENTIFIERS:
        match = pattern.fullmatch(where)
        if match is not None:
            return Target(match[1] if match.groups() else where, where, datacite, jpcoar, invenio)
    return Target(where, where, "URL", "URI", "url")


def total_bytes(record: Record) -> int:
    """Return the size of all files together."""
    return sum(one.size_bytes for one in record.files)


def size_in_words(size_bytes: int) -> str:
    """Return a size as people write it, in powers of ten: `1.2 MB`."""
    size, unit = float(size_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size_bytes} B" if unit == "B" else f"{size:.1f} {unit}"


def remarks(record: Record) -> tuple[Said, ...]:
    """Return the remarks of the common metadata, each once."""
    found = [
        Said(clean(text), language)
        for one in items_of(record)
        for text, language in (
            (one.remarks_ja, Language.JAPANESE),
            (one.remarks_en, Language.ENGLISH),
        )
        if clean(text)
    ]
    return tuple(dict.fromkeys(found))


def family_first(name: str) -> tuple[str, str]:
    """Cut a whole name into family and given name: where each stands depends on the script."""
    parts = line(name).split()
    if len(parts) < 2:
        return line(name), ""
    if is_japanese(name):
        return parts[0], " ".join(parts[1:])
    return parts[-1], " ".join(parts[:-1])
