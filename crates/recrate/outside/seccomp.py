"""System calls that no notebook needs and that reach around the walls: they get EPERM.

Namespaces do not part the keyrings of a session, and an ioctl can type into a terminal. The filter
is classic BPF as seccomp(2) takes it, written for the machine's own architecture.
"""

import os
import platform
import struct
from functools import cache

_KEYRING = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}
"""add_key, request_key, keyctl. Source: the kernel's syscall tables."""

_OTHERS = {
    # perf_event_open, bpf, userfaultfd, kexec_load, open_by_handle_at, acct, ptrace of no use to
    # anyone without capabilities, but each has been a way out of a namespace before.
    "x86_64": (298, 321, 323, 246, 304, 163),
    "aarch64": (241, 280, 282, 104, 265, 89),
}

_IOCTL = {"x86_64": 16, "aarch64": 29}

_MACHINE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_*: a program of another architecture (32 bits) has other numbers; it is ended."""

_TERMINAL = (0x5412, 0x541C)
"""TIOCSTI, TIOCLINUX."""

_X32 = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000


def program(machine: str) -> bytes | None:
    """Return the filter for `machine` (`x86_64`), or None when its numbers are not known here."""
    if machine not in _MACHINE:
        return None
    refused = (*_KEYRING[machine], *_OTHERS[machine])
    lines = [
        _line(_LOAD, 4),
        _line(_EQUAL, _MACHINE[machine], yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, 0),
        _line(_AT_LEAST, _X32, no=1),
        _line(_RETURN, _REFUSE),
    ]
    for number in refused:
        lines += [_line(_EQUAL, number, no=1), _line(_RETURN, _REFUSE)]
    # The request of an ioctl is the second argument; its lower half is what the kernel looks at.
    lines += [_line(_EQUAL, _IOCTL[machine], no=1 + 2 * len(_TERMINAL)), _line(_LOAD, 24)]
    for request in _TERMINAL:
        lines += [_line(_EQUAL, request, no=1), _line(_RETURN, _REFUSE)]
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _line(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


@cache
def filter_path() -> str | None:
    """Return a path from which a child of this process can read the filter; None without one.

    It lies in memory and is gone with this process.
    """
    content = program(platform.machine())
    if content is None or not hasattr(os, "memfd_create"):
        return None
    handle = os.memfd_create("recrate-seccomp", os.MFD_CLOEXEC)
    os.write(handle, content)
    return f"/proc/{os.getpid()}/fd/{handle}"
