"""Bad crates: each gets its message and exit code, and leaves nothing half-written.

The rows stand in docs/bad-input.md.
"""

import json
import stat
import zipfile
from pathlib import Path

import pytest

from making import notebook_of, stream


@pytest.fixture
def crate(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    (study / "data.csv").write_text("a,b\n1,2\n")
    crate = tmp_path / "good.crate.zip"
    assert recrate("pack", study, "-o", crate, "--no-lock").code == 0
    return crate


def rewrite(source: Path, target: Path, change) -> Path:
    """Copy a zip member by member through `change(name, content) -> content | None`."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            content = change(entry.filename, before.read(entry))
            if content is not None:
                after.writestr(entry.filename, content)
    return target


def with_member(source: Path, target: Path, name: str | zipfile.ZipInfo, content: bytes) -> Path:
    rewrite(source, target, lambda _name, content: content)
    with zipfile.ZipFile(target, "a", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target


def refused(recrate, crate: Path, tmp_path: Path, code: int, *words: str) -> None:
    for verb in ("check", "replay"):
        out = tmp_path / f"{verb}-out"
        answer = recrate(verb, crate, *(["-o", out] if verb == "replay" else []))
        assert answer.code == code, (verb, answer)
        for word in words:
            assert word in answer.error, (verb, answer.error)
        assert "Traceback" not in answer.error
        assert not out.exists()


def test_an_empty_file_is_no_crate(recrate, tmp_path):
    crate = tmp_path / "empty.crate.zip"
    crate.write_bytes(b"")
    refused(recrate, crate, tmp_path, 2, "zip")


def test_an_empty_folder_is_no_crate(recrate, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(recrate, tmp_path / "empty", tmp_path, 2, "ro-crate-metadata.json")


def test_an_empty_zip_is_no_crate(recrate, tmp_path):
    crate = tmp_path / "empty.crate.zip"
    zipfile.ZipFile(crate, "w").close()
    refused(recrate, crate, tmp_path, 2, "ro-crate-metadata.json")


def test_a_crate_that_is_not_there_is_named(recrate, tmp_path):
    refused(recrate, tmp_path / "nowhere.crate.zip", tmp_path, 2, "nowhere.crate.zip")


def test_a_zip_that_is_no_zip_is_bad_input(recrate, tmp_path):
    crate = tmp_path / "text.crate.zip"
    crate.write_text("this is not a zip\n" * 50)
    refused(recrate, crate, tmp_path, 2, "zip")


def test_a_zip_cut_in_the_middle_is_bad_input(recrate, crate, tmp_path):
    cut = tmp_path / "cut.crate.zip"
    cut.write_bytes(crate.read_bytes()[:-200])
    refused(recrate, cut, tmp_path, 2)


@pytest.mark.parametrize(
    "name", ["../escaped.txt", "/etc/escaped.txt", "a/../../escaped.txt", "C:\\x"]
)
def test_a_member_that_escapes_is_refused(recrate, crate, tmp_path, name):
    bad = with_member(crate, tmp_path / "bad.crate.zip", name, b"x")
    refused(recrate, bad, tmp_path, 4)
    assert not (tmp_path / "escaped.txt").exists()


def test_a_link_is_refused(recrate, crate, tmp_path):
    link = zipfile.ZipInfo("link")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    bad = with_member(crate, tmp_path / "bad.crate.zip", link, b"/etc/passwd")
    refused(recrate, bad, tmp_path, 4, "link")


def test_a_bomb_is_refused(recrate, crate, tmp_path):
    bad = with_member(crate, tmp_path / "bomb.crate.zip", "zeros", bytes(400 * 1024**2))
    refused(recrate, bad, tmp_path, 4)


def test_a_wrong_checksum_names_the_file(recrate, crate, tmp_path):
    def swap(name: str, content: bytes) -> bytes:
        return b"a,b\n1,3\n" if name == "data.csv" else content

    bad = rewrite(crate, tmp_path / "bad.crate.zip", swap)
    answer = recrate("replay", bad, "-o", tmp_path / "out")
    assert answer.code == 2, answer
    assert "data.csv" in answer.error
    assert "checksum" in answer.error.lower()
    checked = recrate("check", bad, "--no-profile", "--json")
    assert checked.code == 1
    assert not checked.document["valid"]
    assert any("data.csv" in finding["where"] for finding in checked.document["findings"])


def test_a_crate_without_metadata_is_bad_input(recrate, crate, tmp_path):
    def drop(name: str, content: bytes) -> bytes | None:
        return None if name == "ro-crate-metadata.json" else content

    bad = rewrite(crate, tmp_path / "bad.crate.zip", drop)
    refused(recrate, bad, tmp_path, 2, "ro-crate-metadata.json")


def test_a_crate_with_two_roots_is_bad_input(recrate, crate, tmp_path):
    def double(name: str, content: bytes) -> bytes:
        if name != "ro-crate-metadata.json":
            return content
        document = json.loads(content)
        root = next(entity for entity in document["@graph"] if entity["@id"] == "./")
        document["@graph"].append({**root, "name": "another root"})
        return json.dumps(document).encode()

    bad = rewrite(crate, tmp_path / "bad.crate.zip", double)
    refused(recrate, bad, tmp_path, 2, "root")


def test_metadata_that_is_not_json_is_bad_input(recrate, crate, tmp_path):
    def spoil(name: str, content: bytes) -> bytes:
        return b"{ not json" if name == "ro-crate-metadata.json" else content

    bad = rewrite(crate, tmp_path / "bad.crate.zip", spoil)
    refused(recrate, bad, tmp_path, 2, "JSON")
