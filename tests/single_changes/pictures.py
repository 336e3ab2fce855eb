"""Pictures that show the same in other bytes or nearly the same pixels, and painted-over ones."""

import base64
import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

from single_changes.drawn import SORTS, figure, picture, png
from single_changes.kinds import Pair, benign, bundle, kind, real

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def drawing(rng: random.Random) -> Image.Image:
    """Return a figure as RGB pixels."""
    content = png(figure(rng.choice(sorted(SORTS)), rng.getrandbits(30), dpi=rng.choice((72, 100))))
    return Image.open(io.BytesIO(content)).convert("RGB")


def photograph(rng: random.Random) -> Image.Image:
    """Return smooth colours with some grain and edges, as a camera gives them."""
    rows = np.random.default_rng(rng.getrandbits(32))
    small = Image.fromarray(rows.integers(30, 225, (12, 16, 3), dtype=np.uint8))
    large = small.resize((400, 300), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(large)
    for _ in range(5):
        x, y = rng.randint(10, 330), rng.randint(10, 230)
        pen.ellipse((x, y, x + 50, y + 40), fill=tuple(rng.randint(0, 255) for _ in range(3)))
    grain = rows.normal(0, 3, (300, 400, 3))
    return Image.fromarray(np.clip(np.asarray(large) + grain, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _same(name: str, change: Callable[[Image.Image, random.Random], bytes]) -> None:
    def make(rng: random.Random) -> Pair:
        image = drawing(rng)
        return Pair(recorded=[picture(encoded(image))], rerun=[picture(change(image, rng))])

    kind("PNG", name, make, is_real=False)


def _told(image: Image.Image, rng: random.Random) -> bytes:
    facts = PngImagePlugin.PngInfo()
    facts.add_text(
        "Software", f"Matplotlib version3.{rng.randint(1, 10)}.0, https://matplotlib.org/"
    )
    facts.add_text("Creation Time", "2026-11-21")
    return encoded(image, pnginfo=facts, dpi=(72, 72))


def _margins(most: int) -> Callable[[Image.Image, random.Random], bytes]:
    def wider(image: Image.Image, rng: random.Random) -> bytes:
        left, top, right, bottom = (rng.randint(0, most) for _ in range(4))
        size = image.width + left + right, image.height + top + bottom + 1
        page = Image.new("RGB", size, "white")
        page.paste(image, (left, top))
        return encoded(page)

    return wider


def _cropped(image: Image.Image, rng: random.Random) -> bytes:
    edge = rng.randint(1, 2)
    return encoded(image.crop((edge, edge, image.width - edge, image.height)))


def _noise(image: Image.Image, rng: random.Random) -> bytes:
    pixels = np.asarray(image).astype(int)
    edges = np.abs(np.diff(pixels, axis=1, prepend=pixels[:, :1])).max(axis=2) > 20
    noise = np.random.default_rng(rng.getrandbits(32)).integers(-12, 13, edges.shape)
    pixels[edges] += noise[edges][:, None]
    return encoded(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))


def _one_level(image: Image.Image, rng: random.Random) -> bytes:
    pixels = np.asarray(image).astype(int)
    noise = np.random.default_rng(rng.getrandbits(32)).integers(-1, 2, pixels.shape)
    return encoded(Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)))


def _pushed(image: Image.Image, rng: random.Random) -> bytes:
    page = Image.new("RGB", image.size, "white")
    page.paste(image, (rng.choice((-1, 1)), rng.choice((-1, 0, 1))))
    return encoded(page)


_same("all moved by a pixel", _pushed)
_same("compressed otherwise", lambda image, _: encoded(image, compress_level=1))
_same("optimised", lambda image, _: encoded(image, optimize=True))
_same("with an opaque fourth channel", lambda image, _: encoded(image.convert("RGBA")))
_same("metadata of another version", _told)
_same("margins up to 3 pixels wider", _margins(3))
_same("a canvas 1 or 2 pixels wider", _margins(1))
_same("a canvas 1 or 2 pixels narrower", _cropped)
_same("noise on the edges", _noise)
_same("every pixel off by one level", _one_level)


