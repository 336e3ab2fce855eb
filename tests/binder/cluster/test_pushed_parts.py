"""What goes to nodes without shared files and what comes back, without a cluster."""

import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cluster_attempts import a_depot, an_attempt, worker_python
from pbs_double import pbs_variables
from recrate.model.errors import BadInput, Refused
from recrate.model.runner import Attempt
from recrate_binder.cluster.door import open_door
from recrate_binder.cluster.judging import UNHEARD, judge_end
from recrate_binder.cluster.node_files import node_spool, own_folder
from recrate_binder.cluster.onnode_pushed import Brought
from recrate_binder.cluster.options import COMMON, Answers, pilot_of
from recrate_binder.cluster.pilot import write_keys
from recrate_binder.cluster.probe import tell
from recrate_binder.cluster.pushing import Pushing
from recrate_binder.cluster.runners import Kubernetes, Pbs

Told = Callable[..., Any]


def _zipped(**files: bytes) -> bytes:
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def _names(attempt: Attempt) -> list[str]:
    return sorted(one.name for one in Path(attempt.folder).iterdir())


def _done(answer: Callable[[], Any]) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(answer())
    return future


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (_zipped(**{"attempt/result.json": b"{}", "replay/../../../escaped": b"x"}), "leads out"),
        (_zipped(**{"attempt/result.json": b"{}", "/tmp/escaped": b"x"}), "absolute"),
        (b"garbage", "not a zip file"),
    ],
)
def test_a_hostile_archive_is_refused_and_nothing_of_it_is_laid(
    tmp_path: Path, packed: bytes, words: str
) -> None:
    brought = Brought(told=(0, "", "n1", ""), packed=packed)
    way = Pushing(hand=lambda *_: _done(lambda: brought), python="python", scratch=tmp_path / "s")
    attempt = an_attempt(tmp_path, 1)
    with closing(way):
        code, why, _, note = way.begin(attempt).result(20)
    assert (code, why) == (None, "lost")
    assert words in note
    assert _names(attempt) == ["order.json"]
    assert not [one for one in tmp_path.rglob("*") if one.name == "escaped"]


def test_what_an_archive_says_of_the_order_or_of_other_folders_is_left_out(tmp_path: Path) -> None:
    packed = _zipped(
        **{"attempt/order.json": b"{}", "attempt/result.json": b"{}", "other/x": b"x", "top": b"x"}
    )
    brought = Brought(told=(0, "", "n1", ""), packed=packed)
    way = Pushing(hand=lambda *_: _done(lambda: brought), python="python", scratch=tmp_path / "s")
    attempt = an_attempt(tmp_path, 1, seconds=3)
    with closing(way):
        assert way.begin(attempt).result(20) == (0, "", "n1", "")
    assert _names(attempt) == ["order.json", "result.json"]
    assert json.loads((Path(attempt.folder) / "order.json").read_text()) == {"seconds": 3}


def test_a_result_of_an_attempt_that_was_called_off_is_not_laid(tmp_path: Path) -> None:
    brought = Brought(told=(0, "", "n1", ""), packed=_zipped(**{"attempt/result.json": b"{}"}))
    future: Future[Any] = Future()
    handed: list[object] = []

    def hand(*given: object) -> "Future[Any]":
        handed.append(given)
        return future

    way = Pushing(hand=hand, python="python", scratch=tmp_path / "s")
    attempt = an_attempt(tmp_path, 1)
    with closing(way):
        promise = way.begin(attempt)
        while not handed:
            assert not promise.done()
        assert way.call_off(attempt.id)
        future.set_result(brought)
        promise.result(20)
    assert _names(attempt) == ["order.json"]


