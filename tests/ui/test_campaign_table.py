"""A campaign's tasks in a real browser: filtered, linked, sorted, by keyboard, for everybody."""

from typing import Any

import pytest

from ui import campaign_pages as pages
from ui import test_report_page as reports
from ui.campaigns import campaign, hostile

pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
pytestmark = pytest.mark.skipif(reports.CHROMIUM is None, reason="needs Chromium")
axe, browser = reports.axe, reports.browser
folder_of, open_page = pages.folder_of, pages.open_page


def test_a_view_can_be_linked(open_page: Any) -> None:
    opened = open_page(campaign(400), "#verdict=failed&python=3.9&sort=-year")
    verdicts, years = opened.texts("verdict"), opened.texts("year")
    assert verdicts
    assert all(told.startswith("Failed") for told in verdicts)
    assert years == sorted(years, reverse=True)
    assert all(told.startswith("3.9.") for told in opened.texts("python"))
    opened.page.select_option("#filter-verdict", "~")
    opened.wait_for_fragment("#verdict=%7E&python=3.9&sort=-year")
    opened.page.locator("#clear").click()
    opened.wait_for_fragment("#sort=-year")
    assert opened.count() == "All 400 tasks"
    opened.page.evaluate("location.hash = '#state=broken&page=99'")
    opened.until("document.querySelector('#filter-state').value === 'broken'")
    assert opened.count() == "9 of 400 tasks"
    assert "the crate is empty" in opened.texts("verdict")[0]
    assert "Hint get it anew" in opened.texts("verdict")[0]


@pytest.mark.parametrize("fragment", ["#sort=evil", "#page=-4", "#x=%", "#sort=constructor", "#q"])
def test_an_odd_fragment_is_no_error(open_page: Any, fragment: str) -> None:
    opened = open_page(campaign(9), fragment)
    assert opened.count() == "All 9 tasks"
    assert opened.said == []


def test_words_are_found_however_they_are_written(open_page: Any) -> None:
    opened = open_page(campaign(60))
    opened.page.fill("#filter-q", "ＮＯＤＥ２ 海洋")
    assert set(opened.texts("group")) == {"海洋学会誌"}
    opened.page.fill("#filter-q", "no such study")
    assert opened.count() == "No task is like this."


def test_every_line_with_a_verdict_opens_its_report(open_page: Any) -> None:
    rows = campaign(60)
    opened = open_page(rows)
    report = opened.folder / "runs" / "3" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<!doctype html><title>the report</title>")
    assert opened.page.locator("#rows tbody tr").nth(40).locator("a.title").count() == 0
    opened.page.locator("#rows tbody tr").nth(3).locator("a.title").click()
    opened.page.wait_for_url(report.as_uri())
    assert opened.page.title() == "the report"


def test_ten_thousand_tasks_are_filtered_in_less_than_a_tenth_of_a_second(open_page: Any) -> None:
    opened = open_page(campaign(10_000))
    assert opened.count() == "All 10,000 tasks"
    words = ["tides", "study 99", "node1", "memory", "海洋", "zenodo.1042"]
    clock = opened.context.new_cdp_session(opened.page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_seconds() -> float:
        """Processor time of the page, so that what else the machine does is left out."""
        told = clock.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in told if one["name"] == "TaskDuration"))

    began = busy_seconds()
    for word in words:
        opened.page.fill("#filter-q", word)
        opened.page.evaluate("document.body.getBoundingClientRect().height")
    took = (busy_seconds() - began) / len(words)
    assert opened.count() == "100 of 10,000 tasks"
    assert 0 < took < 0.1
    opened.page.fill("#filter-q", "")
    assert opened.page.locator("#rows tbody tr").count() == 50
    opened.page.locator("#pages button", has_text="Last").click()
    assert opened.texts("number")[-1] == "9999"


def test_all_of_it_works_by_keyboard(open_page: Any) -> None:
    opened = open_page(campaign(120))
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tasks"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "filter-q"
    page.locator("th[data-sort=year] button").focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("th[data-sort=year]", "aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert page.get_attribute("th[data-sort=year]", "aria-sort") == "descending"
    page.locator("#pages button", has_text="Next").focus()
    page.keyboard.press("Enter")
    assert "Page 2 of 3" in page.inner_text("#pages")
    assert page.evaluate("document.activeElement.dataset.key") == "page-after"
    page.locator("#language-en").focus()
    page.keyboard.press("ArrowRight")
    assert opened.headline() == "120 件中 120 件完了"


def test_the_language_switches_every_word(open_page: Any) -> None:
    opened = open_page(campaign(60, finished=50), running=True, library=False)
    english = opened.page.inner_text("body")
    opened.page.locator("#language-ja").check(force=True)
    japanese = opened.page.inner_text("body")
    assert opened.page.evaluate("document.documentElement.lang") == "ja"
    assert "実行失敗" in japanese
    assert "Failed" in english
    for word in (
        "Throughput",
        "Verdict",
        "Search",
        "Next",
        "not known",
        "missing file",
    ):
        assert word in english, word
        assert word not in japanese, word


@pytest.mark.parametrize("width", [320, 400, 640, 1280])
@pytest.mark.parametrize("library", [True, False])
def test_the_page_never_scrolls_sideways(open_page: Any, width: int, library: bool) -> None:
    for rows in (campaign(60, finished=50), hostile()):
        opened = open_page(rows, library=library, viewport={"width": width, "height": 800})
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_is_on_white_with_tables_for_charts(open_page: Any) -> None:
    opened = open_page(campaign(60), color_scheme="dark")
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert opened.page.locator(".drawn:visible").count() == 0
    assert opened.page.locator(".told-in-table table:visible").count() == 6
    assert opened.page.locator("#filters").is_hidden()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    ink = "getComputedStyle(document.querySelector('.sum-table')).color"
    assert opened.page.evaluate(ground) == "rgb(255, 255, 255)"
    assert opened.page.evaluate(ink) == "rgb(23, 33, 43)"


def test_nothing_moves_for_those_who_asked_for_that(open_page: Any) -> None:
    motion = "getComputedStyle(document.getElementById('state-line'), '::before').animationName"
    still = open_page(campaign(9, finished=4), running=True, reduced_motion="reduce")
    assert still.page.evaluate(motion) == "none"
    moving = open_page(campaign(9, finished=4), running=True)
    assert moving.page.evaluate(motion) == "breathe"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ja", 400)])
@pytest.mark.parametrize("library", [True, False])
def test_axe_finds_nothing(
    open_page: Any, axe: str, scheme: str, language: Any, width: int, library: bool
) -> None:
    opened = open_page(
        campaign(90, finished=80),
        running=True,
        notes=("a note",),
        library=library,
        language=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    opened.page.evaluate(axe)
    found = opened.page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 10
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
