"""The one trust boundary: programs of strangers run within walls, or not at all.

The walls are bubblewrap's: namespaces of their own, no capabilities, a short list of system
folders to read, one environment, one copy of the study. Whatever fails, fails closed: no path here
starts the inner program without its walls.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from recrate.model.errors import Refused
from recrate.outside.confined import Confined
from recrate.outside.limits import Bounds, Limits
from recrate.outside.process import Finished
from recrate.outside.seccomp import filter_path

HOME = "/home/recrate"
"""The home inside: empty, gone with the program."""

_USER = "1000"

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")

_SETTINGS = (
    # What the dynamic linker, fonts, time zones, certificates, R and TeX read; no keys, no
    # accounts, no host names.
    "/etc/alternatives",
    "/etc/crypto-policies",
    "/etc/debian_version",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/magic",
    "/etc/mime.types",
    "/etc/os-release",
    "/etc/pki/ca-trust/extracted",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/R",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/texmf",
    "/var/cache/fontconfig",
    "/var/lib/texmf",
)

_NETWORK = (
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
)
"""Only where the network is allowed: they name machines of the house."""

_READ_ONLY = tuple(
    f"/proc/{name}" for name in ("acpi", "bus", "fs", "irq", "pressure", "scsi", "sys")
)

_HIDDEN = tuple(
    f"/proc/{name}"
    for name in (
        "iomem",
        "kallsyms",
        "kcore",
        "key-users",
        "keys",
        "kmsg",
        "kpagecgroup",
        "kpagecount",
        "kpageflags",
        "latency_stats",
        "mtrr",
        "pagetypeinfo",
        "sched_debug",
        "slabinfo",
        "sysrq-trigger",
        "timer_list",
        "timer_stats",
        "vmallocinfo",
    )
)

_OWN = Path(__file__).parent / "inside"
"""Files that stand for the machine's: an account, a group, the name of localhost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether walls can be built here; if not, why, and what to do about it."""

    ok: bool
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """What a program inside may see and use; everything else is not there.

    folder:    where it starts, as it is named inside
    readable:  files and folders to read, under the same path inside
    writable:  folders to write, under the same path inside
    renamed:   (outside, inside): folders to write that have another name inside
    network:   the machine's network, with all that listens on it; otherwise only a loopback of its
               own
    variables: its whole environment
    """

    folder: str
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    network: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@cache
def availability() -> Availability:
    """Say whether bubblewrap is here and builds walls; tried once per process."""
    if not sys.platform.startswith("linux"):
        return Availability(
            ok=False,
            reason="walls are built with bubblewrap, which is for Linux",
            hint="run it on a Linux machine, or trust the crate with --unsandboxed",
        )
    program = shutil.which("bwrap")
    if program is None:
        return Availability(
            ok=False,
            reason="bubblewrap (bwrap) is not installed",
            hint="install the package bubblewrap, or trust the crate with --unsandboxed",
        )
    trial = [*_arguments(program, Walls(folder="/tmp")), "/bin/sh", "-c", "echo inside"]  # noqa: S108 - the private one
    try:
        told = subprocess.run(trial, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Availability(ok=False, reason=f"bubblewrap does not start: {error}", hint=_HINT)
    if told.returncode or told.stdout != b"inside\n":
        said = told.stderr.decode("utf-8", "replace").strip().splitlines()
        return Availability(
            ok=False,
            reason=f"bubblewrap cannot build walls here: {said[-1] if said else told.returncode}",
            hint=_HINT,
        )
    return Availability(ok=True)


_HINT = (
    "unprivileged user namespaces may be switched off on this machine; ask its administrator, "
    "or trust the crate with --unsandboxed"
)


def command(inner: Sequence[str], walls: Walls) -> list[str]:
    """Return the command that runs `inner` within `walls`; raises Refused where there are none."""
    found = availability()
    program = shutil.which("bwrap")
    if not found.ok or program is None:
        raise Refused(f"no sandbox: {found.reason}", hint=found.hint)
    return [*_arguments(program, walls), *walls.limits.inside(), *inner]


def start(inner: Sequence[str], walls: Walls) -> Confined:
    """Start `inner` within `walls`; it lives until it ends, or until `end()` is called.

    It also ends with the thread that started it. Raises Refused where there is no sandbox.
    """
    bounds = Bounds.make(walls.limits)
    try:
        return Confined.start(bounds.around(command(inner, walls)), bounds, walled=True)
    except BaseException:
        bounds.close()
        raise


def start_without_walls(inner: Sequence[str], walls: Walls) -> Confined:
    """Start `inner` with the folder, variables and limits of `walls`, and nothing around it.

    Only for what a person vouches for. Paths are those outside; all of the tree is still ended.
    """
    bounds = Bounds.make(walls.limits)
    try:
        return Confined.start(
            bounds.around(list(inner)),
            bounds,
            walled=False,
            folder=walls.folder,
            variables=walls.variables,
        )
    except BaseException:
        bounds.close()
        raise


def run(inner: Sequence[str], walls: Walls, *, timeout_seconds: float) -> Finished:
    """Run `inner` within `walls` to its end; past the timeout all of it is killed.

    Raises Refused where there is no sandbox.
    """
    with start(inner, walls) as confined:
        return confined.finish(timeout_seconds)


def _arguments(program: str, walls: Walls) -> list[str]:
    # bubblewrap itself is process 1 inside, where its environment can be read: it gets none.
    arguments = ["/usr/bin/env", "-i", program]
    calls = filter_path()
    if calls is not None:
        opened = 'exec 9<"$0" && exec "$@"'
        arguments = ["/bin/sh", "-c", opened, calls, *arguments, "--seccomp", "9"]
    arguments += ["--unshare-user", "--disable-userns", "--uid", _USER, "--gid", _USER]
    arguments += ["--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"]
    if not walls.network:
        arguments += ["--unshare-net"]
    arguments += ["--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    arguments += ["--hostname", "recrate", "--clearenv"]
    for name, value in sorted(walls.variables.items()):
        arguments += ["--setenv", name, value]
    arguments += _system(network=walls.network)
    # Renamed ones first: one of them may be `/tmp`, below which the others may lie.
    for outside, inside in walls.renamed:
        arguments += ["--bind", outside, inside]
    for folder in walls.readable:
        arguments += ["--ro-bind", folder, folder]
    for folder in walls.writable:
        arguments += ["--bind", folder, folder]
    return [*arguments, "--remount-ro", "/", "--chdir", walls.folder, "--"]


def _kernel() -> list[str]:
    """Take away what the owner of `/proc` may do with it.

    Root outside is its owner inside as well, even without a capability: measured, it could write
    `/proc/sys/kernel/core_pattern`, a program that the machine runs as root. bubblewrap covers
    these only for somebody who can write the folder itself.
    """
    arguments = []
    for name in _READ_ONLY:
        if Path(name).exists():
            arguments += ["--ro-bind", name, name]
    for name in _HIDDEN:
        if Path(name).exists():
            arguments += ["--ro-bind", "/dev/null", name]
    return arguments


def _system(*, network: bool) -> list[str]:
    arguments = []
    for name in _SYSTEM:
        folder = Path(name)
        if folder.is_symlink():
            arguments += ["--symlink", str(folder.readlink()), name]
        elif folder.is_dir():
            arguments += ["--ro-bind", name, name]
    for name in (*_SETTINGS, *(_NETWORK if network else ())):
        if Path(name).exists():
            arguments += ["--ro-bind", name, name]
    for name in ("passwd", "group", *(() if network else ("hosts", "nsswitch.conf"))):
        arguments += ["--ro-bind", str(_OWN / name), f"/etc/{name}"]
    arguments += ["--proc", "/proc", *_kernel(), "--dev", "/dev"]
    for name in ("/tmp", "/run", "/var/tmp", HOME):  # noqa: S108 - private ones, made here
        arguments += ["--perms", "1777" if name.endswith("tmp") else "0755", "--tmpfs", name]
    return arguments
