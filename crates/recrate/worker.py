"""`python -m recrate.worker FOLDER`: do one attempt of a campaign's task, wherever this runs.

Exit codes: 0 a result was left · 75 the attempt is somebody else's, or was called off · 130 ended
from outside, with what was done kept · 2, 3 no result can be left.
"""

import contextlib
import signal
import sys
from pathlib import Path
from types import FrameType

# What is kept from jsonschema: it compiles grammars for 3 s, for a format that nobody checks here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from recrate.configuration import read_settings  # noqa: E402
from recrate.environment.cache import Complete  # noqa: E402
from recrate.flow.tasks import (  # noqa: E402
    TaskOrder,
    beating,
    do_task,
    read_order,
    take,
    write_result,
)
from recrate.flow.work import ReplayHead  # noqa: E402
from recrate.model.crate import Crate  # noqa: E402
from recrate.model.errors import BadInput, RecrateError  # noqa: E402
from recrate.model.observation import Observation  # noqa: E402
from recrate.model.verdict import Verdict  # noqa: E402
from recrate.model.wire import from_plain  # noqa: E402
from recrate.outside.process import adopt_orphans  # noqa: E402
from recrate.report.page import templates  # noqa: E402
from recrate.runners.runner import CANCELLED_CODE, TAKEN_CODE  # noqa: E402

_READ = (TaskOrder, ReplayHead, Crate, Complete, Observation, Verdict)


def warm() -> None:
    """Do once what every attempt does alike, for a process that is forked for each of them.

    Modules that are imported late, templates, readers of our records: nothing that depends on
    settings, on the machine or on a crate, and nothing that opens a file for longer than this.
    """
    from nbformat.v4 import new_output  # noqa: PLC0415 - late, as in an attempt by itself

    import recrate.replay.running  # noqa: PLC0415 - papermill is half a second
    import recrate.replay.saving  # noqa: F401, PLC0415 - the same

    new_output("stream")  # the first of all compiles what they are checked by
    pages = templates()
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    for kind in _READ:
        with contextlib.suppress(BadInput):
            from_plain({}, kind)  # refused, and the reader of this kind is there from now on


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