@benign("PNG", "transparent instead of white")
def _(rng: random.Random) -> Pair:
    drawn = figure(rng.choice(["lines", "points"]), rng.getrandbits(30))
    before = png(drawn)
    drawn.patch.set_alpha(0)
    return Pair(recorded=[picture(before)], rerun=[picture(png(drawn))])


@benign("PNG", "edges smoothed otherwise")
def _(rng: random.Random) -> Pair:
    """Draw at four times the size and make it small by two ways of mixing colours."""
    drawn = figure(rng.choice(sorted(SORTS)), rng.getrandbits(30))
    large = Image.open(io.BytesIO(png(drawn, dpi=288))).convert("RGB")
    size = large.width // 4, large.height // 4
    ways = Image.Resampling.BOX, Image.Resampling.HAMMING
    before, after = (encoded(large.resize(size, way)) for way in ways)
    return Pair(recorded=[picture(before)], rerun=[picture(after)])


@benign("PNG", "data that drift in the tenth digit")
def _(rng: random.Random) -> Pair:
    sort, seed = rng.choice(("lines", "points", "bars")), rng.getrandbits(30)

    def drift(_: Any, axes: Any) -> None:
        for line in axes.lines:
            line.set_ydata(np.asarray(line.get_ydata()) * (1 + 1e-9))
        for patch in axes.patches:
            patch.set_height(patch.get_height() * (1 + 1e-9))
        for found in axes.collections:
            found.set_offsets(np.asarray(found.get_offsets()) * (1 + 1e-9))

    before, after = (
        png(figure(sort, seed)),
        png(figure(sort, seed, drift), metadata={"Software": "x"}),
    )
    return Pair(recorded=[picture(before)], rerun=[picture(after)])


@benign("JPEG", "quantised otherwise")
def _(rng: random.Random) -> Pair:
    image = photograph(rng)
    before, after = (encoded(image, "JPEG", quality=quality) for quality in (92, 88))
    return Pair(recorded=[picture(before, "image/jpeg")], rerun=[picture(after, "image/jpeg")])


@benign("JPEG", "drawn colours at half the resolution")
def _(rng: random.Random) -> Pair:
    image = photograph(rng)
    before, after = (encoded(image, "JPEG", quality=92, subsampling=one) for one in (0, 2))
    return Pair(recorded=[picture(before, "image/jpeg")], rerun=[picture(after, "image/jpeg")])


@benign("JPEG", "progressive, with metadata")
def _(rng: random.Random) -> Pair:
    image = photograph(rng)
    before = encoded(image, "JPEG", quality=90)
    after = encoded(image, "JPEG", quality=90, progressive=True, dpi=(72, 72), comment=b"2026")
    return Pair(recorded=[picture(before, "image/jpeg")], rerun=[picture(after, "image/jpeg")])


@benign("PNG", "in lines of another length")
def _(rng: random.Random) -> Pair:
    content = base64.b64encode(encoded(drawing(rng))).decode()
    broken = [content[start : start + 76] + "\n" for start in range(0, len(content), 76)]
    return Pair(recorded=[bundle({"image/png": content})], rerun=[bundle({"image/png": broken})])


@benign("PNG", "a picture within HTML, compressed otherwise")
def _(rng: random.Random) -> Pair:
    image = drawing(rng)
    before, after = (
        f'<img alt="" src="data:image/png;base64,{base64.b64encode(content).decode()}">'
        for content in (encoded(image), encoded(image, compress_level=2))
    )
    return Pair(recorded=[bundle({"text/html": before})], rerun=[bundle({"text/html": after})])


