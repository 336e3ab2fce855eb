"""Attempts for tests of clusters: what a `recrate.worker` is seen as from outside, and no more.

`python` of the site is a wrapper: as the worker it does what the attempt's order says, for all else
it is the interpreter of the tests.
"""

import json
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from recrate.model.runner import Attempt, Ended
from recrate.runners.runner import Depot, Pool

_WORKER = """\
import json, os, pathlib, signal, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
order = json.loads((folder / "order.json").read_text())
os.close(os.open(folder / "started.json", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
print("worker", folder.name)
print("complaint", file=sys.stderr)
if order.get("child"):
    subprocess.Popen(["sleep", "300"], start_new_session=True)
(folder / "pids").write_text(f"{os.getppid()} {os.getpid()}")
if order.get("kills") == "parent":
    os.kill(os.getppid(), signal.SIGKILL)
time.sleep(order.get("seconds", 0))
(folder / "result.json").write_text(json.dumps({"node": os.environ.get("SLURMD_NODENAME", "")}))
sys.exit(order.get("code", 0))
"""


def worker_python(folder: Path) -> str:
    """Write the wrapper into `folder` and return its path."""
    (folder / "worker.py").write_text(_WORKER)
    wrapper = folder / "python"
    wrapper.write_text(
        "#!/bin/bash\n"
        f'if [ "$1 $2" = "-m recrate.worker" ]; then exec "{sys.executable}"'
        f' "{folder}/worker.py" "$3"; fi\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return str(wrapper)


def a_depot(folder: Path, variables: Mapping[str, str]) -> Depot:
    """Return what a runner is made with, in `folder`."""
    for name in ("cache", "data"):
        (folder / name).mkdir(exist_ok=True)
    return Depot(
        cache=folder / "cache",
        data=folder / "data",
        agent="recrate test",
        python=sys.executable,
        variables=variables,
    )


def an_attempt(
    campaign: Path, number: int, *, limit: float | None = None, **order: object
) -> Attempt:
    """Make an attempt's folder. `order`: seconds to sleep, exit code, child, kills."""
    folder = campaign / "attempts" / f"{number}-1"
    folder.mkdir(parents=True)
    (folder / "order.json").write_text(json.dumps(order))
    return Attempt(id=f"{number}-1", folder=str(folder), seconds=limit)


def take(
    pool: Pool, count: int, *, seconds: float = 150, until: Callable[[], bool] = lambda: False
) -> dict[str, Ended]:
    """Return so many ended attempts, by id."""
    found: dict[str, Ended] = {}
    waited = 0.0
    while len(found) < count and not until():
        for one in pool.ended(1.0):
            assert one.attempt not in found, f"{one.attempt} ended twice"
            found[one.attempt] = one
        waited += 1.0
        assert waited < seconds, f"only {sorted(found)} of {count}; {pool.state()}"
    return found
