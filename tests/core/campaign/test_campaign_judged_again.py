"""A campaign judged again by another policy: nothing is run, and a kill loses nothing."""

import contextlib
import csv
import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from jsonschema import Draft202012Validator

from campaign_crates import counting_crates
from conftest import CommandLine
from judged_campaigns import judged_campaign
from recrate.campaign.known import Known, KnownVerdicts
from recrate.configuration import read_settings
from recrate.flow.campaign_judging import JudgeOrder, judge_campaign
from recrate.flow.preparing import judged_by
from recrate.model.campaign import TaskResult
from recrate.model.policies import LOOSE, STRICT

SHAPE = Path(__file__).parents[3] / "docs" / "schemas" / "judge-campaign.json"
DRIFTS = [0.0, 1e-9, 1e-3, 0.5]


@pytest.fixture
def judge(recrate: CommandLine, data: dict[str, str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Run `recrate judge` on a campaign's folder, and return its exit code and JSON document."""

    def run(*arguments: object) -> tuple[int, dict[str, Any]]:
        done = recrate("judge", *arguments, "--json", variables=data)
        assert done.out, done.error
        document = json.loads(done.out)
        Draft202012Validator(json.loads(SHAPE.read_text("utf-8"))).validate(document)
        return done.code, document

    return run


def rows(folder: Path, told: str = "SELECT * FROM tasks ORDER BY number") -> list[sqlite3.Row]:
    with contextlib.closing(sqlite3.connect(folder / "journal.sqlite", timeout=30)) as base:
        base.row_factory = sqlite3.Row
        return base.execute(told).fetchall()


def in_folders(folder: Path) -> list[tuple[str, str]]:
    """Policy and verdict of each replay, as its own folder says them."""
    found = []
    for run in sorted((folder / "runs").iterdir(), key=lambda one: int(one.name)):
        told = json.loads((run / "verdict.json").read_text("utf-8"))
        found.append((told["policy"]["name"], told["verdict"]))
    return found


def test_every_replay_is_judged_by_the_named_policy_and_what_changed_is_listed(tmp_path, judge):
    folder = judged_campaign(tmp_path / "c", DRIFTS)
    code, told = judge(folder, "--policy", "loose", "--jobs", "2")
    assert (code, told["policy"], told["judged"], told["went_on"]) == (1, "loose", 4, False)
    assert [(one["task"], one["from"], one["to"]) for one in told["changed"]] == [
        (2, "different", "equivalent")
    ]
    assert told["verdicts"] == {"identical": 2, "equivalent": 2, "different": 1}
    verdicts = ["identical", "equivalent", "equivalent", "different"]
    assert in_folders(folder) == [("loose", one) for one in verdicts]
    assert [one["verdict"] for one in rows(folder)] == [*verdicts, "identical"]
    with (folder / "campaign.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [(one["policy"], one["verdict"]) for one in listed] == [
        ("loose", one) for one in [*verdicts, "identical"]
    ]
    assert "judged again by the policy loose" in (folder / "data.js").read_text("utf-8")
    _, back = judge(folder, "--policy", "usual")
    assert [(one["from"], one["to"]) for one in back["changed"]] == [("equivalent", "different")]


def test_a_twin_shares_the_new_verdict_of_its_first(tmp_path, judge):
    folder = judged_campaign(tmp_path / "c", [1e-3])
    judge(folder, "--policy", "loose")
    first, twin = rows(folder)
    assert (first["verdict"], twin["verdict"], twin["state"]) == (
        "equivalent",
        "equivalent",
        "known",
    )


def test_a_kill_in_the_middle_loses_nothing_and_the_same_command_goes_on(
    tmp_path, judge, recrate, variables
):
    folder = judged_campaign(tmp_path / "c", [1e-3] * 40)
    command = recrate.command("judge", folder, "--policy", "loose", "--jobs", "2")
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as killed:
        until(lambda: len(rows(folder, "SELECT * FROM judgings")) >= 5)
        family = psutil.Process(killed.pid).children(recursive=True)
        killed.kill()
    until(lambda: not any(one.is_running() for one in family))
    before = {one["task"] for one in rows(folder, "SELECT * FROM judgings")}
    assert 5 <= len(before) < 40
    code, told = judge(folder, "--policy", "loose", "--jobs", "2")
    assert (code, told["went_on"], told["judged"]) == (0, True, 40)
    assert [one["task"] for one in told["changed"]] == list(range(40))
    assert {(one["from"], one["to"]) for one in told["changed"]} == {("different", "equivalent")}
    assert in_folders(folder) == [("loose", "equivalent")] * 40
    assert not list(folder.glob("runs/*/.recrate-*"))
    _, again = judge(folder, "--policy", "loose")
    assert (again["went_on"], again["changed"]) == (False, [])


def test_a_kill_and_then_another_policy_begins_anew(tmp_path, judge, recrate, variables):
    folder = judged_campaign(tmp_path / "c", [1e-3] * 20)
    command = recrate.command("judge", folder, "--policy", "loose", "--jobs", "1")
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as killed:
        until(lambda: len(rows(folder, "SELECT * FROM judgings")) >= 3)
        killed.kill()
    _, told = judge(folder, "--policy", "strict")
    assert (told["went_on"], told["judged"]) == (False, 20)
    assert in_folders(folder) == [("strict", "different")] * 20


def test_a_replay_that_is_damaged_or_gone_keeps_its_verdict_and_is_told(tmp_path, judge):
    folder = judged_campaign(tmp_path / "c", [1e-3, 1e-3, 1e-3])
    (folder / "runs" / "0" / "crate.json").write_text("{")
    shutil.rmtree(folder / "runs" / "1")
    code, told = judge(folder, "--policy", "loose")
    assert code == 1
    assert [one["task"] for one in told["unjudged"]] == [0, 1]
    assert all(one["message"] for one in told["unjudged"])
    assert [one["task"] for one in told["changed"]] == [2]
    assert [one["verdict"] for one in rows(folder)][:3] == ["different", "different", "equivalent"]


def test_a_journal_that_names_a_folder_elsewhere_makes_nothing_there(tmp_path, judge):
    folder = judged_campaign(tmp_path / "c", [1e-3])
    other = judged_campaign(tmp_path / "other", [1e-3])
    with contextlib.closing(sqlite3.connect(folder / "journal.sqlite")) as base:
        base.execute("UPDATE tasks SET folder = '../other/runs/0'")
        base.commit()
    _, told = judge(folder, "--policy", "loose")
    assert [one["task"] for one in told["unjudged"]] == [0]
    assert in_folders(other) == [("usual", "different")]


def test_known_verdicts_of_other_policies_are_kept_apart(tmp_path):
    folder = judged_campaign(tmp_path / "c", [1e-3])
    settings = replace(read_settings(None), data=tmp_path / "data")
    (row,) = rows(folder)[:1]
    with KnownVerdicts(settings.data / "known.sqlite") as known:
        result = TaskResult(outcome="judged", verdict="different")
        old = Known(folder=folder / "runs" / "0", result=result, date="2026")
        known.keep(row["key"], row["identity"], old)
        for policy in (LOOSE, STRICT):
            judge_campaign(
                JudgeOrder(root=folder, policy=policy, jobs=1),
                settings=settings,
                show=lambda _status, _journal: None,
            )
            assert known.find(row["key"]) is None
            key = f"{row['key'].partition('-')[0]}-{judged_by(policy, named=True)}"
            found = known.find(key)
            assert found is not None
            verdict = json.loads((found.folder / "verdict.json").read_text("utf-8"))
            assert (found.result.policy, found.result.verdict) == (policy.name, verdict["verdict"])
            assert rows(folder)[0]["key"] == key
        assert known.find(f"{row['key'].partition('-')[0]}-{judged_by(LOOSE, named=True)}") is None


def test_a_verdict_by_accepted_differences_is_known_for_nobody_else(tmp_path):
    folder = judged_campaign(tmp_path / "c", [1e-3])
    settings = replace(read_settings(None), data=tmp_path / "data")
    (folder / "runs" / "0" / "policy.json").write_text('{"name": "ours"}')
    judge_campaign(
        JudgeOrder(root=folder, jobs=1), settings=settings, show=lambda _status, _journal: None
    )
    assert in_folders(folder) == [("ours", "different")]
    assert rows(folder)[0]["key"] == ""
    assert not (settings.data / "known.sqlite").exists()


def test_waivers_are_for_one_replay_and_an_unknown_policy_is_told(tmp_path, recrate, data):
    folder = judged_campaign(tmp_path / "c", [0.0])
    done = recrate("judge", folder, "--waive", "a.ipynb:0:0", "--reason", "x", variables=data)
    assert (done.code, "is for one replay" in done.error) == (2, True)
    done = recrate("judge", folder, "--policy", "lax", variables=data)
    assert (done.code, "usual, strict, loose" in done.error) == (2, True)


def test_a_real_campaign_is_judged_again_and_known_by_that(
    counting, tmp_path, run_campaign, judge, recrate
):
    counting_crates(counting, tmp_path / "crates", 2)
    out = tmp_path / "out"
    _, ran = run_campaign(tmp_path / "crates", "-o", out)
    _, told = judge(out, "--config", recrate.configuration)
    assert (told["verdicts"], told["changed"]) == (ran["verdicts"], [])
    code, _ = run_campaign(tmp_path / "crates", "-o", tmp_path / "again")
    states = {one["state"] for one in rows(tmp_path / "again")}
    assert (code, states) == (1, {"known"})
    judge(out, "--policy", "strict")
    kept = sorted(in_folders(tmp_path / "again"))
    assert kept == [("usual", "different"), ("usual", "identical")]


def test_a_process_that_is_killed_from_outside_costs_no_verdict(tmp_path, recrate, variables):
    folder = judged_campaign(tmp_path / "c", [1e-3] * 30)
    command = recrate.command("judge", folder, "--policy", "loose", "--jobs", "2", "--json")
    with subprocess.Popen(
        command, env=variables, stderr=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as judging:
        until(lambda: len(rows(folder, "SELECT * FROM judgings")) >= 3)
        family = psutil.Process(judging.pid).children(recursive=True)
        next(one for one in family if "spawn_main" in " ".join(one.cmdline())).kill()
        out, _ = judging.communicate(timeout=120)
    told = json.loads(out)
    assert (judging.returncode, told["unjudged"]) == (0, [])
    assert [one["task"] for one in told["changed"]] == list(range(30))


def until(ready: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
