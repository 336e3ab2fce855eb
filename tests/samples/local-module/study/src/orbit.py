"""Kepler's third law."""


def period(axis):
    """Years, for a semi-major axis in astronomical units."""
    return axis**1.5
