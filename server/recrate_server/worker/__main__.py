"""The worker's process: takes the folder, does the errand, writes how it ended."""

import contextlib
import os
import sys
from pathlib import Path

# What is kept from jsonschema: it compiles grammars for 3 s, for a format that nobody checks here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from recrate_server.worker.working import work  # noqa: E402


def main() -> None:
    """Do the errand in the folder that is named, and leave with a code for whoever waits."""
    code = work(Path(sys.argv[1]))
    # Python would make the code another one when what was printed found no room on the disk.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
