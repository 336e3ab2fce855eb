"""Policies by name, from files and from authors: which one judges, and what is told of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from campaign_crates import study_of
from judged_campaigns import printed
from recrate.crate.read import read_crate
from recrate.flow.judging import judge_folder
from recrate.flow.policies import give_policy, keep_authors, named_policy
from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.policies import LOOSE, NAMED, STRICT, USUAL, loosenings, policy_text
from recrate.model.policy import PlaceTolerance, Policy, Tolerance
from recrate.model.verdict import Judgement, Verdict
from recrate.model.wire import to_json
from recrate.report.badge import render_badge
from recrate.report.terms import level_of
from replayed_folders import entities, replayed

LAX = {"name": "ours", "tolerance": {"relative": 0.5, "absolute": 1e-12}}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A replay whose one number came out as 1.3 and not as 1.0."""
    return replayed(tmp_path / "run", {"a.ipynb": printed(1.0)}, {"a.ipynb": printed(1.3)})


def judged(run: Path, configured: Policy = USUAL, chosen: Policy | None = None) -> Verdict:
    return judge_folder(run, policy=configured, agent="recrate", language=None, chosen=chosen)


def give(run: Path, policy: object) -> None:
    text = policy if isinstance(policy, str) else json.dumps(policy)
    (run / "recrate-policy.json").write_text(text)


def test_the_authors_policy_judges_and_is_told_everywhere(run):
    give(run, LAX)
    verdict = judged(run)
    assert (verdict.policy.name, verdict.policy.by_author) == ("ours", True)
    assert (verdict.verdict, verdict.usual) == (Judgement.EQUIVALENT, Judgement.DIFFERENT)
    report = (run / "report.html").read_text("utf-8")
    assert "The author’s policy: relative 0.5 instead of 1e-06." in report
    assert "Without it the verdict is: Different." in report
    assert "著者のポリシー：相対 0.5（通常 1e-06）。" in report
    assert "by the author’s tolerances" in (run / "badge.svg").read_text("utf-8")
    assert "#18794e" not in render_badge(verdict, date="", environment="", language="en")
    assert level_of(verdict) == "partly"
    told = entities(run)
    assert "author wishes to be judged by" in told["recrate-policy.json"]["description"]
    assert "without it the verdict is: different" in told["#verdict"]["description"]
    assert read_crate(run).findings == ()


@pytest.mark.parametrize("name", ["usual", "strict"])
def test_a_reader_judges_by_a_policy_of_recrates_own(run, name):
    give(run, LAX)
    verdict = judged(run, chosen=named_policy(name))
    assert (verdict.verdict, verdict.policy) == (Judgement.DIFFERENT, NAMED[name])
    assert verdict.usual is None


def test_what_a_person_configured_wins_over_the_author(run):
    give(run, LAX)
    verdict = judged(run, configured=replace(USUAL, name="configured", stderr="skip"))
    assert (verdict.policy.name, verdict.verdict) == ("configured", Judgement.DIFFERENT)


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[1]",
        '{"\\ud800": 1}',
        '{"places": [{"path": "\\ud800", "tolerance": {}}]}',
        '{"tolerance": {"relative": NaN}}',
        '{"name": "strict"}',
        "9" * 1_000_001,
    ],
)
def test_an_authors_policy_that_cannot_be_used_is_told_and_the_usual_one_judges(run, bad):
    give(run, bad)
    verdict = judged(run)
    assert (verdict.policy, verdict.verdict) == (USUAL, Judgement.DIFFERENT)
    assert [one.code for one in verdict.findings] == ["bad-policy"]


def test_words_that_no_file_can_hold_are_written_all_the_same(tmp_path):
    bad = {"claims": [{"cell": 0, "title": "\ud800"}, {"cell": "\ud801"}], "tolerance": "\ud802"}
    recorded = printed(1.0, recrate=bad)
    recorded["cells"][0]["metadata"]["tags"] = ["recrate-tolerance-\ud803"]
    with_surrogates = json.loads(json.dumps(recorded))
    run = replayed(tmp_path / "run", {"a.ipynb": printed(1.0)}, {"a.ipynb": printed(1.0)})
    (run / "recorded" / "a.ipynb").write_text(json.dumps(with_surrogates))
    verdict = judged(run)
    assert [one.title for one in verdict.claims] == ["?"]
    assert {one.code for one in verdict.findings} == {"setting-ignored", "claim-not-found"}


