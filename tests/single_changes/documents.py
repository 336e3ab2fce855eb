# ruff: noqa: E501 -- documents stand here as libraries write them
"""LaTeX, Markdown, JSON, HTML of any kind, and errors."""

import copy
import json
import random
from collections.abc import Callable
from html import escape
from typing import Any

import sympy

from single_changes.kinds import Pair, benign, kind, pair_of, real, replaced

x, y = sympy.symbols("x y")
t = sympy.Symbol("tau", positive=True)


def formula(rng: random.Random) -> str:
    """Return a formula as sympy shows it in a notebook."""
    a, b, c = (rng.randint(2, 9) for _ in "abc")
    made = (
        sympy.Integral(a * x**3 - b * sympy.sqrt(y) / (x + c), (x, 0, 1))
        + sympy.Rational(a, 11) * sympy.sin(t)
        + sympy.Float(rng.uniform(1, 9), 8)
    )
    matrix = sympy.latex(sympy.Matrix([[a, x], [y**2, 0.25]]))
    return f"$\\displaystyle {sympy.latex(made)} + {matrix} A_{{i,j}}$"


NOTE = """# Levels of {year}

The **mean** is {mean} m at `Kiel`, see [the data](https://example.org/{year}/a.csv).

| site | level |
|------|------:|
| Kiel | {mean} |
| Oban | 2.25 |

- high water at 12:30
- model $y = a x^2$
"""


def note(rng: random.Random) -> str:
    return NOTE.format(year=rng.randint(1990, 2024), mean=f"{rng.uniform(1, 9):.3f}")


def value(rng: random.Random) -> dict[str, Any]:
    return {
        "model": {"name": "tide", "converged": True, "steps": rng.randint(10, 99), "uid": "k1"},
        "levels": [round(rng.uniform(1, 9), 4) for _ in range(12)],
        "sites": ["Kiel", "Oban", None],
        "md5": f"{rng.getrandbits(128):032x}",
        "template": "monthly",
        "layer": "layer_100",
        "none": None,
        "big": 2**60,
    }


PAGE = """<div class="summary" id="s-{name}"><h3>Model of {year}</h3>
<p>The mean is <b>{mean}</b> m; see <a href="https://example.org/p1.html">the page</a>.</p>
<ul><li>ash</li><li>oak <span style="color: red">high</span></li></ul>
<dl><dt>slope</dt><dd>0.25</dd></dl><pre>a = {mean}
b = 2.5</pre><input type="checkbox" checked><progress value="30" max="100"></progress>
<img src="plot_1.png" alt="levels"><select><option selected>Kiel</option><option>Oban</option></select>
<p>before<br>after x<sup>2</sup></p></div>"""

SKLEARN = """<style>#sk-container-id-{number} {{color: black;}}</style><div id="sk-container-id-{number}" class="sk-top-container"><div class="sk-text-repr-fallback"><pre>Ridge(alpha={alpha})</pre><b>In a Jupyter environment, please rerun this cell to show the HTML representation or trust the notebook. <br />On GitHub, the HTML representation is unable to render, please try loading this page with nbviewer.org.</b></div><div class="sk-container" hidden><div class="sk-item"><div class="sk-estimator sk-toggleable"><input class="sk-toggleable__control sk-hidden--visually" id="sk-estimator-id-{number}" type="checkbox" checked><label for="sk-estimator-id-{number}" class="sk-toggleable__label">Ridge{link}</label><div class="sk-toggleable__content"><pre>Ridge(alpha={alpha})</pre></div></div></div></div></div>"""
LINK = '<a class="sk-estimator-doc-link fitted" rel="noreferrer" target="_blank" href="https://scikit-learn.org/1.5/modules/Ridge.html">?<span>Documentation for Ridge</span></a><span class="sk-estimator-doc-link fitted">i<span>Fitted</span></span>'


def page(rng: random.Random) -> str:
    year, mean = rng.randint(1990, 2024), f"{rng.uniform(1, 9):.3f}"
    return PAGE.format(name=f"{rng.getrandbits(128):032x}", year=year, mean=mean)


def estimator(rng: random.Random, number: int, alpha: str = "0.5", link: str = "") -> str:
    return SKLEARN.format(number=number, alpha=alpha, link=link)


Texts = dict[str, Callable[[str], str]]


def _swap(before: str, after: str) -> Callable[[str], str]:
    return lambda text: replaced(text, before, after)


