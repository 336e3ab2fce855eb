"""A campaign's page in a real browser: what it asks, shows, refuses, and how news come."""

import re
from typing import Any

import pytest

from recrate.report.campaign_page import campaign_data
from ui import campaign_pages as pages
from ui import test_report_page as reports
from ui.campaign_pages import NEWS_MS, QUIET_MS, needs_charts
from ui.campaigns import HOSTILE, campaign, chart_library, hostile, judged, status_of

pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
pytestmark = pytest.mark.skipif(reports.CHROMIUM is None, reason="needs Chromium")
browser, folder_of, open_page = reports.browser, pages.folder_of, pages.open_page


def test_the_page_opens_from_a_folder_and_asks_for_its_data_only(open_page: Any) -> None:
    opened = open_page(campaign(120))
    opened.page.wait_for_timeout(500)
    place = opened.folder.as_uri()
    asked = [url for url in opened.asked if not url.startswith("data:")]
    assert [re.sub(r"\?\d+$", "", url) for url in asked] == [
        f"{place}/index.html",
        f"{place}/data.js",
    ]
    assert opened.said == []
    assert opened.headline() == "120 of 120 done"
    assert opened.page.title() == "120 of 120 done · Campaign"
    assert opened.count() == "All 120 tasks"


def test_the_charts_are_drawn_and_each_has_its_table(open_page: Any) -> None:
    needs_charts()
    opened = open_page(campaign(120))
    inked = opened.page.evaluate(
        """() => [...document.querySelectorAll(".drawn:not([hidden]) canvas")].map(canvas => {
          const pen = canvas.getContext("2d");
          const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
          return dots.some(value => value > 0);
        })"""
    )
    assert inked == [True] * 6
    tables = opened.page.locator(".told-in-table table")
    assert tables.count() == 6
    assert "Journal of Tides" in tables.nth(5).inner_text()
    opened.view("tables")
    assert opened.page.locator(".drawn:visible").count() == 0
    assert opened.page.locator(".told-in-table table:visible").count() == 6


def test_a_click_on_a_bar_shows_its_tasks(open_page: Any) -> None:
    needs_charts()
    opened = open_page(campaign(120))
    place = opened.page.evaluate(
        """() => {
          const canvas = document.querySelector("#chart-causes canvas");
          const chart = Chart.getChart(canvas);
          const part = chart.data.datasets.findIndex(one => one.data[0] > 0);
          const bar = chart.getDatasetMeta(part).data[0];
          return {x: (bar.x + bar.base) / 2, y: bar.y};
        }"""
    )
    chart = opened.page.locator("#chart-causes canvas")
    cause = opened.page.evaluate(
        "Chart.getChart(document.querySelector('#chart-causes canvas')).data.labels[0]"
    )
    chart.click(position=place)
    opened.until("document.getElementById('filter-cause').value !== ''")
    assert all(cause in told for told in opened.texts("verdict"))
    assert opened.page.evaluate("document.activeElement.id") == "tasks"


def test_without_the_library_the_tables_stand_in_their_place(open_page: Any) -> None:
    rows = campaign(120)
    opened = open_page(rows, library=False)
    assert opened.said == []
    assert opened.page.locator("#views").is_hidden()
    assert opened.page.locator(".told-in-table table:visible").count() == 6
    sums = opened.page.locator("#chart-verdicts td.all").all_inner_texts()
    assert sum(map(int, sums)) == len(rows)
    wide = opened.page.evaluate(
        "document.querySelector('#chart-verdicts .fill').getBoundingClientRect().width"
    )
    assert wide > 20


def test_a_line_of_a_table_shows_its_tasks(open_page: Any) -> None:
    opened = open_page(campaign(120), library=False)
    opened.page.locator("#chart-years button", has_text="2019").click()
    assert set(opened.texts("year")) == {"2019"}
    opened.wait_for_fragment("#year=2019")


def test_nothing_of_a_hostile_campaign_runs_loads_or_leads_away(open_page: Any) -> None:
    for language in ("en", "ja"):
        opened = open_page(hostile(), language=language)
        if chart_library():
            opened.view("tables")
        opened.page.wait_for_timeout(300)
        assert opened.said == []
        assert len([url for url in opened.asked if url[:5] != "data:"]) == 2
        found = opened.page.evaluate(
            """() => ({
              owned: String(window.__owned),
              pictures: document.images.length,
              links: [...document.querySelectorAll("main a")].map(one => one.href)
                .filter(href => !/\\/runs\\/\\d+\\/report\\.html$/.test(href)),
              active: document.querySelectorAll("iframe,object,embed,base").length,
              raw: /[\\u0000-\\u0008\\u001b\\u202e\\u2028]/.test(document.body.textContent),
            })"""
        )
        assert found == {
            "owned": "undefined",
            "pictures": 0,
            "links": [],
            "active": 0,
            "raw": False,
        }
        assert HOSTILE[0] in opened.page.inner_text("#rows")


