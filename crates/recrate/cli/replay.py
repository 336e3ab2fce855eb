"""`recrate replay`: run a crate again and say whether it still holds."""

from dataclasses import replace
from functools import partial
from typing import Any

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import (
    PLACE,
    SIZE,
    config_option,
    crate_argument,
    json_option,
    language_option,
    yes_option,
)
from recrate.cli.places import brought
from recrate.cli.verdicts import exit_code_of
from recrate.configuration import default_language, read_settings
from recrate.crate.read import read_crate
from recrate.flow.disagreement import compare_runs
from recrate.flow.documents import replay_document
from recrate.flow.elsewhere import on_each, replay_on
from recrate.flow.references import supply
from recrate.flow.replay import Replayed, ReplayOrder
from recrate.flow.replay import replay as run_replay
from recrate.flow.runners import site_named
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput
from recrate.model.wire import to_json
from recrate.outside.disk import write_text
from recrate.report.account import Language
from recrate.report.disagreement import disagreement_document, render_disagreement
from recrate.report.repair import repair_line
from recrate.report.text import summarise


@click.command
@crate_argument
@click.option("-o", "--output", type=PLACE, required=True, help="Folder for all that is seen.")
@click.option("--notebook", "notebooks", multiple=True, help="Only these notebooks; repeatable.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="Set a parameter; then outputs are shown, not judged.",
)
@click.option(
    "--on", "runner", default="local", show_default=True, help="Where to run; A,B compares."
)
@click.option("--repeat", default=1, type=click.IntRange(1, 100), help="Run so many times.")
@click.option(
    "--explain",
    is_flag=True,
    help="Find out why outputs differ: run again with one thing changed at a time.",
)
@click.option(
    "--repair",
    is_flag=True,
    help="Where an API is gone: patch a copy, run it, and tell that apart.",
)
@click.option("--resume", is_flag=True, help="Go on at the first notebook not done.")
@click.option("--timeout", type=float, help="Seconds for one notebook.")
@click.option("--cell-timeout", type=float, help="Seconds for one cell.")
@click.option("--total-timeout", type=float, help="Seconds for one whole run.")
@click.option("--memory", type=SIZE, help="Memory for one kernel and its children, e.g. 4G.")
@click.option(
    "--environment",
    type=click.Choice(["lock", "current"]),
    default="lock",
    show_default=True,
    help="Restore the crate's lock, or take this machine's kernel as it is.",
)
@click.option(
    "--data",
    "supplied",
    type=(str, PLACE),
    multiple=True,
    metavar="PATH FILE",
    help="A copy you were given of a data reference that is not published; repeatable.",
)
@click.option("--allow-network", is_flag=True, help="Let cells reach the network.")
@click.option("--unsandboxed", is_flag=True, help="Run without walls: only what you trust.")
@yes_option
@language_option
@json_option
@config_option
def replay(**given: Any) -> int:
    """Restore the environment of CRATE, run its notebooks, compare, and write a report.

    CRATE is a file, a folder, an https address or a DOI. Runs in a sandbox without network. The
    folder is a run crate when it is done.
    """
    settings = replay_settings(given)
    runners = tuple(one.strip() for one in given["runner"].split(","))
    for name in runners:
        site_named(name, settings)
    _refuse_elsewhere(given, runners)
    here = brought(
        given["crate"], settings=settings, agreed=given["agreed"], quiet=given["as_json"]
    )
    order = ReplayOrder(
        location=here.path,
        destination=given["output"],
        notebooks=given["notebooks"],
        repeats=given["repeat"],
        resume=given["resume"],
        explain=given["explain"],
        repair=given["repair"],
        current=given["environment"] == "current",
        language=given["language"],
        origin=here.origin,
    )
    for path, file in given["supplied"]:
        supply(read_crate(order.location), path, file, settings=settings)
    with Display(quiet=given["as_json"]) as display:
        if given["unsandboxed"]:
            display.say(
                "running without a sandbox, as asked: the code of this crate can do all you can"
            )
        if runners != ("local",):
            return _elsewhere(order, runners, settings, given, display)
        done = run_replay(order, settings=settings, progress=display.progress)
    return _told(done, given, display)


_HERE_ONLY = {
    "explain": "causes are looked for on this machine only",
    "repair": "a copy is patched and run on this machine only",
}


def _refuse_elsewhere(given: dict[str, Any], runners: tuple[str, ...]) -> None:
    """Raise BadInput for what only this machine does, when it is asked of another."""
    for name, told in _HERE_ONLY.items():
        if given[name] and runners != ("local",):
            hint = f"replay there first, then here with --{name} and another -o"
            raise BadInput(told, where=f"--{name}", hint=hint)


def _elsewhere(
    order: ReplayOrder,
    runners: tuple[str, ...],
    settings: Settings,
    given: dict[str, Any],
    display: Display,
) -> int:
    """Replay on another runner; on several, each in a folder of its own, and compare them."""
    config = given["config_file"].resolve() if given["config_file"] else None
    on = partial(replay_on, settings=settings, config=config, progress=display.progress)
    if len(runners) == 1:
        return _told(on(runners[0], order), given, display)
    done = {name: on(name, one) for name, one in on_each(order, runners).items()}
    found = compare_runs({name: one.folder.root for name, one in done.items()})
    document = disagreement_document(found)
    write_text(order.destination / "disagreement.json", to_json(document))
    language = given["language"] or default_language()
    if given["as_json"]:
        print_json(
            {
                "runs": {name: replay_document(one) for name, one in done.items()},
                "disagreement": document,
            }
        )
    else:
        for name, one in done.items():
            display.say(f"{name}: {summarise(one.verdict, language=language)}")
        display.say(render_disagreement(found, language=language))
    return max(exit_code_of(one.verdict) for one in done.values()) or int(not found.agree)


def _told(done: Replayed, given: dict[str, Any], display: Display) -> int:
    if given["as_json"]:
        print_json(replay_document(done))
    else:
        show_replayed(display, done, given["language"] or default_language())
    return exit_code_of(done.verdict)


def replay_settings(given: dict[str, Any]) -> Settings:
    """Return the configured settings with what was said on the command line laid over them."""
    settings = read_settings(given["config_file"], unsandboxed=given["unsandboxed"])
    said = {
        "notebook_timeout_seconds": given["timeout"],
        "cell_timeout_seconds": given["cell_timeout"],
        "total_timeout_seconds": given["total_timeout"],
        "memory_bytes": given["memory"],
    }
    over = {name: value for name, value in said.items() if value is not None}
    return replace(
        settings,
        replay=replace(
            settings.replay,
            parameters=given["parameters"],
            allow_network=given["allow_network"],
            **over,
        ),
    )


def show_replayed(display: Display, done: Replayed, language: Language) -> None:
    """Tell a person the verdict and where the report lies."""
    display.say(summarise(done.verdict, language=language))
    if done.repaired is not None:
        display.say(repair_line(done.repaired, language))
    display.say(f"report: {done.folder.report}")
