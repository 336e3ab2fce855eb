"""Talking with a kernel: the first words, and every message after them held to a budget."""

import contextlib
import json
import time
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_core.utils import ensure_event_loop, run_sync

from recrate.model.errors import RecrateError
from recrate.replay.kernels import Kernel

LARGEST_MESSAGE_BYTES = 256 * 1024**2
"""A larger one is refused by the socket: it would have to lie in our memory as a whole."""


class NoKernel(RecrateError):  # noqa: N818 - as the tree of errors names them
    """The kernel did not start; `where` holds the last words it said."""


class Conversation:
    """A client connected to one kernel; nbclient takes it for a kernel manager as well."""

    has_kernel = True
    kernel_id = "replay"

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.info: dict[str, Any] = {}
        # The event loop must be there before sockets of asyncio are.
        ensure_event_loop()
        self.context = zmq.asyncio.Context()
        self.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE_BYTES)
        self.context.setsockopt(zmq.LINGER, 0)
        self.client = AsyncKernelClient(context=self.context)
        self.client.load_connection_info(kernel.connection)
        self.client.allow_stdin = False

    async def is_alive(self) -> bool:
        """Say whether the kernel's process runs."""
        return self.kernel.confined.poll() is None

    async def interrupt_kernel(self) -> None:
        """Do nothing: a kernel of ours is ended, not interrupted."""

    async def cleanup_resources(self) -> None:
        """Do nothing: `close` does it all."""

    def open(self, *, timeout_seconds: float, prelude: str) -> None:
        """Wait until the kernel answers on both channels, then run `prelude` in it, unseen.

        Raises NoKernel when it dies first or says nothing in time.
        """
        run_sync(self._open)(timeout_seconds, prelude)

    async def _open(self, timeout_seconds: float, prelude: str) -> None:
        self.client.start_channels(stdin=False, hb=False, control=False)
        self.client.parent = None
        deadline = time.monotonic() + timeout_seconds
        while not self.info:
            # Until the subscription has arrived, what the kernel publishes is lost: ask again.
            request = self.client.kernel_info()
            answer = await self._reply(request, min(deadline, time.monotonic() + 5))
            if answer is not None and await self._hears(request):
                self.info = answer
            else:
                self._give_up(deadline, timeout_seconds)
        if prelude:
            request = self.client.execute(prelude, silent=True, store_history=False)
            await self._reply(request, deadline)

    def ask(self, code: str, *, timeout_seconds: float) -> dict[str, Any] | None:
        """Run code in the kernel, unseen, and return what it replied; None where it did not."""

        async def asked() -> dict[str, Any] | None:
            request = self.client.execute(code, silent=True, store_history=False)
            return await self._reply(request, time.monotonic() + timeout_seconds)

        return run_sync(asked)()

    async def _reply(self, request: str, deadline: float) -> dict[str, Any] | None:
        while time.monotonic() < deadline and self.kernel.confined.poll() is None:
            with contextlib.suppress(Empty):
                message = await self.client.get_shell_msg(timeout=0.1)
                if message["parent_header"].get("msg_id") == request:
                    return dict(message["content"])
        return None

    async def _hears(self, request: str) -> bool:
        with contextlib.suppress(Empty):
            while True:
                message = await self.client.get_iopub_msg(timeout=0.2)
                if message["parent_header"].get("msg_id") == request:
                    return True
        return False

    def _give_up(self, deadline: float, patience: float) -> None:
        code = self.kernel.confined.poll()
        if code is not None:
            message = f"the kernel ended with code {code} before it answered"
        elif time.monotonic() > deadline:
            message = f"the kernel did not answer within {patience:g} seconds"
        else:
            return
        raise NoKernel(message, where=self.kernel.confined.said())

    def close(self) -> None:
        """End the talk; the kernel itself is ended by its owner."""
        self.client.stop_channels()
        self.context.destroy(linger=0)


class Incoming:
    """The messages a kernel publishes, looked at before they are unpacked."""

    def __init__(self, conversation: Conversation) -> None:
        self.channel = conversation.client.iopub_channel
        self.session = conversation.client.session

    async def next(self, timeout_seconds: float) -> list[bytes] | None:
        """Return the parts of the next message, after its signature; None when none comes.

        Parts: signature, header, parent header, metadata, content, buffers.
        Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
        """
        if not await self.channel.socket.poll(int(timeout_seconds * 1000)):
            return None
        parts = await self.channel.socket.recv_multipart()
        try:
            return list(self.session.feed_identities(parts)[1])
        except ValueError:
            return []

    def unpack(self, parts: list[bytes]) -> dict[str, Any] | None:
        """Return the whole message, or None when it is none."""
        try:
            message: dict[str, Any] = self.session.deserialize(parts)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return message

    @staticmethod
    def headers(parts: list[bytes]) -> tuple[str, str]:
        """Return a message's type and the id of the request it belongs to; empty when not there."""
        try:
            kind = json.loads(parts[1]).get("msg_type", "")
            request = json.loads(parts[2]).get("msg_id", "")
        except (ValueError, AttributeError, IndexError, RecursionError):
            return "", ""
        return str(kind), str(request)
