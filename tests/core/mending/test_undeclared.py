"""A package that nobody declares is named, and nothing that is there all the same."""

import pytest

from recrate.flow.undeclared import undeclared_packages
from recrate.model.fix import FixKind
from recrate.scan.inventory import take_inventory


def told(study):
    found = undeclared_packages(study.root, take_inventory(study.root))
    return [(one.path, one.cell, one.subject) for one in found]


def test_an_import_that_no_declaration_covers_is_named_once_with_its_place(study):
    study.put("a.ipynb", ["import numpy", "import sklearn.svm\nimport sklearn", "import sklearn"])
    study.put("tool.py", "import xarray")
    study.put("b.ipynb", ["import tool"])
    study.put("requirements.txt", "numpy==1.26\n")
    assert sorted(told(study)) == [("a.ipynb", 1, "scikit-learn"), ("tool.py", None, "xarray")]


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "scikit-learn\nmatplotlib"},
        {"requirements.txt": "Scikit_Learn>=1 ; python_version > '3'\nmatplotlib"},
        {"environment.yml": "dependencies: [numpy, {pip: [scikit-learn]}, matplotlib-base]"},
        {"environment.yml": "dependencies: [anaconda]"},
        {"pyproject.toml": "[project]\nname='x'\ndependencies=['scikit-learn', 'matplotlib']"},
        {"requirements.txt": "numpy\n-r more.txt", "more.txt": "scikit-learn\nmatplotlib"},
        {"requirements.txt": "numpy\ngit+https://example.org/scikit-learn-fork"},
        {"requirements.txt": "numpy", "Dockerfile": "FROM x\nRUN pip install scikit-learn"},
        {"requirements.txt": "numpy", "postBuild": "pip install scikit-learn"},
        {"pyproject.toml": "[tool.ruff]\nx = 1"},
        {"requirements.txt": ""},
        {"setup.py": "from setuptools import setup\nsetup(install_requires=read())"},
        {},
    ],
    ids=str,
)
def test_what_is_declared_or_cannot_be_known_is_no_finding(study, files):
    study.put("a.ipynb", ["import sklearn, numpy, matplotlib.pyplot"])
    for name, content in files.items():
        study.put(name, content)
    assert told(study) == []


@pytest.mark.parametrize(
    "cell",
    [
        "import os, json, imp, urllib2",
        "import IPython, ipykernel, traitlets, setuptools",
        "import mine",
        "from . import mine",
        "try:\n    import sklearn\nexcept ImportError:\n    sklearn = None",
        "%pip install scikit-learn\nimport sklearn",
        "import some_private_thing",
        "import numpy, pytz, dateutil, six",
    ],
)
def test_what_is_there_all_the_same_is_no_finding(study, cell):
    study.put("a.ipynb", [cell])
    study.put("mine.py", "")
    study.put("requirements.txt", "pandas\n")
    assert told(study) == []


def test_where_packages_are_declared_in_another_kind_of_file_nothing_is_written(study):
    study.put("a.ipynb", ["import sklearn"])
    study.put("environment.yml", "dependencies: [numpy]")
    assert [one.code for one in study.findings()].count("undeclared-package") == 1
    assert study.fixes("undeclared-package") == []


def test_the_file_for_running_is_chosen_not_the_one_for_developing(study):
    study.put("a.ipynb", ["import sklearn"])
    study.put("requirements-dev.txt", "pytest\n")
    study.put("binder/requirements.txt", "numpy\n")
    (fix,) = study.fixes("undeclared-package")
    assert (fix.kind, fix.file) == (FixKind.ADD_REQUIREMENT, "binder/requirements.txt")
    study.mend(fix)
    assert study.bytes_of("binder/requirements.txt") == b"numpy\nscikit-learn\n"
