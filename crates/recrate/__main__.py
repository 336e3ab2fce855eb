"""`python -m recrate`, and where the command begins: an interrupt is one also while loading."""

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it; leave with 130 when interrupted on the way."""
    # Kept from jsonschema: it compiles grammars for 3 s, for a format that nobody checks here.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        from recrate.cli.main import main as run  # noqa: PLC0415 - loading is part of the way

        run()
        sys.exit()
    except KeyboardInterrupt:
        sys.stderr.write("recrate: interrupted; nothing was begun\n")
    except SystemExit as leaving:
        if leaving.code != INTERRUPTED:
            raise
    # Everything was unwound by now. The interpreter would end itself by SIGINT instead of our code
    # where the interrupt had passed through an `exec`, as dataclasses do while modules load.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
