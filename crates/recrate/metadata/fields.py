"""What one metadata file says of a study: a partial description, before the files are merged."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from recrate.model.common import CommonMetadata
from recrate.model.study import (
    Access,
    DataReference,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    RestrictedFile,
    Translation,
)


@dataclass(slots=True, kw_only=True)
class Fields:
    """What one file says. `source` is its name; an empty field means the file does not say."""

    source: str
    title: str = ""
    description: str = ""
    creators: tuple[Person, ...] = ()
    licence: str = ""
    """As written: an SPDX expression, a URL, or a name."""
    keywords: tuple[str, ...] = ()
    published: str = ""
    version: str = ""
    related: tuple[Related, ...] = ()
    references: tuple[DataReference, ...] = ()
    language: Language | None = None
    translations: tuple[Translation, ...] = ()
    funding: tuple[Funding, ...] = ()
    access: Access | None = None
    restricted: tuple[RestrictedFile, ...] = ()
    common: CommonMetadata | None = None
    emptied: frozenset[str] = frozenset()
    """Fields of which the file says that there is nothing: no other file fills them."""
    complaint: str = ""
    """Why the file cannot be read, in words."""


def text_of(value: object, *, longest: int = 20_000) -> str:
    """Return a value as clean text: dates and numbers too, lists and tables not.

    longest: characters after which it is cut, for it may be anybody's
    """
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    text = str(value).strip()
    return text.encode("utf-8", "replace").decode("utf-8")[:longest]


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of a list, of one text cut at commas, or of JSON-LD's named things."""
    if isinstance(value, str):
        return tuple(part for one in re.split(r"[,;\n]", value) if (part := text_of(one)))
    if isinstance(value, list):
        found = (text_of(one.get("name")) if isinstance(one, dict) else text_of(one)
                 for one in value)  # fmt: skip
        return tuple(dict.fromkeys(one for one in found if one))
    return ()


def tables_of(value: object) -> Iterator[dict[str, Any]]:
    """Yield the tables of a list, or the one table that `value` is."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def date_of(value: object) -> str:
    """Return an ISO date (`2024`, `2024-05` and `2024-05-01` count), or an empty string."""
    match = re.match(r"\d{4}(-\d{2}(-\d{2})?)?(?![\d])", text_of(value), re.ASCII)
    return match.group() if match else ""


def person(
    *,
    name: object = "",
    given: object = "",
    family: object = "",
    identifier: object = "",
    email: object = "",
    affiliation: object = "",
    ror: object = "",
) -> Person | None:
    """Return a person from whatever a file knows of them, or None without any name.

    `Family, Given`, as the Zenodo form writes names, is cut at its comma.
    """
    first, last, whole = text_of(given), text_of(family), text_of(name)
    if not first and not last and whole.count(",") == 1:
        last, first = (part.strip() for part in whole.split(","))
        whole = f"{first} {last}".strip()
    whole = whole or f"{first} {last}".strip()
    if not whole:
        return None
    place = text_of(affiliation)
    return Person(
        name=whole,
        given_name=first or None,
        family_name=last or None,
        identifier=text_of(identifier) or None,
        email=text_of(email).removeprefix("mailto:") or None,
        affiliation=Organisation(name=place, identifier=text_of(ror) or None) if place else None,
    )


def persons(people: Iterator[Person | None]) -> tuple[Person, ...]:
    """Return those that have a name, each once."""
    return tuple(dict.fromkeys(one for one in people if one is not None))


def works(addresses: Iterable[str]) -> tuple[Related, ...]:
    """Return the works at these addresses, each once, as cited: no file of these says more."""
    return tuple(Related(url=one) for one in dict.fromkeys(addresses))
