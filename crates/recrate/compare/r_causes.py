"""What R says when something fails, in whatever language, and what another R shows otherwise. Pure.

R translates its messages, but not the call that it puts before them, nor names, sizes and
addresses: those are read, not the words.
"""

import re
from collections.abc import Iterator, Sequence

from recrate.compare.hostile import cells_of, is_code, mapping, source_of
from recrate.model.environment import NOT_IN_DEBIAN
from recrate.model.observation import EnvironmentSeen
from recrate.model.study import Notebook
from recrate.model.verdict import Cause

Why = tuple[Cause, str]

_LONGEST = 2_000
_OPEN, _CLOSE = "[‘'“\"„«`]\\s?", "\\s?[’'”\"“»`]"
_LOADING = r"(?:library|require|loadNamespace|requireNamespace|getNamespace|attachNamespace)"
_NO_PACKAGE = re.compile(
    rf"there is no package called {_OPEN}(?P<said>[\w.]{{1,100}}){_CLOSE}"
    rf"|Error in {_LOADING}\((?:package = )?['\"]?(?P<name>[\w.]{{1,100}})['\"]?[^\n]{{0,60}}?:"
    rf"[^\n:]{{0,60}}{_OPEN}(?P=name){_CLOSE}(?![^\n]{{0,80}}namespace)"
    rf"|Error in loadNamespace\(\w\)[^\n]{{0,60}}?:"
    rf"[^\n:]{{0,60}}{_OPEN}(?P<other>[\w.]{{1,100}}){_CLOSE}"
    r"\s{0,3}(?!\s?\d)"
)
_OTHER_VERSION = re.compile(
    r"namespace \S{1,100} \S{1,30} is (?:already loaded|being loaded), but"
    r"|is not an exported object from|unused argument|\bdefunct\b|was (?:installed|built) before R"
)
_ADDRESS = re.compile(r"Error in [\w.:]{1,60}\([^\n]{0,900}?(?:https?|ftps?)://")
_MEMORY = re.compile(r"Error(?: in [^\n]{1,200})?:[^\n]{0,80}\b\d+(?:\.\d+)? [KMG]b\b")
_FILE = re.compile(
    r"Error in (?:gzfile|bzfile|xzfile|file|readChar|setwd|unz)\("
    r"|does not exist in current working directory|cannot open file"
)
_OBJECT = re.compile(rf"\bobject {_OPEN}(?P<name>[\w.]{{1,100}}){_CLOSE} not found")
_FUNCTION = re.compile(r"could not find function \"(?P<name>[^\"\n]{1,100})\"")
_DIFFERENCE = re.compile(
    r"(?P<name>\S+) is (?P<here>\S+), the lock says (?:at least )?(?P<asked>\S+)"
)
_MISSING = re.compile(r"(?P<name>\S+) (?:\S+ )?is missing")
_CHANGES = (
    (
        (3, 6, 0),
        re.compile(r"\bsample(?:\.int|_n|_frac)?\s*\("),
        "R: since 3.6.0 the same seed gives other samples",
    ),
    (
        (4, 0, 0),
        re.compile(r"\b(?:data\.frame|read\.(?:csv2?|table|delim2?))\s*\("),
        "R: since 4.0.0 texts in a data frame are no factors",
    ),
)


def is_r(recorded: Notebook) -> bool:
    """Say whether a notebook is in R."""
    metadata = mapping(recorded.get("metadata"))
    told = (
        mapping(metadata.get("kernelspec")).get("language"),
        mapping(metadata.get("language_info")).get("name"),
    )
    return any(isinstance(one, str) and one.lower() == "r" for one in told)


def cause_in_r(  # noqa: PLR0911 each way to know the cause returns it
    message: str, recorded: Notebook, environment: EnvironmentSeen | None
) -> Why | None:
    """Return the cause of an error that R raised, with its evidence; None where it says another.

    message: the error's text, as IRkernel gives it: `Error in call: words`
    """
    text = message[:_LONGEST]
    first = text.strip().split("\n", 1)[0]
    if _OTHER_VERSION.search(text):
        return Cause.API_CHANGED, first
    if _ADDRESS.search(first):
        return Cause.NETWORK_REFUSED, first
    name = missing_package(text)
    if name:
        return Cause.MISSING_PACKAGE, _with_reason(first, name, environment)
    if _MEMORY.search(text):
        return Cause.MEMORY, first
    if _FILE.search(text):
        return Cause.MISSING_FILE, first
    function = _FUNCTION.search(text)
    if function:
        return _of_function(first, recorded, environment)
    thing = _OBJECT.search(text)
    if thing and not _is_made(thing["name"], recorded):
        ran = any(
            isinstance(mapping(one).get("execution_count"), int) for one in cells_of(recorded)
        )
        return (Cause.STALE_OUTPUT if ran else Cause.AUTHORS_CODE), first
    return (Cause.AUTHORS_CODE, first) if _is_said(first, recorded) else None


