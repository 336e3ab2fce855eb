"""Notes that a kernel writes into a file beside its sockets, read as they grow.

Whatever stands there may be a lie: whoever reads it takes the words it knows, and no others.
"""

import os
import stat
from pathlib import Path

_AT_ONCE_BYTES = 65_536


class Notes:
    """The notes in one file; what is no plain file has none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read_bytes = 0

    def next(self) -> tuple[str, ...]:
        """Return the lines written since the last call; of more than 64 KiB the first ones."""
        try:
            number = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return ()
        with os.fdopen(number, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                return ()
            stream.seek(self.read_bytes)
            new = stream.read(_AT_ONCE_BYTES)
            self.read_bytes = max(self.read_bytes, status.st_size)
        return tuple(new.decode("utf-8", "replace").split("\n"))
