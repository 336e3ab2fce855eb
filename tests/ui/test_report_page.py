"""The report in a real browser, opened from a file as people open it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recrate.model.environment import NotRestored
from recrate.report.account import Account
from recrate.report.fragment import render_output
from recrate.report.page import render_page
from ui.hostile import PAYLOADS, hostile_account
from ui.reports import account
from ui.test_report_fragment import accounts

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

REFUSED = NotRestored(
    cause="no build for this platform",
    message="gdal has no wheel for Python 3.11",
    evidence="Failed to build gdal==3.9.0",
    hint="replay on a runner that has it",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


class Opened:
    """A page opened from a file, and all it asked, said and went to."""

    def __init__(self, browser: Any, place: Path, html: str, **context: Any) -> None:
        self.file = place / "report.html"
        self.file.write_text(html, encoding="utf-8")
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.went: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda trouble: self.said.append(str(trouble)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("framenavigated", lambda frame: self.went.append(frame.url))
        self.context.on("page", lambda page: self.went.append(page.url))
        self.page.goto(self.file.as_uri())

    def asked_elsewhere(self) -> list[str]:
        return [url for url in self.asked if url != self.file.as_uri() and url[:5] != "data:"]

    def text(self, selector: str = "body") -> str:
        return str(self.page.locator(selector).first.inner_text())

    def headline(self) -> str:
        """The verdict's word: what a person sees first."""
        return self.text("h1").partition("\n")[0]

    def open_everything(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    contexts = []

    def opened(told: Account, **context: Any) -> Opened:
        found = Opened(browser, tmp_path, render_page(told), **context)
        contexts.append(found.context)
        return found

    yield opened
    for context in contexts:
        context.close()


def test_the_page_opens_from_a_file_and_asks_nothing_of_the_network(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb", "report.ipynb"))
    opened.open_everything()
    opened.page.wait_for_timeout(300)
    assert opened.asked_elsewhere() == []
    assert opened.said == []
    assert opened.headline() == "Failed"
    loaded = opened.page.evaluate(
        "[...document.images].map(one => one.complete && one.naturalWidth)"
    )
    assert len(loaded) >= 3
    assert all(loaded)


@pytest.mark.parametrize("restored", [True, False])
@pytest.mark.parametrize("script", [True, False])
def test_nothing_of_a_hostile_notebook_runs_loads_or_navigates(
    open_page: Any, restored: bool, script: bool
) -> None:
    assert len(PAYLOADS) >= 25
    opened = open_page(hostile_account(restored=restored), java_script_enabled=script)
    if script:
        opened.open_everything()
        for selector in (".path", "summary", ".output"):
            opened.page.locator(selector).first.hover()
    opened.page.wait_for_timeout(700)
    assert opened.asked_elsewhere() == []
    assert opened.said == []
    assert set(opened.went) <= {opened.file.as_uri(), "about:blank"}
    if script:
        assert opened.page.evaluate("window.__owned") is None


def test_a_hostile_notebook_adds_no_active_element_and_covers_no_id(open_page: Any) -> None:
    opened = open_page(hostile_account(restored=True))
    found = opened.page.evaluate(
        """() => {
          const every = [...document.querySelectorAll("*")];
          const ids = every.map(one => one.id).filter(Boolean);
          return {
            scripts: document.scripts.length,
            active: document.querySelectorAll(
              "iframe,object,embed,form,base,video,audio,style + style,link:not([rel=icon])," +
              "meta[http-equiv=refresh]").length,
            away: document.querySelectorAll("[href]:not([href^='#'], link)").length,
            handlers: every.filter(
              one => [...one.attributes].some(a => a.name.startsWith("on"))).length,
            styled: document.querySelectorAll("[style]").length,
            twice: ids.filter((id, place) => ids.indexOf(id) !== place),
            headings: document.querySelectorAll("h1").length,
            raw: /[\\u0000\\u001b\\u202e\\u200b]/.test(document.documentElement.textContent),
          };
        }"""
    )
    quiet = {"active": 0, "away": 0, "handlers": 0, "styled": 0, "twice": [], "raw": False}
    assert found == {"scripts": 1, "headings": 1, **quiet}


def test_the_policy_of_the_page_refuses_foreign_scripts_styles_and_pictures(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb"))
    opened.page.evaluate(
        """() => {
          const add = (tag, set) =>
            document.body.append(Object.assign(document.createElement(tag), set));
          add("script", {textContent: "window.__owned = 1"});
          add("style", {textContent: "h1 {display: none}"});
          add("img", {src: "https://evil.invalid/a.png"});
          add("iframe", {src: "https://evil.invalid/"});
        }"""
    )
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("window.__owned") is None
    assert opened.page.locator("h1").is_visible()
    assert len(opened.said) >= 4
    assert all("Content Security Policy" in line for line in opened.said)


def test_the_language_switches_words_lang_and_alternative_texts(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb", language="en"))
    root = "document.documentElement.lang"
    assert (opened.page.evaluate(root), opened.headline()) == ("en", "Different")
    assert "記録された出力" not in opened.text()
    opened.page.locator("#language-en").focus()
    opened.page.keyboard.press("ArrowRight")
    assert (opened.page.evaluate(root), opened.headline()) == ("ja", "相違あり")
    assert "記録された出力" in opened.text()
    assert "Recorded" not in opened.text()
    assert "図" in opened.page.locator(".output img").first.get_attribute("alt")


@pytest.mark.parametrize(
    ("given", "spoken", "shown"),
    [(None, "ja-JP", "ja"), (None, "fr", "en"), ("en", "ja", "en"), ("ja", "en", "ja")],
)
def test_the_account_chooses_the_language_else_the_browser(
    open_page: Any, given: Any, spoken: str, shown: str
) -> None:
    opened = open_page(account("tides.ipynb", language=given), locale=spoken)
    assert opened.page.evaluate("document.documentElement.lang") == shown
    assert opened.headline() == {"en": "Different", "ja": "相違あり"}[shown]


def test_without_scripts_language_filter_and_sections_still_work(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb"), java_script_enabled=False)
    opened.page.locator("label[for=language-ja], label:has(#language-ja)").first.click()
    assert opened.headline() == "相違あり"
    opened.page.locator("label:has(#show-unstable)").click()
    visible = [cell.get_attribute("id") for cell in opened.page.locator(".cell:visible").all()]
    assert visible == ["n0-c5"]
    opened.page.locator("label:has(#show-all)").click()
    closed = opened.page.locator("#n0-c1 > summary")
    closed.click()
    assert opened.page.locator("#n0-c1").get_attribute("open") is not None


def test_the_filter_leaves_only_cells_with_that_verdict(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb"))
    opened.page.locator("#show-all").focus()
    seen = set()
    for _ in range(opened.page.locator("[name=show]").count() - 1):
        opened.page.keyboard.press("ArrowRight")
        chosen = opened.page.evaluate("document.activeElement.value")
        cells = opened.page.locator(".cell:visible").all()
        assert cells
        assert all(chosen in (cell.get_attribute("data-has") or "").split() for cell in cells)
        seen.add(chosen)
    assert {"identical", "different", "unstable"} <= seen


def test_every_section_opens_and_every_mark_jumps_by_keyboard(open_page: Any) -> None:
    opened = open_page(account("tides.ipynb", "report.ipynb"))
    page = opened.page
    for summary in page.locator("summary:visible").all():
        summary.focus()
        before = summary.evaluate("one => one.parentElement.open")
        page.keyboard.press("Enter")
        assert summary.evaluate("one => one.parentElement.open") is not before
        page.keyboard.press("Enter")
    for mark in page.locator("a[href^='#n0-c']").all():
        target = mark.get_attribute("href")
        mark.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("id => document.querySelector(id).checkVisibility()", arg=target)


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_the_page_never_scrolls_sideways(open_page: Any, width: int) -> None:
    for told in (account("tides.ipynb", "report.ipynb"), hostile_account(restored=True)):
        opened = open_page(told, viewport={"width": width, "height": 800})
        opened.open_everything()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core, installed for this run only."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, to install axe-core for the test")
    folder = tmp_path_factory.mktemp("axe")
    command = [
        npm,
        "install",
        "--prefix",
        str(folder),
        "--ignore-scripts",
        "--silent",
        "axe-core@4",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not script.exists():
        pytest.skip("needs a package index, to install axe-core for the test")
    return script.read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_axe_finds_nothing_serious(open_page: Any, axe: str, scheme: str, language: Any) -> None:
    told = (
        account("tides.ipynb", "report.ipynb", language=language),
        account("tides.ipynb", language=language, not_restored=REFUSED),
    )
    for one in told:
        opened = open_page(one, color_scheme=scheme, bypass_csp=True)
        opened.open_everything()
        opened.page.evaluate(axe)
        found = opened.page.evaluate("axe.run(document)")
        serious = [
            (rule["id"], rule["nodes"][0]["html"])
            for rule in found["violations"]
            if rule["impact"] in {"serious", "critical"}
        ]
        assert serious == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_axe_finds_nothing_serious_on_the_page_of_one_output(
    browser: Any, axe: str, theme: Any
) -> None:
    context = browser.new_context(bypass_csp=True)
    for one in accounts():
        page = context.new_page()
        page.set_content(render_output(one, theme=theme, language="ja"))
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")
        page.close()
        assert [
            (rule["id"], rule["nodes"][0]["html"])
            for rule in found["violations"]
            if rule["impact"] in {"serious", "critical"}
        ] == []
    context.close()
