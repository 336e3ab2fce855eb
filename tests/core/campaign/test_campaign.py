"""Campaigns on this machine: real crates, real replays, and every way of being cut off."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from campaign_crates import counting_crates, crate_like
from conftest import CommandLine

Run = Callable[..., tuple[int, dict[str, Any]]]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def tasks(folder: Path) -> dict[int, sqlite3.Row]:
    with contextlib.closing(sqlite3.connect(folder / "journal.sqlite", timeout=30)) as base:
        base.row_factory = sqlite3.Row
        return {row["number"]: row for row in base.execute("SELECT * FROM tasks")}


def attempts(folder: Path) -> list[sqlite3.Row]:
    with contextlib.closing(sqlite3.connect(folder / "journal.sqlite", timeout=30)) as base:
        base.row_factory = sqlite3.Row
        return base.execute("SELECT * FROM attempts ORDER BY task, number").fetchall()


def judged(folder: Path) -> dict[int, str]:
    """Verdicts by task, each as the folder of its replay says it."""
    return {
        number: json.loads((folder / row["folder"] / "verdict.json").read_text())["verdict"]
        for number, row in tasks(folder).items()
        if row["folder"]
    }


def until(ready: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def workers(folder: Path) -> list[psutil.Process]:
    """Workers of a campaign, and whatever they started."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in word for word in one.cmdline()):
                found.append(one)
    return found


