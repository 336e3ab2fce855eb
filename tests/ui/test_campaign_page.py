"""A campaign's page in a real browser, opened from a folder as people open it."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from recrate.model.campaign import TaskRow
from recrate.report.campaign_page import campaign_data, render_campaign_page
from ui import test_report_page as reports
from ui.campaigns import HOSTILE, campaign, chart_library, hostile, judged, script, status_of

pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
pytestmark = pytest.mark.skipif(reports.CHROMIUM is None, reason="needs Chromium")
browser, axe = reports.browser, reports.axe
NEWS_MS = 30_000
"""The page asks for news every four seconds, or less often where that takes long."""
QUIET_MS = 7_000


class Opened:
    """A campaign's folder, its page opened from there, and all it asked and said."""

    def __init__(self, browser: Any, folder: Path, **context: Any) -> None:
        self.folder = folder
        self.context = browser.new_context(**{"locale": "en-US", **context})
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda trouble: self.said.append(str(trouble)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))

    def write(self, rows: Sequence[TaskRow], **status: Any) -> None:
        text = "".join(campaign_data(status_of(rows, **status), rows))
        (self.folder / "data.js").write_text(text, encoding="utf-8")

    def go(self, fragment: str = "") -> "Opened":
        self.page.goto((self.folder / "index.html").as_uri() + fragment)
        return self

    def shown(self) -> "Opened":
        self.page.wait_for_selector("#shown:not(:empty)")
        return self

    def headline(self) -> str:
        return str(self.page.inner_text("#headline"))

    def count(self) -> str:
        return str(self.page.inner_text("#shown"))

    def until(self, condition: str, *, within_ms: int = NEWS_MS) -> None:
        """Wait for what a script says; the page's own policy forbids it to wait for itself."""
        ended = time.monotonic() + within_ms / 1000
        while not self.page.evaluate(condition):
            assert time.monotonic() < ended, f"not within {within_ms} ms: {condition}"
            self.page.wait_for_timeout(50)

    def wait_for_headline(self, text: str) -> None:
        self.until(f"document.getElementById('headline').textContent === {json.dumps(text)}")

    def texts(self, column: str) -> list[str]:
        return [
            str(one) for one in self.page.locator(f"#rows tbody .cell-{column}").all_inner_texts()
        ]

    def wait_for_fragment(self, fragment: str) -> None:
        self.until(f"location.hash === {json.dumps(fragment)}")

    def view(self, name: str) -> None:
        self.page.locator(f"#view-{name}").check(force=True)


@pytest.fixture
def folder_of(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page whose data the test writes; `library=False`: charts were not built."""
    contexts = []

    def made(*, library: bool = True, language: Any = None, **context: Any) -> Opened:
        html = render_campaign_page(
            language=language, script=script(), chart_library=chart_library() if library else ""
        )
        (tmp_path / "index.html").write_text(html, encoding="utf-8")
        found = Opened(browser, tmp_path, **context)
        contexts.append(found.context)
        return found

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(folder_of: Any) -> Any:
    """A page with its data, shown."""

    def opened(rows: Sequence[TaskRow], fragment: str = "", **more: Any) -> Opened:
        status = {name: more.pop(name) for name in ("running", "notes", "at") if name in more}
        found: Opened = folder_of(**more)
        found.write(rows, **status)
        return found.go(fragment).shown()

    return opened


def needs_charts() -> None:
    if not chart_library():
        pytest.skip("needs Chart.js in the assets: `npm run build:charts`")


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
    measured = opened.page.evaluate(
        """() => {
          const field = document.getElementById("filter-q");
          const best = {};
          for (let round = 0; round < 5; round += 1) {
            for (const words of ["tides", "study 99", "node1", "memory", "海洋", "zenodo.1042"]) {
              const began = performance.now();
              field.value = words;
              field.dispatchEvent(new Event("input", {bubbles: true}));
              document.body.getBoundingClientRect();
              const took = performance.now() - began;
              best[words] = Math.min(took, best[words] ?? Infinity);
            }
          }
          return best;
        }"""
    )
    assert opened.count() == "100 of 10,000 tasks"
    assert max(measured.values()) < 100, measured
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