def test_the_policy_refuses_scripts_and_styles_that_are_not_ours(open_page: Any) -> None:
    opened = open_page(campaign(3))
    opened.page.evaluate(
        """() => {
          const html = "<script>window.__owned = 1</script><img src=x onerror='__owned = 1'>"
            + "<style>h1 {display: none}</style><iframe src='https://evil.invalid/'></iframe>";
          document.body.append(document.createRange().createContextualFragment(html));
        }"""
    )
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("window.__owned") is None
    assert opened.page.locator("h1").is_visible()
    assert opened.said
    assert all("Content Security Policy" in line for line in opened.said)


def test_news_come_without_losing_filter_sort_scroll_or_focus(open_page: Any) -> None:
    before = campaign(200, finished=90)
    opened = open_page(before, "#q=tides&sort=-seconds", running=True)
    opened.page.set_viewport_size({"width": 1200, "height": 500})
    assert opened.headline() == "90 of 200 done"
    opened.page.locator("#rows a.title").nth(5).focus()
    opened.page.evaluate("window.scrollTo(0, 1500)")
    held = opened.page.evaluate("document.activeElement.href")
    top = opened.page.evaluate("window.scrollY")
    opened.write([judged(n, "ran") if n == 150 else row for n, row in enumerate(before)],
                 running=True)  # fmt: skip
    opened.wait_for_headline("91 of 200 done")
    assert opened.page.evaluate("document.activeElement.href") == held
    assert abs(opened.page.evaluate("window.scrollY") - top) < 40
    assert opened.page.input_value("#filter-q") == "tides"
    assert opened.page.get_attribute("th[data-sort=seconds]", "aria-sort") == "descending"
    opened.wait_for_fragment("#q=tides&sort=-seconds")
    assert opened.said == []


def test_a_line_that_changes_keeps_the_focus_on_its_report(open_page: Any) -> None:
    before = [judged(number, "identical") for number in range(5)]
    opened = open_page(before, running=True)
    opened.page.locator("#rows a.title").nth(2).focus()
    opened.write([*before[:2], judged(2, "failed", cause="memory"), *before[3:]], running=True,
                 notes=("changed",))  # fmt: skip
    opened.page.wait_for_selector("#rows tbody tr.is-failed", timeout=NEWS_MS)
    assert opened.page.evaluate("document.activeElement.dataset.key") == "report-2"


def test_a_campaign_that_is_done_is_not_asked_again(open_page: Any) -> None:
    opened = open_page(campaign(20, finished=10), running=True)
    opened.write(campaign(20), running=False)
    opened.wait_for_headline("20 of 20 done")
    assert opened.page.inner_text("#heard") == "The campaign is complete."
    asked = len(opened.asked)
    opened.page.wait_for_timeout(QUIET_MS)
    assert len(opened.asked) == asked


def test_half_a_file_of_data_changes_nothing_and_the_whole_one_is_taken_later(
    open_page: Any,
) -> None:
    opened = open_page(campaign(300, finished=10), running=True)
    text = "".join(campaign_data(status_of(campaign(300), running=True), campaign(300)))
    (opened.folder / "data.js").write_text(text[: text.rindex("recrateCampaign.end")])
    opened.page.wait_for_timeout(QUIET_MS)
    assert opened.headline() == "10 of 300 done"
    (opened.folder / "data.js").write_text(text)
    opened.wait_for_headline("300 of 300 done")


def test_a_page_without_its_data_says_so_and_waits_for_it(folder_of: Any) -> None:
    opened = folder_of().go()
    opened.page.wait_for_selector("#banner:not([hidden])")
    opened.until("document.getElementById('banner').textContent.includes('not beside this page')")
    opened.write(campaign(4))
    opened.wait_for_headline("4 of 4 done")
    assert opened.page.locator("#banner").is_hidden()


def test_a_campaign_without_news_is_said_to_be(open_page: Any) -> None:
    opened = open_page(campaign(9, finished=4), running=True, at="2026-01-01T00:00:00+00:00")
    assert "No news since" in opened.page.inner_text("#state-line")
