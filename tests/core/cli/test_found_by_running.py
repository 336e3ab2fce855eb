"""Packages that only running shows to be missing: added with words, and locked the next time."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import CommandLine
from making import notebook_of, stream
from recrate.crate.read import read_crate

pytestmark = pytest.mark.slow
HIDDEN = "table = __import__('etalubat'[::-1])\nprint(table.tabulate([[1, 2]]))"
"""No reader of code sees which module that is."""
LATER = "sizes = __import__('ezinamuh'[::-1])\nprint(sizes.naturalsize(1))"
TABLE = "-  -\n1  2\n-  -\n"
WANTED = ["tabulate", "humanize"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose notebook imports two packages that nothing declares."""
    folder = tmp_path / "study"
    folder.mkdir()
    outputs = {0: [stream(TABLE)], 1: [stream("1 Byte\n")]}
    (folder / "a.ipynb").write_text(notebook_of(HIDDEN, LATER, outputs=outputs), "utf-8")
    (folder / "requirements.txt").write_text("six==1.16.0\n", "utf-8")
    return folder


@pytest.fixture
def crate(study: Path, recrate: CommandLine) -> Path:
    """The study, packed as of a day on which both packages were there."""
    crate = study.parent / "study.crate.zip"
    done = recrate("pack", study, "-o", crate, "--as-of", "2024-06-01")
    assert done.code in {0, 1}, done.error
    return crate


def test_what_is_missed_is_added_told_of_and_locked_when_packed_again(
    study: Path, crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run)
    assert done.code == 0, done.error
    assert "tabulate 0.9.0, humanize 4.9.0" in done.error
    verdict = json.loads((run / "verdict.json").read_text())
    assert verdict["verdict"] == "identical"
    assert "2 packages that its lock lacks" in verdict["sentence"]
    told = [one for one in verdict["findings"] if one["code"] == "found-by-running"]
    assert [(one["path"], one["cell"]) for one in told] == [("a.ipynb", 0), ("a.ipynb", 1)]
    seen = json.loads((run / "observations" / "0" / "observation.json").read_text())
    assert seen["environment"]["restored"] is False
    assert [one["name"] for one in seen["environment"]["added"]] == WANTED
    assert "six" in {one["name"] for one in seen["environment"]["packages"]}
    assert "tabulate 0.9.0 is not in the lock" in seen["environment"]["differences"]
    assert "tabulate 0.9.0, humanize 4.9.0" in (run / "report.html").read_text("utf-8")
    assert recrate("check", run).code == 0
    assert recrate("judge", run).code == 0

    packed = recrate(
        "pack", study, "-o", crate, "--as-of", "2024-06-01", "--found", run, "--json"
    ).document
    lock = read_crate(crate).lock
    assert lock is not None
    assert set(WANTED) <= {one.name for one in lock.packages}
    assert "found-by-running" in {one["code"] for one in packed["findings"]}
    again = recrate("replay", crate, "-o", tmp_path / "again")
    assert again.code == 0, again.error
    assert "Found by running" not in again.error
    seen = json.loads((tmp_path / "again/observations/0/observation.json").read_text())
    assert seen["environment"]["restored"] is True


