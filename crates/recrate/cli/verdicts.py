"""A verdict as an exit code."""

from recrate.model.verdict import Judgement, Verdict

HOLDS = (Judgement.IDENTICAL, Judgement.EQUIVALENT, Judgement.RAN)


def exit_code_of(verdict: Verdict) -> int:
    """Return 0 for identical, equivalent and ran, else 1."""
    return 0 if verdict.verdict in HOLDS else 1
