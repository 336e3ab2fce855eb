"""One output as the page shows it: recorded beside rerun, or once when both are the same."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from recrate.report import formats
from recrate.report.allowance import Allowance
from recrate.report.characters import coloured, escaped, without_ansi
from recrate.report.markup import Cleaned, clean, is_picture
from recrate.report.parts import Output, comparable_text, text_of
from recrate.report.say import alternative, say
from recrate.report.tables import folded, mark_tables
from recrate.report.text_difference import mark_difference

PIXELS = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
_RICHEST_FIRST = (*PIXELS, "image/svg+xml", "text/html", "text/latex", "text/markdown")


@dataclass(frozen=True, slots=True)
class Panel:
    """One column of an output. `who`: a key of the words, or a number for a later rerun."""

    who: str | int
    kind: str
    """`text`, `table`, `picture`, `nothing`."""
    html: Markup
    note: Markup | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The panels of one output side by side; one panel alone when both are the same."""

    panels: tuple[Panel, ...]

    @property
    def pictures(self) -> bool:
        """Whether recorded and rerun are pictures that can be laid over one another."""
        return [panel.kind for panel in self.panels[:2]] == ["picture", "picture"]


def compare_panels(
    recorded: Output | None,
    rerun: Output | None,
    mime: str,
    allowance: Allowance,
    *,
    loud: bool,
    difference: bytes | None = None,
    others: Sequence[Output | None] = (),
) -> Comparison:
    """Return what to show of one output.

    mime:   the media type that was judged; shown where the output holds it
    loud:   the output differs in some way: more room, and the differences marked
    others: the same output in later reruns, for unstable ones
    """
    chosen = choose(recorded or rerun, mime)
    if recorded and rerun and _same(recorded, rerun, chosen):
        panels = [show(recorded, chosen, "both", allowance, loud=loud)]
    elif recorded and rerun:
        panels = _two(recorded, rerun, chosen, allowance, loud=loud)
    else:
        panels = [
            show(recorded, chosen, "recorded", allowance, loud=loud),
            show(rerun, chosen, "rerun", allowance, loud=loud),
        ]
    if difference and allowance.admits_picture(len(difference), loud=True):
        panels.append(Panel("difference", "picture", _image(difference, "image/png", "difference")))
    for number, other in enumerate(others, start=2):
        panels.append(show(other, chosen, number, allowance, loud=loud))
    return Comparison(tuple(panels))


def choose(output: Output | None, mime: str) -> str:
    """Return the media type of `output` that is shown: the judged one, else the richest."""
    if output is None:
        return "text/plain"
    if mime in output.data and mime != "text/html":
        return mime
    richest = next((kind for kind in _RICHEST_FIRST if kind in output.data), None)
    if mime == "text/html" and mime in output.data:
        richest = mime
    if richest == "text/html" and "text/plain" in output.data:
        html = text_of(output.data["text/html"])
        if "<table" not in html and "<img" not in html and not output.plain.startswith("<"):
            return "text/plain"
    if richest:
        return richest
    readable = ("text/plain" in output.data and "text/plain") or next(iter(output.data), "")
    return str(readable or "text/plain")


def _same(recorded: Output, rerun: Output, mime: str) -> bool:
    if recorded.kind != rerun.kind or (mime in recorded.data) != (mime in rerun.data):
        return False
    one, other = text_of(recorded.data.get(mime, "")), text_of(rerun.data.get(mime, ""))
    if mime in PIXELS:
        return one.split() == other.split()
    return one == other


def _two(
    recorded: Output, rerun: Output, mime: str, allowance: Allowance, *, loud: bool
) -> list[Panel]:
    """Return two panels with what differs marked, by the kind of content both have."""
    if mime == "text/html" and mime in rerun.data:
        panels = _two_of_html(recorded, rerun, allowance, loud=loud)
        if panels:
            return panels
        mime = "text/plain" if recorded.plain or rerun.plain else mime
    if mime in rerun.data and _is_text(mime):
        texts = (comparable_text(recorded, mime), comparable_text(rerun, mime))
        marked = mark_difference(*texts, allowance)
        return [
            Panel(who, "text", Markup("<pre>{}</pre>").format(text))
            for who, text in zip(("recorded", "rerun"), marked, strict=True)
        ]
    return [
        show(recorded, mime, "recorded", allowance, loud=loud),
        show(
            rerun, mime if mime in rerun.data else choose(rerun, ""), "rerun", allowance, loud=loud
        ),
    ]


