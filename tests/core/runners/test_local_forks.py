"""Workers of this machine that are forked: each as if it alone had been started, none lost."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from recrate.model.errors import OutsideFailed
from recrate.model.runner import Attempt, Ended
from recrate.outside.forking import Forks
from recrate.outside.process import same_process
from recrate.runners.local import LocalPool
from recrate.runners.local_workers import Workers
from recrate.runners.runner import LOG, Depot

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are for Linux"),
]

WORK = """
import os, pathlib, sys, threading, time

def warm():
    end = time.process_time() + 0.4
    while time.process_time() < end:
        pass

def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "pid").write_text(f"{os.getpid()} {os.getppid()}")
    told = {"folder": folder}
    exec((folder / "do.py").read_text(), told)
    return told.get("code", 0)

if __name__ == "__main__":
    sys.exit(main())
"""
"""A worker that does what lies in its folder."""

SELF = """
import json, os, random, resource, signal, sys, threading
names = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP)
fds = [one for one in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{one}")]
(folder / "self.json").write_text(json.dumps({
    "environ": dict(os.environ), "folder": os.getcwd(), "words": sys.argv[1:],
    "descriptors": {one: os.readlink(f"/proc/self/fd/{one}") for one in sorted(fds)},
    "leads": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
    "signals": [str(signal.getsignal(one)) for one in names],
    "blocked": [int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, ())],
    "limits": resource.getrlimit(resource.RLIMIT_NOFILE), "mask": os.umask(0o22),
    "threads": threading.active_count(), "nice": os.nice(0),
}))
(folder / "number").write_text(str(random.random()))
print("said")
sys.stderr.write("complained")
"""
WAITS = """
import time
while not (folder / "go").exists(): time.sleep(0.02)
(folder / "result").touch()
"""


class Place:
    """A campaign's folder, and pools in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = WORK
        self.pools: list[LocalPool] = []

    def pool(self, many: int = 4) -> LocalPool:
        (self.root / "code").mkdir(exist_ok=True)
        (self.root / "code" / "pretended_work.py").write_text(self.work)
        self.pools.append(LocalPool(many, self.workers()))
        return self.pools[-1]

    def workers(self) -> Workers:
        variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.root / "code"), "X": "ü"}
        depot = Depot(
            cache=self.root, data=self.root, agent="", python=sys.executable, variables=variables
        )
        return Workers(depot, self.root, module="pretended_work")

    def attempt(self, name: str, does: str, **more: Any) -> Attempt:
        folder = self.root / "attempts" / name
        folder.mkdir(parents=True)
        (folder / "do.py").write_text(does)
        return Attempt(id=name, folder=str(folder), **more)

    def of(self, name: str, file: str) -> Path:
        return self.root / "attempts" / name / file

    def pids(self, name: str) -> tuple[int, int]:
        until(lambda: len(self.of(name, "pid").read_text().split()) == 2)
        mine, parent = self.of(name, "pid").read_text().split()
        return int(mine), int(parent)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    for pool in made.pools:
        pool.close()
    assert not processes(tmp_path)


def processes(folder: Path) -> list[int]:
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in word for word in one.cmdline()):
                found.append(one.pid)
    return found


