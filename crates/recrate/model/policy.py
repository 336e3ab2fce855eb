"""How strictly outputs are compared: a named record, printed in reports, kept in run crates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Two numbers agree when |rerun - recorded| <= absolute + relative * |recorded|."""

    relative: float = 1e-6
    absolute: float = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A difference that a person accepts, with the reason. Indices count from 0."""

    path: str
    cell: int
    output: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts as equivalent.

    image_fraction: share of pixels that may differ perceptually before a picture is different
    stderr:         `compare` or `skip`: whether stderr streams count as results
    """

    name: str = "default"
    tolerance: Tolerance = Tolerance()
    image_fraction: float = 0.001
    stderr: str = "compare"
    waivers: tuple[Waiver, ...] = ()
