"""`python -m recrate_binder.hub.worker FOLDER`: one piece of heavy work in a process of its own.

Its order is `FOLDER/order.json`; whatever it makes for itself lies in FOLDER too, so whoever ends
it takes that away. It says how far it is, and how it ended, as JSON lines on its standard output,
and ends with the service that started it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from recrate.configuration import load_configuration
from recrate.model.wire import from_json, to_plain
from recrate.outside.process import kill_tree
from recrate_binder.hub.model import WorkOrder
from recrate_binder.hub.problems import problem_of
from recrate_binder.hub.settings import HubSettings, read_config, settings_of

ORDER = "order.json"
CONFIG_VARIABLE = "RECRATE_HUB_CONFIG"
"""Path of the configuration file that the service was started with."""
_PAUSE_SECONDS = 0.2
_WATCH_SECONDS = 0.5


class Telling:
    """The core's `progress` as lines, not more than a few in a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._stage, self._told = "", 0.0

    def __call__(self, stage: str, done: int, total: int, message: str) -> None:
        """Say that `done` of `total` steps of a stage are finished."""
        now = time.monotonic()
        if stage == self._stage and now - self._told < _PAUSE_SECONDS and done != total:
            return
        self._stage, self._told = stage, now
        self.say({"progress": {"done": done, "total": total, "message": f"{message}"[:200]}})

    def say(self, document: dict[str, Any]) -> None:
        """Write one line."""
        with self._lock:
            self._stream.write(json.dumps(document) + "\n")
            self._stream.flush()


def main() -> None:
    """Do the work, and leave at once."""
    folder = Path(sys.argv[1])
    # What libraries print goes to the service's log; the lines are ours alone.
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.umask(0o022)  # users of the hub read what is made here
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    telling = Telling(stream)
    places: dict[str, str] = {}
    try:
        order = from_json((folder / ORDER).read_bytes(), WorkOrder, where=ORDER)
        named = os.environ.get(CONFIG_VARIABLE)
        settings = settings_of(read_config(load_configuration(Path(named) if named else None)))
        places = {str(settings.shared): "…"}
        telling.say({"result": to_plain(work_of(order)(order, folder, settings, telling))})
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it was, somebody waits to hear of it
        telling.say({"problem": to_plain(problem_of(error, places))})
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    sys.stderr.flush()
    os._exit(code)


def work_of(order: WorkOrder) -> Callable[[WorkOrder, Path, HubSettings, Telling], Any]:
    """Return what does such an order; rooms are imported only where they are used."""
    if order.kind == "prepare":
        from recrate_binder.hub.preparing import prepare  # noqa: PLC0415 - takes seconds

        return prepare
    from recrate_binder.hub import fetching  # noqa: PLC0415 - takes half a second

    return fetching.look if order.kind == "look" else fetching.fetch


def _end_with(parent: int) -> None:
    """End with the service: what was begun is taken up by the next one."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    kill_tree(os.getpid())


if __name__ == "__main__":
    main()
