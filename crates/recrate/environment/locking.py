"""Make a study's lock, from the most trusted source there is, each fallback in words."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from recrate.environment.card import read_card
from recrate.environment.dating import estimate_day
from recrate.environment.declared import read_declared
from recrate.environment.dockerfile import with_recipe
from recrate.environment.inferred import infer, is_python
from recrate.environment.kernel import find_kernel, lock_kernel
from recrate.environment.ladder import Answer, climb
from recrate.environment.other_languages import lock_other, lock_r, r_findings
from recrate.environment.pylock import (
    as_packages,
    installed_by,
    markers_here,
    read_pylock,
    without_traces,
)
from recrate.environment.pythons import PythonChoice, choose_python
from recrate.environment.recorded import as_recorded
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.wishes import Wish, Wishes, merge
from recrate.model.environment import Addition, Lock, Source
from recrate.model.errors import BadInput
from recrate.model.finding import FOUND_BY_RUNNING, Finding, Severity, find
from recrate.model.progress import Progress, silent
from recrate.model.study import Inventory


def make_lock(
    root: Path,
    inventory: Inventory,
    *,
    kernel: str | None,
    as_of: str | None,
    settings: EnvironmentSettings,
    found: tuple[Addition, ...] = (),
    python: str = "",
    progress: Progress = silent,
) -> Lock:
    """Return the lock of the study at `root`.

    kernel: name of the author's kernel, whose exact versions are then taken
    as_of:  ISO date up to which packages are considered; else the study's date, else today
    found:  packages that a run of the study showed to be missing
    python: minor version to lock for; empty: the one that the study records
    A study that cannot be resolved gets a lock without packages and the finding `cannot-resolve`.
    Raises NotFound for an unknown kernel, BadInput for a bad date, OutsideFailed when the package
    index cannot be reached.
    """
    if as_of is not None:
        _check_date(as_of)
    progress("lock", 0, 3, "reading what the study needs")
    declared, inferred = read_declared(root, inventory), infer(root, inventory)
    inferred = merge([inferred, as_recorded(inventory), _found_by_running(found)])
    language = find_kernel(kernel).language if kernel else main_language(inventory)
    if not is_python(language):
        return lock_other(root, language, inventory, declared, kernel=kernel, settings=settings)
    if kernel is not None:
        lock = lock_kernel(
            kernel, inventory, declared=declared, inferred=inferred,
            as_of=as_of, settings=settings, progress=progress,
        )  # fmt: skip
        lock = replace(lock, findings=(*lock.findings, *_tell_found(found, lock)))
        return _with_r_beside(lock, root, inventory, settings)
    lock = _lock_python(
        inventory, declared, inferred,
        as_of=as_of, python=python, settings=settings, progress=progress,
    )  # fmt: skip
    more = (*_tell_found(found, lock), *_other_kernels(inventory))
    lock = replace(lock, findings=(*lock.findings, *more))
    return _with_r_beside(lock, root, inventory, settings)


def _with_r_beside(
    lock: Lock, root: Path, inventory: Inventory, settings: EnvironmentSettings
) -> Lock:
    """Return the lock of a study in Python with what its notebooks in R ask for."""
    if not any(one.language.lower() == "r" for one in inventory.notebooks):
        return lock
    locked = lock_r(root, inventory, settings=settings, measured=False)
    if not locked.text:
        return lock
    return replace(lock, renv=locked.text, findings=(*lock.findings, *r_findings(locked)))


def _lock_python(
    inventory: Inventory,
    declared: Wishes,
    inferred: Wishes,
    *,
    as_of: str | None,
    python: str,
    settings: EnvironmentSettings,
    progress: Progress,
) -> Lock:
    date, notes = _date_of(as_of, inventory, settings)
    choice = PythonChoice(version=python, minor=python)
    if not python:
        choice = choose_python(inventory, declared.python, date, settings)
    progress("lock", 1, 3, "resolving versions")
    if choice.minor:
        source, wishes, answer = _resolve(declared, inferred, choice, date, settings)
    else:
        source, wishes = "declared", declared
        answer = Answer(pylock="", python=choice.version, as_of=date)
    lock = _assemble(answer, wishes, choice, source, settings)
    progress("lock", 3, 3, f"{len(lock.packages)} packages")
    return replace(lock, notes=(*notes, *lock.notes))


def _found_by_running(found: tuple[Addition, ...]) -> Wishes:
    """Return what a run asked for as wishes, each with a note."""
    return Wishes(
        requirements=tuple(
            Wish(name=one.name, text=one.requirement, origin=f"a run of {one.notebook}")
            for one in found
            if one.requirement
        ),
        system_packages=tuple(one.name for one in found if not one.requirement),
        notes=tuple(
            f"{one.name} was found by running {one.notebook}: {one.evidence}" for one in found
        ),
    )


def _tell_found(found: tuple[Addition, ...], lock: Lock) -> Iterator[Finding]:
    """Say of each package that a run missed whether the lock has it now."""
    have = {one.name: one.version for one in lock.packages}
    for one in found:
        if not one.requirement:
            yield find(
                Severity.WARNING,
                FOUND_BY_RUNNING,
                f"Debian's {one.name} is named nowhere, and only running showed it: {one.evidence}",
                hint="the Dockerfile and apt.txt of the crate name it now; name it in apt.txt",
                path=one.notebook,
                cell=one.cell,
                subject=one.name,
            )
            continue
        there = one.name in have
        yield find(
            Severity.WARNING,
            FOUND_BY_RUNNING,
            f"{one.name} is declared nowhere, and nothing but running showed it: {one.evidence}",
            hint="it is in the lock now; declare it in the study's requirements"
            if there
            else "it is not in the lock: install it where the lock is taken from, or declare it",
            path=one.notebook,
            cell=one.cell,
            subject=f"{one.name} {have.get(one.name, '')}".strip(),
        )


def main_language(inventory: Inventory) -> str:
    """Return the language that the lock is for: Python where any notebook is in it."""
    languages = Counter(one.language.lower() for one in inventory.notebooks)
    if not languages or any(is_python(language) for language in languages):
        return "python"
    return languages.most_common(1)[0][0]


def _resolve(
    declared: Wishes,
    inferred: Wishes,
    python: PythonChoice,
    date: str,
    settings: EnvironmentSettings,
) -> tuple[Source, Wishes, Answer]:
    """Resolve the declared wishes; with the inferred ones too where those are not covered."""
    union = merge([declared, inferred])
    if declared.requirements:
        first = replace(declared, preferences=union.preferences)
        answer = climb(first, inferred.requirements, python, date, settings)
        have = {one.name for one in read_pylock(answer.pylock)} if answer.pylock else set()
        if have and {wish.name for wish in inferred.requirements} <= have:
            return "declared", union, answer
    names = {wish.name for wish in declared.requirements}
    extra = tuple(wish for wish in inferred.requirements if wish.name not in names)
    wanted = replace(union, requirements=(*declared.requirements, *extra))
    answer = climb(wanted, inferred.requirements, python, date, settings)
    source: Source = "inferred"
    if declared.requirements or declared.constraints:
        source = "mixed" if extra else "declared"
    return source, union, answer


def _assemble(
    answer: Answer,
    wishes: Wishes,
    python: PythonChoice,
    source: Source,
    settings: EnvironmentSettings,
) -> Lock:
    same = answer.python in {python.minor, python.version}
    version = python.version if same else answer.python
    pylock = without_traces(answer.pylock)
    chosen = installed_by(read_pylock(pylock), markers_here(version)) if pylock else ()
    lock = Lock(
        language="python",
        python=version,
        packages=as_packages(chosen),
        pylock=pylock,
        requirements="",
        dockerfile="",
        source=source,
        as_of=answer.as_of,
        card=read_card(),
        notes=(*python.notes, *wishes.notes, *answer.notes),
        unrestored=tuple(dict.fromkeys((*wishes.unrestored, *answer.unrestored))),
        system_packages=wishes.system_packages,
        findings=(*python.findings, *wishes.findings, *answer.findings),
    )
    return with_recipe(lock, settings) if chosen else lock


def _date_of(
    as_of: str | None, inventory: Inventory, settings: EnvironmentSettings
) -> tuple[str, tuple[str, ...]]:
    if as_of is not None:
        return as_of, ()
    if inventory.study_date and re.match(r"\d{4}-\d{2}-\d{2}", inventory.study_date):
        day = inventory.study_date[:10]
        # A commit may be years younger than what it holds.
        told = estimate_day(inventory, day) if inventory.study_date_source == "git" else None
        if told is None or told.day == day:
            return day, ()
        note = f"the last commit is of {day}, but {told.why}; packages are as of {told.day}"
        return told.day, (f"{note}; --as-of says another",)
    told = estimate_day(inventory, settings.today)
    day, why = (told.day, f", but {told.why}") if told else (settings.today, "")
    return day, (f"the study tells no date{why}; packages are as of {day}; --as-of says another",)


def _check_date(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"`{text}` is not a date", hint="write it as 2021-03-31: --as-of YYYY-MM-DD"
        ) from None


def _other_kernels(inventory: Inventory) -> tuple[Finding, ...]:
    return tuple(
        find(
            Severity.WARNING,
            "other-language",
            f"is in {one.language}: it replays with the machine's own kernel `{one.kernel}`",
            path=one.path,
        )
        for one in inventory.notebooks
        if not is_python(one.language)
    )
