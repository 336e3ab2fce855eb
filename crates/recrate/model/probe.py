"""A further run of notebooks in which something was changed on purpose, to find a cause."""

from dataclasses import dataclass
from enum import StrEnum


class Varied(StrEnum):
    """What is other than in the replay itself."""

    SURROUNDINGS = "surroundings"
    """Threads, time zone and locale together."""
    THREADS = "threads"
    TIME_ZONE = "time zone"
    LOCALE = "locale"
    PACKAGES = "packages"
    """All of them, as of another day."""
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A package at another version than in the replay; empty where one side does not have it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was varied in one run.

    name:   of its folder in the replay's `probes`
    told:   what it ran with, in words that fit behind “with”
    shifts: packages at other versions
    """

    name: str
    varied: Varied
    told: str
    shifts: tuple[Shift, ...] = ()
    schema: int = 1
