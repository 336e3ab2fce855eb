"""Every state of the guide, in the order of a walk; each `shoot` is one."""

from pathlib import Path

from lab import Lab

PACK = ".jp-recrate-Pack-body"
FIRST_BUTTON = f"{PACK} .jp-recrate-Actions > .jp-recrate-Button"


def walk(lab: Lab, root: Path) -> None:
    """Walk through everything once; `root` is the folder that JupyterLab shows."""
    look_around(lab)
    mend_the_draft(lab)
    package(lab, root / "tides")
    open_the_crate(lab)
    replay(lab)
    review(lab)
    look_back(lab)


def look_around(lab: Lab) -> None:
    """Show where everything begins."""
    lab.shoot("launcher")
    lab.page.locator(".jp-DirListing-item", has_text="tides-draft").click(button="right")
    lab.see(".lm-Menu")
    lab.shoot("menu")
    lab.page.keyboard.press("Escape")
    lab.run("recrate:show-panel")
    lab.see(".jp-recrate-Panel")
    lab.shoot("panel-empty")


def mend_the_draft(lab: Lab) -> None:
    """Show findings, a fix, and what is refused."""
    lab.run("recrate:package", path="tides-draft")
    lab.see(".jp-recrate-Study-Finding")
    lab.run("application:toggle-left-area")
    lab.shoot("findings")
    lab.press("[data-code=absolute-path] .jp-recrate-Button[aria-expanded]")
    lab.see(".jp-recrate-Study-Fix input").fill("data/sea-level-raw.csv")
    lab.page.keyboard.press("Escape")
    lab.see(".jp-recrate-Study-Preview")
    lab.shoot("fix", scroll="[data-code=absolute-path]")
    go_to(lab, "pack")
    lab.press(FIRST_BUTTON)
    lab.see(f"{PACK} .jp-recrate-Problem")
    lab.shoot("error", scroll=f"{PACK} .jp-recrate-Study-Group")
    close_all(lab)


def go_to(lab: Lab, step: str) -> None:
    """Go to a step of a study."""
    lab.press(f"nav button[data-step={step}]")
    lab.see(f"{PACK}[data-step={step}]")


def package(lab: Lab, study: Path) -> None:
    """Take the demo study through the five steps."""
    lab.run("recrate:package", path="tides")
    lab.see(".jp-recrate-Study-Counts")
    lab.shoot("scan")
    go_to(lab, "describe")
    lab.see(f"{PACK} [data-creator]")
    lab.shoot("describe")
    title = lab.say("Title (Japanese)", "題名（日本語）")
    lab.page.get_by_label(title).fill("潮見の潮汐：合成した検潮記録の調和解析")
    lab.see("[data-keeping=kept]")
    describe_access(lab)
    go_to(lab, "pack")
    lab.press(FIRST_BUTTON)
    lab.see(".jp-recrate-Study-Crate")
    add_a_line(study / "README.md")
    go_to(lab, "scan")
    lab.press(".jp-recrate-Study-Counts .jp-recrate-Button")
    lab.see("nav button[data-step=scan][data-mark=done]")
    check_by_running(lab)
    go_to(lab, "pack")
    lab.press(FIRST_BUTTON)
    lab.see("nav button[data-step=pack][data-mark=running]")
    lab.see("nav button[data-step=pack][data-mark=done]")
    lab.see(".jp-recrate-Study-Crate h3")
    lab.shoot("pack", scroll=".jp-recrate-Study-Crate")
    go_to(lab, "publish")
    lab.shoot("publish")


def describe_access(lab: Lab) -> None:
    """Say who may have it; put back afterwards."""
    radios = lab.page.locator(f"{PACK} .jp-recrate-Study-Radios input")
    radios.nth(1).check()
    conditions = lab.page.locator(f"{PACK} section:has(.jp-recrate-Study-Radios) textarea").first
    conditions.fill(lab.say("For research only.", "研究目的に限ります。"))
    contact = lab.page.locator(f"{PACK} section:has(.jp-recrate-Study-Radios) input[type=text]")
    contact.first.fill("tides@example.org")
    lab.see("[data-keeping=kept]")
    lab.shoot("access", scroll=f"{PACK} section:has(.jp-recrate-Study-Radios)")
    conditions.fill("")
    contact.first.fill("")
    radios.nth(0).check()
    lab.see("[data-keeping=kept]")


