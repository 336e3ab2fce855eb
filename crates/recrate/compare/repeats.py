"""How far reruns lie apart, in words, for an output that is another one each time."""

import math
from collections.abc import Sequence

from recrate.compare.numbers import split
from recrate.compare.pieces import Piece

_LONGEST = 200_000


def spread_of(recorded: Piece, reruns: Sequence[Piece]) -> str:
    """Return `: values 0.31 … 0.35; recorded 0.33 lies within`, or nothing when it has no number.

    The number is the first that is another one in the reruns.
    """
    rows = [_numbers(piece) for piece in (recorded, *reruns)]
    if not rows[0] or len({len(row) for row in rows}) != 1:
        return ""
    for values in zip(*rows, strict=True):
        if len(set(values[1:])) > 1:
            known = [float(value) for value in values]
            if not all(math.isfinite(value) for value in known):
                continue
            low, high = min(known[1:]), max(known[1:])
            shown = dict(zip(known[1:], values[1:], strict=True))
            where = "within" if low <= known[0] <= high else "outside"
            return f": values {shown[low]} … {shown[high]}; recorded {values[0]} lies {where}"
    return ""


def _numbers(piece: Piece) -> list[str]:
    text = piece.text or piece.data.get("text/plain", "")
    if not isinstance(text, str) or len(text) > _LONGEST:
        return []
    return [number for number in split(text)[1] if len(number) < 40 and number != "NA"]
