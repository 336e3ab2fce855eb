"""`python -m recrate`, and where the command begins: an interrupt is one also while loading."""

import sys


def main() -> None:
    """Load the command line and run it; leave with 130 when interrupted on the way."""
    try:
        from recrate.cli.main import main as run  # noqa: PLC0415 - loading is part of the way

        run()
    except KeyboardInterrupt:
        sys.stderr.write("recrate: interrupted; nothing was begun\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