def test_an_author_accepts_no_differences(run):
    waiver = {"path": "a.ipynb", "cell": 0, "output": 0, "reason": "I say so", "kind": "waive"}
    give(run, {"name": "ours", "waivers": [waiver]})
    verdict = judged(run)
    assert verdict.verdict is Judgement.DIFFERENT
    assert "authors-waivers" in [one.code for one in verdict.findings]


def test_a_file_does_not_say_whose_it_is(run):
    give(run, LAX | {"by_author": False})
    assert judged(run).policy.by_author
    file = run.parent / "mine.json"
    file.write_text(json.dumps(LAX | {"by_author": True}))
    assert not named_policy(str(file)).by_author


def test_a_policy_in_a_file_has_its_own_name_and_borrows_none(tmp_path):
    file = tmp_path / "lab rules.json"
    file.write_text('{"tolerance": {"relative": 0.1}}')
    assert named_policy(str(file)).name == "lab rules"
    file.write_text('{"name": "usual", "tolerance": {"relative": 0.1}}')
    with pytest.raises(BadInput, match="policy of recrate's own"):
        named_policy(str(file))
    with pytest.raises(NotFound, match="no such policy"):
        named_policy("lax")


def test_a_link_in_a_study_is_no_policy(tmp_path):
    (tmp_path / "secret").write_text("{}")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "recrate-policy.json").symlink_to(tmp_path / "secret")
    (tmp_path / "run").mkdir()
    keep_authors(tmp_path / "study", tmp_path / "run")
    assert not list((tmp_path / "run").iterdir())


def test_a_policy_is_given_to_a_study_once(tmp_path):
    policy = Policy(name="ours", tolerance=Tolerance(relative=0.1))
    give_policy(tmp_path, policy)
    give_policy(tmp_path, policy)
    assert named_policy(str(tmp_path / "recrate-policy.json")) == policy
    with pytest.raises(Conflict):
        give_policy(tmp_path, replace(policy, stderr="skip"))
    with pytest.raises(BadInput):
        give_policy(tmp_path / "nowhere", policy)


def test_what_a_policy_allows_beyond_the_usual_one():
    wide = PlaceTolerance(path="b/*", cell="t", tolerance=Tolerance(absolute=1.0))
    told = [one.told() for one in loosenings(replace(LOOSE, places=(wide,)))]
    assert told == [
        "relative 0.01 instead of 1e-06",
        "absolute 1e-09 instead of 1e-12",
        "1 % of a picture instead of 0.1 %",
        "standard error is not compared",
        "absolute 1 instead of 1e-12 for b/*, cell t",
    ]
    assert loosenings(USUAL) == loosenings(STRICT) == ()


def test_an_old_policy_is_signed_as_it_was():
    old = Policy(name="mine", tolerance=Tolerance(relative=0.1))
    assert list(json.loads(policy_text(old))) == [
        "name", "tolerance", "image_fraction", "stderr", "waivers",
    ]  # fmt: skip
    assert policy_text(STRICT) != policy_text(replace(STRICT, own_skips=True))
    assert json.loads(policy_text(STRICT)).items() <= json.loads(to_json(STRICT)).items()


@pytest.mark.slow
def test_a_policy_that_was_packed_is_found_on_replay(tmp_path, recrate):
    study = study_of(tmp_path / "study", "print(1.3)", "1.0\n")
    (tmp_path / "ours.json").write_text(json.dumps(LAX))
    crate, out = tmp_path / "s.crate.zip", tmp_path / "out"
    packed = recrate("pack", study, "-o", crate, "--policy", tmp_path / "ours.json")
    assert packed.code in {0, 1}, packed.error
    assert (study / "recrate-policy.json").is_file()
    done = recrate("replay", crate, "-o", out, "--json")
    told = done.document
    assert (done.code, told["verdict"], told["policy"], told["usual"]) == (
        0, "equivalent", "ours", "different",
    )  # fmt: skip
    assert "authors-terms" in [one["code"] for one in told["findings"]]
    again = recrate("judge", out, "--policy", "usual", "--json").document
    assert (again["verdict"], again["policy"], again["usual"]) == ("different", "usual", None)
