"""What others may do with it: licences with their names and addresses, and terms in words."""

import re
from dataclasses import dataclass

from recrate.metadata.licence import keys_of
from recrate.metadata.writing.parts import Said, items_of
from recrate.metadata.writing.text import address, clean, language_of, line
from recrate.metadata.writing.vocabulary import POLICIES_IN_ENGLISH
from recrate.model.common_values import LICENCES, POLICIES
from recrate.model.record import Record
from recrate.model.study import Language

SPDX = "https://spdx.org/licenses/"
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")
_WORDS = {
    "BY": "Attribution",
    "NC": "NonCommercial",
    "SA": "ShareAlike",
    "ND": "NoDerivatives",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. `key`: its SPDX identifier, empty where it has none; `address`: likewise."""

    name: str
    key: str
    address: str


def licences_of(record: Record) -> tuple[Licence, ...]:
    """Return each licence that the study names, else those of its data sets."""
    stated = line(record.description.licence)
    if stated:
        known = tuple(licence_of(key) for key in keys_of(stated))
        return known or (Licence(stated, "", address(stated) or ""),)
    answers = dict.fromkeys(one.licence for one in items_of(record) if one.licence in LICENCES)
    named = [LICENCES[one] for one in answers]
    return tuple(licence_of(one.spdx) if one.spdx else Licence(one.name, "", "") for one in named)


def licence_of(key: str) -> Licence:
    """Return the licence of an SPDX identifier."""
    match = _CREATIVE_COMMONS.fullmatch(key)
    if match is not None:
        words = "-".join(_WORDS[part] for part in match[1].split("-"))
        reach = " International" if match[2] == "4.0" else ""
        where = f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
        return Licence(f"Creative Commons {words} {match[2]}{reach}", key, where)
    if key == "CC0-1.0":
        where = "https://creativecommons.org/publicdomain/zero/1.0/"
        return Licence("Creative Commons Zero 1.0 Universal", key, where)
    return Licence(key, key, SPDX + key)


def terms_of(record: Record) -> tuple[Said, ...]:
    """Return what is said in words: conditions of access, and policy and citation of data sets."""
    access = record.description.access
    found = []
    if access is not None and clean(access.conditions):
        text = clean(access.conditions)
        found.append(Said(text, language_of(text, None)))
    for one in items_of(record):
        found.append(Said(POLICIES.get(one.policy, ""), Language.JAPANESE))
        found.append(Said(POLICIES_IN_ENGLISH.get(one.policy, ""), Language.ENGLISH))
        found.append(Said(clean(one.citation_ja), Language.JAPANESE))
        found.append(Said(clean(one.citation_en), Language.ENGLISH))
    return tuple(dict.fromkeys(one for one in found if one.text))
