"""Times in files that tell of the run and not of its results: when it was, and how long it took."""

import re
from dataclasses import replace
from typing import Any

from recrate.compare.outcome import Terms
from recrate.compare.rules import rules_for

_DURATION = re.compile(
    r"(?:^|[_ (.])(?:time|times|seconds|secs?|runtime|elapsed|duration|ms)(?:$|[_ ).])",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(?:time_?stamp|created|created_?(?:at|on)|generated|generated_?(?:at|on)|modified|updated_?at"
    r"|last_?(?:run|modified)|run_?(?:at|date|time)|date|time|datetime)",
    re.IGNORECASE,
)
_LONGEST = 100
_ASKS = "now()"
"""Code that asks for the date and measures nothing."""


def measures_time(terms: Terms) -> bool:
    """Say whether the code measures how long something takes."""
    return any(rule.name == "timings" and rule.needs for rule in rules_for(terms.source))


def tells_times(terms: Terms) -> bool:
    """Say whether the code measures time, or asks what time it is."""
    return any(
        rule.needs is not None and rule.name in ("timings", "times of this run")
        for rule in rules_for(terms.source)
    )


def for_text(terms: Terms) -> Terms:
    """Return the terms for text in a file: dates are of the run where the code asks for the date.

    What a cell prints beside a clock is a timing; a number in a file is a result, also where the
    code that wrote it measures time.
    """
    asks = any(
        rule.needs is not None and rule.name == "times of this run"
        for rule in rules_for(terms.source)
    )
    return replace(terms, source=_ASKS if asks else "")


def is_duration(name: str) -> bool:
    """Say whether a column of this name holds how long something took."""
    return len(name) <= _LONGEST and _DURATION.search(name) is not None


def without_times(value: Any, used: dict[str, None]) -> Any:
    """Return a JSON value without entries whose name says that they are a time of the run.

    Only single values go, never a list of them, which is data. `used` gets the rule's name. The
    value was read by `json`, so its depth is within the interpreter's own limit.
    """
    if isinstance(value, list):
        return [without_times(one, used) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, one in value.items():
        if isinstance(one, int | float | str) and _is_time(name):
            used["times of this run"] = None
        else:
            kept[name] = without_times(one, used)
    return kept


def _is_time(name: str) -> bool:
    return is_duration(name) or (len(name) <= _LONGEST and _MOMENT.fullmatch(name) is not None)
