"""The difference picture: both greyed, what differs marked in a colour everybody can tell."""

import io

import numpy as np
from PIL import Image

from recrate.compare.images import overlay, unexplained
from recrate.compare.raster import Pixels, UndecodableError, frames_of

MARK = (213, 94, 0)
"""Vermilion of the Okabe–Ito palette: told from grey with every kind of colour vision."""
FAINT = (86, 180, 233)
"""Sky blue of the same palette: pixels that differ, but no more than drawing noise does."""
LONGEST_SIDE = 1600


def difference_picture(recorded: bytes, rerun: bytes) -> bytes:
    """Return a PNG of both pictures, grey and pale, with differing pixels marked.

    recorded, rerun: encoded PNG, JPEG, GIF or WebP of any sizes; of animations the first frame.
    Vermilion: shows something else. Sky blue: the smoothing of edges. A picture that cannot be
    decoded counts as empty. The longest side is at most 1600 pixels.
    """
    left, right = _first(recorded), _first(rerun)
    first, second = overlay(left, right, 0, 0)
    grey = (first.astype(np.float32).mean(axis=2) + second.astype(np.float32).mean(axis=2)) / 2
    pale = (255 - (255 - grey) * 0.45).astype(np.uint8)
    canvas = np.repeat(pale[:, :, None], 3, axis=2)
    canvas[(first != second).any(axis=2)] = FAINT
    canvas[unexplained(first, second)] = MARK
    image = Image.fromarray(canvas)
    if max(image.size) > LONGEST_SIDE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _first(content: bytes) -> Pixels:
    try:
        return _bounded(frames_of(content)[0])
    except (UndecodableError, IndexError):
        return np.full((1, 1, 3), 255, dtype=np.uint8)


def _bounded(picture: Pixels) -> Pixels:
    """Thin a huge picture out so that the work stays small."""
    step = max(1, -(-max(picture.shape[:2]) // (2 * LONGEST_SIDE)))
    return picture[::step, ::step]
