"""The only way into a container without a network: a port here, a socket in a shared folder there.

The container's side writes into that folder, so what lies under the socket's name is not trusted:
a link in its place would lead to any socket of this machine.
"""

import asyncio
import contextlib
import http.client
import os
import stat
import threading
from pathlib import Path

BLOCK_BYTES = 1 << 16


class Doorway:
    """Listens on a free port of the loopback address and passes on to a socket; ends with us."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._passing: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def open(self) -> None:
        """Begin to listen; `port` is known when this returns."""
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Stop listening and cut what is connected; may be called more than once."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(
            asyncio.start_server(self._pass_on, "127.0.0.1", 0, limit=BLOCK_BYTES)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_cut())
        self._loop.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = asyncio.current_task()
        assert own is not None
        self._passing.add(own)  # a loop alone does not keep its tasks from being collected
        own.add_done_callback(self._passing.discard)
        try:
            inner_reader, inner_writer = await _connect(self.socket)
        except OSError:
            writer.close()
            return
        ways = (_pump(reader, inner_writer), _pump(inner_reader, writer))
        try:
            await asyncio.gather(*ways)
        except asyncio.CancelledError:
            for one in (writer, inner_writer):
                one.transport.abort()  # nobody takes what is still to be sent
            raise
        finally:
            for one in (writer, inner_writer):
                one.close()


async def _cut() -> None:
    under_way = asyncio.all_tasks() - {asyncio.current_task()}
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    for _ in range(3):  # a connection is closed in the loop's next rounds
        await asyncio.sleep(0)


async def _connect(socket: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to what is a socket itself, and to nothing that a link leads to."""
    held = os.open(socket, os.O_PATH | os.O_NOFOLLOW)
    try:
        if not stat.S_ISSOCK(os.fstat(held).st_mode):
            raise FileNotFoundError(str(socket))
        return await asyncio.open_unix_connection(f"/proc/self/fd/{held}", limit=BLOCK_BYTES)
    finally:
        os.close(held)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(BLOCK_BYTES):
            writer.write(block)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        if writer.can_write_eof():
            writer.write_eof()


def answers(port: int, token: str) -> bool:
    """Say whether a Jupyter server behind a port of ours knows the token."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
