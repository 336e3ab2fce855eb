"""A JupyterLab of its own, Chromium that looks at it, and a camera that keeps what it sees."""

import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

LANGUAGES = {"en": "default", "ja": "ja_JP"}
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "contrast": "JupyterLab Dark High Contrast",
}
WIDTH, HEIGHT = 1200, 780
COLOURS, COMMON = 256, 144
TO_ITS_TOP = """one => {
  let box = one.parentElement;
  while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
  box?.scrollBy(0, one.getBoundingClientRect().top - box.getBoundingClientRect().top - 12);
}"""
STARTS_WITHIN_SECONDS = 60
FOLLOWS_WITHIN_MILLISECONDS = 240_000
"""How long a step may take; building an environment for the first time downloads packages."""


@contextmanager
def serving(
    root: Path, *, locale: str, cache: Path | None, extensions: Path | None
) -> Iterator[str]:
    """Run JupyterLab over `root`, with nothing of the person's own Jupyter; gives its address."""
    places = root.parent
    settings = places / "settings" / "@jupyterlab"
    keep(settings / "translation-extension/plugin.jupyterlab-settings", {"locale": locale})
    news = {"fetchNews": "false", "checkForUpdates": False}
    keep(settings / "apputils-extension/notification.jupyterlab-settings", news)
    token, port = secrets.token_hex(16), free_port()
    options = [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={token}",
        f"--LabApp.user_settings_dir={settings.parent}",
        f"--LabApp.workspaces_dir={places / 'workspaces'}",
        "--LabApp.expose_app_in_browser=True",
    ]
    options += [f"--Recrate.cache={cache}"] if cache else []
    options += [f"--LabApp.extra_labextensions_path={extensions}"] if extensions else []
    jupyter = {f"JUPYTER_{name}_DIR": str(places / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with (places / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *options],
            stdout=log,
            stderr=log,
            cwd=places,
            env={**os.environ, **jupyter, "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
        )
    try:
        await_answer(f"http://127.0.0.1:{port}/api", process, places / "server.log")
        yield f"http://127.0.0.1:{port}/lab?reset&token={token}"
    finally:
        process.terminate()
        process.wait(30)


def keep(path: Path, settings: dict[str, Any]) -> None:
    """Write settings of JupyterLab, as its Settings editor would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings), encoding="utf-8")


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def await_answer(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers; fails with its log when it ends instead."""
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-4000:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """What is kept of what is seen."""

    out: Path
    language: str
    themes: tuple[str, ...]
    only: frozenset[str]

    def keep(self, state: str, theme: str, shot: bytes) -> None:
        """Write one picture with few colours: a screen's text and planes need no more."""
        with Image.open(io.BytesIO(shot)) as picture:
            few = with_few_colours(picture.convert("RGB"))
            few.save(self.out / f"{state}.{self.language}.{theme}.png", optimize=True)


def with_few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture of 256 colours; the common ones (planes, letters, marks) stay exact."""
    pixels = np.asarray(picture, dtype=np.int32) @ np.array([1 << 16, 1 << 8, 1])
    packed, which, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.float32)
    by_count = np.argsort(-counts, kind="stable")
    palette, rare = colours[by_count[:COMMON]], colours[by_count[COMMON:]]
    if len(rare):
        row = Image.fromarray(rare[None].astype(np.uint8), "RGB")
        few = row.quantize(COLOURS - COMMON, method=Image.Quantize.MAXCOVERAGE)
        chosen = np.array(few.getpalette(), dtype=np.float32).reshape(-1, 3)
        palette = np.concatenate([palette, chosen])[:COLOURS]
    # |colour - entry|² without |colour|², which is the same for every entry
    distance = (palette**2).sum(axis=1) - 2 * colours @ palette.T
    nearest = distance.argmin(axis=1).astype(np.uint8)
    found = Image.fromarray(nearest[which.reshape(pixels.shape)], "P")
    found.putpalette(palette.astype(np.uint8).tobytes())
    return found


class Lab:
    """JupyterLab as a person sees it; what needs words is said in the camera's language."""

    def __init__(self, page: Page, camera: Camera) -> None:
        self.page = page
        self.camera = camera

    def say(self, english: str, japanese: str) -> str:
        """Return what a person of this language types."""
        return japanese if self.camera.language == "ja" else english

    def run(self, command: str, **arguments: Any) -> None:
        """Execute a command of JupyterLab, as its menu would."""
        self.page.evaluate(
            "([command, given]) => { void window.jupyterapp.commands.execute(command, given); }",
            [command, arguments],
        )

    def see(self, selector: str, *, text: str | None = None) -> Locator:
        """Wait until something is shown; returns the first of it."""
        found = self.page.locator(selector)
        one = (found.filter(has_text=text) if text else found).first
        one.wait_for(timeout=FOLLOWS_WITHIN_MILLISECONDS)
        return one

    def press(self, selector: str, *, text: str | None = None) -> None:
        """Click on something, once it is shown."""
        self.see(selector, text=text).click()

    def shoot(self, state: str, *, of: str | None = None, scroll: str | None = None) -> None:
        """Keep a picture of the page, or of a part of it, in every theme.

        scroll: what is to stand at the top of what scrolls it.
        """
        camera = self.camera
        if camera.only and state not in camera.only:
            return
        shots = {}
        for theme in camera.themes:
            self._wear(theme)
            if scroll:
                self.see(scroll).evaluate(TO_ITS_TOP)
            self.page.mouse.move(WIDTH - 1, HEIGHT - 1)
            self.page.wait_for_timeout(600)
            shown = self.see(of) if of else self.page
            shots[theme] = shown.screenshot(animations="disabled", caret="hide")
        self._wear(camera.themes[0])
        for theme, shot in shots.items():
            camera.keep(state, theme, shot)
        print(f"  {state}.{camera.language}", flush=True)

    def _wear(self, theme: str) -> None:
        worn = self.page.locator("body").get_attribute("data-jp-theme-name")
        if worn != THEMES[theme]:
            self.run("apputils:change-theme", theme=THEMES[theme])
            dressed = self.page.locator(f"body[data-jp-theme-name='{THEMES[theme]}']")
            dressed.wait_for(state="attached")


def browser_of() -> str | None:
    """Return the system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def opened(address: str, camera: Camera) -> Iterator[Lab]:
    """Open JupyterLab in Chromium; gives what a person sees of it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_of(), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale={"en": "en-GB", "ja": "ja-JP"}[camera.language],
            timezone_id="Asia/Tokyo",
        )
        page = context.new_page()
        page.set_default_timeout(FOLLOWS_WITHIN_MILLISECONDS)
        page.goto(address)
        page.wait_for_function("window.jupyterapp?.restored")
        lab = Lab(page, camera)
        lab.see(".jp-LauncherCard")
        try:
            yield lab
        except Exception:
            seen = Path(tempfile.gettempdir()) / f"recrate-pictures-failed.{camera.language}.png"
            page.screenshot(path=seen)
            print(f"what was seen when it failed: {seen}", file=sys.stderr)
            raise
        finally:
            browser.close()