def test_without_an_index_the_verdict_says_what_was_missing(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    assert recrate("replay", crate, "-o", tmp_path / "first").code == 0  # its environment is there
    config = tmp_path / "config.py"
    config.write_text(
        recrate.configuration.read_text()
        + "c.Environments.index_options = ['--index-url', 'http://127.0.0.1:9/simple']\n"
    )
    done = recrate("replay", "--config", config, crate, "-o", tmp_path / "run")
    assert done.code == 1
    verdict = json.loads((tmp_path / "run" / "verdict.json").read_text())
    assert verdict["verdict"] == "failed"
    assert verdict["notebooks"][0]["error"]["cause"] == "missing package"
    seen = json.loads((tmp_path / "run/observations/0/observation.json").read_text())
    assert any(note.startswith("tabulate could not be added: ") for note in seen["notes"])


def test_what_makes_no_difference_is_not_kept(recrate: CommandLine, tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    code = "raise ImportError('Missing optional dependency \\'tab' + 'ulate\\'')"
    outputs = {0: [stream("1\n")]}
    (study / "a.ipynb").write_text(notebook_of("print(1)", code, outputs=outputs), "utf-8")
    (study / "requirements.txt").write_text("six==1.16.0\n", "utf-8")
    crate, run = tmp_path / "study.crate.zip", tmp_path / "run"
    recrate("pack", study, "-o", crate, "--as-of", "2024-06-01")
    done = recrate("replay", crate, "-o", run)
    assert done.code == 1
    assert "adding tabulate" in done.error
    assert "Found by running" not in done.error
    assert json.loads((run / "added.json").read_text())["packages"] == []
    seen = json.loads((run / "observations/0/observation.json").read_text())["environment"]
    assert (seen["restored"], seen["added"]) == (True, [])
    assert "tabulate" not in {one["name"] for one in seen["packages"]}
    verdict = json.loads((run / "verdict.json").read_text())
    assert verdict["notebooks"][0]["error"]["cause"] == "missing package"


def test_it_is_left_to_the_person(crate: Path, recrate: CommandLine, tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    config.write_text(recrate.configuration.read_text() + "c.Environments.add_missing = False\n")
    done = recrate("replay", "--config", config, crate, "-o", tmp_path / "run")
    assert done.code == 1
    assert not (tmp_path / "run" / "added.json").exists()


def test_a_replay_that_was_cut_off_goes_on_with_what_it_had_added(
    study: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    slow = f"{LATER}\nimport time; time.sleep(8)"
    outputs = {0: [stream(TABLE)]}
    (study / "b.ipynb").write_text(notebook_of(HIDDEN, outputs=outputs), "utf-8")
    (study / "a.ipynb").write_text(notebook_of(HIDDEN, slow, outputs=outputs), "utf-8")
    crate, run = tmp_path / "two.crate.zip", tmp_path / "run"
    recrate("pack", study, "-o", crate, "--as-of", "2024-06-01")
    command = recrate.command(
        "replay", "--config", recrate.configuration, crate, "-o", run, "--resume"
    )
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=dict(os.environ)) as cut:
        end = time.monotonic() + 120
        while (
            not (run / "added.json").exists() or "humanize" not in (run / "added.json").read_text()
        ):
            assert time.monotonic() < end
            assert cut.poll() is None
            time.sleep(0.1)
        time.sleep(2)
        cut.send_signal(signal.SIGKILL)
    done = recrate("replay", crate, "-o", run, "--resume")
    assert done.code == 0, done.error
    verdict = json.loads((run / "verdict.json").read_text())
    assert [one["error"] for one in verdict["notebooks"]] == [None, None]
    assert verdict["coverage"]["identical"] == 2
    seen = json.loads((run / "observations" / "0" / "observation.json").read_text())
    assert [one["name"] for one in seen["environment"]["added"]] == WANTED


def test_a_program_that_only_running_missed_is_named_for_debian(
    recrate: CommandLine, tmp_path: Path
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    code = "raise FileNotFoundError(2, 'No such file or directory', 'gnup' + 'lot')"
    (study / "a.ipynb").write_text(notebook_of(code, outputs={}), "utf-8")
    crate, run = tmp_path / "a.crate.zip", tmp_path / "run"
    assert recrate("pack", study, "-o", crate, "--as-of", "2024-06-01").code in {0, 1}
    lock = read_crate(crate).lock
    assert lock is not None
    assert "gnuplot" not in lock.system_packages
    assert recrate("replay", crate, "-o", run).code == 1
    again = ("pack", study, "-o", crate, "--as-of", "2024-06-01", "--found", run, "--json")
    packed = recrate(*again).document
    lock = read_crate(crate).lock
    assert lock is not None
    assert "gnuplot" in lock.system_packages
    assert "gnuplot" in lock.dockerfile
    (told,) = (one for one in packed["findings"] if one["code"] == "found-by-running")
    assert (told["path"], told["cell"]) == ("a.ipynb", 0)
