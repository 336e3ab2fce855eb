"""The ladder from what was asked to what can be had: one rung at a time, each told in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from recrate.environment.pythons import PythonChoice, other_pythons
from recrate.environment.resolve import Question, Unresolvable, resolve
from recrate.environment.rungs import KERNEL, UNBUILT, last_rungs, loosened, name_of
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.wishes import Preference, Wish, Wishes
from recrate.model.environment import Unrestored
from recrate.model.finding import Finding, Severity, find

_ANY_KERNEL = ("ipykernel", "ipython-genutils")
_KERNEL_PARTS = frozenset(
    {"ipython", "jupyter-client", "jupyter-core", "pyzmq", "tornado", "traitlets"}
)
_GONE = re.compile(r"(?:^|\s)([\w.-]+) was not found in the (?:package registry|provided)")
_LATER = re.compile(r"`([\w.-]+)` was filtered by `exclude-newer`")
"""uv's hint where a version is there, but was uploaded after the date."""
_NOT_HAD = re.compile(
    r"([A-Za-z0-9][\w.-]*?)(?:==\S+)? (?:has no usable wheels|was not found in the|has invalid)"
    r"|there is no version of ([A-Za-z0-9][\w.-]*?)=="
)
_ROUNDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where the ladder ended. `pylock` is empty when nothing could be resolved."""

    pylock: str
    python: str
    as_of: str | None
    notes: tuple[str, ...] = ()
    unrestored: tuple[Unrestored, ...] = ()
    findings: tuple[Finding, ...] = ()


def climb(
    wishes: Wishes,
    inferred: tuple[Wish, ...],
    python: PythonChoice,
    date: str,
    settings: EnvironmentSettings,
) -> Answer:
    """Resolve `wishes` for `python` as of `date`, giving up as little as must be.

    inferred: what the imports alone ask for, the last rung
    Raises OutsideFailed when the package index cannot be reached.
    """
    asked = Question(
        requirements=(*(wish.text for wish in wishes.requirements), KERNEL),
        constraints=wishes.constraints,
        python=python.minor,
        as_of=date,
    )
    for question, whys in _preferred(asked, wishes):
        first = _persist(question, wishes, settings)
        if isinstance(first.outcome, str):
            # Last of all, for the first note is the reason where something was left out.
            return _answer(replace(first, notes=(*first.notes, *whys)), asked, ())
    assert isinstance(first.outcome, Unresolvable)
    evidence = first.outcome.evidence.split(" hint: ")[0]
    for tried, words in _descend(first, inferred, python, wishes, settings):
        if isinstance(tried.outcome, str):
            return _answer(tried, asked, (f"{_subject(asked, python)}: {evidence}; {words}",))
    return _given_up(first, evidence, python)


def _preferred(asked: Question, wishes: Wishes) -> Iterator[tuple[Question, tuple[str, ...]]]:
    """Yield the question with what is preferred and the words for it, then with ever less of it.

    What a declared version speaks against is not asked for.
    """
    preferences = [one for one in wishes.preferences if _is_open(one, asked)]
    kinds = list(dict.fromkeys(one.kind for one in preferences))
    for size in range(len(kinds), -1, -1):
        for kept in combinations(kinds, size):
            chosen = [one for one in preferences if one.kind in kept]
            limits = tuple(one.text for one in chosen)
            whys = tuple(one.why for one in chosen)
            yield replace(asked, constraints=(*asked.constraints, *limits)), whys


def _is_open(preference: Preference, asked: Question) -> bool:
    """Say whether no declared version excludes the one that is preferred."""
    wanted = Requirement(preference.text)
    exact = [one.version for one in wanted.specifier if one.operator == "=="]
    declared = [Requirement(text) for text in (*asked.requirements, *asked.constraints)]
    return not exact or all(
        one.specifier.contains(exact[0], prereleases=True)
        for one in declared
        if canonicalize_name(one.name) == canonicalize_name(wanted.name)
    )


def _given_up(first: "_Tried", evidence: str, python: PythonChoice) -> Answer:
    finding = find(
        Severity.ERROR,
        "cannot-resolve",
        f"no set of versions satisfies the study for Python {python.minor}: {evidence}",
        hint="loosen the pins that it names, or pack on the machine where it runs with --kernel",
    )
    return Answer(
        pylock="",
        python=python.version,
        as_of=first.question.as_of,
        unrestored=first.dropped,
        notes=(*first.notes, "the study is packed without a lock"),
        findings=(finding,),
    )


def _descend(
    first: "_Tried",
    inferred: tuple[Wish, ...],
    python: PythonChoice,
    wishes: Wishes,
    settings: EnvironmentSettings,
) -> Iterator[tuple["_Tried", str]]:
    """Try one rung after the other; yield what came of it and what was given up, in words.

    Each rung goes on from where the one before came to: another Python may only want a build more.
    """
    base, words = first, ""
    for minor in other_pythons(python, _evidence(first)):
        tried = _persist(replace(first.question, python=minor), wishes, settings)
        yield tried, f"took {minor}"
        if base is first and _wants_builds(tried) and not _wants_builds(first):
            base, words = tried, f"took {minor}; "
    if _wants_builds(base):
        built = replace(base.question, builds=True)
        yield _persist(built, wishes, settings), f"{words}source distributions will be built"
    for tried, gone in _without_unbuilt(base, inferred, wishes, settings):
        yield tried, f"{words}left out {gone}: no wheel, and no build from source"
    relaxed = _relax(base, wishes, settings)
    loose = sorted(set(base.question.requirements) - set(relaxed.question.requirements))
    yield (
        relaxed,
        f"{words}took the newest versions that fit instead of {', '.join(loose) or 'constraints'}",
    )
    assert isinstance(base.outcome, Unresolvable)
    for rung in last_rungs(base.question, base.outcome, inferred):
        yield _persist(rung.question, wishes, settings), words + rung.words


def _evidence(tried: "_Tried") -> str:
    return tried.outcome.evidence if isinstance(tried.outcome, Unresolvable) else ""


def _wants_builds(tried: "_Tried") -> bool:
    return isinstance(tried.outcome, Unresolvable) and tried.outcome.wants_builds


def _without_unbuilt(
    base: "_Tried", inferred: tuple[Wish, ...], wishes: Wishes, settings: EnvironmentSettings
) -> Iterator[tuple["_Tried", str]]:
    """Leave out, one by one, what only the imports ask for and what has no wheel."""
    guessed = {wish.name for wish in inferred if wish.text in base.question.requirements}
    tried, gone = base, set[str]()
    for _ in range(_ROUNDS):
        out = {canonicalize_name(name) for name in UNBUILT.findall(_evidence(tried))} & guessed
        kept = tuple(text for text in tried.question.requirements if name_of(text) not in out)
        if kept == tried.question.requirements:
            return
        gone |= out
        again = _persist(replace(tried.question, requirements=kept), wishes, settings)
        tried = replace(again, dropped=(*tried.dropped, *again.dropped, *_unbuilt(out)))
        yield tried, ", ".join(sorted(gone))


def _unbuilt(names: Iterable[str]) -> tuple[Unrestored, ...]:
    reason = "no wheel, and it could not be built from source"
    return tuple(Unrestored(name=name, reason=reason) for name in sorted(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A question as it stood in the end, its outcome, and what was dropped on the way."""

    question: Question
    outcome: str | Unresolvable
    notes: tuple[str, ...] = ()
    dropped: tuple[Unrestored, ...] = ()


