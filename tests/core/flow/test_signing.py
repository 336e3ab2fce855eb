"""What becomes of a signature when a replay is judged again, and how people sign."""

import json
from pathlib import Path

import jsonschema
import pytest

from killing import moments
from recrate.crate.signing import SIGNATURE
from recrate.crate.signing_keys import SigningSettings, keep_key, make_key
from recrate.flow.judging import judge_folder
from recrate.flow.signing import sign_replay
from recrate.flow.waiving import unwaive, waive
from recrate.flow.work import ReplayFolder
from recrate.model.policy import Policy
from recrate.outside.archive import Member, write_zip
from replayed_folders import entities, waiver

SHAPE = Path(__file__).parents[3] / "docs" / "schemas" / "sign.json"
NOW = "2026-01-02T09:00:00+09:00"


@pytest.fixture
def key(tmp_path):
    place = tmp_path / "key.pem"
    keep_key(make_key(bytes(range(32))), place)
    return place


@pytest.fixture
def signed(run, key):
    sign_replay(run, SigningSettings(key=key), now=NOW, agent="recrate 0.1.0")
    return run


def judge(run, policy=None):
    return judge_folder(run, policy=policy or Policy(), agent="recrate 0.1.0", language=None)


def test_judging_again_with_the_same_outcome_keeps_the_signature(signed):
    before = (signed / SIGNATURE).read_bytes()
    judge(signed)
    assert (signed / SIGNATURE).read_bytes() == before
    assert {"@id": SIGNATURE} in entities(signed)["#verdict"]["result"]
    assert SIGNATURE in entities(signed)


def test_a_verdict_that_changes_takes_its_signature_away(signed):
    waive(signed, waiver(), person=None, now=NOW)
    assert not (signed / SIGNATURE).exists()
    assert SIGNATURE not in entities(signed)
    assert "unsigned" not in entities(signed)
    assert not (signed / "unsigned").exists()


def test_a_stricter_policy_takes_the_signature_away(signed):
    judge(signed, Policy(name="strict", image_fraction=0.0))
    assert not (signed / SIGNATURE).exists()


def test_a_signature_that_cannot_be_read_goes(signed):
    (signed / SIGNATURE).write_text('{"payload": "bm8="}')
    judge(signed)
    assert not (signed / SIGNATURE).exists()


def test_judging_that_is_killed_leaves_no_signature_under_another_verdict(signed, key):
    seen = set()

    def sign_anew():
        if not ReplayFolder(root=signed).read_verdict().policy.waivers:
            waive(signed, waiver(), person=None, now=NOW)
        unwaive(signed, "a.ipynb", 0, 0)
        sign_replay(signed, SigningSettings(key=key), now=NOW, agent="recrate 0.1.0")

    for _ in moments(lambda: waive(signed, waiver(), person=None, now=NOW), sign_anew, 30):
        ReplayFolder(root=signed).settle()
        waived = bool(ReplayFolder(root=signed).read_verdict().policy.waivers)
        assert (signed / SIGNATURE).exists() != waived
        assert (SIGNATURE in entities(signed)) != waived
        seen.add(waived)
    assert seen == {True, False}


def test_badge_and_review_lie_in_the_run_crate_and_follow_the_verdict(run):
    before = (run / "badge.svg").read_text()
    assert "Different" in before
    assert json.loads((run / "review.jsonld").read_text())["@type"] == ["Review", "Claim"]
    assert entities(run)["review.jsonld"]["encodingFormat"] == "application/ld+json"
    assert {"@id": "badge.svg"} in entities(run)["#verdict"]["result"]
    for cell in (0, 1):
        waive(run, waiver(cell=cell), person=None, now=NOW)
    assert (run / "badge.svg").read_text() != before


def test_a_key_is_made_and_a_replay_is_signed_and_checked(recrate, run, tmp_path, monkeypatch):
    key = tmp_path / "new.pem"
    made = recrate("sign", "--new-key", key)
    assert made.code == 0, made.error
    fingerprint = made.error.split("fingerprint: ")[1].split()[0]
    monkeypatch.setenv("RECRATE_SIGNING_KEY", str(key))
    done = recrate("sign", run, "--json")
    assert done.code == 0, done.error
    told = done.document
    shape = json.loads(SHAPE.read_text(encoding="utf-8"))
    jsonschema.validate(told, shape)
    jsonschema.validate(recrate("sign", "--new-key", tmp_path / "b.pem", "--json").document, shape)
    assert told["fingerprint"] == fingerprint
    assert told["verdict"] == "different"
    checked = recrate("check", run, "--no-profile", "--json")
    codes = {one["code"]: one["severity"] for one in json.loads(checked.out)["findings"]}
    assert codes["signature-valid"] == "note"
    again = recrate("judge", run, "--waive", "a.ipynb:0:0", "--reason", "another seed")
    assert "signature was removed" in again.error


def test_signing_without_a_key_says_how_to_get_one(recrate, run):
    done = recrate("sign", run)
    assert done.code == 2
    assert "--new-key" in done.error


def test_a_badge_can_be_drawn_elsewhere_and_in_japanese(recrate, run, tmp_path):
    target = tmp_path / "b.svg"
    assert recrate("badge", run, "-o", target, "--language", "ja").code == 0
    assert "再実行" in target.read_text()
    location = tmp_path / "run.crate.zip"
    files = [one for one in run.rglob("*") if one.is_file()]
    write_zip([Member(path=str(one.relative_to(run)), source=one) for one in files], location)
    assert recrate("badge", location, "-o", tmp_path / "z.svg", "--language", "ja").code == 0
    assert (tmp_path / "z.svg").read_text() == target.read_text()
    empty = recrate("badge", tmp_path, "-o", tmp_path / "none.svg")
    assert (empty.code, (tmp_path / "none.svg").exists()) == (2, False)
