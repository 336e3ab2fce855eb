"""Markdown cells as HTML: written out by markdown-it, then sanitised like all foreign HTML."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

from recrate.report.allowance import Allowance
from recrate.report.markup import clean

_LONGEST = 20_000
"""Characters of one cell that are worth reading as Markdown; longer ones are shown as text."""


def render_prose(source: str, allowance: Allowance) -> Markup | None:
    """Return a Markdown cell as harmless HTML with its LaTeX as it was written.

    None when it is too long, or nothing of it can be shown: then it is to be shown as text.
    """
    if len(source) > _LONGEST or not allowance.admits_prose(len(source)):
        return None
    cleaned = clean(_reader().render(source), allowance, loud=True)
    if cleaned.empty or not allowance.admits_markup(cleaned.html, loud=True):
        return None
    return cleaned.html


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
