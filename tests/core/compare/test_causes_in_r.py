"""Why a notebook in R failed or shows something else: by what IRkernel says, in any language."""

from typing import Any

import pytest

from recrate.compare.attribution import Known, with_causes
from recrate.compare.causes import failure_of
from recrate.compare.judge import judge
from recrate.compare.r_causes import missing_package
from recrate.model.environment import NOT_IN_DEBIAN
from recrate.model.observation import EnvironmentSeen, NotebookObservation, Observation, RunError
from recrate.model.policy import Policy
from recrate.model.verdict import Cause
from recrate.scan.cell_code import read_cell_codes


def in_r(*sources: str, shown: str = "", version: str = "4.2.2") -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "source": one, "metadata": {}, "outputs": [], "execution_count": n}
        for n, one in enumerate(sources, start=1)
    ]
    if shown:
        cells[-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": shown}]
    return {
        "cells": cells,
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "ir", "language": "R", "display_name": "R"},
            "language_info": {"name": "R", "version": version},
        },
    }


def failed(message: str, *sources: str, differences: tuple[str, ...] = (), notes: tuple = ()):
    run = NotebookObservation(
        path="a.ipynb",
        status="failed",
        seconds=1.0,
        error=RunError(name="ERROR", message=message, cell=0),
    )
    seen = EnvironmentSeen(
        language="R",
        python="",
        packages=(),
        restored=False,
        seconds=1.0,
        differences=differences,
        notes=notes,
    )
    return failure_of(run, in_r(*(sources or ("f()",))), seen)


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("Error in library(ape): there is no package called ‘ape’\n", Cause.MISSING_PACKAGE),
        (
            "Error in library(ape):  ‘ape’ という名前のパッケージはありません \n",
            Cause.MISSING_PACKAGE,
        ),
        ("Error in library(ape): es gibt kein Paket namens ‘ape’\n", Cause.MISSING_PACKAGE),
        (
            "Error in library(ape): aucun package nommé ‘ape’ n'est trouvé\n",
            Cause.MISSING_PACKAGE,
        ),
        ("Error in loadNamespace(x): there is no package called ‘ape’\n", Cause.MISSING_PACKAGE),
        (
            "Error in loadNamespace(x):  ‘ape’ という名前のパッケージはありません \n",
            Cause.MISSING_PACKAGE,
        ),
        (
            "Error: package or namespace load failed for ‘ggplot2’ in loadNamespace(j):\n"
            " namespace ‘rlang’ 0.4.1 is already loaded, but >= 1.0.6 is required",
            Cause.API_CHANGED,
        ),
        ('Error in geom_sf(): could not find function "geom_sf"\n', Cause.API_CHANGED),
        (
            "Error: 'across' is not an exported object from 'namespace:dplyr'\n",
            Cause.API_CHANGED,
        ),
        ("Error in f(1, b = 2): unused argument (b = 2)\n", Cause.API_CHANGED),
        ('Error in file(file, "rt"): cannot open the connection\n', Cause.MISSING_FILE),
        ('Error in file(file, "rt"):  コネクションを開くことができません \n', Cause.MISSING_FILE),
        ('Error in gzfile(file, "rb"): cannot open the connection\n', Cause.MISSING_FILE),
        (
            "Error: 'no.csv' does not exist in current working directory ('/work').\n",
            Cause.MISSING_FILE,
        ),
        (
            "Error in file(file, \"rt\"): cannot open the connection to 'https://a.invalid/x'\n",
            Cause.NETWORK_REFUSED,
        ),
        (
            'Error in download.file("https://a.invalid/x", "y"):  URL \'https://a.invalid/x\''
            " を開けません \n",
            Cause.NETWORK_REFUSED,
        ),
        (
            "Error in curl::curl_fetch_memory(url): Could not resolve host: a.invalid\n",
            Cause.NETWORK_REFUSED,
        ),
        ("Error: cannot allocate vector of size 7450.6 Gb\n", Cause.MEMORY),
        (
            "Error:  サイズ 7450.6 Gb のベクトルを割り当てることができません \n",
            Cause.MEMORY,
        ),
        (
            "Error in eval(expr, envir, enclos): object 'fit' not found\n",
            Cause.STALE_OUTPUT,
        ),
        ("Error in eval(expr, envir, enclos): meant\n", Cause.NOT_KNOWN),
    ],
)
def test_what_r_says_has_a_cause_in_any_language(message: str, cause: Cause) -> None:
    found = failed(message)
    assert found.cause is cause, found.evidence
    assert found.evidence
    assert found.hint


def test_an_object_that_a_cell_makes_is_not_called_stale() -> None:
    message = "Error in eval(expr, envir, enclos): object 'fit' not found\n"
    assert failed(message, "if (FALSE) fit <- 1\nfit").cause is Cause.NOT_KNOWN


