"""Figures that matplotlib draws, once as they were and once with one thing changed."""

import base64
import io
import random
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from single_changes.kinds import Pair, bundle, kind

Change = Callable[[Figure, Axes], None]


def lines(axes: Axes, rows: np.random.Generator) -> None:
    """Draw two curves with a legend."""
    x = np.linspace(0, 10, 60)
    axes.plot(x, np.sin(x + rows.uniform(0, 3)) + 0.2 * x, label="tide")
    axes.plot(x, np.cos(x) * rows.uniform(0.5, 1), label="swell")
    axes.legend(loc="upper left")


def points(axes: Axes, rows: np.random.Generator) -> None:
    axes.scatter(rows.normal(5, 2, 60), rows.normal(3, 1, 60), s=20, label="ships")
    axes.legend(loc="upper left")


def bars(axes: Axes, rows: np.random.Generator) -> None:
    axes.bar(["ash", "oak", "elm", "yew", "fir"], rows.uniform(20, 90, 5), label="trees")
    axes.legend(loc="upper left")


def heat(axes: Axes, rows: np.random.Generator) -> None:
    """Draw a map of colours with its bar."""
    grid = np.add.outer(np.sin(np.linspace(0, 4, 20)), np.cos(np.linspace(0, 5, 24)))
    mappable = axes.imshow(grid + rows.normal(0, 0.1, grid.shape), cmap="viridis", vmin=-2, vmax=2)
    axes.figure.colorbar(mappable)


def counts(axes: Axes, rows: np.random.Generator) -> None:
    axes.hist(rows.normal(5, 2, 400), bins=24, label="days")
    axes.legend(loc="upper left")


SORTS = {"lines": lines, "points": points, "bars": bars, "heat": heat, "counts": counts}


def figure(sort: str, seed: int, change: Change | None = None, *, dpi: int = 72) -> Figure:
    """Return a drawn figure of 432 × 288 pixels; `change` is made before it is drawn."""
    drawn = Figure(figsize=(6, 4), dpi=dpi)
    FigureCanvasAgg(drawn)
    axes = drawn.add_subplot()
    SORTS[sort](axes, np.random.default_rng(seed))
    axes.set(title="Levels at Kiel", xlabel="day", ylabel="level (m)")
    # Limits stay where they are whatever is changed, as they do when an author sets them.
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    if change is not None:
        change(drawn, axes)
    return drawn


def png(drawn: Figure, **options: Any) -> bytes:
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", **options)
    return buffer.getvalue()


def svg(drawn: Figure, salt: str, **options: Any) -> str:
    """Return a figure as matplotlib writes it in SVG; `salt` is what its ids are drawn from."""
    FigureCanvasSVG(drawn)
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt, **options}):
        drawn.savefig(buffer, format="svg")
    return buffer.getvalue()


def picture(content: bytes, mime: str = "image/png") -> dict[str, Any]:
    named = "<Figure size 432x288 with 1 Axes>"
    return bundle({mime: base64.b64encode(content).decode() + "\n", "text/plain": named})


def curve(axes: Axes) -> Any:
    return axes.lines[0]


def _raise(_: Figure, axes: Axes) -> None:
    low, high = axes.get_ylim()
    curve(axes).set_ydata(np.asarray(curve(axes).get_ydata()) + 0.02 * (high - low))


def _bend(_: Figure, axes: Axes) -> None:
    y = np.asarray(curve(axes).get_ydata()).copy()
    low, high = axes.get_ylim()
    y[25:35] += 0.05 * (high - low)
    curve(axes).set_ydata(y)


def _move_point(_: Figure, axes: Axes) -> None:
    found = axes.collections[0]
    places = np.asarray(found.get_offsets()).copy()
    low, high = axes.get_ylim()
    places[7, 1] += 0.06 * (high - low) * (1 if places[7, 1] < (low + high) / 2 else -1)
    found.set_offsets(places)


def _drop_point(_: Figure, axes: Axes) -> None:
    found = axes.collections[0]
    places = np.asarray(found.get_offsets())
    # One that stands alone: behind another a point can vanish unseen.
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 99 * np.eye(len(places))
    found.set_offsets(np.delete(places, int(apart.min(axis=1).argmax()), axis=0))


def _higher(_: Figure, axes: Axes) -> None:
    axes.patches[2].set_height(axes.patches[2].get_height() * 1.04)


def _scaled(_: Figure, axes: Axes) -> None:
    axes.images[0].set_array(np.asarray(axes.images[0].get_array()) * 1.1)


def _pixel(_: Figure, axes: Axes) -> None:
    values = np.asarray(axes.images[0].get_array()).copy()
    values[5, 7] = -values[5, 7] + 1
    axes.images[0].set_array(values)


def _unlegend(_: Figure, axes: Axes) -> None:
    legend = axes.get_legend()
    assert legend is not None
    legend.remove()


