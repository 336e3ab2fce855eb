"""The Dockerfile that the build pack writes: the crate's own stage, and nothing of a stranger's."""

import json
from pathlib import Path

import pytest

from image_crates import lock_of, pack_study
from recrate.crate.names import DOCKERFILE, LOCK
from recrate.environment.dockerfile import recipe_of, write_steps
from recrate.model.errors import BadCrate, BadInput
from recrate_binder.buildpack import STOCK_BASE, CrateBuildPack
from recrate_binder.image.dockerfile import ImagePlan, render

ARGUMENTS = {"NB_USER": "jovyan", "NB_UID": "1000"}
INSTRUCTIONS = {
    "ARG", "FROM", "USER", "RUN", "COPY", "ENV", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD",
}  # fmt: skip


def rendered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the Dockerfile for the crate in a folder, as repo2docker asks for it."""
    monkeypatch.chdir(folder)
    pack = CrateBuildPack(base_image=STOCK_BASE)
    assert pack.detect()
    return pack.render(ARGUMENTS)


def instructions(text: str) -> list[str]:
    """Return the lines that are instructions, continued ones joined."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def test_the_steps_are_byte_for_byte_those_that_pack_wrote(packed, monkeypatch):
    folder, crate = packed(lock=lock_of(system=("libgomp1",)))
    assert crate.lock is not None
    steps = write_steps(recipe_of(crate.lock))
    assert f" AS environment\n{steps}" in (folder / DOCKERFILE).read_text("utf-8")
    assert f"FROM lab AS environment\n{steps}" in rendered(folder, monkeypatch)


def test_jupyterlab_is_built_once_for_all_crates_of_one_python(tmp_path, monkeypatch):
    """Up to the crate's own stage the text is the same, so its layers are kept for the next one."""
    first, _ = pack_study(tmp_path / "peas", title="Peas")
    locks = {"3.11": lock_of(system=("git",)), "3.8": lock_of(python="3.8.18")}
    above = {"": rendered(first, monkeypatch).partition("FROM lab AS environment\n")}
    for python, lock in locks.items():
        folder, _ = pack_study(tmp_path / python, lock=lock, files={"more.txt": "more"})
        above[python] = rendered(folder, monkeypatch).partition("FROM lab AS environment\n")
    assert all(middle for _, middle, _ in above.values())
    assert above[""][0] == above["3.11"][0] != above["3.8"][0]
    assert above[""][2] != above["3.11"][2]


def test_a_dockerfile_of_a_stranger_is_not_used(packed, monkeypatch):
    folder, _ = packed(files={"Dockerfile": "FROM evil\nRUN evil\n"})
    (folder / DOCKERFILE).write_text("FROM worse\n")
    text = rendered(folder, monkeypatch)
    assert "evil" not in text
    assert "worse" not in text


def test_every_line_is_an_instruction_that_we_write(packed, monkeypatch):
    folder, _ = packed()
    lines = instructions(rendered(folder, monkeypatch))
    assert {line.split()[0] for line in lines} == INSTRUCTIONS


def test_the_working_copy_is_the_users_and_the_data_are_not(packed, monkeypatch):
    text = rendered(packed()[0], monkeypatch)
    assert "COPY data/ ${REPO_DIR}/" in text
    assert "COPY --chown=1000:1000 study/ ${REPO_DIR}/" in text
    last_user = [line for line in text.splitlines() if line.startswith("USER")][-1]
    assert last_user == "USER jovyan"


HOSTILE = "x\nRUN evil\n$(evil) `evil` ${evil} \"; evil; ' # \\ 豌豆"