def test_a_missing_package_is_named_with_debians_name_and_why_debian_could_not_give_it() -> None:
    message = "Error in library(MyPkg): there is no package called ‘MyPkg’\n"
    why = "Debian has no r-cran-mypkg"
    found = failed(message, notes=(f"{NOT_IN_DEBIAN}: MyPkg: {why}",))
    assert why in found.evidence
    assert "r-cran-mypkg" in found.hint
    hostile = failed("Error in library(x): there is no package called ‘..’\n")
    assert "r-cran" not in hostile.hint


def test_a_function_of_a_package_that_require_did_not_find_is_a_missing_package() -> None:
    message = 'Error in read.tree("a"): could not find function "read.tree"\n'
    found = failed(message, "require(ape)\nread.tree('a')", differences=("ape 5.7 is missing",))
    assert found.cause is Cause.MISSING_PACKAGE
    other = failed(message, "read.tree('a')", differences=("ape 5.7 is missing",))
    assert other.cause is Cause.API_CHANGED


def test_what_the_code_itself_stops_with_is_the_authors() -> None:
    message = "Error in check(x): too few rows\n"
    assert failed(message, "check <- function(x) stop('too few rows')").cause is Cause.AUTHORS_CODE
    assert failed(message, "check(x)  # stop").cause is Cause.NOT_KNOWN


def test_an_error_that_the_author_recorded_stays_theirs() -> None:
    recorded = in_r("library(ape)")
    recorded["cells"][0]["outputs"] = [
        {"output_type": "error", "ename": "ERROR", "evalue": "Error in x", "traceback": []}
    ]
    error = RunError(name="ERROR", message="Error in library(ape): there is no package", cell=0)
    run = NotebookObservation(path="a.ipynb", status="failed", seconds=1.0, error=error)
    assert failure_of(run, recorded).cause is Cause.AUTHORS_CODE


def test_no_message_however_long_or_odd_is_slow() -> None:
    for text in ("Error in library(" + "a" * 90 + "‘" * 5000, "Error in file(" * 2000, "‘" * 9000):
        assert missing_package(text) == ""
        failed(text)


def cause_shown(
    *sources: str, differences: tuple[str, ...] = (), r: str = "4.2.2", recorded_r: str = "4.2.2"
) -> tuple[Cause | None, str]:
    recorded = in_r(*sources, shown="alpha beta\n", version=recorded_r)
    rerun = in_r(*sources, shown="gamma delta epsilon\n")
    seen = Observation(
        crate="0" * 64,
        crate_name="s",
        repeat=0,
        agent="recrate",
        started="2026-01-01T00:00:00+00:00",
        ended="2026-01-01T00:00:01+00:00",
        runner="local",
        sandbox="none",
        environment=None,
        notebooks=(NotebookObservation(path="a.ipynb", status="completed", seconds=1.0),),
    )
    papers = {"a.ipynb": recorded}, (seen,), [{"a.ipynb": rerun}]
    verdict = judge(*papers, Policy())
    known = Known(codes={"a.ipynb": read_cell_codes(recorded, "r")}, others=differences, r=r)
    told = with_causes(verdict, *papers, known)
    output = told.notebooks[0].cells[-1].outputs[0]
    assert output.verdict == "different"
    return output.cause, output.evidence


def test_a_package_at_another_version_is_the_cause_where_the_notebook_uses_it() -> None:
    line = ("glue is 1.6.2, the lock says 1.4.0",)
    cause, evidence = cause_shown("library(glue)", "f()", differences=line)
    assert cause is Cause.API_CHANGED
    assert evidence == "the notebook uses glue, which is 1.6.2 here and 1.4.0 in the lock"
    assert cause_shown("glue::glue('a')", differences=line)[0] is Cause.API_CHANGED
    assert cause_shown("library(gluey)", "f()", differences=line)[0] is Cause.NOT_KNOWN
    assert cause_shown("# library(glue)\nf()", differences=line)[0] is Cause.NOT_KNOWN


def test_what_r_itself_changed_is_told_where_the_versions_stand_on_both_sides() -> None:
    code = ("set.seed(1)", "sample(10)")
    cause, evidence = cause_shown(*code, recorded_r="3.5.1")
    assert cause is Cause.API_CHANGED
    assert "3.6.0" in evidence
    assert cause_shown(*code, recorded_r="3.6.1")[0] is Cause.NOT_KNOWN
    assert cause_shown("str(data.frame(a = 'x'))", recorded_r="3.6.1")[0] is Cause.API_CHANGED


def test_chance_in_a_cell_above_reaches_what_uses_its_values() -> None:
    cause, evidence = cause_shown("x <- rnorm(10)", "summary(x)")
    assert cause is Cause.NONDETERMINISM
    assert "rnorm" in evidence
    seeded = cause_shown("set.seed(42)\nx <- rnorm(10)", "summary(x)")
    assert seeded[0] is Cause.NOT_KNOWN
    assert cause_shown("x <- rnorm(10)", "summary(y)")[0] is Cause.NOT_KNOWN
    assert cause_shown("now <- Sys.time()", "format(now)")[0] is Cause.NONDETERMINISM