def _rename(_: Figure, axes: Axes) -> None:
    legend = axes.get_legend()
    assert legend is not None
    legend.get_texts()[0].set_text("storm")


REAL: dict[str, tuple[tuple[str, ...], Change]] = {
    "a curve moved by 2 % of the axis": (("lines",), _raise),
    "a piece of a curve moved by 5 %": (("lines",), _bend),
    "a curve is gone": (("lines",), lambda _, axes: axes.lines[1].remove()),
    "a curve of another colour": (("lines",), lambda _, axes: curve(axes).set_color("tab:red")),
    "a dashed curve": (("lines",), lambda _, axes: curve(axes).set_linestyle("--")),
    "a wider curve": (("lines",), lambda _, axes: curve(axes).set_linewidth(4)),
    "markers on a curve": (("lines",), lambda _, axes: curve(axes).set_marker("o")),
    "a curve more": (("lines",), lambda _, axes: axes.axhline(0.5, color="k", lw=1)),
    "a point moved": (("points",), _move_point),
    "a point is gone": (("points",), _drop_point),
    "points of another colour": (("points",), lambda _, axes: axes.collections[0].set_color("k")),
    "larger points": (("points",), lambda _, axes: axes.collections[0].set_sizes([45])),
    "one bar higher by 4 %": (("bars",), _higher),
    "one bar of another colour": (("bars",), lambda _, axes: axes.patches[1].set_color("tab:red")),
    "one bar is gone": (("bars", "counts"), lambda _, axes: axes.patches[4].set_visible(False)),
    "one bin higher by 4 %": (
        ("counts",),
        lambda _, axes: axes.patches[12].set_height(axes.patches[12].get_height() * 1.04),
    ),
    "another map of colours": (("heat",), lambda _, axes: axes.images[0].set_cmap("magma")),
    "a map of colours the other way": (
        ("heat",),
        lambda _, axes: axes.images[0].set_cmap("viridis_r"),
    ),
    "other limits of the colours": (("heat",), lambda _, axes: axes.images[0].set_clim(-2.2, 2)),
    "values of a map scaled by a tenth": (("heat",), _scaled),
    "one field of a map": (("heat",), _pixel),
    "the bar of colours is gone": (("heat",), lambda one, _: one.axes[1].set_visible(False)),
    "the legend is gone": (("lines", "points", "bars"), _unlegend),
    "a name in the legend": (("lines", "bars"), _rename),
    "another title": (tuple(SORTS), lambda _, axes: axes.set_title("Levels at Cork")),
    "one letter of the title": (tuple(SORTS), lambda _, axes: axes.set_title("Levels at Kiev")),
    "no title": (tuple(SORTS), lambda _, axes: axes.set_title("")),
    "another label of an axis": (tuple(SORTS), lambda _, axes: axes.set_xlabel("week")),
    "another unit on an axis": (tuple(SORTS), lambda _, axes: axes.set_ylabel("level (ft)")),
    "a logarithmic axis": (("lines", "bars", "counts"), lambda _, axes: axes.set_yscale("symlog")),
    "an axis upside down": (("lines", "points"), lambda _, axes: axes.invert_yaxis()),
    "other limits of an axis": (("lines", "points"), lambda _, axes: axes.set_xlim(-1, 12)),
    "a grid": (("lines", "points", "counts"), lambda _, axes: axes.grid(visible=True)),
    "a number on a tick": (("bars",), lambda _, axes: axes.set_yticks([20, 40], ["20", "90"])),
    "text more": (
        tuple(SORTS),
        lambda _, axes: axes.text(0.6, 0.1, "p = 0.03", transform=axes.transAxes),
    ),
    "an area is filled": (("lines",), lambda _, axes: axes.axvspan(4, 5, color="0.85")),
    "another background": (("lines", "points"), lambda _, axes: axes.set_facecolor("0.95")),
}


def _add(name: str, sorts: tuple[str, ...], change: Change) -> None:
    def in_png(rng: random.Random) -> Pair:
        sort, seed = rng.choice(sorts), rng.getrandbits(30)
        dpi = rng.choice((72, 100))
        before, after = (png(figure(sort, seed, one, dpi=dpi)) for one in (None, change))
        return Pair(recorded=[picture(before)], rerun=[picture(after)])

    def in_svg(rng: random.Random) -> Pair:
        sort, seed = rng.choice(sorts), rng.getrandbits(30)
        fonts = rng.choice(("path", "none"))
        before, after = (
            svg(figure(sort, seed, one), salt, **{"svg.fonttype": fonts})
            for one, salt in ((None, "a"), (change, "b"))
        )
        return Pair(
            recorded=[bundle({"image/svg+xml": before})], rerun=[bundle({"image/svg+xml": after})]
        )

    kind("PNG", name, in_png, is_real=True)
    kind("SVG", name, in_svg, is_real=True)


for _name, (_sorts, _change) in REAL.items():
    _add(_name, _sorts, _change)
