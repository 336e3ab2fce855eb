"""Parsl's interchange, as a process that ends with the one that started it.

It is run as `python -m recrate_binder.cluster.interchange LOG`. Parsl's own would go on for ever
when a campaign is killed outright, and the pilot jobs with it, which live by its sign of life.
"""

import os
import runpy
import signal
import sys
import threading
import time

_LOOK_SECONDS = 0.5


def main() -> None:
    """Go into a session of our own, say things to a file only, and be the interchange."""
    parent = os.getppid()
    if hasattr(os, "setsid") and os.getpgrp() != os.getpid():
        os.setsid()  # Ctrl-C in a terminal is for the campaign, which closes in good order
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    runpy.run_module("parsl.executors.high_throughput.interchange", run_name="__main__")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
