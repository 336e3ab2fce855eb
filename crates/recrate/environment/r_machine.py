"""The machine's R, and what a library beside it adds: measured by running it."""

import re
from dataclasses import dataclass

from recrate.environment.debian import inside
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Package
from recrate.outside.process import Finished, run
from recrate.outside.tools import find_rscript

_ASK = (
    "p <- installed.packages()[, c('Package', 'Version'), drop = FALSE];"
    "p <- p[!duplicated(p[, 1]), , drop = FALSE];"  # the first of the path is the one that loads
    "cat(paste(R.version$major, R.version$minor, sep='.'), '\\n', sep='');"
    "cat(R.home(), '\\n', sep='');"
    "cat(paste(p[, 1], p[, 2], sep='\\t'), sep='\\n')"
)
_LOAD = (
    "for (name in commandArgs(TRUE)) tryCatch("
    "invisible(suppressMessages(loadNamespace(name))),"
    "error = function(e)"
    " cat(name, '\\t', gsub('[\\n\\t]', ' ', conditionMessage(e)), '\\n', sep=''))"
)

VARIABLES = {"RENV_CONFIG_AUTOLOADER_ENABLED": "FALSE", "RENV_ACTIVATE_PROJECT": "FALSE"}
"""A study's own renv would fetch itself, and hide the packages that are here.

Source: https://rstudio.github.io/renv/reference/config.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredR:
    """An R from inside: its version, home folder and packages by name; empty without R."""

    version: str = ""
    home: str = ""
    packages: tuple[Package, ...] = ()


def measure_r() -> MeasuredR:
    """Return the machine's R."""
    program = find_rscript()
    if program is None:
        return MeasuredR()
    return _read(run([program, "--vanilla", "-e", _ASK], timeout_seconds=120))


def measure_beside(
    folder: str, variables: dict[str, str], settings: EnvironmentSettings
) -> MeasuredR:
    """Return the machine's R as it is with a library of ours, below `folder`, beside it."""
    return _read(_run_r(["-e", _ASK], folder, variables, settings))


def failing(
    names: tuple[str, ...], folder: str, variables: dict[str, str], settings: EnvironmentSettings
) -> dict[str, str]:
    """Load packages within walls; return by name what R says of those that do not load."""
    if not names:
        return {}
    told = _run_r(["-e", _LOAD, *names], folder, variables, settings)
    rows = [line.split("\t", 1) for line in told.out.splitlines() if "\t" in line]
    return {name: re.sub(r"\s+", " ", words).strip()[:300] for name, words in rows}


def _run_r(
    words: list[str], folder: str, variables: dict[str, str], settings: EnvironmentSettings
) -> Finished:
    program = find_rscript()
    assert program is not None, "R was measured before"
    return inside([program, "--vanilla", *words], settings, readable=(folder,), variables=variables)


def _read(told: Finished) -> MeasuredR:
    lines = told.out.splitlines()
    if told.code or len(lines) < 2:
        return MeasuredR()
    rows = sorted(tuple(line.split("\t")) for line in lines[2:] if line.count("\t") == 1)
    packages = tuple(Package(name=name, version=number) for name, number in rows)
    return MeasuredR(version=lines[0], home=lines[1], packages=packages)
