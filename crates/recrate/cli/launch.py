"""`recrate launch`: open a crate in JupyterLab, here or elsewhere."""

import signal
import sys
import webbrowser
from contextlib import ExitStack
from typing import Any

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import SIZE, config_option, json_option, yes_option
from recrate.cli.places import brought
from recrate.configuration import default_language, read_settings
from recrate.flow.launching import Launch, OfferedTarget, Opened, check, launched, offered_targets
from recrate.flow.launching_documents import (
    launch_check_document,
    launch_document,
    offered_target_document,
)
from recrate.flow.parting import Parting
from recrate.flow.parts import target_of
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.finding import Severity
from recrate.model.launch import LaunchOrder

_WALLS = {
    "bubblewrap": "cells run in a sandbox",
    "none": "cells run without a sandbox, as asked: they can do all you can",
    "container": "cells run in a container",
}


@click.command
@click.argument("crate", required=False)
@click.option("--on", "target", default="here", show_default=True, help="Where; see --list.")
@click.option("--notebook", help="The notebook to open; otherwise the first.")
@click.option("--memory", type=SIZE, help="Memory for one kernel and its children, e.g. 4G.")
@click.option("--allow-network", is_flag=True, help="Let cells reach the network.")
@click.option("--unsandboxed", is_flag=True, help="Run without walls: only what you trust.")
@click.option(
    "--set", "answers", type=(str, str), multiple=True, metavar="NAME VALUE",
    help="Answer an option of the place; repeatable.",
)  # fmt: skip
@click.option("--check", "checking", is_flag=True, help="Only say what would not work there.")
@click.option("--list", "listing", is_flag=True, help="List the places and what they can do.")
@click.option("--keep", is_flag=True, help="Keep the working copy at the end, and say where.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of JupyterLab.")
@yes_option
@json_option
@config_option
def launch(**given: Any) -> int:
    """Open CRATE in JupyterLab, with its environment and its data in place; Ctrl-C ends it.

    CRATE is a file, a folder, an https address or a DOI. Its cells run in a sandbox without
    network. At the end all of it goes, but for what you saved in JupyterLab and for verdicts.
    """
    settings = read_settings(given["config_file"], unsandboxed=given["unsandboxed"])
    if given["listing"]:
        return _list(as_json=given["as_json"])
    target_of(given["target"])  # before anything is fetched
    asked = _order(given, settings)
    if given["checking"]:
        return _check(asked, settings, as_json=given["as_json"])
    return _open(asked, settings, given)


def _order(given: dict[str, Any], settings: Settings) -> Launch:
    if given["crate"] is None:
        raise BadInput(
            "a crate is needed",
            where="launch",
            hint="recrate launch CRATE; `recrate launch --list` names the places",
        )
    found = brought(
        given["crate"], settings=settings, agreed=given["agreed"], quiet=given["as_json"]
    )
    return Launch(
        location=found.path,
        origin=found.origin,
        target=given["target"],
        keep=given["keep"],
        order=LaunchOrder(
            notebook=given["notebook"],
            language=given["language"] or default_language(),
            memory_bytes=given["memory"],
            network=given["allow_network"],
            answers=dict(given["answers"]),
        ),
    )


def _open(asked: Launch, settings: Settings, given: dict[str, Any]) -> int:
    quiet = given["as_json"]
    with ExitStack() as until_the_end:
        with Display(quiet=quiet) as display:
            opened = until_the_end.enter_context(
                launched(asked, settings=settings, progress=display.progress)
            )
        try:
            _tell(display, opened, given)
            code = opened.running.wait()
        except KeyboardInterrupt:  # that the person ends it is as good as any other end
            code = 0
        if opened.launched.waits:
            _ignore_interrupts()
            until_the_end.close()
            _show_parting(display, opened.parting)
    if code:
        raise OutsideFailed(
            f"JupyterLab ended by itself, with code {code}",
            where=asked.target,
            hint="launch it again; if that happens again, look whether its memory suffices",
        )
    return 0


def _tell(display: Display, opened: Opened, given: dict[str, Any]) -> None:
    if given["as_json"]:
        print_json(launch_document(opened))
        sys.stdout.flush()
        return
    _show(display, opened)
    if not given["no_browser"]:
        webbrowser.open(opened.launched.url)


def _ignore_interrupts() -> None:
    """Let nothing stop what takes the session away: it takes a moment."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _show(display: Display, opened: Opened) -> None:
    head, told = opened.head, opened.launched
    if head is not None:
        display.say(head.title)
        if head.doi:
            display.say(f"DOI: https://doi.org/{head.doi}")
        for one in head.environments:
            name = f"{one.language.capitalize()} {one.python}".strip()
            state = "as locked" if one.restored else "not as locked"
            display.say(f"environment: {name}, {len(one.packages)} packages, {state}")
        network = ", with the network" if head.network else ""
        display.say(f"{_WALLS[head.walls]}{network}")
        if head.last_verdict is not None:
            last = head.last_verdict
            sentence = f": {last.sentence}" if last.sentence else ""
            display.say(f"last verdict: {last.verdict}{sentence} ({last.date[:10]})")
    for note in told.notes:
        display.say(f"note: {note}")
    display.say(f"open: {told.url}")
    if told.waits:
        display.say("Ctrl-C ends it and takes it away")


def _show_parting(display: Display, parting: Parting) -> None:
    if parting.kept is not None and not parting.files:
        display.say(f"the working copy is kept: {parting.kept}")
    elif parting.kept is not None:
        display.say(f"what you saved is kept: {parting.kept} ({', '.join(parting.files[:10])})")
    for path in parting.left:
        display.say(f"too large to be kept: {path}; next time use --keep")
    for folder in parting.verdicts:
        display.say(f"your verdict is kept: {folder}")
        display.say(f"    publish it with: recrate publish {folder} --to PLACE")


def _check(asked: Launch, settings: Settings, *, as_json: bool) -> int:
    findings = check(asked, settings=settings)
    refused = any(one.severity is Severity.ERROR for one in findings)
    if as_json:
        print_json(launch_check_document(asked.target, findings))
    else:
        with Display() as display:
            show_findings(display, findings)
            display.say("would not work there" if refused else "would work there")
    return 1 if refused else 0


def _list(*, as_json: bool) -> int:
    offered = offered_targets()
    if as_json:
        print_json({"targets": [offered_target_document(one) for one in offered]})
        return 0
    with Display() as display:
        for one in offered:
            _show_target(display, one)
    return 0


def _show_target(display: Display, one: OfferedTarget) -> None:
    if one.about is None:
        display.say(f"{one.kind}: cannot be used: {one.trouble}")
        return
    can = one.about.capabilities
    walls = {"sandbox": "a sandbox", "container": "a container", "theirs": "their own walls"}
    told = [
        "starts a JupyterLab" if can.starts else "gives a link",
        f"cells run in {walls[can.walls]}" if can.walls != "theirs" else "",
        "memory can be limited" if can.limits else "",
        "needs a token" if can.needs_account else "",
        "only published crates" if can.needs_address else "",
    ]
    display.say(f"{one.kind}: {one.about.title_en}; {'; '.join(filter(None, told))}")
    for option in one.about.options:
        choices = f" (one of {', '.join(option.choices)})" if option.choices else ""
        display.say(f"    --set {option.name} VALUE: {option.label_en}{choices}")
