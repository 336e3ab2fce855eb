"""Ceilings that several campaigns of one account share."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from campaign_crates import counting_crates
from conftest import CommandLine
from recrate.campaign.ceilings import Ceilings


def test_places_are_shared_and_come_back(tmp_path: Path) -> None:
    one, other = (Ceilings(tmp_path, {"all": 3, "a": 2}) for _ in range(2))
    assert [one.take("1"), other.take("1"), one.take("2")] == ["", "", "a"]
    third = Ceilings(tmp_path, {"all": 3, "b": 9})
    assert [third.take("1"), third.take("2")] == ["", "all"]
    other.give("1")
    other.give("1")
    assert third.take("2") == ""
    assert one.take("2") == "all"
    third.close()
    assert one.take("2") == ""
    assert one.take("3") == "a"


@pytest.mark.parametrize("name", ["../../out", "a/b", ".", "..", "名前"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    one, other = (Ceilings(tmp_path / "in", {name: 1}) for _ in range(2))
    assert [one.take("1"), other.take("1")] == ["", name]
    assert [one.name for one in tmp_path.iterdir()] == ["in"]
    assert len(list((tmp_path / "in").glob("*/0.lock"))) == 1


def test_a_place_of_a_killed_process_is_free_again(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib; from recrate.campaign.ceilings import Ceilings\n"
        "c = Ceilings(pathlib.Path(sys.argv[1]), {'all': 1}); print(c.take('1') or 'mine')\n"
        "sys.stdout.flush(); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"mine\n"
        ceilings = Ceilings(tmp_path, {"all": 1})
        assert ceilings.take("1") == "all"
        held.kill()
        held.wait()
    assert ceilings.take("1") == ""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_campaigns_together_stay_below_a_ceiling(
    counting: Path, tmp_path: Path, recrate: CommandLine, variables: dict[str, str]
) -> None:
    config = tmp_path / "config.py"
    config.write_text(f"{recrate.configuration.read_text()}\nc.Runners.ceiling = 1\n")
    running = []
    for name in ("one", "two"):
        counting_crates(counting, tmp_path / name, 2)
        command = recrate.command(
            "campaign", "--config", config, tmp_path / name, "-o", tmp_path / f"{name}.out",
            "--again", "--json",
        )  # fmt: skip
        running.append(subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL))
    assert [one.wait(200) for one in running] == [1, 1]  # the first of each differs, as it is meant
    attempts = sorted(
        ((folder / "started.json").stat().st_mtime, (folder / "result.json").stat().st_mtime)
        for folder in tmp_path.glob("*.out/attempts/*")
    )
    assert len(attempts) == 4
    assert all(ended <= began for (_, ended), (began, _) in itertools.pairwise(attempts))


def test_a_ceiling_that_is_none_is_told(recrate: CommandLine, tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    config.write_text("c.Runners.ceilings = {'kyoto': 'many'}\n")
    told = recrate("runners", "list", "--config", config)
    assert told.code == 2
    assert "c.Runners.ceilings['kyoto']" in told.error
    assert "hint: " in told.error
