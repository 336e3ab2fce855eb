"""All kinds, and how well each is known to be judged."""

from single_changes import (  # noqa: F401  importing a module adds its kinds
    bokeh_figures,
    changed_texts,
    documents,
    drawings,
    drawn,
    errors,
    figures,
    phrases,
    pictures,
    printed_texts,
    tables,
    widgets,
)
from single_changes.kinds import KINDS

IMPERFECT: dict[str, str] = {}
"""Kinds of which some are judged wrongly, each with the reason; all others must be perfect."""

ALL = tuple(KINDS.values())
DRAWN = ("PNG", "SVG", "JPEG")
"""Families that take a tenth of a second and more for each change."""
QUICK = tuple(kind for kind in ALL if kind.family not in DRAWN)
