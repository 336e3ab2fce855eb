"""The study's date: from git, guarded, else from what notebooks recorded."""

import json
import os
import shutil
import subprocess

import pytest

from making import notebook_of
from recrate.scan.inventory import take_inventory

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root, *words):
    variables = {
        **os.environ,
        "GIT_AUTHOR_DATE": "2020-02-03T04:05:06Z",
        "GIT_COMMITTER_DATE": "2021-03-04T23:30:00-05:00",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    names = ["-c", "user.name=A", "-c", "user.email=a@lab.org"]
    subprocess.run(
        ["git", *names, *words], cwd=root, env=variables, check=True, capture_output=True
    )


def executed(time_table):
    document = json.loads(notebook_of("1"))
    document["cells"][0]["metadata"] = time_table
    return document


@needs_git
def test_the_last_commit_that_touched_the_study_dates_it(write):
    root = write({"sub/a.ipynb": ["1"]})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    found = take_inventory(root / "sub")
    assert (found.study_date, found.study_date_source) == ("2021-03-05", "git")


@needs_git
def test_a_folder_that_git_does_not_know_is_dated_by_its_notebooks(write):
    times = {"execution": {"iopub.status.idle": "2019-05-06T07:08:09.123456Z"}}
    root = write({"a.ipynb": executed(times)})
    git(root, "init", "-q")
    found = take_inventory(root)
    assert (found.study_date, found.study_date_source) == ("2019-05-06", "notebook")


@needs_git
def test_a_strangers_repository_cannot_start_a_program(write, tmp_path):
    root = write({"a.ipynb": ["1"]})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    trap = tmp_path / "trap.sh"
    sprung = tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    settings = ("core.fsmonitor", "core.pager", "gpg.program", "core.sshCommand", "diff.external")
    for name in settings:
        git(root, "config", name, str(trap))
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "core.hooksPath", str(tmp_path))
    assert take_inventory(root).study_date == "2021-03-05"
    assert not sprung.exists()


@pytest.mark.parametrize(
    "recorded",
    [
        {"execution": {"shell.execute_reply": "2022-01-02T03:04:05.000001+00:00"}},
        {"papermill": {"end_time": "2022-01-02T03:04:05.123456"}},
        {"ExecuteTime": {"end_time": "2022-01-02 03:04:05"}},
    ],
)
def test_every_tool_that_records_times_is_understood(write, recorded):
    found = take_inventory(write({"a.ipynb": executed(recorded), "b.ipynb": ["1"]}))
    assert found.study_date == "2022-01-02"
    assert found.notebooks[0].last_run == "2022-01-02T03:04:05Z"


@pytest.mark.parametrize("recorded", ["yesterday", 3, None, "9999-99-99T00:00:00", [], {}])
def test_times_that_are_none_are_no_date(write, recorded):
    found = take_inventory(
        write({"a.ipynb": executed({"execution": {"iopub.status.idle": recorded}, "papermill": 3})})
    )
    assert (found.study_date, found.study_date_source) == (None, None)
