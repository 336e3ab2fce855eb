"""The ways through a replay: parameters, choice, resuming, judging again, no sandbox."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

from making import notebook_of, stream

AS_OF = "2026-11-01"
SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"


def pack(recrate, tmp_path, **notebooks):
    study = tmp_path / "study"
    study.mkdir()
    for name, text in notebooks.items():
        (study / f"{name}.ipynb").write_text(text)
    crate = tmp_path / "x.crate.zip"
    answer = recrate("pack", study, "-o", crate, "--as-of", AS_OF)
    assert answer.code in {0, 1}, answer.error
    return crate


@pytest.fixture
def crate(recrate, tmp_path):
    first = notebook_of("print('one')", outputs={0: [stream("one\n")]})
    second = notebook_of("print('two')", outputs={0: [stream("zwei\n")]})
    return pack(recrate, tmp_path, first=first, second=second)


def test_packing_twice_gives_the_same_bytes(recrate, crate, tmp_path):
    again = tmp_path / "again.crate.zip"
    assert recrate("pack", tmp_path / "study", "-o", again, "--as-of", AS_OF).code == 0
    assert again.read_bytes() == crate.read_bytes()


def test_a_chosen_notebook_is_the_only_one_judged(recrate, crate, tmp_path):
    done = recrate("replay", crate, "-o", tmp_path / "out", "--notebook", "first.ipynb", "--json")
    assert [notebook["path"] for notebook in done.document["notebooks"]] == ["first.ipynb"]
    assert done.document["verdict"] == "identical"
    missing = recrate("replay", crate, "-o", tmp_path / "no", "--notebook", "third.ipynb")
    assert missing.code == 2
    assert "first.ipynb" in missing.error


def test_parameters_make_a_run_that_is_shown_and_not_judged(recrate, tmp_path):
    cells = json.loads(notebook_of("n = 1", "print(n + 1)", outputs={1: [stream("2\n")]}))
    cells["cells"][0]["metadata"]["tags"] = ["parameters"]
    crate = pack(recrate, tmp_path, a=json.dumps(cells))
    done = recrate("replay", crate, "-o", tmp_path / "out", "-p", "n", "41", "--json")
    assert done.code == 0, done.error
    assert done.document["verdict"] == "ran"
    rerun = json.loads((tmp_path / "out/observations/0/notebooks/a.ipynb").read_text())
    assert "42" in json.dumps(rerun)


def test_a_folder_with_something_in_it_is_not_written_over(recrate, crate, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    done = recrate("replay", crate, "-o", tmp_path / "out")
    assert done.code == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_judging_again_with_a_waiver_changes_the_verdict_and_runs_nothing(recrate, crate, tmp_path):
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json")
    assert done.document["verdict"] == "different"
    before = (tmp_path / "out/observations/0/observation.json").read_bytes()
    policy = tmp_path / "policy.json"
    waiver = {"path": "second.ipynb", "cell": 0, "output": 0, "reason": "translated"}
    policy.write_text(json.dumps({"name": "mine", "waivers": [waiver]}))
    again = recrate("judge", tmp_path / "out", "--policy", policy, "--json")
    assert again.code == 0, again.error
    assert again.document["coverage"]["waived"] == 1
    assert again.document["verdict"] == "identical"
    assert (tmp_path / "out/observations/0/observation.json").read_bytes() == before
    assert "translated" in (tmp_path / "out/report.html").read_text()


def test_a_folder_that_is_no_replay_cannot_be_judged(recrate, tmp_path):
    answer = recrate("judge", tmp_path)
    assert answer.code == 2
    assert "hint:" in answer.error


def test_a_resumed_replay_goes_on_at_the_first_notebook_not_done(recrate, tmp_path):
    first = "import time\nopen('made.txt', 'w').write('7')\nprint(time.time_ns())"
    second = "import time\ntime.sleep(3)\nprint(open('made.txt').read())"
    crate = pack(
        recrate,
        tmp_path,
        a=notebook_of(first),
        b=notebook_of(second, outputs={0: [stream("7\n")]}),
    )
    out = tmp_path / "out"
    child = subprocess.Popen(recrate.command("replay", crate, "-o", out), stderr=subprocess.PIPE)
    done_first = out / "observations/0/notebooks/a.ipynb"
    deadline = time.monotonic() + 60
    while not done_first.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130, said
    kept = done_first.read_bytes()
    resumed = recrate("replay", crate, "-o", out, "--resume", "--json")
    assert resumed.code == 0, resumed.error
    assert resumed.document["verdict"] == "identical"
    assert done_first.read_bytes() == kept


def test_without_a_sandbox_a_crate_is_refused_unless_the_person_says_otherwise(
    recrate, crate, tmp_path
):
    place = tmp_path / "bin"
    place.mkdir()
    for name in ("git", "uv"):
        found = shutil.which(name)
        if found:
            (place / name).symlink_to(found)
    bare = {"PATH": str(place), "HOME": os.environ.get("HOME", "/")}
    refused = recrate("replay", crate, "-o", tmp_path / "out", variables=bare)
    assert refused.code == 4, refused.error
    assert "--unsandboxed" in refused.error
    assert not (tmp_path / "out").exists()
    plain = recrate(
        "replay", crate, "-o", tmp_path / "out", "--unsandboxed", "--json", variables=bare
    )
    assert plain.document["sandbox"] == "none"
    assert plain.document["coverage"]["identical"] == 1


def test_a_crate_packed_without_a_lock_gets_one_when_it_is_replayed(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    crate = tmp_path / "x.crate.zip"
    assert recrate("pack", study, "-o", crate, "--no-lock").code == 0
    done = recrate("replay", crate, "-o", tmp_path / "out", "--json")
    assert done.document["verdict"] == "identical", done.error


def test_the_current_environment_can_be_asked_for(recrate, crate, tmp_path):
    done = recrate(
        "replay",
        crate,
        "-o",
        tmp_path / "out",
        "--environment",
        "current",
        "--json",
        "--notebook",
        "first.ipynb",
    )
    assert done.document["verdict"] == "identical", done.error
    assert done.document["environment"]["restored"] is False


def test_two_notebooks_are_compared_without_running(recrate, tmp_path):
    for name, text in (("a", "value 1.0\n"), ("b", "value 1.0\n"), ("c", "value 2.0\n")):
        source = notebook_of("show()", outputs={0: [stream(text)]})
        (tmp_path / f"{name}.ipynb").write_text(source)
    same = recrate("compare", tmp_path / "a.ipynb", tmp_path / "b.ipynb", "--json")
    assert (same.code, same.document["verdict"]) == (0, "identical")
    other = recrate("compare", tmp_path / "a.ipynb", tmp_path / "c.ipynb", "--json")
    assert (other.code, other.document["verdict"]) == (1, "different")
    assert other.document["cells"][0]["outputs"][0]["reason"]
    jsonschema.validate(other.document, json.loads((SCHEMAS / "compare.json").read_text()))
