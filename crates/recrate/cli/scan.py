"""`recrate scan`: what is in the folder."""

from dataclasses import replace
from pathlib import Path

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import PLACE, config_option, json_option
from recrate.configuration import read_settings
from recrate.flow.scanning import scan_study
from recrate.model.finding import Severity, worst
from recrate.model.study import Inventory
from recrate.model.wire import to_plain


@click.command
@click.argument("study", type=PLACE)
@json_option
@config_option
def scan(study: Path, as_json: bool, config_file: Path | None) -> int:
    """Show what is in STUDY: notebooks in run order, what they import, read and write, findings."""
    settings = read_settings(config_file)
    with Display(quiet=as_json) as display:
        found, said = scan_study(study, options=settings.scan, progress=display.progress)
    inventory = replace(found, findings=(*found.findings, *said.findings))
    if as_json:
        print_json(to_plain(inventory))
    else:
        _show(display, inventory)
        show_findings(display, inventory.findings)
    return 1 if worst(inventory.findings) is Severity.ERROR else 0


def _show(display: Display, inventory: Inventory) -> None:
    total = sum(file.size_bytes for file in inventory.files)
    display.say(f"{inventory.name}: {len(inventory.files)} files, {total:,} bytes")
    for notebook in inventory.notebooks:
        uses = notebook.uses
        foreign = sorted({use.name.partition(".")[0] for use in uses.imports if not use.local})
        display.say(
            f"  {notebook.path}  ({notebook.language} {notebook.language_version or ''}"
            f", {notebook.code_cells} code cells, {notebook.outputs} outputs)"
        )
        for word, things in (
            ("imports", foreign),
            ("reads", sorted({use.path for use in uses.reads})),
            ("writes", sorted({use.path for use in uses.writes})),
            ("fetches", sorted({use.url for use in uses.web if use.fetched})),
        ):
            if things:
                display.say(f"      {word} " + ", ".join(things))
    if inventory.declarations:
        display.say("  environment: " + ", ".join(item.path for item in inventory.declarations))
    if inventory.study_date:
        display.say(f"  as of {inventory.study_date} (from {inventory.study_date_source})")
