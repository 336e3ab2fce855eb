"""JSON-like results (plotly, Vega, GeoJSON, …) compared leaf by leaf, without recursion."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recrate.compare.dialects import PLAIN, Dialect
from recrate.compare.numbers import Tally, close, in_percent
from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, ignoring
from recrate.compare.text import compare_text

_DEEPEST_WORK = 5_000_000
"""Leaves looked at; a larger structure is compared by its text."""


@dataclass(slots=True)
class Walk:
    """What a walk over two structures found."""

    tally: Tally = field(default_factory=Tally)
    rules: dict[str, None] = field(default_factory=dict)
    complaint: str = ""
    where: str = ""
    near: bool = False
    names: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    dialect: Dialect = PLAIN


def compare_structures(
    recorded: object, rerun: object, terms: Terms, dialect: Dialect = PLAIN
) -> Outcome:
    """Say whether two JSON values hold the same, within the tolerance.

    UUIDs do not count, nor does what the dialect says a library adds of itself; its typed arrays
    are decoded. Integers and floats compare as numbers.
    """
    walk = Walk(dialect=dialect)
    stack: list[tuple[object, object, str]] = [(recorded, rerun, "")]
    steps = 0
    while stack and not walk.complaint:
        left, right, where = stack.pop()
        steps += 1
        if left is right:
            continue
        left, right = dialect.opened(left), dialect.opened(right)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            _open_mappings(left, right, where, walk, stack)
        elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
            _open_lists(left, right, where, walk, stack, terms)
        else:
            _compare_leaves(left, right, where, walk, terms)
        if steps > _DEEPEST_WORK:
            walk.complaint = "too large to be compared leaf by leaf, and not equal"
    return _outcome(walk)


def _outcome(walk: Walk) -> Outcome:
    rules = tuple(walk.rules)
    tally = walk.tally
    if walk.complaint:
        return different(walk.complaint, rules)
    if tally.apart:
        return different(
            f"{tally.apart} of {tally.numbers} numbers differ, largest by "
            f"{in_percent(tally.largest)} at {walk.where}: {tally.recorded} became {tally.rerun}",
            rules,
            tally.largest,
        )
    if tally.near:
        what = f"{tally.near} of {tally.numbers} numbers differ within the tolerance"
        return equivalent(f"same structure; {what}", rules)
    if rules:
        return equivalent(ignoring(rules), rules)
    return equivalent("same values, written otherwise") if walk.near else SAME


def _open_mappings(
    left: Mapping[Any, Any],
    right: Mapping[Any, Any],
    where: str,
    walk: Walk,
    stack: list[tuple[object, object, str]],
) -> None:
    pattern = _random_at(where, walk.dialect)
    before, after = _keyed(left, pattern), _keyed(right, pattern)
    for key in before.keys() | after.keys():
        if key in walk.dialect.own:
            if before.get(key) != after.get(key):
                walk.rules["what the library adds of itself"] = None
            continue
        place = f"{where}.{key}" if where else key
        if walk.dialect.missing and before.get(key) is None and after.get(key) is None:
            walk.near |= key not in before or key not in after
            continue
        if key not in after:
            walk.complaint = f"{place} is gone"
            return
        if key not in before:
            walk.complaint = f"{place} is new"
            return
        stack.append((before[key], after[key], place))
    if left.keys() != right.keys() and not walk.complaint:
        walk.rules["random identifiers"] = None


def _random_at(where: str, dialect: Dialect) -> re.Pattern[str]:
    """Return what counts as random at a place: where no names stand, only what does everywhere."""
    if dialect.names is not None and not dialect.names.search(where):
        return PLAIN.random
    return dialect.random


def _keyed(value: Mapping[Any, Any], pattern: re.Pattern[str]) -> dict[str, Any]:
    """Return a mapping by keys without random parts; clashes are told apart by their order."""
    found: dict[str, Any] = {}
    for key, content in value.items():
        name = pattern.sub("<id>", key) if isinstance(key, str) else str(key)
        if name in found:
            name = f"{name}#{len(found)}"
        found[name] = content
    return found


def _open_lists(  # noqa: PLR0917 a step of the walk
    left: list[Any] | tuple[Any, ...],
    right: list[Any] | tuple[Any, ...],
    where: str,
    walk: Walk,
    stack: list[tuple[object, object, str]],
    terms: Terms,
) -> None:
    if len(left) != len(right):
        walk.complaint = f"{where or 'the list'} has {len(right)} items instead of {len(left)}"
        return
    if _plain_numbers(left) and _plain_numbers(right):
        first, second = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
        limit = terms.tolerance.absolute + terms.tolerance.relative * np.abs(first)
        with np.errstate(all="ignore"):
            bad = ~((np.abs(second - first) <= limit) | (first == second))
        bad &= ~(np.isnan(first) & np.isnan(second))
        walk.tally.numbers += len(left)
        walk.tally.near += int(np.count_nonzero((first != second) & ~bad & ~np.isnan(first)))
        for index in np.flatnonzero(bad):
            walk.tally.numbers -= 1
            _compare_leaves(left[index], right[index], f"{where}[{index}]", walk, terms)
        return
    pairs = enumerate(zip(left, right, strict=True))
    stack.extend((a, b, f"{where}[{index}]") for index, (a, b) in pairs)


def _plain_numbers(values: list[Any] | tuple[Any, ...]) -> bool:
    return len(values) > 8 and all(type(value) is float or _small(value) for value in values)


def _small(value: object) -> bool:
    return type(value) is int and abs(value) < 2**53


def _compare_leaves(left: object, right: object, where: str, walk: Walk, terms: Terms) -> None:
    if isinstance(left, str) and isinstance(right, str):
        _compare_texts(left, right, where, walk, terms)
    elif _is_number(left) and _is_number(right):
        _compare_numbers(left, right, where, walk, terms)
    elif walk.dialect.missing and _is_missing(left) and _is_missing(right):
        walk.near = True
    elif type(left) is not type(right) or left != right:
        walk.complaint = f"{where or 'the value'} is {_show(right)} instead of {_show(left)}"


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare_numbers(left: Any, right: Any, where: str, walk: Walk, terms: Terms) -> None:
    tally = walk.tally
    tally.numbers += 1
    if left == right or (left != left and right != right):  # noqa: PLR0124 NaN equals NaN here
        walk.near |= type(left) is not type(right)
        return
    if isinstance(left, int) and isinstance(right, int):
        fits, gap = False, _gap(left, right)
    else:
        first, second = _float(left), _float(right)
        fits, gap = close(first, second, terms.tolerance), _gap(first, second)
    if fits:
        tally.near += 1
        return
    tally.apart += 1
    if gap > tally.largest or not walk.where:
        tally.largest, walk.where = gap, where or "the value"
        tally.recorded, tally.rerun = _show(left), _show(right)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _gap(left: float, right: float) -> float:
    try:
        return abs(right - left) / abs(left)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def _compare_texts(left: str, right: str, where: str, walk: Walk, terms: Terms) -> None:
    pattern = _random_at(where, walk.dialect)
    if pattern is not PLAIN.random and pattern.fullmatch(left) and pattern.fullmatch(right):
        if not _answers(left, right, walk):
            walk.complaint = f"{where or 'the text'} names another part than before"
    elif left == right:
        return
    if pattern.sub("<id>", left) == pattern.sub("<id>", right):
        if left != right:
            walk.rules["random identifiers"] = None
        return
    outcome = compare_text(left, right, terms)
    if not outcome.holds:
        walk.complaint = f"at {where or 'the text'}: {outcome.reason}"
        return
    walk.near = True
    walk.rules |= dict.fromkeys(outcome.rules)


def _answers(left: str, right: str, walk: Walk) -> bool:
    """Say whether two names can stand for one thing: each answers one other name and no second."""
    return (
        walk.names.setdefault(left, right) == right and walk.answers.setdefault(right, left) == left
    )


def _show(value: object) -> str:
    if isinstance(value, Mapping | list | tuple):
        return "a structure"
    try:
        shown = repr(value)
    except ValueError:
        return "a very long integer"
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    return shown.encode("utf-8", "backslashreplace").decode()
