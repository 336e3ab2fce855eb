"""What the text of a notebook's cells tells of what they do, without running them."""

from dataclasses import dataclass
from enum import StrEnum


class Chance(StrEnum):
    """Where numbers drawn by chance come from; a seed settles one source, or all own ones."""

    PYTHON = "python"
    NUMPY = "numpy"
    TORCH = "torch"
    TENSORFLOW = "tensorflow"
    R = "r"
    OWN = "own"
    """A generator of its own, or the system's: no seed elsewhere settles it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A call that gives another value each time, as it is written (`np.random.normal`).

    Or the generator, where a draw was only seen as the cell ran (`numpy.random`).
    """

    call: str
    source: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCode:
    """One code cell of a notebook. All names are those of the notebook's own variables.

    cell:   index among all cells, from 0
    known:  the code could be read; when not, what follows is empty, or of R by pattern alone, and
            nothing may be concluded from what is not there
    shows:  the value of its last statement is shown; None where the code does not tell
    acts:   something in it may print, draw or show: a call, an import, a magic
    takes:  names it uses that were bound by cells before
    gives:  names it binds
    alters: names whose object it may change (`rows.append(1)`, `table["a"] = 2`)
    modules: top names of what it imports, as written; those of the study are among them
    draws:  calls that give another value each time, none of which is seeded by an argument
    seeds:  sources that it gives a fixed seed
    clock:  calls that ask for the time
    timed:  names that the time goes into, beside what the cell prints; None where that is not known
    machine: calls that ask for the machine: its name, processes, folders, processors
    unordered: it makes sets, or lists folders: the order is not promised
    commands: names of its magics, `!` for a line of the shell
    reads:  paths that it names and may read
    words:  its literal texts, joined by line ends
    printed: all that it can print, where that follows from its literals alone
    """

    cell: int
    known: bool = True
    shows: bool | None = None
    acts: bool = True
    takes: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    alters: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    draws: tuple[Draw, ...] = ()
    seeds: frozenset[Chance] = frozenset()
    clock: tuple[str, ...] = ()
    timed: frozenset[str] | None = None
    machine: tuple[str, ...] = ()
    unordered: bool = False
    commands: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    words: str = ""
    printed: str | None = None
