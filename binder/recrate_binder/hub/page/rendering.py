"""Draw the page, in the person's language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
"""Folder of what the page loads; served at `static/` below the service's own address."""

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""What the page is sent with: nothing runs in it but its own files, and nobody frames it."""


def render_page(
    *,
    base: str,
    user: str,
    xsrf: str,
    language: Language,
    version: str,
    limits: Mapping[str, int | None],
    crate: str = "",
) -> str:
    """Return the page as HTML, to be sent with `HEADERS`.

    base:   path of the service with a slash at its end, as `/services/relaunch/`
    xsrf:   goes back with each request as `X-XSRFToken`
    limits: `sessions_per_user`, `launches_per_hour`, `size_bytes`; None or absent is no limit
    crate:  the address that was asked for with the page (`?crate=`); looked up at once
    """
    words = words_of(language)
    return (
        _templates()
        .get_template("relaunch.html")
        .render(
            base=base,
            user=user,
            xsrf=xsrf,
            language=language,
            other="en" if language == "ja" else "ja",
            version=version,
            limits=json.dumps(dict(limits)),
            crate=crate,
            words=words,
            say=lambda english: words.get(english, english),
        )
    )


@cache
def words_of(language: Language) -> Mapping[str, str]:
    """Return what the page says in a language, by its English; English itself needs no words."""
    if language == "en":
        return {}
    told: dict[str, str] = json.loads((_HERE / "locale" / f"{language}.json").read_text("utf-8"))
    return told


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
