"""Every kind of change put before the judge: what it answered, counted, with intervals."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy
from recrate.model.verdict import Judgement
from single_changes.kinds import Kind, Output, Pair

Z = 1.959964
"""Of the normal distribution: two-sided 95 %."""


@dataclass(kw_only=True)
class Row:
    """What the judge said of one kind. `wrong`: the reason it gave for each wrong answer."""

    kind: Kind
    count: int = 0
    wrong: list[str] = field(default_factory=list)


def judged(pair: Pair) -> tuple[bool, str]:
    """Return whether the judge calls a pair different, and the first reason it gave."""

    def notebook(outputs: list[Output], metadata: dict[str, Any]) -> dict[str, Any]:
        cell = {"cell_type": "code", "source": pair.source, "metadata": {}, "outputs": outputs}
        return {"cells": [cell], "metadata": metadata}

    recorded = notebook(pair.recorded, pair.metadata[0])
    rerun = notebook(pair.rerun, pair.metadata[1])
    verdict = compare_notebooks("a.ipynb", recorded, [rerun], Policy())
    said = [output for cell in verdict.cells for output in cell.outputs]
    worst = [output for output in said if output.verdict.value in ("different", "missing")]
    reasons = [f"{output.verdict.value}: {output.reason}" for output in worst or said]
    bad = verdict.verdict in (Judgement.DIFFERENT, Judgement.FAILED)
    return bad, reasons[0] if reasons else "nothing compared"


def run(kinds: Iterable[Kind], per_kind: int, seed: int) -> list[Row]:
    """Make `per_kind` changes of each kind and judge them. The same seed gives the same changes.

    A pair without any change is an error of the generator. Raises ValueError there.
    """
    rows = []
    for kind in kinds:
        row = Row(kind=kind)
        for number in range(per_kind):
            pair = kind.make(random.Random(f"{seed} {kind.label} {number}"))
            if repr((pair.recorded, pair.metadata[0])) == repr((pair.rerun, pair.metadata[1])):
                raise ValueError(f"{kind.label}: nothing was changed")
            different, reason = judged(pair)
            row.count += 1
            if different != kind.is_real:
                row.wrong.append(reason)
        rows.append(row)
    return rows


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share with its 95 % interval by Wilson's score."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Source: E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)."""
        middle = (self.value + Z**2 / (2 * self.of)) / (1 + Z**2 / self.of)
        spread = self.value * (1 - self.value) / self.of + Z**2 / (4 * self.of**2)
        half = Z * math.sqrt(spread) / (1 + Z**2 / self.of)
        return middle - half, min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.4f} ({low:.4f} to {high:.4f}; {self.hits} of {self.of})"


def precision_and_recall(rows: Sequence[Row]) -> tuple[Share, Share]:
    """Return how often `different` is right, and how often a real change is called so."""
    real = [row for row in rows if row.kind.is_real]
    found = sum(row.count - len(row.wrong) for row in real)
    false = sum(len(row.wrong) for row in rows if not row.kind.is_real)
    recall = Share(hits=found, of=sum(row.count for row in real))
    return Share(hits=found, of=found + false), recall
