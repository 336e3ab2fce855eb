"""Bad studies and bad places: each gets its message and exit code, and no half-written file.

The rows stand in docs/bad-input.md.
"""

import json
import os
import subprocess
import sys
import time

import psutil
import pytest

from making import notebook_of, stream

AS_OF = "2026-11-01"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "a.ipynb").write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    return folder


def no_trace(folder) -> None:
    left = [path.name for path in folder.rglob("*") if path.name.startswith(".recrate-")]
    assert left == []


def test_a_folder_without_a_notebook_is_bad_input(recrate, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "notes.txt").write_text("nothing to run")
    answer = recrate("pack", tmp_path / "study", "-o", tmp_path / "x.crate.zip")
    assert answer.code == 2
    assert "no notebook" in answer.error
    assert "hint:" in answer.error
    assert not (tmp_path / "x.crate.zip").exists()


def test_a_folder_that_is_not_there_is_bad_input(recrate, tmp_path):
    answer = recrate("pack", tmp_path / "gone", "-o", tmp_path / "x.crate.zip")
    assert answer.code == 2
    assert "gone" in answer.error


@pytest.mark.parametrize("content", ["not json at all", "", '{"nbformat": 5, "cells": []}', "[]"])
def test_an_only_notebook_that_cannot_be_read_is_bad_input(recrate, tmp_path, content):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "bad.ipynb").write_text(content)
    answer = recrate("pack", tmp_path / "study", "-o", tmp_path / "x.crate.zip", "--no-lock")
    assert answer.code == 2
    assert "bad.ipynb" in answer.error
    assert not (tmp_path / "x.crate.zip").exists()


def test_one_unreadable_notebook_among_others_is_a_finding(recrate, study, tmp_path):
    (study / "bad.ipynb").write_text("{")
    crate = tmp_path / "x.crate.zip"
    answer = recrate("pack", study, "-o", crate, "--no-lock", "--json")
    assert answer.code == 1
    assert "unreadable-notebook" in {finding["code"] for finding in answer.document["findings"]}
    assert answer.document["notebooks"] == ["a.ipynb"]
    assert crate.exists()
    named = recrate("pack", study, "-o", tmp_path / "y.crate.zip", "--notebook", "bad.ipynb")
    assert named.code == 2


def test_an_unknown_kernel_is_bad_input_and_the_known_ones_are_named(recrate, study, tmp_path):
    answer = recrate("pack", study, "-o", tmp_path / "x.crate.zip", "--kernel", "no-such-kernel")
    assert answer.code == 2
    assert "no-such-kernel" in answer.error
    assert "python3" in answer.error
    assert not (tmp_path / "x.crate.zip").exists()


def test_requirements_that_cannot_resolve_leave_a_crate_that_says_so(recrate, study, tmp_path):
    (study / "requirements.txt").write_text("six==99.99.99\n")
    crate = tmp_path / "x.crate.zip"
    answer = recrate("pack", study, "-o", crate, "--as-of", AS_OF, "--json")
    assert answer.code == 1, answer.error
    said = json.dumps(answer.document)
    assert "six" in said
    assert "99.99.99" in said
    assert crate.exists()


def test_a_secret_is_refused_until_it_is_waived_by_name(recrate, study, tmp_path):
    key = "AKIA" + "QWERTYUIOPASDFGH"
    (study / "b.ipynb").write_text(notebook_of(f"aws_access_key_id = '{key}'"))
    crate = tmp_path / "x.crate.zip"
    answer = recrate("pack", study, "-o", crate, "--no-lock")
    assert answer.code == 4
    assert "b.ipynb" in answer.error
    assert key not in answer.error
    assert not crate.exists()
    assert recrate("pack", study, "-o", crate, "--no-lock", "--waive", "secret").code == 0


def test_no_package_index_is_told_apart_from_packages_that_cannot_be_had(recrate, study, tmp_path):
    config = tmp_path / "config.py"
    config.write_text(
        f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n"
        "c.Environments.index_options = ['--default-index', 'http://127.0.0.1:9/simple']\n"
    )
    (study / "requirements.txt").write_text("six==1.16.0\n")
    answer = recrate(
        "pack",
        study,
        "-o",
        tmp_path / "x.crate.zip",
        "--as-of",
        AS_OF,
        "--config",
        config,
        variables={"UV_CACHE_DIR": str(tmp_path / "uv"), "UV_HTTP_TIMEOUT": "5"},
    )
    assert answer.code == 3, answer
    assert "index" in answer.error
    assert "--no-lock" in answer.error
    assert not (tmp_path / "x.crate.zip").exists()


@pytest.fixture
def full_disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system")
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_leaves_no_half_written_crate(recrate, study, full_disk):
    (study / "big.bin").write_bytes(os.urandom(2_000_000))
    answer = recrate("pack", study, "-o", full_disk / "x.crate.zip", "--no-lock")
    assert answer.code == 3, answer
    assert "hint:" in answer.error
    assert list(full_disk.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0, 4.0])
def test_an_interrupt_at_any_moment_ends_everything(recrate, tmp_path, study, seconds):
    (study / "slow.ipynb").write_text(notebook_of("import time\ntime.sleep(600)"))
    crate, out = tmp_path / "x.crate.zip", tmp_path / "out"
    assert recrate("pack", study, "-o", crate, "--as-of", AS_OF).code == 0
    child = subprocess.Popen(
        recrate.command("replay", crate, "-o", out), stderr=subprocess.PIPE, start_new_session=True
    )
    time.sleep(seconds)
    family = psutil.Process(child.pid).children(recursive=True)
    child.send_signal(2)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130, said.decode()
    assert b"Traceback" not in said
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    no_trace(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "with space.ipynb",
        "日本語.ipynb",
        "📈.ipynb",
        "-rf.ipynb",
        "--help.ipynb",
        "a%20b#c?.ipynb",
        "あ" * 82 + ".ipynb",
    ],
)
def test_any_name_goes_the_whole_way(recrate, tmp_path, name):
    study = tmp_path / "-study"
    study.mkdir()
    (study / name).write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    crate = tmp_path / "x.crate.zip"
    packed = recrate("pack", "-o", crate, "--as-of", AS_OF, "--json", "--", study)
    assert packed.code == 0, packed.error
    assert packed.document["notebooks"] == [name]
    assert recrate("check", crate, "--no-profile").code == 0
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json")
    assert done.document["verdict"] == "identical", done.error


def test_the_command_line_starts_quickly_enough_to_be_asked_for_help(recrate):
    answer = recrate("--help")
    assert answer.code == 0
    assert "Exit codes" in answer.out
    assert sys.version_info >= (3, 11)


@pytest.mark.parametrize("seconds", [0.3, 0.5, 0.9, 1.6])
def test_an_interrupted_pack_leaves_nothing(recrate, study, tmp_path, seconds):
    (study / "big.bin").write_bytes(os.urandom(20_000_000))
    child = subprocess.Popen(
        recrate.command("pack", study, "-o", tmp_path / "x.crate.zip", "--as-of", AS_OF),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(seconds)
    child.send_signal(2)
    _, said = child.communicate(timeout=30)
    assert child.returncode in {130, 0}, said.decode()
    assert b"Traceback" not in said
    no_trace(tmp_path)
    assert (tmp_path / "x.crate.zip").exists() == (child.returncode == 0)
