"""Both distributions, built once for a whole run as a release is: sdist, then wheel from it."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from recrate.outside.tools import find_uv

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Built:
    """The project as it would be cloned, and what was built from it."""

    source: Path
    sdist: Path
    wheel: Path

    def names_in_sdist(self) -> set[str]:
        """Names of files, without the folder that all of them stand in."""
        with tarfile.open(self.sdist) as archive:
            return {one.name.split("/", 1)[1] for one in archive.getmembers() if one.isfile()}

    def names_in_wheel(self) -> set[str]:
        """Names of files."""
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())

    def files(self, *places: str) -> set[str]:
        """Names of the project's own files in some folders, relative to its root."""
        found = {path for place in places for path in (self.source / place).rglob("*")}
        return {path.relative_to(self.source).as_posix() for path in found if path.is_file()}


def copy_project(destination: Path) -> None:
    """Copy what git knows or would take in, as a clone has it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            target = destination / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)


def borrow(folder: Path, destination: Path) -> None:
    """Copy a folder without copying its bytes where the file system can; never a link to it.

    npm empties node_modules before it fills it, through a link as well.
    """

    def link_or_copy(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    shutil.copytree(folder, destination, symlinks=True, copy_function=link_or_copy)


def build(source: Path, out: Path) -> None:
    """Build both distributions in a copy of `source`; `out` is there only when both are."""
    with tempfile.TemporaryDirectory(dir=out.parent) as place:
        work, new = Path(place) / "work", Path(place) / "new"
        shutil.copytree(source, work)
        if (ROOT / "node_modules").is_dir():
            borrow(ROOT / "node_modules", work / "node_modules")
        command = [find_uv(), "build", "--python", sys.executable, "--out-dir", new, work]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"{done.stdout}{done.stderr}", pytrace=False)
        new.rename(out)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build sdist and wheel; all test processes of a run share one build."""
    if shutil.which("npm") is None:
        pytest.skip("npm and Node.js are not on the PATH")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    pristine, out = shared / "house-source", shared / "house-built"
    with FileLock(shared / "house.lock"):
        if not pristine.is_dir():
            copy_project(pristine)
        if not out.is_dir():
            build(pristine, out)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return Built(source=pristine, sdist=sdist, wheel=wheel)
