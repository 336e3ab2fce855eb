"""Every form in which a text may name the people of a study, found and taken out.

Pure: names in, patterns out. Forms: given and family name in either order, however joined; initials
before and after; Japanese with and without a space; mail addresses; ORCIDs, affiliations, awards;
the folder of a user; and what the remote of a git repository is called.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HIDDEN = "[hidden]"
HIDDEN_USER = "hidden"
USER = "user name"
_NEUTRAL_USERS = (
    "hidden", "jovyan", "user", "users", "username", "you", "me", "name", "public", "shared",
    "runner", "runneradmin", "codespace", "vscode", "vsts", "root", "ubuntu", "rstudio",
)  # fmt: skip
"""Folders of users that name nobody."""
_JOINED = r"[\s.,;_\-+·・'\"&/]{0,4}"
_HOME = re.compile(
    r"(?P<before>(?:(?<=file://)|(?<![\w./-]))(?:/[\w.-]+){0,4}/(?:home\d*|(?-i:Users))/"
    r"|(?:[A-Za-z]:|\\\\[\w.-]+)(?:\\{1,4}|/)Users(?:\\{1,4}|/))"
    rf"(?!(?:{'|'.join(_NEUTRAL_USERS)})(?![\w.-]))(?P<user>[^\s/\\:*?\"'<>|,;()\[\]{{}}$%&=]+)",
    re.IGNORECASE,
)
_ORDINARY = frozenset(
    {
        "admin", "apps", "data", "docker", "group", "guest", "labs", "notebook", "notebooks",
        "project", "projects", "python", "research", "share", "software", "student", "students",
        "temp", "test", "tests", "tools", "work", "workspace",
    }
)  # fmt: skip
"""Names of users that are words: outside a path they tell nothing."""
_TITLES = r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir)\b\.?\s{1,2}"
_AFTER = r"(?:[\s-]{0,2}(?:san|sensei|sama|kun)\b|['’]?s?\s(?:Lab|Laboratory|Group|Team)\b)"
_AFTER_JAPANESE = "(?:さん|先生|教授|准教授|助教|博士|研究室|研究グループ|研|氏|様|君)"
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])")
_ORCID = re.compile(r"(?:https?://)?(?:orcid\.org/)?\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b")
_JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place in a text that names somebody. `kind`: in words; `text`: as it stands there."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is known of the people of a study, to be hidden.

    people:    (family, given) of each name and of each of its spellings; given may be empty
    phrases:   mail addresses, ORCIDs, affiliations, awards, addresses of repositories: as written
    """

    people: tuple[tuple[str, str], ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    """(kind, text)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way of writing. `anchor`: in small letters; a text without it needs no closer look."""

    kind: str
    pattern: re.Pattern[str]
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """All patterns of one study's people. `families`: of family names alone."""

    forms: tuple[Form, ...]
    families: re.Pattern[str] | None

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield every place that names one of the people, or a user's folder; they may overlap."""
        small = text.lower()
        for one in self._near(small):
            for found in one.pattern.finditer(text):
                yield Hit(kind=one.kind, text=found[0], start=found.start(), end=found.end())
        if "home" in small or "users" in small:
            for found in _HOME.finditer(text):
                start, end = found.span("user")
                yield Hit(kind="user folder", text=found[0], start=start, end=end)

    def replaced(self, text: str) -> str:
        """Return a text of prose that names nobody: known people, any mail address or ORCID."""
        small = text.lower()
        near = tuple(self._near(small))
        for one in near:
            if one.kind != USER:
                text = one.pattern.sub(HIDDEN, text)
        if "home" in small or "users" in small:
            text = _HOME.sub(lambda found: found["before"] + HIDDEN_USER, text)
        if "@" in text:
            text = _MAIL.sub(HIDDEN, text)
        text = _ORCID.sub(HIDDEN, text)
        for one in near:
            if one.kind == USER:
                text = one.pattern.sub(HIDDEN, text)
        return text

    def _near(self, small: str) -> Iterator[Form]:
        near = {anchor for anchor in {one.anchor for one in self.forms} if anchor in small}
        return (one for one in self.forms if one.anchor in near)


def forms_of(named: Named) -> Forms:
    """Return the patterns for all forms of the names."""
    forms: list[Form] = []
    families: set[str] = set()
    for family, given in dict.fromkeys(named.people):
        for pattern, anchor in _person(family, given):
            forms.append(Form(kind="name", pattern=pattern, anchor=anchor))
        if given:
            families |= {one for one in _spellings(family) if len(one) >= _least(one)}
    longest = sorted(dict.fromkeys(named.phrases), key=lambda one: -len(one[1]))
    forms += [
        Form(kind=kind, pattern=_phrase(one), anchor=one.split()[0].lower())
        for kind, phrase in longest
        for one in _spellings(phrase)
    ]
    weak = "|".join(sorted(map(re.escape, families), key=len, reverse=True))
    return Forms(
        forms=tuple(forms),
        families=re.compile(rf"(?<![^\W_])(?:{weak})(?![^\W_])") if weak else None,
    )


def split_name(name: str) -> tuple[str, str]:
    """Return (family, given) of a name that nobody has taken apart; given may be empty."""
    family, comma, given = name.partition(",")
    if comma:
        return family.strip(), given.strip()
    words = name.replace("\u3000", " ").split()
    if len(words) < 2:
        return name.strip(), ""
    if _JAPANESE.search(name):
        return words[0], " ".join(words[1:])
    return words[-1], " ".join(words[:-1])


def _least(name: str) -> int:
    return 2 if _JAPANESE.search(name) else 4


def _person(family: str, given: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield each pattern of a name with a word that must stand in a text for it to fit."""
    for last in _spellings(family):
        if not given:
            yield _phrase(last), last.split()[0].lower()
            continue
        anchor = last.split()[0].lower()
        end = _loose(last)
        if len(last) >= _least(last) - 1:
            yield _addressed(last, end), anchor
        for first in _called(given):
            whole = _loose(first)
            middle = r"(?:[A-Za-z]\.?[\s.]{0,2}){0,2}"
            either = rf"{whole}{_JOINED}{middle}{end}|{end}{_JOINED}{whole}"
            yield re.compile(_bounded(either, last + first), re.IGNORECASE), anchor
            if not _JAPANESE.search(last + first):
                start = _initials(first)
                yield re.compile(_bounded(rf"{start}[\s.]{{0,3}}(?i:{end})", "")), anchor
                yield re.compile(_bounded(rf"(?i:{end}),?\s{{0,2}}{start}", "")), anchor


def _addressed(family: str, pattern: str) -> re.Pattern[str]:
    """Return the pattern of a family name with a title, or what stands for one."""
    if _JAPANESE.search(family):
        return re.compile(pattern + _AFTER_JAPANESE)
    return re.compile(
        rf"(?<![^\W_])(?:{_TITLES}{pattern}(?![^\W_])|{pattern}{_AFTER})", re.IGNORECASE
    )


def users_in(text: str) -> frozenset[str]:
    """Return the users in whose folders paths of a text lie, where such a name tells somebody."""
    found = {one["user"].rstrip(".") for one in _HOME.finditer(text)}
    return frozenset(one for one in found if len(one) > 3 and one.lower() not in _ORDINARY)


def _called(given: str) -> tuple[str, ...]:
    """Return what a person is called: all given names, and each that is longer than an initial."""
    words = [one for one in given.split() if len(one.strip(".")) > 1]
    every = [*_spellings(given), *(form for one in words for form in _spellings(one))]
    return tuple(dict.fromkeys(every))


def _initials(given: str) -> str:
    """Return the pattern of the initials: all of them, or the first alone."""
    letters = [re.escape(word[0].upper()) for word in re.split(r"[\s.\-]+", given) if word]
    rest = "".join(rf"(?:[\s.\-]{{0,3}}{one})?" for one in letters[1:])
    return rf"{letters[0]}{rest}\.?"


def _bounded(pattern: str, written: str) -> str:
    """Keep a pattern from fitting inside a longer word; Japanese is written without bounds."""
    if _JAPANESE.search(written):
        return f"(?:{pattern})"
    return rf"(?<![^\W_])(?:{pattern})(?![^\W_])"


def _phrase(phrase: str) -> re.Pattern[str]:
    exact = len(phrase) < 6 and not _JAPANESE.search(phrase)
    return re.compile(_bounded(_loose(phrase), phrase), 0 if exact else re.IGNORECASE)


def _loose(words: str) -> str:
    """Return a pattern in which any white space may stand between words."""
    between = r"\s{0,4}" if _JAPANESE.search(words) else r"[\s.\-]{1,4}"
    return between.join(re.escape(one) for one in words.split())


def _spellings(text: str) -> tuple[str, ...]:
    """Return a text as written, in one form of Unicode, and without accents."""
    composed = unicodedata.normalize("NFC", text).strip()
    wide = unicodedata.normalize("NFKC", composed)
    bare = "".join(
        one for one in unicodedata.normalize("NFD", wide) if not unicodedata.combining(one)
    )
    plain = bare if not _JAPANESE.search(wide) else wide
    apart = unicodedata.normalize("NFD", composed)
    return tuple(one for one in dict.fromkeys((composed, wide, plain, apart)) if one.strip())


def orcid_phrases(identifier: str | None) -> Iterable[tuple[str, str]]:
    """Return an identifier's address and its number, with and without hyphens."""
    if not identifier:
        return ()
    number = identifier.rstrip("/").rpartition("/")[2]
    found = [("identifier", identifier), ("identifier", number)]
    bare = number.replace("-", "")
    return (*found, ("identifier", bare)) if len(bare) == 16 else tuple(found)
