"""What a comparison of two pieces says: a judgement, a sentence, and the rules that mattered."""

from dataclasses import dataclass, field

from recrate.model.policy import Tolerance
from recrate.model.verdict import OutputJudgement

IDENTICAL = OutputJudgement.IDENTICAL
EQUIVALENT = OutputJudgement.EQUIVALENT
DIFFERENT = OutputJudgement.DIFFERENT
SKIPPED = OutputJudgement.SKIPPED

_WEIGHT = {IDENTICAL: 0, EQUIVALENT: 1, SKIPPED: 2, DIFFERENT: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One comparison's answer.

    gap: the largest relative difference between two numbers, 0 when none differ or none were seen;
         infinite when something other than a number differs
    """

    verdict: OutputJudgement
    reason: str
    rules: tuple[str, ...] = ()
    gap: float = 0.0

    @property
    def holds(self) -> bool:
        """Identical or equivalent."""
        return self.verdict in (IDENTICAL, EQUIVALENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms two pieces are compared.

    source: the code of the cell, which says whether it measures time or asks for the date
    image_fraction: share of pixels that may differ perceptually
    """

    tolerance: Tolerance = field(default_factory=Tolerance)
    image_fraction: float = 0.001
    source: str = ""


SAME = Outcome(verdict=IDENTICAL, reason="identical")


def equivalent(reason: str, rules: tuple[str, ...] = (), gap: float = 0.0) -> Outcome:
    """Return an outcome that holds; `rules` are named in the reason when there are any."""
    return Outcome(verdict=EQUIVALENT, reason=reason, rules=rules, gap=gap)


def different(reason: str, rules: tuple[str, ...] = (), gap: float = float("inf")) -> Outcome:
    """Return an outcome that does not hold."""
    return Outcome(verdict=DIFFERENT, reason=reason, rules=rules, gap=gap)


def skipped(reason: str) -> Outcome:
    """Return an outcome of something that could not be compared."""
    return Outcome(verdict=SKIPPED, reason=reason)


def heaviest(outcomes: list[Outcome]) -> Outcome:
    """Return the worst outcome; rules of all are kept. An empty list is identical."""
    if not outcomes:
        return SAME
    worst = max(outcomes, key=lambda outcome: _WEIGHT[outcome.verdict])
    rules = tuple(dict.fromkeys(rule for outcome in outcomes for rule in outcome.rules))
    gap = max(outcome.gap for outcome in outcomes)
    return Outcome(verdict=worst.verdict, reason=worst.reason, rules=rules, gap=gap)


def ignoring(rules: tuple[str, ...]) -> str:
    """Say in words which rules made two pieces the same."""
    if not rules:
        return "same"
    if len(rules) == 1:
        return f"same after ignoring {rules[0]}"
    return f"same after ignoring {', '.join(rules[:-1])} and {rules[-1]}"
