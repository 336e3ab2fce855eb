"""The Python of a study is the one its notebooks record, if it can be had; each step is told."""

import sys

from core.environment.studies import notebook, settings_in, study
from recrate.environment.pythons import PythonChoice, choose_python, other_pythons
from recrate.outside.tools import installed_minors, interpreters

HERE = f"3.{sys.version_info.minor}"


def choose(tmp_path, *notebooks, declared="", date="2024-01-01"):
    return choose_python(study(tmp_path, *notebooks), declared, date, settings_in(tmp_path))


def test_the_recorded_python_is_kept_to_its_patch_level(tmp_path):
    choice = choose(tmp_path, notebook(python=f"{HERE}.1"))
    assert (choice.version, choice.minor, choice.notes) == (f"{HERE}.1", HERE, ())


def test_a_python_2_notebook_is_said_to_be_one(tmp_path):
    choice = choose(tmp_path, notebook(python="2.7.12"))
    assert choice.minor == ""
    assert [finding.code for finding in choice.findings] == ["python-2"]


def test_a_python_that_nobody_has_gives_a_neighbour_in_words(tmp_path):
    choice = choose(tmp_path, notebook(python="3.2.1"))
    assert choice.minor in installed_minors(settings_in(tmp_path).variables)
    assert "Python 3.2 is not on this machine; took" in choice.notes[0]


def test_the_python_of_most_notebooks_wins_and_the_others_are_named(tmp_path):
    mixed = [notebook(path=f"{n}.ipynb", python=HERE) for n in range(2)]
    choice = choose(tmp_path, *mixed, notebook(path="z.ipynb", python="3.1.1"))
    assert choice.minor == HERE
    assert "3.1" in choice.notes[0]


def test_without_a_record_the_declared_python_is_taken(tmp_path):
    choice = choose(tmp_path, notebook(python=None), declared=f"=={HERE}.*")
    assert choice.minor == HERE
    assert "no notebook records its Python" in choice.notes[0]


def test_interpreters_are_of_the_version_that_was_asked_for(tmp_path):
    found = interpreters(HERE, settings_in(tmp_path).variables)
    assert found
    assert all(one.minor == HERE for one in found)
    assert not interpreters("3.2", settings_in(tmp_path).variables)


def test_the_pythons_that_a_pinned_package_runs_on_are_tried_and_no_others():
    choice = PythonChoice(
        version="3.7.4", minor="3.7", neighbours=("3.6", "3.8", "3.9", "3.10", "3.11", "3.12")
    )
    said = (
        "Because the requested Python version (>=3.7) does not satisfy Python>=3.10 and"
        " x==0.8.44 depends on Python>=3.10, we can conclude that x==0.8.44 cannot be used."
    )
    assert other_pythons(choice, said) == ("3.10", "3.11", "3.12")
    assert other_pythons(choice, said.replace("Python>=3.10,", "Python>=3.8,<3.10,")) == (
        "3.8", "3.9",
    )  # fmt: skip


def test_old_wheels_are_looked_for_at_older_pythons_first_and_a_plain_conflict_nowhere():
    choice = PythonChoice(
        version="3.9", minor="3.9", neighbours=("3.8", "3.7", "3.10", "3.11", "3.12")
    )
    assert other_pythons(choice, "x==1.0 has no usable wheels") == ("3.8", "3.7", "3.10", "3.11")
    assert other_pythons(choice, "x==1.0 depends on y>=2 and you require y<2") == ()
