"""`recrate launch`: open a crate in JupyterLab, here or elsewhere."""

import webbrowser
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import SIZE, config_option, crate_argument, json_option, yes_option
from recrate.cli.places import brought
from recrate.configuration import default_language, read_settings
from recrate.flow.launching import Launch, launched
from recrate.model.launch import LaunchOrder
from recrate.model.wire import to_plain


@click.command
@crate_argument
@click.option("--on", "target", default="here", show_default=True, help="Where to open it.")
@click.option("--notebook", help="The notebook to open; otherwise the first.")
@click.option("--memory", type=SIZE, help="Memory for one kernel and its children, e.g. 4G.")
@click.option("--allow-network", is_flag=True, help="Give its cells the network.")
@click.option("--unsandboxed", is_flag=True, help="Run it without a sandbox: you vouch for it.")
@click.option(
    "--set", "answers", type=(str, str), multiple=True, metavar="NAME VALUE",
    help="Answer an option of the place.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of JupyterLab.")
@yes_option
@json_option
@config_option
def launch(  # noqa: PLR0917 - click passes them by name
    crate: str,
    target: str,
    notebook: str | None,
    memory: int | None,
    allow_network: bool,
    unsandboxed: bool,
    answers: tuple[tuple[str, str], ...],
    no_browser: bool,
    language: Literal["en", "ja"] | None,
    agreed: bool,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Open CRATE in JupyterLab, with its environment and its data; Ctrl-C ends it."""
    settings = read_settings(config_file, unsandboxed=unsandboxed)
    found = brought(crate, settings=settings, agreed=agreed, quiet=as_json)
    asked = Launch(
        location=found.path,
        origin=found.origin,
        target=target,
        order=LaunchOrder(
            notebook=notebook,
            language=language or default_language(),
            memory_bytes=memory,
            network=allow_network,
            answers=dict(answers),
        ),
    )
    with ExitStack() as running_until_here:
        with Display(quiet=as_json) as display:
            running = running_until_here.enter_context(
                launched(asked, settings=settings, progress=display.progress)
            )
        if as_json:
            print_json(to_plain(running.launched))
        else:
            display.say(running.launched.url)
        if not no_browser and not as_json:
            webbrowser.open(running.launched.url)
        return running.wait()
