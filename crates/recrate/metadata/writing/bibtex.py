"""BibTeX, for those who write with LaTeX."""

import re
import unicodedata

from recrate.metadata.writing.parts import (
    descriptions,
    doi,
    family_first,
    home,
    is_person,
    keywords,
    titles,
)
from recrate.metadata.writing.text import date_of, line
from recrate.model.record import Record, RecordKind
from recrate.model.study import Person

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': "''",
}
"""BibTeX counts braces also after a backslash: they are told by name."""
_NOTES = {
    RecordKind.STUDY: "Computational notebooks, RO-Crate",
    RecordKind.REPLAY: "Re-execution report, RO-Crate",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def write(record: Record) -> bytes:
    """Return one `@misc` entry, ending with a newline."""
    day = date_of(record.issued) or ""
    told = descriptions(record)
    where = home(record)
    found = {
        "title": f"{{{escaped(titles(record)[0].text)}}}",
        "author": " and ".join(filter(None, map(_author, record.description.creators))),
        "year": day[:4],
        "publisher": escaped(line(record.publisher)),
        "version": escaped(line(record.version)),
        "doi": (doi(record) or "").translate(_NOT_IN_ADDRESS),
        "url": (where or "").translate(_NOT_IN_ADDRESS),
        "keywords": ", ".join(escaped(one.text) for one in keywords(record)),
        "abstract": escaped(line(told[0].text, longest=5_000)) if told else "",
        "note": _NOTES[record.kind],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in found.items() if value]
    if len(day) >= len("2026-11"):
        lines.append(f"  month = {_MONTHS[int(day[5:7]) - 1]},")
    return "\n".join([f"@misc{{{_key(record, day)},", *lines, "}", ""]).encode()


def escaped(text: str) -> str:
    """Return text in which TeX sees no command, and BibTeX no end of a field."""
    return "".join(_ESCAPED.get(character, character) for character in text)


def _author(person: Person) -> str:
    """Return `{Family}, {Given}`; a name that may be an organisation's is one word to BibTeX."""
    family, given = line(person.family_name), line(person.given_name)
    if is_person(person) and not family and not given:
        family, given = family_first(person.name)
    if family and given:
        return f"{{{escaped(family)}}}, {{{escaped(given)}}}"
    whole = line(person.name) or family or given
    return f"{{{escaped(whole)}}}" if whole else ""


def _key(record: Record, day: str) -> str:
    """Return a key of plain letters and digits: family name, year, first word of the title."""
    people = record.description.creators
    first = (people[0].family_name or people[0].name.split(" ")[-1]) if people else ""
    words = [_plain(one) for one in titles(record)[0].text.split()]
    word = next((one for one in words if len(one) > 3), "")
    return (_plain(first) + day[:4] + word) or "recrate" + record.identity[:8]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:200])
    return re.sub(r"[^a-z0-9]", "", decomposed.lower())[:40]
