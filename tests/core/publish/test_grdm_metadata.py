"""The metadata form of a deposited file: filled in where that works, beside the crate where not."""

import json
from pathlib import Path
from typing import Any

import pytest

from doubles.grdm import Store
from doubles.grdm_parcels import ANSWERS, ZIP, deposit, depositor, parcel, service
from recrate.metadata.writing.formats import write
from recrate.publish.journal import Journal

FILE = f"osfstorage{ZIP}"
BESIDE = "/recrate/Tides-of-the-Inland-Sea.grdm-metadata.json"
YES = {"metadata": "yes"}
OF_THE_FILE = {name: said for name, said in ANSWERS.items() if name.startswith("grdm-file:")}


def test_the_answers_are_the_files_in_the_newest_form(tmp_path: Path) -> None:
    """nii.md 2.1: {path, folder, items: [{active, schema, data}]}."""
    store, of = Store(), parcel(tmp_path, answers=YES)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    item = {"active": True, "schema": "schema-2", "data": OF_THE_FILE}
    wanted = {"path": FILE, "folder": False, "hash": of.sha256, "items": [item]}
    assert store.metadata == {FILE: wanted}
    assert list(store.files()) == [ZIP]
    assert len(receipt.notes) == 1


def test_the_answers_that_a_record_is_written_as_are_taken(tmp_path: Path) -> None:
    of = parcel(tmp_path, answers=YES)
    written = json.loads(write(of.record, "grdm"))
    store = Store()
    with service(store) as port:
        deposit(
            depositor(port),
            parcel(tmp_path, answers=YES, documents=written),
            Journal(tmp_path / "j"),
        )
    (item,) = store.metadata[FILE]["items"]
    assert item["data"]["grdm-file:title-en"] == {"value": of.crate.name}
    assert all(name.startswith("grdm-file:") for name in item["data"])


def test_what_a_person_answered_stays(tmp_path: Path) -> None:
    theirs: dict[str, Any] = {
        "grdm-file:title-en": {"value": "My own title"},
        "grdm-file:data-type": {"value": ""},
        "grdm-file:remarks-en": {"value": "note"},
    }
    other = {"active": True, "schema": "another", "data": {"x": {"value": "1"}}}
    mine = {"active": False, "schema": "schema-2", "data": theirs}
    store, of = Store(), parcel(tmp_path, answers=YES)
    store.metadata[FILE] = {"path": FILE, "folder": False, "hash": "", "items": [other, mine]}
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j1"))
        wrote = [one.method for one in store.asked if one.url.path.startswith("/api/")]
        deposit(depositor(port), of, Journal(tmp_path / "j2"))
    assert store.metadata[FILE]["items"] == [
        {
            "active": False,
            "schema": "schema-2",
            "data": {**OF_THE_FILE, **theirs, "grdm-file:data-type": {"value": "dataset"}},
        },
        other,
    ]
    again = [one.method for one in store.asked if one.url.path.startswith("/api/")]
    assert (wrote, again) == (["GET", "PUT"], ["GET", "PUT", "GET"])


def test_what_a_folder_answers_for_its_files_is_not_copied(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers=YES)
    inherited = {
        "active": True,
        "schema": "schema-2",
        "data": {"grdm-file:title-en": {"value": "F"}},
    }
    store.metadata[FILE] = {"path": FILE, "generated": True, "items": [inherited]}
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.metadata[FILE]["items"][0]["data"] == OF_THE_FILE


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_form_that_takes_no_token_leaves_the_answers_beside_the_crate(
    tmp_path: Path, status: int
) -> None:
    store, of = Store(metadata_status=status), parcel(tmp_path, answers=YES)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert set(store.files()) == {ZIP, BESIDE}
    assert json.loads(store.files()[BESIDE]) == ANSWERS
    assert any("grdm-metadata.json" in one for one in receipt.notes)
    assert store.metadata == {}


@pytest.mark.parametrize("document", [[], {}, {"funder": {"value": "JST"}}, "text"])
def test_a_document_without_answers_for_a_file_is_kept_and_told(
    tmp_path: Path, document: Any
) -> None:
    store, of = Store(), parcel(tmp_path, answers=YES, documents=document)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert BESIDE in store.files()
    assert any("no answers for a file" in one for one in receipt.notes)


def test_nothing_is_registered_unasked(tmp_path: Path) -> None:
    store = Store()
    with service(store) as port:
        deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert store.metadata == {}
    assert not [one for one in store.asked if one.url.path.startswith("/api/")]
