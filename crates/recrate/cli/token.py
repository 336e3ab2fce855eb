"""`recrate token`: keep a repository's token in the keyring, where no file of a study is."""

import sys
from pathlib import Path

import click

from recrate.cli.console import Display
from recrate.cli.options import config_option
from recrate.configuration import read_settings
from recrate.flow.places import place_named
from recrate.model.secret import Secret
from recrate.outside.keys import forget_token, keep_token


@click.command
@click.argument("place")
@click.option("--forget", is_flag=True, help="Remove it from the keyring.")
@config_option
def token(place: str, forget: bool, config_file: Path | None) -> int:
    """Ask for the token of PLACE and keep it in this machine's keyring.

    It is read without being shown, from the terminal or from standard input.
    """
    name = place_named(place, read_settings(config_file)).name
    with Display() as display:
        if forget:
            there = forget_token(name)
            display.say(f"forgotten: {name}" if there else f"no token was kept for {name}")
            return 0
        if sys.stdin.isatty():
            said = click.prompt("Token", hide_input=True, err=True)
        else:
            said = sys.stdin.readline()
        keep_token(name, Secret(said.strip()))
        display.say(f"kept in the keyring: {name}")
    return 0
