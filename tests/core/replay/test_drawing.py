"""Figures come out at the size at which the record has them."""

from dataclasses import replace
from importlib.metadata import version

import pytest
from nbformat import from_dict

from recrate.model.environment import Package
from recrate.replay.drawing import drawn_as_recorded

DRAW = "%matplotlib inline\nimport matplotlib.pyplot as plt\nfigure, _ = plt.subplots()"


def recorded(*sizes):
    outputs = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/png": "iVBORw0KGgo=", "text/plain": f"<Figure size {one} with 1 Axes>"},
        }
        for one in sizes
    ]
    return {"source": DRAW, "outputs": [from_dict(one) for one in outputs]}


def packages(**versions):
    return tuple(
        Package(name=name.replace("_", "-"), version=one) for name, one in versions.items()
    )


OURS = packages(matplotlib=version("matplotlib"), matplotlib_inline=version("matplotlib-inline"))


@pytest.mark.parametrize(
    ("size", "words"), [("432x288", "at 72 dots per inch"), ("640x480", ""), ("", "")]
)
def test_each_notebook_draws_at_the_size_of_its_record(study, size, words):
    study.environment = replace(study.environment, packages=OURS)
    study.add("a.ipynb", recorded(*[size] if size else []), "print(figure.get_size_inches())")
    (seen,) = study.observe("a.ipynb").notebooks
    assert seen.status == "completed"
    drawn, printed = (cell["outputs"][0] for cell in study.rerun("a.ipynb")["cells"])
    assert f"<Figure size {size or '640x480'} with" in drawn["data"]["text/plain"]
    assert ("[6. 4.]" in printed["text"]) == bool(words)
    assert bool(words) == any(words in note for note in seen.notes if words)


def test_what_the_notebook_sets_itself_wins(study):
    study.environment = replace(study.environment, packages=OURS)
    own = "plt.rcParams['figure.figsize'] = 8, 2\nprint(plt.figure().get_size_inches())"
    study.add("a.ipynb", recorded("432x288"), own)
    study.observe("a.ipynb")
    assert "[8. 2.]" in study.rerun("a.ipynb")["cells"][1]["outputs"][0]["text"]


@pytest.mark.parametrize(
    ("size", "installed", "code"),
    [
        ("432x288", packages(matplotlib="3.5.0", matplotlib_inline="0.1.3"), None),
        ("640x480", packages(matplotlib="3.5.0", matplotlib_inline="0.1.3"), "InlineBackend"),
        ("432x288", packages(matplotlib="3.5.0", matplotlib_inline="0.1.7"), "MATPLOTLIBRC"),
        ("432x288", packages(matplotlib_inline="0.1.7"), None),
        ("432x288", packages(matplotlib="3.5.0"), None),
        ("432x288", packages(matplotlib="3.5.0", matplotlib_inline="of mine"), None),
    ],
)
def test_only_an_environment_that_draws_otherwise_is_told(size, installed, code):
    cell = {"cell_type": "code", "metadata": {}, **recorded(size)}
    told = drawn_as_recorded({"cells": [cell]}, installed, "/run")
    assert (code is None) == (told is None)
    assert told is None or code in told.code
