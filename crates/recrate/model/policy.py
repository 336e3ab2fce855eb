"""How strictly outputs are compared: a named record, printed in reports, kept in run crates."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Two numbers agree when |rerun - recorded| <= absolute + relative * |recorded|."""

    relative: float = 1e-6
    absolute: float = 1e-12


class WaiverKind(StrEnum):
    """Accept: somebody looked, and the difference is fine. Waive: it is to be left unjudged."""

    ACCEPT = "accept"
    WAIVE = "waive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A difference that a person takes on, with the reason. Indices count from 0.

    person: who says so; None where nobody is named
    date:   ISO date or time at which it was said
    """

    path: str
    cell: int
    output: int
    reason: str
    kind: WaiverKind = WaiverKind.ACCEPT
    person: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTolerance:
    """Another tolerance for some notebooks, or for some of their cells.

    path: of notebooks, as shells write patterns; `*` passes `/`, too: `analysis/*.ipynb`
    cell: its id, its index among all cells, or one of its tags; empty means every cell
    """

    path: str
    tolerance: Tolerance
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts as equivalent.

    image_fraction: share of pixels that may differ perceptually before a picture is different
    stderr:         `compare` or `skip`: whether stderr streams count as results
    places:         tolerances for some notebooks and cells; of several the last one holds, and
                    one for cells before one for notebooks
    by_author:      it came with the crate, from the study's author
    own_tolerances, own_skips: what the author asks for in the notebooks themselves is heeded
    skip_files:     patterns (`*.log`, `results/raw/*`) of written files that are not compared
    """

    name: str = "usual"
    tolerance: Tolerance = Tolerance()
    image_fraction: float = 0.001
    stderr: str = "compare"
    waivers: tuple[Waiver, ...] = ()
    places: tuple[PlaceTolerance, ...] = ()
    by_author: bool = False
    own_tolerances: bool = True
    own_skips: bool = True
    skip_files: tuple[str, ...] = ()
