"""Crates by others, broken crates, and what reading one never does."""

import json
import shutil
import socket
import zipfile

import pytest

from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.model.crate import identity_of
from recrate.model.errors import BadCrate, Refused

NOTEBOOK = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
DESCRIPTOR = {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    "about": {"@id": "./"},
}
ROOT = {"@id": "./", "@type": "Dataset", "name": "By hand", "hasPart": [{"@id": "a b.ipynb"}]}
FILE = {"@id": "a%20b.ipynb", "@type": "File"}


def crate_of(folder, *entities, context="https://w3id.org/ro/crate/1.1/context", name=None):
    folder.mkdir(parents=True, exist_ok=True)
    document = {"@context": context, "@graph": list(entities)}
    (folder / (name or "ro-crate-metadata.json")).write_text(json.dumps(document))
    (folder / "a b.ipynb").write_text(NOTEBOOK)
    return folder


def codes(crate):
    return [finding.code for finding in crate.findings]


def test_a_crate_by_hand_without_checksums_is_read_and_says_so(tmp_path):
    crate = read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE))
    assert crate.name == "By hand"
    assert crate.notebooks == ("a b.ipynb",)
    assert codes(crate) == ["no-checksum"]
    assert crate.identity == identity_of((file.path, file.sha256) for file in crate.files)


def test_a_name_left_unencoded_finds_its_file(tmp_path):
    crate = read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, {**FILE, "@id": "./a b.ipynb"}))
    assert codes(crate) == ["no-checksum"]


def test_a_crate_in_one_folder_of_a_zip_is_read_and_unpacked(tmp_path):
    folder = crate_of(tmp_path / "c" / "inner", DESCRIPTOR, ROOT, FILE)
    (folder / "extra.txt").write_text("x")
    packed = shutil.make_archive(str(tmp_path / "c"), "zip", tmp_path / "c")
    crate = read_crate(tmp_path / "c.zip")
    assert packed.endswith("c.zip")
    assert crate.notebooks == ("a b.ipynb",)
    assert sorted(codes(crate)) == ["no-checksum", "undeclared-file"]
    unpack(crate, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "a b.ipynb",
        "extra.txt",
        "ro-crate-metadata.json",
    ]


def test_many_files_without_a_name_in_one_folder_are_one_complaint(tmp_path):
    folder = crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE)
    (folder / "work" / "1").mkdir(parents=True)
    (folder / "some").mkdir()
    for number in range(6):
        (folder / "work" / "1" / f"{number}.log").write_text("x")
    (folder / "some" / "one.log").write_text("x")
    said = [one for one in read_crate(folder).findings if one.code == "undeclared-file"]
    assert [one.path for one in said] == ["some/one.log", "work/"]
    assert said[1].message.startswith("6 files ")


def test_crates_that_the_metadata_name_are_told_of_together(tmp_path):
    named = [{"@id": f"runs/{number}/", "@type": "Dataset"} for number in range(4)]
    folder = crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE, *named)
    for run in ("runs/0", "runs/1", "runs/2", "runs/stranger"):
        (folder / run).mkdir(parents=True)
        (folder / run / "ro-crate-metadata.json").write_text("{}")
        (folder / run / "verdict.json").write_text("{}")
    (folder / "runs" / "3").mkdir()  # named, and no crate
    (folder / "runs" / "3" / "verdict.json").write_text("{}")
    crate = read_crate(folder)
    (told,) = [one for one in crate.findings if one.code == "crates-within"]
    assert told.message.startswith("3 crates ")
    assert "runs/0, runs/1, runs/2" in told.message
    assert [one.path for one in crate.findings if one.code == "undeclared-file"] == [
        "runs/3/verdict.json",
        "runs/stranger/ro-crate-metadata.json",
        "runs/stranger/verdict.json",
    ]
    assert "runs/0/verdict.json" in {one.path for one in crate.files}