def moved(pixels: Pixels, rng: random.Random) -> Pixels:
    """Move something drawn up by 3 % of the height."""
    height, width = pixels.shape[:2]
    step = max(3, round(height * 0.03))
    while True:
        x, y = rng.randint(width // 6, width * 2 // 3), rng.randint(height // 6, height * 2 // 3)
        part = pixels[y : y + height // 5, x : x + width // 5]
        changed = pixels.copy()
        changed[y - step : y - step + part.shape[0], x : x + part.shape[1]] = part
        if np.count_nonzero(np.abs(changed.astype(int) - pixels).max(axis=2) > 60) > 60:
            return changed


def painted(pixels: Pixels, rng: random.Random) -> Pixels:
    """Paint a point of six pixels."""
    while True:
        image = Image.fromarray(pixels)
        x, y = rng.randint(10, image.width - 20), rng.randint(10, image.height - 20)
        ImageDraw.Draw(image).ellipse((x, y, x + 6, y + 6), fill=(214, 39, 40))
        changed = np.asarray(image)
        if np.count_nonzero(np.abs(changed.astype(int) - pixels).max(axis=2) > 60) > 20:
            return changed


def recoloured(pixels: Pixels, _: random.Random) -> Pixels:
    """Give what is coloured another colour."""
    coloured = (pixels.max(axis=2).astype(int) - pixels.min(axis=2)) > 60
    changed = pixels.copy()
    changed[coloured] = pixels[coloured][:, [1, 2, 0]]
    return changed


def _shown(pixels: Pixels, rng: random.Random) -> Pixels:
    """Turn the picture upside down."""
    return pixels[::-1].copy()


def _halved(pixels: Pixels, rng: random.Random) -> Pixels:
    """Leave the lower half white."""
    changed = pixels.copy()
    changed[len(pixels) // 2 :] = 255
    return changed


PAINTED = {
    "a part moved by 3 %": moved,
    "a point painted": painted,
    "colours turned": recoloured,
    "upside down": _shown,
    "the lower half is empty": _halved,
}


def _add(name: str, change: Callable[[Pixels, random.Random], Pixels]) -> None:
    def in_png(rng: random.Random) -> Pair:
        pixels = np.asarray(drawing(rng))
        after = encoded(Image.fromarray(change(pixels, rng)))
        return Pair(recorded=[picture(encoded(Image.fromarray(pixels)))], rerun=[picture(after)])

    def in_jpeg(rng: random.Random) -> Pair:
        pixels = np.asarray(photograph(rng))
        before, after = (
            encoded(Image.fromarray(one), "JPEG", quality=90)
            for one in (pixels, change(pixels, rng))
        )
        return Pair(recorded=[picture(before, "image/jpeg")], rerun=[picture(after, "image/jpeg")])

    kind("PNG", name, in_png, is_real=True)
    kind("JPEG", name, in_jpeg, is_real=True)


for _name, _change in PAINTED.items():
    _add(_name, _change)


@real("PNG", "the picture is gone")
def _(rng: random.Random) -> Pair:
    named = bundle({"text/plain": "<Figure size 432x288 with 1 Axes>"})
    return Pair(recorded=[picture(encoded(drawing(rng)))], rerun=[named])


@real("PNG", "one of two pictures is gone")
def _(rng: random.Random) -> Pair:
    one, two = (picture(encoded(drawing(rng))) for _ in "ab")
    return Pair(recorded=[one, two], rerun=[one])


@real("PNG", "two pictures in another order")
def _(rng: random.Random) -> Pair:
    one = picture(png(figure("lines", rng.getrandbits(30))))
    two = picture(png(figure("bars", rng.getrandbits(30))))
    return Pair(recorded=[one, two], rerun=[two, one])


@real("PNG", "a picture within HTML, painted over")
def _(rng: random.Random) -> Pair:
    pixels = np.asarray(drawing(rng))
    before, after = (
        f'<img src="data:image/png;base64,{base64.b64encode(content).decode()}">'
        for content in (
            encoded(Image.fromarray(pixels)),
            encoded(Image.fromarray(moved(pixels, rng))),
        )
    )
    return Pair(recorded=[bundle({"text/html": before})], rerun=[bundle({"text/html": after})])
