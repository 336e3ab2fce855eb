"""A site in a real browser: found with JavaScript and without it, on a phone and on paper."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from recrate.model.progress import silent
from recrate.model.study import Access, AccessRight
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from site_parcels import DESCRIPTION, parcel, place, surroundings

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
SLUG = "tide-prediction-for-the-seto-inland-sea"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain web server of files that says nothing."""

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    site = Site(place(folder=str(folder / "site"), title="Crates of Kyoto"), surroundings())
    rivers = replace(
        DESCRIPTION,
        title="Floods of rivers in Kyushu",
        translations=(),
        keywords=("rivers",),
        creators=(),
        access=Access(right=AccessRight.CLOSED, contact="data@example.ac.jp"),
    )
    hostile = replace(DESCRIPTION, title="<b>" + "無" * 260, description="W" * 4_000)
    for mark, more in {
        "m1": {},
        "m2": {"version_of": f"{SLUG}/v1", "text": "new\n"},
        "m3": {"description": rivers, "issued": "2025-01-02"},
        "m4": {"description": hostile},
    }.items():
        told: dict[str, Any] = dict(more)
        site.deposit(parcel(folder, mark, **told), Journal(folder / mark), silent)
    handler = functools.partial(Quiet, directory=str(folder / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def shown(page: Any) -> list[str]:
    """Return the titles of the records that a person sees."""
    titles = page.locator(".records > li:visible h2").all_inner_texts()
    return [one[:10] for one in titles]


def test_typing_a_word_leaves_the_records_that_fit(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("ＲＩＶＥＲＳ kyushu")
    assert shown(page) == ["Floods of "]
    page.get_by_role("searchbox").fill("山田 tides")
    assert len(shown(page)) == 2
    page.get_by_role("searchbox").fill("no such thing")
    assert page.get_by_role("status").is_visible()
    page.close()


def test_without_javascript_people_narrow_the_list_down_by_keyword(
    browser: Any, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.locator(".find").is_visible()
    assert len(shown(page)) == 3
    page.locator(".facets summary").click()
    page.get_by_role("link", name="rivers (1)").click()
    assert shown(page) == ["Floods of "]
    page.get_by_role("link", name="2026 (2)").click()
    assert len(shown(page)) == 2
    page.get_by_role("link", name="Show all").click()
    assert len(shown(page)) == 3
    context.close()


PAGES = (
    "", "index.ja.html", f"{SLUG}/", f"{SLUG}/v1/", f"{SLUG}/v2/index.ja.html",
    "floods-of-rivers-in-kyushu/v1/", f"{SLUG}-2/v1/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 400, 1280])
def test_a_page_fits_its_window_and_its_own_policy(
    browser: Any, address: str, path: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert not [one for one in asked if not one.startswith((address, "data:"))]
    page.close()


CONTRAST = """() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = parts(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !one.checkVisibility() || one.classList.contains("skip")) continue;
    const pair = [light(parts(getComputedStyle(one).color)), light(ground(one))];
    const [high, low] = [Math.max(...pair), Math.min(...pair)];
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) poor.push(`${one.tagName} ${one.textContent.slice(0, 30)} ${contrast}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_word_stands_out_from_its_ground(
    browser: Any, address: str, path: str, scheme: str
) -> None:
    # WCAG 2.2, 1.4.3: 4.5 to 1
    page = browser.new_page(color_scheme=scheme)
    page.goto(address + path)
    assert page.evaluate(CONTRAST) == []
    page.close()


def test_a_page_is_walked_by_keyboard_from_its_beginning(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{SLUG}/v2/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map((one) => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    page.close()


def test_on_paper_there_are_no_buttons_and_the_command_stays(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{SLUG}/v2/")
    page.emulate_media(media="print")
    assert page.locator(".button:visible").count() == 0
    assert page.get_by_text("recrate replay").first.is_visible() is False
    assert "recrate replay" in page.locator(".steps").inner_text()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert "0000-0002-1825-0097" in page.locator(".orcid").evaluate(
        "one => getComputedStyle(one, '::after').content"
    )
    page.close()


def test_the_command_is_chosen_whole_by_one_click(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{SLUG}/v2/")
    command = page.locator(".act .command").first
    command.click()
    assert page.evaluate("String(getSelection())").strip() == command.inner_text().strip()
    page.close()
