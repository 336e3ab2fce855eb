"""Kernels of other interpreters: started ahead, within walls, and ended without manners.

A kernel is reached through sockets in a private folder (`ipc`), since it has no network. It is
killed when its notebook is done: asking it politely first was measured to cost 0.2 to 3 seconds.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_core.utils import run_sync

from recrate.model.errors import RecrateError
from recrate.outside.confined import Confined
from recrate.outside.disk import remove_tree

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class NoKernel(RecrateError):
    """The kernel did not start; `where` holds the last words it said."""


@dataclass(kw_only=True)
class Kernel:
    """A kernel process and, once connected, the client that talks to it."""

    confined: Confined
    folder: Path
    connection: dict[str, Any]
    client: Any = None
    info: dict[str, Any] | None = None
    has_kernel: bool = True
    kernel_id: str = "replay"

    @classmethod
    def start(cls, folder: Path, launch: Callable[[Path], Confined]) -> "Kernel":
        """Start a kernel whose connection file lies in `folder`, a short path of its own."""
        folder.mkdir(mode=0o700, parents=True)
        connection = _connection(folder)
        (folder / "c.json").write_text(json.dumps(connection))
        return cls(confined=launch(folder), folder=folder, connection=connection)

    async def is_alive(self) -> bool:
        """Say whether the process runs; nbclient asks this once a second."""
        return self.confined.poll() is None

    async def cleanup_resources(self) -> None:
        """Do nothing: `end` does it all."""

    def connect(self, *, timeout_seconds: float, prelude: str, limit_bytes: int) -> None:
        """Wait until the kernel answers, then run `prelude` in it, unseen.

        Raises NoKernel when it dies first or says nothing in time.
        """
        run_sync(self._connect)(timeout_seconds, prelude, limit_bytes)

    async def _connect(self, timeout_seconds: float, prelude: str, limit_bytes: int) -> None:
        self.client = AsyncKernelClient()
        self.client.load_connection_info(self.connection)
        self.client.parent = None
        self.client.start_channels(hb=False, stdin=False)
        self.client.allow_stdin = False
        deadline = time.monotonic() + timeout_seconds
        while self.info is None:
            request = self.client.kernel_info()
            self.info = await self._answer(request, 1.0)
            if self.info is None:
                self._still_coming(deadline, timeout_seconds)
        if prelude:
            request = self.client.execute(prelude, silent=True, store_history=False)
            await self._answer(request, timeout_seconds)

    async def _answer(self, request: str, patience: float) -> dict[str, Any] | None:
        deadline = time.monotonic() + patience
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = await self.client.get_shell_msg(timeout=min(left, 0.2))
            except Empty:
                if self.confined.poll() is not None:
                    return None
                continue
            if message["parent_header"].get("msg_id") == request:
                return dict(message["content"])
        return None

    def _still_coming(self, deadline: float, patience: float) -> None:
        if self.confined.poll() is not None:
            raise NoKernel(
                f"the kernel ended with code {self.confined.poll()} before it answered",
                where=self.confined.said(),
            )
        if time.monotonic() > deadline:
            raise NoKernel(
                f"the kernel did not answer within {patience:g} seconds",
                where=self.confined.said(),
            )

    def end(self) -> None:
        """Kill the kernel and all it started, and take its sockets away."""
        if self.client is not None:
            self.client.stop_channels()
            self.client = None
        self.confined.end()
        remove_tree(self.folder)


def _connection(folder: Path) -> dict[str, Any]:
    ports: dict[str, Any] = {f"{name}_port": n for n, name in enumerate(CHANNELS, start=1)}
    key = secrets.token_hex(16)
    return {
        **ports,
        "transport": "ipc",
        "ip": str(folder / "s"),
        "key": key,
        "signature_scheme": "hmac-sha256",
        "kernel_name": "",
    }


_ = (os, sys)
