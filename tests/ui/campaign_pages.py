"""A campaign's page in Chromium, opened from a folder, for the tests that look at it."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from recrate.model.campaign import TaskRow
from recrate.report.campaign_page import campaign_data, render_campaign_page
from ui.campaigns import chart_library, script, status_of

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
