"""What is installed is all that is needed: the wheel holds more than modules."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from recrate.outside.tools import find_uv

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([find_uv(), "build", "--wheel", "--quiet", "--out-dir", out, ROOT], check=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_beside_the_modules_is_in_the_wheel(names):
    package = ROOT / "crates"
    beside = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [path for path in beside if path not in names] == []


def test_the_bundled_study_is_in_the_wheel_and_nothing_that_was_left_by_running_it(names):
    assert "recrate/examples/tides/requirements.txt" in names
    assert any(name.endswith("03-tides.ipynb") for name in names)
    assert not [name for name in names if "__pycache__" in name or ".ipynb_checkpoints" in name]
