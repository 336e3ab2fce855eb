"""What a crate will hold."""

from dataclasses import replace

import pytest

from recrate.crate.plan import make_plan
from recrate.model.environment import Package, Unrestored
from recrate.model.errors import BadInput
from recrate.model.study import DataReference, Description, StudyFile


def test_study_files_are_packed_and_ours_stand_beside_them(study):
    plan = study.plan()
    assert plan.copied == ("data/in.csv", "one.ipynb", "out.txt")
    names = {path for path, _ in plan.generated}
    assert {"recrate-environment/pylock.toml", "recrate-environment/lock.json"} <= names


def test_a_study_without_binder_configuration_gets_one_without_a_dockerfile(study):
    generated = dict(study.plan().generated)
    assert generated["binder/requirements.txt"] == b"numpy==1.26.4\npandas==2.2.0\n"
    assert generated["binder/runtime.txt"] == b"python-3.11\n"
    assert generated["binder/apt.txt"] == b"libgomp1\n"
    assert "binder/Dockerfile" not in generated


@pytest.mark.parametrize(
    "path", ["runtime.txt", ".binder/environment.yml", "binder/postBuild", "Dockerfile"]
)
def test_a_study_that_configures_binder_itself_gets_nothing_in_binder(study, path):
    study.put(path, "numpy\n")
    assert not [name for name, _ in study.plan().generated if name.startswith("binder/")]
    assert path in study.plan().copied


def test_a_list_of_packages_alone_chooses_no_python_so_the_lock_does(study):
    """Stock repo2docker would take a Python of its own, which may have no such versions."""
    study.put("requirements.txt", "numpy\n")
    study.put("apt.txt", "libgomp1\n")
    generated = dict(study.plan().generated)
    assert generated["binder/runtime.txt"] == b"python-3.11\n"
    assert "requirements.txt" in study.plan().copied


def test_a_list_that_the_lock_could_not_take_whole_is_left_to_binder(study):
    study.put("requirements.txt", "git+https://example.org/x\n")
    missing = Unrestored(name="x", reason="from git", declared_in="requirements.txt")
    study.lock = replace(study.lock, unrestored=(missing,))
    assert not [name for name, _ in study.plan().generated if name.startswith("binder/")]


@pytest.mark.parametrize("own", [(), ("install.R",)])
def test_a_study_in_r_names_its_packages_and_their_day(study, own):
    for path in own:
        study.put(path, 'install.packages("dplyr")')
    odd = Unrestored(name='x"); evil("', reason="r")
    packages = (Package(name="dplyr", version="1.1"),)
    study.lock = replace(
        study.lock, language="R", python="", requirements="", packages=packages, unrestored=(odd,)
    )
    generated = dict(study.plan().generated)
    assert generated["binder/runtime.txt"] == b"r-2024-02-03\n"
    assert generated["binder/install.R"] == b'install.packages(c("dplyr"))\n'
    assert "binder/requirements.txt" not in generated


def test_what_we_generated_gives_way_to_the_studys_own_even_without_a_lock(study, tmp_path):
    """Stock repo2docker refuses a folder that has both."""
    study.pack(tmp_path / "first")
    study.root, study.lock = tmp_path / "first", None
    study.put(".binder/environment.yml", "dependencies: []\n")
    assert not [path for path in study.plan().copied if path.startswith("binder/")]


def test_no_lock_adds_nothing(study):
    study.lock = None
    assert study.plan().generated == ()


def test_a_study_file_in_our_place_is_refused_and_never_overwritten(study):
    found = study.inventory()
    mine = StudyFile(
        path="recrate-environment/requirements.txt", size_bytes=4, media_type="text/plain"
    )
    clashing = replace(found, files=(*found.files, mine))
    with pytest.raises(BadInput, match="a file of its own"):
        make_plan(
            clashing,
            Description(title="t", description="d"),
            study.lock,
            created="2024-02-03",
            agent="recrate 0",
        )


def test_packing_an_unpacked_crate_again_replaces_what_was_generated(study, tmp_path):
    study.pack(tmp_path / "first")
    study.root = tmp_path / "first"
    study.lock = replace(study.lock, requirements="numpy==2.0 \\\n    --hash=sha256:00\n")
    plan = study.plan()
    assert plan.copied == ("data/in.csv", "one.ipynb", "out.txt")
    assert dict(plan.generated)["binder/requirements.txt"] == b"numpy==2.0\n"


def test_an_unpacked_crate_packed_again_is_the_same_crate(study, tmp_path):
    first = study.pack(tmp_path / "first")
    study.root = tmp_path / "first"
    assert study.pack(tmp_path / "second").identity == first.identity


def test_a_data_reference_is_not_copied(study):
    reference = DataReference(
        path="data/in.csv", url="https://example.org/in.csv", sha256="0" * 64, size_bytes=4
    )
    plan = study.plan(references=(reference,))
    assert "data/in.csv" not in plan.copied
    assert plan.references == (reference,)


def test_the_old_metadata_file_is_not_payload(study):
    study.put("ro-crate-metadata.json", "{}")
    study.put("ro-crate-preview.html", "")
    assert study.plan().copied == ("data/in.csv", "one.ipynb", "out.txt")
