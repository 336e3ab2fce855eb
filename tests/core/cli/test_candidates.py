"""Where a crate's lock does not serve, other environments are tried, and the best is judged."""

import hashlib
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import CommandLine
from making import notebook_of, stream

pytestmark = pytest.mark.slow
SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
NO_INDEX = "c.Environments.index_options = ['--index-url', 'http://127.0.0.1:9/simple']\n"
GONE = "import humanize\nprint(humanize.VERSION[0])"
"""`humanize.VERSION` was taken away in 4.0."""
CELLS = (GONE, "print(humanize.naturalsize(1))")
RECORDED = {0: [stream("3\n")], 1: [stream("1 Byte\n")]}


def write_study(
    folder: Path,
    notebooks: dict[str, tuple[str, ...]],
    *,
    python: str = "3.11.7",
    requirements: str = "humanize\n",
    outputs: dict[int, Any] | None = None,
) -> Path:
    """Write a study whose notebooks were run on 2021-06-01, when humanize was 3.6."""
    folder.mkdir()
    for name, cells in notebooks.items():
        document = json.loads(notebook_of(*cells, outputs=outputs or RECORDED))
        document["metadata"]["language_info"]["version"] = python
        for cell in document["cells"]:
            moment = "2021-06-01T10:00:00.000000Z"
            cell["metadata"]["execution"] = {"iopub.status.idle": moment}
        (folder / name).write_text(json.dumps(document), "utf-8")
    (folder / "requirements.txt").write_text(requirements, "utf-8")
    return folder


def pack(recrate: CommandLine, study: Path, crate: Path, as_of: str = "2024-06-01") -> Path:
    done = recrate("pack", study, "-o", crate, "--as-of", as_of)
    assert done.code in {0, 1}, done.error
    return crate


@pytest.fixture
def crate(tmp_path: Path, recrate: CommandLine) -> Path:
    """A study of 2021 with a lock of 2024, in which a name that it uses is gone."""
    study = write_study(tmp_path / "study", {"a.ipynb": CELLS})
    return pack(recrate, study, tmp_path / "study.crate.zip")


def configured(recrate: CommandLine, place: Path, more: str) -> Path:
    place.write_text(recrate.configuration.read_text() + more)
    return place


LOCK = "recrate-environment/lock.json"


def pylock_of(crate: Path) -> str:
    text: str = json.loads((crate / LOCK).read_text("utf-8"))["pylock"]
    return text


def relock(crate: Path, pylock: str) -> None:
    """Give a packed folder another lock, and its metadata the checksum of that."""
    lock = json.loads((crate / LOCK).read_text("utf-8")) | {"pylock": pylock}
    content = json.dumps(lock).encode()
    (crate / LOCK).write_bytes(content)
    metadata = crate / "ro-crate-metadata.json"
    document = json.loads(metadata.read_text("utf-8"))
    for entity in document["@graph"]:
        if entity["@id"] == LOCK:
            entity["sha256"] = hashlib.sha256(content).hexdigest()
            entity["contentSize"] = str(len(content))
    metadata.write_text(json.dumps(document), "utf-8")


