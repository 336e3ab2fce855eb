"""One version, in every file that must repeat it; and locks that work from any registry."""

import json
from pathlib import Path

import pytest

from recrate import __version__

ROOT = Path(__file__).parents[3]
LOCKS = ("package-lock.json", "tests/ui/lab/package-lock.json")


def read(name: str) -> dict:
    return json.loads((ROOT / name).read_text())


def test_the_extension_has_the_version_of_the_python_package():
    lock = read("package-lock.json")
    versions = (read("package.json")["version"], lock["version"], lock["packages"][""]["version"])
    assert versions == (__version__,) * 3


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_a_checksum_for_every_package_and_says_of_none_where_it_came_from(name):
    packages = read(name)["packages"]
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert [path for path, package in packages.items() if path and "integrity" not in package] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_of_the_packages_that_are_asked_for(name):
    asked = read(name.replace("-lock", ""))
    locked = read(name)["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert locked.get(kind, {}) == asked.get(kind, {})
