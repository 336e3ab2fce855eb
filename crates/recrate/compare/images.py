"""Pictures: the same pixels, or the same to the eye; docs/decisions/0001-pictures.md has numbers.

A pixel is explained when its colour lies within what the other picture shows next to it. Noise of
drawing (smoothing of edges, hinting, half a pixel) is explained everywhere; a moved curve, another
label or a missing point leaves unexplained pixels close together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recrate.compare.outcome import SAME, Outcome, different, equivalent, skipped
from recrate.compare.raster import Pixels, Undecodable, frames_of

LEVELS = 28
"""Of 255: how far a colour may lie outside its neighbourhood in the other picture."""
WINDOW = 11
"""Side of the square within which unexplained pixels are counted together, pixels."""
CLUSTER = 5
"""Unexplained pixels within one window that make a picture different."""
SLACK = 2
"""Pixels by which a whole picture of equal size may be moved."""
LARGEST_CHANGE = 24
"""Pixels by which the width or height may differ: margins follow the width of labels."""
_STRIP = 512
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far two pictures of one size lie apart: unexplained pixels in all, and at the worst spot.

    row, column: the centre of the worst spot
    """

    pixels: int
    cluster: int
    share: float
    row: int = 0
    column: int = 0


def compare_images(recorded: bytes, rerun: bytes, fraction: float) -> Outcome:
    """Say whether two encoded pictures show the same.

    fraction: share of unexplained pixels above which they are different, however thinly spread
    """
    if recorded == rerun:
        return SAME
    try:
        before = frames_of(recorded)
    except Undecodable as error:
        return skipped(f"the recorded picture was not compared: {error}")
    try:
        after = frames_of(rerun)
    except Undecodable as error:
        return different(f"the rerun's picture: {error}")
    if len(before) != len(after):
        return different(f"{len(after)} frames instead of {len(before)}")
    worst: Outcome = equivalent("same pixels, other bytes")
    for left, right in zip(before, after, strict=True):
        outcome = _compare_frames(left, right, fraction)
        if not outcome.holds:
            return outcome
        worst = outcome if outcome.reason != "same pixels, other bytes" else worst
    return worst


def _compare_frames(left: Pixels, right: Pixels, fraction: float) -> Outcome:
    if left.shape == right.shape and np.array_equal(left, right):
        return equivalent("same pixels, other bytes")
    height, width = left.shape[:2]
    other_height, other_width = right.shape[:2]
    size = f"{other_width}×{other_height} instead of {width}×{height} pixels"
    change = max(abs(height - other_height), abs(width - other_width))
    if change > min(LARGEST_CHANGE, 8 + 0.04 * min(height, width)):
        return different(f"the picture is of another size: {size}")
    gap = best_gap(left, right)
    if gap.cluster >= CLUSTER or gap.share > fraction:
        shown = f"{gap.pixels} pixels ({gap.share:.2%}) show something else"
        where = f"most around column {gap.column}, row {gap.row}"
        also = f"; it is {size}" if change else ""
        return different(f"{shown}, {where}{also}")
    if change:
        return equivalent(f"looks the same; {size}")
    return equivalent("looks the same; only the smoothing of edges differs")


def best_gap(left: Pixels, right: Pixels) -> Gap:
    """Return the gap after moving one picture over the other as well as it goes."""
    best: Gap | None = None
    for down, across in _moves(left, right):
        gap = _gap(*overlay(left, right, down, across))
        if best is None or (gap.cluster, gap.pixels) < (best.cluster, best.pixels):
            best = gap
        if best.cluster < CLUSTER and best.pixels < 10:
            break
    assert best is not None
    return best


def overlay(left: Pixels, right: Pixels, down: int, across: int) -> tuple[Pixels, Pixels]:
    """Lay `right` over `left`, moved by (down, across); what only one of them covers is background.

    Both come back in one size: that of everything either covers.
    """
    top, start = min(0, down), min(0, across)
    height = max(left.shape[0], right.shape[0] + down) - top
    width = max(left.shape[1], right.shape[1] + across) - start
    if left.shape == right.shape == (height, width, 3):
        return left, right
    first = np.empty((height, width, 3), dtype=np.uint8)
    first[:] = _background(left)
    second = np.empty((height, width, 3), dtype=np.uint8)
    second[:] = _background(right)
    first[-top : -top + left.shape[0], -start : -start + left.shape[1]] = left
    row, column = down - top, across - start
    second[row : row + right.shape[0], column : column + right.shape[1]] = right
    return first, second


