"""A patched copy in the report: beside the verdict, never in its place, and harmless."""

from dataclasses import replace

import pytest

from recrate.model.repair import Patch, Repair, Repaired
from recrate.model.verdict import Coverage, Judgement, Verdict
from recrate.report.account import Account
from recrate.report.page import render_page
from recrate.report.repair import repair_line
from recrate.report.text import summarise
from report_accounts import every_kind

PAYLOAD = "<script>alert(1)</script>\u202e\x1b[31m"
PATCH = Patch(
    path=f"{PAYLOAD}.ipynb",
    cell=3,
    lines=(1, 4),
    rule="numpy-builtin-aliases",
    package="numpy",
    version="1.26.4",
    gone="1.24",
    before="numpy.float",
    after="float",
    why="np.float was another name of float",
    source="https://numpy.org/doc/stable/release/1.24.0-notes.html",
)


def verdict_of(judgement: Judgement) -> Verdict:
    return replace(
        every_kind().verdict,
        verdict=judgement,
        coverage=Coverage(outputs=2, compared=2, identical=2),
        notebooks=(),
        after_repair=True,
    )


def told(judgement: Judgement | None, **more: object) -> Repaired:
    return Repaired(
        repair=Repair(patches=(PATCH,), rounds=1, left=(f"b.ipynb: {PAYLOAD}",)),
        diff=f"--- a, cell 3\n+++ a, cell 3\n@@ -1 +1 @@\n-x = np.float('{PAYLOAD}')\n+x = 1\n y",
        verdict=verdict_of(judgement) if judgement else None,
        **more,  # type: ignore[arg-type]
    )


def page_of(repaired: Repaired | None) -> str:
    return render_page(replace(every_kind(), repaired=repaired))


def test_the_diff_and_its_reasons_stand_in_a_section_of_their_own():
    page = page_of(told(Judgement.IDENTICAL))
    section = page[page.index('class="behind repair"') :]
    section = section[: section.index("</section>")]
    for text in ("After repair: ", "修正後：", "numpy.float", "1.26.4", PATCH.source, "+x = 1"):
        assert text in section
    assert '<span class="gone">-x = np.float(' in section
    plain = page_of(None)
    assert "repair-heading" not in plain
    before = page[: page.index('<section class="behind repair"')].rstrip()
    assert plain.startswith(before)  # the verdict's own section is the same


def test_strangers_code_in_a_diff_stays_text():
    page = page_of(told(Judgement.IDENTICAL))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "⟦U+202E⟧" in page


def test_a_dated_environment_is_named_as_the_better_way():
    repaired = told(Judgement.IDENTICAL)
    dated = replace(repaired.repair, dated=("numpy 1.23.5 instead of 1.26.4",))
    page = page_of(replace(repaired, repair=dated))
    assert "Better than a patch" in page
    assert "numpy 1.23.5 instead of 1.26.4" in page
    assert "Better than a patch" not in page_of(repaired)


@pytest.mark.parametrize("judgement", [Judgement.FAILED, Judgement.NOT_RESTORED])
def test_a_patch_that_does_not_help_is_told(judgement):
    assert "The patch does not help" in page_of(told(judgement))
    assert "The patch does not help" not in page_of(told(Judgement.DIFFERENT))


def test_a_very_long_diff_is_cut_and_says_where_all_of_it_is():
    page = page_of(replace(told(Judgement.IDENTICAL), diff="+x\n" * 200_000))
    assert len(page) < 3_000_000
    assert "after-repair/repair.diff" in page


def test_the_page_of_the_copy_says_what_it_is_before_anything_else():
    account: Account = replace(
        every_kind(), verdict=verdict_of(Judgement.IDENTICAL), repaired=told(None, here=True)
    )
    page = render_page(account)
    assert "<title" in page
    assert 'data-en="After repair: Identical' in page
    assert "It is no verdict of the crate." in page
    assert summarise(account.verdict).startswith("After repair, Identical: ")
    assert summarise(account.verdict, language="ja").startswith("修正後、")


def test_the_terminals_line_names_it_a_copy():
    line = repair_line(told(Judgement.IDENTICAL), "en")
    assert line.startswith("After repair (a patched copy, not the verdict): Identical: 2 of 2")
    assert "\n" not in line
    assert repair_line(told(Judgement.IDENTICAL), "ja").startswith("修正後")
    assert "nothing was patched" in repair_line(told(None), "en")
