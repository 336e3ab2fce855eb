"""Crates as they are written, and read back."""

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from recrate.crate.metadata_text import INDENTED_ENTITIES, to_bytes
from recrate.crate.profile import check_profile
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.model.errors import BadInput, Conflict, OutsideFailed
from recrate.model.study import DataReference

NAMES = [
    "with space.txt", "日本語 データ.csv", "emoji 🌊.txt", "100%.txt", "a#b?c.txt", "-rf.txt",
    "a%20b.txt", "semi;colon&and=.txt", "quote'\".txt", "あ" * 85, "ＦＵＬＬ.txt", "12:30.txt",
    "deep/er/[x]/~.txt",
]  # fmt: skip


def entities(crate):
    return {entity["@id"]: entity for entity in crate.metadata["@graph"]}


@pytest.mark.parametrize("name", ["x.crate.zip", "folder"])
def test_what_is_written_is_what_is_read(study, tmp_path, name):
    written = study.pack(tmp_path / name)
    assert read_crate(tmp_path / name) == written


@pytest.mark.parametrize("name", ["x.crate.zip", "folder"])
def test_names_of_every_kind_survive(study, tmp_path, name):
    for number, path in enumerate(NAMES):
        study.put(path, f"{number}")
    crate = study.pack(tmp_path / name)
    read = read_crate(tmp_path / name)
    assert read == crate
    unpack(read, tmp_path / "out")
    for path, content in study.contents.items():
        assert (tmp_path / "out" / path).read_bytes() == content


def test_the_same_study_gives_the_same_bytes(study, tmp_path):
    study.pack(tmp_path / "a.zip")
    time.sleep(0.01)
    os.utime(study.root / "out.txt", (1, 1))
    study.pack(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_another_process_gives_the_same_bytes(study, tmp_path):
    """Sets are in another order there: the seed of Python's hashes is another one."""
    program = (
        "import pickle, sys; from pathlib import Path\n"
        "from recrate.crate.write import write_crate\n"
        "plan = pickle.loads(sys.stdin.buffer.read())\n"
        "write_crate(plan, Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    plan = pickle.dumps(study.plan(licence="MIT AND CC-BY-4.0 AND Apache-2.0 AND ISC"))
    for seed in "12":
        subprocess.run(
            [sys.executable, "-c", program, study.root, tmp_path / f"{seed}.zip"],
            check=True,
            input=plan,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_a_new_title_is_the_same_crate_and_other_data_are_not(study, tmp_path):
    first = study.pack(tmp_path / "a.zip")
    assert study.pack(tmp_path / "b.zip", title="Another").identity == first.identity
    study.put("out.txt", "y")
    assert study.pack(tmp_path / "c.zip").identity != first.identity


def test_metadata_is_listed_first_and_lies_last(zipped):
    with zipfile.ZipFile(zipped) as opened:
        infos = opened.infolist()
    assert [info.filename for info in infos[:2]] == [
        "ro-crate-metadata.json",
        "ro-crate-preview.html",
    ]
    assert infos[0].header_offset > max(info.header_offset for info in infos[2:])


def test_files_say_their_checksum_size_and_media_type(study, tmp_path):
    crate = study.pack(tmp_path / "x.zip")
    data = entities(crate)["data/in.csv"]
    content = study.contents["data/in.csv"]
    assert data["sha256"] == hashlib.sha256(content).hexdigest()
    assert data["contentSize"] == str(len(content))
    assert data["encodingFormat"] == "text/csv"


def test_a_notebook_with_code_is_a_workflow_that_names_what_it_reads_and_recorded(study, tmp_path):
    told = entities(study.pack(tmp_path / "x.zip"))
    entity = told["one.ipynb"]
    assert entity["@type"] == ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    assert told[entity["programmingLanguage"]["@id"]]["name"] == "Python"
    assert told[entity["input"]["@id"]]["workExample"] == {"@id": "data/in.csv"}
    recorded = told[entity["additionalProperty"]["@id"]]
    assert recorded["value"] == 1
    assert len(recorded["sha256"]) == 64
    assert told[entity["softwareRequirements"]["@id"]]["softwareVersion"] == "3.11.7"


def test_a_notebook_of_prose_is_no_workflow(study, tmp_path):
    prose = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "words"}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [prose]}
    study.put("prose.ipynb", json.dumps(document))
    assert entities(study.pack(tmp_path / "x.zip"))["prose.ipynb"]["@type"] == "File"


def test_the_digest_of_outputs_follows_outputs_and_nothing_else(study, tmp_path):
    def digest():
        told = entities(study.pack(tmp_path / "x.zip"))
        return told["#recorded-outputs/one.ipynb"]["sha256"]

    first = digest()
    document = json.loads(study.contents["one.ipynb"])
    document["cells"][0]["source"] += "  # why"
    document["cells"][0]["execution_count"] = 99
    study.put("one.ipynb", json.dumps(document))
    assert digest() == first
    document["cells"][0]["outputs"][0]["text"] = "other\n"
    study.put("one.ipynb", json.dumps(document))
    assert digest() != first


def test_data_references_come_back_also_two_of_one_address(study, tmp_path):
    both = tuple(
        DataReference(path=path, url="https://example.org/a%20b", sha256="0" * 64, size_bytes=4)
        for path in ("data/far.csv", "data/further.csv")
    )
    study.pack(tmp_path / "x.zip", references=both)
    assert read_crate(tmp_path / "x.zip").references == both


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", ["https://spdx.org/licenses/MIT"]),
        ("MIT AND CC-BY-4.0", ["https://spdx.org/licenses/MIT", "https://spdx.org/licenses/CC-BY-4.0"]),
        ("my own words", ["#licence-my%20own%20words"]),
        (None, ["#no-licence"]),
    ],
)  # fmt: skip
def test_licences_are_named_by_spdx(study, tmp_path, licence, expected):
    root = entities(study.pack(tmp_path / "x.zip", licence=licence))["./"]
    stated = root["license"] if isinstance(root["license"], list) else [root["license"]]
    assert [one["@id"] for one in stated] == expected


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"licence": None, "creators": (), "description": "", "keywords": ()},
        {"licence": "MIT OR Apache-2.0"},
        {
            "references": (
                DataReference(
                    path="far.csv", url="https://example.org/f", sha256="0" * 64, size_bytes=4
                ),
            )
        },
    ],
)
def test_crates_pass_the_profile(study, tmp_path, contexts, changes):
    study.put("日本 語/🌊 100%#.txt", "x")
    crate = study.pack(tmp_path / "x.zip", **changes)
    assert check_profile(crate.metadata, contexts=contexts) == ()


