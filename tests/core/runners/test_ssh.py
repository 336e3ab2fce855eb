"""Attempts over a real ssh, on a real far side with an account of its own."""

import json
import shutil
from pathlib import Path

import pytest

from recrate.model.errors import BadInput
from sshd import is_private, login_node
from sshd_attempts import make_attempt, make_runner, result_of, wait_for, wait_for_ends


@pytest.fixture(scope="module")
def host():
    with login_node() as one:
        yield one


@pytest.fixture
def node(host):
    host.forget()
    yield host
    wait_for(lambda: not host.processes())


@pytest.fixture
def crate(tmp_path) -> Path:
    place = tmp_path / "潮汐.crate.zip"
    place.write_bytes(b"PK" + bytes(range(256)) * 4000)
    return place


def test_an_attempt_runs_there_and_its_files_come_back_byte_for_byte(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    extra = tmp_path / "extra.csv"
    extra.write_bytes(b"1,2\n")
    attempt = make_attempt(tmp_path, "1-1", crate, data={"in.csv": str(extra)}, many=5000)
    try:
        pool.submit(attempt)
        (ended,) = wait_for_ends(pool, 1).values()
        assert (ended.code, ended.why) == (0, "")
        wait_for(lambda: pool.slots == 2)
        assert pool.state().machines
    finally:
        pool.close()
    replay = tmp_path / "runs/1-1"
    assert (replay / "crate.bin").read_bytes() == crate.read_bytes()
    assert (replay / "crate-name.txt").read_text() == crate.name
    assert (replay / "deep/表 1.csv").read_bytes() == bytes(range(256)) * 5000
    assert (replay / "data-in.csv").read_bytes() == b"1,2\n"
    assert result_of(attempt) == {"outcome": "judged", "of": "1-1"}
    assert "at work on 1-1" in (Path(attempt.folder) / "worker.log").read_text()
    there = json.loads((replay / "order-there.json").read_text())
    assert not {"cache", "config"} & there.keys()
    assert Path(there["crate"]).is_relative_to(node.spool)
    here = json.loads((Path(attempt.folder) / "order.json").read_text())
    assert here["crate"] == str(crate)
    assert list((node.spool / "campaigns").iterdir()) == []
    assert is_private(node.spool)
    assert list((tmp_path / "runner").iterdir()) == []


def test_a_crate_goes_over_once_for_all_attempts_and_campaigns(node, tmp_path, crate):
    folder_crate = tmp_path / "study"
    folder_crate.mkdir()
    (folder_crate / "a.ipynb").write_text("{}")
    for name in ("c1", "c2"):
        campaign = tmp_path / name
        pool = make_runner(node, tmp_path).open(name, campaign, workers=0)
        try:
            pool.submit(make_attempt(campaign, "1-1", crate))
            pool.submit(make_attempt(campaign, "1-2", crate))
            pool.submit(make_attempt(campaign, "2-1", folder_crate))
            wait_for_ends(pool, 3)
        finally:
            pool.close()
        shutil.copystat(crate, folder_crate)
    assert len(node.calls("put")) == 2
    assert (tmp_path / "c2/runs/2-1/crate-name.txt").read_text() == "study.crate.zip"
    assert sorted(node.runs()) == ["1-1", "1-1", "1-2", "1-2", "2-1", "2-1"]


def test_two_campaigns_at_once_do_not_meet(node, tmp_path, crate):
    runner = make_runner(node, tmp_path)
    pools = [runner.open(name, tmp_path / name, workers=0) for name in ("a", "b")]
    try:
        for pool, name in zip(pools, ("a", "b"), strict=True):
            for number in range(3):
                pool.submit(
                    make_attempt(tmp_path / name, f"{number}-1", crate, shell=[f"echo {name}"])
                )
        for pool, name in zip(pools, ("a", "b"), strict=True):
            wait_for_ends(pool, 3)
            for number in range(3):
                log = tmp_path / name / f"attempts/{number}-1/worker.log"
                assert name in log.read_text().split()
    finally:
        for pool in pools:
            pool.close()


def test_a_cancelled_attempt_leaves_no_process_behind(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate, seconds=300))
        pool.submit(make_attempt(tmp_path, "2-1", crate))
        wait_for(lambda: "1-1" in node.runs())
        pool.cancel("1-1")
        ends = wait_for_ends(pool, 2)
        assert ends["1-1"].why == "cancelled"
        assert ends["2-1"].code == 0
        assert not (tmp_path / "attempts/1-1/result.json").exists()
    finally:
        pool.close()


def test_closing_ends_what_still_runs_there(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    pool.submit(make_attempt(tmp_path, "1-1", crate, seconds=300))
    wait_for(lambda: node.runs() == ["1-1"])
    pool.close()
    pool.close()
    wait_for(lambda: not node.processes())  # who ended all may just be ending itself
    assert list((node.spool / "campaigns").iterdir()) == []


def test_that_an_environment_is_there_is_seen_here_while_the_attempt_still_runs(
    node, tmp_path, crate
):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate, seconds=300))
        wait_for((tmp_path / "attempts/1-1/ready").exists)
        assert pool.ended(0.0) == ()
    finally:
        pool.close()


def test_a_worker_that_fails_is_told_with_its_code_and_log(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate, code=3))
        assert wait_for_ends(pool, 1)["1-1"].code == 3
    finally:
        pool.close()
    assert "at work" in (tmp_path / "attempts/1-1/worker.log").read_text()


def test_what_lies_there_stays_where_somebody_wants_to_look_at_it(node, tmp_path, crate):
    pool = make_runner(node, tmp_path, keep="yes").open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate))
        pool.submit(make_attempt(tmp_path, "2-1", crate, seconds=300))
        assert wait_for_ends(pool, 1)["1-1"].code == 0
        wait_for(lambda: "2-1" in node.runs())
    finally:
        pool.close()
    (campaign,) = (node.spool / "campaigns").iterdir()
    wait_for((campaign / "attempts/2-1/ended.json").exists)
    kept = [one.name for one in (campaign / "attempts").iterdir() if (one / "attempt").is_dir()]
    assert sorted(kept) == ["1-1", "2-1"]
    again = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    again.close()
    assert not campaign.exists()


def test_what_an_attempt_before_had_done_goes_over_with_it(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    (tmp_path / "runs/1-2/notebooks").mkdir(parents=True)
    (tmp_path / "runs/1-2/notebooks/first.json").write_text("done before")
    try:
        pool.submit(make_attempt(tmp_path, "1-2", crate, resume=True))
        wait_for_ends(pool, 1)
    finally:
        pool.close()
    assert (tmp_path / "runs/1-2/notebooks/first.json").read_text() == "done before"
    assert (tmp_path / "runs/1-2/crate.bin").exists()


def test_a_crate_that_is_not_here_is_the_attempts_fault_and_not_the_places(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", tmp_path / "gone.crate.zip"))
        pool.submit(make_attempt(tmp_path, "2-1", crate))
        ends = wait_for_ends(pool, 2)
    finally:
        pool.close()
    assert "gone.crate.zip" in ends["1-1"].note
    assert ends["2-1"].code == 0


def test_a_site_of_the_far_sides_own_configuration_is_found_by_its_name(node, tmp_path, crate):
    pool = make_runner(node, tmp_path, site="kyoto").open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate))
        wait_for_ends(pool, 1)
    finally:
        pool.close()
    with pytest.raises(BadInput, match="no site 'osaka'"):
        make_runner(node, tmp_path, site="osaka").open("c1", tmp_path, workers=0)
