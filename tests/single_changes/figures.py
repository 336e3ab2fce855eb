"""Interactive figures: plotly, Vega (altair) and Bokeh, in JSON and in HTML."""

import base64
import copy
import json
import random
from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from single_changes.kinds import Pair, benign, kind, pair_of, real, replaced

PLOTLY = "application/vnd.plotly.v1+json"
VEGA = "application/vnd.vegalite.v5+json"
Document = dict[str, Any]
Change = Callable[[Document, random.Random], None]


def plotly(rng: random.Random) -> Document:
    """Return a figure as plotly 6 writes it: typed arrays in base64."""
    rows = np.random.default_rng(rng.getrandbits(32))
    made = go.Figure(layout={"title": {"text": "Levels"}, "xaxis": {"title": {"text": "day"}}})
    made.add_scatter(x=np.arange(12.0), y=rows.normal(3, 1, 12), name="Kiel", mode="lines")
    made.add_bar(x=list("abcde"), y=[round(v, 3) for v in rows.uniform(1, 9, 5)], name="Oban")
    made.add_heatmap(z=rows.normal(0, 1, (3, 4)), colorscale="Viridis", name="map")
    made.add_scatter(
        x=pd.date_range("2019-05-12", periods=4), y=[1.5, 2.5, float("nan"), 4.5], name="Cork"
    )
    document: Document = json.loads(made.to_json())
    document["config"] = {"plotlyServerURL": "https://plot.ly"}
    return document


def array_of(content: object) -> Any:
    """Return a typed array of plotly as numbers, shaped."""
    assert isinstance(content, dict)
    array = np.frombuffer(base64.b64decode(content["bdata"]), dtype="<" + content["dtype"])
    if "shape" in content:
        array = array.reshape([int(size) for size in str(content["shape"]).split(",")])
    return array.copy()


