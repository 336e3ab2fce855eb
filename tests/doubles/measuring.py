"""A proxy that counts what goes through it: how long a request is, and its answer."""

import socket
import threading
import time
from contextlib import suppress

from doubles.serving import Cut, CuttingProxy


class MeasuringProxy(CuttingProxy):
    """Cuts as it is told to, and measures what goes through where nothing is cut."""

    def __init__(self, target: int, cuts: list[Cut]) -> None:
        self.lengths: dict[int, tuple[int, int]] = {}
        self._numbers = iter(range(1 << 30))
        super().__init__(target=target, cuts=cuts)

    def measured(self, requests: int) -> dict[int, tuple[int, int]]:
        """Return the bytes of each connection, there and back, once all of them are known."""
        deadline = time.monotonic() + 10
        while len(self.lengths) < requests and time.monotonic() < deadline:
            time.sleep(0.005)
        assert len(self.lengths) == requests, "a campaign needs one connection for each request"
        return dict(self.lengths)

    def _carry(self, client: socket.socket, cut: Cut | None) -> None:
        if cut is not None or self.cuts:
            super()._carry(client, cut)
            return
        number = next(self._numbers)
        counts = [0, 0]
        with client, socket.create_connection(("127.0.0.1", self.target)) as service:
            sending = threading.Thread(target=_count, args=(client, service, counts, 0))
            sending.daemon = True
            sending.start()
            _count(service, client, counts, 1)
            for one in (client, service):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            sending.join(5)
        self.lengths[number] = (counts[0], counts[1])


def _count(source: socket.socket, target: socket.socket, counts: list[int], at: int) -> None:
    with suppress(OSError):
        while block := source.recv(65536):
            target.sendall(block)
            counts[at] += len(block)
        target.shutdown(socket.SHUT_WR)
