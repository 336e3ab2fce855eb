"""Kernels of other interpreters: started ahead, within walls, and ended without manners.

A kernel is reached through sockets in a private folder (`ipc`), since it has no network. It is
killed when its notebook is done: being asked to leave costs 0.2 s, and a kernel that overlooks the
request, 2.5 s of waiting before jupyter_client sends a signal.
"""

import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.model.environment import Environment
from recrate.outside import sandbox
from recrate.outside.confined import Confined
from recrate.outside.disk import remove_tree
from recrate.outside.gateway import Door, Gateway
from recrate.outside.limits import Limits
from recrate.replay.places import Places
from recrate.replay.settings import ReplaySettings
from recrate.replay.variables import kernel_variables

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


@dataclass(kw_only=True)
class Kernel:
    """A kernel's process, the folder of its sockets, and how to reach it.

    cwd_inode: of the folder it started in; a notebook may have replaced that folder since
    inside:    the folder of its sockets, as the kernel sees it
    """

    confined: Confined
    folder: Path
    connection: dict[str, Any]
    notebook: str
    cwd_inode: int
    inside: str
    door: Door | None = None

    def end(self) -> None:
        """Kill the kernel and all it started, and take its sockets away."""
        self.confined.end()
        if self.door is not None:
            self.door.close()
        remove_tree(self.folder)


@dataclass(kw_only=True)
class Kernels:
    """The kernels of one run: one at work, at most one more that waits for the next notebook."""

    environment: Environment
    settings: ReplaySettings
    places: Places
    memory_bytes: int | None
    gateway: Gateway | None = None
    waiting: Kernel | None = None
    started: int = 0
    _held_by: str = ""

    def take(self, notebook: str) -> Kernel:
        """Return a kernel for `notebook`: the one that was started for it, or a new one."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            if self._fits(waiting, notebook):
                return waiting
            waiting.end()
        return self._start(notebook)

    def prepare(self, notebook: str) -> None:
        """Start the kernel of the notebook that comes next, while another one is at work."""
        if self.waiting is None and self.places.folder_of(notebook).is_dir():
            self.waiting = self._start(notebook)

    @property
    def held_by(self) -> str:
        """Return what holds the kernels to their limits, in words; empty before the first."""
        return self._held_by

    def end(self) -> None:
        """End the one that waits."""
        if self.waiting is not None:
            self.waiting.end()
            self.waiting = None

    def _fits(self, kernel: Kernel, notebook: str) -> bool:
        folder = self.places.folder_of(notebook)
        return (
            kernel.notebook == notebook
            and kernel.confined.poll() is None
            and folder.is_dir()
            and folder.stat().st_ino == kernel.cwd_inode
        )

    def _start(self, notebook: str) -> Kernel:
        self.started += 1
        folder = self.places.sockets / str(self.started)
        folder.mkdir(mode=0o700, parents=True)
        connection = _connection(folder)
        inside = {**connection, "ip": connection["ip"].replace(str(folder), self._sockets(folder))}
        (folder / "c.json").write_text(json.dumps(inside), encoding="utf-8")
        cwd = self.places.ready_folder(notebook)
        door = self.gateway.open(folder) if self.gateway is not None else None
        confined = self._launch(folder, notebook)
        self._held_by = confined.bounds.words
        return Kernel(
            confined=confined,
            folder=folder,
            connection=connection,
            notebook=notebook,
            cwd_inode=cwd.stat().st_ino,
            inside=self._sockets(folder),
            door=door,
        )

    def _sockets(self, folder: Path) -> str:
        """Return the name that the folder of a kernel's sockets has for the kernel."""
        return "/run/recrate" if self.places.walled else str(folder)

    def _launch(self, folder: Path, notebook: str) -> Confined:
        sockets = self._sockets(folder)
        inner = [
            part.replace("{connection_file}", f"{sockets}/c.json")
            for part in self.environment.kernel_command
        ]
        if any(part.startswith("ipykernel") for part in inner):
            inner.append("--HistoryManager.hist_file=:memory:")
        settings = self.settings
        launch: Callable[..., Confined] = (
            sandbox.start if settings.sandboxed else sandbox.start_without_walls
        )
        return launch(
            inner,
            sandbox.Walls(
                folder=self.places.inside(self.places.folder_of(notebook)),
                readable=readable_folders(self.environment),
                renamed=(*self.places.renamed, (str(folder), sockets)),
                network=settings.allow_network and self.gateway is None,
                variables=kernel_variables(self.environment, settings, self.places),
                limits=Limits(
                    memory_bytes=self.memory_bytes,
                    processes=settings.processes,
                    file_bytes=settings.file_bytes,
                ),
            ),
        )


def readable_folders(environment: Environment) -> tuple[str, ...]:
    """Return the folders outside the system's own that the environment consists of."""
    system = ("/usr", "/lib", "/bin", "/sbin")
    found = (environment.folder, *environment.mounts)
    return tuple(
        dict.fromkeys(
            folder
            for folder in found
            if folder and not any(Path(folder).is_relative_to(part) for part in system)
        )
    )


def _connection(folder: Path) -> dict[str, Any]:
    """Return what a connection file says; sockets in `folder`, or on loopback where there are none.

    Source: https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
    """
    common = {
        "key": secrets.token_hex(16),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "",
    }
    if sys.platform == "win32":
        return {**common, **_free_ports(), "transport": "tcp", "ip": "127.0.0.1"}
    ports = {f"{name}_port": number for number, name in enumerate(CHANNELS, start=1)}
    return {**common, **ports, "transport": "ipc", "ip": str(folder / "s")}


def _free_ports() -> dict[str, int]:
    from jupyter_client.connect import LocalPortCache  # noqa: PLC0415 - where sockets have no paths

    cache = LocalPortCache.instance()
    return {f"{name}_port": cache.find_available_port("127.0.0.1") for name in CHANNELS}
