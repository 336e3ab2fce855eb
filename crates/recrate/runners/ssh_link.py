"""The way to the far side: the system's ssh, one master connection, and questions over it."""

import contextlib
import os
import re
import shlex
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from recrate.model.errors import BadInput
from recrate.outside.disk import disk_errors, remove_tree
from recrate.outside.process import kill_tree, run, start, wait_until
from recrate.runners.ssh_talk import Question, Talk
from recrate.runners.ssh_words import LinkFailed, failure_of

_CONNECT_SECONDS = 20
_LOG_IN_SECONDS = 60.0
_CHECK_SECONDS = 15.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0

OURS = (
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "NoHostAuthenticationForLocalhost=no",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "EscapeChar=none",
    "LogLevel=ERROR",
    f"ConnectTimeout={_CONNECT_SECONDS}",
    "ServerAliveInterval=10",
    "ServerAliveCountMax=3",
)
"""Said first, and ssh believes what is said first (ssh_config(5)): no configuration undoes them."""
_MEANT_BY_US = {one.partition("=")[0].lower() for one in OURS[:3]}
_PREFIX = "recrate-ssh-"
"""Of the folder of a control socket, whose whole name must not pass 108 bytes (unix(7))."""
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@:%\[\]-]{0,250}")
_PATH = re.compile(r"~?[A-Za-z0-9_./+@=,%:][A-Za-z0-9_./+@=,%:~-]{0,1000}|~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where the far side is, checked: nothing in it can be taken for an option or by a shell."""

    host: str
    python: str
    folder: str
    program: str = "ssh"
    options: tuple[str, ...] = ()
    patience_seconds: float = 900.0


def way_of(
    *, host: str, python: str, folder: str, program: str, options: str, patience_seconds: float
) -> Way:
    """Return the way that a site's answers describe; raises BadInput for one that is none."""
    if not _HOST.fullmatch(host):
        raise BadInput(f"host: {host!r} is no name of a host", hint="a name of ~/.ssh/config")
    for name, path in (("python", python), ("folder", folder)):
        if not _PATH.fullmatch(path):
            raise BadInput(
                f"{name}: {path!r} is no path that every shell takes as it is",
                hint="letters, digits and . _ - / ~ + @ = , % : are taken; no spaces",
            )
    try:
        words = tuple(shlex.split(options))
    except ValueError as error:
        raise BadInput(f"options: {error}", hint="as on the command line of ssh") from error
    told = {re.split(r"[= ]", one.removeprefix("-o").strip())[0].lower() for one in words}
    if told & _MEANT_BY_US:
        raise BadInput(
            f"options: {', '.join(sorted(told & _MEANT_BY_US))} cannot be chosen",
            hint="host keys are always verified, and ssh asks nothing: log in once by hand",
        )
    return Way(
        host=host,
        python=python,
        folder=folder,
        program=program or "ssh",
        options=words,
        patience_seconds=patience_seconds,
    )


@dataclass(kw_only=True)
class _Complaints:
    """What a program prints on stderr, the last of it."""

    text: str = ""

    def listen(self, stream: Any) -> None:
        with contextlib.suppress(OSError, ValueError):
            while block := stream.read1(4096):
                self.text = (self.text + block.decode("utf-8", "replace"))[-16_000:]


class Link:
    """Questions to the far side, from any thread; as a context it ends its connection."""

    def __init__(self, way: Way, variables: Mapping[str, str]) -> None:
        self.way = way
        self.variables = variables
        self.where = way.host
        self.stop = threading.Event()
        self.last_good = time.monotonic()
        self.trouble = ""
        self._master: Any = None
        self._complaints = _Complaints()
        self._lock = threading.Lock()
        with disk_errors(Path(tempfile.gettempdir())):
            _sweep(Path(tempfile.gettempdir()))
            self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: Question, *, stopped: Callable[[], bool] | None = None) -> list[Any]:
        """Return the lines of the answer.

        Raises LinkFailed where the far side is not reached, else what it raised itself.
        """
        command = [
            *self._ssh(*self._shared()),
            f"{self.way.python} -P -m recrate.runners.agent {question.verb} {self.way.folder}",
        ]
        talk = Talk(
            command,
            question,
            variables=self.variables,
            where=self.where,
            stopped=stopped or self.stop.is_set,
        )
        try:
            found = talk.answer()
        except LinkFailed:
            self._drop_broken()
            raise
        self.last_good, self.trouble = time.monotonic(), ""
        return found

    def ask_patiently(self, question: Question) -> list[Any]:
        """Ask until an answer comes, with growing pauses; every question may be asked twice.

        Raises LinkFailed when trying again changes nothing, or nothing has come for as long as
        our patience lasts, else what the far side raised.
        """
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return self.ask(question)
            except LinkFailed as error:
                without = time.monotonic() - self.last_good
                if error.lasting or without > self.way.patience_seconds or self.stop.is_set():
                    raise
                self.trouble = str(error)
            self.stop.wait(min(pause, self.way.patience_seconds))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def close(self) -> None:
        """End the connection; one that was there before us stays."""
        self.stop.set()
        with self._lock:
            self._end_master()
        remove_tree(self._folder)

    def _ssh(self, *more: str, flags: Sequence[str] = ()) -> list[str]:
        settings = [word for one in (*more, *OURS) for word in ("-o", one)]
        return [self.way.program, *settings, *self.way.options, *flags, "--", self.way.host]

    def _is_open(self, *more: str) -> bool:
        """Say whether a connection is there to be shared; a cheap look that sends nothing."""
        checked = run(
            self._ssh(*more, flags=("-O", "check")),
            timeout_seconds=_CHECK_SECONDS,
            variables=self.variables,
        )
        return checked.code == 0 and not checked.timed_out

    def _shared(self) -> Sequence[str]:
        """Return the options that lead over a connection that is open, and open it if it is not.

        A connection of the person's own comes first: behind it lies a second factor, perhaps.
        """
        if shutil.which(self.way.program, path=self.variables.get("PATH")) is None:
            raise LinkFailed(
                "ssh-missing",
                "no such program on this machine",
                where=self.way.program,
                hint="install OpenSSH's client, or name the program in `ssh`",
                lasting=True,
            )
        if sys.platform == "win32":  # its OpenSSH has no control sockets
            return ()
        with self._lock:
            if self._master_lives():
                return ("ControlMaster=no", f"ControlPath={self._socket}")
            if self._is_open("ControlMaster=no"):
                return ("ControlMaster=no",)
            self._start_master()
            return ("ControlMaster=no", f"ControlPath={self._socket}")

    @property
    def _socket(self) -> Path:
        return self._folder / "s"

    def _master_lives(self) -> bool:
        return self._master is not None and self._master.poll() is None and self._socket.is_socket()

    def _start_master(self) -> None:
        """Start a connection that ends when we do: its `cat` over there reads from us."""
        self._end_master()
        self._complaints = _Complaints()
        own = ("ControlMaster=yes", f"ControlPath={self._socket}", "ControlPersist=no")
        self._master = start([*self._ssh(*own), "cat"], variables=self.variables)
        listener = threading.Thread(
            target=self._complaints.listen, args=(self._master.stderr,), daemon=True
        )
        listener.start()
        if not wait_until(self._socket.is_socket, self._master, timeout_seconds=_LOG_IN_SECONDS):
            code = self._master.poll()
            self._end_master()
            listener.join(2.0)
            raise failure_of(code, self._complaints.text, self.where)

    def _drop_broken(self) -> None:
        """End a connection that no longer answers: the next question makes another."""
        with self._lock:
            if not self._master_lives() or not self._is_open(f"ControlPath={self._socket}"):
                self._end_master()

    def _end_master(self) -> None:
        master, self._master = self._master, None
        if master is None:
            return
        kill_tree(master.pid)
        master.wait()
        for pipe in (master.stdin, master.stdout, master.stderr):
            with contextlib.suppress(OSError):
                pipe.close()
        self._socket.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove the socket folders of our own processes that were killed."""
    for place in folder.glob(f"{_PREFIX}*-*"):
        number = place.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            mine = place.lstat().st_uid == os.getuid() if sys.platform != "win32" else True
            if mine and number.isdecimal() and not psutil.pid_exists(int(number)):
                remove_tree(place)
