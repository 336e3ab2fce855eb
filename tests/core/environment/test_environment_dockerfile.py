"""The image of a lock, as text: what is in it, and what a stranger's lock cannot put there."""

from dataclasses import replace

import pytest

from recrate.environment.dockerfile import (
    recipe_of,
    with_recipe,
    write_requirements,
    write_stage,
)
from recrate.environment.pylock import read_pylock
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Card, Lock, plain_requirements
from recrate.model.errors import BadCrate

BASE = "python:{python}-slim"
A, B, C = "a" * 64, "b" * 64, "c" * 64
PLACE = "https://evil.example/numpy-1.26.4-cp311-cp311-manylinux_2_17"
PYLOCK = f"""
lock-version = "1.0"
[[packages]]
name = "numpy"
version = "1.26.4"
index = "https://evil.example/simple"
wheels = [
  {{ url = "{PLACE}_x86_64.whl", hashes = {{ sha256 = "{A}" }} }},
  {{ url = "{PLACE}_aarch64.whl", hashes = {{ sha256 = "{B}" }} }},
]
[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'win32'"
wheels = [{{ name = "colorama-0.4.6-py2.py3-none-any.whl", hashes = {{ sha256 = "{A}" }} }}]
"""
SDIST = f"""
[[packages]]
name = "old-thing"
version = "1.0"
sdist = {{ name = "old-thing-1.0.tar.gz", hashes = {{ sha256 = "{C}" }} }}
"""


def lock_of(pylock: str = PYLOCK, python: str = "3.11.7", system: tuple[str, ...] = ()) -> Lock:
    return Lock(
        language="python",
        python=python,
        packages=(),
        pylock=pylock,
        requirements="",
        dockerfile="",
        source="declared",
        as_of=None,
        card=Card(system="Linux", release="6", machine="x86_64"),
        system_packages=system,
    )


def test_requirements_hold_every_hash_and_no_address():
    text = write_requirements(recipe_of(lock_of()).packages)
    assert text == (f"numpy==1.26.4 \\\n    --hash=sha256:{A} \\\n    --hash=sha256:{B}\n")
    assert plain_requirements(text) == "numpy==1.26.4\n"


def test_plain_requirements_of_an_earlier_lock_stay_as_they_are():
    assert plain_requirements("numpy==1.26.4\npandas==2.2.0\n") == "numpy==1.26.4\npandas==2.2.0\n"
    assert plain_requirements("") == ""


def test_what_only_another_system_needs_is_not_in_the_image():
    assert {one.name for one in read_pylock(PYLOCK)} == {"numpy", "colorama"}
    assert [one.name for one in recipe_of(lock_of()).packages] == ["numpy"]


def test_wheels_are_kept_between_builds_and_nothing_is_built():
    stage = write_stage(recipe_of(lock_of()), BASE)
    assert "--only-binary :all: --ignore-installed" in stage
    assert "--require-hashes" in stage
    assert "type=cache" in stage
    assert "build-essential" not in stage


def test_where_something_is_built_nothing_is_kept_that_it_could_alter():
    stage = write_stage(recipe_of(lock_of(PYLOCK + SDIST)), BASE)
    assert "--no-binary old-thing" in stage
    assert "type=cache" not in stage
    assert "--no-cache-dir" in stage
    assert "build-essential" in stage


def test_packages_are_installed_by_nobody_in_particular():
    lines = write_stage(recipe_of(lock_of()), BASE).splitlines()
    asked = next(n for n, line in enumerate(lines) if "pip install" in line)
    users = [line for line in lines[:asked] if line.startswith("USER")]
    assert users[-1] == "USER 65534:65534"


def test_the_interpreter_and_the_debian_packages_are_those_of_the_lock():
    stage = write_stage(recipe_of(lock_of(python="3.11", system=("libgomp1", "git"))), BASE)
    assert "ARG BASE_IMAGE=python:3.11-slim\n" in stage
    assert "--no-install-recommends git libgomp1 &&" in stage


@pytest.mark.parametrize(
    "python", ["2.7.18", "", "3.11\nRUN evil", "3.11; evil", "3.$(evil)", "3.11 AS x", "４.11"]
)
def test_a_python_that_is_no_version_is_refused(python):
    with pytest.raises(BadCrate):
        recipe_of(lock_of(python=python))


@pytest.mark.parametrize(
    "name", ["a; evil", "a\nRUN evil", "$(evil)", "-o=x", "a b", "`evil`", "a\\", "A", ""]
)
def test_a_debian_package_that_is_no_name_is_refused(name):
    with pytest.raises(BadCrate, match="no name of a Debian package"):
        recipe_of(lock_of(system=(name,)))


@pytest.mark.parametrize("what", ["vcs", "directory", "archive"])
def test_a_lock_that_asks_for_a_place_is_refused(what):
    bad = f'lock-version = "1.0"\n[[packages]]\nname = "x"\nversion = "1"\n{what} = {{}}\n'
    with pytest.raises(BadCrate):
        recipe_of(lock_of(bad))


def test_the_dockerfile_that_pack_writes_begins_with_the_stage():
    settings = EnvironmentSettings(cache=None, today="2026-01-01", base_image=BASE)  # type: ignore[arg-type]
    lock = with_recipe(lock_of(), settings)
    stage = write_stage(recipe_of(lock), BASE)
    assert stage in lock.dockerfile
    assert lock.requirements == write_requirements(recipe_of(replace(lock)).packages)
    assert "COPY recrate-environment/requirements.txt" in lock.dockerfile
