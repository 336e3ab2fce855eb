"""The runner `container`, on a real podman: how an attempt ends, and what is left of it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from container_runners import Campaign, depot_of, runner_image, scripted, until, wait_for
from containers import Podman
from launching import Launchable
from recrate.flow.tasks import TaskOrder, read_result
from recrate.model.campaign import CampaignOptions, TaskLimits, TaskResult
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.runner import Attempt
from recrate.model.wire import to_json
from recrate.runners.local import Local
from recrate.runners.runner import Runner
from recrate_binder.container.runner import ContainerRunner
from recrate_binder.container.runner_walls import CAMPAIGN_LABEL

__all__ = ["runner_image"]

_SLEEPS = "import time; (folder / 'here').touch(); time.sleep(100)"
_KEEPS = """
import signal, sys, time
def keep(*_):
    (folder / "kept").touch()
    sys.exit(130)
signal.signal(signal.SIGTERM, keep)
(folder / "here").touch()
time.sleep(100)
"""


@pytest.fixture
def campaign(podman: Podman, runner_image: str, tmp_path: Path) -> Campaign:
    depot = depot_of(podman, tmp_path / "cache", tmp_path / "data")
    folder = tmp_path / "campaign"
    folder.mkdir()
    return Campaign(folder=folder, depot=depot, answers=scripted(tmp_path, runner_image))


def _left(podman: Podman, campaign: Campaign) -> list[str]:
    return podman.containers(f"label={CAMPAIGN_LABEL}={campaign.id}")


def test_it_is_a_runner_as_all_others_are(campaign: Campaign) -> None:
    assert isinstance(campaign.runner(), Runner)


def test_an_attempt_leaves_its_files_to_the_person_and_its_words_to_the_log(
    campaign: Campaign, podman: Podman
) -> None:
    ended = campaign.run(
        """
        import json, os, pathlib
        order = json.loads((folder / "order.json").read_text())
        (pathlib.Path(order["destination"]) / "verdict").write_text("x")
        (pathlib.Path(order["cache"]) / "environment").write_text("x")
        (folder / "result.json").write_text(pathlib.Path(order["crate"]).read_text())
        print("it says so")
        """
    )
    assert (ended.attempt, ended.code, ended.why) == ("a0", 0, "")
    assert campaign.file("result.json").read_text() == "a crate"
    for left in (
        campaign.file("result.json"),
        campaign.folder / "runs" / "a0" / "verdict",
        campaign.depot.cache / "environment",
    ):
        assert left.stat().st_uid == os.getuid()
    assert "it says so" in campaign.file("worker.log").read_text()
    assert _left(podman, campaign) == []
    assert list((campaign.folder / "runner").iterdir()) == []


def test_several_attempts_run_at_once_and_no_more_than_there_are_workers(
    campaign: Campaign,
) -> None:
    pool = campaign.open(workers=2)
    code = """
        import time
        began = time.time(); time.sleep(1.5)
        (folder / "told.json").write_text(f"[{began}, {time.time()}]")
    """
    assert pool.slots == 2
    for number in range(3):
        pool.submit(campaign.attempt(f"a{number}", code))
    assert len(wait_for(pool, 3)) == 3
    pool.close()
    spans = [
        json.loads(campaign.file("told.json", attempt=f"a{number}").read_text())
        for number in range(3)
    ]
    at_once = [sum(begin <= other[0] < end for other in spans) for begin, end in spans]
    assert max(at_once) == 2


def test_an_attempt_over_its_memory_is_said_to_be(campaign: Campaign, podman: Podman) -> None:
    ended = campaign.run("held = bytearray(600 << 20); (folder / 'after').touch()")
    assert (ended.code, ended.why) == (137, "memory")
    assert not campaign.file("after").exists()
    assert _left(podman, campaign) == []


def test_a_container_that_is_killed_from_outside_is_lost_not_out_of_memory(
    campaign: Campaign, podman: Podman
) -> None:
    pool = campaign.open()
    pool.submit(campaign.attempt("a0", _SLEEPS))
    until(campaign.file("here").exists, pool=pool)
    podman("kill", *_left(podman, campaign))
    (ended,) = wait_for(pool, 1)
    assert ended.why == "lost"
    assert "killed from outside" in ended.note
    pool.close()


def test_an_attempt_over_its_time_is_told_so_and_ended(campaign: Campaign, podman: Podman) -> None:
    pool = campaign.open()
    pool.submit(campaign.attempt("a0", _KEEPS, seconds=4.0))
    (ended,) = wait_for(pool, 1)
    assert ended.why == "time"
    assert campaign.file("kept").exists(), "it was told before it was killed"
    assert _left(podman, campaign) == []
    pool.close()


def test_the_time_of_an_attempt_is_kept_when_nobody_is_there_to_look(
    campaign: Campaign, podman: Podman, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed client left does not run for ever."""
    monkeypatch.setattr("recrate_binder.container.runner_walls._SPARE_SECONDS", 0)
    pool = campaign.open()
    pool.submit(campaign.attempt("a0", _SLEEPS, seconds=3.0))
    while not campaign.file("here").exists():
        pool.state()
        pool.ended(0)
        time.sleep(0.05)
    end = time.monotonic() + 20
    while _left(podman, campaign):
        assert time.monotonic() < end
        time.sleep(0.2)
    pool.close()


