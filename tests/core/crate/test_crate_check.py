"""Checking a crate: whole, unchanged, saying what it must; with and without network."""

import copy
import json
import socket
from pathlib import Path

import pytest

from recrate.crate.check import check_crate
from recrate.crate.profile import Contexts, check_profile
from recrate.model.finding import Severity, worst
from recrate.outside.web import WebSettings


def codes(findings):
    return [finding.code for finding in findings]


def spoil(folder, change):
    path = folder / "ro-crate-metadata.json"
    document = json.loads(path.read_text())
    change({entity["@id"]: entity for entity in document["@graph"]}, document)
    path.write_text(json.dumps(document))


def test_a_crate_of_ours_is_without_findings(zipped, contexts, capfd):
    assert check_crate(zipped, contexts=contexts) == ()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("contexts", [None, Contexts(folder=Path("nowhere"))])
def test_without_a_context_one_note_says_so(zipped, contexts):
    (note,) = check_crate(zipped, contexts=contexts)
    assert (note.code, note.severity) == ("profile-not-checked", Severity.NOTE)


def test_without_network_the_check_ends_with_a_note(zipped, tmp_path):
    web = WebSettings(timeout_seconds=0.001)
    (note,) = check_crate(zipped, contexts=Contexts(folder=tmp_path / "kept", web=web))
    assert note.code == "profile-not-checked"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda told, _: told["./"].pop("name"), "no-name"),
        (lambda told, _: told["./"].pop("description"), "no-description"),
        (lambda told, _: told["./"].pop("datePublished"), "no-datepublished"),
        (lambda told, _: told["./"].pop("license"), "no-licence"),
        (lambda told, _: told["./"].pop("author"), "no-author"),
        (lambda told, _: told["out.txt"].update(contentSize="99"), "wrong-size"),
        (lambda told, _: told["out.txt"].update(sha256="0" * 64), "wrong-checksum"),
        (lambda told, _: told["#recrate-identity"].update(value="0"), "wrong-identity"),
        (lambda told, _: told["out.txt"].pop("sha256"), "no-checksum"),
    ],
)
def test_our_rules_run_without_the_profile(study, tmp_path, change, code):
    study.pack(tmp_path / "c")
    spoil(tmp_path / "c", change)
    assert code in codes(check_crate(tmp_path / "c", profile=False))


def test_a_crate_without_licence_is_valid_with_a_warning(study, tmp_path):
    study.pack(tmp_path / "c", licence=None)
    findings = check_crate(tmp_path / "c", profile=False)
    assert codes(findings) == ["no-licence"]
    assert worst(findings) is Severity.WARNING


def test_changed_and_smuggled_files_make_a_crate_invalid(study, tmp_path):
    study.pack(tmp_path / "c")
    (tmp_path / "c" / "out.txt").write_text("y")
    (tmp_path / "c" / "more.txt").write_text("y")
    found = codes(check_crate(tmp_path / "c", profile=False))
    assert sorted(found) == ["undeclared-file", "wrong-checksum", "wrong-identity"]


def test_a_crate_without_notebooks_is_checked_and_told(study, tmp_path):
    study.pack(tmp_path / "c")
    (tmp_path / "c" / "one.ipynb").unlink()

    def forget(_told, document):
        document["@graph"] = [one for one in document["@graph"] if one["@id"] != "one.ipynb"]

    spoil(tmp_path / "c", forget)
    assert "no-notebook" in codes(check_crate(tmp_path / "c", profile=False))


def test_names_that_meet_or_do_not_travel_are_told(study, tmp_path):
    study.put("READme.txt", "1")
    study.put("readme.TXT", "2")
    study.put("what?.txt", "3")
    study.pack(tmp_path / "c.zip")
    found = codes(check_crate(tmp_path / "c.zip", profile=False))
    assert found == ["names-collide", "names-collide", "name-not-portable"]


def test_the_profile_is_really_asked(study, tmp_path, contexts):
    document = copy.deepcopy(study.pack(tmp_path / "c.zip").metadata)
    del document["@graph"][0]["name"]
    (finding,) = check_profile(document, contexts=contexts)
    assert (finding.code, finding.severity) == ("profile", Severity.ERROR)
    assert "name" in finding.message


def test_no_context_of_a_stranger_is_fetched(study, tmp_path, contexts):
    document = copy.deepcopy(study.pack(tmp_path / "c.zip").metadata)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        evil = f"http://127.0.0.1:{server.getsockname()[1]}/context"
        for context in (
            evil,
            [document["@context"], evil],
            {"x": {"@id": "http://x", "@context": evil}},
            {"@import": evil},
            "file:///etc/passwd",
        ):
            (note,) = check_profile({**document, "@context": context}, contexts=contexts)
            assert note.code == "profile-not-checked"
        with pytest.raises(TimeoutError):
            server.accept()
