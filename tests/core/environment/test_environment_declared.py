"""What a study declares is read whole, and what no index can give is named."""

from pathlib import Path

import pytest

from core.environment.studies import study
from recrate.environment.conda_file import specifier_of as of_conda
from recrate.environment.declared import read_declared
from recrate.environment.project_files import specifier_of as of_poetry
from recrate.environment.wishes import Wishes


def declared(root: Path, **files: str) -> Wishes:
    return read_declared(root, study(root, **files))


def texts(wishes: Wishes) -> set[str]:
    return {wish.text for wish in wishes.requirements}


def test_requirements_follow_includes_hashes_markers_and_comments(tmp_path):
    (tmp_path / "more.in").write_text("pandas>=1 ; python_version >= '3.8'\n-r requirements.txt\n")
    wishes = declared(
        tmp_path,
        **{
            "requirements.txt": "# all\n-r more.in\nnumpy==1.21.0 \\\n  --hash=sha256:"
            + "0" * 64
            + "  # pinned\nsix\n--extra-index-url https://example.org/simple\n"
        },
    )
    assert texts(wishes) == {'pandas>=1; python_version >= "3.8"', "numpy==1.21.0", "six"}
    assert any("--extra-index-url" in note for note in wishes.notes)


def test_what_no_index_can_give_is_named_with_its_reason(tmp_path):
    lines = [
        "-e .", "-e git+https://github.com/a/bee.git@main#egg=bee", "./wheels/x.whl", "six",
        "git+https://github.com/a/cee", "dee @ https://example.org/dee.zip", "not a requirement!",
    ]  # fmt: skip
    wishes = declared(tmp_path, **{"requirements.txt": "\n".join(lines)})
    assert texts(wishes) == {"six"}
    assert len(wishes.unrestored) == 6
    assert all(
        entry.reason and entry.declared_in == "requirements.txt" for entry in wishes.unrestored
    )
    assert "bee" in {entry.name for entry in wishes.unrestored}


def test_a_file_outside_the_study_is_never_included(tmp_path):
    (tmp_path / "secret.txt").write_text("hidden-package\n")
    wishes = declared(tmp_path / "study", **{"requirements.txt": "-r ../secret.txt\nsix\n"})
    assert texts(wishes) == {"six"}


def test_requirements_in_utf_16_as_powershell_writes_them_are_read(tmp_path):
    inventory = study(tmp_path, **{"requirements.txt": ""})
    (tmp_path / "requirements.txt").write_bytes("six==1.16.0\r\n".encode("utf-16"))
    assert texts(read_declared(tmp_path, inventory)) == {"six==1.16.0"}


def test_constraints_limit_without_asking(tmp_path):
    files = {"requirements.txt": "six\n", "constraints.txt": "six<2\nnumpy==1.20.0\n"}
    wishes = declared(tmp_path, **files)
    assert texts(wishes) == {"six"}
    assert wishes.constraints == ("six<2", "numpy==1.20.0")


CONDA = """
name: study
channels: [conda-forge]
dependencies:
  - python=3.8
  - numpy=1.19.*
  - conda-forge::pytorch=1.7.0=py3.8_cpu
  - matplotlib-base >=3.2,<4
  - graphviz
  - mkl=2020.2
  - r-ggplot2
  - pip
  - pip:
      - six==1.15.0
      - git+https://github.com/a/bee
"""


def test_of_a_conda_file_the_pip_part_is_asked_for_and_the_rest_named(tmp_path):
    wishes = declared(tmp_path, **{"environment.yml": CONDA})
    assert texts(wishes) == {"numpy==1.19.*", "torch==1.7.0.*", "matplotlib<4,>=3.2", "six==1.15.0"}
    assert wishes.python == "==3.8.*"
    assert wishes.system_packages == ("graphviz",)
    assert {entry.name for entry in wishes.unrestored} == {
        "graphviz", "mkl", "r-ggplot2", "git+https://github.com/a/bee",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "pep440"),
    [
        ("", ""), ("=1.2", "==1.2.*"), ("1.2.3=py37_0", "==1.2.3.*"), ("==1.2.3", "==1.2.3"),
        (" >=1.2 ,<2", ">=1.2,<2"), (">=1.8,<1.9|>2", ">=1.8,<1.9"), ("3.7.*", "==3.7.*"),
        ("!=1.2.*", "!=1.2.*"),
    ],
)  # fmt: skip
def test_conda_versions_become_pep_440(spec, pep440):
    assert of_conda(spec) == pep440