def test_what_is_cancelled_is_gone_and_what_waits_is_not_begun(
    campaign: Campaign, podman: Podman
) -> None:
    pool = campaign.open(workers=1)
    pool.submit(campaign.attempt("a0", _KEEPS))
    pool.submit(campaign.attempt("a1", _SLEEPS))
    until(campaign.file("here").exists, pool=pool)
    assert pool.state().queued == 1
    pool.cancel("a1")
    pool.cancel("a0")
    pool.cancel("nobody")
    ended = {one.attempt: one.why for one in wait_for(pool, 2)}
    assert ended == {"a0": "cancelled", "a1": "cancelled"}
    assert campaign.file("kept").exists()
    assert not campaign.file("worker.log", attempt="a1").exists()
    assert _left(podman, campaign) == []
    pool.close()


def test_a_worker_that_does_nothing_says_refused_and_other_codes_are_handed_on(
    campaign: Campaign,
) -> None:
    pool = campaign.open()
    assert campaign.run("raise SystemExit(75)", pool=pool).why == "refused"
    other = campaign.run("raise SystemExit(3)", name="a1", pool=pool)
    assert (other.code, other.why) == (3, "")
    pool.close()


def test_closing_ends_everything_and_may_be_done_twice(campaign: Campaign, podman: Podman) -> None:
    pool = campaign.open()
    pool.submit(campaign.attempt("a0", _KEEPS))
    until(campaign.file("here").exists, pool=pool)
    pool.close()
    pool.close()
    assert campaign.file("kept").exists()
    assert _left(podman, campaign) == []
    with pytest.raises(OutsideFailed, match="was closed"):
        pool.submit(campaign.attempt("a1", _SLEEPS))


def test_an_image_that_is_not_there_is_bad_luck_and_says_so(campaign: Campaign) -> None:
    pool = campaign.open(image="localhost/there-is-none:1", pull="never")
    ended = campaign.run(_SLEEPS, pool=pool)
    assert ended.why == "lost"
    assert "localhost/there-is-none:1: the image is not here" in ended.note
    pool.close()
    lost = campaign.open(python="/opt/no/python", mounts="")
    missing = campaign.run(_SLEEPS, name="a1", pool=lost)
    assert missing.why == "lost"
    assert "/opt/no/python" in missing.note
    lost.close()


_CLIENT = """
import os, sys, time
from pathlib import Path
from recrate.model.runner import Attempt
from recrate.runners.runner import Depot
from recrate_binder.container.runner import ContainerRunner
campaign, folder, cache, image, script, *attempts = sys.argv[1:]
answers = {"engine": "podman", "image": image, "python": script, "mounts": script}
depot = Depot(cache=Path(cache), data=Path(cache), agent="t", python=sys.executable,
              variables=os.environ)
pool = ContainerRunner(answers, depot).open(campaign, Path(folder), workers=4)
for one in attempts:
    pool.submit(Attempt(id=Path(one).name, folder=one, seconds=600, memory_bytes=256 << 20))
while True:
    pool.ended(1)
"""


def _client(campaign: Campaign, *attempts: Attempt) -> "subprocess.Popen[bytes]":
    image, script = campaign.answers["image"], campaign.answers["python"]
    told = [campaign.id, campaign.folder, campaign.depot.cache, image, script]
    return subprocess.Popen(
        [sys.executable, "-c", _CLIENT, *map(str, told), *(one.folder for one in attempts)],
        env=dict(campaign.depot.variables),
    )


