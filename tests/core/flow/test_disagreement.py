"""Replays of one crate that disagree: where, and what could be why, the likeliest first."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recrate.flow.disagreement import compare_runs
from recrate.flow.judging import judge_folder
from recrate.flow.work import ReplayFolder
from recrate.model.disagreement import Disagreement
from recrate.model.environment import Card, NotRestored, Package
from recrate.model.errors import BadInput, NotFound
from recrate.model.observation import EnvironmentSeen, Observation, RunError
from recrate.model.policy import Policy
from recrate.report.disagreement import (
    disagreement_document,
    explanation_sentence,
    render_disagreement,
)
from replayed_folders import replayed
from report_accounts import data, notebook

CODE = ["import numpy as np\nimport sklearn.linear_model\nprint(np.float(1))", "2"]
HELD = notebook([data(text_plain="1.0")], [data(text_plain="2")], sources=CODE)
DIFFERS = notebook([data(text_plain="1.5")], [data(text_plain="2")], sources=CODE)
RAISED = RunError(
    name="AttributeError",
    message="module 'numpy' has no attribute 'float'",
    cell=0,
    traceback='File "/x/site-packages/numpy/__init__.py", line 397, in __getattr__',
)
CARD = Card(system="Linux", release="6.1", machine="x86_64", blas="OpenBLAS 0.3.27, 8 threads")
BASE = {"numpy": "1.26.4", "scikit-learn": "1.5.0", "zope": "5.0"}


def run_in(
    root: Path,
    packages: dict[str, str] | None = None,
    *,
    rerun: dict[str, Any] = HELD,
    error: RunError | None = None,
    python: str = "3.11.7",
    card: Card | None = None,
    **seen: Any,
) -> Path:
    """Return a judged replay of the notebook a.ipynb, seen in such surroundings."""
    failed = {"a.ipynb": error} if error else {}
    replayed(root, {"a.ipynb": HELD}, {"a.ipynb": rerun}, failed=failed)
    environment = EnvironmentSeen(
        language="python",
        python=python,
        packages=tuple(Package(name=n, version=v) for n, v in (packages or BASE).items()),
        restored=True,
        seconds=1.0,
        card=card,
    )
    return observed_again(root, **{"environment": environment, **seen})


def observed_again(root: Path, **seen: Any) -> Path:
    folder = ReplayFolder(root=root)
    first = folder.observations()[0]
    folder.write_observation(replace(first, **seen))
    judge_folder(root, policy=Policy(), agent="recrate 0.1.0", language=None)
    return root


def pair(tmp_path: Path, one: dict[str, Any], other: dict[str, Any]) -> Disagreement:
    first, second = run_in(tmp_path / "laptop", **one), run_in(tmp_path / "cluster", **other)
    return compare_runs([first, second])


def test_replays_that_agree_have_nothing_to_explain(tmp_path):
    found = pair(tmp_path, {}, {"packages": {**BASE, "numpy": "2.1.0"}})
    assert found.agree
    assert not found.verdicts
    assert not any(one.fits for one in found.explanations)
    assert render_disagreement(found) == "The 2 replays agree: identical."
    assert "一致" in render_disagreement(found, language="ja")


def test_the_package_that_the_error_names_stands_before_all_others(tmp_path):
    newer = {"numpy": "2.1.0", "scikit-learn": "1.6.0", "zope": "6.0", "added": "1"}
    found = pair(tmp_path, {}, {"packages": newer, "rerun": DIFFERS, "error": RAISED})
    named = [one.name for one in found.explanations if one.kind == "package"]
    assert named == ["numpy", "scikit-learn", "added", "zope"]
    first = found.explanations[0]
    assert (first.near, first.fits, first.paths) == ("named", True, ("a.ipynb",))
    assert first.values == (("laptop", "1.26.4"), ("cluster", "2.1.0"))
    assert found.explanations[1].near == "imported"
    assert found.explanations[2].values[0] == ("laptop", "")
    assert found.verdicts[0].verdicts == (("laptop", "identical"), ("cluster", "failed"))


def test_each_explanation_is_a_sentence_in_english_and_in_japanese(tmp_path):
    newer = {**BASE, "numpy": "2.1.0"}
    found = pair(tmp_path, {}, {"packages": newer, "rerun": DIFFERS, "error": RAISED})
    english, japanese = (explanation_sentence(found.explanations[0], x) for x in ("en", "ja"))
    assert english == (
        "the package numpy: 1.26.4 (laptop), 2.1.0 (cluster); "
        "its name stands in the error of a.ipynb."
    )
    assert "パッケージ numpy" in japanese
    assert japanese.endswith("。")
    document = json.loads(json.dumps(disagreement_document(found)))
    assert document["explanations"][0]["sentence"] == {"en": english, "ja": japanese}
    assert set(document["sentence"]) == {"en", "ja"}
    text = render_disagreement(found)
    assert "1. the package numpy" in text
    assert "a.ipynb: identical (laptop), failed (cluster)" in text


def test_outputs_that_differ_are_named_one_by_one(tmp_path):
    found = pair(tmp_path, {}, {"rerun": DIFFERS, "python": "3.12.1"})
    places = [(one.path, one.cell, one.output) for one in found.verdicts]
    assert places == [("", None, None), ("a.ipynb", None, None), ("a.ipynb", 0, 0)]
    assert [one.kind for one in found.explanations] == ["interpreter"]


def test_what_does_not_follow_the_verdicts_stands_behind_what_does(tmp_path):
    newer = {**BASE, "numpy": "2.1.0"}
    third = {**newer, "zope": "7.0"}
    folders = {
        "a": run_in(tmp_path / "1"),
        "b": run_in(tmp_path / "2", newer),
        "c": run_in(tmp_path / "3", third, rerun=DIFFERS),
    }
    found = compare_runs(folders)
    told = [(one.name, one.fits) for one in found.explanations]
    assert told == [("zope", True), ("numpy", False)], "numpy 2.1.0 held in b"
    assert "numpy" not in render_disagreement(found)


def test_data_that_changed_are_the_first_explanation(tmp_path):
    note = "data reference data/x.csv changed: https://example.org/x.csv: checksum is 1, 2 was"
    error = RunError(name="DataChanged", message=note, cell=0)
    found = pair(
        tmp_path,
        {},
        {"packages": {**BASE, "numpy": "2"}, "rerun": DIFFERS, "error": error, "notes": (note,)},
    )
    assert (found.explanations[0].kind, found.explanations[0].name) == ("data", "data/x.csv")
    assert "checksum is 1" in explanation_sentence(found.explanations[0], "en")


def test_an_environment_that_could_not_be_had_says_what_the_index_said(tmp_path):
    first = run_in(tmp_path / "a")
    second = run_in(tmp_path / "b")
    gone = NotRestored(cause="missing package", message="gone", evidence="numpy==1.26.4 not found")
    observed_again(second, environment=None, notebooks=(), not_restored=gone)
    found = compare_runs([first, second])
    assert found.runs[1].verdict == "not restored"
    assert found.explanations[0].kind == "environment"
    assert "numpy==1.26.4 not found" in found.explanations[0].values[1][1]
    assert all(one.kind != "package" for one in found.explanations), "nothing was measured in b"


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ({"sandbox": "bubblewrap"}, "sandbox"),
        ({"network_allowed": True}, "network"),
        ({"runner": "slurm"}, "runner"),
        ({"card": replace(CARD, machine="aarch64")}, "machine"),
        ({"card": replace(CARD, blas="MKL, 2 threads")}, "blas"),
        ({"card": replace(CARD, timezone="Asia/Tokyo")}, "timezone"),
    ],
)
def test_every_recorded_difference_of_the_place_is_named(tmp_path, seen, kind):
    base = {"card": replace(CARD, timezone="UTC")}
    other = {**base, **seen} if "card" not in seen else {"card": replace(seen["card"])}
    if kind != "timezone" and "card" in seen:
        other = {"card": replace(seen["card"], timezone="UTC")}
    found = pair(tmp_path, base, {**other, "rerun": DIFFERS})
    assert [one.kind for one in found.explanations] == [kind]
    assert kind not in found.not_recorded


def test_a_limit_that_was_reached_in_one_of_them_is_named(tmp_path):
    first, second = run_in(tmp_path / "a"), run_in(tmp_path / "b", rerun=DIFFERS, error=RAISED)
    timed = RunError(name="Timeout", message="the limit of 60 seconds for a notebook", cell=0)
    seen: Observation = ReplayFolder(root=second).observations()[0]
    stopped = replace(seen.notebooks[0], status="timeout", error=timed)
    observed_again(second, notebooks=(stopped,))
    found = compare_runs([first, second])
    assert found.explanations[0].kind == "limit"
    assert "the limit of 60 seconds" in found.explanations[0].values[1][1]


def test_what_no_observation_holds_is_said_and_not_taken_for_equal(tmp_path):
    found = pair(tmp_path, {"card": CARD}, {"rerun": DIFFERS})
    assert set(found.not_recorded) >= {"blas", "machine", "locale"}
    assert not found.explanations
    text = render_disagreement(found)
    assert "may be chance" in text
    assert "linear algebra" in text


def test_replays_of_two_crates_cannot_disagree(tmp_path):
    first, second = run_in(tmp_path / "a"), run_in(tmp_path / "b")
    folder = ReplayFolder(root=second)
    folder.write_head(replace(folder.read_head(), crate="1" * 64))
    with pytest.raises(BadInput, match="two crates"):
        compare_runs([first, second])


def test_one_replay_or_none_is_no_disagreement(tmp_path):
    with pytest.raises(BadInput):
        compare_runs([run_in(tmp_path / "a")])
    with pytest.raises(BadInput, match="twice"):
        compare_runs([tmp_path / "a", tmp_path / "a"])
    with pytest.raises(NotFound):
        compare_runs([tmp_path / "a", tmp_path / "nothing"])


def test_hostile_names_stay_one_harmless_line(tmp_path):
    evil = "evil\x1b[31m\u202e\nname {told} %s"
    found = pair(tmp_path, {}, {"packages": {**BASE, evil: "1"}, "rerun": DIFFERS})
    text = render_disagreement(found)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "{told} %s" in text
    assert all(line.startswith(("The", "What", " ", "Not")) for line in text.splitlines())
