"""Foreign text made harmless and honest: escaped, invisible characters shown, ANSI colours kept.

A name can hold a right-to-left override that makes `gnp.exe` read `exe.png`, a traceback can hold
terminal codes, a stream half a surrogate pair that no UTF-8 file can hold.
"""

import re
from html import escape

from markupsafe import Markup

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e"  # bidi, zero width
    "\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"  # lone surrogates, tags
)
_OTHER_ESCAPES = re.compile(
    r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?"
    r"|\[[0-?]*[ -/]*[@-ln-~]|[@-OQ-WYZ\\=>78c])"
)
_COLOUR = re.compile(r"\x1b\[([0-9;:]{0,40})m")
_ANY_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")


def visible(text: str) -> str:
    """Return `text` with control, bidi and zero-width characters written as `⟦U+202E⟧`."""
    return _INVISIBLE.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def escaped(text: str) -> Markup:
    """Return `text` as HTML text: every character visible, quotes escaped for attributes too."""
    return Markup(escape(visible(text), quote=True))  # noqa: S704 - escaped on this line


def without_ansi(text: str) -> str:
    """Return a stream or traceback as a reader of the terminal sees it, without colours."""
    return _ANY_COLOUR.sub("", settled(text))


def settled(text: str) -> str:
    r"""Return `text` after its `\r` have overwritten their lines; of ANSI only colours stay."""
    text = _OTHER_ESCAPES.sub("", text).replace("\r\n", "\n")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return text


def coloured(text: str) -> Markup:
    """Return a stream as HTML: the 16 ANSI colours, bold and underline become spans with classes.

    Colours of 256 and 24 bits are left plain: nobody can promise their contrast on both grounds.
    """
    pieces: list[str] = []
    classes: tuple[str, ...] = ()
    position = 0
    text = settled(text)
    for found in _COLOUR.finditer(text):
        pieces.append(_span(text[position : found.start()], classes))
        classes = _changed(classes, found[1])
        position = found.end()
    pieces.append(_span(text[position:], classes))
    return Markup("".join(pieces))  # noqa: S704 - every piece went through `escaped`


def _span(text: str, classes: tuple[str, ...]) -> str:
    if not text or not classes:
        return str(escaped(text))
    return f'<span class="{" ".join(classes)}">{escaped(text)}</span>'


def _changed(classes: tuple[str, ...], codes: str) -> tuple[str, ...]:
    """Return the classes after one SGR sequence; `codes` is its text between `[` and `m`."""
    numbers = [int(part) if part.isdigit() and len(part) < 4 else 0 for part in codes.split(";")]
    kept = set(classes)
    while numbers:
        number = numbers.pop(0)
        if number in {38, 48}:  # extended colour: its parameters follow and mean no codes
            del numbers[: 2 if numbers[:1] == [5] else 4]
        elif number == 0:
            kept.clear()
        elif number in {1, 4}:
            kept.add("bold" if number == 1 else "under")
        elif number in {22, 24}:
            kept.discard("bold" if number == 22 else "under")
        elif 30 <= number <= 39 or 90 <= number <= 97:
            kept = {name for name in kept if not name.startswith("ansi-")}
            if number != 39:
                kept.add(f"ansi-{number % 10}")
    return tuple(sorted(kept))