def _two_of_html(
    recorded: Output, rerun: Output, allowance: Allowance, *, loud: bool
) -> list[Panel] | None:
    """Return sanitised HTML with differing table cells marked, None when it cannot be shown."""
    texts = [text_of(output.data["text/html"]) for output in (recorded, rerun)]
    one, other = (clean(text, allowance, loud=loud) for text in texts)
    if one.empty or other.empty:
        return None
    marked = mark_tables(one.html, other.html, allowance)
    if not all(allowance.admits_markup(html, loud=loud) for html in marked):
        return None
    return [
        _html_panel("recorded", marked[0], one, len(texts[0])),
        _html_panel("rerun", marked[1], other, len(texts[1])),
    ]


def _is_text(mime: str) -> bool:
    return mime not in PIXELS and mime not in {"image/svg+xml", "text/html"}


def show(
    output: Output | None,
    mime: str,
    who: str | int,
    allowance: Allowance,
    *,
    loud: bool,
) -> Panel:
    """Return one output alone as a panel."""
    if output is None or (output.empty and output.kind == "data"):
        key = "nothing.recorded" if who == "recorded" else "nothing.rerun"
        return Panel(who, "nothing", say(key))
    if mime not in output.data:
        mime = choose(output, "")
    if mime in PIXELS or mime == "image/svg+xml":
        return _picture(output, mime, who, allowance, loud=loud)
    if mime == "text/html":
        panel = _html(output, who, allowance, loud=loud)
        if panel:
            return panel
        mime = "text/plain" if output.plain else mime
    return _text(output, mime, who, allowance, loud=loud)


def _picture(
    output: Output, mime: str, who: str | int, allowance: Allowance, *, loud: bool
) -> Panel:
    text = text_of(output.data[mime])
    if mime == "image/svg+xml":
        content = text.encode("utf-8", "replace")
        fits = b"<svg" in content
    else:
        try:
            content = base64.b64decode(text, validate=False)
        except ValueError:
            content = b""
        fits = is_picture(content, mime)
    if not fits:
        return Panel(who, "nothing", say("bad.picture", mime=mime))
    if not allowance.admits_picture(len(content), loud=loud):
        return Panel(who, "nothing", say("left.out", size=formats.size(len(content))))
    return Panel(who, "picture", _image(content, mime, who))


def _image(content: bytes, mime: str, who: str | int) -> Markup:
    """Return an `<img>` with its bytes in it: inside one, not even an SVG can run or load."""
    key = f"picture.{who}" if isinstance(who, str) else "picture.rerun"
    return Markup('<img {} {}src="data:{};base64,{}">').format(
        alternative(key), _dimensions(content), mime, base64.b64encode(content).decode("ascii")
    )


def _dimensions(content: bytes) -> Markup:
    """Return width and height of a PNG, so that the page does not jump while it is drawn."""
    if not content.startswith(b"\x89PNG") or len(content) < 24:
        return Markup()
    width, height = (int.from_bytes(content[place : place + 4]) for place in (16, 20))
    return Markup('width="{}" height="{}" ').format(width, height)


def _html(output: Output, who: str | int, allowance: Allowance, *, loud: bool) -> Panel | None:
    """Return sanitised HTML with long tables folded, or None when nothing of it can be shown."""
    text = text_of(output.data["text/html"])
    cleaned = clean(text, allowance, loud=loud)
    html = folded(cleaned.html)
    if cleaned.empty or not allowance.admits_markup(html, loud=loud):
        return None
    return _html_panel(who, html, cleaned, len(text))


def _html_panel(who: str | int, html: Markup, cleaned: Cleaned, characters: int) -> Panel:
    kind = "table" if "<table" in html else "html"
    notes = [say("cut", size=f"{characters:,}")] if cleaned.cut else []
    notes += [say("removed")] if cleaned.removed else []
    return Panel(who, kind, html, Markup(" ").join(notes) if notes else None)


def _text(output: Output, mime: str, who: str | int, allowance: Allowance, *, loud: bool) -> Panel:
    text = text_of(output.data.get(mime, ""))
    if output.kind == "data" and not text.strip():
        return Panel(who, "nothing", say("not.shown", mime=mime, size=formats.size(len(text))))
    room = allowance.room_for_text(len(text), loud=loud)
    shown = coloured(text[:room]) if output.kind != "data" else escaped(without_ansi(text[:room]))
    cut = Markup('\n<i class="fold">{}</i>').format(say("cut", size=f"{len(text):,}"))
    html = Markup("<pre>{}{}</pre>").format(shown, cut if room < len(text) else Markup())
    return Panel(who, "text", html)
