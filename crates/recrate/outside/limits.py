"""How much a program may take: limits, and the control groups that hold a whole tree to them."""

import contextlib
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

CONTROL_GROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a program and all its children may take together; None is no limit.

    memory_bytes, processes: for the whole tree
    file_bytes:  the largest file that can be written
    open_files:  for each process
    """

    memory_bytes: int | None = None
    processes: int | None = 4096
    file_bytes: int | None = None
    open_files: int | None = 4096

    def inside(self) -> list[str]:
        """Return the words that set the limits of each process, to stand before a command."""
        steps = ["ulimit -c 0"]
        if self.open_files is not None:
            steps.append(f"ulimit -n {self.open_files} 2>/dev/null")
        if self.file_bytes is not None:
            steps.append(f"ulimit -f {max(1, self.file_bytes // 512)}")
        if self.processes is not None:
            # Counted per user namespace: does nothing to root, holds everybody else.
            steps.append(
                f"{{ ulimit -p {self.processes} || ulimit -u {self.processes}; }} 2>/dev/null"
            )
        return ["/bin/sh", "-c", "; ".join([*steps, 'exec "$@"']), "sh"]


@dataclass(kw_only=True)
class Bounds:
    """The control groups around one program; `words` says for people what holds it."""

    limits: Limits
    groups: tuple[Path, ...] = ()
    words: str = ""
    closed: bool = False
    _peak: int = 0
    _memory_ran_out: bool = False

    @classmethod
    def make(cls, limits: Limits) -> "Bounds":
        """Make control groups where they can be written, version 1 or 2."""
        if not sys.platform.startswith("linux"):
            return cls(limits=limits, words="a watcher of the process tree")
        groups = _version_1(limits) or _version_2(limits)
        for group in groups:
            _sweep(group.parent)
        words = "control groups" if groups else "a watcher of the process tree"
        return cls(limits=limits, groups=groups, words=words)

    def around(self, command: list[str]) -> list[str]:
        """Return `command` so that it enters the groups before it begins, or does not begin."""
        if not self.groups:
            return command
        enter = 'for f in $0; do echo $$ > "$f" || exit 97; done; exec "$@"'
        files = " ".join(str(group / "cgroup.procs") for group in self.groups)
        return ["/bin/sh", "-c", enter, files, *command]

    @property
    def watched(self) -> bool:
        """Whether somebody must watch the tree, because no group holds it."""
        return not self.groups

    def peak_bytes(self) -> int:
        """Return the most memory the tree held at once; 0 when no group counted it.

        Files that the machine keeps in memory for the tree are counted too.
        """
        for group in self.groups:
            for name in ("memory.max_usage_in_bytes", "memory.peak"):
                with contextlib.suppress(OSError, ValueError):
                    return int((group / name).read_text())
        return self._peak

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel ended something in the groups for want of memory."""
        for group in self.groups:
            for name in ("memory.oom_control", "memory.events"):
                with contextlib.suppress(OSError):
                    for line in (group / name).read_text().splitlines():
                        if line.startswith("oom_kill ") and not line.endswith(" 0"):
                            return True
        return self._memory_ran_out

    def close(self) -> None:
        """Remove the groups; whoever is still in them is killed."""
        if self.closed:
            return
        self.closed = True
        self._peak, self._memory_ran_out = self.peak_bytes(), self.ran_out_of_memory()
        for group in self.groups:
            _remove(group)


def _sweep(parent: Path) -> None:
    """Remove the empty groups of processes of ours that were killed before they could."""
    for left in parent.glob("recrate-*-*"):
        pid = left.name.split("-")[1]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            with contextlib.suppress(OSError):
                left.rmdir()


def _remove(group: Path) -> None:
    for _ in range(200):
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                for pid in (group / "cgroup.procs").read_text().split():
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(int(pid), 9)
            time.sleep(0.01)
        else:
            return


def own_groups() -> dict[str, str]:
    """Return the control groups we are in: controllers (`memory`; empty for version 2) → path."""
    found = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                found[controller] = path
    return found


def _version_1(limits: Limits) -> tuple[Path, ...]:
    own = own_groups()
    made: list[Path] = []
    wanted = {
        "memory": (
            ("memory.limit_in_bytes", limits.memory_bytes),
            ("memory.memsw.limit_in_bytes", limits.memory_bytes),
        ),
        "pids": (("pids.max", limits.processes),),
    }
    for controller, values in wanted.items():
        if controller not in own:
            break
        group = CONTROL_GROUPS / controller / own[controller].lstrip("/") / _name()
        try:
            group.mkdir()
            made.append(group)
            _write(group, values)
        except OSError:
            break
    else:
        return tuple(made)
    for group in made:
        _remove(group)
    return ()


def _version_2(limits: Limits) -> tuple[Path, ...]:
    own = own_groups().get("")
    if own is None or not (CONTROL_GROUPS / "cgroup.controllers").is_file():
        return ()
    home = CONTROL_GROUPS / own.lstrip("/")
    for parent in (home, *home.parents):
        if not parent.is_relative_to(CONTROL_GROUPS):
            break
        group = parent / _name()
        try:
            handed = (parent / "cgroup.subtree_control").read_text().split()
            if not {"memory", "pids"} <= set(handed):
                continue
            group.mkdir()
        except OSError:
            continue
        try:
            _write(group, (("memory.max", limits.memory_bytes), ("pids.max", limits.processes)))
            if limits.memory_bytes is not None:
                (group / "memory.swap.max").write_text("0")
        except OSError:
            _remove(group)
            continue
        return (group,)
    return ()


def _write(group: Path, values: tuple[tuple[str, int | None], ...]) -> None:
    for name, value in values:
        if value is not None and (group / name).exists():
            (group / name).write_text(str(value))


def _name() -> str:
    return f"recrate-{os.getpid()}-{secrets.token_hex(4)}"
