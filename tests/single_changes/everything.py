"""All kinds, and how well each is known to be judged."""

from single_changes import (  # noqa: F401  importing a module adds its kinds
    bokeh_figures,
    changed_texts,
    documents,
    drawings,
    drawn,
    figures,
    pictures,
    printed_texts,
    tables,
    widgets,
)
from single_changes.kinds import KINDS

IMPERFECT: dict[str, str] = {
    "table: text of a frame wrapped anew": "blocks of columns are not put side by side",
    "PNG: a dashed curve": "gaps of two pixels in a thin line look like smoothing",
    "JPEG: drawn colours at half the resolution": "edges of colours are blurred by pixels",
}
"""Kinds of which some are judged wrongly, each with the reason; all others must be perfect."""

ALL = tuple(KINDS.values())
DRAWN = ("PNG", "SVG", "JPEG")
"""Families that take a tenth of a second and more for each change."""
