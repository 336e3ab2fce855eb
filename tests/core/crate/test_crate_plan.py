"""What a crate will hold."""

from dataclasses import replace

import pytest

from recrate.crate.plan import make_plan
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
    "path", ["requirements.txt", ".binder/environment.yml", "binder/postBuild", "Dockerfile"]
)
def test_a_study_that_configures_binder_itself_gets_nothing_in_binder(study, path):
    study.put(path, "numpy\n")
    assert not [name for name, _ in study.plan().generated if name.startswith("binder/")]
    assert path in study.plan().copied


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
