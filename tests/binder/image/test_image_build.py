"""Images that are really built, and builds that fail: podman, and packages from the index."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from repo2docker.engine import ContainerEngine

from containers import Podman
from image_crates import WHEEL, lock_of, pack_study
from launching import Launchable, Opened, tides
from recrate.model.wire import from_json
from recrate.outside.loopback import free_port
from recrate_binder.buildpack import LABEL, STOCK_BASE, CrateBuildPack
from recrate_binder.image.about import About
from recrate_binder.image.explaining import explain

__all__ = ["tides"]

ARGUMENTS = {"NB_USER": "jovyan", "NB_UID": "1000"}
TOKEN = "t" * 40
PACK = CrateBuildPack.configured(recrate_requirement="recrate[hub]")
"""For a build that never comes to JupyterLab: no wheel of the sources is made."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def repo2docker(crate: Path, tag: str, podman: Podman) -> tuple[int, str]:
    """Build as a person does, with the configuration that is installed; return code and words."""
    import recrate_binder  # noqa: PLC0415 - only where it lies is asked

    config = Path(recrate_binder.__file__).parent / "repo2docker_config.py"
    command = [
        sys.executable, "-m", "repo2docker", "--config", str(config), "--engine", "recrate",
        "--no-run", "--user-id", "1000", "--user-name", "jovyan", "--image-name", tag, str(crate),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        env={**os.environ, **podman.variables},
        capture_output=True,
        text=True,
        timeout=1000,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def shared_cache(cache_folder: Path, tmp_path: Path) -> Path:
    """One cache for these builds: recrate's wheel is made once."""
    with (tmp_path / "config" / "recrate_config.py").open("a") as file:
        file.write(f"c.Recrate.cache = {str(cache_folder)!r}\n")
    return cache_folder


@pytest.fixture
def refused(podman: Podman, python_base: str, shared_cache: Path) -> Callable[[Path], str]:
    """Build what cannot be built, and return what was said; no image is left."""

    def run(folder: Path) -> str:
        code, said = repo2docker(folder, "localhost/never:1", podman)
        assert code == 1, said[-3000:]
        assert "localhost/never" not in podman("images").stdout
        return said

    return run


def sizes(folder: Path) -> set[str]:
    """Return the names of folders that builds of images left in a folder for temporary files."""
    return {one.name for one in folder.glob("recrate-image-*")}


@pytest.fixture
def opened(podman: Podman) -> Iterator[Callable[[str], Opened]]:
    """Run an image as a container and give its JupyterLab; gone after the test."""
    names: list[str] = []

    def start(image: str) -> Opened:
        port, name = free_port(), f"image-test-{os.getpid()}"
        podman(
            "run", "--detach", "--name", name, "--network", "host", "-e", f"JUPYTER_TOKEN={TOKEN}",
            "-e", "SOME_SECRET=hunter2", image,
            "jupyter", "lab", "--ip", "127.0.0.1", "--port", port,
        )  # fmt: skip
        names.append(name)
        lab = Opened(f"http://127.0.0.1:{port}/lab/tree/x", token=TOKEN)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                lab.status()
            except OSError:
                time.sleep(0.5)
            except Exception as error:
                if "refused" not in str(error).lower() and "reset" not in str(error).lower():
                    raise
                time.sleep(0.5)
            else:
                return lab
        pytest.fail(podman("logs", name).stdout)

    yield start
    for name in names:
        podman("rm", "--force", "--time", "0", name)


@pytest.mark.timeout(1200)
def test_the_image_of_a_crate_repeats_it_with_the_versions_of_the_lock(
    podman: Podman,
    python_base: str,
    shared_cache: Path,
    tides: Launchable,
    opened: Callable[[str], Opened],
) -> None:
    tag = "localhost/image-tides:1"
    code, said = repo2docker(tides.crate, tag, podman)
    assert code == 0, said[-3000:]
    labels = podman("image", "inspect", "--format", "{{json .Config.Labels}}", tag).stdout
    told = podman("run", "--rm", tag, "cat", "/opt/recrate/session/image.json").stdout
    about = from_json(told.encode(), About, where="image.json")
    assert about.source == tides.crate.name
    assert about.base.digest.startswith("sha256:")
    assert f'"{LABEL}.base.digest":"{about.base.digest}"' in labels
    assert about.crate in labels
    lab = opened(tag)
    tides.assert_repeated_in(lab)
    assert lab.packages() == lab.packages("python3")
    assert {name.lower() for name in lab.packages()} >= {"numpy", "pandas", "ipykernel"}
    assert len(lab.packages()) == len(tides.locked()), "nothing but the lock is in there"
    assert lab.answer("GET", "api/terminals").status_code == 404
    assert list(lab.kernelspecs()) == ["python3"]
    with lab.kernel() as kernel:
        assert "hunter2" not in kernel.printed("import os; print(dict(os.environ))")
        assert "no" in kernel.printed(
            "try:\n    open('/proc/1/environ').read(); print('yes')\n"
            "except PermissionError: print('no')"
        )
        assert "no" in kernel.printed(
            "try:\n    open('/opt/recrate/session/session.json', 'a'); print('yes')\n"
            "except PermissionError: print('no')"
        )


def test_a_package_that_is_another_file_is_named(refused, tmp_path):
    """The hash of the lock is of no file on the index."""
    folder, _ = pack_study(tmp_path)
    assert "recrate: six==1.17.0 on the index is not the file that was locked" in refused(folder)


def test_a_package_that_is_not_there_is_named(refused, tmp_path):
    pylock = lock_of().pylock.replace("1.17.0", "1.99.0")
    folder, _ = pack_study(tmp_path, lock=lock_of(pylock=pylock))
    assert "recrate: six==1.99.0 is not on the index for this machine" in refused(folder)


def test_a_debian_package_that_is_not_there_is_named(refused, tmp_path):
    folder, _ = pack_study(tmp_path, lock=lock_of(system=("no-such-package-here",)))
    assert "recrate: Debian has no package no-such-package-here" in refused(folder)


def test_a_base_image_that_is_not_there_is_named(refused, tmp_path):
    folder, _ = pack_study(tmp_path, lock=lock_of(python="3.13"))
    assert "recrate: the base image python:3.13-slim cannot be had" in refused(folder)


class Endless(ContainerEngine):
    """An engine whose build never ends, on a machine that has the base image."""

    program = "podman"

    def build(self, **given: Any) -> Iterator[str]:
        """Say where the build takes place, again and again."""
        assert (Path(given["path"]) / "Dockerfile").is_file()
        while True:
            yield f"{given['path']}\n"


def test_a_build_that_is_broken_off_leaves_nothing_to_build_from(
    tmp_path, monkeypatch, podman, python_base
):
    folder, _ = pack_study(tmp_path)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, value in podman.variables.items():
        monkeypatch.setenv(name, value)
    engine = Endless(parent=None)
    said = PACK(base_image=STOCK_BASE).build(engine, "x", 0, ARGUMENTS, [], {})
    place = next(line for line in said if line.startswith(str(tmp_path)))
    assert Path(place.strip()).is_dir()
    said.close()
    assert not Path(place.strip()).exists()
    assert sizes(tmp_path) == set()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["ERROR: Failed building wheel for old-thing\n"], "old-thing could not be built"),
        (["error: No space left on device\n"], "the disk is full"),
        (
            ["recrate: the kernel python3 does not start: Kernel died\n"],
            "the kernel python3 does not start: Kernel died",
        ),
        (["recrate: no lock\n", "hint: pack it again\n"], "no lock"),
        (["the base image has another Python than 3.9\n"], "another Python than 3.9"),
        (["one\n", "two {0}\n", "\n"], "the build failed: two {0}"),
        ([], "the build failed: it said nothing"),
    ],
)
def test_a_failed_build_says_why_in_one_sentence(lines, message):
    assert message in explain(lines).message
    assert "\n" not in explain(lines).message


def test_the_hash_of_the_tests_is_of_no_file():
    assert WHEEL == "d" * 64
