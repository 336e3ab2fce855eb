"""A small crate for the tests of launching: the standard library alone, and odd names."""

import json

import pytest

from making import notebook_of, stream

ODD = "日本 語/第 #1 章? 50%.ipynb"


@pytest.fixture(scope="session")
def small(cache_folder, recrate, tmp_path_factory):
    """A crate whose first notebook prints 42; the second has an odd name and reads a file."""
    study = tmp_path_factory.mktemp("small") / "study"
    (study / ODD).parent.mkdir(parents=True)
    first = json.loads(notebook_of("print(6 * 7)", outputs={0: [stream("42\n")]}))
    first["metadata"]["kernelspec"]["name"] = "My-Own.Kernel"
    (study / "a.ipynb").write_text(json.dumps(first))
    source = "import os; print(os.getcwd()); print(open('../numbers.txt').read())"
    (study / ODD).write_text(notebook_of(source))
    (study / "numbers.txt").write_text("1 2 3")
    crate = study.parent / "small.crate.zip"
    answer = recrate("pack", study, "-o", crate)
    assert crate.exists(), answer.error
    return crate
