"""When a study that tells no date was recorded, by the versions that its record names."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from packaging.version import Version

from recrate.environment.inferred import is_python
from recrate.model.study import FoundNotebook, Inventory

_AFTER = dt.timedelta(days=180)
"""So long after the youngest thing in it an environment is taken to have been in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A day, ISO, for which packages are taken, and the evidence for it in words."""

    day: str
    why: str


def estimate_day(inventory: Inventory, today: str) -> Estimate | None:
    """Return the day of a study whose pictures name the Matplotlib that drew them.

    It is half a year after the youngest release that the record names, that of Python included,
    but before the Matplotlib with the next minor version. None without such a picture: a Python
    alone is used for years, and with packages of any age.
    """
    notebooks = [one for one in inventory.notebooks if is_python(one.language)]
    drawn = [(one.drawn_by, day) for one in notebooks for day in _matplotlib_of(one)]
    if not drawn:
        return None
    version, day = max(drawn, key=lambda one: one[1])
    known = [day, *(day for one in notebooks for day in _python_of(one))]
    youngest = max(known)
    until = youngest + _AFTER
    follower = _follower(version)
    if follower is not None and youngest < follower:
        until = min(until, follower - dt.timedelta(days=1))
    why = f"its figures were drawn by Matplotlib {version} of {day.isoformat()}"
    if youngest > day:
        why += f", with a Python of {youngest.isoformat()}"
    return Estimate(day=min(until.isoformat(), today), why=why)


def _matplotlib_of(notebook: FoundNotebook) -> Iterator[dt.date]:
    released = _releases()["matplotlib"].get(notebook.drawn_by)
    if released:
        yield dt.date.fromisoformat(released)


def _python_of(notebook: FoundNotebook) -> Iterator[dt.date]:
    parts = (notebook.language_version or "").split(".")
    patches = _releases()["python"].get(".".join(parts[:2]), [])
    if len(parts) == 3 and parts[2].isdecimal() and int(parts[2]) < len(patches):
        yield dt.date.fromisoformat(patches[int(parts[2])])


def _follower(version: str) -> dt.date | None:
    """Return the day of the first Matplotlib with a newer minor version; None while none is."""
    mine = Version(version).release[:2]
    rows = ((Version(name), day) for name, day in _releases()["matplotlib"].items())
    later = [day for other, day in rows if other.release[:2] > mine]
    return dt.date.fromisoformat(min(later)) if later else None


@cache
def _releases() -> dict[str, Any]:
    file = resources.files("recrate.environment").joinpath("releases.toml")
    return tomllib.loads(file.read_text("utf-8"))