def _persist(question: Question, wishes: Wishes, settings: EnvironmentSettings) -> _Tried:
    """Resolve, putting aside one by one the names that no index knows at all."""
    origins = {wish.name: wish.origin for wish in wishes.requirements}
    tried = _Tried(question=question, outcome=Unresolvable(evidence=""))
    for _ in range(_ROUNDS):
        outcome = resolve(tried.question, settings)
        tried = replace(tried, outcome=outcome)
        if isinstance(outcome, str):
            return tried
        mended = _mend(tried, outcome.evidence, origins)
        if mended is None:
            return tried
        tried = mended
    return tried


def _mend(tried: _Tried, evidence: str, origins: dict[str, str]) -> _Tried | None:
    """Return the question without what stands in its way for certain; None when nothing does."""
    asked = {name_of(text): text for text in tried.question.requirements}
    gone = [name for name in _GONE.findall(evidence) if canonicalize_name(name) in asked]
    if gone:
        name = canonicalize_name(gone[0])
        reason = "no package index knows it"
        lost = Unrestored(name=name, reason=reason, declared_in=origins.get(name))
        kept = tuple(text for text in tried.question.requirements if text != asked[name])
        return replace(
            tried,
            question=replace(tried.question, requirements=kept),
            dropped=(*tried.dropped, lost),
            notes=(*tried.notes, f"{name} was left out: {reason}"),
        )
    later = [
        name
        for name in _LATER.findall(evidence)
        # What a newer package depends on may have to be newer too.
        if canonicalize_name(name) in asked or tried.question.newer
    ]
    if later and tried.question.as_of:
        name = canonicalize_name(later[0])
        if name not in tried.question.newer:
            words = (
                f"{name} is newer than {tried.question.as_of} as it is asked for; it was taken so"
            )
            return replace(
                tried,
                question=replace(tried.question, newer=(*tried.question.newer, name)),
                notes=(*tried.notes, words),
            )
    if KERNEL in tried.question.requirements and "ipykernel" in evidence and _holds_kernel(tried):
        kept = tuple(text for text in tried.question.requirements if text != KERNEL)
        return replace(
            tried,
            question=replace(tried.question, requirements=(*kept, *_ANY_KERNEL)),
            notes=(*tried.notes, "the kernel is older than 5.5.6, as the study's versions ask"),
        )
    return None


