"""Numbers inside text: found, paired, and compared as far as they were printed."""

import math
import re
from dataclasses import dataclass

from recrate.model.policy import Tolerance

_NUMBER = re.compile(
    r"(?:(?<![^\W_]|[._])[-+]?|(?<=[0-9)\]jJ%])[-+])"
    r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"|(?<!\w)[-+]?(?:nan|NaN|inf|Infinity|NA|NaT)(?!\w)"
)
"""A number as scientists print it. Digits glued to a name (`x1`, `sha256`) are part of the name."""
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_LONGEST = 400
"""Digits; longer ones are text: no float holds them."""
_SIGNIFICANT = 6
"""Digits from which on one unit in the last place may be a matter of rounding."""
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Tally:
    """What was seen while numbers were compared.

    largest: relative difference; `line` counts from 1 and is where the largest was
    """

    numbers: int = 0
    near: int = 0
    apart: int = 0
    largest: float = 0.0
    line: int = 0
    recorded: str = ""
    rerun: str = ""


def split(line: str) -> tuple[list[str], list[str]]:
    """Return the words between the numbers of `line` (without white space), and the numbers."""
    words: list[str] = []
    numbers: list[str] = []
    end = 0
    for match in _NUMBER.finditer(line):
        words.append(_SPACE.sub("", line[end : match.start()]))
        numbers.append(match.group())
        end = match.end()
    words.append(_SPACE.sub("", line[end:]))
    return words, numbers


def compare_numbers(
    recorded: list[str], rerun: list[str], tolerance: Tolerance, tally: Tally, line: int
) -> None:
    """Compare printed numbers pair by pair and write into `tally` what was found.

    Integers must be equal. Others agree within the tolerance, or within one unit of the last
    printed digit when at least six significant digits are printed, or when one is the other
    rounded to at least three. NaN equals NaN.
    """
    tally.numbers += len(recorded)
    for before, after in zip(recorded, rerun, strict=True):
        if before == after:
            continue
        if agree(before, after, tolerance):
            tally.near += 1
            continue
        tally.apart += 1
        gap = relative_gap(before, after)
        if gap > tally.largest or not tally.line:
            tally.largest, tally.line = gap, line
            tally.recorded, tally.rerun = before, after


def agree(before: str, after: str, tolerance: Tolerance) -> bool:
    """Say whether two printed numbers are the same number."""
    if max(len(before), len(after)) > _LONGEST:
        return before.lstrip("+") == after.lstrip("+")
    first, second = _value(before), _value(after)
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    if math.isinf(first) or math.isinf(second):
        return first == second
    if _INTEGER.match(before) and _INTEGER.match(after):
        return int(before) == int(after)
    if close(first, second, tolerance):
        return True
    return _rounding(before, after, first, second)


def close(first: float, second: float, tolerance: Tolerance) -> bool:
    """|second - first| <= absolute + relative * |first|; NaN equals NaN."""
    if first == second:
        return True
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return abs(second - first) <= tolerance.absolute + tolerance.relative * abs(first)


def relative_gap(before: str, after: str) -> float:
    """Return |after - before| / |before|; infinite where that is no number."""
    first, second = _value(before), _value(after)
    if first == second:
        return 0.0
    if not (math.isfinite(first) and math.isfinite(second)) or first == 0:
        return math.inf
    return abs(second - first) / abs(first)


def in_percent(gap: float) -> str:
    """Return a relative gap as a person reads it: `4.1 %`, or words where it has no size."""
    if not math.isfinite(gap):
        return "beyond measure"
    return f"{gap * 100:.2g} %" if gap < 10 else f"a factor of {gap + 1:.3g}"


def _value(number: str) -> float:
    try:
        return float(number)
    except ValueError:
        return math.nan


def _rounding(before: str, after: str, first: float, second: float) -> bool:
    """Say whether two printed numbers may be one number rounded twice."""
    if _INTEGER.match(before) or _INTEGER.match(after):
        return False
    unit, other = _last_place(before), _last_place(after)
    coarse = max(unit, other)
    if unit == other:
        # The longer counts: 1.00000 and 0.99999 are neighbours across a power of ten.
        enough = max(_digits(before), _digits(after)) >= _SIGNIFICANT
        return enough and abs(first - second) <= coarse * (1 + 1e-9)
    fewer = before if unit > other else after
    return _digits(fewer) >= 3 and abs(first - second) <= coarse / 2 * (1 + 1e-9)


def _last_place(number: str) -> float:
    """Return the value of one unit in the last printed place."""
    mantissa, _, exponent = number.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    power = int(exponent or 0) - decimals
    return 10.0**power if -400 < power < 300 else math.inf


def _digits(number: str) -> int:
    """Count significant digits."""
    mantissa = number.lower().partition("e")[0]
    return len(mantissa.lstrip("+-").replace(".", "").lstrip("0"))
