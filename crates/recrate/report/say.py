"""Our words as HTML, both languages side by side; the style sheet shows the chosen one."""

from markupsafe import Markup

from recrate.report.account import LANGUAGES
from recrate.report.characters import escaped
from recrate.report.words import word


def say(key: str, **values: object) -> Markup:
    """Return the words of `key` in every language, each in a span with its `lang`.

    values: fill the braces; text is escaped, Markup is trusted
    """
    safe = {name: _safe(value) for name, value in values.items()}
    spans = (
        f'<span class="w" lang="{language}">{word(key, language, **safe)}</span>'
        for language in LANGUAGES
    )
    return Markup("".join(spans))  # noqa: S704 - our own words, filled with escaped values


def in_both(english: Markup, japanese: Markup) -> Markup:
    """Return two texts that say the same, for numbers and dates whose form depends on language."""
    return Markup(  # noqa: S704 - both parts are Markup
        f'<span class="w" lang="en">{english}</span><span class="w" lang="ja">{japanese}</span>'
    )


def alternative(key: str) -> Markup:
    """Return the attributes that name a picture; the script swaps them with the language."""
    english, japanese = (escaped(word(key, language)) for language in LANGUAGES)
    return Markup(  # noqa: S704 - escaped on the line above
        f'alt="{english}" data-alt-en="{english}" data-alt-ja="{japanese}"'
    )


def _safe(value: object) -> Markup:
    return value if isinstance(value, Markup) else escaped(str(value))
