"""The environments that one replay tried, as a sentence and as rows of a table."""

from dataclasses import dataclass

from markupsafe import Markup

from recrate.model.candidate import Candidate, CandidateKind, CandidateOutcome
from recrate.model.verdict import Verdict
from recrate.report.account import LANGUAGES, Language
from recrate.report.characters import escaped, visible
from recrate.report.say import in_both
from recrate.report.words import word

_UNTRIED = (CandidateOutcome.SAME, CandidateOutcome.NOT_TRIED)
_REASON = 160


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One environment; `told` in both languages, `one` as it was kept."""

    told: Markup
    one: Candidate

    @property
    def ran(self) -> bool:
        """Whether there is something to count in it."""
        return self.one.outcome is CandidateOutcome.RAN


def candidate_rows(verdict: Verdict) -> tuple[CandidateRow, ...]:
    """Return a row for each environment that was tried; none where the crate's lock served."""
    return tuple(CandidateRow(_in_both(one), one) for one in verdict.candidates)


def candidates_line(verdict: Verdict, language: Language) -> str:
    """Tell which environment the verdict is of, and why; empty where nothing else was tried.

    What an installer or resolver said stays English.
    """
    if len(verdict.candidates) < 2:
        return ""
    first, others = verdict.candidates[0], verdict.candidates[1:]
    name = _name(first, language)
    other = verdict.instead
    if other is not None:
        counts = {key: getattr(other, key) for key in _COUNTS}
        told = _name(other, language)
        why = _why(first, language)
        return word("candidates.other", language, first=name, why=why, told=told, **counts)
    tried = [one for one in others if one.outcome not in _UNTRIED]
    if tried:
        return word("candidates.no-better", language, first=name, count=len(tried))
    untried = next((one for one in others if one.outcome is CandidateOutcome.NOT_TRIED), None)
    if untried is None:
        return ""
    return word("candidates.untried", language, first=name, reason=_short(untried.reason))


def candidates_sentence(verdict: Verdict) -> Markup:
    """Return the line in both languages, as HTML."""
    english, japanese = (escaped(candidates_line(verdict, one)) for one in LANGUAGES)
    return in_both(english, japanese) if english else Markup()


_COUNTS = ("completed", "notebooks", "held", "outputs")


def _why(first: Candidate, language: Language) -> str:
    if first.outcome is CandidateOutcome.NOT_RESTORED:
        return word("candidates.why-lost", language, reason=_short(first.reason))
    counts = {"completed": first.completed, "notebooks": first.notebooks}
    return word("candidates.why-failed", language, **counts)


def _name(one: Candidate, language: Language) -> str:
    if one.kind is CandidateKind.LOCK:
        return word("candidate.lock", language)
    day = word("candidate.any-day", language)
    if one.as_of:
        day = word("candidate.day", language, date=visible(one.as_of))
    python = word("candidate.on", language, python=visible(one.python)) if one.python else ""
    return word(f"candidate.{one.kind.value}", language, day=day, python=python)


def _in_both(one: Candidate) -> Markup:
    english, japanese = (escaped(_name(one, language)) for language in LANGUAGES)
    return in_both(english, japanese)


def _short(text: str) -> str:
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= _REASON else flat[: _REASON - 1] + "…"