@pytest.mark.parametrize(
    ("constraint", "pep440"),
    [
        ("^1.2.3", ">=1.2.3,<2"), ("^0.2.3", ">=0.2.3,<0.3"), ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("~1.2.3", ">=1.2.3,<1.3"), ("~1", ">=1,<2"), ("*", ""), ("1.2.3", "==1.2.3"),
        (">=1,<2", ">=1,<2"),
    ],
)  # fmt: skip
def test_caret_and_tilde_become_pep_440(constraint, pep440):
    assert of_poetry(constraint) == pep440


POETRY = """
[tool.poetry]
name = "my-study"
[tool.poetry.dependencies]
python = "^3.8"
numpy = "^1.19"
bee = { git = "https://github.com/a/bee" }
extra = { version = "1.0", optional = true }
"""


def test_poetry_projects_are_read(tmp_path):
    wishes = declared(tmp_path, **{"pyproject.toml": POETRY})
    assert texts(wishes) == {"numpy<2,>=1.19"}
    assert wishes.python == ">=3.8,<4"
    assert [entry.name for entry in wishes.unrestored] == ["bee"]


def test_the_study_itself_is_never_asked_of_an_index(tmp_path):
    files = {
        "pyproject.toml": '[project]\nname = "My_Study"\ndependencies = ["six"]\n',
        "requirements.txt": "my-study\nnumpy\n",
    }
    assert texts(declared(tmp_path, **files)) == {"six", "numpy"}


def test_setup_py_is_parsed_and_never_executed(tmp_path):
    code = (
        "from setuptools import setup\nopen('executed', 'w')\nneeds = ['six>=1', 'numpy']\n"
        "setup(name='x', install_requires=needs, python_requires='>=3.6')\n"
    )
    wishes = declared(tmp_path, **{"setup.py": code})
    assert texts(wishes) == {"six>=1", "numpy"}
    assert wishes.python == ">=3.6"
    assert not (tmp_path / "executed").exists()


def test_a_lock_of_another_tool_fixes_versions(tmp_path):
    lock = (
        '[[package]]\nname = "six"\nversion = "1.15.0"\n'
        '[[package]]\nname = "own"\nversion = "0"\nsource = { virtual = "." }\n'
    )
    wishes = declared(tmp_path, **{"uv.lock": lock})
    assert wishes.constraints == ("six==1.15.0",)
    assert not wishes.requirements


def test_a_pipfile_lock_fixes_versions(tmp_path):
    meta = '"_meta": {"requires": {"python_version": "3.9"}}'
    text = f'{{{meta}, "default": {{"six": {{"version": "==1.15.0"}}}}}}'
    wishes = declared(tmp_path, **{"Pipfile.lock": text})
    assert wishes.constraints == ("six==1.15.0",)
    assert wishes.python == "==3.9.*"


@pytest.mark.parametrize(
    "name",
    ["environment.yml", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile.lock", "uv.lock"],
)
@pytest.mark.parametrize("text", ["{[", "\x00\x01", "- [" * 4000, "a: &a [*a]", "]"])
def test_a_broken_declaration_is_never_the_end(tmp_path, name, text):
    files = {name: text, "requirements.txt": "six\n"}
    assert "six" in texts(declared(tmp_path, **files))


def test_files_for_developing_are_left_aside_when_there_are_others(tmp_path):
    files = {"requirements.txt": "six\n", "requirements-dev.txt": "pytest\n"}
    wishes = declared(tmp_path, **files)
    assert texts(wishes) == {"six"}
    assert any("requirements-dev.txt" in note for note in wishes.notes)


def test_apt_and_runtime_are_read(tmp_path):
    files = {"apt.txt": "graphviz # dots\nffmpeg; rm\n", "runtime.txt": "python-3.9\n"}
    wishes = declared(tmp_path, **files)
    assert wishes.system_packages == ("graphviz", "rm")
    assert wishes.python == "==3.9.*"
