"""Precision and recall of `different` on a sample of every kind of single change."""

import random

import pytest

from single_changes.everything import ALL, DRAWN, IMPERFECT, QUICK
from single_changes.judging import Row, Share, precision_and_recall, run

SEED = 7
ONE_IN = 14
"""Of the kinds that are drawn, which take long; another seed takes others."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    drawn = [kind for kind in ALL if kind.family in DRAWN]
    chosen = random.Random(SEED).sample(drawn, len(drawn) // ONE_IN)
    return run(QUICK, 1, SEED) + run(chosen, 1, SEED)


def test_every_kind_that_is_judged_rightly_stays_so(rows: list[Row]) -> None:
    worse = {row.kind.label: row.wrong[0] for row in rows if row.wrong}
    assert {label: why for label, why in worse.items() if label not in IMPERFECT} == {}


def test_precision_and_recall_of_different_are_at_least_099(rows: list[Row]) -> None:
    precision, recall = precision_and_recall(rows)
    print(f"precision {precision}\nrecall {recall}")
    assert precision.value >= 0.99
    assert recall.value >= 0.99


def test_there_are_kinds_enough_of_either_sort(rows: list[Row]) -> None:
    real = [row for row in rows if row.kind.is_real]
    assert len(real) >= 200
    assert len(rows) - len(real) >= 100


def test_intervals_are_those_of_wilson() -> None:
    low, high = Share(hits=9, of=10).interval
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert Share(hits=10, of=10).interval[1] == pytest.approx(1)
