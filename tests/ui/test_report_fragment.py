"""One output's page in a browser, framed as JupyterLab frames it."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from recrate.report.fragment import OutputAccount, render_output
from report_accounts import data, every_kind, judged, notebook
from ui.hostile import PAYLOADS

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def accounts() -> Iterator[OutputAccount]:
    """Give every kind of output, then what is too wide: a table, a line, a path."""
    account = every_kind()
    first = account.verdict.notebooks[0]
    for cell in first.cells:
        for output in cell.outputs:
            key = (first.path, cell.index, output.index)
            yield OutputAccount(
                notebook=first,
                cell=cell,
                output=output,
                recorded=account.recorded[first.path],
                reruns=tuple(rerun.get(first.path) for rerun in account.reruns),
                difference=account.pictures.get(key),
            )
    wide = "<table><tr>" + "".join(f"<th>column {n}</th>" for n in range(80)) + "</tr></table>"
    yield of(data(text_html=wide), data(text_html=wide.replace("column 5<", "other<")))
    yield of(data(text_plain="x" * 5_000), data(text_plain="y" * 5_000))


def of(recorded: dict[str, Any], rerun: dict[str, Any], path: str = "a.ipynb") -> OutputAccount:
    mime = next(iter(recorded["data"]))
    verdict = judged(path, [(0, 0, "different", mime)], reason="long " * 20 + "w" * 300)
    return OutputAccount(
        notebook=verdict,
        cell=verdict.cells[0],
        output=verdict.cells[0].outputs[0],
        recorded=notebook([recorded]),
        reruns=(notebook([rerun]),),
    )


@pytest.mark.parametrize("width", [1200, 600, 320, 160])
def test_nothing_overflows_however_narrow_or_enlarged(browser, width):
    page = browser.new_page(viewport={"width": width, "height": 500})
    for account in accounts():
        page.set_content(render_output(account, theme="light", language="ja"))
        assert page.evaluate(OVERFLOW) <= 0, (account.cell.index, account.output.mime)
    page.close()


def test_the_two_sides_stack_when_there_is_no_room_beside(browser):
    account = next(accounts())
    page = browser.new_page(viewport={"width": 1000, "height": 500})
    page.set_content(render_output(account, theme="dark", language="en"))
    places = "[...document.querySelectorAll('.panel')].map(one => one.getBoundingClientRect().left)"
    assert len(set(page.evaluate(places))) == 2
    page.set_viewport_size({"width": 400, "height": 500})
    assert len(set(page.evaluate(places))) == 1
    page.close()


def test_only_the_chosen_language_is_seen(browser):
    page = browser.new_page()
    for language, there, absent in (("en", "Recorded", "記録"), ("ja", "記録", "Recorded")):
        page.set_content(render_output(next(accounts()), theme="light", language=language))
        seen = page.inner_text("main")
        assert there in seen
        assert absent not in seen
    page.close()


def test_its_style_is_admitted_by_its_own_policy(browser):
    complaints: list[str] = []
    for theme, ground in (("dark", "rgb(17, 17, 17)"), ("contrast", "rgb(0, 0, 0)")):
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.set_content(render_output(next(accounts()), theme=theme, language="en"))
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        page.close()
        assert colour == ground
    assert complaints == []


def test_no_payload_runs_or_loads_in_the_frame_that_shows_it(browser):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.add_init_script("window.hit = () => { window.top.document.title = 'HIT' }")
    for payload in PAYLOADS:
        for account in (
            of(data(text_html=payload), data(text_html=f"{payload}<p>x"), path=payload),
            of({"data": {"image/svg+xml": payload}}, {"data": {"image/svg+xml": payload + " "}}),
        ):
            html = render_output(account, theme="light", language="en")
            page.set_content("<iframe sandbox style='width:600px;height:300px'></iframe>")
            frame = page.query_selector("iframe")
            frame.evaluate("(frame, html) => { frame.srcdoc = html }", html)
            page.wait_for_function(
                "document.querySelector('iframe').contentDocument === null", timeout=5_000
            )
            inner = page.frames[1]
            inner.wait_for_selector("main", state="attached")
            assert inner.evaluate("document.querySelectorAll('script, iframe, a').length") == 0
    assert page.title() != "HIT"
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
    page.close()
