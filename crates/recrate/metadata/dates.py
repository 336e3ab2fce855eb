"""Dates as metadata write them."""

import re
from datetime import date


def is_date(text: str, *, whole: bool = True) -> bool:
    """Say whether a text is an ISO date of the calendar; where not `whole`, a year or month too."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text, re.ASCII)
    if parts is None or (whole and parts[3] is None):
        return False
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return False
    return True
