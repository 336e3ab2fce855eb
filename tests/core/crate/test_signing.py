"""Signed verdicts: whoever changes a byte is found out, and whose word it is can be told."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrate.crate.check import check_crate
from recrate.crate.signature_check import read_signature
from recrate.crate.signing import PREDICATE_TYPE, SIGNATURE, STATEMENT_TYPE
from recrate.crate.signing_keys import (
    SigningSettings,
    keep_key,
    make_key,
)
from recrate.flow.signing import sign_replay
from recrate.flow.waiving import waive
from recrate.model.crate import identity_of
from recrate.model.errors import BadInput, NotFound
from recrate.model.finding import Severity
from recrate.model.policy import Waiver
from recrate.model.wire import to_json
from recrate.outside.archive import Archive, Member, write_zip
from replayed_folders import two_notebooks

NOW = "2026-11-21T09:00:00+00:00"
SEED = bytes(range(32))
PAIR = make_key(SEED)


@pytest.fixture
def key(tmp_path) -> Path:
    place = tmp_path / "keys" / "mine.pem"
    keep_key(PAIR, place)
    return place


@pytest.fixture
def signed(tmp_path, key) -> Path:
    run = two_notebooks(tmp_path / "run")
    sign_replay(run, SigningSettings(key=key, person="潮見 花子"), now=NOW, agent="recrate 0.1.0")
    return run


def said(location: Path, *, signing: SigningSettings | None = None) -> dict[str, Severity]:
    """Return what `check` says of a signature."""
    found = check_crate(location, profile=False, payload=False, signing=signing)
    return {one.code: one.severity for one in found if one.path == SIGNATURE}


def statement_in(run: Path) -> dict:
    envelope = json.loads((run / SIGNATURE).read_bytes())
    return json.loads(base64.b64decode(envelope["payload"]))


def trusting(*keys: str | Path) -> SigningSettings:
    return SigningSettings(trusted=keys)


def test_a_signature_of_a_trusted_key_is_said_to_hold(signed, key):
    for settings_ in (
        trusting(PAIR.public.decode()),
        trusting(key.with_name("mine.pem.pub")),
        SigningSettings(key=key),
    ):
        assert said(signed, signing=settings_) == {"signature-valid": Severity.NOTE}


def test_the_finding_names_person_and_fingerprint(signed, key):
    found = check_crate(signed, profile=False, signing=SigningSettings(key=key))
    told = next(one.message for one in found if one.code == "signature-valid")
    assert PAIR.fingerprint in told
    assert "潮見 花子" in told


def test_a_stranger_s_signature_that_holds_is_a_warning(signed):
    assert said(signed) == {"signature-unknown-key": Severity.WARNING}
    other = make_key(b"x" * 32).public.decode()
    assert said(signed, signing=trusting(other)) == {"signature-unknown-key": Severity.WARNING}


def test_a_replay_that_nobody_signed_is_only_noted(tmp_path):
    assert said(two_notebooks(tmp_path / "run")) == {"not-signed": Severity.NOTE}


def test_a_study_s_crate_is_not_asked_for_a_signature(zipped):
    assert said(zipped) == {}


def test_signing_leaves_a_crate_without_complaint(signed, key, contexts):
    found = check_crate(signed, contexts=contexts, signing=SigningSettings(key=key))
    assert {one.code for one in found if one.severity is Severity.ERROR} == set()
    assert not {"undeclared-file", "file-not-checked"} & {one.code for one in found}


def test_the_statement_is_in_toto_and_says_all_that_was_promised(signed):
    said_ = statement_in(signed)
    facts = said_["predicate"]["recrate"]
    assert (said_["_type"], said_["predicateType"]) == (STATEMENT_TYPE, PREDICATE_TYPE)
    assert said_["subject"] == [{"name": "Tides", "digest": {"recrate-identity": "0" * 64}}]
    assert said_["predicate"]["result"] in {"PASSED", "WARNED", "FAILED"}
    (policy,) = said_["predicate"]["configuration"]
    content = base64.b64decode(policy["content"])
    assert policy["digest"]["sha256"] == hashlib.sha256(content).hexdigest()
    verdict = json.loads((signed / "verdict.json").read_bytes())
    assert json.loads(content).items() <= verdict["policy"].items()
    assert (facts["verdict"], facts["judge"]) == (verdict["verdict"], verdict["judge"])
    assert facts["coverage"] == verdict["coverage"]
    assert facts["signed"] == NOW


def test_digests_are_those_that_the_documentation_defines(signed):
    facts = statement_in(signed)["predicate"]["recrate"]
    lying = {
        path.relative_to(signed).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in signed.rglob("*")
        if path.is_file() and path.name not in {SIGNATURE, "ro-crate-metadata.json"}
    }
    assert facts["run"]["identity"] == identity_of(lying.items())
    lines = sorted(
        f"{digest}  {path}\n" for path, digest in lying.items() if path.startswith("observations/")
    )
    lines.sort(key=lambda line: line[66:].encode())
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert facts["observations"]["digest"]["sha256"] == digest


def test_test_results_are_told_in_in_toto_s_words(signed):
    predicate = statement_in(signed)["predicate"]
    told = [
        predicate[name] for name in ("passedTests", "warnedTests", "failedTests")
    ]  # every notebook in one list and only there
    assert sorted(path for names in told for path in names) == ["a.ipynb", "b.ipynb"]
    assert predicate["result"] == "FAILED"
    assert "a.ipynb" in predicate["failedTests"]


COVERED = (
    "observations/0/observation.json",
    "observations/0/notebooks/a.ipynb",
    "observations/0/notebooks/b.ipynb",
    "recorded/a.ipynb",
    "policy.json",
    "verdict.json",
    "report.html",
    "badge.svg",
    "review.jsonld",
    "crate.json",
    "replay.json",
    SIGNATURE,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    keep_key(PAIR, root / "key.pem")
    run = two_notebooks(root / "run")
    waiver = Waiver(path="a.ipynb", cell=0, output=0, reason="another seed")
    waive(run, waiver, person="A", now=NOW)
    sign_replay(run, SigningSettings(key=root / "key.pem"), now=NOW, agent="recrate 0.1.0")
    return run


@given(data=st.data())
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_byte_is_noticed(whole, data):
    path = whole / data.draw(st.sampled_from(COVERED))
    before = path.read_bytes()
    place = data.draw(st.integers(min_value=0, max_value=len(before) - 1))
    changed = bytearray(before)
    changed[place] ^= data.draw(st.integers(min_value=1, max_value=255))
    try:
        path.write_bytes(changed)
        codes = set(said(whole))
    finally:
        path.write_bytes(before)
    assert codes & {"signature-mismatch", "signature-invalid"}
    assert "signature-valid" not in codes


@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_blank_put_into_the_envelope_is_noticed(whole, data):
    path = whole / SIGNATURE
    before = path.read_bytes()
    place = data.draw(st.integers(min_value=0, max_value=len(before)))
    blank = data.draw(st.sampled_from([b" ", b"\n", b"\t", b"\xef\xbb\xbf"]))
    with pytest.raises(BadInput):
        read_signature(before[:place] + blank + before[place:])


@given(junk=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_what_is_no_envelope_is_refused_in_words(junk):
    with pytest.raises(BadInput) as refused:
        read_signature(junk)
    assert refused.value.hint


def test_a_file_that_was_added_is_noticed(signed):
    (signed / "observations/0/files").mkdir()
    (signed / "observations/0/files/new.csv").write_text("1")
    assert said(signed) == {"signature-mismatch": Severity.ERROR}


def test_metadata_that_state_another_verdict_are_noticed(signed):
    place = signed / "ro-crate-metadata.json"
    document = json.loads(place.read_bytes())
    for entity in document["@graph"]:
        if entity["@id"] == "#verdict-value":
            entity["value"] = "identical"
    place.write_text(json.dumps(document))
    assert said(signed) == {"signature-mismatch": Severity.ERROR}


def test_a_title_or_doi_that_comes_later_keeps_the_signature(signed, key):
    place = signed / "ro-crate-metadata.json"
    document = json.loads(place.read_bytes())
    root = next(one for one in document["@graph"] if one["@id"] == "./")
    root |= {"name": "Another title", "url": "https://doi.org/10.5072/abc"}
    place.write_text(json.dumps(document))
    assert said(signed, signing=SigningSettings(key=key)) == {"signature-valid": Severity.NOTE}


def test_a_signature_taken_from_another_run_is_noticed(signed, tmp_path):
    other = two_notebooks(tmp_path / "other")
    waiver = Waiver(path="a.ipynb", cell=0, output=0, reason="x")
    waive(other, waiver, person=None, now=NOW)
    (other / SIGNATURE).write_bytes((signed / SIGNATURE).read_bytes())
    assert said(other)["signature-mismatch"] is Severity.ERROR


def test_a_statement_that_somebody_else_signed_anew_is_theirs(signed, tmp_path):
    pair = make_key(b"m" * 32)
    keep_key(pair, tmp_path / "other.pem")
    sign_replay(signed, SigningSettings(key=tmp_path / "other.pem"), now=NOW, agent="recrate 0.1.0")
    assert said(signed, signing=trusting(PAIR.public.decode())) == {
        "signature-unknown-key": Severity.WARNING
    }
    assert read_signature((signed / SIGNATURE).read_bytes()).fingerprint == pair.fingerprint


def test_a_zip_file_is_signed_in_its_place(tmp_path, key, contexts):
    run = two_notebooks(tmp_path / "run")
    location = tmp_path / "run.crate.zip"
    paths = [one.relative_to(run).as_posix() for one in run.rglob("*") if one.is_file()]
    write_zip([Member(path=path, source=run / path) for path in paths], location)
    done = sign_replay(location, SigningSettings(key=key), now=NOW, agent="recrate 0.1.0")
    assert done.fingerprint == PAIR.fingerprint
    assert said(location, signing=SigningSettings(key=key)) == {"signature-valid": Severity.NOTE}
    with Archive(location) as archive:
        assert set(archive.entries) == {*paths, SIGNATURE}
    assert not list(tmp_path.glob(".recrate-*"))


def test_damage_is_not_signed(tmp_path, key):
    run = two_notebooks(tmp_path / "run")
    (run / "report.html").write_text("changed")
    with pytest.raises(BadInput) as refused:
        sign_replay(run, SigningSettings(key=key), now=NOW, agent="recrate 0.1.0")
    assert "report.html" in refused.value.message
    assert not (run / SIGNATURE).exists()


def test_a_study_is_not_signed_and_neither_is_nothing(zipped, tmp_path, key):
    with pytest.raises(BadInput):
        sign_replay(zipped, SigningSettings(key=key), now=NOW, agent="a 1")
    with pytest.raises(NotFound):
        sign_replay(tmp_path / "none", SigningSettings(key=key), now=NOW, agent="a 1")


def test_a_policy_changed_in_verdict_json_alone_is_told_as_such(signed):
    place = signed / "verdict.json"
    verdict = json.loads(place.read_bytes())
    verdict["policy"]["image_fraction"] = 1.0
    place.write_text(to_json(verdict))
    found = check_crate(signed, profile=False, payload=False)
    messages = [one.message for one in found if one.code == "signature-mismatch"]
    assert any("policy" in one for one in messages)


def test_the_documented_commands_find_the_same_without_us(signed, key, tmp_path):
    missing = [name for name in ("openssl", "sha256sum", "bash") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    page = (Path(__file__).parents[3] / "docs" / "verdicts.md").read_text(encoding="utf-8")
    script = page.split("```sh\n")[1].split("```")[0]
    public = str(key.with_name("mine.pem.pub"))
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=signed,
        env={**os.environ, "KEY": public, "SCRATCH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    facts = statement_in(signed)["predicate"]["recrate"]
    verified, fingerprint, observations, run = done.stdout.splitlines()[-4:]
    assert verified == "Signature Verified Successfully"
    assert fingerprint.split()[0] == PAIR.fingerprint
    assert observations.split()[0] == facts["observations"]["digest"]["sha256"]
    assert run.split()[0] == facts["run"]["identity"]


def test_every_code_of_a_signature_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "findings.md").read_text(encoding="utf-8")
    for code in ("valid", "unknown-key", "mismatch", "invalid"):
        assert f"`signature-{code}`" in page
    assert "`not-signed`" in page
