"""`python -P -m recrate.outside.fork_server MODULE CHANNEL NAME`: a process for each piece of work.

MODULE is imported once, which is most of what a short piece of work takes; then a child is forked
for each that is asked for. In it everything is as in a program that was started for this piece
alone: a session, a log and a folder of its own, no descriptor of ours, other random numbers; it
calls `MODULE.main()` with the folder on its command line. Shared are only bytes that nobody writes:
modules, and where they lie in memory. Whatever is not ours to trust is started from there as a
program of its own, as ever.

Before the first fork there is one thread, and nothing is open but the channel: a child cannot hold
a lock that nobody will release. The channel carries one JSON object a packet. We are told
`{"start": NAME, "folder": …, "log": …}` and say `{"ready": true}`, `{"started": NAME, "pid": …,
"began": …}`, `{"refused": NAME, "why": …}`, `{"over": NAME, "code": …}`. A child does nothing until
its start was said, so whoever asked knows of all that may be at work. When the other end closes we
wait for the children that are left, and end. NAME is for people who look at a list of processes.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

PACKET_BYTES = 1 << 16
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What keeps numpy's libraries from starting threads while they are loaded."""
_NOT_BEGUN = 75


@dataclass(frozen=True, kw_only=True)
class _Child:
    name: str
    pid: int


class _Server:
    """The children, and the channel to whoever asks for them."""

    def __init__(self, channel: socket.socket) -> None:
        """Serve the other end of `channel`."""
        self._channel = channel
        self._children: dict[int, _Child] = {}
        self._open = True
        self._news = select.poll()  # no descriptor of its own: a child has nothing to close
        self._news.register(channel, select.POLLIN)

    def serve(self) -> str | None:
        """Work until the other end is closed and no child is left; in a child, return its folder.

        Children are reaped here alone, after whoever still shares their group was killed.
        """
        while self._open or self._children:
            for handle, _ in self._news.poll():
                if handle in self._children:
                    self._over(handle)
                    continue
                order = self._order()
                if order is not None and self._start(order):
                    return str(order["folder"])
        return None

    def tell(self, **what: object) -> bool:
        """Say something to the other end; False where nobody is there."""
        try:
            self._channel.send(json.dumps(what).encode())
        except OSError:
            self._close()
            return False
        return True

    def _order(self) -> dict[str, Any] | None:
        with contextlib.suppress(OSError):
            packet = self._channel.recv(PACKET_BYTES)
            if packet:
                order: dict[str, Any] = json.loads(packet)
                return order
        self._close()
        return None

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._news.unregister(self._channel)

    def _over(self, handle: int) -> None:
        child = self._children.pop(handle)
        self._news.unregister(handle)
        os.close(handle)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # its number is its own until it is reaped
        code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
        if self._open:
            self.tell(over=child.name, code=code)

    def _start(self, order: dict[str, Any]) -> bool:
        """Fork a child; True in the child."""
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            log = os.open(order["log"], flags, 0o666)
        except OSError as error:
            self.tell(refused=order["start"], why=error.strerror or str(error))
            return False
        gate, go = os.pipe()
        try:
            pid = os.fork()
        except OSError as error:
            self.tell(refused=order["start"], why=error.strerror or str(error))
            for one in (log, gate, go):
                os.close(one)
            return False
        if not pid:
            os.close(go)
            self._leave(order["folder"], log, gate)
            return True
        os.close(log)
        os.close(gate)
        self._keep(order["start"], pid, go)
        return False

    def _keep(self, name: str, pid: int, go: int) -> None:
        """Take note of a child, and let it begin once the other end knows of it."""
        handle = os.pidfd_open(pid)
        self._children[handle] = _Child(name=name, pid=pid)
        self._news.register(handle, select.POLLIN)
        if self.tell(started=name, pid=pid, began=psutil.Process(pid).create_time()):
            with contextlib.suppress(BrokenPipeError):  # killed already
                os.write(go, b"1")
        os.close(go)

    def _leave(self, folder: str, log: int, gate: int) -> None:
        """Become a process as if it had been started for this alone, once it may begin."""
        os.setsid()
        os.dup2(log, 1)
        os.dup2(log, 2)
        self._channel.close()
        if not os.read(gate, 1):
            os._exit(_NOT_BEGUN)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(folder)


def _load(name: str) -> ModuleType:
    """Import the module and what it will need, without threads; the environment stays as it is."""
    before = {one: os.environ.get(one) for one in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        module = importlib.import_module(name)
        module.warm()
    finally:
        for one, value in before.items():
            if value is None:
                del os.environ[one]
            else:
                os.environ[one] = value
    gc.collect()
    gc.freeze()  # what is here stays: children need not look through it, nor copy its pages
    return module


def _work(module: ModuleType, folder: str) -> int:
    """Do a child's work, and end it."""
    # Python's own random numbers are others in every fork by themselves.
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    sys.argv = [module.__file__ or "", folder]
    code: int = module.main()
    if threading.active_count() == 1:  # nothing is left to be ended: taking all apart takes 0.1 s
        atexit._run_exitfuncs()  # noqa: SLF001 - os._exit leaves them out, and nothing else calls them
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def main() -> int:
    """Serve the channel that the command line names; in a child, do its work."""
    name, number = sys.argv[1:3]
    channel = socket.socket(fileno=int(number))
    channel.set_inheritable(False)
    module = _load(name)
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    if threads > 1:
        sys.stderr.write(f"recrate: {threads} threads after importing {name}: not forked\n")
        return 1
    server = _Server(channel)
    server.tell(ready=True)
    folder = server.serve()
    return 0 if folder is None else _work(module, folder)


if __name__ == "__main__":
    sys.exit(main())
