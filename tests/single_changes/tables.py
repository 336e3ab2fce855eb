# ruff: noqa: E501 -- a table of changes is read line by line
"""Data frames as pandas writes them, in HTML and as text."""

import random
import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from single_changes.kinds import Pair, benign, bundle, kind, pair_of, real, replaced

SITES = ["Kiel", "Bergen", "Oban", "Brest", "Sines", "Cork"]


def frame(rng: random.Random) -> pd.DataFrame:
    """Return six rows of names, floats, shares and counts."""
    rows = np.random.default_rng(rng.getrandbits(32))
    return pd.DataFrame(
        {
            "site": SITES,
            "level": rows.normal(30, 10, 6),
            "share": rows.uniform(0.1, 1, 6).round(3),
            "count": rows.integers(20, 900, 6),
        },
        index=pd.Index(range(10, 16), name="day"),
    )


def markup(table: pd.DataFrame) -> str:
    """Return what Jupyter shows of a frame."""
    with pd.option_context("display.show_dimensions", True):
        return str(table._repr_html_())


def _html(name: str, change: Callable[[str, random.Random], str]) -> None:
    def make(rng: random.Random) -> Pair:
        written = markup(frame(rng))
        return pair_of("text/html", written, change(written, rng))

    kind("table", name, make, is_real=False)


def _in_colab(written: str, rng: random.Random) -> str:
    """Return a frame as Google Colab wraps it."""
    name = f"df-{rng.getrandbits(128):032x}"
    icon = '<svg xmlns="http://www.w3.org/2000/svg" height="24px"><path d="M0 0h24v24H0V0z"/></svg>'
    button = (
        f'<button class="colab-df-convert" onclick="convertToInteractive(\'{name}\')" '
        f'title="Convert this dataframe to an interactive table.">{icon}</button>'
    )
    tail = "<style>.colab-df-container{display:flex}</style><script>const a = 'x';</script>"
    return (
        f'<div id="{name}" class="colab-df-container">{written}'
        f'<div class="colab-df-buttons"><div class="colab-df-container">{button}{tail}</div></div></div>'
    )


_html(
    "another style sheet",
    lambda one, _: re.sub(r"(?s)<style.*?</style>", "<style>a{}</style>", one),
)
_html("without a border", lambda one, _: replaced(one, 'border="1" ', ""))
_html("other white space", lambda one, _: re.sub(r"\n\s*", "\n", one))
_html(
    "other order of attributes",
    lambda one, _: replaced(one, 'border="1" class="dataframe"', 'class="dataframe" border="1"'),
)
_html("a wrapper around", lambda one, rng: f'<div id="df-{rng.getrandbits(64):016x}">{one}</div>')
_html(
    "in a scrolling box", lambda one, _: f'<div style="max-height:20em;overflow:auto">{one}</div>'
)
_html("Colab's wrapper and buttons", _in_colab)
_html("capital tags", lambda one, _: one.replace("<td>", "<TD>").replace("</td>", "</TD>"))
_html("entities", lambda one, _: one.replace("×", "&times;"))
_html("aligned headers", lambda one, _: one.replace("<th>", '<th align="right">'))


@benign("table", "last digits")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    other = table.assign(level=table.level * (1 + 1e-9))
    with pd.option_context("display.precision", 12):
        return pair_of("text/html", markup(table), markup(other))


@benign("table", "shown with fewer digits")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    with pd.option_context("display.precision", 8):
        longer = markup(table)
    return pair_of("text/html", longer, markup(table))


@benign("table", "whole numbers as floats")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    return pair_of("text/html", markup(table), markup(table.astype({"count": float})))


@benign("table", "None instead of NaN")
def _(rng: random.Random) -> Pair:
    written = markup(frame(rng).assign(note=[np.nan] * 5 + ["high"]))
    return pair_of("text/html", written, written.replace(">NaN<", ">None<"))


