"""RIS, for reference managers: EndNote, Zotero, Mendeley."""

from collections.abc import Iterator

from recrate.metadata.writing.parts import descriptions, doi, home, keywords, names_of, titles
from recrate.metadata.writing.text import date_of, line
from recrate.model.record import Record, RecordKind

_TYPES = {RecordKind.STUDY: "DATA", RecordKind.REPLAY: "RPRT"}


def write(record: Record) -> bytes:
    """Return one entry; each value is one line, so that nothing that was typed ends it early."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _tagged(record)).encode()


def _tagged(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[record.kind]
    yield "TI", titles(record)[0].text
    for one in titles(record)[1:]:
        yield "TT", one.text
    for person in record.description.creators:
        for name in names_of(person)[:1]:
            yield "AU", name.text
    day = date_of(record.issued)
    if day:
        yield "PY", day[:4]
        yield "DA", day.replace("-", "/") + "/" * (3 - day.count("-"))
    for tag, value in (
        ("PB", line(record.publisher)),
        ("ET", line(record.version)),
        ("DO", doi(record)),
        ("UR", home(record)),
    ):
        if value:
            yield tag, value
    for one in keywords(record):
        yield "KW", one.text
    for one in descriptions(record)[:1]:
        yield "AB", line(one.text, longest=20_000)
    yield "ER", ""
