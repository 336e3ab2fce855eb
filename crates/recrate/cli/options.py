"""Options that several verbs share, and the types their values have."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}


class Size(click.ParamType[int]):
    """Bytes, as a number or with a unit: `4000000000`, `4G`, `4GB`, `4GiB`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the size in bytes."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]i?)?b?", str(value).strip().lower())
        if match is None:
            self.fail(f"{value!r} is not a size such as 4G or 500MiB", param, ctx)
        return int(float(match[1]) * _UNITS[match[2] or ""])


class Day(click.ParamType[str]):
    """An ISO date, `2023-06-01`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date as ISO text."""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2023-06-01", param, ctx)


SIZE = Size()
DAY = Day()
PLACE = click.Path(path_type=Path)


def crate_argument(command: Command) -> Command:
    """CRATE: a file, a folder, an https address or a DOI, as text; `places.brought` brings it."""
    return click.argument("crate", type=str)(command)


def yes_option(command: Command) -> Command:
    """`--yes`: no question before a large download."""
    return click.option(
        "--yes", "agreed", is_flag=True, help="Fetch a large crate without being asked."
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: one JSON document on stdout, nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def config_option(command: Command) -> Command:
    """`--config FILE`: a configuration file beside those in Jupyter's folders."""
    return click.option(
        "--config", "config_file", type=PLACE, help="Also read this recrate_config.py or .json."
    )(command)


def language_option(command: Command) -> Command:
    """`--language`: of the report and the summary."""
    return click.option(
        "--language", type=click.Choice(["en", "ja"]), help="Language of the report and summary."
    )(command)