def until(ready: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if ready():
                return
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def all_of(pool: LocalPool, many: int = 1) -> dict[str, Ended]:
    found: dict[str, Ended] = {}
    until(lambda: found.update({one.attempt: one for one in pool.ended(0.5)}) or len(found) >= many)
    return found


def test_a_forked_worker_is_as_one_that_was_started_for_its_attempt_alone(place: Place) -> None:
    pool = place.pool()
    for name in ("1-1", "2-1"):
        pool.submit(place.attempt(name, SELF))
    place.of("1-1", LOG).write_text("before\n")
    assert {one.code for one in all_of(pool, 2).values()} == {0}
    alone = place.workers().start_alone(Path(place.attempt("3-1", SELF).folder))
    until(lambda: alone.look() is not None)
    told = {
        name: json.loads(place.of(name, "self.json").read_text().replace(name, "N"))
        for name in ("1-1", "2-1", "3-1")
    }
    assert told["1-1"] == told["2-1"] == told["3-1"]
    assert set(told["1-1"]["descriptors"]) == {"0", "1", "2"}
    assert told["1-1"]["leads"] == [True, True]
    assert place.of("1-1", LOG).read_text() == "before\nsaid\ncomplained"
    assert place.of("1-1", "number").read_text() != place.of("2-1", "number").read_text()
    (first, server), (second, same), (_, mine) = map(place.pids, told)
    assert (server, mine) == (same, os.getpid())
    assert len({first, second, server, mine}) == 4


def test_what_was_imported_for_all_is_not_counted_as_time_of_an_attempt(place: Place) -> None:
    pool = place.pool()
    times = "import os; t = os.times(); (folder / 'times').write_text(str(sum(t[:4])))"
    pool.submit(place.attempt("1-1", times))
    all_of(pool)
    assert float(place.of("1-1", "times").read_text()) < 0.3


@pytest.mark.parametrize(
    ("does", "code", "why"),
    [
        ("code = 0", 0, ""),
        ("code = 3", 3, ""),
        ("code = 75", 75, "refused"),
        ("code = 130", 130, "lost"),
        ("1 / 0", 1, ""),
        ("os = __import__('os'); os.kill(os.getpid(), 9)", -9, "lost"),
        ("os = __import__('os'); os.kill(os.getpid(), 15)", -15, "lost"),
        ("raise KeyboardInterrupt", -2, "lost"),
    ],
)
def test_an_end_is_told_as_of_a_program_of_its_own(
    place: Place, does: str, code: int, why: str
) -> None:
    pool = place.pool()
    pool.submit(place.attempt("1-1", does))
    over = all_of(pool)["1-1"]
    assert (over.code, over.why) == (code, why)
    assert ("Traceback" in place.of("1-1", LOG).read_text()) == ("/" in does or "raise" in does)


def test_a_worker_that_is_told_to_end_keeps_what_was_done(place: Place) -> None:
    waits = """
import signal, time
def end(*_): raise KeyboardInterrupt
signal.signal(signal.SIGTERM, end)
(folder / "begun").touch()
try:
    time.sleep(60)
except KeyboardInterrupt:
    (folder / "kept").touch()
    code = 130
"""
    pool = place.pool()
    pool.submit(place.attempt("0-1", ""))
    all_of(pool)  # from here on nobody waits for what is imported
    pool.submit(place.attempt("1-1", waits))
    pool.submit(place.attempt("2-1", waits, seconds=6.0))
    until(place.of("1-1", "begun").exists)
    until(place.of("2-1", "begun").exists)
    pool.cancel("1-1")
    over = all_of(pool, 2)
    assert {name: (one.code, one.why) for name, one in over.items()} == {
        "1-1": (130, "cancelled"),
        "2-1": (130, "time"),
    }
    assert place.of("1-1", "kept").exists()
    assert place.of("2-1", "kept").exists()


def test_one_that_is_called_off_before_it_began_is_over(place: Place) -> None:
    pool = place.pool()
    pool.submit(place.attempt("1-1", "import time; time.sleep(60)"))
    pool.cancel("1-1")
    assert all_of(pool)["1-1"].why == "cancelled"


def test_what_a_worker_leaves_behind_is_killed(place: Place) -> None:
    starts = """
import subprocess
left = subprocess.Popen(["sleep", "600"])
(folder / "left").write_text(str(left.pid))
"""
    pool = place.pool()
    pool.submit(place.attempt("1-1", starts))
    all_of(pool)
    left = int(place.of("1-1", "left").read_text())
    began = psutil.Process(left).create_time() if psutil.pid_exists(left) else None
    until(lambda: not same_process(left, began), 10)


def test_closing_ends_all(place: Place) -> None:
    pool = place.pool()
    for number in range(3):
        pool.submit(place.attempt(f"{number}-1", "import time; time.sleep(60)"))
    _, server = place.pids("0-1")
    pool.close()
    assert server not in psutil.pids()
    assert not processes(place.root)
    pool.close()


def test_attempts_go_on_when_the_server_is_killed_and_the_next_has_another(place: Place) -> None:
    pool = place.pool()
    pool.submit(place.attempt("1-1", WAITS))
    mine, server = place.pids("1-1")
    os.kill(server, signal.SIGKILL)
    assert pool.ended(0.5) == ()
    pool.submit(place.attempt("2-1", ""))
    assert all_of(pool)["2-1"].code == 0
    assert place.pids("2-1")[1] not in {server, os.getpid()}
    assert same_process(mine, psutil.Process(mine).create_time())
    place.of("1-1", "go").touch()
    assert all_of(pool)["1-1"].code is None
    assert place.of("1-1", "result").exists()


def test_what_had_not_begun_when_the_server_was_killed_is_begun_once(place: Place) -> None:
    place.work = WORK.replace("0.4", "2.0")
    pool = place.pool()
    for number in range(3):
        note = "(folder / 'runs').open('a').write('x')"
        pool.submit(place.attempt(f"{number}-1", note))
    (server,) = processes(place.root)
    os.kill(server, signal.SIGKILL)
    assert {one.code for one in all_of(pool, 3).values()} == {0}
    assert [place.of(f"{number}-1", "runs").read_text() for number in range(3)] == ["x"] * 3


def test_nothing_is_begun_that_whoever_asked_does_not_know_of(place: Place) -> None:
    place.pool()
    variables = {"PYTHONPATH": str(place.root / "code")}
    log = place.root / LOG
    forks = Forks("pretended_work", folder=place.root, log=log, variables=variables)
    until(lambda: forks.look(0.1) or forks.ready)
    (server,) = map(psutil.Process, processes(place.root))
    server.suspend()
    until(lambda: server.status() == psutil.STATUS_STOPPED)
    folder = Path(place.attempt("1-1", "").folder)
    forks.start("1-1", folder=folder, log=folder / LOG)
    forks._channel.close()
    server.resume()
    assert forks._server.wait(30) == 0
    assert [one.name for one in sorted(folder.iterdir())] == ["do.py", LOG]
    forks.close()


@pytest.mark.parametrize(
    "trouble",
    ["threading.Thread(target=time.sleep, args=(9,), daemon=True).start()", "raise OSError"],
)
def test_where_nothing_can_be_forked_each_worker_is_a_program_of_its_own(
    place: Place, trouble: str
) -> None:
    place.work = WORK.replace("    end = time", f"    {trouble}\n    end = time")
    pool = place.pool()
    pool.submit(place.attempt("1-1", "code = 3"))
    assert all_of(pool)["1-1"].code == 3
    assert place.pids("1-1")[1] == os.getpid()
    assert (place.root / "runner" / LOG).read_text()


def test_an_attempt_whose_log_cannot_be_written_is_not_forked_into_the_dark(place: Place) -> None:
    pool = place.pool()
    attempt = place.attempt("1-1", "")
    place.of("1-1", LOG).mkdir()
    pool.submit(attempt)
    with pytest.raises(OutsideFailed, match="cannot start"):
        all_of(pool)


def test_an_attempt_outlives_a_campaign_that_is_killed_and_the_server_does_not(
    place: Place,
) -> None:
    folder = place.attempt("1-1", WAITS).folder
    place.pool()
    program = f"""
import os, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_local_forks import Place, Attempt
pool = Place(Path({str(place.root)!r})).pool()
pool.submit(Attempt(id="1-1", folder={folder!r}))
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program]) as campaign:
        mine, server = place.pids("1-1")
        campaign.kill()
    time.sleep(0.2)
    assert psutil.pid_exists(mine)
    assert psutil.pid_exists(server)
    place.of("1-1", "go").touch()
    until(place.of("1-1", "result").exists)
    until(lambda: not psutil.pid_exists(server))
    assert not psutil.pid_exists(mine)
