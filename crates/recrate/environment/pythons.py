"""Which Python a study gets: the one its notebooks record, if it can be had."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from recrate.environment.inferred import is_python
from recrate.environment.settings import EnvironmentSettings
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import FoundNotebook, Inventory
from recrate.outside.tools import can_download, installed_minors

_RELEASED = {
    "3.6": "2016-12-23", "3.7": "2018-06-27", "3.8": "2019-10-14", "3.9": "2020-10-05",
    "3.10": "2021-10-04", "3.11": "2022-10-24", "3.12": "2023-10-02", "3.13": "2024-10-07",
    "3.14": "2025-10-07",
}  # fmt: skip
"""First releases, https://devguide.python.org/versions/"""
_ABOUT_PYTHON = re.compile(
    r"usable wheels|compatible wheels|wheels with|[Pp]ython( version|>|<|=| \()|ABI"
)
"""What the resolver says where another Python may help."""
_RUNS_ON = re.compile(r"depends? on Python((?:[<>=!~]{1,2}\d[\d.*]*,? ?)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonChoice:
    """The Python to lock for. `version` is as recorded; `minor` empty when none can be had."""

    version: str
    minor: str
    neighbours: tuple[str, ...] = ()
    """Minor versions to try when the declared pins do not resolve, nearest first."""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def choose_python(
    inventory: Inventory, declared: str, date: str, settings: EnvironmentSettings
) -> PythonChoice:
    """Return the Python of the study.

    declared: version specifiers of its declarations, empty when they say nothing
    date:     ISO; without any record, the newest Python that was usual then
    """
    recorded = _recorded(inventory)
    old = [one for one in inventory.notebooks if _minor_of(one).startswith("2.")]
    findings = tuple(
        find(
            Severity.ERROR,
            "python-2",
            f"was written for Python {one.language_version}, which no kernel of today can run",
            hint="port the notebook to Python 3, for example with 2to3",
            path=one.path,
        )
        for one in old
    )
    modern = [version for version in recorded if not version.startswith("2.")]
    if old and not modern:
        return PythonChoice(version=old[0].language_version or "2.7", minor="", findings=findings)
    have = installed_minors(settings.variables)
    version, notes = _wanted(modern, declared, date, have)
    minor = ".".join(version.split(".")[:2])
    nearest = _nearest(minor, have)
    if minor not in have and not (settings.python_downloads and can_download(minor)) and nearest:
        notes = (*notes, f"Python {minor} is not on this machine; took {nearest[0]}")
        version = minor = nearest[0]
        nearest = nearest[1:]
    return PythonChoice(
        version=version, minor=minor, neighbours=nearest, notes=notes, findings=findings
    )


def other_pythons(choice: PythonChoice, evidence: str) -> tuple[str, ...]:
    """Return the Pythons worth trying after the resolver's `evidence`, the likeliest first.

    Where it names the Pythons that a package runs on, only those are; a plain conflict of versions
    is one everywhere.
    """
    if not _ABOUT_PYTHON.search(evidence):
        return ()
    limits = [text.strip(" ,.") for text in _RUNS_ON.findall(evidence)]
    fit = [minor for minor in choice.neighbours if all(_allows(limit, minor) for limit in limits)]
    wanted = int(choice.minor.split(".")[1])
    if limits and fit:
        return tuple(sorted(fit, key=lambda minor: abs(int(minor.split(".")[1]) - wanted)))[:3]
    older = [minor for minor in choice.neighbours if int(minor.split(".")[1]) < wanted]
    newer = [minor for minor in choice.neighbours if minor not in older]
    return (*older, *newer[:2])


def near_pythons(minor: str, declared: str, settings: EnvironmentSettings) -> Iterator[str]:
    """Yield the other Pythons that this machine has, or may fetch, nearest first.

    minor:    the one to start from, `3.8`; declared: version specifiers that leave some out
    Of two that are as near, one that the machine has comes first, then the older one.
    """
    have = frozenset(installed_minors(settings.variables))
    wanted = int(minor.split(".")[1])

    def distance(other: str) -> tuple[int, bool, bool]:
        number = int(other.split(".")[1])
        return abs(number - wanted), other not in have, number > wanted

    for other in sorted((have | _RELEASED.keys()) - {minor}, key=distance):
        if declared and not _allows(declared, other):
            continue
        if other in have or (settings.python_downloads and can_download(other)):
            yield other


def _wanted(
    recorded: list[str], declared: str, date: str, have: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    if recorded:
        counted = Counter(".".join(version.split(".")[:2]) for version in recorded)
        minor = max(counted, key=lambda one: (counted[one], int(one.split(".")[1])))
        others = ", ".join(sorted(set(counted) - {minor}))
        notes = [f"notebooks record Python {minor} and {others}; took {minor}"] if others else []
        if declared and not _allows(declared, minor):
            notes.append(
                f"the study declares Python {declared}, its notebooks record {minor}; took {minor}"
            )
        full = [version for version in recorded if version.startswith(f"{minor}.")]
        return (max(full, key=full.count) if full else minor), tuple(notes)
    usual = [
        minor
        for minor in have
        if _RELEASED.get(minor, "9") <= f"{int(date[:4]) - 1}{date[4:]}"
        and (not declared or _allows(declared, minor))
    ]
    allowed = usual or [minor for minor in have if not declared or _allows(declared, minor)] or have
    chosen = max(allowed, key=lambda one: int(one.split(".")[1])) if usual else allowed[0]
    why = f"the study declares {declared}" if declared else f"it was usual on {date}"
    return chosen, (f"no notebook records its Python; took {chosen}, as {why}",)


def _recorded(inventory: Inventory) -> list[str]:
    versions = [one.language_version for one in inventory.notebooks if _minor_of(one)]
    return [version for version in versions if version]


def _minor_of(notebook: FoundNotebook) -> str:
    version = notebook.language_version or ""
    found = re.match(r"[23]\.\d+", version) if is_python(notebook.language) else None
    return found[0] if found else ""


def _allows(declared: str, minor: str) -> bool:
    try:
        specifiers = SpecifierSet(declared)
    except InvalidSpecifier:
        return True
    return any(specifiers.contains(f"{minor}.{patch}") for patch in (0, 5, 10, 18))


def _nearest(minor: str, have: tuple[str, ...]) -> tuple[str, ...]:
    """Return the other Pythons of the machine: older ones first, for which old pins had wheels."""
    wanted = int(minor.split(".")[1])
    numbers = sorted(int(other.split(".")[1]) for other in have if other != minor)
    older = [number for number in reversed(numbers) if number < wanted]
    newer = [number for number in numbers if number > wanted]
    return tuple(f"3.{number}" for number in (*older, *newer))
