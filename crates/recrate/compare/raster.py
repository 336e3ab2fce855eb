"""Raster pictures decoded with care: bounded in size, broken ones as values, onto white."""

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageSequence

Pixels = NDArray[np.uint8]
"""Shape (height, width, 3), RGB."""

MOST_PIXELS = 40_000_000
"""A larger picture is not decoded: a few kilobytes can claim gigabytes."""
MOST_FRAMES = 60
"""Frames of an animation that are looked at."""


class UndecodableError(Exception):
    """The bytes are no picture that can be shown; says why."""


def frames_of(content: bytes) -> list[Pixels]:
    """Decode a PNG, JPEG, GIF or WebP into its frames, transparent parts on white.

    Raises UndecodableError when it is broken, unknown, or larger than `MOST_PIXELS` in all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                return _frames(image)
    except UndecodableError:
        raise
    except Exception as error:
        raise UndecodableError(f"not a readable picture ({type(error).__name__})") from error


def _frames(image: Image.Image) -> list[Pixels]:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise UndecodableError(f"larger than {MOST_PIXELS // 1_000_000} million pixels")
    frames: list[Pixels] = []
    for frame in ImageSequence.Iterator(image):
        if len(frames) >= MOST_FRAMES or len(frames) * width * height > MOST_PIXELS:
            break
        frames.append(_on_white(frame))
    return frames


def _on_white(frame: Image.Image) -> Pixels:
    if frame.mode == "RGB" and "transparency" not in frame.info:
        return np.asarray(frame, dtype=np.uint8)
    if frame.mode in ("I;16", "I", "F"):
        values = np.asarray(frame, dtype=float)
        largest = 65535.0 if frame.mode != "F" else max(float(np.nanmax(values)), 1.0)
        grey = np.clip(values / largest * 255, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    picture = frame.convert("RGBA")
    if picture.getchannel("A").getextrema() == (255, 255):
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    white.alpha_composite(picture)
    return np.asarray(white.convert("RGB"), dtype=np.uint8)


def with_calm_colours(picture: Pixels) -> Pixels:
    """Return a picture whose colours, not its brightness, are mixed over 7 × 7 pixels.

    A JPEG keeps colours at half the resolution, so that they bleed over edges by some pixels.
    """
    light, blue, red = Image.fromarray(picture).convert("YCbCr").split()
    calm = ImageFilter.BoxBlur(3)
    mixed = Image.merge("YCbCr", (light, blue.filter(calm), red.filter(calm)))
    return np.asarray(mixed.convert("RGB"), dtype=np.uint8)
