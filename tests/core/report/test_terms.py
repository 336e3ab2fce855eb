"""What a verdict is in the terms of those who award badges."""

from dataclasses import replace

import pytest

from recrate.model.policy import Policy, Waiver
from recrate.model.verdict import Coverage, Judgement
from recrate.report.page import render_page
from recrate.report.terms import level_of
from report_accounts import every_kind

WHOLE = Coverage(outputs=3, compared=3, identical=2, equivalent=1)
WAIVER = Waiver(path="a.ipynb", cell=0, output=0, reason="known")


@pytest.mark.parametrize(
    ("judgement", "coverage", "more", "level"),
    [
        (Judgement.IDENTICAL, WHOLE, {}, "reproduced"),
        (Judgement.EQUIVALENT, WHOLE, {}, "reproduced"),
        (Judgement.IDENTICAL, replace(WHOLE, outputs=4, skipped=1), {}, "partly"),
        (Judgement.IDENTICAL, replace(WHOLE, outputs=4, compared=4, unstable=1), {}, "partly"),
        (Judgement.IDENTICAL, WHOLE, {"by_hand": True}, "partly"),
        (Judgement.IDENTICAL, WHOLE, {"policy": Policy(waivers=(WAIVER,))}, "partly"),
        (Judgement.RAN, Coverage(), {}, "functional"),
        (Judgement.DIFFERENT, WHOLE, {}, "against"),
        (Judgement.FAILED, WHOLE, {}, "against"),
        (Judgement.NOT_RESTORED, Coverage(), {}, "unknown"),
    ],
)
def test_the_level_follows_from_verdict_and_coverage(judgement, coverage, more, level):
    verdict = replace(
        every_kind().verdict, verdict=judgement, coverage=coverage, **{"policy": Policy(), **more}
    )
    assert level_of(verdict) == level


def test_of_a_part_of_the_notebooks_nobody_says_all():
    verdict = replace(
        every_kind().verdict, verdict=Judgement.IDENTICAL, coverage=WHOLE, policy=Policy()
    )
    count = len(verdict.notebooks)
    assert level_of(verdict, published=count) == "reproduced"
    assert level_of(verdict, published=count + 1) == "partly"


def test_the_report_says_it_in_both_languages_and_awards_nothing():
    page = render_page(every_kind())
    assert "Speaks against “Results Reproduced”" in page
    assert "とは言えません" in page
    assert "not by recrate" in page