def add_a_line(file: Path) -> None:
    """Change something, as a person does between two crates."""
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\nThe storm is looked at in the third notebook.\n", encoding="utf-8")


def check_by_running(lab: Lab) -> None:
    """Show the run while it goes, then the verdict."""
    go_to(lab, "verify")
    lab.press(f"{PACK} .jp-recrate-Disclosure-head")
    lab.see(f"{PACK} select").select_option("2")
    lab.press(f"{PACK} .jp-recrate-Disclosure-head")
    lab.press(FIRST_BUTTON)
    lab.see(".jp-recrate-Played-live [data-state=running]", text="02-")
    lab.shoot("check-live")
    lab.see(".jp-recrate-Played-notebooks")
    lab.shoot("check-verdict")


def close_all(lab: Lab) -> None:
    """Leave nothing open but the launcher."""
    lab.run("application:close-all")
    lab.see(".jp-LauncherCard")


def open_the_crate(lab: Lab) -> None:
    """Show a crate as a document, tab by tab."""
    close_all(lab)
    lab.run("recrate:open-crate", path="tides.crate.zip")
    for state in ("overview", "contents", "environment", "metadata", "findings", "verdicts"):
        lab.press(f".jp-recrate-Crate [role=tab][id$='-tab-{state}']")
        if state == "findings":
            lab.press(".jp-recrate-Crate [role=tabpanel] .jp-recrate-Button")
            lab.see(".jp-recrate-CrateCheck [role=status] strong")
        lab.shoot(f"crate-{state}")


def replay(lab: Lab) -> None:
    """Run somebody else's crate."""
    close_all(lab)
    lab.run("recrate:replay", path="colleague.crate.zip")
    lab.page.locator(".jp-recrate-Replay-grid select").nth(2).select_option("2")
    lab.press(".jp-recrate-Replay .jp-recrate-Disclosure-head")
    lab.see(".jp-recrate-Replay-parameters")
    lab.shoot("replay-form")
    lab.press(".jp-recrate-Replay > .jp-recrate-Actions .jp-recrate-Button")
    lab.see(".jp-recrate-Played-live [data-state=running]", text="02-")
    lab.shoot("replay-live")
    lab.see(".jp-recrate-Played-notebooks")
    lab.shoot("replay-verdict")


def review(lab: Lab) -> None:
    """Show recorded beside rerun; accept a difference."""
    lab.press(".jp-recrate-Played-verdict .jp-recrate-Actions .jp-recrate-Button >> nth=0")
    lab.see(".jp-recrate-Review-row")
    lab.page.keyboard.press("n")
    lab.see(".jp-recrate-Review-detail h2", text="03-tides")
    lab.see(".jp-recrate-Review-detail iframe")
    lab.shoot("review", scroll=".jp-recrate-Review-detail iframe")
    lab.press(".jp-recrate-Review-decision .jp-recrate-Button")
    lab.see(".jp-recrate-Review-form textarea").fill(
        lab.say(
            "The figure shows one day more; the curve is the same.",
            "図の期間が 1 日長くなっただけで、曲線は同じです。",
        )
    )
    lab.shoot("review-accept", scroll=".jp-recrate-Review-form")
    lab.press(".jp-recrate-Review-form .jp-recrate-Actions .jp-recrate-Button")
    lab.see(".jp-recrate-Review-taken")
    lab.shoot("review-accepted", scroll=".jp-recrate-Review-taken")


def look_back(lab: Lab) -> None:
    """Show the report, the list of runs, the panel."""
    lab.press(".jp-recrate-Review-title .jp-recrate-Button")
    lab.see("[id^=recrate-report-] iframe")
    lab.shoot("report")
    close_all(lab)
    lab.run("recrate:runs")
    lab.see("#recrate-runs [data-row]")
    lab.shoot("runs")
    lab.run("recrate:show-panel")
    lab.see(".jp-recrate-Panel [data-row]")
    lab.shoot("panel")
