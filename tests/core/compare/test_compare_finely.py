"""What single changes showed to be judged wrongly, each held by the comparer that was mended."""

import base64
import gzip
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recrate.compare.dialects import BOKEH, PLAIN, PLOTLY, VEGA, Dialect
from recrate.compare.images import compare_images
from recrate.compare.latex import compare_latex
from recrate.compare.markup import compare_html
from recrate.compare.outcome import Terms
from recrate.compare.scripts import compare_scripts
from recrate.compare.structures import compare_structures
from recrate.compare.text import compare_text
from recrate.compare.vector import compare_svg

TERMS = Terms()
FOUND = [
    ("{'ash': 'low', 'oak': 'high'}", "{'ash': 'high', 'oak': 'low'}"),
    ("speed 3.2 m/s, level 5", "speed 4.2 m/s, level 5"),
    ("| ash | 45% | 3.5 |", "| ash | 45% | 4.5 |"),
    ("eta 5: 0.34", "eta 5: 0.43"),
    ("          beta  0.25", "          beta  0.35"),
    ("████████████ 12 ash", "████████ 8 ash"),
    ("Poisson process 12", "Poisson process 13"),
    ("timestamp    2019-05-12 03:00:00", "timestamp    2019-05-13 03:00:00"),
    ("T_{i,j}", "T_{j,i}"),
    ("<Quantity(1.5, 'meter')>", 'Quantity(1.5, "foot")'),
]
HELD = [
    ("{('b', 1), ('a', 2)}", "{('a', 2), ('b', 1)}"),
    ("frozenset({1, 2, 3})", "frozenset({3, 1, 2})"),
    ("[np.True_, np.False_]", "[True, False]"),
    ("[(1.5+2j), 2j, 0.5]", "[np.complex128(1.5+2j), np.complex128(2j), np.float64(0.5)]"),
    ("OrderedDict([('a', [5, 6])])", "OrderedDict({'a': [5, 6]})"),
    ("<Quantity(1.5, 'meter / second')>", 'Quantity(np.float64(1.5), "meter / second")'),
    ("(<Unit('meter')>, 2)", '(Unit("meter"), 2)'),
    ("<class 'pandas.core.frame.DataFrame'>", "<class 'pandas.DataFrame'>"),
    ("memory usage: 1.2+ KB", "memory usage: 968.0+ bytes"),
    ("   a  b  \\\n7  1  2   \n\n   c\n7  3", "   a  b  c\n7  1  2  3"),
    (
        "<xarray.DataArray 'x' (day: 3)>\n  * day  (day) int64 1 2 3",
        "<xarray.DataArray 'x' (day: 3)> Size: 24B\n  * day  (day) int64 24B 1 2 3",
    ),
]


@pytest.mark.parametrize(("before", "after"), FOUND)
def test_a_text_that_says_something_else_is_different(before: str, after: str) -> None:
    assert not compare_text(before, after, TERMS).holds


@pytest.mark.parametrize(("before", "after"), HELD)
def test_a_text_that_says_the_same_holds(before: str, after: str) -> None:
    assert compare_text(before, after, TERMS).holds


def packed(values: list[float], shape: list[int]) -> dict[str, Any]:
    content = gzip.compress(np.asarray(values, dtype="f8").tobytes())
    data = base64.b64encode(content).decode()
    array = {"type": "bytes", "data": data}
    return {"type": "ndarray", "array": array, "shape": shape, "dtype": "float64"}


def typed(values: list[float], shape: str) -> dict[str, Any]:
    data = base64.b64encode(np.asarray(values, dtype="f8").tobytes()).decode()
    return {"dtype": "f8", "bdata": data, "shape": shape}


@pytest.mark.parametrize(
    ("dialect", "before", "after", "holds"),
    [
        (PLAIN, {"template": "a"}, {"template": "b"}, False),
        (PLAIN, {"layer": "layer_100"}, {"layer": "layer_200"}, False),
        (PLAIN, {"md5": "0" * 32}, {"md5": "1" * 32}, False),
        (PLAIN, {"a": None}, {"a": float("nan")}, False),
        (PLOTLY, {"z": [[1, 2], [3, 4]]}, {"z": typed([1, 2, 3, 4], "2, 2")}, True),
        (PLOTLY, {"z": typed([1, 2, 3, 4], "1, 4")}, {"z": typed([1, 2, 3, 4], "4, 1")}, False),
        (PLOTLY, {"y": [1, None]}, {"y": [1, float("nan")]}, True),
        (PLOTLY, {"y": [1, None]}, {"y": [1, 0]}, False),
        (VEGA, {"mark": "line", "encoding": {}}, {"mark": {"type": "line"}, "encoding": {}}, True),
        (
            VEGA,
            {"datasets": {"d": [{"s": "view_1"}]}},
            {"datasets": {"d": [{"s": "view_2"}]}},
            False,
        ),
        (VEGA, [{"name": "view_1"}, {"name": "view_2"}], [{"name": "view_3"}] * 2, False),
        (BOKEH, {"y": packed([1, 2], [2])}, {"y": packed([1, 2 + 1e-12], [2])}, True),
        (BOKEH, {"y": packed([1, 2], [2])}, {"y": packed([1, 2.1], [2])}, False),
        (BOKEH, [{"id": "p1001"}, {"id": "p1002"}], [{"id": "p2001"}, {"id": "p2002"}], True),
        (BOKEH, [{"id": "p1001"}, {"id": "p1001"}], [{"id": "p2001"}, {"id": "p2002"}], False),
        (BOKEH, {"text": "2019"}, {"text": "2020"}, False),
    ],
)
def test_json_is_read_in_its_library_s_dialect(
    dialect: Dialect, before: object, after: object, holds: bool
) -> None:
    assert compare_structures(before, after, TERMS, dialect).holds is holds


