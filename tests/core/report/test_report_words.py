"""The report's words: both languages, every word of the model."""

import re
from string import Formatter

import pytest

from recrate.model.finding import Severity
from recrate.model.verdict import Cause, Judgement, OutputJudgement
from recrate.report.marks import SHAPES
from recrate.report.words import WORDS, word


def test_every_word_has_both_languages():
    assert [key for key, entry in WORDS.items() if not all(text.strip() for text in entry)] == []


def test_both_languages_fill_the_same_braces():
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert [key for key, (one, other) in WORDS.items() if fields(one) != fields(other)] == []


def test_japanese_words_are_japanese():
    alike = {key for key, (english, japanese) in WORDS.items() if english == japanese}
    assert alike <= {"card.blas", "card.gpu"}
    latin = {key for key, entry in WORDS.items() if not re.search("[ぁ-んァ-ヶ一-龠]", entry[1])}
    assert latin <= {"card.system", "card.blas", "card.gpu"}


@pytest.mark.parametrize("group", ["judgement", "meaning"])
def test_every_verdict_has_its_words(group):
    for verdict in Judgement:
        assert f"{group}.{verdict.value}" in WORDS
    assert set(SHAPES) == {kind.value for kind in (*Judgement, *OutputJudgement)}


def test_every_output_verdict_cause_and_severity_has_its_words():
    for verdict in OutputJudgement:
        assert {f"output.{verdict.value}", f"meaning.output.{verdict.value}"} <= set(WORDS)
    assert all(f"cause.{cause.value}" in WORDS for cause in Cause)
    assert all(f"severity.{severity.value}" in WORDS for severity in Severity)


def test_the_words_are_those_of_the_architecture():
    assert word("verdict", "ja") == "判定"
    assert word("crate", "ja") == "クレート"
    assert word("environment", "ja") == "実行環境"
    assert (word("recorded", "ja"), word("rerun", "ja")) == ("記録された出力", "再実行の出力")


def test_foreign_braces_are_no_format():
    assert word("generated", "en", agent="{0.__class__} {x}") == "Made by {0.__class__} {x}"
    with pytest.raises(KeyError):
        word("no such word", "en")
