"""Pictures of a session: the demo study opened by `recrate launch`, as a reviewer sees it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import FOLLOWS_WITHIN_MILLISECONDS, HEIGHT, THEMES, WIDTH, Camera, browser_of
from playwright.sync_api import Page, sync_playwright

STATES = ("session-marks", "session-summary", "session-verdict")


def shoot_session(study: Path, folder: Path, camera: Camera, *, cache: Path | None) -> None:
    """Walk once through a session in each theme; `folder` is for what the session writes."""
    if camera.only and not camera.only.intersection(STATES):
        return
    folder.mkdir(parents=True)
    settings = folder / "config.py"
    settings.write_text(f"c.Recrate.cache = {str(cache)!r}\n" if cache else "", "utf-8")
    crate = folder / "tides.crate.zip"
    pack = ["pack", str(study), "-o", str(crate), "--config", str(settings)]
    subprocess.run([sys.executable, "-m", "recrate", *pack], check=True, capture_output=True)
    with launched(crate, settings, camera.language) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_of(), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, timezone_id="Asia/Tokyo"
        )
        for theme in camera.themes:
            page = context.new_page()
            page.set_default_timeout(FOLLOWS_WITHIN_MILLISECONDS)
            wear(page, address, THEMES[theme])
            walk(page, address, camera, theme)
            page.close()
        browser.close()


@contextmanager
def launched(crate: Path, settings: Path, language: str) -> Iterator[str]:
    """Open the crate as a reviewer does; gives its address, and ends it as Ctrl-C does."""
    words = ["launch", str(crate), "--no-browser", "--json", "--language", language]
    process = subprocess.Popen(
        [sys.executable, "-m", "recrate", *words, "--config", str(settings)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if line.startswith("}"):
                break
        yield str(json.loads(said)["url"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def wear(page: Page, address: str, theme: str) -> None:
    """Choose a theme, and no news, for the pages that are opened from now on."""
    place, _, token = address.partition("?token=")
    base = place.partition("/lab/")[0]
    for plugin, said in (
        ("themes", {"theme": theme}),
        ("notification", {"fetchNews": "false", "checkForUpdates": False}),
    ):
        page.request.put(
            f"{base}/lab/api/settings/@jupyterlab/apputils-extension:{plugin}",
            headers={"Authorization": f"token {token}"},
            data={"raw": json.dumps(said)},
        )


def walk(page: Page, address: str, camera: Camera, theme: str) -> None:
    """Run a notebook, look at a difference, and begin a verdict."""
    page.goto(f"{address.replace('01-clean', '02-harmonics')}&reset")
    page.locator(".jp-recrate-Mark:visible").first.wait_for()
    page.locator(".jp-recrate-Banner .jp-mod-primary").click()
    agree = page.locator(".jp-Dialog .jp-mod-accept")
    page.locator("#recrate-session .jp-recrate-Progress").or_(agree).first.wait_for()
    if agree.is_visible():
        agree.click()
    page.locator(".jp-recrate-Session-overall .jp-recrate-Played-chance").wait_for()
    shoot(page, camera, "session-marks", theme)
    page.locator(".jp-recrate-Session-differences button").first.click()
    page.locator(".jp-recrate-Mark-beside iframe").wait_for()
    page.wait_for_timeout(1500)
    shoot(page, camera, "session-summary", theme)
    page.locator(".jp-recrate-Banner .jp-recrate-Actions .jp-recrate-Button").nth(1).click()
    page.locator(".jp-recrate-Opinion-form input[type=radio]").first.check()
    shoot(page, camera, "session-verdict", theme)


def shoot(page: Page, camera: Camera, state: str, theme: str) -> None:
    """Keep what is seen now."""
    if camera.only and state not in camera.only:
        return
    page.mouse.move(WIDTH - 1, HEIGHT - 1)
    page.wait_for_timeout(800)
    camera.keep(state, theme, page.screenshot(animations="disabled", caret="hide"))
    print(f"  {state}.{camera.language}.{theme}", flush=True)
