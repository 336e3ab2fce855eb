"""Markdown cells as HTML: written out by markdown-it, then sanitised like all foreign HTML."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

from recrate.report.allowance import Allowance
from recrate.report.markup import clean
from recrate.report.parts import text_of

_ATTACHED = re.compile(r'src="attachment:([^"]*)"')
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_LARGEST_PICTURE = 1_500_000
"""Characters; one that is larger is only named."""
_LONGEST = 20_000
"""Characters of one cell that are worth reading as Markdown; longer ones are shown as text."""


def render_prose(source: str, allowance: Allowance, attachments: object = None) -> Markup | None:
    """Return a Markdown cell as harmless HTML with its LaTeX as it was written.

    attachments: what the cell's metadata say of its own pictures, as nbformat has it
    None when it is too long, or nothing of it can be shown: then it is to be shown as text.
    """
    if len(source) > _LONGEST or not allowance.admits_prose(len(source)):
        return None
    html = _reader().render(source)
    if isinstance(attachments, dict) and attachments:
        html = _ATTACHED.sub(lambda found: _picture(found, attachments), html, count=20)
    cleaned = clean(html, allowance, loud=True)
    if cleaned.empty or cleaned.cut or not allowance.admits_markup(cleaned.html, loud=True):
        return None
    return cleaned.html


def _picture(found: "re.Match[str]", attachments: Mapping[str, Any]) -> str:
    """Return the picture that a cell has attached; whether it is one, `clean` sees."""
    bundle = attachments.get(unquote(unescape(found[1])))
    pictures = bundle.items() if isinstance(bundle, dict) else ()
    for mime, content in pictures:
        text = text_of(content)
        if len(text) < _LARGEST_PICTURE and _BASE64.fullmatch(text):
            return f'src="data:{escape(str(mime))};base64,{text}"'
    return found[0]


@cache
def _reader() -> MarkdownIt:
    """Return a CommonMark reader with tables, that leaves what stands between dollars alone."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.inline.ruler.before("escape", "formula", _formula)
    return reader


def _formula(state: StateInline, silent: bool) -> bool:
    """Take `$…$` or `$$…$$` as text: in LaTeX, `_` and `*` mean no emphasis.

    A single dollar begins a formula only before a sign that is no space, as in Pandoc: prices stay.
    Source: https://pandoc.org/MANUAL.html#extension-tex_math_dollars
    """
    text, start = state.src, state.pos
    mark = "$$" if text.startswith("$$", start) else "$" if text[start] == "$" else ""
    begin = start + len(mark)
    end = text.find(mark, begin, state.posMax) if mark else -1
    if end <= begin:
        return False
    if mark == "$" and (text[begin].isspace() or text[end - 1].isspace()):
        return False
    if not silent:
        state.push("text", "", 0).content = text[start : end + len(mark)]
    state.pos = end + len(mark)
    return True