def test_a_crate_packed_into_its_own_study_does_not_hold_its_elder(study):
    inside = study.root / "peas.crate.zip"
    first = study.pack(inside)
    second = study.pack(inside)
    assert second.identity == first.identity


def test_a_folder_with_something_in_it_is_not_touched(study, tmp_path):
    target = tmp_path / "full"
    target.mkdir()
    (target / "mine").write_text("x")
    with pytest.raises(Conflict):
        study.pack(target)
    assert [path.name for path in target.iterdir()] == ["mine"]


def test_a_name_that_no_archive_can_hold_is_told(study, tmp_path):
    plan = study.plan()
    (study.root / "a\\b.txt").write_text("x")
    study.contents.clear()
    with pytest.raises(BadInput, match="backslash"):
        study.pack(tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
    assert plan.copied


@pytest.mark.skipif(sys.platform == "win32", reason="there is no disk of a fixed size to fill")
def test_a_full_disk_leaves_nothing(study, tmp_path):
    study.put("big.bin", os.urandom(3 << 20))
    place = tmp_path / "disk"
    place.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place]
    if subprocess.run(small, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        for name in ("x.crate.zip", "folder"):
            with pytest.raises(OutsideFailed, match="No space left"):
                study.pack(place / name)
            assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_leaves_nothing(tmp_path):
    big = tmp_path / "big.bin"
    with big.open("wb") as stream:
        stream.truncate(2 << 30)
    out = tmp_path / "out"
    program = (
        "import sys; from pathlib import Path; from recrate.outside.archive import *\n"
        "say = lambda *_: print('go', flush=True)\n"
        f"write_zip([Member(path='big.bin', source=Path({str(big)!r}))],"
        f" Path({str(out / 'x.zip')!r}), progress=say)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    with child:
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        assert child.wait(30) != 0
    assert list(out.iterdir()) == []


def test_a_large_crate_is_the_same_document_one_entity_a_line():
    graph = [{"@id": f"#{number}", "name": "潮\n"} for number in range(INDENTED_ENTITIES + 1)]
    small, large = ({"@context": ["x"], "@graph": part} for part in (graph[:-1], graph))
    assert json.loads(to_bytes(small)) == small
    assert json.loads(to_bytes(large)) == large
    assert to_bytes(large).count(b"\n") == len(graph) + 3
