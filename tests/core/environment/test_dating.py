"""A study without a date is dated by what its record names."""

from dataclasses import replace

import pytest

from core.environment.studies import notebook, settings_in, study
from recrate.environment.dating import estimate_day
from recrate.environment.locking import make_lock

TODAY = "2026-11-23"


def drawn(tmp_path, version, python="3.8", *more):
    one = replace(notebook("numpy", python=python), drawn_by=version)
    return study(tmp_path / "study", one, *more, date=None)


@pytest.mark.parametrize(
    ("version", "python", "day"),
    [
        ("3.3.3", "3.8.5", "2021-03-25"),  # the day before 3.4.0
        ("3.3.3", "3.8", "2021-03-25"),
        ("3.3.3", "3.8.10", "2021-10-30"),  # that Python is younger than 3.4.0
        ("3.1.1", "3.7.4", "2020-01-04"),  # half a year after both
        ("3.10.1", "3.12.99", "2025-08-26"),
        ("3.11.2", "3.13.9", TODAY),
        ("2.0.2", None, "2017-10-06"),
    ],
)
def test_the_day_follows_from_the_matplotlib_and_the_python_of_the_record(
    tmp_path, version, python, day
):
    found = estimate_day(drawn(tmp_path, version, python), TODAY)
    assert found is not None
    assert found.day == day
    assert f"Matplotlib {version}" in found.why


@pytest.mark.parametrize("version", ["", "99.1.0", "3.3"])
def test_without_a_known_matplotlib_there_is_no_estimate(tmp_path, version):
    assert estimate_day(drawn(tmp_path, version, "3.8.5"), TODAY) is None


def test_the_youngest_of_several_notebooks_counts(tmp_path):
    later = replace(notebook("numpy", path="b.ipynb", python="3.9.1"), drawn_by="3.5.1")
    found = estimate_day(drawn(tmp_path, "3.1.1", "3.7.4", later), TODAY)
    assert found is not None
    assert found.day == "2022-06-09"
    assert "3.5.1" in found.why


def test_a_lock_without_a_date_is_as_of_the_estimate_and_says_so(tmp_path):
    inventory = drawn(tmp_path, "3.7.1", "3.9.16")
    settings = settings_in(tmp_path)
    lock = make_lock(tmp_path / "study", inventory, kernel=None, as_of=None, settings=settings)
    assert lock.as_of == "2023-08-31"
    assert {one.name: one.version for one in lock.packages}["numpy"].startswith("1.25")
    assert "Matplotlib 3.7.1" in lock.notes[0]
    dated = replace(inventory, study_date="2023-03-20")
    told = make_lock(tmp_path / "study", dated, kernel=None, as_of=None, settings=settings)
    assert told.as_of == "2023-03-20"
