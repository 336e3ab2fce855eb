"""`recrate`: the verbs together, and the one door that turns errors into words and exit codes."""

import contextlib
import importlib
import signal
import sys
import traceback
from types import FrameType

import click

from recrate import __version__
from recrate.cli.console import complain
from recrate.model.errors import RecrateError

INTERRUPTED = 130
OUTSIDE_FAILED = 3

VERBS = {
    "scan": "Show what is in a study: notebooks, data, environment, findings.",
    "refer": "Fetch a file from a URL or DOI instead of packing it.",
    "pack": "Pack a study into a crate.",
    "check": "Check a crate: RO-Crate 1.1, our rules, safety.",
    "metadata": "Write what repositories are told, in the form that each wants.",
    "replay": "Run a crate again and judge what comes out.",
    "campaign": "Replay many crates, here or on a cluster, resumable.",
    "runners": "List the places that run, and try each.",
    "launch": "Open a crate in JupyterLab: here, in a container, on a Binder or a JupyterHub.",
    "judge": "Judge a replay again, without running anything.",
    "publish": "Publish a crate, or a verdict, in a repository.",
    "token": "Keep a repository's token in the keyring.",
    "compare": "Compare a recorded notebook with a rerun of it.",
    "sign": "Sign the verdict of a replay with a key of your own.",
    "runs": "List who replayed a crate, when, with what verdict.",
    "watch": "Replay deposited crates on a schedule; say what changed, since when, why.",
    "badge": "Draw the verdict of a replay as a badge.",
    "demo": "See the whole path on a bundled study.",
}


class Verbs(click.Group):
    """The verbs, each loaded when it is asked for: help must not wait for what it does not use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs in the order of a study's way."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a verb's command, or None when there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"recrate.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of verbs without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="recrate")
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
def recrate(debug: bool) -> None:
    """Package a notebook study as an RO-Crate, replay it, and say whether it still holds.

    \b
    Exit codes: 0 done · 1 done, but different, failed, not restored, or findings of severity error
    2 bad input · 3 something outside failed · 4 refused · 130 interrupted
    """


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
