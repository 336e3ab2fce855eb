"""Why a notebook did not run: what libraries say when something they could use is not there."""

import pytest

from recrate.compare.causes import failure_of
from recrate.model.environment import LEFT_OUT
from recrate.model.observation import (
    DEBIAN_PACKAGE,
    UNKNOWN_MODULE,
    EnvironmentSeen,
    NotebookObservation,
    RunError,
)
from recrate.model.verdict import Cause


def cause_of(
    name: str, message: str, *notes: str, code: str = "f()", noted: tuple[str, ...] = ()
) -> tuple[Cause, str]:
    run = NotebookObservation(
        path="a.ipynb",
        status="failed",
        seconds=1.0,
        notes=noted,
        error=RunError(name=name, message=message, cell=0),
    )
    seen = EnvironmentSeen(
        language="python", python="3.11.7", packages=(), restored=not notes, seconds=1.0,
        notes=notes,
    )  # fmt: skip
    recorded = {"cells": [{"cell_type": "code", "source": code, "outputs": []}]}
    failure = failure_of(run, recorded, seen)
    return failure.cause, failure.evidence


@pytest.mark.parametrize(
    "message",
    [
        "The unit handling in x requires the installation of the package pint, available elsewhere",
        "matplotlib is required to plot",
        "`Import xarray` failed.  Use pip or conda to install the xarray package.",
        "networkx package as not been installed and is required. ",
        "You must install pydot for this to work",
        "Please install scikit-image to use this function",
        "The trame library must be installed",
        "This needs the `tables` package",
        "Could not import tqdm.\nSee above",
        "Missing optional dependency 'openpyxl'. Use pip or conda to install openpyxl.",
        "No module named 'seaborn'",
    ],
)
def test_an_optional_dependency_that_is_not_there_is_a_missing_package(message: str) -> None:
    assert cause_of("ImportError", message)[0] is Cause.MISSING_PACKAGE


@pytest.mark.parametrize(
    "message",
    [
        "cannot import name 'Imputer' from 'sklearn.preprocessing' (/site-packages/sklearn)",
        "cannot import name 'jaccard_similarity_score' from 'sklearn.metrics'",
    ],
)
def test_a_name_that_a_package_no_longer_has_is_a_changed_interface(message: str) -> None:
    assert cause_of("ImportError", message)[0] is Cause.API_CHANGED


def test_a_package_that_could_not_be_built_here_is_told_from_one_nobody_declared() -> None:
    note = f"{LEFT_OUT}: some-solver==0.6: No CMAKE_Fortran_COMPILER could be found."
    cause, evidence = cause_of("ModuleNotFoundError", "No module named 'some_solver'", note)
    assert cause is Cause.NO_BUILD
    assert "CMAKE_Fortran_COMPILER" in evidence
    assert cause_of("SolverError", "can't find some_solver", note)[0] is Cause.NO_BUILD
    other, _ = cause_of("ModuleNotFoundError", "No module named 'some'", note)
    assert other is Cause.MISSING_PACKAGE


def test_a_module_that_no_table_of_packages_knows_is_a_local_one() -> None:
    missing = ("ModuleNotFoundError", "No module named 'vehicle'")
    assert cause_of(*missing, noted=(f"{UNKNOWN_MODULE} vehicle",))[0] is Cause.LOCAL_MODULE_MISSING
    assert cause_of(*missing)[0] is Cause.MISSING_PACKAGE


@pytest.mark.parametrize(
    ("language", "name", "message", "word"),
    [
        ("R", "ERROR", "Error in library(ape): there is no package called ‘ape’", "machine's R"),
        ("python", "ImportError", "Missing optional dependency 'openpyxl'.", "requirements"),
    ],
)
def test_the_hint_names_the_place_where_the_package_belongs(
    language: str, name: str, message: str, word: str
) -> None:
    error = RunError(name=name, message=message, cell=0)
    run = NotebookObservation(path="a.ipynb", status="failed", seconds=1.0, error=error)
    recorded = {"metadata": {"language_info": {"name": language}}, "cells": []}
    assert word in failure_of(run, recorded).hint


def test_a_missing_program_is_told_with_its_debian_package() -> None:
    run = NotebookObservation(
        path="a.ipynb",
        status="failed",
        seconds=1.0,
        notes=(f"{DEBIAN_PACKAGE} graphviz: dot",),
        error=RunError(name="ExecutableNotFound", message="failed to execute 'dot'", cell=0),
    )
    failure = failure_of(run, {"cells": [{"cell_type": "code", "source": "f()", "outputs": []}]})
    assert failure.cause is Cause.SYSTEM_PROGRAM_MISSING
    assert "`graphviz` in apt.txt" in failure.hint
