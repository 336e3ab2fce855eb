"""A badge that launches a crate, for READMEs: an SVG that needs nothing else, and its Markdown."""

from html import escape
from typing import Literal

Language = Literal["en", "ja"]
_WORDS = {"en": ("launch", "crate on Binder"), "ja": ("起動", "Binder でクレートを開く")}
_TITLES = {"en": "Launch this crate on Binder", "ja": "このクレートを Binder で起動する"}
_FAMILY = "Verdana,'DejaVu Sans','Hiragino Sans','Yu Gothic',Meiryo,'Noto Sans CJK JP',sans-serif"
_HEIGHT = 22
_PAD = 8
_MARK = 20
_WIDE, _NARROW = 11.5, 7.2
"""Pixels of a Japanese and of a Latin sign at 11 px, with some room."""


def badge_svg(language: Language) -> str:
    """Return the badge; `textLength` keeps the words in their fields whatever font is there.

    The words stand at least 4.5 : 1 from their ground (WCAG 2.2, 1.4.3), and the title says the
    whole.
    """
    first, second = _WORDS[language]
    left = _PAD + _width(first) + _PAD
    right = _MARK + _width(second) + _PAD
    width = left + right
    title = escape(_TITLES[language])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" role="img" '
        f'lang="{language}" aria-labelledby="title"><title id="title">{title}</title>'
        f'<clipPath id="round"><rect width="{width}" height="{_HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#round)"><rect width="{left}" height="{_HEIGHT}" fill="#2c3642"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="#0b5cad"/></g>'
        f'<path d="M{left + 7} 6v10l8-5z" fill="#fff"/>'
        f'<g fill="#fff" font-family="{_FAMILY}" font-size="11" aria-hidden="true">'
        f"{_text(first, _PAD)}{_text(second, left + _MARK)}</g></svg>\n"
    )


def badge_markdown(url: str, image: str, language: Language = "en") -> str:
    """Return the line for a README. `image`: address or path of the SVG."""
    return f"[![{_TITLES[language]}]({_target(image)})]({_target(url)})"


def _target(address: str) -> str:
    """Return an address that cannot end the parentheses it stands in."""
    for sign, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")):
        address = address.replace(sign, code)
    return address.replace("\n", "%0A").replace("\r", "%0D")


def _width(text: str) -> int:
    return round(sum(_NARROW if one.isascii() else _WIDE for one in text))


def _text(text: str, x: int) -> str:
    return f'<text x="{x}" y="15" textLength="{_width(text)}">{escape(text)}</text>'