def test_version_1_0_and_its_file_name_are_read(tmp_path):
    old = {**DESCRIPTOR, "@id": "ro-crate-metadata.jsonld"}
    folder = crate_of(tmp_path / "c", old, ROOT, FILE, name="ro-crate-metadata.jsonld")
    assert read_crate(folder).notebooks == ("a b.ipynb",)


def test_version_1_2_with_another_root_is_read(tmp_path):
    about = {
        **DESCRIPTOR,
        "about": {"@id": "https://example.org/crate/"},
        "conformsTo": [{"@id": "https://w3id.org/ro/crate/1.2"}],
    }
    root = {**ROOT, "@id": "https://example.org/crate/", "@type": ["Dataset"]}
    assert read_crate(crate_of(tmp_path / "c", about, root, FILE)).name == "By hand"


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        ([], "no root dataset"),
        ([DESCRIPTOR], "no root dataset"),
        ([DESCRIPTOR, {**ROOT, "@type": "File"}], "no root dataset"),
        ([DESCRIPTOR, ROOT, ROOT], "two root datasets"),
        ([DESCRIPTOR, DESCRIPTOR, ROOT], "two entities of one @id"),
        ([{**DESCRIPTOR, "about": [{"@id": "./"}, {"@id": "b/"}]}, ROOT], "2 root datasets"),
        (
            [DESCRIPTOR, {**DESCRIPTOR, "@id": "ro-crate-metadata.jsonld", "about": {"@id": "b/"}},
             ROOT, {**ROOT, "@id": "b/"}],
            "2 root datasets",
        ),
        (["text"], "without an @id"),
        ([{"@id": 7}], "without an @id"),
    ],
)  # fmt: skip
def test_a_crate_needs_one_root(tmp_path, entities, words):
    with pytest.raises(BadCrate, match=words):
        read_crate(crate_of(tmp_path / "c", *entities))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"@graph": 1}', b"[" * 200_000, b"{}"]
)
def test_metadata_that_are_no_document_are_told(tmp_path, content):
    folder = crate_of(tmp_path / "c")
    (folder / "ro-crate-metadata.json").write_bytes(content)
    with pytest.raises(BadCrate):
        read_crate(folder)


def test_empty_crates_and_such_without_metadata_or_notebook_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadCrate, match="empty"):
        read_crate(tmp_path / "empty")
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    with pytest.raises(BadCrate, match="empty"):
        read_crate(tmp_path / "empty.zip")
    (tmp_path / "empty" / "a.txt").write_text("x")
    with pytest.raises(BadCrate, match=r"no ro-crate-metadata\.json"):
        read_crate(tmp_path / "empty")
    folder = crate_of(tmp_path / "c", DESCRIPTOR, ROOT)
    (folder / "a b.ipynb").unlink()
    with pytest.raises(BadCrate, match="no notebook"):
        read_crate(folder)


def test_two_crates_side_by_side_are_told(tmp_path):
    crate_of(tmp_path / "c" / "one", DESCRIPTOR, ROOT, FILE)
    crate_of(tmp_path / "c" / "two", DESCRIPTOR, ROOT, FILE)
    with pytest.raises(BadCrate, match="side by side"):
        read_crate(tmp_path / "c")


@pytest.mark.parametrize("place", ["/etc/cron.d/x", "../../x", "a\\b", "C:/x"])
def test_a_data_reference_cannot_lead_out_of_the_study(tmp_path, place):
    far = {
        "@id": "https://example.org/x",
        "@type": "File",
        "localPath": place,
        "sha256": "0" * 64,
        "contentSize": "3",
    }
    with pytest.raises(Refused):
        read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE, far))


def test_a_reference_that_cannot_be_verified_is_not_fetched(tmp_path):
    far = {"@id": "https://example.org/x", "@type": "File", "localPath": "x"}
    crate = read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE, far))
    assert crate.references == ()
    assert "reference-incomplete" in codes(crate)


