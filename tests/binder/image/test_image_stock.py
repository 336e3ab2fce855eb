"""Crates for repo2docker as anybody has it: which build pack it picks, and what it renders."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks import BuildPack, RBuildPack

from image_crates import lock_of, pack_study

ARGUMENTS = {"NB_USER": "jovyan", "NB_UID": "1000"}


class OfflineR(RBuildPack):
    """As the stock one, without asking its service which snapshot is of that day."""

    def get_rspm_snapshot_url(self, snapshot_date: dt.date, max_days_prior: int = 7) -> str:
        del max_days_prior
        return f"https://snapshot.example/{snapshot_date}"


@contextmanager
def stock(folder: Path) -> Iterator[BuildPack]:
    """Give the build pack that stock repo2docker picks for a folder, and stay in it."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        app = Repo2Docker()
        kinds = [OfflineR if one is RBuildPack else one for one in app.buildpacks]
        packs = (one(base_image=app.base_image) for one in kinds)
        picked = next((one for one in packs if one.detect()), None)
        picked = picked or app.default_buildpack(base_image=app.base_image)
        picked.platform = "linux/amd64"
        yield picked
    finally:
        os.chdir(before)


def rendered(folder: Path) -> tuple[str, str]:
    """Return the picked build pack's name, and its Dockerfile."""
    with stock(folder) as picked:
        return type(picked).__name__, picked.render(ARGUMENTS)


def test_a_study_without_a_configuration_is_built_from_the_generated_one(tmp_path):
    folder, _ = pack_study(tmp_path, lock=lock_of(python="3.9.18", system=("libgomp1",)))
    name, text = rendered(folder)
    assert name == "PythonBuildPack"
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in text
    assert "libgomp1" in text
    with stock(folder) as picked:
        assert picked.python_version == "3.9"
    assert (folder / "binder" / "requirements.txt").read_text() == "six==1.17.0\n"


def test_a_mere_requirements_txt_gets_the_python_of_the_lock(tmp_path):
    folder, _ = pack_study(tmp_path, files={"requirements.txt": "six\n", "apt.txt": "git\n"})
    name, text = rendered(folder)
    assert name == "PythonBuildPack"
    assert '"binder/requirements.txt"' in text
    with stock(folder) as picked:
        assert picked.python_version == "3.11"


def test_requirements_with_a_runtime_are_the_authors_configuration(tmp_path):
    files = {"requirements.txt": "six\n", "runtime.txt": "python-3.8\n"}
    folder, _ = pack_study(tmp_path, files=files)
    _, text = rendered(folder)
    assert '-r "requirements.txt"' in text
    with stock(folder) as picked:
        assert picked.python_version == "3.8"


@pytest.mark.parametrize("place", ["", "binder/", ".binder/"])
def test_an_environment_yml_is_the_authors_configuration(tmp_path, place):
    file = f"{place}environment.yml"
    folder, _ = pack_study(tmp_path, files={file: "dependencies: [python=3.9, six]\n"})
    name, text = rendered(folder)
    assert name == "CondaBuildPack"
    assert file in text
    assert "requirements.txt" not in text


@pytest.mark.parametrize("place", ["", "binder/", ".binder/"])
def test_a_dockerfile_is_the_authors_configuration(tmp_path, place):
    folder, _ = pack_study(tmp_path, files={f"{place}Dockerfile": "FROM scratch\n"})
    assert rendered(folder) == ("DockerBuildPack", "FROM scratch\n")


def test_debian_packages_alone_still_give_the_packages_of_the_lock(tmp_path):
    lock = lock_of(system=("git", "libgomp1"))
    folder, _ = pack_study(tmp_path, files={"apt.txt": "git\n"}, lock=lock)
    name, text = rendered(folder)
    assert name == "PythonBuildPack"
    assert "git libgomp1" in text
    assert '"binder/requirements.txt"' in text


@pytest.mark.parametrize("files", [{}, {"install.R": 'install.packages("dplyr")\n'}])
def test_a_study_in_r_is_built_with_r(tmp_path, files):
    folder, _ = pack_study(tmp_path, files=files, lock=lock_of(r="dplyr"))
    name, text = rendered(folder)
    assert name == "OfflineR"
    assert "https://snapshot.example/2026-01-01" in text
    assert "binder/install.R" in text


def test_a_description_of_an_r_package_is_the_authors_configuration(tmp_path):
    files = {"DESCRIPTION": "Package: peas\nVersion: 1\nImports: dplyr\n"}
    folder, _ = pack_study(tmp_path, files=files, lock=lock_of(r="dplyr"))
    assert not (folder / "binder").exists()
    assert rendered(folder)[0] == "OfflineR"


def test_a_crate_that_gets_a_configuration_of_its_own_has_only_that(tmp_path):
    """Both folders together are an error of repo2docker."""
    first, _ = pack_study(tmp_path / "first")
    files = {
        path.relative_to(first).as_posix(): path.read_text("utf-8")
        for path in first.rglob("*")
        if path.is_file() and not path.name.startswith("ro-crate")
    }
    assert "binder/requirements.txt" in files
    files[".binder/environment.yml"] = "dependencies: [python=3.9]\n"
    folder, _ = pack_study(tmp_path / "second", files=files)
    assert rendered(folder)[0] == "CondaBuildPack"
