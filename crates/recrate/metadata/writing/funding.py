"""Who paid: the grants that the study names and those of the common metadata, each once."""

from dataclasses import dataclass, replace

from recrate.metadata.writing.parts import Said, organisation_names, ror_of
from recrate.metadata.writing.text import doi_of, language_of, line
from recrate.metadata.writing.vocabulary import CROSSREF_FUNDER_ADDRESS
from recrate.model.common import Award, CommonMetadata
from recrate.model.common_values import FUNDERS
from recrate.model.record import Record
from recrate.model.study import Funding, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One grant. `names`: the funder's, none where nobody said who paid.

    ror, crossref: addresses of the funder; erad: its code in e-Rad
    stream:        code of the programme in a Japan Grant Number; `programme`: its names
    japanese:      `number` is a Japan Grant Number
    """

    names: tuple[Said, ...] = ()
    ror: str | None = None
    crossref: str | None = None
    erad: str | None = None
    stream: str = ""
    programme: tuple[Said, ...] = ()
    number: str = ""
    japanese: bool = False
    titles: tuple[Said, ...] = ()


def grants(record: Record) -> tuple[Grant, ...]:
    """Return the grants: those of the common metadata first, once when the study names them."""
    told = [_grant(one) for one in record.description.funding]
    common = record.description.common
    own: list[Grant] = []
    stated_ones: tuple[CommonMetadata | Award, ...] = (
        (common, *common.additional) if common is not None else ()
    )
    for stated in stated_ones:
        grant = _common_grant(stated)
        same = next((one for one in told if grant.number and one.number == grant.number), None)
        if same is not None:
            told.remove(same)
            grant = _joined(grant, same)
        own.append(grant)
    return tuple(dict.fromkeys(one for one in (*own, *told) if one != Grant()))


def _joined(grant: Grant, same: Grant) -> Grant:
    """Return a grant of the common metadata with what the study says of it beside."""
    return replace(
        grant,
        names=grant.names or same.names,
        ror=grant.ror or same.ror,
        crossref=grant.crossref or same.crossref,
        titles=grant.titles or same.titles,
    )


def _grant(one: Funding) -> Grant:
    funder = one.funder
    identifier = (funder.identifier or "") if funder else ""
    title = line(one.award_title)
    return Grant(
        names=organisation_names(funder) if funder else (),
        ror=ror_of(funder),
        crossref=identifier if (doi_of(identifier) or "").startswith("10.13039/") else None,
        number=line(one.award_number),
        titles=(Said(title, language_of(title)),) if title else (),
    )


def _common_grant(common: CommonMetadata | Award) -> Grant:
    known = FUNDERS.get(common.funder)
    free = line(common.funder)
    names: tuple[Said, ...] = (Said(free, language_of(free)),) if free else ()
    if known is not None:
        names = (Said(known.ja, Language.JAPANESE), Said(known.en, Language.ENGLISH))
    return Grant(
        names=names,
        ror=known.ror or None if known is not None else None,
        crossref=f"{CROSSREF_FUNDER_ADDRESS}{known.crossref}"
        if known is not None and known.crossref
        else None,
        erad=known.erad if known is not None else None,
        stream=line(common.funding_stream),
        programme=_both(common.programme_ja, common.programme_en),
        number=line(common.award_number),
        japanese=bool(line(common.award_number)),
        titles=_both(common.project_ja, common.project_en),
    )


def _both(japanese: str, english: str) -> tuple[Said, ...]:
    pair = (Said(line(japanese), Language.JAPANESE), Said(line(english), Language.ENGLISH))
    return tuple(one for one in pair if one.text)
