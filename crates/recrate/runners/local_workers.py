"""How a worker of this machine is started: forked of one that is ready, else by itself."""

import contextlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recrate.model.errors import OutsideFailed
from recrate.outside.disk import disk_errors
from recrate.outside.forking import Fork, Forks
from recrate.outside.process import Child, kill_tree, start_logged
from recrate.runners.runner import CANCELLED_CODE, LOG, MODULE, Depot

_TRIES = 3
"""Servers of forks that may be lost before workers are started by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A worker that ended. `code`: -signal when one ended it, None where nobody knows."""

    code: int | None


class Worker(Protocol):
    """A process that does one attempt."""

    def look(self) -> Over | None:
        """Return how it ended; None while it runs."""
        ...

    def signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        ...

    def kill(self) -> None:
        """Kill it and all that it started."""
        ...


class Workers:
    """The workers of a pool. On Linux they are forked of one process that has imported all.

    Where that process cannot be had each is a program of its own, as everywhere else.
    """

    def __init__(self, depot: Depot, folder: Path, *, module: str = MODULE) -> None:
        """Start nothing yet. `folder`: of the campaign; `module`: what a worker runs."""
        self._depot = depot
        self._folder = folder
        self._module = module
        self._forks: Forks | None = None
        linux = sys.platform.startswith("linux")
        self._tries = _TRIES if linux and depot.python == sys.executable else 0

    def start(self, folder: Path) -> Worker:
        """Start a worker for an attempt; raises OutsideFailed when it cannot be started."""
        forks = self._server()
        if forks is None:
            return self.start_alone(folder)
        return _Forked(workers=self, forks=forks, folder=folder)

    def start_alone(self, folder: Path) -> Worker:
        """Start a worker as a program of its own; raises OutsideFailed when that cannot be."""
        return _Alone(
            process=start_logged(
                [self._depot.python, "-m", self._module, folder],
                log=folder / LOG,
                folder=folder,
                variables=self._depot.variables,
            )
        )

    def _server(self) -> Forks | None:
        """Return a server of forks that works; None where there is none to be had."""
        if self._forks is not None and self._forks.gone:
            self._tries = self._tries - 1 if self._forks.ready else 0
            self._forks = None
        if self._forks is None and self._tries:
            place = self._folder / "runner"
            try:
                with disk_errors(place):
                    place.mkdir(exist_ok=True)
                self._forks = Forks(
                    self._module,
                    folder=self._folder,
                    log=place / LOG,
                    variables=self._depot.variables,
                )
            except OutsideFailed:
                self._tries = 0
        return self._forks

    def wait(self, seconds: float) -> None:
        """Wait so long for news of a worker; less where some come."""
        if self._forks is None:
            time.sleep(seconds)
        else:
            self._forks.look(seconds)

    def close(self) -> None:
        """Let go of the server; its workers must have ended."""
        if self._forks is not None:
            self._forks.close()
            self._forks = None


@dataclass(kw_only=True)
class _Alone:
    process: Child

    def look(self) -> Over | None:
        code = self.process.poll()
        if code is None:
            return None
        kill_tree(self.process.pid)
        return Over(code=code)

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self) -> None:
        kill_tree(self.process.pid)


class _Forked:
    """A forked worker; one that was never begun, because its server was lost, is started again."""

    def __init__(self, *, workers: Workers, forks: Forks, folder: Path) -> None:
        self._workers = workers
        self._forks = forks
        self._folder = folder
        self._fork: Fork = forks.start(folder.name, folder=folder, log=folder / LOG)
        self._other: Worker | None = None
        self._called_off = False

    def look(self) -> Over | None:
        if self._other is not None:
            return self._other.look()
        self._forks.look()
        if self._forks.is_over(self._fork):
            return Over(code=self._fork.code)
        if self._fork.state in {"lost", "refused"}:
            if self._called_off:
                return Over(code=CANCELLED_CODE)
            refused = self._fork.state == "refused"
            start = self._workers.start_alone if refused else self._workers.start
            self._other = start(self._folder)
        return None

    def signal(self, number: int) -> None:
        self._called_off = True
        if self._other is not None:
            self._other.signal(number)
        else:
            self._forks.signal(self._fork, number)

    def kill(self) -> None:
        self._called_off = True
        if self._other is not None:
            self._other.kill()
        else:
            self._forks.kill(self._fork)
