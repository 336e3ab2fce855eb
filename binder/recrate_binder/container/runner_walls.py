"""The container of one attempt: its command line, and what stands around a cell in it.

From outside to inside:

1. the container: a user namespace of its own, a read-only root, a private `/tmp`, the folders of
   this attempt and nothing else of the machine, memory, processors, processes and time bounded,
   the engine's own seccomp filter, no gain of privileges;
2. within it the worker: no capability but one to name users in a namespace below (CAP_SETFCAP,
   where it is root there), the kernel's files in `/proc` and `/sys` covered as in any container;
3. within that each cell: bubblewrap's walls, as on this machine (`recrate.outside.sandbox`):
   without a network unless the campaign allows one. Where they cannot be built the worker refuses.

Bubblewrap mounts a `/proc` of its own. The kernel allows that only where a `/proc` without covers
is mounted already (mount_too_revealing in fs/namespace.c), and engines cover theirs. So the first
program of the container, which is ours, mounts one where nobody can go, drops its rights for good
and becomes the worker's keeper. Tried with podman 4.3 and runc 1.1, as root and without it.
"""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recrate_binder.container.engine import Engine
from recrate_binder.container.kept import OWNER_LABEL

CAMPAIGN_LABEL = "recrate.campaign"
MEMORY_CODE = 86
"""What the keeper says when the worker was killed in it: only the kernel does, for memory."""
KILLED_CODE = 137
GRACE_SECONDS = 20
"""What a worker has for keeping what was done, once it is told to end."""
PROCESSES = 8192
_SPARE_SECONDS = 120
"""How long after its time an attempt is ended by its own keeper, when nobody outside does it."""
_HIDDEN = "/run/recrate"
_SCRATCH = "/tmp:rw,exec,nosuid,nodev,mode=1777,size="  # noqa: S108 - the container's own
_RIGHTS = ("SYS_ADMIN", "SETPCAP", "SETUID", "SETGID", "SETFCAP", "CHOWN")
"""Of the first program, in the container's own user namespace, until its sixth line."""

BEGIN = f"""set -e
mkdir {_HIDDEN}/proc
mount -t proc -o nosuid,nodev,noexec proc {_HIDDEN}/proc
mount --bind {_HIDDEN}/proc/sys/user /proc/sys/user
chown 1:1 {_HIDDEN}
user=$1; group=$2; shift 2
exec setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs \\
  --inh-caps=-all,+setfcap --bounding-set=-all,+setfcap -- /bin/sh -c "$KEEP" keep "$@"
"""
"""`/proc/sys/user` holds the limits of the reader's own namespace: bubblewrap sets them to none."""

KEEP = f"""unset KEEP
timeout --kill-after {GRACE_SECONDS} "$@" &
worker=$!
trap 'kill -TERM $worker' TERM
wait $worker; code=$?
while kill -0 $worker 2>/dev/null; do wait $worker; code=$?; done
if [ $code -eq {KILLED_CODE} ]; then exit {MEMORY_CODE}; fi
exit $code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One container to be.

    readable, writable: paths of the machine, seen under the same paths inside
    seconds:   the attempt's; None where nobody limits it
    variables: file with the worker's environment, `NAME=value` lines
    inner:     what is run
    user:      (uid, gid) of the worker inside
    gpus:      `all`, or as the engine names them; empty for none
    """

    name: str
    campaign: str
    owner: str
    image: str
    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    memory_bytes: int
    processors: int
    seconds: float | None
    network: bool
    variables: Path
    inner: tuple[str, ...]
    hostname: str
    gpus: str = ""
    user: tuple[int, int] = (0, 0)


def user_of(engine: Engine) -> tuple[int, int]:
    """Return who the worker is inside, so that outside it is the person who runs the campaign.

    An engine without root maps the person to root of the container, and root is mapped to itself.
    """
    if engine.name == "podman" or engine.rootless:
        return (0, 0)
    return (os.getuid(), os.getgid())


def command_of(box: Box, engine: Engine) -> list[str]:
    """Return the engine's command line for a container."""
    walls = [
        "--read-only", "--cap-drop", "all", *_each("--cap-add", _RIGHTS),
        "--security-opt", "no-new-privileges", "--security-opt", "apparmor=unconfined",
        "--security-opt", "label=disable", "--pids-limit", str(PROCESSES),
        "--memory", str(box.memory_bytes), "--memory-swap", str(box.memory_bytes),
        "--cpus", str(box.processors), "--shm-size", "256m",
        "--tmpfs", f"{_SCRATCH}{box.memory_bytes // 2}",
        "--tmpfs", f"{_HIDDEN}:rw,noexec,nosuid,nodev,mode=0700,size=64k",
    ]  # fmt: skip
    if engine.name == "podman" and not engine.rootless:
        walls += ["--uidmap", "0:0:65536", "--gidmap", "0:0:65536"]
    if engine.name == "podman":
        walls += ["--http-proxy=false"]  # those that are wanted stand in the file of variables
    if not box.network:
        walls += ["--network", "none"]
    return [
        engine.program, "run", "--rm", "--pull", "never", "--name", box.name,
        "--hostname", box.hostname, "--user", "0:0", "--workdir", "/", "--log-driver", "none",
        "--label", f"{CAMPAIGN_LABEL}={box.campaign}", "--label", f"{OWNER_LABEL}={box.owner}",
        "--env-file", str(box.variables), "--env", f"KEEP={KEEP}", *walls, *_gpus(box, engine),
        *_each("--mount", [_mount(one, read_only=True) for one in seen(box.readable)]),
        *_each("--mount", [_mount(one) for one in seen(box.writable)]),
        "--entrypoint", "/bin/sh", box.image, "-c", BEGIN, "begin",
        str(box.user[0]), str(box.user[1]), backstop(box.seconds), *box.inner,
    ]  # fmt: skip


def backstop(seconds: float | None) -> str:
    """Return after how many seconds the keeper itself ends the worker; `0` for never."""
    return "0" if seconds is None else str(int(seconds) + _SPARE_SECONDS)


def seen(paths: Sequence[Path]) -> tuple[tuple[Path, Path], ...]:
    """Return (outside, inside) for paths: under their names, and under their real ones."""
    pairs = {(real, inside) for one in paths for real in (one.resolve(),) for inside in (real, one)}
    return tuple(sorted(pairs))


def _mount(pair: tuple[Path, Path], *, read_only: bool = False) -> str:
    """Return one mount as engines read it: a line of CSV, so that names may hold commas."""
    line = io.StringIO()
    words = ["type=bind", f"source={pair[0]}", f"target={pair[1]}"]
    csv.writer(line, lineterminator="").writerow([*words, *(["readonly"] if read_only else [])])
    return line.getvalue()


def _gpus(box: Box, engine: Engine) -> list[str]:
    if not box.gpus:
        return []
    if engine.name == "docker":
        return ["--gpus", box.gpus]
    return ["--device", f"nvidia.com/gpu={box.gpus}"]  # the container device interface


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [part for one in values for part in (option, one)]
