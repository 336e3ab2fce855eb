"""A packed crate carries the plan of its data, and says of each file which data set it is."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from core.crate.conftest import Study, notebook
from core.metadata.common_examples import WHOLE
from recrate.crate.check import check_crate
from recrate.crate.profile import Contexts
from recrate.crate.read import read_crate
from recrate.metadata.describe import describe
from recrate.metadata.keeping import keep_description
from recrate.metadata.own_crate import from_crate
from recrate.metadata.references import refer
from recrate.model.common import CommonMetadata, DataItem
from recrate.model.finding import Severity

OFFICIAL = Path(__file__).resolve().parents[4] / "shared/data/ro-crate"


@pytest.fixture
def study(tmp_path):
    made = Study(root=tmp_path / "study")
    made.put("one.ipynb", notebook("1 + 1"))
    made.put("data/levels.csv", "1\n")
    made.put("figures/a b.png", "x")
    made.put("far.csv", "far\n")
    refer(made.root, "far.csv", "https://example.org/far.csv")
    return made


def packed(study, common, tmp_path):
    keep_description(study.root, replace(study.description, common=common))
    study.description = describe(study.root, study.inventory())
    destination = tmp_path / "x.crate.zip"
    study.pack(destination)
    with zipfile.ZipFile(destination) as archive:
        document = json.loads(archive.read("ro-crate-metadata.json"))
    return destination, {one["@id"]: one for one in document["@graph"]}, document


def test_the_items_come_back_from_a_crate_and_it_is_valid(study, tmp_path):
    file, _, document = packed(study, WHOLE, tmp_path)
    assert from_crate(document, "").common == WHOLE
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official RO-Crate contexts are not at {OFFICIAL}")
    found = check_crate(file, contexts=Contexts(folder=OFFICIAL))
    assert [one for one in found if one.severity is Severity.ERROR] == []


def test_each_file_names_its_data_sets(study, tmp_path):
    _, said, _ = packed(study, WHOLE, tmp_path)
    both = [{"@id": "#dmp:1"}, {"@id": "#dmp:2"}]
    assert said["data/levels.csv"]["dmpDataNumber"] == both
    assert said["figures/a%20b.png"]["dmpDataNumber"] == both
    assert said["one.ipynb"]["dmpDataNumber"] == {"@id": "#dmp:2"}
    assert said["https://example.org/far.csv"]["dmpDataNumber"] == {"@id": "#dmp:2"}
    assert "dmpDataNumber" not in said["ro-crate-metadata.json"]
    only = replace(WHOLE, items=WHOLE.items[:1])
    _, said, _ = packed(study, only, tmp_path / "again")
    assert said["data/levels.csv"]["dmpDataNumber"] == {"@id": "#dmp:1"}
    assert "dmpDataNumber" not in said["one.ipynb"]


def test_a_study_without_the_items_says_nothing_of_plans(study, tmp_path):
    _, _, document = packed(study, None, tmp_path)
    assert "dmp" not in json.dumps(document).lower()
    _, said, _ = packed(study, CommonMetadata(items=(DataItem(),)), tmp_path / "on")
    assert said["one.ipynb"]["dmpDataNumber"] == {"@id": "#dmp:1"}


def test_the_items_are_no_part_of_a_crates_identity(study, tmp_path):
    file, _, _ = packed(study, None, tmp_path)
    other, _, _ = packed(study, WHOLE, tmp_path / "on")
    assert read_crate(file).identity == read_crate(other).identity
