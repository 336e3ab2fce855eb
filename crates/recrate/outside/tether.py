"""What must not outlive us: a watcher that takes it away also when we are killed outright.

The watcher is a process of its own at the other end of a pipe. We tell it what we started and made;
when the pipe closes and we did not say that all is done, it ends and removes what is left.
"""

import contextlib
import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recrate.model.errors import OutsideFailed
from recrate.outside.disk import remove_tree
from recrate.outside.process import kill_tree, same_process, started_at


@dataclass
class Tether:
    """Holds processes and folders to our own life. As a context: its end lets go of them all."""

    watcher: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        """Start the watcher; raises OutsideFailed when it cannot be started."""
        try:
            self.watcher = subprocess.Popen(
                [sys.executable, "-m", "recrate.outside.tether"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise OutsideFailed(
                f"cannot start the watcher: {error.strerror}",
                where=sys.executable,
                hint="is there memory for one more process? Then try again",
            ) from error

    def hold_process(self, pid: int) -> None:
        """End this process and its tree when we are gone."""
        self._tell({"pid": pid, "started": started_at(pid)})

    def hold_folder(self, folder: Path) -> None:
        """Remove this folder when we are gone, after the processes."""
        self._tell({"folder": str(folder)})

    def let_go(self) -> None:
        """Say that all was taken away in order."""
        if self.watcher.stdin is not None and not self.watcher.stdin.closed:
            self._tell({"done": True})
            with contextlib.suppress(OSError):  # the watcher was killed: nobody is there to tell
                self.watcher.stdin.close()
        self.watcher.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.let_go()

    def _tell(self, what: dict[str, Any]) -> None:
        assert self.watcher.stdin is not None
        with contextlib.suppress(OSError):  # killed: the next launch takes sessions away then
            self.watcher.stdin.write(json.dumps(what).encode() + b"\n")
            self.watcher.stdin.flush()


def watch() -> None:
    """Read what is held until the other end closes, and take away what was not let go."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    held: list[dict[str, Any]] = []
    for line in sys.stdin.buffer:
        try:
            told = json.loads(line)
        except ValueError:
            continue  # cut off in the middle of a line
        if told.get("done"):
            return
        held.append(told)
    for one in held:
        if "pid" in one and same_process(one["pid"], one["started"]):
            kill_tree(one["pid"])
    for one in held:
        if "folder" in one:
            remove_tree(Path(one["folder"]))


if __name__ == "__main__":
    watch()