def _is_said(first: str, recorded: Notebook) -> bool:
    """Say whether the code itself stops with these words: `stop("…")`."""
    words = first.rpartition(": ")[2].strip()
    calls = (
        line for line in _lines(_sources(recorded)) if re.search(r"\bstop(?:ifnot)?\s*\(", line)
    )
    return bool(words) and any(words in line for line in calls)


def missing_package(message: str) -> str:
    """Return the package that an error of R says is not there; empty where it says another."""
    match = _NO_PACKAGE.search(message[:_LONGEST])
    return (match["said"] or match["name"] or match["other"]) if match else ""


def hint_of_missing(message: str) -> str:
    """Return what to do about a package that R lacks."""
    name = missing_package(message)
    if not re.fullmatch(r"[A-Za-z][\w.]{0,80}", name):
        return "name the package in the study's renv.lock or DESCRIPTION and pack again"
    return (
        f"name {name} in the study's renv.lock or DESCRIPTION and pack again; or put it into this"
        f" machine's R (`apt-get install r-cran-{name.lower()}`, or `install.packages`)"
    )


def _with_reason(first: str, name: str, environment: EnvironmentSeen | None) -> str:
    start = f"{NOT_IN_DEBIAN}: {name}: "
    notes = environment.notes if environment is not None else ()
    reason = next((one for one in notes if one.startswith(start)), "")
    return f"{first} ({reason.removeprefix(start)})" if reason else first


def _of_function(first: str, recorded: Notebook, environment: EnvironmentSeen | None) -> Why:
    """Tell a function of a package that is not there, which `require` only warns of."""
    differences = environment.differences if environment is not None else ()
    for line in differences:
        missing = _MISSING.fullmatch(line)
        if missing and _uses(missing["name"], _sources(recorded)):
            return Cause.MISSING_PACKAGE, f"{first} ({line})"
    return Cause.API_CHANGED, first


def other_version(recorded: Notebook, cell: int, differences: Sequence[str]) -> str:
    """Say which package that a notebook uses by `cell` is not at the version of the lock, or ``."""
    code = _sources(recorded, cell)
    for line in differences:
        found = _DIFFERENCE.fullmatch(line)
        if found and _uses(found["name"], code):
            name, here, asked = found["name"], found["here"], found["asked"]
            return f"the notebook uses {name}, which is {here} here and {asked} in the lock"
    return ""


def other_r(recorded: Notebook, cell: int, now: str) -> str:
    """Say what R itself is known to show otherwise since the author's version, or ``.

    now: the version that ran
    """
    info = mapping(mapping(recorded.get("metadata")).get("language_info"))
    before, after = _numbers(info.get("version")), _numbers(now)
    if not before or not after:
        return ""
    code = "\n".join(_sources(recorded, cell))
    for since, calls, told in _CHANGES:
        if before < since <= after and calls.search(code):
            return told
    return ""


def _numbers(version: object) -> tuple[int, ...]:
    found = (
        re.match(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})", version) if isinstance(version, str) else None
    )
    return tuple(int(part) for part in found.groups()) if found else ()


def _sources(recorded: Notebook, cell: int | None = None) -> list[str]:
    cells = cells_of(recorded)
    chosen = cells if cell is None else cells[: cell + 1]
    return [source_of(one) for one in chosen if is_code(one)]


def _uses(name: str, sources: Sequence[str]) -> bool:
    used = re.compile(
        rf"\b(?:{_LOADING}|p_load)\(\s*(?:package\s*=\s*)?['\"]?{re.escape(name)}(?![\w.])"
        rf"|(?<![\w.]){re.escape(name)}:::?"
    )
    return any(used.search(line) for line in _lines(sources))


def _is_made(name: str, recorded: Notebook) -> bool:
    made = re.compile(
        rf"(?<![\w.]){re.escape(name)}\s{{0,9}}(?:<<?-|=(?!=))|->>?\s{{0,9}}{re.escape(name)}(?![\w.])"
        rf"|assign\(\s{{0,9}}['\"]{re.escape(name)}['\"]|\b(?:load|attach|data|source|with|library)\("
    )
    return any(made.search(line) for line in _lines(_sources(recorded)))


def _lines(sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        yield from (line for line in source.split("\n") if not line.lstrip().startswith("#"))
