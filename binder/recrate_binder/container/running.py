"""A container that runs a crate's JupyterLab: how it is walled, reached, watched and ended."""

import contextlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from recrate.model.errors import OutsideFailed
from recrate.model.launch import Launched
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.process import kill_tree, start, wait_until
from recrate_binder.container.doorway import Doorway, answers
from recrate_binder.container.engine import Engine
from recrate_binder.container.kept import OWNER_LABEL, SESSION_LABEL
from recrate_binder.container.reasons import last_lines

OUT_OF_MEMORY = 137
"""Exit code of a container whose first process was killed: over its memory, unless we did it."""
PROCESSES = 2048
LOG_LIMIT_BYTES = 4 << 20
FIRST_ID = 1_500_000_000
"""Where root's podman maps the container's users to: ids that no person on a machine has."""
INSIDE = "/run/recrate"
PORT = 8888
_SCRATCH = "/tmp:rw,exec,nosuid,nodev,mode=1777,size="  # noqa: S108 - the container's own


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What is run, and within which limits.

    folder:    of the session, private; what is shared with the container lies below it
    copied:    folders whose copies can be written to, all else being read-only; none: a layer of
               its own over all of the image, in which its user may write where the image lets it
    command:   of the image; where to listen is added to it
    variables: of the container's first process; not seen in a list of processes
    """

    id: str
    owner: str
    image: str
    folder: Path
    command: tuple[str, ...]
    variables: Mapping[str, str]
    memory_bytes: int
    processors: float | None
    network: bool
    copied: tuple[str, ...] = ()

    @property
    def container(self) -> str:
        """Its name."""
        return f"recrate-{self.id}"

    @property
    def door(self) -> Path:
        """The folder that both sides write to."""
        return self.folder / "door"


def start_container(order: RunOrder, engine: Engine, *, token: str) -> "Inside":
    """Start a container and return it once its JupyterLab answers.

    Raises OutsideFailed, with what it said last, when it ends before that or takes too long.
    """
    variables = order.folder / "variables"
    with disk_errors(order.folder):
        order.door.mkdir(mode=0o777)
        order.door.chmod(0o777)
        write_text(variables, "".join(f"{k}={v}\n" for k, v in order.variables.items()))
        variables.chmod(0o600)
    inside = Inside(order=order, engine=engine)
    ready = False
    try:
        inside.begin(command_of(order, engine, variables))
        ready = wait_until(lambda: inside.answers(token), inside.process, timeout_seconds=180)
        if not ready:
            raise OutsideFailed(
                f"JupyterLab did not start: {inside.why_it_ended()}",
                where=order.image,
                hint="more memory (--memory), or `recrate launch --on here`",
            )
        order.door.chmod(0o755)  # enough to connect; nothing more can be put there
        variables.unlink()
    finally:
        if not ready:
            inside.end()
    return inside


def command_of(order: RunOrder, engine: Engine, variables: Path) -> list[str]:
    """Return the engine's command line: nothing in it is secret, or a stranger's own words."""
    walls = [
        "--cap-drop", "all", "--security-opt", "no-new-privileges",
        "--volume", f"{order.door}:{INSIDE}/door:z",
        "--shm-size", "256m", "--pids-limit", str(PROCESSES),
        "--memory", str(order.memory_bytes), "--memory-swap", str(order.memory_bytes),
    ]  # fmt: skip
    if order.copied:
        walls += ["--read-only", "--tmpfs", f"{_SCRATCH}{order.memory_bytes // 2}"]
        walls += [part for place in order.copied for part in ("--volume", place)]
    if order.processors is not None:
        walls += ["--cpus", f"{order.processors:g}"]
    if engine.name == "podman" and not engine.rootless:
        mapped = f"0:{FIRST_ID}:65536"
        walls += ["--uidmap", mapped, "--gidmap", mapped]
    if order.network:
        reach = ["--publish", f"127.0.0.1::{PORT}"]
        listen = ["--ServerApp.ip=0.0.0.0", f"--ServerApp.port={PORT}"]
    else:
        reach = ["--network", "none"]
        listen = [f"--ServerApp.sock={INSIDE}/door/s", "--ServerApp.sock_mode=0666"]
    return [
        engine.program, "run", "--rm", "--pull", "never", "--name", order.container,
        "--label", f"{SESSION_LABEL}={order.id}", "--label", f"{OWNER_LABEL}={order.owner}",
        "--log-driver", "none", "--env-file", str(variables), *walls, *reach,
        order.image, *order.command, *listen,
    ]  # fmt: skip


@dataclass(kw_only=True)
class Inside:
    """A container that was started, with the way into it."""

    order: RunOrder
    engine: Engine
    process: Any = None
    doorway: Doorway | None = None
    port: int = 0
    code: int | None = None
    ended_by_us: bool = False
    readers: list[threading.Thread] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What it said, up to a limit."""
        return self.order.folder / "container.log"

    def begin(self, command: list[str]) -> None:
        """Start it; what it says goes into its log, as far as there is room."""
        if not self.order.network:
            self.doorway = Doorway(self.order.door / "s")
            self.doorway.open()
            self.port = self.doorway.port
        # what podman starts writes a file where it was started when memory runs out
        self.process = start(command, folder=self.order.folder, variables=self.engine.variables)
        self.process.stdin.close()
        self.log.touch(mode=0o600)
        for stream in (self.process.stdout, self.process.stderr):
            reader = threading.Thread(target=self._note, args=(stream,), daemon=True)
            reader.start()
            self.readers.append(reader)

    def _note(self, stream: IO[bytes]) -> None:
        room = LOG_LIMIT_BYTES // 2  # for each of two streams
        with stream, contextlib.suppress(OSError), self.log.open("ab", buffering=0) as kept:
            while line := stream.readline(1 << 16):
                room -= len(line)
                if room > 0:
                    kept.write(line)

    def answers(self, token: str) -> bool:
        """Say whether its JupyterLab answers already."""
        if self.order.network and not self.port:
            told = self.engine.run("port", self.order.container, f"{PORT}/tcp").out
            with contextlib.suppress(ValueError, IndexError):
                self.port = int(told.split()[-1].rpartition(":")[2])
        return bool(self.port) and answers(self.port, token)

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        code: int = self.process.wait()
        if self.code is None:
            self.code = code
        return self.code

    def why_it_ended(self) -> str:
        """Return one line for a person."""
        code = self.process.poll()
        time.sleep(0.2)  # what it said last is still on its way
        if code == OUT_OF_MEMORY and not self.ended_by_us:
            return f"out of memory ({self.order.memory_bytes / 1024**3:.1f} GiB)"
        lines = last_lines(self.log)
        said = lines[-1][:300] if lines else "it said nothing"
        return said if code is None else f"exit code {code}: {said}"

    def end(self) -> None:
        """End it at once and take it away."""
        self.ended_by_us = True
        self.engine.remove(self.order.container)
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(Exception):
                self.process.wait(timeout=10)
            kill_tree(self.process.pid)
        if self.process is not None:
            self.process.wait()
        for reader in self.readers:
            reader.join()
        if self.doorway is not None:
            self.doorway.close()


@dataclass(kw_only=True)
class InContainer:
    """`Running`: what the target gives back."""

    launched: Launched
    inside: Inside
    leave: contextlib.ExitStack

    def wait(self) -> int:
        """Wait for its end; raises OutsideFailed where it ran out of memory."""
        code = self.inside.wait()
        if code == OUT_OF_MEMORY and not self.inside.ended_by_us:
            raise OutsideFailed(
                "the container was killed: its memory was used up",
                where=self.inside.order.image,
                hint="give it more with --memory",
            )
        return code

    def end(self) -> None:
        """End it and take everything away."""
        with self.leave:
            self.inside.end()
