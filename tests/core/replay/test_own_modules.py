"""Modules of the study are importable wherever in it they lie, and nothing else changes."""

from typing import Any

import pytest

from recrate.replay.own_modules import modules_elsewhere, nearest


def put(study: Any, path: str, text: str = "WHERE = __file__\n") -> None:
    target = study.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


@pytest.mark.parametrize(
    ("files", "code", "told"),
    [
        (["code/vehicle.py"], "import vehicle; print(vehicle.WHERE)", "code/vehicle.py"),
        (["lib/pkg/__init__.py"], "import pkg; print(pkg.WHERE)", "lib/pkg/__init__.py"),
        (["a/b/wide/inner.py"], "from wide import inner; print(inner.WHERE)", "wide/inner.py"),
        (
            ["packages/one/src/one/__init__.py", "packages/one/pyproject.toml"],
            "import one; print(one.WHERE)",
            "packages/one/src/one/__init__.py",
        ),
        (["x/tool.py", "notebooks/deep/tool.py"], "import tool; print(tool.WHERE)", "deep/tool.py"),
        (["x/json.py"], "import json; print(json.__file__)", "json/__init__.py"),
        (["x/IPython.py"], "import IPython; print(IPython.__file__)", "IPython/__init__.py"),
        (
            ["x/tool.py"],
            "import importlib; print(importlib.import_module('tool').WHERE)",
            "x/tool.py",
        ),
    ],
)  # fmt: skip
def test_a_module_is_found_where_the_author_had_it(study, files, code, told):
    for file in files:
        put(study, file)
    path = study.add("notebooks/a.ipynb", code)
    (seen,) = study.observe(path).notebooks
    assert seen.error is None
    assert study.text(path=path).strip().endswith(told)


def test_one_module_imports_another_that_lies_elsewhere(study):
    put(study, "one/first.py", "import second\nVALUE = second.VALUE\n")
    put(study, "two/second.py", "VALUE = 42\n")
    assert study.run("import first; print(first.VALUE)").error is None
    assert study.text() == "42\n"


def test_a_folder_that_a_library_might_look_for_is_not_offered(study):
    put(study, "old/tables/make_tables.py")
    code = "try:\n    __import__('selbat'[::-1])\nexcept ImportError:\n    print('not there')"
    study.run(code)
    assert study.text() == "not there\n"


def test_no_name_stays_behind(study):
    put(study, "code/vehicle.py")
    study.run(
        "print(sorted(n for n in dir() if not n.startswith('_')), '_' in dir())", "import vehicle"
    )
    assert "Elsewhere" not in study.text()
    assert "folders" not in study.text()


def test_what_lies_in_a_package_is_not_a_module_by_itself(tmp_path):
    (tmp_path / "a" / "pkg").mkdir(parents=True)
    (tmp_path / "a" / "pkg" / "__init__.py").touch()
    (tmp_path / "a" / "pkg" / "inner.py").touch()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "secret.py").touch()
    (tmp_path / "n.ipynb").write_text('"import pkg, inner, secret"')
    assert modules_elsewhere(tmp_path) == {"pkg": ("a",)}


def test_the_nearest_of_several_is_taken():
    assert nearest(["x", "notebooks/deep"], "notebooks") == "notebooks/deep"
    assert nearest(["b", "a"], "c") == "a"
    assert nearest(["", "far/away/off"], "here") == ""
