"""Which cells an output hangs on: those that bound or changed what its cell uses, and so on up."""

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recrate.compare.hostile import cells_of, mapping
from recrate.model.code import CellCode, Draw
from recrate.model.study import Notebook

_PYTHONS = frozenset(dir(builtins)) | {"__name__", "display"}
_ALWAYS = _PYTHONS - {"abs", "all", "any", "bool", "max", "min", "pow", "round", "sum"}
"""Names of Python itself that no library's star import takes over (NumPy's does, of the rest)."""
_RUNNING = frozenset({"run", "load", "rerun", "recall", "macro", "pylab", "store", "loadpy"})
"""Magics that bind names which the cell does not show."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The cells that one hangs on, itself first, then upwards.

    complete: every cell above could be read, so that nothing is left out
    unbound:  names that no cell above is seen to bind, nor a star import, and not Python's own
    """

    cells: tuple[CellCode, ...]
    complete: bool
    unbound: frozenset[str] = frozenset()

    @property
    def above(self) -> tuple[CellCode, ...]:
        """The cells without the one it is about."""
        return self.cells[1:]


def slice_of(cell: int, codes: Sequence[CellCode]) -> Slice:
    """Return what the cell at this index hangs on when the notebook is run from top to bottom.

    codes: in the order of the notebook; a cell that is not among them hangs on nothing known
    """
    own = next((one for one in codes if one.cell == cell), None)
    if own is None:
        return Slice((), complete=False)
    found = [own]
    wanted = set(own.takes)
    complete = own.known
    for one in reversed([code for code in codes if code.cell < cell]):
        complete = complete and one.known
        runs = bool(_RUNNING & set(one.commands))
        if wanted & (one.gives | one.alters) or ((runs or "*" in one.gives) and wanted - _ALWAYS):
            found.append(one)
            complete = complete and not runs
            wanted = (wanted - (one.gives - one.takes)) | one.takes
    starred = any("*" in one.gives for one in found)
    return Slice(tuple(found), complete, frozenset() if starred else frozenset(wanted - _PYTHONS))


def unseeded(cells: Sequence[CellCode], codes: Sequence[CellCode]) -> tuple[CellCode, Draw] | None:
    """Return the first draw among `cells` that no seed in or above its cell settles."""
    for one in cells:
        settled = {seed for code in codes if code.cell <= one.cell for seed in code.seeds}
        for draw in one.draws:
            if draw.source not in settled:
                return one, draw
    return None


_SAME_STREAM = frozenset({"numpy", "random", "math", "matplotlib", "pandas", "IPython"})
"""Modules that draw nothing, or promise the same numbers for a seed in every version."""


def seeding(cells: Sequence[CellCode], codes: Sequence[CellCode]) -> str:
    """Say which cell sets the seed by which a library draws in `cells`; empty without any.

    A library may draw in a call that does not look like it, so a seed among `cells` counts alone.
    """
    if not {module for one in cells for module in one.modules} - _SAME_STREAM:
        return ""
    for one in cells:
        above = [code for code in codes if code.cell <= one.cell]
        seeds = [code.cell for draw in one.draws for code in above if draw.source in code.seeds]
        if one.seeds or seeds:
            cell = one.cell if one.seeds else max(seeds)
            return (
                f"cell {cell} sets a seed, so that chance does not explain it: packages of other"
                " versions draw otherwise"
            )
    return ""


def hands_on_time(one: CellCode, hangs: Slice) -> bool:
    """Say whether what a cell's clock says can reach the cell that the slice is about.

    A cell above that only prints how long it took hands on nothing of it.
    """
    below = hangs.cells[: hangs.cells.index(one)]
    taken = {name for code in below for name in code.takes}
    return not below or one.timed is None or bool(one.timed & taken)


def counts_of(notebook: Notebook) -> dict[int, int]:
    """Return cell index → number under which the record says that it was run."""
    found = {}
    for index, cell in enumerate(cells_of(notebook)):
        count = mapping(cell).get("execution_count")
        if isinstance(count, int) and not isinstance(count, bool) and 0 < count < 10**9:
            found[index] = count
    return found


def taken_from_elsewhere(
    one: CellCode, codes: Sequence[CellCode], counts: Mapping[int, int]
) -> tuple[str, int, int] | None:
    """Return a name that the recorded run had from another cell than the notebook's order gives.

    Returns (name, index of the cell that the record had it from, index that a run from top to
    bottom has it from; -1 for none).
    """
    if one.cell not in counts:
        return None
    for name in sorted(one.takes):
        makers = [
            code.cell
            for code in codes
            if name in code.gives | code.alters and code.cell in counts and code.cell != one.cell
        ]
        before = [cell for cell in makers if counts[cell] < counts[one.cell]]
        recorded = max(before, key=counts.__getitem__, default=None)
        above = max((cell for cell in makers if cell < one.cell), default=-1)
        if recorded is not None and recorded != above:
            return name, recorded, above
    return None
