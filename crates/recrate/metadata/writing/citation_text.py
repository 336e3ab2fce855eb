"""How to cite it, as one line that people copy: after APA in English, and in Japanese."""

from recrate.metadata.writing.parts import Said, family_first, home, is_person, titles
from recrate.metadata.writing.text import date_of, is_japanese, line
from recrate.model.record import Record, RecordKind
from recrate.model.study import Language, Person

_KINDS = {
    RecordKind.STUDY: ("Computational notebooks", "計算ノートブック"),
    RecordKind.REPLAY: ("Re-execution report", "再実行の報告"),
}
_MOST_AUTHORS = 20
"""Of more, APA 7 names the first nineteen and the last."""


def write_english(record: Record) -> bytes:
    """Return `Carberry, J. (2026). Title (Version 1) [Kind]. Publisher. https://doi.org/…`."""
    people = [one for one in map(_author, record.description.creators) if one]
    if len(people) > _MOST_AUTHORS:
        authors = f"{', '.join(people[:19])}, … {people[-1]}"
    elif len(people) > 1:
        authors = f"{', '.join(people[:-1])}, & {people[-1]}"
    else:
        authors = "".join(people)
    year = (date_of(record.issued) or "n.d.")[:4]
    title = _title(record, Language.ENGLISH)
    version = f" (Version {line(record.version)})" if line(record.version) else ""
    named = f"{title}{version} [{_KINDS[record.kind][0]}]"
    when = f"({year})"
    first = f"{_stopped(authors)} {when}. {named}." if authors else f"{named}. {when}."
    rest = [_stopped(line(record.publisher)) if line(record.publisher) else "", home(record) or ""]
    return (" ".join(filter(None, [first, *rest])) + "\n").encode()


def write_japanese(record: Record) -> bytes:
    """Return `著者（2026）「題」バージョン 1 [種類]、公開者、https://doi.org/…`."""
    people = [one for one in map(_in_japanese, record.description.creators) if one]
    if len(people) > _MOST_AUTHORS:
        people = [*people[:19], "ほか"]
    year = (date_of(record.issued) or "")[:4] or "発行年不明"
    version = f"バージョン {line(record.version)} " if line(record.version) else ""
    named = f"「{_title(record, Language.JAPANESE)}」{version}[{_KINDS[record.kind][1]}]"
    parts = [f"{'・'.join(people)}（{year}）{named}", line(record.publisher), home(record) or ""]
    return ("、".join(filter(None, parts)) + "\n").encode()


def _title(record: Record, language: Language) -> str:
    known: tuple[Said, ...] = titles(record)
    return next((one.text for one in known if one.language is language), known[0].text)


def _stopped(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _author(person: Person) -> str:
    """Return `Family, G. N.`; a name in Japanese characters has no initials."""
    if not is_person(person):
        return line(person.name)
    family, given = line(person.family_name), line(person.given_name)
    if not family or not given:
        family, given = family_first(line(person.name) or family or given)
    if not given or is_japanese(given):
        return f"{family}, {given}" if given else family
    initials = " ".join(f"{part[0].upper()}." for part in given.replace("-", " ").split())
    return f"{family}, {initials}"


def _in_japanese(person: Person) -> str:
    """Return the name in Japanese characters where there is one."""
    names = [line(person.name), line(person.alternate_name)]
    return next((one for one in names if is_japanese(one)), names[0])
