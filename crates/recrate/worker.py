"""`python -m recrate.worker FOLDER`: do one attempt of a campaign's task, wherever this runs.

Exit codes: 0 a result was left · 75 the attempt is somebody else's, or was called off · 130 ended
from outside, with what was done kept · 2, 3 no result can be left.
"""

import signal
import sys
from pathlib import Path
from types import FrameType

# What is kept from jsonschema: it compiles grammars for 3 s, for a format that nobody checks here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from recrate.configuration import read_settings  # noqa: E402
from recrate.flow.tasks import beating, do_task, read_order, take, write_result  # noqa: E402
from recrate.model.errors import RecrateError  # noqa: E402
from recrate.outside.process import adopt_orphans  # noqa: E402
from recrate.runners.runner import CANCELLED_CODE, TAKEN_CODE  # noqa: E402


def main() -> int:
    """Do the attempt in the folder that the command line names, and return the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    adopt_orphans()
    folder = Path(sys.argv[1])
    try:
        order = read_order(folder)
        config = Path(order.config) if order.config else None
        settings = read_settings(config, unsandboxed=order.options.unsandboxed)
        if not take(folder, settings.clock().isoformat(timespec="seconds")):
            return TAKEN_CODE
        with beating(folder):
            result = do_task(folder, order, settings=settings, progress=_say)
            write_result(folder, result)
    except RecrateError as error:
        sys.stderr.write(f"recrate: {error}\nhint: {error.hint}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return CANCELLED_CODE
    return 0


def _say(stage: str, done: int, total: int, message: str) -> None:
    said = f"{stage} {done}/{total} {message}".encode("ascii", "backslashreplace").decode()
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