def candidates(run: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((run / "verdict.json").read_text())["candidates"]
    return found


def told(run: Path) -> list[tuple[str, str, int, bool]]:
    return [
        (one["name"], one["outcome"], one["completed"], one["chosen"]) for one in candidates(run)
    ]


def test_a_lock_in_which_a_name_is_gone_gives_way_to_the_packages_of_the_studys_date(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run, "--json", "--repeat", "2")
    assert done.code == 0, done.error
    document = done.document
    jsonschema.validate(document, json.loads((SCHEMAS / "replay.json").read_text()))
    assert document["verdict"] == "identical"
    assert document["environment"]["restored"] is False
    assert told(run) == [("lock", "ran", 0, False), ("declared", "ran", 1, True)]
    assert "API changed" in candidates(run)[0]["reason"]
    assert (
        "The verdict is not of the crate’s lock: with it 0 of 1 notebooks ran to their end; its"
        " declared packages as of 2021-06-01 on Python 3.11.7 ran 1 of 1" in document["sentence"]
    )
    page = (run / "report.html").read_text("utf-8")
    assert "Environments that were tried" in page
    assert "宣言されたパッケージ（2021-06-01 時点、Python 3.11.7 上）" in page
    assert "in another environment" in (run / "badge.svg").read_text("utf-8")
    assert recrate("check", run).code == 0

    again = recrate("judge", run, "--json").document
    jsonschema.validate(again, json.loads((SCHEMAS / "judge.json").read_text()))
    same = ("verdict", "sentence", "candidates", "notebooks")
    assert {key: again[key] for key in same} == {key: document[key] for key in same}
    assert "The verdict is not of the crate’s lock" in recrate("judge", run).error

    executed = sorted(run.rglob("notebooks/*.ipynb"))
    assert len(executed) == 3, executed
    before = [place.stat().st_mtime_ns for place in executed]
    resumed = recrate("replay", crate, "-o", run, "--resume", "--repeat", "2", "--json")
    assert [place.stat().st_mtime_ns for place in executed] == before
    assert {key: resumed.document[key] for key in same} == {key: document[key] for key in same}
    assert resumed.document["environment"]["restored"] is False


def test_a_lock_without_a_build_for_this_platform_gives_way(
    recrate: CommandLine, tmp_path: Path
) -> None:
    study = write_study(tmp_path / "study", {"a.ipynb": CELLS})
    crate = pack(recrate, study, tmp_path / "crate", as_of="2021-06-01")
    text = re.sub(
        r"(humanize-[\d.]+)-py3-none-any\.whl", r"\1-cp311-cp311-win_arm64.whl", pylock_of(crate)
    )
    text, sources = re.subn(r"sdist = \{[^\n]*humanize[^\n]*\n", "", text)
    assert sources == 1
    assert "win_arm64" in text
    relock(crate, text)
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run)
    assert done.code == 0, done.error
    assert told(run) == [("lock", "ran", 0, False), ("declared", "ran", 1, True)]
    assert "no build for this platform" in candidates(run)[0]["reason"]


def test_a_lock_that_cannot_be_restored_gives_way_and_why_is_told(
    recrate: CommandLine, tmp_path: Path
) -> None:
    study = write_study(tmp_path / "study", {"a.ipynb": CELLS})
    crate = pack(recrate, study, tmp_path / "crate", as_of="2021-06-01")
    relock(crate, re.sub(r'sha256 = "[0-9a-f]{8}', 'sha256 = "00000000', pylock_of(crate)))
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run)
    assert done.code == 0, done.error
    assert told(run) == [("lock", "not restored", 0, False), ("declared", "ran", 1, True)]
    assert "it could not be restored on this machine (a package on the index" in done.error
    seen = json.loads((run / "candidates/lock/observations/0/observation.json").read_text())
    assert seen["not_restored"]["cause"] == "missing package"


def test_a_module_that_this_python_lacks_is_found_in_a_neighbouring_one(
    recrate: CommandLine, tmp_path: Path
) -> None:
    """`imp` was taken away in Python 3.12."""
    cells = ("import imp\nprint(imp.get_tag())",)
    study = write_study(
        tmp_path / "study", {"a.ipynb": cells}, python="3.12.1", requirements="six==1.16.0\n",
        outputs={0: [stream("cpython-311\n")]},
    )  # fmt: skip
    crate = pack(recrate, study, tmp_path / "study.crate.zip")
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run)
    assert done.code == 0, done.error
    assert told(run)[-1] == ("python-3.11", "ran", 1, True)
    assert "on Python 3.11 ran 1 of 1" in done.error


def test_where_all_fail_alike_the_lock_stands_and_no_more_are_tried_than_allowed(
    recrate: CommandLine, tmp_path: Path
) -> None:
    cells = ("import humanize\nhumanize.never_there()",)
    study = write_study(tmp_path / "study", {"a.ipynb": cells})
    crate = pack(recrate, study, tmp_path / "study.crate.zip")
    three = configured(recrate, tmp_path / "three.py", "c.Environments.candidates = 3\n")
    run = tmp_path / "run"
    done = recrate("replay", "--config", three, crate, "-o", run)
    assert done.code == 1
    found = told(run)
    assert found[0] == ("lock", "ran", 0, True)
    assert [one[1] for one in found if one[1] != "same"] == ["ran"] * 3
    assert ("inferred", "same", 0, False) in found
    assert (
        "2 other environments did no better than the crate’s lock"
        in (json.loads((run / "verdict.json").read_text())["sentence"])
    )
    seen = json.loads((run / "observations/0/observation.json").read_text())
    assert seen["environment"]["restored"] is True

    one = configured(recrate, tmp_path / "one.py", "c.Environments.candidates = 1\n")
    recrate("replay", "--config", one, crate, "-o", tmp_path / "alone")
    assert candidates(tmp_path / "alone") == []
    assert not (tmp_path / "alone" / "candidates.json").exists()
    none = configured(recrate, tmp_path / "none.py", "c.Environments.candidates = 0\n")
    refused = recrate("replay", "--config", none, crate, "-o", tmp_path / "none")
    assert refused.code == 2
    assert "c.Environments.candidates" in refused.error