def test_a_killed_client_leaves_what_runs_to_its_end_until_the_campaign_is_opened_again(
    campaign: Campaign, podman: Podman
) -> None:
    ends = "import time; (folder/'here').touch(); time.sleep(6); (folder/'result.json').touch()"
    first, second = campaign.attempt("a0", ends), campaign.attempt("a1", _SLEEPS)
    client = _client(campaign, first, second)
    until(lambda: all(campaign.file("here", attempt=one).exists() for one in ("a0", "a1")))
    client.send_signal(signal.SIGKILL)
    client.wait()
    until(campaign.file("result.json").exists)
    until(lambda: _left(podman, campaign) == [f"recrate-{campaign.id}-a1"])
    assert campaign.runner().about.capabilities.survives
    campaign.open().close()
    assert _left(podman, campaign) == []
    assert list((campaign.folder / "runner").iterdir()) == []


def test_a_client_that_is_killed_while_it_starts_a_container_leaves_none(
    campaign: Campaign, podman: Podman
) -> None:
    """Podman is then still making it, and no list names it yet."""
    client = _client(campaign, campaign.attempt("a0", _SLEEPS))
    until(campaign.file("worker.log").exists)
    client.send_signal(signal.SIGKILL)
    client.wait()
    campaign.open().close()
    time.sleep(2)
    assert _left(podman, campaign) == []


def test_opening_a_campaign_leaves_those_of_the_living_alone(
    campaign: Campaign, podman: Podman
) -> None:
    """Two sites of one campaign may be containers of this machine."""
    one = campaign.open()
    one.submit(campaign.attempt("a0", _SLEEPS))
    until(campaign.file("here").exists, pool=one)
    other = campaign.open()
    assert len(_left(podman, campaign)) == 1
    other.close()
    assert not one.ended(0.5)
    one.close()


def test_attempts_that_cannot_be_are_bad_input(campaign: Campaign) -> None:
    pool = campaign.open()
    with pytest.raises(BadInput, match="no name of an attempt"):
        pool.submit(Attempt(id="a b", folder=str(campaign.folder)))
    with pytest.raises(BadInput, match="nothing runs within"):
        pool.submit(Attempt(id="a", folder=str(campaign.folder), memory_bytes=1000))
    pool.close()


def _verdict_of(runner: Runner, crate: Path, folder: Path, cache: Path) -> TaskResult:
    place = folder / "attempts" / "0-1"
    place.mkdir(parents=True)
    order = TaskOrder(
        task=0,
        attempt=1,
        crate=str(crate),
        destination=str(folder / "runs" / "0"),
        options=CampaignOptions(),
        limits=TaskLimits(memory_bytes=1 << 30, seconds=200),
        cache=str(cache),
    )
    (place / "order.json").write_text(to_json(order))
    pool = runner.open("real", folder, workers=1)
    try:
        pool.submit(Attempt(id="0-1", folder=str(place), memory_bytes=1 << 30, seconds=250))
        (ended,) = wait_for(pool, 1, seconds=250)
    finally:
        pool.close()
    result = read_result(place)
    assert result is not None, (ended, (place / "worker.log").read_text())
    return result


def _judgements(folder: Path) -> list[object]:
    """What was said of every output; one of the example is drawn by chance, so not why."""
    verdict = json.loads((folder / "runs/0/verdict.json").read_text())
    return [
        (notebook["path"], cell["index"], output["index"], output["verdict"])
        for notebook in verdict["notebooks"]
        for cell in notebook["cells"]
        for output in cell["outputs"]
    ]


def test_a_real_crate_has_the_verdict_that_it_has_on_this_machine(
    tides: Launchable, campaign: Campaign, runner_image: str, cache_folder: Path, tmp_path: Path
) -> None:
    depot = campaign.depot
    inside = _verdict_of(
        ContainerRunner({"image": runner_image}, depot), tides.crate, tmp_path / "1", cache_folder
    )
    here = _verdict_of(Local({}, depot), tides.crate, tmp_path / "2", cache_folder)
    assert inside.outcome == here.outcome == "judged", (inside, here)
    for name in ("verdict", "cause", "outputs", "compared", "notebooks", "restored", "packages"):
        assert getattr(inside, name) == getattr(here, name), name
    assert inside.compared > 0
    assert inside.host != here.host
    assert _judgements(tmp_path / "1") == _judgements(tmp_path / "2")
