"""A drawing that drifted by less than a pixel is no difference; another stroke in it is one."""

import io

import numpy as np
from PIL import Image, ImageDraw

from recrate.compare.drift import only_drifted
from recrate.compare.images import compare_images
from recrate.compare.raster import frames_of

FINE = 4
"""Drawn so many times larger, then averaged: pixels are smoothed as plotting libraries do it."""


def figure(move: float = 0.0, *, label_move: float | None = None, word: str = "1.50") -> bytes:
    """Return a figure of lines and one label; all is moved right by `move`, or its own, pixels."""
    image = Image.new("L", (400 * FINE, 300 * FINE), 255)
    pen = ImageDraw.Draw(image)
    right = round(move * FINE)
    for place in range(12):
        start = (60 + 25 * place) * FINE + right
        pen.line((start, 40 * FINE, start + 60, 250 * FINE), fill=170, width=FINE)
    shift = round((move if label_move is None else label_move) * FINE)
    pen.text((10 * FINE + shift, 100 * FINE), word, fill=0, font_size=11 * FINE)
    buffer = io.BytesIO()
    image.resize((400, 300), Image.Resampling.BOX).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_label_a_pixel_off_is_no_difference_where_the_whole_drawing_drifted() -> None:
    outcome = compare_images(figure(), figure(0.25, label_move=1), 0.001)
    assert outcome.verdict == "equivalent"


def test_another_figure_in_a_label_is_a_difference_also_where_the_whole_drawing_drifted() -> None:
    assert compare_images(figure(), figure(0.25, word="1.80"), 0.001).verdict == "different"
    assert compare_images(figure(), figure(0.25, word="1.5"), 0.001).verdict == "different"


def test_a_label_a_pixel_off_is_a_spot_where_nothing_else_moved() -> None:
    assert compare_images(figure(), figure(label_move=1), 0.001).verdict == "different"


def test_a_move_explains_a_moved_letter_and_no_other_letter() -> None:
    left = frames_of(figure())[0]
    for picture, explained in ((figure(label_move=1), True), (figure(word="1.80"), False)):
        right = frames_of(picture)[0]
        marked = np.abs(left.astype(int) - right).max(axis=2) > 40
        assert marked.any()
        assert only_drifted(left, right, marked) is explained


def test_a_difference_all_over_is_never_called_drift() -> None:
    white = np.full((600, 600, 3), 255, dtype=np.uint8)
    assert not only_drifted(white, white, np.ones((600, 600), dtype=bool))


def test_another_resolution_is_said_and_another_shape_is_not_called_one() -> None:
    with Image.open(io.BytesIO(figure())) as image:
        sizes = {(800, 598): True, (800, 420): False}
        for size, said in sizes.items():
            buffer = io.BytesIO()
            image.resize(size).save(buffer, "PNG")
            outcome = compare_images(figure(), buffer.getvalue(), 0.001)
            assert outcome.verdict == "different"
            assert ("at 2 times the resolution" in outcome.reason) is said