def test_every_crate_of_a_folder_gets_its_verdict(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    counting_crates(counting, tmp_path / "crates", 4)
    (tmp_path / "crates" / "none.crate.zip").write_bytes(b"no crate")
    out = tmp_path / "out"
    code, told = run_campaign(tmp_path / "crates", "-o", out)
    assert code == 1
    assert told["verdicts"] == {"identical": 3, "different": 1, "broken": 1}
    assert judged(out) == {0: "different", 1: "identical", 2: "identical", 3: "identical"}
    broken = tasks(out)[4]
    assert "zip" in broken["message"]
    assert broken["hint"]
    assert [one["outcome"] for one in attempts(out)] == ["judged"] * 4
    assert not workers(out)
    shown = [path for path in out.iterdir() if path.name not in {"campaign.json", "journal.sqlite"}]
    texts = {path.name: path.read_text("utf-8") for path in shown if path.is_file()}
    assert {"index.html", "data.js", "campaign.csv", "ro-crate-metadata.json"} <= set(texts)
    assert not [name for name, text in texts.items() if str(tmp_path) in text]
    assert "none.crate.zip" in texts["campaign.csv"]


def test_what_cells_took_of_the_processor_is_counted(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    busy = "import time\nwhile time.process_time() < 3: pass\nprint(1)"
    crate_like(counting, tmp_path / "busy.crate.zip", busy, "1\n")
    _, told = run_campaign(tmp_path / "busy.crate.zip", "-o", tmp_path / "out", "--again")
    assert told["verdicts"] == {"identical": 1}
    assert 3 <= told["core_seconds"] < 60


def test_one_environment_is_made_by_one_task_alone(
    counting: Path, tmp_path: Path, run_campaign: Run, recrate: CommandLine
) -> None:
    counting_crates(counting, tmp_path / "crates", 3)
    out = tmp_path / "out"
    fresh = tmp_path / "config.py"
    fresh.write_text(f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n")
    done = recrate(
        "campaign", "--config", fresh, tmp_path / "crates", "-o", out, "--workers", 3, "--json",
        variables={"JUPYTER_DATA_DIR": str(tmp_path / "jupyter")},
    )  # fmt: skip
    assert done.document["tasks"] == 3
    (environment,) = {row["environment"] for row in tasks(out).values()}
    assert environment
    logs = [out / "attempts" / f"{number}-1" / "worker.log" for number in range(3)]
    made = ["making an environment" in log.read_text() for log in logs]
    assert made == [True, False, False]
    ready = (out / "attempts" / "0-1" / "ready").stat().st_mtime
    started = [(out / "attempts" / f"{one}-1" / "started.json").stat().st_mtime for one in (1, 2)]
    assert all(one >= ready for one in started)


def test_environments_are_made_by_the_command_for_nodes_without_a_network(
    counting: Path, tmp_path: Path, recrate: CommandLine
) -> None:
    counting_crates(counting, tmp_path / "crates", 2)
    out = tmp_path / "out"
    fresh = tmp_path / "config.py"
    fresh.write_text(f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n")
    done = recrate(
        "campaign", "--config", fresh, tmp_path / "crates", "-o", out, "--environments-here",
        "--json", variables={"JUPYTER_DATA_DIR": str(tmp_path / "jupyter")},
    )  # fmt: skip
    assert done.document["verdicts"] == {"different": 1, "identical": 1}
    logs = [log.read_text() for log in out.glob("attempts/*/worker.log")]
    assert len(logs) == 2
    assert not any("making an environment" in log for log in logs)


def test_what_is_known_is_not_run_again_unless_it_is_asked_for(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    crates = counting_crates(counting, tmp_path / "crates", 2)
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(str(one) for one in [*crates, crates[0]]))
    _, told = run_campaign(listed, "-o", tmp_path / "first")
    assert told["states"] == {"judged": 2, "known": 1}
    assert told["attempts"] == 2
    assert tasks(tmp_path / "first")[2]["same_as"] == 0

    _, told = run_campaign(listed, "-o", tmp_path / "second")
    assert told["states"] == {"known": 3}
    assert told["attempts"] == 0
    assert judged(tmp_path / "second") == {0: "different", 1: "identical", 2: "different"}

    _, told = run_campaign(listed, "-o", tmp_path / "other", "-p", "n", "1", "--again")
    assert told["attempts"] == 2
    _, told = run_campaign(listed, "-o", tmp_path / "third", "--again")
    assert told["attempts"] == 2


def test_a_verdict_that_a_limit_led_to_is_not_known_for_good(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    slow = "import time\ntime.sleep(6)\nprint(1)"
    crate = crate_like(counting, tmp_path / "slow.crate.zip", slow, "1\n")
    _, told = run_campaign(crate, "-o", tmp_path / "short", "--cell-timeout", "2")
    assert told["verdicts"] == {"failed": 1}
    _, told = run_campaign(crate, "-o", tmp_path / "long")
    assert (told["verdicts"], told["attempts"]) == ({"identical": 1}, 1)
    _, told = run_campaign(crate, "-o", tmp_path / "known", "--cell-timeout", "2")
    assert (told["states"], told["attempts"]) == ({"known": 1}, 0)


@pytest.mark.parametrize("moment", [0.5, 4.0])
def test_a_campaign_that_is_killed_goes_on_with_nothing_lost_and_nothing_doubled(
    counting: Path,
    tmp_path: Path,
    run_campaign: Run,
    recrate: CommandLine,
    variables: dict[str, str],
    moment: float,
) -> None:
    counting_crates(counting, tmp_path / "crates", 4)
    out = tmp_path / "out"
    command = recrate.command(
        "campaign", "--config", recrate.configuration, tmp_path / "crates", "-o", out
    )
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as killed:
        until((out / "journal.sqlite").exists)
        time.sleep(moment)
        killed.kill()
    before = judged(out)
    begun = len(attempts(out))
    _, told = run_campaign(tmp_path / "crates", "-o", out, "--resume")
    assert told["verdicts"] == {"different": 1, "identical": 3}
    assert before.items() <= judged(out).items()
    done = [(one["task"], one["outcome"]) for one in attempts(out)]
    assert sorted(task for task, outcome in done if outcome == "judged") == [0, 1, 2, 3]
    called_off = [one for one in attempts(out) if one["outcome"] == "cancelled"]
    assert len(done) == 4 + len(called_off)  # whoever had begun was let end
    assert begun >= len(called_off)
    assert not workers(out)


def test_one_that_is_interrupted_keeps_what_was_done_and_goes_on_there(
    counting: Path, tmp_path: Path, run_campaign: Run, recrate: CommandLine,
    variables: dict[str, str],
) -> None:  # fmt: skip
    (tmp_path / "crates").mkdir()
    crate_like(
        counting,
        tmp_path / "crates" / "slow.crate.zip",
        "import time; time.sleep(20); print(1)",
        "1\n",
    )
    out = tmp_path / "out"
    command = recrate.command(
        "campaign", "--config", recrate.configuration, tmp_path / "crates", "-o", out
    )
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE) as stopped:
        until((out / "attempts" / "0-1" / "ready").exists)
        stopped.send_signal(signal.SIGINT)
        _, said = stopped.communicate(timeout=60)
    assert stopped.returncode == 130, said.decode()
    assert not workers(out)
    assert [one["outcome"] for one in attempts(out)] == ["cancelled"]
    code, told = run_campaign(tmp_path / "crates", "-o", out, "--resume")
    assert (code, told["verdicts"]) == (0, {"identical": 1})


def test_a_worker_that_is_killed_is_replaced(
    counting: Path, tmp_path: Path, recrate: CommandLine, variables: dict[str, str]
) -> None:
    counting_crates(counting, tmp_path / "crates", 2)
    out = tmp_path / "out"
    command = recrate.command(
        "campaign", "--config", recrate.configuration, tmp_path / "crates", "-o", out, "--json"
    )
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE) as running:
        place = out / "attempts" / "1-1" / "started.json"
        until(place.exists)
        os.kill(json.loads(place.read_text())["pid"], signal.SIGKILL)
        document, _ = running.communicate(timeout=240)
    assert json.loads(document)["verdicts"] == {"different": 1, "identical": 1}
    assert [(one["task"], one["outcome"]) for one in attempts(out)] == [
        (0, "judged"),
        (1, "again"),
        (1, "judged"),
    ]


def test_memory_that_ran_out_is_raised_up_to_the_ceiling(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    (tmp_path / "crates").mkdir()
    crate_like(
        counting,
        tmp_path / "crates" / "big.crate.zip",
        "print(len(bytearray(500 * 2**20)))",
        f"{500 * 2**20}\n",
    )
    out = tmp_path / "out"
    limits = ("--memory", "300MiB", "--memory-ceiling", "1200MiB")
    code, told = run_campaign(tmp_path / "crates", "-o", out, *limits)
    assert (code, told["verdicts"]) == (0, {"identical": 1})
    assert [one["outcome"] for one in attempts(out)] == ["again", "judged"]
    assert tasks(out)[0]["memory"] == 600 * 2**20


def test_two_commands_never_work_in_one_campaign(
    counting: Path, tmp_path: Path, recrate: CommandLine, variables: dict[str, str]
) -> None:
    counting_crates(counting, tmp_path / "crates", 2)
    out = tmp_path / "out"
    configuration = ("--config", recrate.configuration)
    command = recrate.command("campaign", *configuration, tmp_path / "crates", "-o", out)
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as first:
        until((out / "journal.sqlite").exists)
        second = recrate(
            "campaign", *configuration, tmp_path / "crates", "-o", out, "--resume",
            variables=variables,
        )  # fmt: skip
        first.terminate()
    assert second.code == 2
    assert "somebody else is at work" in second.error


def test_a_folder_with_something_in_it_and_another_list_are_refused(
    counting: Path, tmp_path: Path, recrate: CommandLine, data: dict[str, str]
) -> None:
    configuration = ("--config", recrate.configuration)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    done = recrate("campaign", *configuration, counting, "-o", tmp_path / "full", variables=data)
    assert done.code == 2
    assert "has something in it" in done.error
    assert [one.name for one in (tmp_path / "full").iterdir() if one.name != ".lock"] == [
        "mine.txt"
    ]


def test_a_campaign_goes_on_only_with_the_options_it_was_begun_with(
    counting: Path, tmp_path: Path, run_campaign: Run, recrate: CommandLine
) -> None:
    counting_crates(counting, tmp_path / "crates", 1)
    out = tmp_path / "out"
    run_campaign(tmp_path / "crates", "-o", out)
    other = recrate("campaign", tmp_path / "crates", "-o", out, "--resume", "--repeat", 2)
    assert other.code == 2
    assert "other repeats" in other.error
    assert "hint: " in other.error
    code, told = run_campaign(tmp_path / "crates", "-o", out, "--resume", "--tries", 5)
    assert (code, told["verdicts"]) == (1, {"different": 1})
    assert len(attempts(out)) == 1


def test_environments_are_not_made_here_for_machines_that_do_not_see_them(
    counting: Path, tmp_path: Path, recrate: CommandLine
) -> None:
    config = tmp_path / "config.py"
    config.write_text("c.Runners.sites = {'far': {'kind': 'ssh', 'host': 'far.example.org'}}\n")
    told = recrate(
        "campaign", "--config", config, counting, "-o", tmp_path / "out", "--on", "far",
        "--environments-here",
    )  # fmt: skip
    assert told.code == 2
    assert "leave out --environments-here" in told.error
    assert not (tmp_path / "out").exists()


def test_a_dry_run_reckons_and_writes_nothing(
    counting: Path, tmp_path: Path, run_campaign: Run
) -> None:
    counting_crates(counting, tmp_path / "crates", 2)
    out = tmp_path / "out"
    code, told = run_campaign(tmp_path / "crates", "-o", out, "--dry-run")
    assert code == 0
    assert (told["tasks"], told["to_run"], told["environments"]) == (2, 2, 1)
    assert told["core_hours"] is None
    assert not out.exists()
    run_campaign(tmp_path / "crates", "-o", out)
    _, told = run_campaign(tmp_path / "crates", "-o", tmp_path / "new", "--dry-run", "--again")
    assert (told["known"], told["to_run"], told["timed"]) == (0, 2, 2)
    assert 0 < told["core_hours"] < 0.1
    _, told = run_campaign(tmp_path / "crates", "-o", tmp_path / "new", "--dry-run")
    assert (told["known"], told["to_run"], told["core_hours"]) == (2, 0, 0.0)
