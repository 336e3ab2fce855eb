"""One thing in printed text that never repeats, as a value."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that never repeats.

    replacement: text, or a function of the match; None drops the whole line
    needle:      characters of which one must be in the text, a cheap test before the pattern
    needs:       what the cell's code must hold for the rule to apply
    """

    name: str
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str] | None
    why: str
    needle: tuple[str, ...] = ()
    needs: re.Pattern[str] | None = None
