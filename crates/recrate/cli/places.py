"""A crate that was named on the command line, brought here, wherever it is."""

import sys

import click

from recrate.cli.console import Display, printable
from recrate.flow.locating import Here, here
from recrate.flow.settings import Settings
from recrate.outside.web import TooLarge


def brought(where: str, *, settings: Settings, agreed: bool, quiet: bool) -> Here:
    """Return the crate as it lies on this machine: fetched first, where an address was named.

    A person at a terminal is asked about a large download; elsewhere it is refused unless `agreed`.
    """
    try:
        return _bring(where, settings=settings, agreed=agreed, quiet=quiet)
    except TooLarge as large:
        asks = not (agreed or quiet) and sys.stdin.isatty() and sys.stderr.isatty()
        if not asks or not click.confirm(f"{printable(str(large))}. Fetch it?", err=True):
            raise
    return _bring(where, settings=settings, agreed=True, quiet=quiet)


def _bring(where: str, *, settings: Settings, agreed: bool, quiet: bool) -> Here:
    with Display(quiet=quiet) as display:
        found = here(where, settings=settings, agreed=agreed, progress=display.progress)
        for note in found.notes:
            display.say(note)
    return found
