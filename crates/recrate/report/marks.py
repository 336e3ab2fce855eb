"""The signs of the verdicts: a shape and a colour each, so that neither is needed alone."""

import base64

from markupsafe import Markup

_GROUND = 'fill="none" stroke="var(--on)" stroke-width="2" stroke-linecap="round"'
_LINE = 'fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"'
_SQUARE = '<rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor"/>'
_DISC = '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
_DIAMOND = '<path d="M8 .2 15.8 8 8 15.8 .2 8Z" fill="currentColor"/>'

SHAPES: dict[str, str] = {
    "identical": f'{_SQUARE}<path d="M4.8 6h6.4M4.8 10h6.4" {_GROUND}/>',
    "equivalent": f'{_DISC}<path d="M4.3 9.2c1.2-2.4 2.4-2.4 3.7-1.2s2.5 1.2 3.7-1.2" {_GROUND}/>',
    "different": f'{_DIAMOND}<path d="M8 4.4v4.2M8 11.4v.1" {_GROUND}/>',
    "missing": (
        '<rect x="2" y="2" width="12" height="12" rx="2" fill="none" stroke="currentColor"'
        f' stroke-width="2" stroke-dasharray="3 2.2"/><path d="M6 8h4" {_LINE}/>'
    ),
    "added": f'<path d="M8 2v12M2 8h12" {_LINE}/>',
    "unstable": f'<path d="M1.5 10.5 4.5 5l3.5 6 3.5-6 3 5.5" stroke-linejoin="round" {_LINE}/>',
    "skipped": f'<circle cx="8" cy="8" r="6" {_LINE}/><path d="m4 12 8-8" {_LINE}/>',
    "waived": (
        f'<rect x="2" y="2" width="12" height="12" rx="2" {_LINE}/>'
        f'<path d="m5 8.2 2.2 2.2L11 6" {_LINE}/>'
    ),
    "ran": f'{_DISC}<path d="M6.3 4.6v6.8L11.8 8Z" fill="var(--on)"/>',
    "failed": (
        '<path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z" fill="currentColor"/>'
        f'<path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" {_GROUND}/>'
    ),
    "not restored": (
        f'<circle cx="8" cy="8" r="6" stroke-dasharray="24 13.7" {_LINE}/>'
        f'<path d="M8 5v3.4M8 11.1v.1" {_LINE}/>'
    ),
}
"""Verdict → the inside of a 16 × 16 SVG; `--on` is the colour of what is cut out."""

_LIGHT_AND_DARK = {
    "identical": ("#0c6b58", "#5cc9ac"),
    "equivalent": ("#1d5fa8", "#7fb5f2"),
    "ran": ("#1d5fa8", "#7fb5f2"),
    "different": ("#b23a08", "#ff9e6b"),
    "missing": ("#b23a08", "#ff9e6b"),
    "failed": ("#b3142e", "#ff8b96"),
    "not restored": ("#93226b", "#f197d2"),
    "added": ("#4c5a6b", "#a9b8ca"),
    "unstable": ("#7d5800", "#e3bb55"),
    "skipped": ("#5b6470", "#a9b2bf"),
    "waived": ("#5f49a8", "#bcabf5"),
}
"""Verdict → colour on the light and on the dark ground; contrast at least 4.5 : 1 on both."""


def name_of(verdict: str) -> str:
    """Return a verdict as a CSS name: `not-restored`."""
    return verdict.replace(" ", "-")


CLASSES = "".join(
    f".is-{name_of(key)}{{--tone:var(--{name_of(key)})}}\n" for key in _LIGHT_AND_DARK
)
"""CSS: `.is-…` classes that give what they stand on its verdict's colour."""


def tones(*, dark: bool, contrast: bool = False) -> str:
    """Return CSS: each verdict's colour as a variable, for one ground; no rule around them.

    contrast: at least 7 : 1 on white, as the dark ones have on black
    """
    return "".join(
        f"--{name_of(key)}:{pair[1] if dark else _deeper(pair[0]) if contrast else pair[0]};"
        for key, pair in _LIGHT_AND_DARK.items()
    )


def _deeper(colour: str) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.72):02x}" for part in parts)


def _colours() -> str:
    hidden = "".join(
        f"body:has(#show-{key}:checked) :is(.cell,.mark):not([data-has~={key}]){{display:none}}\n"
        f"body:has(#show-{key}:checked) .output:not(.is-{key}){{display:none}}\n"
        f"body:has(#show-{key}:checked) .notebook:not(:has([data-has~={key}])) .nomatch"
        "{display:block}\n"
        for key in _LIGHT_AND_DARK
        if key not in {"ran", "failed", "not restored"}
    )
    light, dark = tones(dark=False), tones(dark=True)
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n{CLASSES}"
        f"@media screen{{\n{hidden}}}"
    )


COLOURS = _colours()
"""CSS: the colours as variables, `.is-…` classes, and what a filter hides."""


def favicon(verdict: str) -> Markup:
    """Return the verdict's sign as a `data:` URL for the browser's tab."""
    colour = _LIGHT_AND_DARK[verdict][0]
    inside = SHAPES[verdict].replace("var(--on)", "#fff").replace("currentColor", colour)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{inside}</svg>'
    encoded = base64.b64encode(svg.encode("ascii")).decode("ascii")
    return Markup("data:image/svg+xml;base64,{}").format(encoded)
