"""What the recorded figures of a notebook say of how they were drawn."""

import re
from collections.abc import Callable
from typing import Any

from recrate.model.makers import matplotlib_of
from recrate.model.study import Notebook

_SIZE = re.compile(r"<Figure size (\d{1,6})x(\d{1,6}) with \d{1,6} Axes>")
_NO_SIZE = re.compile(r"<matplotlib\.figure\.Figure at 0x[0-9a-fA-F]+>")
"""What Matplotlib before 2.2 said of a figure."""
_USUAL = {(432, 288): 72, (640, 480): 100}
"""Sizes of a figure for which nothing was asked → dots per inch."""
_STEPS = {72: (18,), 100: (10, 25)}
"""Dots per inch → dots of a quarter, and of a tenth, of an inch: people ask for no odder sizes.

A tenth of an inch is no whole number of dots at 72.
"""
_LATE = (3, 8)
"""A Matplotlib, of a year later, that nobody had beside a backend with the old defaults."""


def figure_dots(notebook: Notebook) -> int | None:
    """Return the dots per inch at which the recorded figures were drawn, 72 or 100.

    None where nothing tells: without figures, with sizes that fit both, or where the code sets
    the dots itself. The text that stands beside each picture tells its size in dots.
    Source of the two defaults: matplotlib-inline's changes in 0.1.4 (6 × 4 inches at 72 dots
    before), Matplotlib's own rcParams (6.4 × 4.8 inches at 100 dots) since.
    """
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    texts = [text for cell in code for text in map(_told, cell["outputs"]) if text]
    sizes = [(int(width), int(height)) for text in texts for width, height in _SIZE.findall(text)]
    usual = {_USUAL[size] for size in sizes if size in _USUAL}
    if usual:
        return usual.pop() if len(usual) == 1 else None
    if any(_NO_SIZE.search(text) for text in texts):
        return 72
    if not sizes or any("dpi" in cell["source"] for cell in code):
        return None
    sides = [side for size in sizes for side in size]
    fits = [dots for dots, steps in _STEPS.items() if all(map(_divided_by(steps), sides))]
    late = _numbers(drawn_by(notebook))[:2] >= _LATE
    return fits[0] if len(fits) == 1 and not (late and fits[0] == 72) else None


def _divided_by(steps: tuple[int, ...]) -> Callable[[int], bool]:
    return lambda side: any(side % step == 0 for step in steps)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)


def drawn_by(notebook: Notebook) -> str:
    """Return the newest Matplotlib, `3.3.4`, that the recorded pictures name; else empty."""
    told = {
        matplotlib_of(output["data"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if isinstance(output.get("data"), dict)
    }
    return max(told - {""}, key=_numbers, default="")


def _told(output: dict[str, Any]) -> str:
    """Return the text beside a recorded picture; empty where there is none."""
    data = output.get("data")
    if not isinstance(data, dict) or not any(kind.startswith("image/") for kind in data):
        return ""
    text = data.get("text/plain", "")
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
