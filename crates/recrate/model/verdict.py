"""The verdict: a pure function's answer to `does this study still hold?`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recrate.model.candidate import Candidate
from recrate.model.finding import Finding
from recrate.model.policy import Policy


class Judgement(StrEnum):
    """What a cell, notebook or study gets; best first."""

    IDENTICAL = "identical"
    EQUIVALENT = "equivalent"
    RAN = "ran"
    DIFFERENT = "different"
    FAILED = "failed"
    NOT_RESTORED = "not restored"


class OutputJudgement(StrEnum):
    """What one output gets. `unstable`, `skipped`, `waived` and `added` never lower a verdict."""

    IDENTICAL = "identical"
    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    MISSING = "missing"
    ADDED = "added"
    UNSTABLE = "unstable"
    SKIPPED = "skipped"
    WAIVED = "waived"


class Cause(StrEnum):
    """The closed list of why a notebook failed or an output differs."""

    MISSING_PACKAGE = "missing package"
    API_CHANGED = "API changed"
    MISSING_FILE = "missing file"
    LOCAL_MODULE_MISSING = "local module missing"
    NETWORK_REFUSED = "network refused"
    KERNEL_MISSING = "kernel missing"
    SYSTEM_PROGRAM_MISSING = "system program missing"
    NO_BUILD = "no build for this platform"
    MEMORY = "memory"
    TIME = "time"
    KILLED = "killed"
    AUTHORS_CODE = "author's code"
    STALE_OUTPUT = "stale output"
    DATA_CHANGED = "data changed"
    NONDETERMINISM = "nondeterminism"
    HARDWARE_OR_THREADS = "hardware or threads"
    SANDBOX = "sandbox"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputVerdict:
    """One output. `reason` is a sentence a scientist understands.

    cause:    why it does not hold; None where it does, or was not compared
    evidence: what the cause was concluded from, one sentence, English
    """

    index: int
    mime: str
    verdict: OutputJudgement
    reason: str
    rules: tuple[str, ...] = ()
    """Names of the normalising rules that mattered."""
    rerun_index: int | None = None
    cause: Cause | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellVerdict:
    """One code cell of the recorded notebook. `index` is among all its cells, from 0."""

    index: int
    verdict: Judgement
    outputs: tuple[OutputVerdict, ...]
    rerun_index: int | None = None
    wants: int | None = None
    """The cell that wants the network, where this one could not do its work without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a notebook did not run to its end."""

    name: str
    message: str
    cell: int | None
    cause: Cause
    evidence: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Counts over the recorded outputs that are not empty, and `added` ones of the rerun.

    outputs = identical + equivalent + different + missing + unstable + skipped + waived
    compared = identical + equivalent + different + missing + unstable
    """

    outputs: int = 0
    compared: int = 0
    identical: int = 0
    equivalent: int = 0
    different: int = 0
    missing: int = 0
    added: int = 0
    unstable: int = 0
    skipped: int = 0
    waived: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVerdict:
    """A file that the study published and the notebook wrote again.

    path:    relative to the study's root
    verdict: `identical`, `equivalent`, `different`, `unstable`, or `skipped` where it was not
             compared; only `different` lowers a notebook's verdict
    rules:   names of the normalising rules that mattered
    """

    path: str
    verdict: OutputJudgement
    reason: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCounts:
    """Counts over the published files that notebooks wrote again; outputs are counted apart.

    files = identical + equivalent + different + unstable + skipped
    """

    files: int = 0
    identical: int = 0
    equivalent: int = 0
    different: int = 0
    unstable: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookVerdict:
    """One notebook's verdict with everything behind it."""

    path: str
    verdict: Judgement
    seconds: float
    error: Failure | None
    coverage: Coverage
    cells: tuple[CellVerdict, ...]
    notes: tuple[str, ...] = ()
    files: tuple[FileVerdict, ...] = ()
    """Published files that it wrote again, and wrote last of all notebooks."""


def held_of_cells(notebooks: Iterable[NotebookVerdict]) -> tuple[int, int, int]:
    """Count cells that hold, all cells with something to see, and those that lack the network.

    The first two are of cells with outputs, and of cells that lack the network.
    """
    cells = [cell for notebook in notebooks for cell in notebook.cells]
    shown = [cell for cell in cells if cell.outputs or cell.wants is not None]
    held = [cell for cell in shown if cell.verdict in (Judgement.IDENTICAL, Judgement.EQUIVALENT)]
    return len(held), len(shown), sum(cell.wants is not None for cell in cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A result that the study's author points out as one of its own: a cell, or one output of it.

    cell:    index among all cells of the recorded notebook
    output:  index among its recorded outputs; None means all of them
    title:   the author's words (“Figure 2”), empty where they gave none; title_ja: in Japanese
    verdict: of what is claimed; `ran` where none of it could be compared
    reason:  of the first output that does not hold, empty where all do
    """

    path: str
    cell: int
    title: str
    verdict: Judgement
    reason: str = ""
    output: int | None = None
    title_ja: str = ""

    @property
    def holds(self) -> bool:
        """Whether all that could be compared of it is as recorded, and something could."""
        return self.verdict in (Judgement.IDENTICAL, Judgement.EQUIVALENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the study still holds, how much of it was looked at, and by which rules."""

    verdict: Judgement
    coverage: Coverage
    notebooks: tuple[NotebookVerdict, ...]
    policy: Policy
    judge: str
    """Name and version of the judging function."""
    sentence: str
    """The verdict in one sentence, English."""
    claims: tuple[Claim, ...] = ()
    """What the study says are its results, in the order of the notebooks."""
    findings: tuple[Finding, ...] = ()
    usual: Judgement | None = None
    """What it would be without the author's policy and tolerances, where these decided something.

    By the usual policy where the author's judged, else by the same one.
    """
    by_hand: bool = False
    """It is of what a person ran by hand, not of an unattended replay."""
    files: FileCounts = FileCounts()
    candidates: tuple[Candidate, ...] = ()
    """Environments that were tried, the crate's lock first; none where that served."""
    after_repair: bool = False
    """It is of a patched copy, and no verdict of the study as it was published."""

    @property
    def instead(self) -> Candidate | None:
        """The environment that it is of where that is not the crate's lock; else None."""
        return next((one for one in self.candidates[1:] if one.chosen), None)

    @property
    def eased(self) -> bool:
        """Whether it is another one than without the author's policy and tolerances."""
        return self.usual is not None and self.usual is not self.verdict