@benign("table", "the columns' types, object and str")
def _(rng: random.Random) -> Pair:
    written = markup(frame(rng).dtypes.astype(str).to_frame("type"))
    return pair_of("text/html", written, replaced(written, ">str<", ">object<"))


def styled(table: pd.DataFrame, name: str, *, high: float | None = None) -> str:
    style = table.style.set_uuid(name).format(precision=3)
    limit = float(table.level.median()) if high is None else high
    marked = style.map(lambda value: f"color: {'red' if value > limit else 'blue'}", subset="level")
    return str(marked.to_html())


@benign("table", "random ids of a styled frame")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    names = [f"{rng.getrandbits(20):05x}" for _ in "ab"]
    return pair_of("text/html", styled(table, names[0]), styled(table, names[1]))


@benign("table", "a styled frame of another version")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    written = styled(table, f"{rng.getrandbits(20):05x}")
    older = re.sub(r"_row(\d+)_col(\d+), #", r"_row\1_col\2,#", written)
    older = older.replace(' class="data row', ' class="data  row').replace("<table", "<table ")
    return pair_of("text/html", written, older)


@benign("table", "text with wider columns")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    return pair_of("text/plain", table.to_string(), table.to_string(col_space=12))


@benign("table", "text of a frame wrapped anew")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    wide = pd.concat([table.add_suffix(f"_{one}") for one in "abc"], axis=1)
    return pair_of("text/plain", wide.to_string(line_width=80), wide.to_string(line_width=120))


@benign("table", "numbers without the HTML")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    both = {"text/html": markup(table), "text/plain": repr(table)}
    only = {"text/plain": repr(table)}
    return Pair(recorded=[bundle(both)], rerun=[bundle(only)])


@benign("table", "what info() says of memory and types")
def _(rng: random.Random) -> Pair:
    count = rng.randint(10, 900)
    before = (
        f"<class 'pandas.core.frame.DataFrame'>\nRangeIndex: {count} entries, 0 to {count - 1}\n"
        "Data columns (total 2 columns):\n #   Column  Non-Null Count  Dtype  \n"
        "---  ------  --------------  -----  \n"
        f" 0   site    {count} non-null      object \n 1   level   {count} non-null      float64\n"
        "dtypes: float64(1), object(1)\nmemory usage: 1.8+ KB\n"
    )
    after = before.replace("pandas.core.frame.DataFrame", "pandas.DataFrame")
    after = after.replace("object ", "str    ").replace("object(1)", "str(1)")
    return pair_of("text/plain", before, after.replace("1.8+ KB", "1.9 KB"))


def _frames(name: str, change: Callable[[pd.DataFrame, random.Random], pd.DataFrame]) -> None:
    def in_html(rng: random.Random) -> Pair:
        table = frame(rng)
        return pair_of("text/html", markup(table), markup(change(table.copy(), rng)))

    def in_text(rng: random.Random) -> Pair:
        table = frame(rng)
        return pair_of("text/plain", repr(table), repr(change(table.copy(), rng)))

    def in_style(rng: random.Random) -> Pair:
        table = frame(rng)
        other = change(table.copy(), rng)
        if "level" not in other:
            other = other.rename(columns={other.columns[1]: "level"}).assign(site="none")
        return pair_of("text/html", styled(table, "aaaaa"), styled(other, "bbbbb"))

    kind("table", name, in_html, is_real=True)
    kind("table as text", name, in_text, is_real=True)
    kind("styled table", name, in_style, is_real=True)


