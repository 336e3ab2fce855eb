"""`recrate badge`: the verdict of a replay as a picture for a README or a landing page."""

from pathlib import Path

import click

from recrate.cli.console import Display
from recrate.cli.options import PLACE, language_option
from recrate.configuration import default_language
from recrate.flow.judging import draw_badge
from recrate.outside.disk import write_text
from recrate.report.account import Language


@click.command
@click.argument("replay", type=PLACE)
@click.option("-o", "--output", type=PLACE, required=True, help="The SVG file to write.")
@language_option
def badge(replay: Path, output: Path, language: Language | None) -> int:
    """Draw the verdict of REPLAY, the folder that `recrate replay` wrote or a zip file of it."""
    write_text(output, draw_badge(replay, language=language or default_language()))
    Display().say(f"badge: {output}")
    return 0
