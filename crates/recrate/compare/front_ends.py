"""Scripts and empty frames of interactive plot libraries: what draws a figure, not the figure."""

import re

from recrate.compare.outcome import Outcome, equivalent, skipped

_LIBRARIES = {
    "matplotlib": re.compile(r"\bmpl\.get_websocket_type\s*="),
    "bokeh": re.compile(r"\b_bokeh_onload_callbacks\b"),
    "plotly": re.compile(r"\bwindow\.PlotlyConfig\s*=|require\.undef\(['\"]plotly['\"]\)"),
}
_EMPTY_FRAME = re.compile(r"\s*<div id=['\"]?[\w-]{1,64}['\"]?>\s*</div>\s*")
_SNAPSHOT = re.compile(r"\s*<img src=['\"]data:image/png;base64,[^>]*>\s*")


def compare_front_ends(mime: str, recorded: str, rerun: str) -> Outcome | None:
    """Compare what loads a plot library into a page; None when it is anything else.

    Two versions of one library's script hold the same: no result. Of a figure that a browser drew
    and saved as a picture, a replay without a browser has only the empty frame: skipped.
    """
    if mime == "application/javascript":
        for name, script in _LIBRARIES.items():
            if script.search(recorded) and script.search(rerun):
                return equivalent(f"the script of {name}'s interactive figures holds no result")
    if mime == "text/html" and _EMPTY_FRAME.fullmatch(rerun) and _SNAPSHOT.fullmatch(recorded):
        return skipped("an interactive figure is drawn by the reader's browser; none ran here")
    return None