def test_metadata_that_nest_or_hold_no_text_are_told(tmp_path):
    folder = crate_of(tmp_path / "c")
    deep = '{"@graph": ' + '[{"a": ' * 200 + "1" + "}]" * 200 + "}"
    for content, words in ((deep, "deep"), (r'{"@graph": [{"@id": "\ud800"}]}', "Unicode")):
        (folder / "ro-crate-metadata.json").write_text(content)
        with pytest.raises(BadCrate, match=words):
            read_crate(folder)


def test_a_name_cannot_move_the_cursor(tmp_path):
    root = {**ROOT, "name": "good\x1b[2J\u202e\nbad"}
    assert read_crate(crate_of(tmp_path / "c", DESCRIPTOR, root, FILE)).name == "good [2J bad"


def test_metadata_that_name_files_elsewhere_give_no_such_file(tmp_path):
    away = {"@id": "../../etc/x.ipynb", "@type": "File", "sha256": "0" * 64}
    crate = read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE, away))
    assert [file.path for file in crate.files] == ["a b.ipynb"]
    assert crate.notebooks == ("a b.ipynb",)
    assert "file-missing" in codes(crate)


@pytest.mark.parametrize(
    "entity",
    [
        {
            "@id": "a%20b.ipynb",
            "@type": "File",
            "contentSize": "1e999",
            "sha256": 7,
            "position": {},
        },
        {"@id": "a%20b.ipynb", "@type": "File", "contentSize": "9" * 5000, "sha256": ["x"]},
        {"@id": "a%20b.ipynb", "@type": ["File", 3], "encodingFormat": [{"@id": "#x"}, None]},
        {"@id": "http://[broken", "@type": "File"},
    ],
)
def test_odd_values_are_read_past(tmp_path, entity):
    crate = read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, entity))
    assert crate.notebooks == ("a b.ipynb",)


def test_a_remote_context_is_never_fetched(tmp_path):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/context"
        read_crate(crate_of(tmp_path / "c", DESCRIPTOR, ROOT, FILE, context=address))
        with pytest.raises(TimeoutError):
            server.accept()


def test_opening_a_crate_of_ours_reads_no_payload(zipped):
    """The payload is spoiled: were it read, its CRC or checksum would tell."""
    before = read_crate(zipped)
    with zipfile.ZipFile(zipped) as opened:
        info = opened.getinfo("data/in.csv")
    content = bytearray(zipped.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    content[start : start + info.compress_size] = bytes(info.compress_size)
    zipped.write_bytes(bytes(content))
    assert read_crate(zipped) == before


def test_a_missing_file_and_a_smuggled_one_are_found(study, tmp_path):
    crate = study.pack(tmp_path / "c")
    (tmp_path / "c" / "out.txt").unlink()
    (tmp_path / "c" / "sitecustomize.py").write_text("evil")
    read = read_crate(tmp_path / "c")
    assert sorted(codes(read)) == ["file-missing", "undeclared-file"]
    assert read.identity != crate.identity
    with pytest.raises(BadCrate, match=r"out\.txt"):
        unpack(read, tmp_path / "out")


def test_a_lock_of_another_version_is_a_finding(study, tmp_path):
    study.pack(tmp_path / "c")
    lock = tmp_path / "c" / "recrate-environment" / "lock.json"
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "from_the_future": 1}))
    read = read_crate(tmp_path / "c")
    assert read.lock is None
    assert "lock-unreadable" in codes(read)


def test_a_changed_file_is_not_unpacked_and_nothing_is_left(study, tmp_path):
    crate = study.pack(tmp_path / "c")
    (tmp_path / "c" / "out.txt").write_text("changed")
    with pytest.raises(
        BadCrate, match=r"wrong checksum: out\.txt has \w{64}, the crate says \w{64}"
    ):
        unpack(crate, tmp_path / "out")
    assert not (tmp_path / "out").exists()
