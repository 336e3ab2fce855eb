"""What is not published stays out of the zip, is named there, and comes back with its terms."""

import json
import zipfile
from dataclasses import replace

import pytest

from recrate.crate.check import check_crate
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.crate.verification import read_verification
from recrate.crate.write import write_crate
from recrate.metadata.describe import describe
from recrate.metadata.keeping import keep_description
from recrate.metadata.own_crate import from_crate
from recrate.model.crate import Verified
from recrate.model.errors import BadCrate
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Related,
    Relation,
    RestrictedFile,
    Translation,
)
from recrate.scan.inventory import take_inventory

SECRET = b"name,age\nA,1\n"
VERDICT = {
    "verdict": "equivalent",
    "sentence": "31 of 38 outputs compared, all equivalent.",
    "run": "f" * 64,
    "date": "2024-02-03T10:00:00+09:00",
}


def described(study, **fields):
    said = replace(study.description, **fields)
    keep_description(study.root, said)
    return describe(study.root, study.inventory())


def packed(study, tmp_path, *restricted):
    study.put("data/patients.csv", SECRET)
    study.put("data/more/one.txt", "1\n")
    study.put("data/more/two.txt", "22\n")
    study.description = described(study, restricted=restricted)
    destination = tmp_path / "x.crate.zip"
    return study.pack(destination), destination


def test_what_is_restricted_is_not_in_the_zip_and_comes_back_with_its_terms(study, tmp_path):
    given = RestrictedFile(
        path="data/patients.csv",
        conditions="For studies with an ethics vote",
        landing_page="https://example.org/p",
        contact="office@example.org",
    )
    crate, file = packed(study, tmp_path, given)
    with zipfile.ZipFile(file) as archive:
        assert "data/patients.csv" not in archive.namelist()
        assert all(SECRET not in archive.read(name) for name in archive.namelist())
    (one,) = read_crate(file).references
    assert one == crate.references[0]
    assert (one.path, one.url, one.size_bytes) == ("data/patients.csv", "", len(SECRET))
    assert (one.access, one.conditions, one.landing_page, one.contact) == (
        AccessRight.SHARED, given.conditions, given.landing_page, given.contact,
    )  # fmt: skip
    assert read_crate(file).identity == crate.identity
    assert [one for one in check_crate(file, profile=False) if one.severity == "error"] == []


def test_the_crate_with_all_of_it_is_what_ro_crate_requires(study, tmp_path, contexts):
    study.description = replace(
        study.description,
        language=Language.ENGLISH,
        translations=(Translation(language=Language.JAPANESE, title="豌豆", description="豌豆"),),
        related=(Related(url="https://doi.org/10.1234/p", relation=Relation.IS_SUPPLEMENT_TO),),
        funding=(Funding(funder=Organisation(name="JST"), award_number="JPMJCR1234"),),
        access=Access(right=AccessRight.SHARED, conditions="c", contact="a@lab.org"),
        licence="MIT OR Apache-2.0",
    )
    _, file = packed(
        study, tmp_path, RestrictedFile(path="data/patients.csv", landing_page="https://e.org/")
    )
    found = check_crate(file, contexts=contexts)
    assert [one for one in found if one.severity == "error"] == []
    assert "profile-not-checked" not in {one.code for one in found}


def test_what_was_typed_travels_in_the_crate_and_comes_back_filled_in(study, tmp_path):
    study.description = replace(
        study.description,
        title="Peas",
        language=Language.ENGLISH,
        translations=(Translation(language=Language.JAPANESE, title="豌豆", description="豌豆"),),
        related=(Related(url="https://doi.org/10.1234/p", relation=Relation.IS_SUPPLEMENT_TO),),
        funding=(Funding(funder=Organisation(name="JST"), award_number="JPMJCR1234"),),
        access=Access(right=AccessRight.CLOSED, contact="a@lab.org"),
        licence="MIT OR Apache-2.0",
    )
    _, file = packed(study, tmp_path, RestrictedFile(path="data/patients.csv", conditions="c"))
    said = study.description
    with zipfile.ZipFile(file) as archive:
        back = from_crate(json.loads(archive.read("ro-crate-metadata.json")), "x")
    for name in ("title", "description", "creators", "licence", "keywords", "related", "language",
                 "translations", "funding", "access", "restricted"):  # fmt: skip
        assert getattr(back, name) == getattr(said, name), name
    assert back.references == said.references


def test_an_unpacked_crate_is_packed_again_without_what_nobody_here_has(study, tmp_path):
    crate, file = packed(study, tmp_path, RestrictedFile(path="data/patients.csv", conditions="c"))
    unpack(read_crate(file), tmp_path / "again")
    told = describe(tmp_path / "again", take_inventory(tmp_path / "again"))
    assert told.references == crate.references
    assert [one.code for one in told.findings if one.severity == "error"] == []
    keep_description(tmp_path / "again", replace(told, restricted=()))
    assert describe(tmp_path / "again", take_inventory(tmp_path / "again")).references == ()


