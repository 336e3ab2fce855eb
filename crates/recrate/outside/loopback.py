"""This machine as it talks to itself: a port that is free, and whether somebody listens there."""

import socket


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Say whether somebody listens on a port of the loopback address."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
