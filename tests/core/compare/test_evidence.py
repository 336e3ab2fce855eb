"""The evidence of causes: found in a moment also in long outputs, and told in Japanese."""

import time

import pytest

from recrate.compare.pieces import Piece
from recrate.compare.releases import known_change
from recrate.report.reasons_causes import evidence_in_japanese


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        (
            "as recorded with pandas 1.0.5 instead of 1.3.5",
            "pandas 1.3.5 を 1.0.5 に替えた環境では記録と一致する",
        ),
        ("as recorded with three threads", "スレッド数 3では記録と一致する"),
        (
            "another one again with the packages of 2021-06-02",
            "2021-06-02 時点のパッケージではさらに別の結果になる",
        ),
        (
            "the same as now with the packages of 2021-06-02 and with the packages of 2023-06-02:"
            " the record has another origin",
            "2021-06-02 時点のパッケージでも 2023-06-02 時点のパッケージでも今と同じになるため、"
            "記録は別のものに由来する",
        ),
    ],
)
def test_what_probes_prove_is_told_in_japanese(english, japanese):
    assert evidence_in_japanese(english) == japanese


@pytest.mark.parametrize(
    "text", ["1" * 300_000, "Lasso(" * 50_000, "A(a=1, " * 40_000, "_" * 300_000, " 1. " * 90_000]
)
def test_long_outputs_are_looked_through_in_a_moment(text):
    before, after = (Piece(index=0, kind="stream", text=one) for one in (text, f"{text}."))
    began = time.process_time()
    known_change(before, after)
    assert time.process_time() - began < 2
