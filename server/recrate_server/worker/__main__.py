"""The worker's process: takes the folder, does the errand, writes how it ended."""

import sys
from pathlib import Path

from recrate_server.worker.working import work


def main() -> None:
    """Do the errand in the folder that is named, and leave with a code for whoever waits."""
    sys.exit(work(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
