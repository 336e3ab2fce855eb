# ruff: noqa: E501 -- documents stand here as libraries write them
"""SVG drawings written by other versions and hands, and changed within."""

import random
import re
from collections.abc import Callable

from single_changes.drawn import SORTS, figure, svg
from single_changes.kinds import Pair, benign, kind, pair_of, real, replaced

MIME = "image/svg+xml"
GRAPH = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg width="120pt" height="116pt" viewBox="0.00 0.00 120.00 116.00" xmlns="http://www.w3.org/2000/svg">
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 112)">
<title>%3</title>
<polygon fill="white" stroke="transparent" points="-4,4 -4,-112 116,-112 116,4 -4,4"/>
<g id="node1" class="node"><title>a</title>
<ellipse fill="none" stroke="black" cx="27" cy="-90" rx="27" ry="18"/>
<text text-anchor="middle" x="27" y="-86.3" font-family="Times,serif" font-size="14.00">tide</text></g>
<g id="edge1" class="edge"><title>a-&gt;b</title>
<path fill="none" stroke="black" d="M27,-71.7C27,-63.98 27,-54.71 27,-46.11"/>
<polygon fill="black" stroke="black" points="30.5,-46.1 27,-36.1 23.5,-46.1 30.5,-46.1"/></g>
</g></svg>"""
"""As Graphviz writes it."""
CHART = """<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="240" height="160" viewBox="0 0 240 160">
<style>.area { fill: #4c78a8; } .rule { stroke: #888 }</style>
<defs><clipPath id="clip7"><rect x="0" y="0" width="200" height="140"/></clipPath>
<linearGradient id="gradient_0"><stop offset="0.1" stop-color="#440154"/><stop offset="0.9" stop-color="#fde725"/></linearGradient></defs>
<g clip-path="url(#clip7)" transform="translate(20,10)">
<path class="area" d="M0,120L50.5,80.25L100,95.125L150.75,40.5L200,60Z" fill-opacity="0.7"/>
<rect x="10" y="20" width="24" height="60" style="fill: url(#gradient_0); stroke-width: 1.5"/>
<path class="rule" d="M0 0h200v0.5H0Z" opacity="0.9"/>
<text x="4" y="12">level <tspan dy="4">max</tspan> in m</text>
<image x="3" y="3" width="20" height="20" href="a.png"/></g></svg>"""
"""As browsers' libraries write it."""
UNIT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="300" height="300">
<path d="M0.1,0.2L0.5,0.8L0.9,0.3" stroke="black" fill="none" stroke-width="0.01"/>
<circle cx="0.5" cy="0.5" r="0.05"/></svg>"""
"""In units of its own: the whole drawing is one unit wide, as shapely writes it."""


def plot(rng: random.Random) -> str:
    fonts = rng.choice(("path", "none"))
    return svg(
        figure(rng.choice(sorted(SORTS)), rng.getrandbits(30)), "a", **{"svg.fonttype": fonts}
    )


def _renamed(text: str, _: random.Random) -> str:
    return re.sub(r'(id="|#)(clip|gradient_|p)([0-9a-z]+)', r"\1\2z\3", text)


def _dated(text: str, _: random.Random) -> str:
    text = re.sub(r"<dc:date>.*?</dc:date>", "<dc:date>2031-01-01T00:00:00</dc:date>", text)
    return re.sub(r"<!-- Created|Matplotlib v3\.\d+\.\d+", "Matplotlib v3.1.0", text)


def _drifted(text: str, _: random.Random) -> str:
    def move(match: re.Match[str]) -> str:
        return f"{float(match.group()) + 0.001:.6f}"

    return re.sub(r"(?<=[ ,MLC])-?\d+\.\d+(?=[ ,LCZz\"])", move, text)


def _older_style(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=: )|(?<=;) ", "", text).replace(": ", ":")


def _spaced(text: str, _: random.Random) -> str:
    return re.sub(r">\s*\n\s*<", "><", text)


def _longer(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=[ ,MLC])(-?\d+\.\d+)(?=[ ,LCZz\"])", r"\g<1>00", text)


def _spelled(text: str, _: random.Random) -> str:
    return re.sub(r"#[0-9a-f]{6}", lambda one: one.group().upper(), text)


def _linked(text: str, _: random.Random) -> str:
    return text.replace("xlink:href", "href")


BENIGN: dict[str, tuple[str, Callable[[str, random.Random], str]]] = {
    "other names of clip paths": ("plot", _renamed),
    "date and version": ("plot", _dated),
    "coordinates off by a thousandth": ("plot", _drifted),
    "style without blanks": ("plot", _older_style),
    "other white space": ("plot", _spaced),
    "more digits": ("plot", _longer),
    "colours in capital letters": ("plot", _spelled),
    "href without its prefix": ("plot", _linked),
    "other names of gradients": ("chart", _renamed),
    "coordinates of a chart off by a thousandth": ("chart", _drifted),
    "blanks instead of commas in a path": (
        "chart",
        lambda one, _: replaced(
            one, "M0,120L50.5,80.25L100,95.125", "M 0 120 L 50.5 80.25 L 100 95.125"
        ),
    ),
    "a colour by its name": ("graph", lambda one, _: one.replace("black", "#000000")),
    "no outline, transparent before": (
        "graph",
        lambda one, _: replaced(one, 'stroke="transparent"', 'stroke="none"'),
    ),
    "another size of Graphviz's page": (
        "graph",
        lambda one, _: replaced(one, 'width="120pt"', 'width="120.25pt"'),
    ),
    "names of groups": (
        "graph",
        lambda one, _: one.replace("node1", "node4").replace("edge1", "edge9"),
    ),
    "attributes in another order": (
        "graph",
        lambda one, _: replaced(one, 'cx="27" cy="-90"', 'cy="-90" cx="27"'),
    ),
    "style in another order": (
        "chart",
        lambda one, _: replaced(
            one,
            "fill: url(#gradient_0); stroke-width: 1.5",
            "stroke-width:1.5;fill:url(#gradient_0);",
        ),
    ),
    "style sheet in another order": (
        "chart",
        lambda one, _: replaced(
            one,
            ".area { fill: #4c78a8; } .rule { stroke: #888 }",
            ".rule{stroke:#888}\n.area{fill:#4c78a8}",
        ),
    ),
    "comments": ("chart", lambda one, _: replaced(one, "<defs>", "<!-- made by x --><defs>")),
    "a declaration": ("chart", lambda one, _: f'<?xml version="1.0" encoding="utf-8"?>\n{one}'),
}
REAL: dict[str, tuple[str, Callable[[str, random.Random], str]]] = {
    "a node moved": ("graph", lambda one, _: replaced(one, 'cx="27"', 'cx="29"')),
    "a word in a node": ("graph", lambda one, _: replaced(one, ">tide<", ">ebb<")),
    "an edge is gone": ("graph", lambda one, _: re.sub(r'(?s)<g id="edge1".*?</g>', "", one)),
    "an edge dashed": (
        "graph",
        lambda one, _: replaced(one, "<path fill", '<path stroke-dasharray="5,2" fill'),
    ),
    "a colour of a node": (
        "graph",
        lambda one, _: replaced(one, '<ellipse fill="none"', '<ellipse fill="red"'),
    ),
    "an arrow the other way": (
        "graph",
        lambda one, _: replaced(one, 'points="30.5,-46.1 27,-36.1', 'points="30.5,-46.1 27,-56.1'),
    ),
    "a corner of a path moved": (
        "chart",
        lambda one, _: replaced(one, "L100,95.125", "L100,92.125"),
    ),
    "a corner of a path moved by one": ("chart", lambda one, _: replaced(one, "M0,120", "M0,119")),
    "opacity": ("chart", lambda one, _: replaced(one, 'opacity="0.7"', 'opacity="0.5"')),
    "an offset of a gradient": (
        "chart",
        lambda one, _: replaced(one, 'offset="0.1"', 'offset="0.3"'),
    ),
    "a colour of a gradient": ("chart", lambda one, _: replaced(one, "#fde725", "#fcfdbf")),
    "a colour in the style sheet": ("chart", lambda one, _: replaced(one, "#4c78a8", "#e45756")),
    "words behind a span": ("chart", lambda one, _: replaced(one, "in m<", "in ft<")),
    "a word in a span": ("chart", lambda one, _: replaced(one, ">max<", ">min<")),
    "a rectangle higher": ("chart", lambda one, _: replaced(one, 'height="60"', 'height="64"')),
    "all moved": ("chart", lambda one, _: replaced(one, "translate(20,10)", "translate(26,10)")),
    "all scaled": ("graph", lambda one, _: replaced(one, "scale(1 1)", "scale(1 1.2)")),
    "a part turned": ("graph", lambda one, _: replaced(one, "rotate(0)", "rotate(5)")),
    "a class of another colour": (
        "chart",
        lambda one, _: replaced(one, 'class="area"', 'class="rule"'),
    ),
    "another picture in it": ("chart", lambda one, _: replaced(one, "a.png", "b.png")),
    "a corner in units of its own": ("unit", lambda one, _: replaced(one, "L0.5,0.8", "L0.5,0.7")),
    "a circle in units of its own": ("unit", lambda one, _: replaced(one, 'r="0.05"', 'r="0.08"')),
    "a wider line in units of its own": (
        "unit",
        lambda one, _: replaced(one, 'width="0.01"', 'width="0.05"'),
    ),
    "another size": ("unit", lambda one, _: replaced(one, 'width="300"', 'width="400"')),
    "another part is shown": (
        "unit",
        lambda one, _: replaced(one, 'viewBox="0 0 1 1"', 'viewBox="0 0 1.2 1"'),
    ),
}


def _add(
    name: str, sort: str, change: Callable[[str, random.Random], str], *, is_real: bool
) -> None:
    def drawing(rng: random.Random) -> tuple[str, str]:
        before = {"graph": GRAPH, "chart": CHART, "unit": UNIT}.get(sort) or plot(rng)
        # The word differs from change to change, so that not all are the same document.
        before = before.replace("</svg>", f"<!-- {rng.random()} --></svg>")
        return before, change(before, rng)

    def alone(rng: random.Random) -> Pair:
        return pair_of(MIME, *drawing(rng))

    def in_html(rng: random.Random) -> Pair:
        before, after = (re.sub(r"(?s)<\?xml.*?\?>|<!DOCTYPE.*?>", "", one) for one in drawing(rng))
        return pair_of("text/html", f"<div>{before}</div>", f"<div>{after}</div>")

    kind("SVG", name, alone, is_real=is_real)
    if sort != "plot" and name != "a declaration":
        kind("SVG in HTML", name, in_html, is_real=is_real)


for _name, (_sort, _change) in BENIGN.items():
    _add(_name, _sort, _change, is_real=False)
for _name, (_sort, _change) in REAL.items():
    _add(_name, _sort, _change, is_real=True)


@benign("SVG", "drawn again with other random ids")
def _(rng: random.Random) -> Pair:
    sort, seed = rng.choice(sorted(SORTS)), rng.getrandbits(30)
    return pair_of(MIME, svg(figure(sort, seed), "a"), svg(figure(sort, seed), "b"))


@real("SVG", "the drawing is gone")
def _(rng: random.Random) -> Pair:
    return pair_of(MIME, CHART, '<svg xmlns="http://www.w3.org/2000/svg"></svg>')
