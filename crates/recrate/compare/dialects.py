"""What plot libraries write into JSON of themselves, and how they spell numbers: one dialect each.

Plain JSON has none of it: there a key `uid` or a word like `layer_100` is data.
"""

import base64
import binascii
import math
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

_UUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_TYPES = {f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)} | {"f2", "f4", "f8"}
_NAMED = {f"{kind}{size}" for kind in ("int", "uint") for size in (8, 16, 32, 64)}
_NAMED |= {"float16", "float32", "float64"}
_LARGEST = 64 << 20
"""Bytes to which a packed array may grow: a few kilobytes can claim gigabytes."""
_WHOLE_SECOND = re.compile(r"(T[0-9]{2}:[0-9]{2}:[0-9]{2})\.0{1,9}(?![0-9])")


def _as_it_is(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one library writes JSON.

    own:     keys whose content is of the library's version or of chance, not of the data
    random:  what is drawn anew each time in a text; a text that is nothing else is a name, and
             names must answer each other one to one
    names:   the places where `random` is asked; elsewhere only what is random in plain JSON
    opened:  a value in the form in which two versions can be compared
    missing: null and NaN are one thing, and so are a key that is absent and one that is null
    """

    own: frozenset[str] = frozenset()
    random: re.Pattern[str] = re.compile(_UUID)
    names: re.Pattern[str] | None = None
    opened: Callable[[object], object] = _as_it_is
    missing: bool = False


def _plotly(value: object) -> object:
    """Decode `{"bdata": …, "dtype": …, "shape": …}`, and settle how moments are written.

    Source: https://plotly.com/python/ plotly 6 writes typed arrays, plotly 5 lists.
    """
    if isinstance(value, str):
        return _WHOLE_SECOND.sub(r"\1", value)
    if not isinstance(value, Mapping) or "bdata" not in value or value.get("dtype") not in _TYPES:
        return value
    data, shape = value.get("bdata"), str(value.get("shape", ""))
    if not isinstance(data, str):
        return value
    sizes = [int(size) for size in re.findall(r"[0-9]{1,9}", shape)]
    return _array(_decoded(data), str(value["dtype"]), sizes, value)


def _bokeh(value: object) -> object:
    """Decode arrays as Bokeh 2 (`__ndarray__`) and Bokeh 3 (`ndarray`) write them."""
    if not isinstance(value, Mapping):
        return value
    inner = value.get("array")
    data = value.get("__ndarray__")
    if value.get("type") == "ndarray" and isinstance(inner, Mapping):
        data = inner.get("data")
    if not isinstance(data, str) or value.get("dtype") not in _NAMED:
        return value
    shape = value.get("shape")
    sizes = [size for size in shape if isinstance(size, int)] if isinstance(shape, list) else []
    order: Literal["<", ">"] = ">" if value.get("order") == "big" else "<"
    return _array(_unpacked(_decoded(data)), str(value["dtype"]), sizes, value, order)


def _vega(value: object) -> object:
    """Write a mark as a mapping: altair 4 wrote a word. A word named `mark` elsewhere stays."""
    if isinstance(value, Mapping) and isinstance(value.get("mark"), str) and "encoding" in value:
        return {**value, "mark": {"type": value["mark"]}}
    return value


def _decoded(data: str) -> bytes | None:
    try:
        return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return None


def _unpacked(content: bytes | None) -> bytes | None:
    """Unpack gzip (Bokeh 3); other bytes as they are. None when it is broken or too large."""
    if content is None or not content.startswith(b"\x1f\x8b"):
        return content
    stream = zlib.decompressobj(wbits=31)
    try:
        found = stream.decompress(content, _LARGEST)
    except zlib.error:
        return None
    return None if stream.unconsumed_tail else found


def _array(
    content: bytes | None,
    kind: str,
    sizes: list[int],
    otherwise: object,
    order: Literal["<", ">"] = "<",
) -> object:
    """Return numbers as nested lists of the shape; `otherwise` where they cannot be read."""
    if content is None:
        return otherwise
    try:
        array = np.frombuffer(content, dtype=np.dtype(kind).newbyteorder(order))
    except (ValueError, TypeError):
        return otherwise
    if len(sizes) > 1 and len(sizes) < 8 and math.prod(sizes) == array.size:
        array = array.reshape(sizes)
    numbers: list[Any] = array.tolist()
    return numbers


PLAIN = Dialect()
PLOTLY = Dialect(
    own=frozenset({"uid", "plotlyServerURL", "template"}), opened=_plotly, missing=True
)
VEGA = Dialect(
    own=frozenset({"$schema", "usermeta"}),
    random=re.compile(
        rf"{_UUID}|\bdata-[0-9a-f]{{8,40}}\b|\b(?:param|view|selector|layer)_?[0-9a-f]{{1,40}}\b"
    ),
    names=re.compile(r"(?:^|\.)(?:name|param|selection|datasets|views\[[0-9]+\])$"),
    opened=_vega,
)
BOKEH = Dialect(
    own=frozenset({"version"}),
    random=re.compile(rf"{_UUID}|^p?[0-9]{{4,9}}$"),
    names=re.compile(
        r"(?:^|\.)(?:id|docid|elementid|root_id|root_ids\[[0-9]+\]|roots(?:\.[^.]{1,40})?)$"
    ),
    opened=_bokeh,
    missing=True,
)
WIDGETS = Dialect(
    own=frozenset({"description_allow_html", "tabbable"}),
    random=re.compile(rf"{_UUID}|IPY_MODEL_\w{{8,64}}"),
    missing=True,
)


def dialect_of(mime: str) -> Dialect:
    """Return the dialect in which a MIME type is written."""
    if "plotly" in mime:
        return PLOTLY
    if "vega" in mime:
        return VEGA
    return BOKEH if "bokeh" in mime else PLAIN
