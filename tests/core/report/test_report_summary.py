"""The terminal's summary."""

from dataclasses import replace

from recrate.model.verdict import Coverage, Judgement
from recrate.report.text import summarise
from report_accounts import every_kind


def test_the_verdict_word_stands_once_and_first():
    text = summarise(every_kind().verdict)
    head = text.split("\n")[0]
    assert head == (
        "Failed: 7 of 9 outputs compared: 1 identical, 1 equivalent, 2 different, 2 missing,"
        " 1 unstable, 1 skipped, 1 waived; 1 more only in the rerun."
    )
    assert text.count("Failed") == 1


def test_in_japanese_all_but_the_judges_reasons_is_japanese():
    text = summarise(every_kind().verdict, language="ja")
    assert text.startswith("実行失敗：9 件の出力のうち 7 件を比較（完全一致 1 件、")
    assert "パッケージの不足" in text
    assert "compared" not in text
    assert "identical" not in text


def test_the_cause_its_place_and_the_hint_are_told():
    lines = summarise(every_kind().verdict).split("\n")
    assert (
        "    cell 0, missing package: ModuleNotFoundError: No module named 'statsmodels'" in lines
    )
    assert lines[-1] == "    Hint: declare the package"


def test_never_more_than_forty_lines_and_the_rest_is_counted():
    verdict = every_kind().verdict
    text = summarise(replace(verdict, notebooks=verdict.notebooks * 60))
    lines = text.split("\n")
    assert len(lines) == 40
    assert lines[-1].strip().startswith("… and ")
    assert not text.endswith("\n")


def test_control_and_bidi_characters_reach_no_terminal():
    verdict = every_kind().verdict
    notebook = replace(verdict.notebooks[0], path="a\x1b[2Jb\u202egnp.ipynb")
    strange = "b\x1b[2J\u202e\nc"
    claim = replace(verdict.claims[0], title=strange, path=strange, reason=strange)
    text = summarise(replace(verdict, notebooks=(notebook,), claims=(claim,)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "⟦U+202E⟧" in text


def test_a_study_without_recorded_outputs_says_so():
    verdict = replace(
        every_kind().verdict, coverage=Coverage(), verdict=Judgement.RAN, notebooks=(), claims=()
    )
    told = summarise(verdict).splitlines()
    assert told == ["Ran to the end: No recorded output to compare with.", "  Policy: default"]
    japanese = summarise(verdict, language="ja").splitlines()
    assert japanese == ["実行完了：比較できる記録された出力なし。", "  ポリシー：default"]
