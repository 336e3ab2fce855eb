"""`recrate compare`: the comparison of two notebooks alone."""

from pathlib import Path

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import PLACE, config_option, json_option
from recrate.cli.verdicts import HOLDS
from recrate.compare.judge import compare_notebooks
from recrate.configuration import read_settings
from recrate.flow.work import read_notebook
from recrate.model.verdict import NotebookVerdict, OutputJudgement
from recrate.model.wire import to_plain


@click.command
@click.argument("recorded", metavar="RECORDED.ipynb", type=PLACE)
@click.argument("rerun", metavar="RERUN.ipynb", type=PLACE)
@json_option
@config_option
def compare(
    recorded: Path,
    rerun: Path,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Compare the outputs of two notebooks, cell by cell, and give the verdict."""
    verdict = compare_notebooks(
        str(recorded),
        read_notebook(recorded),
        (read_notebook(rerun),),
        read_settings(config_file).policy,
    )
    if as_json:
        print_json(
            {
                "verdict": verdict.verdict.value,
                "coverage": to_plain(verdict.coverage),
                "cells": to_plain(verdict.cells),
            }
        )
    else:
        _show(verdict)
    return 0 if verdict.verdict in HOLDS else 1


def _show(verdict: NotebookVerdict) -> None:
    display = Display()
    covered = verdict.coverage
    display.say(
        f"{verdict.verdict.value}: {covered.compared} of {covered.outputs} outputs compared"
    )
    for cell in verdict.cells:
        for output in cell.outputs:
            if output.verdict is not OutputJudgement.IDENTICAL:
                display.say(
                    f"  cell {cell.index}, output {output.index} ({output.mime}): "
                    f"{output.verdict.value}: {output.reason}"
                )
