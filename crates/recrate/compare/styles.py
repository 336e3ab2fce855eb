"""Style sheets and colours: what of them a reader sees as a result."""

import re

_RULE = re.compile(r"([^{}]{1,20000})\{([^{}]{0,4000})\}")
_CELL = re.compile(r"row([0-9]{1,7})_col([0-9]{1,7})$")
_COLOUR = re.compile(
    r"(?:^|;)\s{0,40}((?:background-)?color|background)\s{0,9}:\s{0,9}([^;]{1,200})"
)
_NAMES = {
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff0000",
    "lime": "#00ff00",
    "green": "#008000",
    "blue": "#0000ff",
    "yellow": "#ffff00",
    "grey": "#808080",
    "gray": "#808080",
    "lightgrey": "#d3d3d3",
    "lightgray": "#d3d3d3",
    "orange": "#ffa500",
    "transparent": "none",
}
_RGB = re.compile(r"rgb\(\s?([0-9]{1,3})\s?,\s?([0-9]{1,3})\s?,\s?([0-9]{1,3})\s?\)")


def settled_colour(colour: str) -> str:
    """Return a CSS colour in one spelling: `#rrggbb` in small letters where it is known."""
    small = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", small):
        return "#" + "".join(2 * letter for letter in small[1:])
    match = _RGB.fullmatch(small)
    if match:
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return _NAMES.get(small, small)


def properties_of(style: str) -> dict[str, str]:
    """Return the properties of a style, colours in one spelling."""
    found = {}
    for part in style.split(";"):
        name, colon, content = part.partition(":")
        if colon and content.strip():
            found[name.strip().lower()] = settled_colour(" ".join(content.split()))
    return found


def sheet_of(text: str) -> dict[str, dict[str, str]]:
    """Return a style sheet as selector → properties."""
    found: dict[str, dict[str, str]] = {}
    for rule in _RULE.finditer(text):
        for selector in rule.group(1).split(","):
            name = " ".join(selector.split())
            found.setdefault(name, {}).update(properties_of(rule.group(2)))
    return found


def cell_styles(text: str) -> dict[str, str]:
    """Return how the cells of a styled data frame look: `row,column` → properties."""
    if "_col" not in text:
        return {}
    found = {}
    for selector, properties in sheet_of(text).items():
        match = _CELL.search(selector)
        if match:
            shown = sorted(f"{name}: {content}" for name, content in properties.items())
            found[f"{match[1]},{match[2]}"] = "; ".join(shown)
    return found


def own_colours(style: str) -> list[str]:
    """Return the colours that an element's own style names."""
    return [f"{name} {settled_colour(content)}" for name, content in _COLOUR.findall(style)]
