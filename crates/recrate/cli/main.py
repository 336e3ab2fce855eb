"""`recrate`: the verbs together, and the one door that turns errors into words and exit codes."""

import contextlib
import signal
import sys
import traceback
from types import FrameType

import click

from recrate import __version__
from recrate.cli.check import check
from recrate.cli.compare import compare
from recrate.cli.console import complain
from recrate.cli.demo import demo
from recrate.cli.judge import judge
from recrate.cli.pack import pack
from recrate.cli.refer import refer
from recrate.cli.replay import replay
from recrate.cli.scan import scan
from recrate.model.errors import RecrateError

INTERRUPTED = 130
OUTSIDE_FAILED = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="recrate")
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
def recrate(debug: bool) -> None:
    """Package a notebook study as an RO-Crate, replay it, and say whether it still holds.

    \b
    Exit codes: 0 done · 1 done, but different, failed, not restored, or findings of severity error
    2 bad input · 3 something outside failed · 4 refused · 130 interrupted
    """


for verb in (scan, refer, pack, check, replay, judge, compare, demo):
    recrate.add_command(verb)


def main() -> None:
    """Run the command line and leave with its exit code."""
    debug = "--debug" in sys.argv[1:2]
    _take_signals()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = recrate.main(prog_name="recrate", standalone_mode=False)
    except RecrateError as error:
        if debug:
            traceback.print_exc()
        complain(error)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("recrate: interrupted; what was done is kept", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = INTERRUPTED
    except OSError as error:
        if debug:
            traceback.print_exc()
        print(f"recrate: {error.filename or 'disk'}: {error.strerror or error}", file=sys.stderr)
        code = OUTSIDE_FAILED
    sys.exit(code if isinstance(code, int) else 0)


def _take_signals() -> None:
    """Let SIGTERM end us as Ctrl-C does: the whole tree, keeping what was done."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGHUP, interrupt)