def test_without_time_nothing_else_is_tried_and_that_is_told(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    config = configured(recrate, tmp_path / "c.py", "c.Environments.candidates_seconds = 0\n")
    done = recrate("replay", "--config", config, crate, "-o", tmp_path / "run")
    assert done.code == 1
    assert {one[1] for one in told(tmp_path / "run")[1:]} == {"not tried"}
    assert "the time for other environments was up" in done.error


def test_what_is_the_studys_own_failure_is_tried_nowhere_else(
    recrate: CommandLine, tmp_path: Path
) -> None:
    study = write_study(tmp_path / "study", {"a.ipynb": ("open('lost.csv').read()",)})
    crate = pack(recrate, study, tmp_path / "study.crate.zip")
    assert recrate("replay", crate, "-o", tmp_path / "run").code == 1
    assert candidates(tmp_path / "run") == []


def test_without_an_index_the_first_result_stands_and_a_resumed_replay_goes_on(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    one = configured(recrate, tmp_path / "one.py", "c.Environments.candidates = 1\n")
    recrate("replay", "--config", one, crate, "-o", tmp_path / "first")  # its environment is there
    config, run = configured(recrate, tmp_path / "config.py", NO_INDEX), tmp_path / "run"
    began = time.monotonic()
    done = recrate("replay", "--config", config, crate, "-o", run)
    assert time.monotonic() - began < 60
    assert done.code == 1, done.error
    assert told(run)[0] == ("lock", "ran", 0, True)
    assert [one[1] for one in told(run)[1:]] == ["not tried"] * 3
    assert "No other environment than the crate’s lock could be tried: " in done.error
    assert json.loads((run / "verdict.json").read_text())["verdict"] == "failed"

    resumed = recrate("replay", crate, "-o", run, "--resume")
    assert resumed.code == 0, resumed.error
    assert told(run) == [("lock", "ran", 0, False), ("declared", "ran", 1, True)]


def test_a_replay_that_was_cut_off_runs_no_finished_candidate_again(
    recrate: CommandLine, tmp_path: Path
) -> None:
    slow = f"{GONE}\nimport time; time.sleep(8)"
    study = write_study(tmp_path / "study", {"a.ipynb": CELLS, "b.ipynb": (slow,)})
    crate, run = pack(recrate, study, tmp_path / "two.crate.zip"), tmp_path / "run"
    command = recrate.command("replay", "--config", recrate.configuration, crate, "-o", run)
    ran = run / "candidates" / "declared" / "observations" / "0" / "notebooks" / "a.ipynb"
    observed = ran.parent.parent / "observation.json"
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=dict(os.environ)) as cut:
        end = time.monotonic() + 120
        while not observed.exists() or "a.ipynb" not in observed.read_text():
            assert time.monotonic() < end
            assert cut.poll() is None
            time.sleep(0.1)
        time.sleep(2)
        cut.send_signal(signal.SIGKILL)
    first = run / "observations" / "0" / "notebooks" / "a.ipynb"
    before = [place.stat().st_mtime_ns for place in (first, ran)]
    done = recrate("replay", crate, "-o", run, "--resume")
    assert done.code == 0, done.error
    assert told(run) == [("lock", "ran", 0, False), ("declared", "ran", 2, True)]
    moved = run / "candidates" / "lock" / first.relative_to(run)
    assert [place.stat().st_mtime_ns for place in (moved, first)] == before


def test_a_campaigns_task_says_which_environment_its_verdict_is_of(
    crate: Path, recrate: CommandLine, tmp_path: Path
) -> None:
    listed, folder = tmp_path / "list.txt", tmp_path / "campaign"
    listed.write_text(f"{crate}\n")
    done = recrate(
        "campaign", "--config", recrate.configuration, listed, "-o", folder, "--workers", "1"
    )
    assert done.code == 0, done.error
    rows = (folder / "campaign.csv").read_text("utf-8")
    assert "its declared packages as of 2021-06-01 on Python 3.11.7" in rows
    assert "instead" in rows.splitlines()[0]
