"""The card of the machine: what could make the same code give other numbers, and nothing else."""

import contextlib
import locale
import os
import platform
import shutil
import time
from pathlib import Path

import psutil

from recrate.model.environment import Card
from recrate.model.errors import OutsideFailed
from recrate.outside.process import run


def read_card() -> Card:
    """Describe this machine; never fails, and leaves empty what it cannot learn.

    No host name, user name or path stands in it: a crate is published.
    """
    return Card(
        system=platform.system(),
        release=platform.release(),
        machine=platform.machine(),
        processor=_processor(),
        cores=os.cpu_count() or 0,
        memory_bytes=psutil.virtual_memory().total,
        blas=_blas(),
        locale=_locale(),
        timezone=time.strftime("%z"),
        gpu=_gpu(),
        c_library=" ".join(platform.libc_ver()).strip(),
    )


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    with contextlib.suppress(OSError):
        for line in listed.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _locale() -> str:
    try:
        return ".".join(part for part in locale.getlocale() if part)
    except ValueError:
        return ""


def _blas() -> str:
    """Return name and version of the BLAS that this process's numpy was built with."""
    try:
        from numpy import show_config  # noqa: PLC0415 - slow to import, and only wanted here

        known = show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{known.get('name', '')} {known.get('version', '')}".strip()
    except (ImportError, KeyError, TypeError, AttributeError):
        return ""


def _gpu() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        told = run(
            [program, "--query-gpu=name,driver_version", "--format=csv,noheader"],
            timeout_seconds=10,
        )
    except OutsideFailed:
        return ""
    return "; ".join(told.out.splitlines()) if told.code == 0 else ""