def test_a_packed_array_that_claims_gigabytes_is_not_unpacked() -> None:
    bomb = packed([0.0], [1])
    content = gzip.compress(bytes(65 << 20))
    bomb["array"]["data"] = base64.b64encode(content).decode()
    assert BOKEH.opened(bomb) is bomb


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ("<p>p50</p>", "<p>p95</p>", False),
        ("x<sup>2</sup>", "x<sub>2</sub>", False),
        ('<font color="red">a</font>', '<font color="blue">a</font>', False),
        ('<p id="p50">a</p>', '<p id="p95">a</p>', True),
        ('<img src="plot_1.png">', '<img src="plot_2.png">', False),
        ('<input type="checkbox" checked>', '<input type="checkbox">', False),
        ("<option selected>a</option>", "<option>a</option>", False),
        ('<b style="color: red">a</b>', '<b style="color: green">a</b>', False),
        ('<b style="color: red">a</b>', '<b style="color:#F00;">a</b>', True),
        (
            "<table><caption>2019</caption><tr><td>1</table>",
            "<table><caption>2020</caption><tr><td>1</table>",
            False,
        ),
        (
            "<style>#T_aaaaa_row0_col1{color:red}</style><table><tr><td>1</table>",
            "<style>#T_bbbbb_row0_col1{color:blue}</style><table><tr><td>1</table>",
            False,
        ),
        (
            "<table><tr><td>1</table>",
            '<table><tr><td>1</table><button class="colab-df-convert"><svg></svg></button>',
            True,
        ),
    ],
)
def test_html_is_judged_by_what_it_shows(before: str, after: str, holds: bool) -> None:
    assert compare_html(before, after, TERMS).holds is holds


def test_a_script_of_data_is_judged_by_the_data() -> None:
    def script(name: str, level: float) -> list[str]:
        return [f"docs_json = {json.dumps({'roots': [{'id': name, 'level': level}]})};"]

    outcomes = [
        next(iter(compare_scripts(script("p1001", 2.5), script("p1044", level), TERMS)))
        for level in (2.5, 3.5)
    ]
    assert [outcome.holds for outcome in outcomes] == [True, False]


def svg(inside: str, box: str = "0 0 300 200") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        (svg('<path d="M10,20L30,40"/>'), svg('<path d="M 10 20.1 L 30 40"/>'), True),
        (
            svg('<path d="M0,0L0.5,0.8"/>', "0 0 1 1"),
            svg('<path d="M0,0L0.5,0.7"/>', "0 0 1 1"),
            False,
        ),
        (svg('<path d="M0,0" opacity="0.7"/>'), svg('<path d="M0,0" opacity="0.5"/>'), False),
        (svg('<g transform="scale(1)"/>'), svg('<g transform="scale(1.2)"/>'), False),
        (svg("<text>a<tspan>b</tspan>c</text>"), svg("<text>a<tspan>b</tspan>d</text>"), False),
        (svg("<style>.a{fill:red}</style>"), svg("<style>.a{fill:blue}</style>"), False),
        (svg("<style>.a{fill:red}</style>"), svg("<style>.a { fill: #F00 }</style>"), True),
        (svg('<path fill="black"/>'), svg('<path fill="#000000"/>'), True),
    ],
)
def test_a_drawing_is_judged_by_what_is_drawn(before: str, after: str, holds: bool) -> None:
    assert compare_svg(before, after, TERMS).holds is holds


def test_how_a_formula_is_set_does_not_count_but_what_it_says() -> None:
    formula = "$\\displaystyle \\left(x^{2} - 3\\right) A_{i,j}$"
    assert compare_latex(formula, "$$(x^2-3)\\, A_{i,j}$$", TERMS).holds
    assert not compare_latex(formula, formula.replace("i,j", "j,i"), TERMS).holds
    assert not compare_latex(formula, formula.replace("-", "+"), TERMS).holds


def drawn(*, dashed: bool, up: int = 0) -> bytes:
    """Draw a thin slanted line four times too large, and make it small."""
    page = Image.new("RGB", (1200, 800), "white")
    pen = ImageDraw.Draw(page)
    for start in range(100, 1100, 24):
        end = start + (15 if dashed else 24)
        pen.line((start, 700 - start // 2 - up, end, 700 - end // 2 - up), fill="blue", width=6)
    buffer = io.BytesIO()
    page.resize((300, 200), Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_thin_line_that_became_dashed_is_different_and_one_that_moved_a_little_is_not() -> None:
    assert not compare_images(drawn(dashed=False), drawn(dashed=True), 0.001).holds
    assert compare_images(drawn(dashed=False), drawn(dashed=False, up=2), 0.001).holds