LATEX_BENIGN: Texts = {
    "without \\displaystyle": _swap("\\displaystyle ", ""),
    "between double dollars": lambda text: f"${text}$",
    "other blanks": lambda text: text.replace(" + ", "  +  "),
    "no thin blank": _swap("\\, dx", "dx"),
    "brackets of another size": lambda text: text.replace("\\left[", "[").replace("\\right]", "]"),
    "a power without braces": _swap("x^{3}", "x^3"),
}
LATEX_REAL: Texts = {
    "another sign": _swap(" - ", " + "),
    "another power": _swap("x^{3}", "x^{4}"),
    "another name": _swap("\\tau", "\\theta"),
    "another function": _swap("\\sin", "\\cos"),
    "another denominator": _swap("}{11}", "}{13}"),
    "another bound": _swap("\\int\\limits_{0}^{1}", "\\int\\limits_{0}^{2}"),
    "no root": _swap("\\sqrt{y}", "y"),
    "indices swapped": _swap("A_{i,j}", "A_{j,i}"),
    "a field of a matrix": _swap("0.25", "0.26"),
    "fields of a matrix swapped": _swap("x\\\\y^{2}", "y^{2}\\\\x"),
}
MARKDOWN_BENIGN: Texts = {
    "wider columns": lambda text: text.replace("| Kiel |", "|   Kiel   |"),
    "longer rulers": _swap("|------|", "|----------|"),
    "more empty lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
}
MARKDOWN_REAL: Texts = {
    "another number": _swap("2.25", "2.26"),
    "another word": _swap("high water", "low water"),
    "another heading": _swap("# Levels", "# Depths"),
    "another link": _swap("a.csv", "b.csv"),
    "a row is gone": _swap("| Oban | 2.25 |\n", ""),
    "an item is gone": _swap("- high water at 12:30\n", ""),
    "another hour": _swap("12:30", "13:30"),
    "another power": _swap("x^2", "x^3"),
}
HTML_BENIGN: Texts = {
    "another id": lambda text: text.replace('id="s-', 'id="s-0'),
    "another class": _swap('class="summary"', 'class="summary wide"'),
    "a wrapper": lambda text: f'<div style="overflow:auto">{text}</div>',
    "attributes in another order": _swap(
        'src="plot_1.png" alt="levels"', 'alt="levels" src="plot_1.png"'
    ),
    "other quotes": _swap('class="summary"', "class='summary'"),
    "other blanks": lambda text: text.replace("\n", "\n  ").replace("  a = ", "a = "),
    "an entity": _swap("; see", "&#59; see"),
    "a comment": _swap("<h3>", "<!-- made today --><h3>"),
    "closed tags": _swap("<br>", "<br />"),
    "bold by another tag": lambda text: text.replace("<b>", "<strong>").replace(
        "</b>", "</strong>"
    ),
    "a style sheet": lambda text: f"<style>.summary {{color: black}}</style>{text}",
}
HTML_REAL: Texts = {
    "another word": _swap("ash", "elm"),
    "another number": _swap("0.25", "0.26"),
    "another unit": _swap("</b> m;", "</b> km;"),
    "an item is gone": _swap("<li>ash</li>", ""),
    "another link": _swap("p1.html", "p2.html"),
    "another picture": _swap("plot_1.png", "plot_2.png"),
    "another line of text": _swap("b = 2.5", "b = 3.5"),
    "a mark is not set": _swap(" checked", ""),
    "another progress": _swap('value="30"', 'value="40"'),
    "another choice": _swap(
        "<option selected>Kiel</option><option>", "<option>Kiel</option><option selected>"
    ),
    "another name of a choice": _swap("<option>Oban", "<option>Cork"),
    "words behind a break": _swap("after x", "after y"),
    "a name that looks like an id": _swap("slope", "p95"),
    "another power": _swap("<sup>2</sup>", "<sup>3</sup>"),
    "a power becomes an index": lambda text: text.replace("sup>", "sub>"),
    "power lost": _swap("x<sup>2</sup>", "x2"),
    "another colour": _swap("color: red", "color: green"),
}


def _texts(
    family: str, mime: str, make: Callable[[random.Random], str], changes: Texts, *, is_real: bool
) -> None:
    for name, change in changes.items():

        def pair(rng: random.Random, change: Callable[[str], str] = change) -> Pair:
            before = make(rng)
            return pair_of(mime, before, change(before))

        kind(family, name, pair, is_real=is_real)


_texts("LaTeX", "text/latex", formula, LATEX_BENIGN, is_real=False)
_texts("LaTeX", "text/latex", formula, LATEX_REAL, is_real=True)
_texts("Markdown", "text/markdown", note, MARKDOWN_BENIGN, is_real=False)
_texts("Markdown", "text/markdown", note, MARKDOWN_REAL, is_real=True)
_texts("HTML", "text/html", page, HTML_BENIGN, is_real=False)
_texts("HTML", "text/html", page, HTML_REAL, is_real=True)

