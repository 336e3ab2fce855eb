"""Work in processes that are forked from one that has imported what they need. Linux only."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from recrate.model.errors import OutsideFailed
from recrate.outside.fork_server import PACKET_BYTES
from recrate.outside.process import kill_tree, same_process

_END_SECONDS = 5.0
"""What the server has for ending once there is nothing left to do, and for saying who ended."""


@dataclass(kw_only=True)
class Fork:
    """A process that was asked for.

    state: `lost` when the server was gone before it began: it never will
    pid, began: of it, once it runs; code: of a process that ended, -signal where one ended it
    why: what kept it from being started
    """

    name: str
    state: Literal["asked", "runs", "over", "refused", "lost"] = "asked"
    pid: int = 0
    began: float = 0.0
    code: int | None = None
    why: str = ""
    told: list[int] = field(default_factory=list)
    killed: float | None = None


class Forks:
    """A server of forks, and all that it was asked for. To be used from one thread.

    Children go on when we are killed, or when the server is; it ends by itself after us and them.
    """

    def __init__(
        self, module: str, *, folder: Path, log: Path, variables: Mapping[str, str]
    ) -> None:
        """Start the server; raises OutsideFailed when it cannot be started.

        module: has `warm()`, called once, and `main()`, called in each child
        folder: where the server runs, and what it is called by in a list of processes
        log: what the server itself prints is appended to it; variables: its whole environment
        """
        self._forks: dict[str, Fork] = {}
        self.ready = False
        self.gone = False
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        command = [sys.executable, "-P", "-m", "recrate.outside.fork_server", module]
        try:
            with theirs, log.open("ab") as kept:
                self._server = subprocess.Popen(
                    [*command, str(number), str(folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=kept,
                    stderr=subprocess.STDOUT,
                    cwd=folder,
                    env=dict(variables),
                    start_new_session=True,
                    pass_fds=(number,),
                )
        except OSError as error:
            self._channel.close()
            raise OutsideFailed(
                f"cannot start a server of forks: {error.strerror or error}",
                where=str(folder),
                hint="is there memory for one more process? Then try again",
            ) from error

    def start(self, name: str, *, folder: Path, log: Path) -> Fork:
        """Ask for a process that works in `folder` and appends what it prints to `log`."""
        fork = self._forks[name] = Fork(name=name)
        self._tell({"start": name, "folder": str(folder), "log": str(log)})
        return fork

    def _tell(self, what: dict[str, Any]) -> None:
        packet = json.dumps(what).encode()
        while not self.gone:
            try:
                self._channel.send(packet, socket.MSG_DONTWAIT)
            except BlockingIOError:  # it imports, or waits for us to read
                self.look(0.05)
            except OSError:
                self._server_is_gone()
            else:
                return
        self._settle_lost()

    def look(self, wait_seconds: float = 0.0) -> None:
        """Take in what became of the processes; wait so long for the first news."""
        if self.gone:
            time.sleep(wait_seconds)
            return
        if wait_seconds:
            select.select([self._channel], [], [], wait_seconds)
        while not self.gone:
            try:
                packet = self._channel.recv(PACKET_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError:
                packet = b""
            if packet:
                self._take(json.loads(packet))
            else:
                self._server_is_gone()

    def _take(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            self.ready = True
        elif "started" in said:
            fork = self._forks[said["started"]]
            fork.state, fork.pid, fork.began = "runs", said["pid"], said["began"]
            for number in fork.told:
                self.signal(fork, number)
        elif "refused" in said:
            fork = self._forks.pop(said["refused"])
            fork.state, fork.why = "refused", said["why"]
        elif "over" in said:
            fork = self._forks.pop(said["over"])
            fork.state, fork.code = "over", said["code"]

    def _server_is_gone(self) -> None:
        self.gone = True
        self._channel.close()
        self._server.kill()
        self._server.wait()
        self._settle_lost()

    def _settle_lost(self) -> None:
        for name, fork in list(self._forks.items()):
            if fork.state == "asked":
                fork.state = "lost"
                del self._forks[name]

    def is_over(self, fork: Fork) -> bool:
        """Say whether a process has ended; without its server nobody knows with which code."""
        late = fork.killed is not None and time.monotonic() > fork.killed + _END_SECONDS
        if fork.state == "runs" and (self.gone or late) and not same_process(fork.pid, fork.began):
            self._forks.pop(fork.name, None)
            fork.state = "over"
        return fork.state == "over"

    def signal(self, fork: Fork, number: int) -> None:
        """Send a signal to a process, as soon as it runs."""
        if fork.state == "asked":
            fork.told.append(number)
        elif fork.state == "runs" and same_process(fork.pid, fork.began):
            with contextlib.suppress(ProcessLookupError):
                os.kill(fork.pid, number)

    def kill(self, fork: Fork) -> None:
        """Kill a process with all that it started."""
        fork.killed = fork.killed or time.monotonic()
        if fork.state == "runs" and same_process(fork.pid, fork.began):
            kill_tree(fork.pid)
        elif fork.state == "asked":
            fork.told.append(signal.SIGKILL)

    def close(self) -> None:
        """Let the server end, once its children have; may be called more than once."""
        if self.gone:
            return
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._server.wait(_END_SECONDS)
        self._server_is_gone()