def _put(column: str, change: Callable[..., object]) -> Callable[..., pd.DataFrame]:
    def put(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
        row = rng.choice(list(table.index))
        table[column] = table[column].astype(object)
        table.loc[row, column] = change(table.loc[row, column])
        return table

    return put


def _swapped(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    one, two = rng.sample(list(table.index), 2)
    level = table.level.copy()
    level[one], level[two] = table.level[two], table.level[one]
    return table.assign(level=level)


_frames(
    "a number off by 1 %",
    lambda table, rng: table.assign(
        level=[v * (1.01 if n == 3 else 1) for n, v in enumerate(table.level)]
    ),
)
_frames(
    "a sign",
    lambda table, rng: table.assign(
        level=[v * (-1 if n == 2 else 1) for n, v in enumerate(table.level)]
    ),
)
_frames("a count off by one", _put("count", lambda value: value + 1))
_frames("a share off in the third digit", _put("share", lambda value: round(value - 0.001, 3)))
_frames("another word", _put("site", lambda value: value.upper()))
_frames(
    "a value is missing",
    lambda table, rng: table.assign(level=table.level.where(table.index != 12)),
)
_frames("a row is gone", lambda table, rng: table.drop(index=rng.choice(list(table.index))))
_frames(
    "a row more",
    lambda table, rng: pd.concat([table, table.tail(1).set_axis([16])]).rename_axis("day"),
)
_frames("two values swapped", _swapped)
_frames("two rows swapped", lambda table, _: table.iloc[[1, 0, 2, 3, 4, 5]])
_frames("a column is gone", lambda table, rng: table.drop(columns=rng.choice(["share", "count"])))
_frames("a column is renamed", lambda table, _: table.rename(columns={"share": "part"}))
_frames(
    "names of two columns swapped",
    lambda table, _: table.rename(columns={"share": "count", "count": "share"}),
)
_frames("another index", lambda table, _: table.set_axis(range(11, 17)))
_frames("all values in another unit", lambda table, _: table.assign(level=table.level * 100))


@real("table", "names of quantiles")
def _(rng: random.Random) -> Pair:
    table = frame(rng).rename(columns={"level": "p50", "share": "p5"})
    other = table.rename(columns={"p50": "p95"})
    return pair_of("text/html", markup(table), markup(other))


@real("table", "a checksum in a cell")
def _(rng: random.Random) -> Pair:
    sums = [f"{rng.getrandbits(128):032x}" for _ in "abcdefg"]
    table = frame(rng).assign(md5=sums[:6])
    other = table.assign(md5=[*sums[1:2], *sums[1:6]])
    return pair_of("text/html", markup(table), markup(other))


@real("table", "names of outputs")
def _(rng: random.Random) -> Pair:
    table = frame(rng).assign(file=[f"output_{number}" for number in range(6)])
    other = table.assign(file=[f"output_{number}" for number in (1, *range(1, 6))])
    return pair_of("text/html", markup(table), markup(other))


@real("table", "colours of cells")
def _(rng: random.Random) -> Pair:
    table = frame(rng)
    high = float(table.level.max())
    return pair_of("text/html", styled(table, "aaaaa"), styled(table, "bbbbb", high=high))


@real("table", "the note on its size")
def _(rng: random.Random) -> Pair:
    written = markup(frame(rng))
    return pair_of("text/html", written, replaced(written, "6 rows", "7 rows"))


@real("table", "the caption")
def _(rng: random.Random) -> Pair:
    written = replaced(markup(frame(rng)), "<thead>", "<caption>Levels of 2019</caption><thead>")
    return pair_of("text/html", written, replaced(written, "2019", "2020"))


@real("table", "the table is gone from the page")
def _(rng: random.Random) -> Pair:
    return pair_of("text/html", f"<h3>Levels</h3>{markup(frame(rng))}", "<h3>Levels</h3>")


@real("table", "a header over two columns")
def _(rng: random.Random) -> Pair:
    table = frame(rng)[["level", "share"]]
    table.columns = pd.MultiIndex.from_tuples([("2019", "level"), ("2019", "share")])
    other = table.copy()
    other.columns = pd.MultiIndex.from_tuples([("2020", "level"), ("2020", "share")])
    return pair_of("text/html", markup(table), markup(other))
