"""Kernels of a session: JupyterLab asks for them, and gets them within the same walls as a replay.

A kernelspec of a session names this provisioner (group `jupyter_client.kernel_provisioners`). The
kernel is reached through sockets in a private folder, for it has no network.
"""

import asyncio
import contextlib
import json
import os
import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

from recrate.model.environment import Environment
from recrate.model.launch import SessionHead
from recrate.model.wire import from_json
from recrate.outside import sandbox
from recrate.outside.confined import Confined
from recrate.outside.disk import remove_tree
from recrate.outside.grants import held_to_grant, usual_memory_bytes
from recrate.outside.limits import Limits
from recrate.replay.kernels import readable_folders
from recrate.replay.places import Places
from recrate.replay.settings import ReplaySettings
from recrate.replay.variables import kernel_variables

_INSIDE = "/run/recrate"
_LONGEST_BYTES = 100


class WalledProvisioner(LocalProvisioner):  # type: ignore[misc]  # it comes without types
    """Starts a session's kernel within walls, with nothing of the server's environment."""

    session = Unicode("", help="The session's folder.").tag(config=True)
    environment = Unicode("", help="Folder that holds environment.json.").tag(config=True)

    confined: Confined | None = None
    sockets: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose sockets in a folder instead of ports, then let jupyter_client write them down."""
        if self.sockets is None:
            self.sockets = _sockets_in(Path(self.session))
            self.parent.transport = "ipc"
            self.parent.ip = str(self.sockets / "s")
        told: dict[str, Any] = await super().pre_launch(**kwargs)
        return told

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002 - the environment says the command
        """Start the kernel; raises Refused where there are no walls and the session wants them."""
        assert self.sockets is not None, "pre_launch comes first"
        head = from_json(_read(self.session, "session.json"), SessionHead, where=self.session)
        environment = from_json(
            _read(self.environment, "environment.json"), Environment, where=self.environment
        )
        walled = head.walls == "bubblewrap"
        inside = _INSIDE if walled else str(self.sockets)
        connection = dict(self.connection_info)
        connection["key"] = connection["key"].decode("ascii")
        connection["ip"] = f"{inside}/s"
        (self.sockets / "c.json").write_text(json.dumps(connection), encoding="utf-8")
        self.confined = await asyncio.to_thread(
            _start, head, environment, self.sockets, inside, str(kwargs.get("cwd") or head.study)
        )
        self.process = self.confined.child
        self.pid = self.confined.child.pid
        return dict(self.connection_info)

    async def send_signal(self, signum: int) -> None:
        """Interrupt what the kernel does; any other signal ends it."""
        if self.confined is None:
            return
        if signum == signal.SIGINT:
            self.confined.interrupt()
        elif signum:
            await asyncio.to_thread(self.confined.end)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002 - jupyter_client's signature
        """End the kernel and all that it started."""
        if self.confined is not None:
            await asyncio.to_thread(self.confined.end)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel and all that it started."""
        await self.kill(restart=restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Take the sockets away, unless the kernel starts again behind the same ones."""
        await super().cleanup(restart=restart)
        if not restart and self.sockets is not None:
            remove_tree(self.sockets)
            self.sockets = None


def _read(folder: str, name: str) -> bytes:
    return (Path(folder) / name).read_bytes()


def _start(
    head: SessionHead, environment: Environment, sockets: Path, inside: str, cwd: str
) -> Confined:
    walled = head.walls == "bubblewrap"
    places = Places(scratch=Path(head.study).parents[1], sockets=sockets, walled=walled)
    settings = ReplaySettings(
        agent=head.agent,
        clock=lambda: datetime.now(UTC),
        sandboxed=walled,
        allow_network=head.network,
        variables=dict(os.environ),
    )
    folder = Path(head.study)
    with contextlib.suppress(ValueError):
        folder = folder / Path(cwd).resolve().relative_to(folder.resolve())
    inner = [
        part.replace("{connection_file}", f"{inside}/c.json") for part in environment.kernel_command
    ]
    if any(part.startswith("ipykernel") for part in inner):
        inner.append("--HistoryManager.hist_file=:memory:")
    walls = sandbox.Walls(
        folder=places.inside(folder),
        readable=readable_folders(environment),
        renamed=(*places.renamed, (str(sockets), inside)),
        network=settings.allow_network,
        variables=kernel_variables(environment, settings, places),
        limits=Limits(
            memory_bytes=_memory_limit(head),
            processes=settings.processes,
            file_bytes=settings.file_bytes,
        ),
    )
    return sandbox.start(inner, walls) if walled else sandbox.start_without_walls(inner, walls)


def _memory_limit(head: SessionHead) -> int | None:
    """Return the limit of one kernel in bytes: what was asked for, else as a replay has it."""
    if head.memory_bytes is not None:
        return held_to_grant(head.memory_bytes)
    return usual_memory_bytes() if head.walls == "bubblewrap" else None


def _sockets_in(session: Path) -> Path:
    """Make a folder for one kernel's sockets: in the session's, so that it goes with it.

    A socket's path ends at 107 bytes; where the session lies too deep, it is made elsewhere.
    """
    session.joinpath("k").mkdir(mode=0o700, exist_ok=True)
    made = tempfile.mkdtemp(prefix="", dir=session / "k")
    if len(os.fsencode(made)) <= _LONGEST_BYTES:
        return Path(made)
    remove_tree(Path(made))
    return Path(tempfile.mkdtemp(prefix="rk-"))
