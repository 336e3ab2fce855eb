"""`recrate demo`: the whole path on the bundled study."""

from pathlib import Path

import click

from recrate.cli.console import Display, show_findings
from recrate.cli.options import PLACE, config_option, language_option
from recrate.cli.pack import show_packed
from recrate.cli.replay import show_replayed
from recrate.cli.verdicts import exit_code_of
from recrate.configuration import default_language, read_settings
from recrate.flow.demo import run_demo
from recrate.model.finding import Severity, worst
from recrate.outside import sandbox
from recrate.report.account import Language


@click.command
@click.option(
    "-o",
    "--output",
    type=PLACE,
    default=Path("recrate-demo"),
    show_default=True,
    help="A new folder for the crate and the replay.",
)
@language_option
@config_option
def demo(output: Path, language: Language | None, config_file: Path | None) -> int:
    """Pack the bundled study, check the crate, replay it twice, and write the report.

    Needs no account, and no network but the package index.
    """
    walls = sandbox.availability()
    settings = read_settings(config_file, unsandboxed=not walls.ok)
    spoken = language or default_language()
    with Display() as display:
        if not walls.ok:
            display.say(f"no sandbox here ({walls.reason}): the bundled study runs plainly")
        done = run_demo(output, settings=settings, language=language, progress=display.progress)
    show_packed(display, done.packed)
    valid = worst(done.checked) is not Severity.ERROR
    show_findings(display, done.checked)
    display.say("check: valid" if valid else "check: not valid")
    show_replayed(display, done.replayed, spoken)
    return exit_code_of(done.replayed.verdict) or (0 if valid else 1)