@pytest.fixture
def on_node(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Be on the node with this scratch."""

    def move(scratch: Path) -> None:
        scratch.mkdir(exist_ok=True)
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    return move


@pytest.mark.slow
def test_nodes_say_what_they_lack_and_with_the_third_try_all_goes_along(
    tmp_path: Path, on_node: Callable[[Path], None]
) -> None:
    crate, data = tmp_path / "a.crate.zip", tmp_path / "sea.csv"
    crate.write_bytes(b"crate")
    data.write_bytes(b"data of the sea")
    rounds: list[int] = []

    def hand(work: Told, _: object, *given: Any) -> "Future[Any]":
        on_node(tmp_path / ("n1" if len(rounds) in {0, 3} else "n2"))
        rounds.append(sum(len(one) for one in given[-1].values()))
        return _done(lambda: work(*given))

    on_node(tmp_path / "n1")
    first = an_attempt(tmp_path, 1, crate=str(crate))
    way = Pushing(hand=hand, python=worker_python(tmp_path), scratch=tmp_path / "s")
    with closing(way):
        # n1 lacks it, n2 is asked with it
        assert way.begin(first).result(60)[:2] == (0, "")
        assert rounds == [0, 5]
        # n2 has the crate but not the data; n1 has neither; whoever is third gets both
        second = an_attempt(tmp_path, 2, crate=str(crate), data={"sea.csv": str(data)})
        assert way.begin(second).result(60)[:2] == (0, "")
    assert rounds == [0, 5, 0, 15, 20]
    assert way.sent_bytes == 40
    assert list((tmp_path / "n2").rglob("attempts/*/*")) == []


def test_a_folder_of_a_dead_process_is_taken_away_and_one_of_a_living_stays(
    tmp_path: Path,
) -> None:
    with own_folder(tmp_path) as first:
        (tmp_path / "dead").mkdir()
        (tmp_path / "dead" / "held").touch()
        with own_folder(tmp_path) as second:
            assert first.is_dir()
            assert first.stat().st_mode & 0o777 == 0o700
            assert {one.name for one in tmp_path.iterdir() if one.is_dir()} == {
                first.name,
                second.name,
            }
    assert [one.name for one in tmp_path.iterdir()] == ["lock"]


def test_a_scratch_that_somebody_else_prepared_is_refused(
    tmp_path: Path, on_node: Callable[[Path], None]
) -> None:
    on_node(tmp_path)
    assert node_spool().stat().st_mode & 0o777 == 0o700
    node_spool().chmod(0o770)
    with pytest.raises(Refused, match="others may write"):
        node_spool()
    node_spool_place = tmp_path / f"recrate-{os.getuid()}"
    node_spool_place.rmdir()
    (tmp_path / "mine").mkdir(mode=0o700)
    node_spool_place.symlink_to(tmp_path / "mine")
    with pytest.raises(Refused, match="a link"):
        node_spool()


def test_keys_on_a_node_are_private_and_hold_no_secret_of_this_machine(tmp_path: Path) -> None:
    curvezmq = pytest.importorskip("parsl.curvezmq", reason="Parsl is not installed")
    from recrate_binder.cluster.pilot import keys_of  # noqa: PLC0415 -- needs what Parsl brings

    made = Path(curvezmq.create_certificates(tmp_path))
    secret = (made / "server.key_secret").read_text().partition('secret-key = "')[2][:40]
    there = tmp_path / "there"
    there.mkdir()
    written = write_keys(keys_of(made), there)
    assert written.stat().st_mode & 0o777 == 0o700
    files = sorted(written.iterdir())
    assert [one.stat().st_mode & 0o777 for one in files] == [0o600, 0o600]
    assert not [one for one in files if secret in one.read_text()]
    assert curvezmq._load_certificate(written, "client") == curvezmq._load_certificate(
        made, "client"
    )
    assert (
        curvezmq._load_certificate(written, "server")[0]
        == curvezmq._load_certificate(made, "server")[0]
    )


def test_only_who_knows_the_word_is_heard_at_the_door() -> None:
    pilot = pilot_of(Answers({"ports": "54600-54700"}, COMMON), "python")
    with open_door(pilot) as door:
        tell({"word": "another", "node": "evil"}, "127.0.0.1", door.port)
        tell({"word": door.word, "node": "n1"}, "127.0.0.1", door.port)
        told = door.hear(10)
        assert told is not None
        assert told["node"] == "n1"
        assert door.hear(0.1) is None


def test_a_node_that_reaches_no_port_is_told_as_such() -> None:
    found = judge_end("pbs", UNHEARD, "python", "")
    assert found is not None
    assert found.code == "node-cannot-connect"


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return pbs_variables(tmp_path / "pbs")


@pytest.mark.slow
def test_a_job_of_pbs_prints_to_nowhere_and_its_check_asks_for_no_shared_folder(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    answers = {"python": sys.executable, "queue": "batch", "shared": "no", "heartbeat": "30"}
    runner = Pbs({**answers, "scratch": str(tmp_path / "node")}, a_depot(tmp_path, variables))
    provider = runner.scheduler.provider("recrate-c1.", tmp_path)
    job = provider.submit("true", 1, "parsl.pilots.block-0")
    script = (tmp_path / "pbs" / "state" / f"{job}.sh").read_text()
    assert "#PBS -o /dev/null\n#PBS -e /dev/null\n" in script
    (found,) = runner.check()
    assert found.code == "runner-works", found.message
    assert "through Parsl" in found.message
    assert f"{tmp_path}/node/recrate-{os.getuid()} there" in found.message


def test_pods_need_volumes_only_for_shared_files(tmp_path: Path) -> None:
    depot, image = a_depot(tmp_path, {}), {"image": "registry.example.org/recrate:1"}
    alone = Kubernetes({**image, "shared": "no"}, depot)
    assert alone.scheduler.settings.volumes == ()
    assert not alone.about.capabilities.shared
    assert Kubernetes.about.capabilities.shared
    with pytest.raises(BadInput, match="volumes"):
        Kubernetes(image, depot)
    with pytest.raises(BadInput):
        Kubernetes({**image, "shared": "perhaps"}, depot)
