"""Failures whose message tells no cause: what the author's run and the traceback tell."""

import pytest

from recrate.compare.eliminated import by_elimination
from recrate.compare.judge import judge
from recrate.model.environment import Package
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
)
from recrate.model.policy import Policy
from recrate.model.verdict import Cause
from recrate.report.reasons_causes import evidence_in_japanese

HEAD = "{name}   Traceback (most recent call last)\nCell In[2], line 1\n----> 1 run(x)\n\n"
IN_PANDAS = HEAD + (
    "File /e/venv/lib/python3.11/site-packages/pandas/core/frame.py:4102, in DataFrame.get(self)\n"
    "   4100 return 1\n-> 4102 self.columns.get_loc(key)\n\n"
    "File pandas/_libs/index.pyx:196, in pandas._libs.index.IndexEngine.get_loc()\n\n"
    "{name}: {message}"
)
IN_JSON = HEAD + (
    "File /usr/lib/python3.11/json/decoder.py:355, in JSONDecoder.raw_decode(self, s, idx)\n"
    "--> 355     raise JSONDecodeError('Expecting value', s, err.value)\n\n{name}: {message}"
)
IN_A_MODULE = HEAD + (
    "File /study/model.py:3, in run(x)\n----> 3     return x['a']\n\n{name}: {message}"
)
OLD_STYLE = (
    "<ipython-input-5-abc> in <module>\n----> 1 run(x)\n\n"
    "~/lib/python3.7/site-packages/sklearn/base.py in fit(self, X)\n    300\n\n{name}: {message}"
)


def concluded(name, message, traceback, *, own=False, python="3.9.1", order=(1, 2), outputs=()):
    cells = [
        {"cell_type": "code", "source": "run(x)", "execution_count": count, "outputs": []}
        for count in order
    ]
    cells[-1]["outputs"] = list(outputs)
    recorded = {
        "metadata": {"language_info": {"name": "python", "version": python}},
        "cells": cells,
    }
    traceback = traceback.format(name=name, message=message)
    error = RunError(name=name, message=message, cell=len(cells) - 1, traceback=traceback)
    run = NotebookObservation(path="a.ipynb", status="failed", seconds=1.0, error=error)
    packages = tuple(
        Package(name=one, version=version)
        for one, version in (("pandas", "2.2.1"), ("scikit-learn", "1.5.0"))
    )
    seen = Observation(
        crate="0", crate_name="a", repeat=0, agent="", started="", ended="", runner="local",
        sandbox="none", notebooks=(run,),
        environment=EnvironmentSeen(
            language="python", python="3.11.7", packages=packages, restored=True, seconds=1.0
        ),
    )  # fmt: skip
    studies = {"a.ipynb": recorded}
    verdict = judge(studies, (seen,), ({},), Policy())
    (one,) = by_elimination(verdict, studies, (seen,), own_versions=own).notebooks
    return one.error


@pytest.mark.parametrize(
    ("traceback", "package"),
    [(IN_PANDAS, "pandas 2.2.1"), (OLD_STYLE, "sklearn 1.5.0")],
)
def test_what_a_package_raises_and_the_author_never_saw_is_of_another_version(traceback, package):
    found = concluded("KeyError", "'a'", traceback)
    assert found.cause is Cause.API_CHANGED
    assert found.evidence.endswith(f"raised nothing: raised inside {package}")
    assert "`--as-of`" in found.hint
    assert "内部で発生" in evidence_in_japanese(found.evidence)


@pytest.mark.parametrize(
    "named",
    [
        {"own": True},
        {"order": (2, 1)},
        {"order": (1, None)},
        {
            "outputs": (
                {"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []},
            )
        },
    ],
    ids=["the author's packages", "out of order", "never run", "recorded"],
)
def test_where_the_author_may_have_seen_it_too_nothing_is_concluded(named):
    assert concluded("KeyError", "'a'", IN_PANDAS, **named).cause is not Cause.API_CHANGED


@pytest.mark.parametrize("traceback", [IN_JSON, IN_A_MODULE, "", "no frames at all"])
def test_what_the_studys_own_code_raises_stays_open(traceback):
    assert concluded("KeyError", "'a'", traceback).cause is Cause.NOT_KNOWN
    assert concluded("ZeroDivisionError", "", traceback).cause is Cause.AUTHORS_CODE


def test_code_of_python_2_that_python_3_refuses_is_no_slip_of_the_author():
    found = concluded("SyntaxError", "invalid syntax", "", python="2.7.15")
    assert found.cause is Cause.API_CHANGED
    assert found.evidence.endswith("recorded with Python 2.7.15, run with 3.11.7")
    assert concluded("SyntaxError", "invalid syntax", "").cause is Cause.AUTHORS_CODE


def test_hostile_traces_cost_no_time():
    for text in ("File " * 40_000, '"' * 100_000, "a/b.py" * 20_000):
        assert concluded("KeyError", "'a'", text.replace("{", "")).cause is Cause.NOT_KNOWN
