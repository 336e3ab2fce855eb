"""Whether a run goes on behind a cell that failed; who decides it is told of every cell."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from recrate.model.observation import Asked, HeldUp, RunError
from recrate.model.study import Notebook

_LINE = re.compile(
    r"(?:Cell In\s?\[\d+\], line "
    r"|<ipython-input-[^>]{1,80}> in <(?:cell line: |module>)\D{0,40}?)(\d+)"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAMES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a cell ended.

    cell:  its index in the recorded notebook
    error: what it raised and its author had not recorded, None for nothing
    asked: addresses in the network that it tried to reach
    said:  the last of what it printed
    line:  of the cell, from 1, where it raised; None where that is not known
    """

    cell: int
    error: RunError | None
    asked: tuple[str, ...]
    said: str
    line: int | None = None


class Onward(Protocol):
    """Follows one notebook's run, cell by cell."""

    @property
    def held_up(self) -> tuple[HeldUp, ...]:
        """The cells that could not do their work, and behind which the run went on."""

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What the ends of the cells show to have been asked for, beside what the kernel noted."""

    def goes_on(self, ended: Ended) -> bool:
        """Take in the end of a cell; say whether the run goes on if it raised something."""


Guide = Callable[[Notebook], Onward]
"""Makes one that follows the run of a recorded notebook."""


def line_in_cell(traceback: object) -> int | None:
    """Return the line of the cell, from 1, at which IPython's traceback says that it raised.

    traceback: as a kernel sends it, a text for each frame; anything else gives None
    """
    for frame in traceback[:_FRAMES] if isinstance(traceback, list) else ():
        match = _LINE.search(_COLOUR.sub("", str(frame)[:2_000]))
        if match:
            return int(match[1][:6])
    return None