def test_titles_and_names_are_no_part_of_the_dockerfile(tmp_path, monkeypatch):
    plain, _ = pack_study(tmp_path / "plain", title="Peas")
    name = HOSTILE.replace("\n", " ").replace("\\", "")
    files = {f"d/{name}.txt": HOSTILE, "RUN evil.txt": HOSTILE}
    hostile, crate = pack_study(tmp_path / "odd", title=HOSTILE, files=files)
    assert any("evil" in one.path for one in crate.files)
    assert rendered(plain, monkeypatch) == rendered(hostile, monkeypatch)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("python", "3.11\nRUN evil"),
        ("system_packages", ["a;evil"]),
        ("pylock", 'lock-version = "1.0"\n[[packages]]\nname = "x;evil"\nversion = "1"\n'),
    ],
)
def test_a_hostile_lock_is_refused_before_anything_is_built(packed, monkeypatch, field, value):
    folder, _ = packed()
    lock = json.loads((folder / LOCK).read_text("utf-8"))
    lock[field] = value
    (folder / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(BadCrate):
        CrateBuildPack(base_image=STOCK_BASE).render(ARGUMENTS)


def test_addresses_of_the_lock_play_no_part(packed, monkeypatch):
    place = 'url = "https://evil.example/six-1.17.0-py2.py3-none-any.whl"'
    pylock = lock_of().pylock.replace('name = "six-1.17.0-py2.py3-none-any.whl"', place)
    assert "evil.example" in pylock
    text = rendered(packed(lock=lock_of(pylock=pylock))[0], monkeypatch)
    assert "evil" not in text


@pytest.mark.parametrize("user", ["", "root;evil", "a b", "a\nRUN evil", "${X}"])
def test_a_user_that_is_no_name_is_refused(user):
    plan = plan_of("3.11")
    with pytest.raises(BadInput):
        render(plan, user=user, uid=1000)


def plan_of(python: str, *, base: str = "python:{python}-slim") -> ImagePlan:
    """Return a plan for a lock of that Python."""
    return ImagePlan(
        recipe=recipe_of(lock_of(python=python)),
        r_packages=None,
        system=(),
        base_image=base,
        lab_python="3.12",
    )


@pytest.mark.parametrize("python", ["3.6", "3.8.18", "3.10"])
def test_an_old_python_has_a_jupyterlab_with_a_python_of_its_own(python):
    minor = ".".join(python.split(".")[:2])
    text = render(plan_of(python), user="jovyan", uid=1000)
    assert text.startswith(f"ARG LAB_IMAGE=python:3.12-slim\nARG OWN_IMAGE=python:{minor}-slim\n")
    assert "FROM ${OWN_IMAGE} AS lab\n" in text
    assert "install-lab.sh 3.12\n" in text


@pytest.mark.parametrize("python", ["3.11.7", "3.13"])
def test_todays_python_serves_both(python):
    plan = plan_of(python)
    assert plan.lab_base == plan.base
    text = render(plan, user="jovyan", uid=1000)
    assert "install-lab.sh\n" in text
    assert "FROM ${LAB_IMAGE} AS lab\n" in text
    assert "OWN_IMAGE" not in text


def test_a_chosen_base_image_goes_before_ours(packed, monkeypatch):
    monkeypatch.chdir(packed()[0])
    chosen = CrateBuildPack(base_image="registry.example/python:{python}")
    assert "ARG LAB_IMAGE=registry.example/python:3.11\n" in chosen.render(ARGUMENTS)
    configured = CrateBuildPack.configured(base_image="mine:{python}")(base_image=STOCK_BASE)
    assert "ARG LAB_IMAGE=mine:3.11\n" in configured.render(ARGUMENTS)


R_NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}},
        "cells": [],
    }
)


def test_a_study_in_r_gets_debians_r_and_no_python_of_a_lock(packed, monkeypatch):
    folder, _ = packed(files={"one.ipynb": R_NOTEBOOK}, lock=lock_of(r="dplyr data.table"))
    text = rendered(folder, monkeypatch)
    assert "r-base-core r-cran-irkernel" in text
    assert "r-cran-data.table r-cran-dplyr" in text
    assert "requirements.txt" not in text
    assert "FROM lab AS session" in text


def test_an_r_package_that_is_no_name_is_refused(packed, monkeypatch):
    folder, _ = packed(files={"one.ipynb": R_NOTEBOOK}, lock=lock_of(r="dplyr x;evil"))
    monkeypatch.chdir(folder)
    with pytest.raises(BadCrate, match="no name of an R package"):
        CrateBuildPack(base_image=STOCK_BASE).render(ARGUMENTS)


def test_a_folder_that_is_no_crate_of_ours_is_left_to_other_build_packs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not CrateBuildPack(base_image=STOCK_BASE).detect()
    (tmp_path / "recrate-environment").mkdir()
    (tmp_path / LOCK).write_text("{}")
    (tmp_path / "ro-crate-metadata.json").write_text("[]")
    assert not CrateBuildPack(base_image=STOCK_BASE).detect()
