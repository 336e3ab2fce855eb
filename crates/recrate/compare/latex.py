"""Formulas in LaTeX: what only says how they are set taken out, then compared as text."""

import re

from recrate.compare.outcome import SAME, Outcome, Terms, equivalent
from recrate.compare.text import compare_text

_SETTING = re.compile(
    r"\\(?:displaystyle|textstyle|limits|nolimits|left(?![a-zA-Z])|right(?![a-zA-Z])|[bB]ig[glr]?(?![a-zA-Z])"
    r"|quad(?![a-zA-Z])|qquad(?![a-zA-Z])|[,;:!> ])"
)
"""Size of brackets, style of a formula, thin blanks. `\\\\leftarrow` is another command."""
_ENDS = re.compile(
    r"^\s*(?:\${1,2}|\\\[|\\\(|\\begin\{(?:equation|align|math|displaymath)\*?\})"
    r"|(?:\${1,2}|\\\]|\\\)|\\end\{(?:equation|align|math|displaymath)\*?\})\s*$"
)
_BLANK = re.compile(r"(\\[a-zA-Z]{1,40})\s+(?=[a-zA-Z])|\s+")
"""Blanks mean nothing in a formula but behind a command that a letter follows."""
_SINGLE = re.compile(r"([\^_])\{([A-Za-z0-9])\}")


def compare_latex(recorded: str, rerun: str, terms: Terms) -> Outcome:
    """Say whether two formulas are the same but for how they are set, numbers within the tolerance.

    Versions of sympy differ in `\\displaystyle`, in single and double dollars, and in blanks.
    """
    if recorded == rerun:
        return SAME
    outcome = compare_text(recorded, rerun, terms)
    if outcome.holds:
        return outcome
    before, after = settled(recorded), settled(rerun)
    if before == after:
        return equivalent("the same formula, set otherwise", ("how a formula is set",))
    again = compare_text(before, after, terms)
    return again if again.holds else outcome


def settled(formula: str) -> str:
    """Return a formula without its delimiters and without what only says how it is set."""
    inner = _SETTING.sub(" ", _ENDS.sub("", formula))
    close = _BLANK.sub(lambda blank: f"{blank[1]} " if blank[1] else "", inner)
    return _SINGLE.sub(r"\1\2", close)
