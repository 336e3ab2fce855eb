"""A small process beside a build or session: it waits for the launch to end, however it ends.

Its input is a pipe of which only the launch holds the other end. When that is closed and the
folder is still there, the launch was killed, and what the folder names is taken away.
"""

import os
import sys
from pathlib import Path

from recrate_binder.container.kept import take_away


def main() -> None:
    """Wait for the end of the input, then take away what is left."""
    sys.stdin.read()
    take_away(Path(sys.argv[1]), os.environ)


if __name__ == "__main__":
    main()
