"""The outputs of a cell as pieces: neighbouring streams joined, every type made safe to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recrate.compare.hostile import mapping, sequence, text

STREAM = "stream"
ERROR = "error"
BUNDLE = "bundle"
UNKNOWN = "unknown"

JSON_LIKE = ("application/json", "application/geo+json")
RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")
WIDGET = "application/vnd.jupyter.widget-view+json"
_RICHNESS = (
    "text/html",
    "text/latex",
    "image/svg+xml",
    *RASTER,
    "text/markdown",
    "application/javascript",
    "application/pdf",
)
_TEXTUAL = ("text/", "image/svg", "application/javascript", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One output, or several neighbouring stream outputs of one name.

    index: of the first of them among the cell's outputs
    kind:  stream, error, bundle, or unknown for what nbformat does not know
    name:  of the stream, or of the exception
    text:  of the stream, or the exception's message
    data:  MIME type → content of a bundle, empty contents left out
    """

    index: int
    kind: str
    name: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mime(self) -> str:
        """The MIME type under which the piece is reported: its richest."""
        if self.kind == STREAM:
            return "text/plain"
        if self.kind == ERROR:
            return "application/vnd.jupyter.error"
        return richest(self.data) or "application/octet-stream"

    @property
    def is_stderr(self) -> bool:
        """A stream that is apart from the results."""
        return self.kind == STREAM and self.name == "stderr"


def richness(mime: str) -> int:
    """Return the place of a MIME type among the representations of one result; 0 is richest."""
    if mime == WIDGET:
        return 1
    if is_json(mime):
        return 0
    if mime in _RICHNESS:
        return 2 + _RICHNESS.index(mime)
    return 50 if mime == "text/plain" else 40


def richest(data: Mapping[str, Any]) -> str:
    """Return the richest MIME type of a bundle, empty when it has none."""
    return min(data, key=richness, default="")


def is_json(mime: str) -> bool:
    """Say whether a MIME type is stored as a JSON structure."""
    return mime in JSON_LIKE or (mime.endswith("+json") and mime.startswith("application/"))


def pieces_of(cell: object) -> list[Piece]:
    """Return the outputs of a cell that are not empty, in order."""
    pieces: list[Piece] = []
    parts: list[str] = []
    open_name = ""
    start = 0

    def close() -> None:
        joined = "".join(parts)
        if joined:
            pieces.append(Piece(index=start, kind=STREAM, name=open_name, text=joined))
        parts.clear()

    for index, output in enumerate(sequence(mapping(cell).get("outputs"))):
        known = mapping(output)
        if known.get("output_type") == "stream":
            name = known.get("name")
            name = name if isinstance(name, str) and name else "stdout"
            if not parts or name != open_name:
                close()
                start, open_name = index, name
            parts.append(text(known.get("text")))
            continue
        close()
        piece = _piece(index, output, known)
        if piece is not None:
            pieces.append(piece)
    close()
    return pieces


def _piece(index: int, output: object, known: Mapping[str, Any]) -> Piece | None:
    kind = known.get("output_type")
    if kind == "error":
        name = known.get("ename")
        message = text(known.get("evalue"))
        name = name if isinstance(name, str) else ""
        return Piece(index=index, kind=ERROR, name=name, text=message)
    if kind in ("display_data", "execute_result", "pyout", "update_display_data"):
        data = {
            mime: _content(mime, content)
            for mime, content in mapping(known.get("data")).items()
            if isinstance(mime, str)
        }
        data = {mime: content for mime, content in data.items() if not _is_empty(content)}
        return Piece(index=index, kind=BUNDLE, data=data) if data else None
    if output in (None, {}, [], ""):
        return None
    return Piece(index=index, kind=UNKNOWN, data={"application/json": output})


def _content(mime: str, content: object) -> object:
    """Join lines of text; leave structures as they are."""
    if is_json(mime):
        return content
    if isinstance(content, str | list | tuple):
        joined = text(content)
        if joined or not content:
            return joined
    return content


def _is_empty(content: object) -> bool:
    return content is None or (isinstance(content, str | list | tuple | dict) and not content)
