"""Everything one replay saw, before anyone judges it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from recrate.model.candidate import Candidate
from recrate.model.environment import Addition, Card, NotRestored, Package

Status = Literal["completed", "failed", "timeout", "memory", "killed", "not run", "interrupted"]
"""How a notebook's run ended. `failed`: a cell raised; `killed`: its kernel died."""


UNKNOWN_MODULE = "no distribution is known for the module"
"""How a note of a notebook begins, before ` name`, that wanted a module no kept table knows."""


NOT_ADDED = "could not be added"
"""In a note of a run that missed packages: another day, or with an index, they may be had."""

DEBIAN_PACKAGE = "Debian package"
"""How a note of a notebook begins, before ` name: program`, that missed a program or library."""


KERNEL_MISSING, NOT_RESTORED = "KernelMissing", "NotRestored"
"""Names of the errors of notebooks that were not run, beside others that were: this machine has no
kernel for their language, or their packages could not be had (the message begins with why)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunError:
    """What stopped a notebook.

    name:      exception class, or `Timeout`, `DeadKernel`, `OutOfMemory`, `NoKernel`
    cell:      index among all cells of the recorded notebook, None when no cell was reached
    traceback: plain text without ANSI codes, at most the last 8,000 characters
    before:    an error that an earlier cell caught itself, and that this one follows from
    """

    name: str
    message: str
    cell: int | None
    traceback: str = ""
    before: "RunError | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that a notebook wrote or changed, relative to the study's root."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A cell of the recorded notebook, by its index, that is not to be judged, and why."""

    cell: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a cell tried to reach in the network: a URL without its query, or `host:port`."""

    cell: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a cell got from the web through us.

    url:    as it was asked for, whole
    sha256: of what came; empty where it was not kept, for the reason that `note` gives
    """

    cell: int
    url: str
    sha256: str = ""
    size_bytes: int = 0
    media_type: str = ""
    note: str = ""


class Generator(StrEnum):
    """Whose random numbers a cell drew, as its kernel saw."""

    NUMPY = "numpy"
    """NumPy's own, which many libraries share."""
    PYTHON = "python"
    TORCH = "torch"
    NUMBA = "numba"
    FRESH = "fresh"
    """A generator of its own that the system seeded, so that no two runs have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drew:
    """A cell that drew random numbers, in its own code or in that of a library."""

    cell: int
    generator: Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """A cell that could not do its work without the network; the cells behind it were run.

    wants: the cell that wants the network: itself, or the one whose results it lacked
    error: what it raised; None where it ran, and worked on something else than its author had
    """

    cell: int
    wants: int
    error: RunError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookObservation:
    """One notebook's run.

    rerun: path of the executed notebook, relative to the observation's folder; None if never begun.
           Its cells stand at the recorded indices (an injected parameter cell carries the tag
           `injected-parameters`).
    seconds_in_cells: time from each cell's start to its end, summed
    """

    path: str
    status: Status
    seconds: float
    seconds_in_cells: float = 0.0
    rerun: str | None = None
    error: RunError | None = None
    written: tuple[WrittenFile, ...] = ()
    peak_memory_bytes: int = 0
    cut_outputs: tuple[int, ...] = ()
    """Cells whose output was cut at the limit."""
    notes: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    """Files of the study that the notebook took away, relative to its root."""
    rewritten: tuple[WrittenFile, ...] = ()
    """Files that it wrote again with the content they had before."""
    set_aside: tuple[SetAside, ...] = ()
    """Cells that a person changed, or did not run, where they ran the notebook by hand."""
    asked: tuple[Asked, ...] = ()
    """What cells asked of the network, as far as that could be seen."""
    fetched: tuple[Fetched, ...] = ()
    """What cells got from the web through us, where they may, or where it is kept."""
    held_up: tuple[HeldUp, ...] = ()
    drew: tuple[Drew, ...] = ()
    """Cells that drew by chance, as far as that could be seen; of Python's kernels only."""
    """Cells that the missing network kept from their work. `error` is then what ended the run
    behind them, or what the first of them raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSeen:
    """The environment as measured inside the kernel, beside what the lock asked for."""

    language: str
    python: str
    packages: tuple[Package, ...]
    restored: bool
    seconds: float
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    card: Card | None = None
    added: tuple[Addition, ...] = ()
    """What the crate's lock lacked and was added, as only running showed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One run of a crate. `repeat` counts from 0; times are ISO 8601 with a zone."""

    crate: str
    crate_name: str
    repeat: int
    agent: str
    started: str
    ended: str
    runner: str
    sandbox: str
    """`bubblewrap` or `none`."""
    environment: EnvironmentSeen | None
    notebooks: tuple[NotebookObservation, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    network_allowed: bool = False
    not_restored: NotRestored | None = None
    """Why nothing could be run, when the environment could not be had."""
    notes: tuple[str, ...] = ()
    by_hand: bool = False
    """A person ran the cells in a JupyterLab, in whatever order; no unattended replay."""
    candidates: tuple[Candidate, ...] = ()
    """Environments that were tried before this one was chosen; none where the first served."""
    after_repair: bool = False
    """A patched copy of the study was run: it says nothing of the study as it was published."""
