"""What was patched in a copy of a study, and what became of it: never a part of its verdict."""

from dataclasses import dataclass

from recrate.model.verdict import Verdict

REPAIRED = "after-repair"
"""In a replay's folder: the replay of the patched copy, a folder of its own."""
REPAIR = "repair.json"
"""In that folder: what was patched."""
DIFF = "repair.diff"
"""In that folder: the patch itself, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A rule that was applied to one cell, or one module of the study.

    path:    of the notebook or module, relative to the study's root
    cell:    index among all cells of the notebook, None in a module
    lines:   where, in that cell or module, counted from 1
    rule:    its name in the kept table
    package: distribution that the name belonged to; `python` is the standard library
    version: the one that was restored
    gone:    the version in which the name went
    before, after: the name, and what stands there now
    why:     one sentence, English; source: the release notes that say so
    round:   of which attempt it is, from 1
    """

    path: str
    cell: int | None
    lines: tuple[int, ...]
    rule: str
    package: str
    version: str
    gone: str
    before: str
    after: str
    why: str
    source: str
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """All patches of a replay, in the order in which they were made.

    rounds: how often the patched copy was run; 0 where no rule fitted
    left:   what stayed broken and why no rule was applied, one sentence each, English
    dated:  packages with which a failed notebook runs unpatched to its end, as probes showed
    """

    patches: tuple[Patch, ...] = ()
    rounds: int = 0
    left: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A repair as it is told beside a plain verdict, never mixed with it.

    diff:    the patch, unified, cell by cell; empty where nothing was patched
    verdict: of the patched copy; None where none was run
    here:    what is told of is the patched copy itself
    """

    repair: Repair
    diff: str
    verdict: Verdict | None
    here: bool = False
