"""Figures of Bokeh: a script that holds all models, arrays packed, ids drawn anew."""

import base64
import copy
import gzip
import json
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.embed.notebook import notebook_content
from bokeh.plotting import figure

from single_changes.kinds import Pair, bundle, kind

Document = dict[str, Any]
_DOCS = re.compile(r"const docs_json = (\{.*?\});\n")


def script(rng: random.Random) -> str:
    """Return what Bokeh 3 shows in a notebook."""
    rows = np.random.default_rng(rng.getrandbits(32))
    made = figure(width=300, height=200, title="Levels", x_axis_label="day")
    x = np.arange(30.0)
    made.line(x, rows.normal(3, 1, 30), legend_label="Kiel")
    made.scatter(list(x[:5]), [round(v, 3) for v in rows.uniform(1, 9, 5)], size=8)
    found: str = notebook_content(made)[0]
    return found


def document_of(text: str) -> Document:
    match = _DOCS.search(text)
    assert match is not None
    found: Document = json.loads(match.group(1))
    return found


def with_document(text: str, document: Document) -> str:
    place = _DOCS.search(text)
    assert place is not None
    return text[: place.start(1)] + json.dumps(document) + text[place.end(1) :]


def models(value: Any, name: str) -> list[Any]:
    """Return all models of a name, in order."""
    found = [value] if isinstance(value, dict) and value.get("name") == name else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [one for part in inner for one in models(part, name)]


def columns(document: Document) -> list[list[Any]]:
    """Return all columns of data as [name, content]."""
    sources = models(document, "ColumnDataSource")
    return [entry for one in sources for entry in one["attributes"]["data"]["entries"]]


def numbers(content: Document) -> Any:
    packed = gzip.decompress(base64.b64decode(content["array"]["data"]))
    return np.frombuffer(packed, dtype=content["dtype"]).copy()


def packed(array: Any) -> Document:
    data = base64.b64encode(gzip.compress(array.tobytes(), mtime=1)).decode()
    return {
        "type": "ndarray",
        "array": {"type": "bytes", "data": data},
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "order": "little",
    }


def in_array(change: Callable[[Any], Any]) -> Callable[[Document, random.Random], None]:
    def put(document: Document, _: random.Random) -> None:
        for entry in columns(document):
            if entry[0] == "y" and isinstance(entry[1], dict):
                entry[1] = packed(change(numbers(entry[1])))

    return put


def _one(array: Any) -> Any:
    array[7] *= 1.01
    return array


def _list(document: Document, _: random.Random) -> None:
    column = next(one for one in columns(document) if one[0] == "y" and isinstance(one[1], list))
    column[1][2] += 0.05


def renumbered(text: str, rng: random.Random) -> str:
    """Give every model and document another id."""
    shift = rng.randint(100, 5000)
    text = re.sub(r'"p(\d{4,})"', lambda one: f'"p{int(one.group(1)) + shift}"', text)
    for old in sorted(set(re.findall(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", text))):
        new = f"{rng.getrandbits(128):032x}"
        cut = [new[:8], new[8:12], new[12:16], new[16:20], new[20:]]
        text = text.replace(old, "-".join(cut))
    return text


def _version(document: Document, _: random.Random) -> None:
    next(iter(document.values()))["version"] = "3.4.1"


def _title(text: str) -> Callable[[Document, random.Random], None]:
    return lambda one, _: models(one, "Title")[0]["attributes"].update(text=text)


BENIGN: dict[str, Callable[[Document, random.Random], None]] = {
    "other ids": lambda *_: None,
    "another version": _version,
    "last digits of a packed array": in_array(lambda array: array * (1 + 1e-12)),
    "an array packed otherwise": in_array(lambda array: array),
}
REAL: dict[str, Callable[[Document, random.Random], None]] = {
    "a point of a packed array moved by 1 %": in_array(_one),
    "a packed array is one shorter": in_array(lambda array: array[:-1].copy()),
    "a packed array the other way round": in_array(lambda array: array[::-1].copy()),
    "a point of a list moved": _list,
    "another title": _title("Depths"),
    "another colour": lambda one, _: models(one, "Line")[0]["attributes"].update(line_color="red"),
    "a name in the legend": lambda one, _: models(one, "LegendItem")[0]["attributes"][
        "label"
    ].update(value="Cork"),
    "a label of an axis": lambda one, _: models(one, "LinearAxis")[0]["attributes"].update(
        axis_label="week"
    ),
    "a logarithmic axis": lambda one, _: models(one, "LinearScale")[0].update(name="LogScale"),
    "a curve is gone": lambda one, _: models(one, "Figure")[0]["attributes"]["renderers"].pop(),
}


def _add(name: str, change: Callable[[Document, random.Random], None], *, is_real: bool) -> None:
    def pair(rng: random.Random) -> tuple[str, str]:
        before = script(rng)
        document = copy.deepcopy(document_of(before))
        change(document, rng)
        return before, renumbered(with_document(before, document), rng)

    def in_script(rng: random.Random) -> Pair:
        one, two = ([bundle({"application/javascript": text})] for text in pair(rng))
        return Pair(recorded=one, rerun=two)

    def in_html(rng: random.Random) -> Pair:
        one, two = (
            [bundle({"text/html": f'<div data-root-id="p1001"></div><script>{text}</script>'})]
            for text in pair(rng)
        )
        return Pair(recorded=one, rerun=two)

    kind("Bokeh", name, in_script, is_real=is_real)
    kind("Bokeh in HTML", name, in_html, is_real=is_real)


for _name, _change in BENIGN.items():
    _add(_name, _change, is_real=False)
for _name, _change in REAL.items():
    _add(_name, _change, is_real=True)
