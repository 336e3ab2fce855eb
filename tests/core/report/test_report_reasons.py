"""The judge's reasons in Japanese: complete, and never another meaning."""

import ast
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recrate.compare
from recrate.compare.rules import RULES as JUDGES_RULES
from recrate.report.reasons import RULES, reason_in_japanese

WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        (
            "3 of 10 numbers differ, largest by 5 % at line 3: 1.5 became 2.5",
            "10 個中 3 個の数値が相違（最大 5 %、3 行目：1.5 → 2.5）",
        ),
        (
            "same words; 3 of 4 numbers differ within the tolerance; ignoring paths and timings",
            "語句は同じ、4 個中 3 個の数値が許容差内で相違、パス・所要時間を無視すれば同じ",
        ),
        (
            "reruns differ between each other too: values 1 … 3; recorded 2 lies within",
            "再実行どうしでも異なる（値は 1 から 3）、記録された値 2 はその範囲内",
        ),
        ("line 2 reads “a; b” instead of “c {0}”", "2 行目が “c {0}” から “a; b” に変わった"),
        (
            "accepted by Aoi on 2026-01-02: new colours (was different: the picture is gone)",
            "許容（Aoi、2026-01-02）：new colours（判定は相違、図がなくなった）",
        ),
        ("waived: later (was identical)", "判定保留：later（判定は完全一致）"),
        ("a sentence of another version", "a sentence of another version"),
    ],
)
def test_a_reason_says_the_same_in_japanese(english, japanese):
    assert reason_in_japanese(english) == japanese


def test_every_normalising_rule_has_a_japanese_name():
    assert {rule.name for rule in JUDGES_RULES} <= set(RULES)


def test_every_sentence_of_the_judge_is_known():
    """A sentence in the code with its places filled leaves no English behind but those fillings."""
    folder = Path(recrate.compare.__file__).parent
    said = [
        (source.name, sentence)
        for source in folder.glob("*.py")
        for sentence in sentences_of(ast.parse(source.read_text("utf-8")))
    ]
    assert len(said) > 30
    unknown = {
        f"{name}: {sentence}"
        for name, sentence in said
        if WORD.search(reason_in_japanese(sentence).replace("MIME", "").replace("base64", ""))
    }
    assert unknown == set()


def sentences_of(tree: ast.AST) -> set[str]:
    """Return what `equivalent`, `different` and `skipped` are called with; `7` in each place."""
    found = set()
    for node in ast.walk(tree):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and node.func.id in {"equivalent", "different", "skipped"} and node.args:
            text = literal(node.args[0])
            if text:
                found.add(text)
    return found


def literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        if any(isinstance(part, ast.FormattedValue) and whole_clause(part) for part in node.values):
            return ""
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        )
    return ""


def whole_clause(part: ast.FormattedValue) -> bool:
    """Say whether a place is filled with a part of the sentence, not with a value."""
    name = ast.unparse(part.value)
    return (
        name in {"size", "also", "where", "shown", "lacking", "what", "place"} or "_scale" in name
    )


@given(st.text(max_size=300))
def test_any_reason_has_an_answer(reason):
    assert isinstance(reason_in_japanese(reason), str)


def test_a_sentence_made_to_be_slow_is_not_slow():
    for text in (
        "row " * 450,
        " instead of " * 160,
        "a became " * 200,
        "; “" * 600,
        "at a: " * 300,
    ):
        began = time.monotonic()
        reason_in_japanese(text)
        assert time.monotonic() - began < 1, text[:20]