def typed(array: Any) -> Document:
    kind_of = f"{array.dtype.kind}{array.dtype.itemsize}"
    found = {"dtype": kind_of, "bdata": base64.b64encode(array.tobytes()).decode()}
    return found | ({"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {})


def in_lists(value: Any) -> Any:
    """Return a figure as plotly 5 wrote it: lists instead of typed arrays, null for NaN."""
    if isinstance(value, dict) and "bdata" in value:
        return json.loads(pd.Series([array_of(value).tolist()]).to_json(double_precision=15))["0"]
    if isinstance(value, dict):
        return {key: in_lists(one) for key, one in value.items()}
    return [in_lists(one) for one in value] if isinstance(value, list) else value


def vega(rng: random.Random) -> Document:
    """Return a chart as altair 6 writes it."""
    rows = np.random.default_rng(rng.getrandbits(32))
    table = pd.DataFrame(
        {"day": range(8), "level": rows.normal(3, 1, 8).round(4), "site": list("aabbccdd")}
    )
    chart = alt.Chart(table, title="Levels").mark_line(point=True)
    made = chart.encode(x="day", y=alt.Y("level", title="level (m)"), color="site")
    document: Document = made.add_params(alt.selection_interval()).to_dict()
    return document


def records(document: Document) -> list[Document]:
    found: list[Document] = next(iter(document["datasets"].values()))
    return found


def rename_data(document: Document, rng: random.Random) -> None:
    """Give the data another name, as happens when their hash changes."""
    name = f"data-{rng.getrandbits(128):032x}"
    document["datasets"] = {name: records(document)}
    document["data"]["name"] = name


def _drift(document: Document, rng: random.Random) -> None:
    trace = document["data"][0]
    trace["y"] = typed(array_of(trace["y"]) * (1 + 1e-12))


def _float32(document: Document, rng: random.Random) -> None:
    trace = document["data"][0]
    trace["y"] = typed(array_of(trace["y"]).astype("f4"))


def _short_integers(document: Document, _: random.Random) -> None:
    trace = document["data"][0]
    trace["x"] = typed(array_of(trace["x"]).astype("i1"))


def _nanoseconds(document: Document, _: random.Random) -> None:
    trace = document["data"][3]
    trace["x"] = [f"{str(one)[:19]}.000000000" for one in trace["x"]]


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(one) for one in value] if isinstance(value, list) else value


def _uids(document: Document, rng: random.Random) -> None:
    for trace in document["data"]:
        trace["uid"] = f"{rng.getrandbits(128):032x}"


PLOTLY_BENIGN: dict[str, Change] = {
    "last digits of a typed array": _drift,
    "a typed array of 32 bits": _float32,
    "whole numbers in one byte": _short_integers,
    "dates with nanoseconds": _nanoseconds,
    "another template": lambda one, _: one["layout"].update(
        template={"layout": {"margin": {"t": 1}}}
    ),
    "the server's address": lambda one, _: one["config"].update(plotlyServerURL="https://chart"),
    "random uids": _uids,
}
VEGA_BENIGN: dict[str, Change] = {
    "another name of the data": rename_data,
    "another version of the schema": lambda one, _: one.update(
        {"$schema": "https://vega.github.io/schema/vega-lite/v5.8.0.json"}
    ),
    "the mark as a word": lambda one, _: one["mark"].pop("point") and None,
    "last digits": lambda one, _: (
        [row.update(level=row["level"] * (1 + 1e-12)) for row in records(one)] and None
    ),
    "whole numbers as floats": lambda one, _: (
        [row.update(day=float(row["day"])) for row in records(one)] and None
    ),
    "other numbers of parameters": lambda one, _: one["params"][0].update(name="param_77"),
}


def _put(trace: int, key: str, change: Callable[[Any], Any]) -> Change:
    def put(document: Document, rng: random.Random) -> None:
        content = document["data"][trace][key]
        if isinstance(content, dict):
            array = array_of(content)
            place = rng.randrange(array.size)
            array.flat[place] = change(array.flat[place])
            document["data"][trace][key] = typed(array)
        else:
            place = rng.randrange(2)
            content[place] = change(content[place])

    return put


PLOTLY_REAL: dict[str, Change] = {
    "a point of a typed array moved by 1 %": _put(0, "y", lambda value: value * 1.01),
    "a sign in a typed array": _put(0, "y", lambda value: -value),
    "NaN in a typed array": _put(0, "y", lambda _: np.nan),
    "a point moved along": _put(0, "x", lambda value: value + 0.5),
    "one bar higher": _put(1, "y", lambda value: value * 1.02),
    "a name of a bar": _put(1, "x", lambda _: "z"),
    "a field of a map": _put(2, "z", lambda value: value + 0.1),
    "a date": _put(3, "x", lambda _: "2019-05-11T00:00:00"),
    "a map transposed": lambda one, _: one["data"][2].update(
        z=typed(array_of(one["data"][2]["z"]).T.copy())
    ),
    "a map of another shape": lambda one, _: one["data"][2].update(
        z=typed(array_of(one["data"][2]["z"]).reshape(4, 3))
    ),
    "a trace is gone": lambda one, _: one["data"].pop(),
    "two traces in another order": lambda one, _: one["data"].insert(0, one["data"].pop(1)),
    "a trace more": lambda one, _: one["data"].append({"type": "scatter", "y": [1, 2]}),
    "a name of a trace": lambda one, _: one["data"][0].update(name="Cork"),
    "another kind of trace": lambda one, _: one["data"][1].update(type="scatter"),
    "lines become markers": lambda one, _: one["data"][0].update(mode="markers"),
    "another colour": lambda one, _: one["data"][0].update(line={"color": "red"}),
    "another scale of colours": lambda one, _: one["data"][2]["colorscale"][0].__setitem__(
        1, "#000004"
    ),
    "another title": lambda one, _: one["layout"]["title"].update(text="Depths"),
    "another title of an axis": lambda one, _: one["layout"]["xaxis"]["title"].update(text="week"),
    "a logarithmic axis": lambda one, _: one["layout"].update(yaxis={"type": "log"}),
    "no legend": lambda one, _: one["layout"].update(showlegend=False),
}
VEGA_REAL: dict[str, Change] = {
    "a point moved by 1 %": lambda one, _: records(one)[3].update(
        level=records(one)[3]["level"] * 1.01
    ),
    "a point is missing": lambda one, _: records(one)[3].update(level=None),
    "a row of the data is gone": lambda one, _: records(one).pop(),
    "a name in the data": lambda one, _: records(one)[2].update(site="e"),
    "another mark": lambda one, _: one["mark"].update(type="bar"),
    "a logarithmic axis": lambda one, _: one["encoding"]["y"].update(scale={"type": "log"}),
    "another field on an axis": lambda one, _: one["encoding"]["x"].update(field="level"),
    "another sum": lambda one, _: one["encoding"]["y"].update(aggregate="mean"),
    "another title": lambda one, _: one.update(title="Depths"),
    "another title of an axis": lambda one, _: one["encoding"]["y"].update(title="level (ft)"),
    "another scale of colours": lambda one, _: one["encoding"]["color"].update(
        scale={"scheme": "magma"}
    ),
    "no colours": lambda one, _: one["encoding"].pop("color"),
}


def plotly_page(document: Document, name: str) -> str:
    """Return a figure as plotly writes it into a page."""
    parts = ", ".join(json.dumps(document[key]) for key in ("data", "layout", "config"))
    return (
        f'<div>            <div id="{name}" class="plotly-graph-div" style="height:525px;"></div>'
        f'<script type="text/javascript">window.PLOTLYENV=window.PLOTLYENV || {{}};'
        f'if (document.getElementById("{name}")) {{ Plotly.newPlot( "{name}", {parts} ) }};'
        "</script></div>"
    )


def vega_page(document: Document, name: str, version: str = "6.4.1") -> str:
    """Return a chart as altair writes it into a page (shortened)."""
    return (
        f'<style>#altair-viz-{name}.vega-embed {{width: 100%;}}</style><div id="altair-viz-{name}">'
        '</div><script type="text/javascript">(function(spec, embedOpt){\n'
        f'let outputDiv = document.getElementById("altair-viz-{name}");\n'
        f'const paths = {{"vega-lite": "https://cdn.jsdelivr.net/npm/vega-lite@{version}?noext"}};\n'
        "function displayChart(vegaEmbed) { vegaEmbed(outputDiv, spec, embedOpt); }\n"
        f'maybeLoadScript("vega-lite", "{version}").then(() => displayChart(vegaEmbed));\n'
        f'}})({json.dumps(document)}, {{"mode": "vega-lite"}});</script>'
    )


def _add(family: str, mime: str, name: str, change: Change, *, is_real: bool) -> None:
    draw = plotly if family == "plotly" else vega

    def in_json(rng: random.Random) -> Pair:
        before = draw(rng)
        if name == "the mark as a word":
            before["mark"] = {"type": "line"}
            return pair_of(mime, before, before | {"mark": "line"})
        after = copy.deepcopy(before)
        change(after, rng)
        return pair_of(mime, before, after)

    def in_html(rng: random.Random) -> Pair:
        pair = in_json(rng)
        page = plotly_page if family == "plotly" else vega_page
        names = [f"{rng.getrandbits(128):032x}" for _ in "ab"]
        before, after = (one["data"][mime] for one in (pair.recorded[0], pair.rerun[0]))
        return pair_of("text/html", page(before, names[0]), page(after, names[1]))

    kind(family, name, in_json, is_real=is_real)
    kind(f"{family} in HTML", name, in_html, is_real=is_real)


for _family, _mime, _changes, _is_real in (
    ("plotly", PLOTLY, PLOTLY_BENIGN, False),
    ("plotly", PLOTLY, PLOTLY_REAL, True),
    ("Vega", VEGA, VEGA_BENIGN, False),
    ("Vega", VEGA, VEGA_REAL, True),
):
    for _name, _change in _changes.items():
        _add(_family, _mime, _name, _change, is_real=_is_real)


@benign("plotly", "lists instead of typed arrays")
def _(rng: random.Random) -> Pair:
    before = plotly(rng)
    return pair_of(PLOTLY, in_lists(before), before)


@benign("plotly", "keys in another order")
def _(rng: random.Random) -> Pair:
    before = plotly(rng)
    return pair_of(PLOTLY, before, _reversed(before))


@benign("plotly", "null instead of NaN")
def _(rng: random.Random) -> Pair:
    before = in_lists(plotly(rng))
    after = copy.deepcopy(before)
    before["data"][0]["y"][3], after["data"][0]["y"][3] = None, float("nan")
    return pair_of(PLOTLY, before, after)


@benign("Vega", "keys in another order")
def _(rng: random.Random) -> Pair:
    before = vega(rng)
    return pair_of(VEGA, before, _reversed(before))


@benign("Vega in HTML", "another version of the library")
def _(rng: random.Random) -> Pair:
    before, name = vega(rng), f"{rng.getrandbits(128):032x}"
    return pair_of("text/html", vega_page(before, name), vega_page(before, name, "5.20.1"))


@real("plotly", "lists instead of typed arrays, and one point moved")
def _(rng: random.Random) -> Pair:
    before = plotly(rng)
    after = in_lists(before)
    after["data"][2]["z"][1][1] += 0.05
    return pair_of(PLOTLY, before, after)


@real("plotly in HTML", "a name of a category that looks like an id")
def _(rng: random.Random) -> Pair:
    before = replaced(plotly_page(plotly(rng), "a" * 32), '"Kiel"', '"p50"')
    return pair_of("text/html", before, replaced(before, '"p50"', '"p95"'))


@real("Vega", "a name in the data that looks like an id")
def _(rng: random.Random) -> Pair:
    before = vega(rng)
    records(before)[2]["site"] = "layer_100"
    after = copy.deepcopy(before)
    records(after)[2]["site"] = "layer_200"
    return pair_of(VEGA, before, after)
