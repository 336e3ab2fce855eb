"""The words of a campaign's page: both languages, every word of the model."""

import re
from importlib.resources import files
from string import Formatter
from typing import get_args

from recrate.model.campaign import TaskState
from recrate.model.verdict import Cause, Judgement
from recrate.report.assets import SCRIPTS
from recrate.report.campaign_page import COLUMNS, MARKS
from recrate.report.campaign_words import CAMPAIGN_WORDS, campaign_word, words_of_page

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def test_every_word_has_both_languages_and_the_same_braces():
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    for key, (english, japanese) in CAMPAIGN_WORDS.items():
        assert english.strip(), key
        assert japanese.strip(), key
        assert fields(english) == fields(japanese), key


def test_japanese_words_are_japanese():
    latin = {key for key, entry in CAMPAIGN_WORDS.items() if not JAPANESE.search(entry[1])}
    assert latin == {"filter.python", "column.python", "compared.value", "summary.parts"}


def test_the_page_knows_a_word_for_every_state_verdict_and_cause():
    words = words_of_page()
    assert {f"state.{state}" for state in get_args(TaskState)} <= set(words)
    assert {f"judgement.{verdict.value}" for verdict in Judgement} <= set(words)
    assert {f"cause.{cause.value}" for cause in Cause} <= set(words)
    assert set(MARKS) == {verdict.value for verdict in Judgement} | {"broken", "given up"}


def test_the_words_are_those_of_the_house():
    assert campaign_word("title", "ja") == "一括検証"
    assert campaign_word("runners", "ja") == "実行先"
    assert campaign_word("tasks", "ja") == "課題"
    assert campaign_word("attempts", "ja") == "試行"


def scripts() -> str:
    folder = files("recrate.report.assets")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)


def test_every_word_that_the_script_says_is_there():
    text = scripts()
    said = set(re.findall(r"\bsay\('([a-z.]+)'", text)) | set(
        re.findall(r"fact\('([a-z.]+)'", text)
    )
    assert len(said) > 30
    assert said <= set(words_of_page())
    tables = re.findall(r"say\(`([a-z]+)\.\$\{", text)
    assert set(tables) >= {"column", "state"}
    names = re.search(r"const SORTS = \[(.*?)\]", text, re.DOTALL)
    assert names is not None
    columns = re.findall(r"'([a-z]+)'", names[1])
    assert {f"column.{name}" for name in columns} <= set(words_of_page())


def test_the_script_reads_only_columns_that_are_written():
    text = scripts()
    read = set(re.findall(r"\brow\.([a-z]+)\b", text))
    made = {"facets", "mark", "done", "searched", "values", "append"}
    assert read - made <= set(COLUMNS)


def test_the_script_puts_text_on_the_page_and_never_html():
    text = scripts()
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert way not in text, way
    assert "https://" not in text.replace("https://doi.org/", "")
    for name in SCRIPTS:
        own = (files("recrate.report.assets") / name).read_text(encoding="utf-8")
        assert "'use strict';" in own, name
        assert len(own.splitlines()) <= 350, name