JSON_BENIGN: dict[str, Callable[[dict[str, Any]], object]] = {
    "last digits": lambda one: one.update(levels=[v * (1 + 1e-12) for v in one["levels"]]),
    "whole numbers as floats": lambda one: one["model"].update(steps=float(one["model"]["steps"])),
    "keys in another order": lambda one: (
        one.update(levels=one.pop("levels")) or one.update(model=one.pop("model"))
    ),
}
JSON_REAL: dict[str, Callable[[dict[str, Any]], object]] = {
    "a number": lambda one: one["levels"].__setitem__(4, one["levels"][4] + 0.01),
    "a whole number": lambda one: one["model"].update(steps=one["model"]["steps"] + 1),
    "a large whole number": lambda one: one.update(big=one["big"] + 1),
    "a truth value": lambda one: one["model"].update(converged=False),
    "a truth value as a number": lambda one: one["model"].update(converged=1),
    "null instead of a number": lambda one: one["levels"].__setitem__(4, None),
    "a number instead of null": lambda one: one.update(none=0),
    "a word": lambda one: one["sites"].__setitem__(0, "Cork"),
    "a key": lambda one: one.update(depths=one.pop("levels")),
    "a key more": lambda one: one.update(more=1),
    "a key is gone": lambda one: one.pop("sites"),
    "an item is gone": lambda one: one["levels"].pop(),
    "two items swapped": lambda one: one["levels"].insert(0, one["levels"].pop(1)),
    "a checksum": lambda one: one.update(md5="0" * 31 + "1"),
    "a value called template": lambda one: one.update(template="yearly"),
    "a value called uid": lambda one: one["model"].update(uid="k2"),
    "a word that looks like an id": lambda one: one.update(layer="layer_200"),
    "a sign": lambda one: one["levels"].__setitem__(2, -one["levels"][2]),
}


def _json(name: str, change: Callable[[dict[str, Any]], object], *, is_real: bool) -> None:
    def pair(rng: random.Random) -> Pair:
        before = value(rng)
        after = copy.deepcopy(before)
        change(after)
        if name == "keys in another order":
            assert json.dumps(before) != json.dumps(after)
        return pair_of("application/json", before, after)

    kind("JSON", name, pair, is_real=is_real)


for _name, _change in JSON_BENIGN.items():
    _json(_name, _change, is_real=False)
for _name, _change in JSON_REAL.items():
    _json(_name, _change, is_real=True)


@benign("HTML", "a diagram of scikit-learn, numbered anew")
def _(rng: random.Random) -> Pair:
    one, two = rng.sample(range(1, 30), 2)
    return pair_of("text/html", estimator(rng, one), estimator(rng, two))


@benign("HTML", "a diagram of scikit-learn with links to its pages")
def _(rng: random.Random) -> Pair:
    number = rng.randint(1, 30)
    return pair_of("text/html", estimator(rng, number), estimator(rng, number, link=LINK))


def _with_library(version: str, figure: str) -> str:
    library = (
        f"/** plotly.js v{version} */"
        + f"var a{version[0]}=JSON.parse('{{\"v\":{version[0]}}}');" * 12_000
    )
    return (
        f'<script type="text/javascript">{library}</script><div id="g"></div>'
        f'<script>Plotly.newPlot("g", {figure}, {{}})</script>'
    )


@benign("HTML", "a whole plot library of another version")
def _(rng: random.Random) -> Pair:
    figure = json.dumps([{"y": [rng.random() for _ in "abc"]}])
    return pair_of("text/html", _with_library("2.35.2", figure), _with_library("3.0.1", figure))


@real("HTML", "a figure beside a whole plot library")
def _(rng: random.Random) -> Pair:
    figures = [json.dumps([{"y": [rng.random() for _ in "abc"]}]) for _ in "ab"]
    return pair_of("text/html", *(_with_library("2.35.2", figure) for figure in figures))


def _map(rng: random.Random, name: str, place: float) -> str:
    """Return a map as folium writes it: a page within a frame, ids of 32 digits."""
    inner = (
        f'<div class="folium-map" id="map_{name}"></div><script>var map_{name} = L.map("map_{name}",'
        f" {{center: [{place}, 10.13], zoom: 8}}); var marker_{name} = L.marker([{place}, 10.13])"
        f'.addTo(map_{name}); marker_{name}.bindPopup("Kiel");</script>'
    )
    return f'<iframe srcdoc="{escape(inner)}" style="width: 100%"></iframe>'


@benign("HTML", "names in a map of folium")
def _(rng: random.Random) -> Pair:
    place = round(rng.uniform(40, 60), 3)
    return pair_of("text/html", *(_map(rng, f"{rng.getrandbits(128):032x}", place) for _ in "ab"))


@real("HTML", "a place in a map of folium")
def _(rng: random.Random) -> Pair:
    places = round(rng.uniform(40, 60), 3), round(rng.uniform(40, 60), 3)
    return pair_of("text/html", *(_map(rng, f"{rng.getrandbits(128):032x}", one) for one in places))


@benign("HTML", "names in a figure of mpld3")
def _(rng: random.Random) -> Pair:
    data = json.dumps({"data01": [[rng.random(), 2.5]], "width": 432})
    pages = [
        f'<div id="fig_el{number}"></div><script>mpld3_load_lib("d3", function(){{'
        f'mpld3.draw_figure("fig_el{number}", {data});}});</script>'
        for number in (rng.getrandbits(60) for _ in "ab")
    ]
    return pair_of("text/html", *pages)


def _setting(rng: random.Random) -> Pair:
    before, after = (estimator(rng, rng.randint(1, 30), alpha) for alpha in ("0.5", "0.6"))
    return pair_of("text/html", before, after)


kind("HTML", "a setting in a diagram of scikit-learn", _setting, is_real=True)