def test_a_folder_with_files_of_the_same_bytes_and_other_terms(study, tmp_path):
    study.put("data/more/three.txt", "1\n")
    first = RestrictedFile(path="data/more/one.txt", conditions="a")
    second = RestrictedFile(path="data/more/three.txt", conditions="b")
    _, file = packed(study, tmp_path, first, second)
    found = {one.path: (one.url, one.conditions) for one in read_crate(file).references}
    assert found == {"data/more/one.txt": ("", "a"), "data/more/three.txt": ("", "b")}


def test_a_restricted_notebook_is_not_published(study, tmp_path):
    study.put("two.ipynb", study.contents["one.ipynb"].replace(b"hello", b"hidden"))
    crate, file = packed(study, tmp_path, RestrictedFile(path="two.ipynb"))
    assert crate.notebooks == ("one.ipynb",)
    with zipfile.ZipFile(file) as archive:
        assert b'href="two.ipynb"' not in archive.read("ro-crate-preview.html")
    assert read_crate(file).notebooks == ("one.ipynb",)
    assert any(one.code == "restricted-notebook" for one in study.description.findings)


def test_a_crate_of_nothing_but_restricted_notebooks_is_none(study, tmp_path):
    _, file = packed(study, tmp_path, RestrictedFile(path="one.ipynb"))
    with pytest.raises(BadCrate, match="no notebook"):
        read_crate(file)


def test_a_closed_study_is_still_packed_and_says_so(study, tmp_path):
    study.description = described(study, access=Access(right=AccessRight.CLOSED))
    study.pack(tmp_path / "x.zip")
    crate = read_crate(tmp_path / "x.zip")
    root = next(one for one in crate.metadata["@graph"] if one["@id"] == "./")
    assert root["accessRights"] == {"@id": "http://purl.org/coar/access_right/c_14cb"}


def test_no_word_of_a_stranger_places_a_withheld_file_outside(study, tmp_path):
    _, file = packed(study, tmp_path, RestrictedFile(path="data/patients.csv"))
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    target = folder / "ro-crate-metadata.json"
    document = json.loads(target.read_text(encoding="utf-8"))
    for entity in document["@graph"]:
        if entity.get("localPath"):
            entity["localPath"] = "../../outside.csv"
    target.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(Exception, match="outside") as caught:
        read_crate(folder)
    assert type(caught.value).__name__ == "Refused"


def verified(study, tmp_path, identity):
    plan = replace(study.plan(), verified=Verified(crate=identity, **VERDICT))
    return write_crate(plan, study.root, tmp_path / "verified.zip")


def test_a_crate_says_that_it_was_not_checked_by_running(study, tmp_path):
    crate = study.pack(tmp_path / "x.zip")
    told = next(one for one in crate.metadata["@graph"] if one["@id"] == "#verification")
    assert told["value"] == "not verified"
    assert read_verification(crate.metadata, crate.identity) is None


def test_a_crate_names_the_replay_of_the_very_same_payload(study, tmp_path):
    draft = study.pack(tmp_path / "draft.zip")
    crate = verified(study, tmp_path, draft.identity)
    assert crate.identity == draft.identity
    back = read_crate(tmp_path / "verified.zip")
    expected = Verified(crate=draft.identity, **VERDICT)
    assert read_verification(back.metadata, back.identity) == expected
    assert read_verification(back.metadata, "0" * 64) is None


def test_a_replay_of_another_payload_is_not_claimed(study, tmp_path):
    draft = study.pack(tmp_path / "draft.zip")
    study.put("data/in.csv", "changed since")
    crate = verified(study, tmp_path, draft.identity)
    told = next(one for one in crate.metadata["@graph"] if one["@id"] == "#verification")
    assert told["value"] == "not verified"
    assert read_verification(crate.metadata, crate.identity) is None


def test_an_old_crate_or_a_hostile_one_is_not_verified():
    named = {"@id": "#verification", "propertyID": "recrate-verification"}
    odd = {"value": ["identical"], "sha256": {"@id": 3}, "valueReference": 3}
    claimed = {"@id": "#verification", "value": "perfect", "sha256": "a"}
    for graph in (None, [], [3], [claimed], [named | odd], [named | claimed]):
        assert read_verification({"@graph": graph}, "a") is None


def test_the_description_of_a_bare_crate_claims_nothing(study, tmp_path):
    study.description = Description(title="t", description="d")
    crate = study.pack(tmp_path / "x.zip")
    root = next(one for one in crate.metadata["@graph"] if one["@id"] == "./")
    assert not {"accessRights", "funding", "inLanguage", "subjectOf", "citation"} & set(root)
