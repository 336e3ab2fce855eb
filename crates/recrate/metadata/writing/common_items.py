"""The data sets of the common metadata as part of a record: who keeps them, what belongs to them.

Source: https://www8.cao.go.jp/cstp/metadatainstructions.pdf, items 13 to 16; roles as in JPCOAR's
own sample of these items
"""

from collections.abc import Iterator

from recrate.metadata.people import ror_url
from recrate.metadata.works import work_url
from recrate.model.common import CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.record import Contributor, LinkRelation, RecordLink
from recrate.model.study import Organisation, Person


def contributors_of(
    common: CommonMetadata | None, creators: tuple[Person, ...]
) -> tuple[Contributor, ...]:
    """Return who hosts and manages the data sets, whom to ask, and who made them, each once.

    creators: of the study; a data set's creator who is among them is not told again
    """
    found = [
        one
        for item in (common.items if common else ())
        for one in (*_hosting(item), *_manager(item.manager), *_makers(item, creators))
    ]
    return tuple(dict.fromkeys(found))


def links_of(common: CommonMetadata | None) -> tuple[RecordLink, ...]:
    """Return the papers and data that the items name by DOI or address."""
    found = []
    for item in common.items if common else ():
        for written, relation, kind in (
            (item.publication_link, LinkRelation.IS_SUPPLEMENT_TO, "Text"),
            (item.dataset_link, LinkRelation.IS_SUPPLEMENTED_BY, "Dataset"),
        ):
            target = work_url(written) if written else None
            if target is not None:
                found.append(RecordLink(target=target, relation=relation, resource_type=kind))
    return tuple(found)


def institution_of(common: CommonMetadata | None) -> str | None:
    """Return the institution that keeps the data, where all items name the same."""
    named = {item.hosting_en or item.hosting_ja for item in (common.items if common else ())}
    return named.pop() or None if len(named) == 1 else None


def _pair(english: str, japanese: str, identifier: str | None = None) -> Organisation | None:
    """Return an organisation by its names: the English one first, where there are both."""
    first, *others = [one for one in (english, japanese) if one.strip()] or [""]
    if not first:
        return None
    other = others[0] if others else None
    return Organisation(name=first, alternate_name=other, identifier=identifier)


def _hosting(item: DataItem) -> Iterator[Contributor]:
    ror = ror_url(item.hosting_ror) if item.hosting_ror else None
    where = _pair(item.hosting_en, item.hosting_ja, ror)
    if where is not None:
        yield Contributor(role="HostingInstitution", organisation=where)


def _manager(manager: DataManager) -> Iterator[Contributor]:
    """Yield the manager, and the contact: its organisation, address, telephone, mail in words."""
    where = _pair(manager.organisation_en, manager.organisation_ja)
    if manager.kind == "individual":
        person = _person(manager.name_en, manager.name_ja, manager.number, where)
        if person is not None:
            yield Contributor(role="DataManager", person=person)
    elif where is not None:
        yield Contributor(role="DataManager", organisation=where)
    if not any((manager.email, manager.telephone, manager.address_en, manager.address_ja)):
        return
    contact = _pair(
        _contact(manager, manager.organisation_en, manager.address_en)
        if manager.organisation_en or manager.address_en
        else "",
        _contact(manager, manager.organisation_ja, manager.address_ja)
        if manager.organisation_ja or manager.address_ja
        else "",
    ) or _pair(_contact(manager, "", ""), "")
    if contact is not None:
        yield Contributor(role="ContactPerson", organisation=contact)


def _contact(manager: DataManager, organisation: str, where: str) -> str:
    telephone = f"TEL: {manager.telephone}" if manager.telephone else ""
    mail = f"E-Mail: {manager.email}" if manager.email else ""
    return " ".join(filter(None, (organisation, where, telephone, mail)))


def _person(
    english: str, japanese: str, number: str, affiliation: Organisation | None
) -> Person | None:
    named = _pair(english, japanese)
    if named is None:
        return None
    return Person(
        name=named.name,
        alternate_name=named.alternate_name,
        erad_number=number or None,
        affiliation=affiliation,
    )


def _makers(item: DataItem, creators: tuple[Person, ...]) -> Iterator[Contributor]:
    known = {name for one in creators for name in (one.name, one.alternate_name) if name}
    numbers = {one.erad_number for one in creators if one.erad_number}
    for one in item.creators:
        if one.number in numbers or one.name_en in known or one.name_ja in known:
            continue
        person = _maker(one)
        if person is not None:
            yield Contributor(role="DataCollector", person=person)


def _maker(one: DataCreator) -> Person | None:
    where = _pair(one.affiliation_en, one.affiliation_ja)
    return _person(one.name_en, one.name_ja, one.number, where)
