"""Which libraries drew an output, as it tells itself. Strangers' content: nothing here raises."""

import base64
import binascii
import re
import struct
from collections.abc import Iterator, Mapping

LARGEST = 400_000
"""Characters of an output that are looked through."""
_VERSIONS = (
    ("plotly", re.compile(r"plotly\.js v?(\d+\.\d+\.\d+)|\"plotly_version\": ?\"([\d.]+)\"")),
    ("altair", re.compile(r"vega-lite/v(\d+(?:\.\d+){0,2})")),
    ("bokeh", re.compile(r"bokeh-(\d+\.\d+\.\d+)(?:\.min)?\.js|\"version\": ?\"(\d+\.\d+\.\d+)\"")),
)
_IN_PNG = re.compile(rb"[Mm]atplotlib version ?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)")
_IN_SVG = re.compile(r"Matplotlib v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)")
_CHUNKS = 64


def makers_of(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield each drawing library that an output names, with its version.

    data: MIME type → content, as in a notebook
    """
    drawn = matplotlib_of(data)
    if drawn:
        yield "matplotlib", drawn
    text = "\n".join(part for part in map(as_text, data.values()) if part)[:LARGEST]
    for name, pattern in _VERSIONS:
        seen = pattern.search(text) if name in text or name == "altair" else None
        if seen:
            yield name, next(group for group in seen.groups() if group)


def matplotlib_of(data: Mapping[str, object]) -> str:
    """Return the version of Matplotlib that a picture names, `3.3.4`; empty where none does."""
    picture = data.get("image/png")
    found = _IN_PNG.search(_said_in_png(picture)) if isinstance(picture, str) else None
    if found:
        return found.group(1).decode("ascii")
    drawing = data.get("image/svg+xml")
    told = _IN_SVG.search(drawing[:4_000]) if isinstance(drawing, str) else None
    return told.group(1) if told else ""


def as_text(content: object) -> str:
    """Return the content of one MIME type as bounded text, structures too."""
    if isinstance(content, str):
        return content[:LARGEST]
    return str(content)[:LARGEST] if isinstance(content, dict | list) else ""


def _said_in_png(content: str) -> bytes:
    """Return the texts of a PNG before its pixels; nothing for what is no PNG."""
    try:
        data = base64.b64decode("".join(content[:20_000].split())[:16_000], validate=False)
    except (binascii.Error, ValueError):
        return b""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return b""
    told, place = b"", 8
    for _ in range(_CHUNKS):
        if place + 8 > len(data):
            break
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind = data[place + 4 : place + 8]
        if kind == b"IDAT":
            break
        if kind in (b"tEXt", b"iTXt"):
            told += data[place + 8 : place + 8 + min(length, 500)] + b"\n"
        place += length + 12
    return told
