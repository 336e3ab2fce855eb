"""Pictures: the same pixels, or the same to the eye; docs/decisions/0001-pictures.md has numbers.

Three questions, any of which makes a picture different:
- does one show, in one spot, what the other shows nowhere within a pixel (a moved curve, a point)?
- do they agree almost everywhere, and disagree in a few spots (another label)? Noise of drawing is
  everywhere or nowhere; what is only here is a change, so here one looks more closely.
- do even areas have another colour (another scale of colours)?
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recrate.compare.drift import only_drifted
from recrate.compare.outcome import SAME, Outcome, different, equivalent, skipped
from recrate.compare.raster import Pixels, UndecodableError, frames_of, with_calm_colours

LEVELS = 28
"""Of 255: how far a colour may lie outside its neighbourhood in the other picture."""
STRONG = 40
"""Of 255: a difference between two pixels that the eye sees where everything around is equal."""
EVEN = 6
"""Of 255: how far the colour of an even area may lie from the other picture's."""
WINDOW = 11
"""Side of the square within which pixels are counted together, pixels."""
CLUSTER = 10
"""Unexplained pixels within one window that make a picture different."""
SPOT = 4
"""Strongly differing pixels within one window that do, when nearly all the rest is equal."""
PATCH = 60
"""Pixels of an even area within one window (of 121) that do, when they have another colour."""
LOCAL = 0.12
"""Share of the tiles with anything drawn in them up to which a difference is local."""
NOISE = 0.5
"""Share of those tiles from which drawing noise is everywhere; a spot may then have drifted."""
TILE = 16
SLACK = 2
"""Pixels by which a whole picture of equal size may be moved."""
LARGEST_CHANGE = 24
"""Pixels by which the width or height may differ: margins follow the width of labels."""
ALIKE = 0.02
"""Share by which width and height may be scaled unequally in a picture of another resolution."""
FADED = 100
"""Strongly differing pixels from which on it counts that all of them lost, or gained, colour."""
ONE_SIDED = 0.9
"""Share of their change that goes one way: smoothing and small moves take here and give there."""
_JPEG = b"\xff\xd8"
_STRIP = 512
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far two pictures of one size lie apart.

    cluster, spot, patch: the most pixels in one window that are unexplained, strongly different,
                          even and of another colour
    share:  unexplained pixels among all
    faded:  strongly different pixels where nearly all of them became darker or all lighter, else 0
    local:  share of the drawn tiles that differ strongly
    row, column: the centre of the worst window
    """

    pixels: int = 0
    cluster: int = 0
    spot: int = 0
    patch: int = 0
    share: float = 0.0
    local: float = 0.0
    faded: int = 0
    row: int = 0
    column: int = 0

    def is_seen(self, fraction: float, *, resized: bool = False) -> bool:
        """Say whether somebody who lays one picture over the other would see it.

        resized: margins moved, so whole labels may stand a pixel off; that is no spot
        """
        spot = self.cluster if resized else self.spot
        if self.local <= LOCAL and spot >= SPOT:
            return True
        return (
            self.faded >= FADED
            or self.cluster >= CLUSTER
            or self.patch >= PATCH
            or self.share > fraction
        )


def compare_images(recorded: bytes, rerun: bytes, fraction: float) -> Outcome:
    """Say whether two encoded pictures show the same.

    fraction: share of unexplained pixels above which they are different, however thinly spread
    """
    if recorded == rerun:
        return SAME
    try:
        before = frames_of(recorded)
    except UndecodableError as error:
        return skipped(f"the recorded picture was not compared: {error}")
    try:
        after = frames_of(rerun)
    except UndecodableError as error:
        return different(f"the rerun's picture: {error}")
    if recorded.startswith(_JPEG) and rerun.startswith(_JPEG):
        before, after = ([with_calm_colours(one) for one in frames] for frames in (before, after))
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
        return different(f"the picture is of another size: {size}{_scale(left, right)}")
    gap = best_gap(left, right)
    if gap.is_seen(fraction, resized=change > 0):
        shown = f"{gap.pixels} pixels show something else"
        where = f"most around column {gap.column}, row {gap.row}"
        also = f"; it is {size}" if change else ""
        return different(f"{shown}, {where}{also}")
    if change:
        return equivalent(f"looks the same; {size}")
    return equivalent("looks the same; only the smoothing of edges differs")


def _scale(left: Pixels, right: Pixels) -> str:
    """Say that a size has the same proportions; whether it shows the same, scaling would hide."""
    down, across = (right.shape[axis] / left.shape[axis] for axis in (0, 1))
    if abs(down / across - 1) > ALIKE:
        return ""
    return f"; the proportions are the same, at {across:.2g} times the resolution"


def best_gap(left: Pixels, right: Pixels) -> Gap:
    """Return the gap after moving one picture over the other as well as it goes.

    The best move makes most pixels equal. Where even then the pictures differ all over, it is the
    one that explains most.
    """
    moved: list[tuple[int, Pixels, Pixels]] = []
    for down, across in _moves(left, right):
        first, second = overlay(left, right, down, across)
        strong = int(np.count_nonzero(_apart(first, second) > STRONG))
        moved.append((strong, first, second))
        if strong < SPOT:
            break
    moved.sort(key=lambda move: move[0])
    best = _gap(*moved[0][1:])
    if best.local <= LOCAL or best.cluster < CLUSTER:
        return best
    others = (_gap(first, second) for _, first, second in moved[1:4])
    return min((best, *others), key=lambda gap: (gap.cluster, gap.share))


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
    ground = np.broadcast_to(_background(picture), picture.shape)
    profile: NDArray[np.float64] = (
        _apart(picture, ground).sum(axis=axis, dtype=np.int64).astype(float)
    )
    return profile


def _gap(left: Pixels, right: Pixels) -> Gap:
    apart = _apart(left, right)
    if not apart.any():
        return Gap()
    mask, uneven = unexplained(left, right), _unevenness(left, right)
    strong, even = apart > STRONG, (uneven <= 2 * EVEN) & (apart > EVEN)
    counts = [_window_sums(one) for one in (mask, strong, even)]
    most = [int(one.max()) for one in counts]
    worst = counts[0] if most[0] else counts[1] if most[1] else counts[2]
    row, column = divmod(int(np.argmax(worst)), worst.shape[1])
    drawn = _tiles(uneven > LEVELS)
    local, noise = (_share(drawn, _tiles(one)) for one in (strong, apart > EVEN))
    if noise >= NOISE and local <= LOCAL and most[1] >= SPOT and only_drifted(left, right, strong):
        most[1] = 0
    return Gap(
        pixels=int(np.count_nonzero(apart > EVEN)),
        cluster=most[0],
        spot=most[1],
        patch=most[2],
        share=float(np.count_nonzero(mask)) / mask.size,
        local=local,
        faded=_faded(left, right, strong),
        row=row,
        column=column,
    )


def _faded(left: Pixels, right: Pixels, strong: Mask) -> int:
    """Count strongly different pixels where their change goes one way: a dashed line, a thin one.

    What moves by less than a pixel takes colour from one pixel and gives it to the next.
    """
    change = left[strong].astype(np.int64).sum(axis=1) - right[strong].astype(np.int64).sum(axis=1)
    all_of_it = int(np.abs(change).sum())
    one_way = abs(int(change.sum())) >= ONE_SIDED * all_of_it
    return int(np.count_nonzero(strong)) if all_of_it and one_way else 0


def _share(drawn: Mask, marked: Mask) -> float:
    """Return the share of the drawn tiles that are marked."""
    return float(np.count_nonzero(drawn & marked)) / max(1, int(np.count_nonzero(drawn)))


def _apart(left: Pixels, right: Pixels) -> NDArray[np.uint8]:
    """Return the largest difference of any channel, pixel by pixel."""
    return _largest(np.maximum(left, right) - np.minimum(left, right))


def _largest(picture: Pixels) -> NDArray[np.uint8]:
    """Return the largest of the three channels, pixel by pixel; a `max` along them takes longer."""
    red, green, blue = (picture[:, :, channel] for channel in range(3))
    largest: NDArray[np.uint8] = np.maximum(np.maximum(red, green), blue)
    return largest


def _unevenness(left: Pixels, right: Pixels) -> NDArray[np.uint8]:
    """Return how much colours vary within one pixel's reach, in the more varied picture."""
    ranges = []
    for picture in (left, right):
        low, high = _spread(picture)
        ranges.append(_largest(high - low))
    found: NDArray[np.uint8] = np.maximum(*ranges)
    return found


def _tiles(mask: Mask) -> Mask:
    """Say for each tile of TILE × TILE pixels whether any pixel in it is marked."""
    down, across = (np.arange(0, size, TILE) for size in mask.shape)
    tiles: Mask = np.logical_or.reduceat(np.logical_or.reduceat(mask, down, axis=0), across, axis=1)
    return tiles


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
    outside = np.logical_or(below, above)
    marked: Mask = outside[:, :, 0] | outside[:, :, 1] | outside[:, :, 2]
    return marked


def _spread(picture: Pixels) -> tuple[Pixels, Pixels]:
    """Return the least and the greatest value of each channel within one pixel's reach."""
    low, high = picture, picture
    for axis in (0, 1):
        before, after = (slice(None, -1), slice(1, None))
        here = (slice(None),) * axis
        low, high = low.copy(), high.copy()
        for held, taken, choose in ((low, low.copy(), np.minimum), (high, high.copy(), np.maximum)):
            for to, of in ((before, after), (after, before)):
                choose(held[(*here, to)], taken[(*here, of)], out=held[(*here, to)])
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
