"""Spots of a picture that only drifted: the same drawing, moved by less than a pixel or by one."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recrate.compare.raster import Pixels

LEVELS = 40
"""Of 255: how far a colour may lie from the moved drawing's; blending two pixels is not exact."""
REACH = 1.0
STEP = 0.25
"""How far a drawing may have moved, pixels, and in what steps that is tried."""
HALF = 2
"""A pixel drifted when it lies in a square of 2 * HALF + 1 pixels that moved as a whole."""
TILE = 16
MOST_TILES = 256
"""More tiles than this are not looked at: then the difference is no spot."""
_MARGIN = 8
Mask = NDArray[np.bool_]
Stack = NDArray[np.float32]
"""Shape (tiles, height, width, 3)."""


def only_drifted(left: Pixels, right: Pixels, marked: Mask) -> bool:
    """Say whether every marked pixel lies in a small square that moved as a whole.

    left, right: shape (height, width, 3); marked: shape (height, width)
    A stroke more or less, or another letter, is never explained by a move; an edge that moved by a
    pixel is. So ask this only of pictures in which everything drifted.
    """
    rows, columns = np.nonzero(marked)
    places = sorted(set(zip((rows // TILE).tolist(), (columns // TILE).tolist(), strict=True)))
    if len(places) > MOST_TILES:
        return False
    first, second = _cut(left, places), _cut(right, places)
    inside = _cut(marked[:, :, None], places)[..., 0] > 0
    inside[:, :_MARGIN] = inside[:, -_MARGIN:] = False
    inside[:, :, :_MARGIN] = inside[:, :, -_MARGIN:] = False
    for before, after in ((first, second), (second, first)):
        for moved in _moves(after):
            inside &= ~_in_equal_square(np.abs(before - moved).max(axis=3) <= LEVELS)
            if not inside.any():
                return True
    return False


def _cut(picture: NDArray[np.generic], places: list[tuple[int, int]]) -> Stack:
    """Cut out the tiles with a margin on all sides; beyond the edge the edge is repeated."""
    height, width = picture.shape[:2]
    below, beside = -height % TILE + _MARGIN, -width % TILE + _MARGIN
    # Marks are padded with nothing, colours with their neighbour.
    mode = {"mode": "edge"} if picture.dtype != np.bool_ else {"mode": "constant"}
    padded = np.pad(picture, ((_MARGIN, below), (_MARGIN, beside), (0, 0)), **mode)  # type: ignore[call-overload]
    size = TILE + 2 * _MARGIN
    tiles = [padded[r * TILE : r * TILE + size, c * TILE : c * TILE + size] for r, c in places]
    return np.stack(tiles).astype(np.float32)


def _moves(stack: Stack) -> Iterator[Stack]:
    """Return the tiles moved by every step down and across, blended between whole pixels."""
    steps = np.arange(-REACH, REACH + STEP / 2, STEP)
    for down in steps:
        part = _blend(stack, float(down), axis=1)
        for across in steps:
            yield _blend(part, float(across), axis=2)


def _blend(stack: Stack, move: float, *, axis: int) -> Stack:
    whole = int(np.floor(move))
    share = np.float32(move - whole)
    near: Stack = np.roll(stack, whole, axis=axis)
    if not share:
        return near
    far: Stack = np.roll(stack, whole + 1, axis=axis)
    return (1 - share) * near + share * far


def _in_equal_square(equal: Mask) -> Mask:
    """Mark pixels that lie in some square of 2 * HALF + 1 pixels all of which are equal."""
    centres = equal
    for axis in (1, 2):
        parts = [np.roll(centres, step, axis=axis) for step in range(-HALF, HALF + 1)]
        centres = np.logical_and.reduce(parts)
    for axis in (1, 2):
        parts = [np.roll(centres, step, axis=axis) for step in range(-HALF, HALF + 1)]
        centres = np.logical_or.reduce(parts)
    return centres
