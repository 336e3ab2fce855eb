"""What the tests of the ssh runner share: attempts, and a pool that is waited for."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from recrate.model.runner import Attempt, Ended
from recrate.runners.runner import Depot
from recrate.runners.ssh import Ssh


def make_runner(node, folder: Path, /, **answers: str) -> Ssh:
    """Return the runner that leads to the node."""
    return Ssh(
        node.answers(**answers),
        Depot(
            cache=folder / "cache",
            data=folder / "data",
            agent="test",
            python="python3",
            variables={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        ),
    )


def make_attempt(folder: Path, name: str, crate: Path, **order: object) -> Attempt:
    """Write an attempt as a campaign does."""
    place = folder / "attempts" / name
    place.mkdir(parents=True)
    told = {
        "name": name,
        "crate": str(crate),
        "destination": str(folder / "runs" / name),
        "cache": "/nowhere",
        "config": "/nowhere/recrate_config.py",
        **order,
    }
    (place / "order.json").write_text(json.dumps(told))
    return Attempt(id=name, folder=str(place))


def wait_for_ends(pool, count: int, seconds: float = 120.0) -> dict[str, Ended]:
    """Return so many ends by their attempt; an attempt that ends twice fails."""
    found: dict[str, Ended] = {}
    until = time.monotonic() + seconds
    while len(found) < count:
        for one in pool.ended(1.0):
            assert one.attempt not in found
            found[one.attempt] = one
        assert time.monotonic() < until, (found, pool.state())
    return found


def wait_for(what: Callable[[], object], seconds: float = 90.0) -> None:
    """Return when something is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def result_of(attempt: Attempt) -> dict[str, str]:
    """Return the result that lies in an attempt's folder."""
    found: dict[str, str] = json.loads((Path(attempt.folder) / "result.json").read_text())
    return found
