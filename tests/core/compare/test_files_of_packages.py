"""A file that an installed package should have: no file of the study's, and whose version it is."""

import pytest

from recrate.compare.cause_table import HINTS
from recrate.compare.causes import failure_of
from recrate.model.environment import Package
from recrate.model.observation import Addition, EnvironmentSeen, NotebookObservation, RunError
from recrate.model.verdict import Cause, Failure
from recrate.report.reasons_causes import evidence_in_japanese

INSIDE = "/x/venv/lib/python3.13/site-packages/mie_tools/data/ag-Johnson.txt"
CELL = {"cell_type": "code", "source": "f()", "outputs": [], "execution_count": 1}


def failed(message: str, *, asked: str = "mie-tools", found: bool = False) -> Failure:
    added = Addition(
        requirement=asked, name="mie-tools", version="3.3.0", notebook="a.ipynb", cell=0,
        evidence="No module named 'mie_tools'",
    )  # fmt: skip
    environment = EnvironmentSeen(
        language="python", python="3.13.0", restored=True, seconds=1.0,
        packages=(Package(name="mie-tools", version="3.3.0"),), added=(added,) * found,
    )  # fmt: skip
    error = RunError(name="FileNotFoundError", message=message, cell=0)
    run = NotebookObservation(path="a.ipynb", status="failed", seconds=1.0, error=error)
    return failure_of(run, {"metadata": {}, "cells": [CELL]}, environment)


@pytest.mark.parametrize(
    ("known", "cause"),
    [
        ({}, Cause.MISSING_FILE),
        ({"found": True}, Cause.API_CHANGED),
        ({"found": True, "asked": "mie-tools==3.3.0"}, Cause.MISSING_FILE),
    ],
)
def test_a_version_that_nobody_asked_for_is_another_than_the_authors(known, cause):
    failure = failed(f"{INSIDE} not found.", **known)
    assert failure.cause is cause
    told = "mie-tools 3.3.0 has no file `data/ag-Johnson.txt` of its own: FileNotFoundError: "
    assert failure.evidence.startswith(told)
    assert "`data/ag-Johnson.txt` が含まれない" in evidence_in_japanese(failure.evidence)


def test_the_study_is_not_asked_for_what_a_package_should_have():
    errno = f"[Errno 2] No such file or directory: '{INSIDE}'"
    assert HINTS[Cause.API_CHANGED] in failed(errno).hint
    assert (
        failed("[Errno 2] No such file or directory: 'data/ag.txt'").hint
        == (HINTS[Cause.MISSING_FILE])
    )
