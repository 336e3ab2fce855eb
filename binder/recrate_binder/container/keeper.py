"""A small process beside a build or session: it waits for the launch to end, however it ends.

Its input is a pipe of which only the launch holds the other end. When that is closed and the
folder is still there, the launch was killed, and what the folder names is taken away.
"""

import contextlib
import os
import sys
from pathlib import Path

from filelock import FileLock

from recrate_binder.container.kept import LOCK, MARKER, take_away


def main() -> None:
    """Wait for the end of the input, then take away what is left."""
    sys.stdin.read()
    folder = Path(sys.argv[1])
    if not (folder / MARKER).exists():
        return
    lock = folder.parent / LOCK
    with FileLock(str(lock)) if lock.exists() else contextlib.nullcontext():
        take_away(folder, os.environ)


if __name__ == "__main__":
    main()