def without_later(question: Question, settings: EnvironmentSettings) -> str | Unresolvable:
    """Resolve as of a date, but for what is held at a version newer than that."""
    return _persist(question, Wishes(), settings).outcome


def _relax(first: _Tried, wishes: Wishes, settings: EnvironmentSettings) -> _Tried:
    """Loosen the pins that the resolver names, as it names them, at last all of them."""
    tried = first
    for _ in range(_ROUNDS):
        if isinstance(tried.outcome, str):
            return tried
        question = loosened(tried.question, tried.outcome.evidence)
        if question == tried.question:
            question = loosened(tried.question, "")
            if question == tried.question:
                return tried
        again = _persist(question, wishes, settings)
        tried = replace(
            again, notes=(*tried.notes, *again.notes), dropped=(*tried.dropped, *again.dropped)
        )
    return tried


def _holds_kernel(tried: _Tried) -> bool:
    """Say whether the study's own pins can be what keeps a newer kernel away."""
    texts = (*tried.question.requirements, *tried.question.constraints)
    return any(name_of(text) in _KERNEL_PARTS and Requirement(text).specifier for text in texts)


def _subject(asked: Question, python: PythonChoice) -> str:
    kind = (
        "declared pins do" if any("==" in text for text in asked.requirements) else "the study does"
    )
    return f"{kind} not resolve for Python {python.minor}"


def _answer(tried: _Tried, asked: Question, notes: tuple[str, ...]) -> Answer:
    assert isinstance(tried.outcome, str)
    kept = {*tried.question.requirements, KERNEL}
    lost = [text for text in asked.requirements if text not in kept]
    return Answer(
        pylock=tried.outcome,
        python=tried.question.python,
        as_of=tried.question.as_of,
        notes=(*notes, *tried.notes),
        unrestored=tried.dropped,
        findings=(_not_as_asked(lost, asked, (*notes, *tried.notes)),) if lost else (),
    )


def _not_as_asked(lost: list[str], asked: Question, notes: tuple[str, ...]) -> Finding:
    """Say that the lock is not what the study asks for: it is an error, though there is a lock."""
    shown = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
    date = f" as of {asked.as_of}" if asked.as_of else ""
    return find(
        Severity.ERROR,
        "cannot-resolve",
        f"cannot be had for Python {asked.python}{date} as the study asks: {shown}. {notes[0]}",
        hint="mend these requirements, or pack on the machine where it runs with --kernel",
    )


def without_unknown(question: Question, settings: EnvironmentSettings) -> _Tried:
    """Resolve exact pins, putting aside those that no index has at that version."""
    tried = _Tried(question=question, outcome=Unresolvable(evidence=""))
    for _ in range(len(question.requirements)):
        outcome = resolve(tried.question, settings)
        tried = replace(tried, outcome=outcome)
        if isinstance(outcome, str):
            return tried
        lost = {canonicalize_name(a or b) for a, b in _NOT_HAD.findall(outcome.evidence)}
        kept = tuple(text for text in tried.question.requirements if name_of(text) not in lost)
        if kept == tried.question.requirements:
            return tried
        gone = [text for text in tried.question.requirements if text not in kept]
        tried = replace(
            tried,
            question=replace(tried.question, requirements=kept),
            dropped=(
                *tried.dropped,
                *(
                    Unrestored(name=name_of(text), reason=f"no index has a wheel of {text}")
                    for text in gone
                ),
            ),
        )
    return tried