def _background(picture: Pixels) -> Pixels:
    """Return the colour most corners have."""
    corners = picture[[0, 0, -1, -1], [0, -1, 0, -1]]
    colours, counts = np.unique(corners, axis=0, return_counts=True)
    found: Pixels = colours[int(np.argmax(counts))]
    return found


def _moves(left: Pixels, right: Pixels) -> list[tuple[int, int]]:
    """Return moves worth trying: no move, then where the edges' profiles fit best, and around."""
    down = _best_shift(left, right, axis=1)
    across = _best_shift(left, right, axis=0)
    near = [(down + a, across + b) for a in (0, -1, 1) for b in (0, -1, 1)]
    return list(dict.fromkeys([(0, 0), *near]))


def _best_shift(left: Pixels, right: Pixels, *, axis: int) -> int:
    """Return the shift of `right` along the other axis at which edge profiles differ least."""
    first, second = _profile(left, axis), _profile(right, axis)
    change = len(first) - len(second)
    reach = SLACK + abs(change)
    scores = {}
    for shift in range(-reach, reach + 1):
        start, end = max(0, shift), min(len(first), len(second) + shift)
        if end - start < min(len(first), len(second)) // 2:
            continue
        parts = first[start:end], second[start - shift : end - shift]
        rest = first.sum() - parts[0].sum() + second.sum() - parts[1].sum()
        scores[shift] = float(np.abs(parts[0] - parts[1]).sum() + rest)
    return min(scores, key=lambda shift: (scores[shift], abs(shift)), default=0)


def _profile(picture: Pixels, axis: int) -> NDArray[np.float64]:
    """Return how far each row (axis 1) or column (axis 0) is from the background."""
    away = np.abs(picture.astype(np.int16) - _background(picture).astype(np.int16)).max(axis=2)
    profile: NDArray[np.float64] = away.sum(axis=axis).astype(float)
    return profile


def _gap(left: Pixels, right: Pixels) -> Gap:
    mask = unexplained(left, right)
    pixels = int(np.count_nonzero(mask))
    if not pixels:
        return Gap(pixels=0, cluster=0, share=0.0)
    counts = _window_sums(mask)
    place = int(np.argmax(counts))
    row, column = divmod(place, counts.shape[1])
    return Gap(
        pixels=pixels,
        cluster=int(counts.flat[place]),
        share=pixels / mask.size,
        row=row,
        column=column,
    )


def unexplained(left: Pixels, right: Pixels) -> Mask:
    """Mark pixels of either picture whose colour the other does not show within one pixel.

    left, right: shape (height, width, 3); returns shape (height, width)
    """
    height = left.shape[0]
    mask = np.zeros(left.shape[:2], dtype=bool)
    for start in range(0, height, _STRIP):
        top, end = max(0, start - 1), min(height, start + _STRIP + 1)
        first, second = left[top:end], right[top:end]
        if np.array_equal(first, second):
            continue
        part = _outside(first, second) | _outside(second, first)
        mask[start : start + _STRIP] = part[start - top : start - top + _STRIP]
    return mask


def _outside(picture: Pixels, other: Pixels) -> Mask:
    """Mark pixels of `picture` that lie outside the 3×3 range of `other` by more than LEVELS."""
    low, high = _spread(other)
    below = low > np.minimum(picture, 255 - LEVELS) + np.uint8(LEVELS)
    above = picture > np.minimum(high, 255 - LEVELS) + np.uint8(LEVELS)
    outside: Mask = (below | above).any(axis=2)
    return outside


def _spread(picture: Pixels) -> tuple[Pixels, Pixels]:
    """Return the least and the greatest value of each channel within one pixel's reach."""
    low = high = picture
    for axis in (0, 1):
        width = [(1, 1) if place == axis else (0, 0) for place in range(3)]
        edged, top = np.pad(low, width, mode="edge"), np.pad(high, width, mode="edge")
        size = picture.shape[axis]
        parts = [np.take(edged, range(step, step + size), axis=axis) for step in range(3)]
        tops = [np.take(top, range(step, step + size), axis=axis) for step in range(3)]
        low = np.minimum(np.minimum(parts[0], parts[1]), parts[2])
        high = np.maximum(np.maximum(tops[0], tops[1]), tops[2])
    return low, high


def _window_sums(mask: Mask) -> NDArray[np.int32]:
    """Count marked pixels in the window around each pixel."""
    half = WINDOW // 2
    padded = np.pad(mask, ((half + 1, half), (half + 1, half))).astype(np.int32)
    total = padded.cumsum(axis=0).cumsum(axis=1)
    size = WINDOW
    sums: NDArray[np.int32] = (
        total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    )
    return sums
