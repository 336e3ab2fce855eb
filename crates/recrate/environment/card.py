"""The card of the machine: what could make the same code give other numbers, and nothing else."""

import locale
import os
import platform
import shutil
import time

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
    return platform.processor()


def _locale() -> str:
    try:
        return ".".join(part for part in locale.getlocale() if part)
    except ValueError:
        return ""


def _blas() -> str:
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
